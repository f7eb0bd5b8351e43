//! Values of a PowerShell script, and their JSON.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crate::{text::Place, trust::read::script::Traced};

/// A value as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Null,
    Truth(bool),
    Number(i64),
    Text(Traced),
    List(Vec<Self>),
    Table(Vec<(String, Self)>),
}

impl Value {
    /// The property of that name, in any letter case.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Table(entries) => {
                entries.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value)
            }
            Self::Null | Self::Truth(_) | Self::Number(_) | Self::Text(_) | Self::List(_) => None,
        }
    }

    /// The table with the entries of another; PowerShell refuses a key that both have.
    pub(super) fn joined(mut entries: Vec<(String, Self)>, more: Vec<(String, Self)>) -> Self {
        entries.retain(|(name, _)| !more.iter().any(|(other, _)| other.eq_ignore_ascii_case(name)));
        entries.extend(more);
        Self::Table(entries)
    }

    /// `.Keys` and `.Values` of a table, `.GetEnumerator()`, where it has no entry of that name.
    pub(super) fn listed(&self, name: &str, place: &Place) -> Option<Self> {
        let Self::Table(entries) = self else { return None };
        let key = |name: &String| Self::Text(Traced::literal(name.as_str(), place.clone(), place.span.start));
        let pair = |(name, value): &(String, Self)| {
            Self::Table(vec![
                ("Key".into(), key(name)),
                ("Name".into(), key(name)),
                ("Value".into(), value.clone()),
            ])
        };
        match name.to_ascii_lowercase().as_str() {
            "keys" => Some(Self::List(entries.iter().map(|(name, _)| key(name)).collect())),
            "values" => Some(Self::List(entries.iter().map(|(_, value)| value.clone()).collect())),
            "getenumerator" => Some(Self::List(entries.iter().map(pair).collect())),
            _ => None,
        }
    }

    /// About how many bytes it takes to copy it.
    pub(super) fn cost(&self) -> usize {
        size_of::<Self>()
            + match self {
                Self::Null | Self::Truth(_) | Self::Number(_) => 0,
                Self::Text(text) => text.cost(),
                Self::List(items) => items.iter().map(Self::cost).sum(),
                Self::Table(entries) => entries.iter().map(|(name, value)| name.len() + value.cost()).sum(),
            }
    }

    /// Whether PowerShell takes it for true; `None` where that is not known.
    ///
    /// Source: <https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_booleans>
    pub(super) fn truth(&self) -> Option<bool> {
        match self {
            Self::Null => Some(false),
            Self::Truth(known) => Some(*known),
            Self::Number(number) => Some(*number != 0),
            Self::Text(text) if text.text().is_none() => text.as_hole().is_none().then_some(true),
            Self::Text(text) => Some(!text.is_empty()),
            Self::List(items) => match items.as_slice() {
                [] => Some(false),
                [one] => one.truth(),
                _ => Some(true),
            },
            Self::Table(_) => Some(true),
        }
    }

    /// What statements give: nothing, one value, or a list.
    pub(super) fn of(mut items: Vec<Self>) -> Self {
        match items.len() {
            0 => Self::Null,
            1 => items.pop().unwrap_or(Self::Null),
            _ => Self::List(items),
        }
    }

    /// What comes out of a pipeline: a list of one is that one.
    pub(super) fn unrolled(self) -> Self {
        match self {
            Self::List(items) => Self::of(items),
            same @ (Self::Null | Self::Truth(_) | Self::Number(_) | Self::Text(_) | Self::Table(_)) => same,
        }
    }

    /// Whether both say the same, wherever they are written.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let signed = |value: &Self| {
            let mut hasher = DefaultHasher::new();
            value.sign(&mut hasher);
            hasher.finish()
        };
        signed(self) == signed(other)
    }

    /// Marks what it says, not where it is written.
    pub(super) fn sign(&self, hasher: &mut DefaultHasher) {
        std::mem::discriminant(self).hash(hasher);
        match self {
            Self::Null => {}
            Self::Truth(known) => known.hash(hasher),
            Self::Number(number) => number.hash(hasher),
            Self::Text(text) => text.sign(hasher),
            Self::List(items) => items.iter().for_each(|item| item.sign(hasher)),
            Self::Table(entries) => entries.iter().for_each(|(name, value)| {
                name.hash(hasher);
                value.sign(hasher);
            }),
        }
        hasher.write_u8(0xfe);
    }

    /// The elements of a list; anything else is a list of one, nothing a list of none.
    pub(super) fn into_items(self) -> Vec<Self> {
        match self {
            Self::List(items) => items,
            Self::Null => Vec::new(),
            one @ (Self::Truth(_) | Self::Number(_) | Self::Text(_) | Self::Table(_)) => vec![one],
        }
    }

    /// The text that the value is put into a string as; a list is joined by blanks.
    pub(super) fn into_text(self, place: &Place) -> Traced {
        match self {
            Self::Text(text) => text,
            Self::Null => Traced::default(),
            Self::Truth(known) => {
                Traced::literal(if known { "True" } else { "False" }, place.clone(), place.span.start)
            }
            Self::Number(number) => Traced::literal(number.to_string(), place.clone(), place.span.start),
            Self::List(items) => {
                let mut out = Traced::default();
                for (at, item) in items.into_iter().enumerate() {
                    if at > 0 {
                        out.append(Traced::literal(" ", place.clone(), place.span.start));
                    }
                    out.append(item.into_text(place));
                }
                out
            }
            Self::Table(_) => Traced::hole("object", "an object has no text", place.clone()),
        }
    }

    /// The text of a body: a text as it is, anything else as JSON.
    pub(super) fn into_body(self, place: &Place) -> Traced {
        match self {
            Self::Text(text) => text,
            value @ (Self::Null | Self::Truth(_) | Self::Number(_) | Self::List(_) | Self::Table(_)) => {
                value.into_json(place)
            }
        }
    }

    /// What `ConvertTo-Json` makes of the value; quotes inside known texts are escaped.
    pub(super) fn into_json(self, place: &Place) -> Traced {
        let mut out = Traced::default();
        let sign = |text: &str| Traced::literal(text, place.clone(), usize::MAX);
        match self {
            Self::Null => out.append(sign("null")),
            Self::Truth(known) => out.append(sign(if known { "true" } else { "false" })),
            Self::Number(number) => out.append(sign(&number.to_string())),
            Self::Text(text) => {
                out.append(sign("\""));
                out.append(escaped(text));
                out.append(sign("\""));
            }
            Self::List(items) => {
                out.append(sign("["));
                for (at, item) in items.into_iter().enumerate() {
                    out.append(sign(if at > 0 { "," } else { "" }));
                    out.append(item.into_json(place));
                }
                out.append(sign("]"));
            }
            Self::Table(entries) => {
                out.append(sign("{"));
                for (at, (name, value)) in entries.into_iter().enumerate() {
                    let comma = if at > 0 { "," } else { "" };
                    out.append(sign(&format!("{comma}{}:", serde_json::Value::String(name))));
                    out.append(value.into_json(place));
                }
                out.append(sign("}"));
            }
        }
        out
    }
}

fn escaped(text: Traced) -> Traced {
    let marked = text.marked();
    if !marked.contains(['"', '\\', '\n', '\r', '\t']) {
        return text;
    }
    let json = serde_json::Value::String(marked).to_string();
    text.decoded(json.get(1..json.len().saturating_sub(1)).unwrap_or(""))
}
