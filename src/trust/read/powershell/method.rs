//! Members of values: properties, and the calls that change a text, a list or a table.

use super::{
    operator::{is_among, joined, reason_of},
    run::Runner,
    syntax::Expression,
    value::Value,
    world::World,
};
use crate::{
    text::{Place, Span},
    trust::read::script::Traced,
};

impl Runner<'_> {
    pub(super) fn member(
        &mut self,
        object: &Expression,
        name: &str,
        arguments: Option<&[Expression]>,
        span: Span,
        world: &mut World,
    ) -> Value {
        let place = self.place(span);
        let value = self.value(object, world);
        let lower = name.to_ascii_lowercase();
        let Some(arguments) = arguments else {
            return value.property(&lower, &place).unwrap_or_else(|| Value::Text(self.part_of(&value, span)));
        };
        if let ("where" | "foreach", [Expression::Block(block)]) = (lower.as_str(), arguments) {
            return match lower.as_str() {
                "where" => self.chosen(block, value, span, world),
                _ => Value::List(self.each_item(block, value, world)),
            };
        }
        let given: Vec<Value> = arguments.iter().map(|argument| self.value(argument, world)).collect();
        if let Expression::Variable(variable, _) = object
            && CHANGING.contains(&lower.as_str())
            && matches!(value, Value::List(_) | Value::Table(_))
        {
            let changed = changed(value, &lower, &given, &place)
                .unwrap_or_else(|| Value::Text(self.unknown(span, "what this call changes is not followed")));
            world.set(variable, changed);
            return Value::Null;
        }
        let known = called(&value, &lower, &given, &place);
        let reason = reason_of(&value);
        known.unwrap_or_else(|| {
            Value::Text(self.unknown(span, reason.as_deref().unwrap_or("this call is not followed")))
        })
    }

    /// A property of something that is not known is not known for the same reason.
    pub(super) fn part_of(&self, object: &Value, span: Span) -> Traced {
        let reason = match object {
            Value::Text(text) => text.as_hole().map(|(_, reason)| reason.to_owned()),
            Value::Null | Value::Truth(_) | Value::Number(_) | Value::List(_) | Value::Table(_) => None,
        };
        self.unknown(span, reason.as_deref().unwrap_or("the object has no such property here"))
    }

    /// `[kind]::name(...)`.
    pub(super) fn of_type(&self, kind: &str, name: &str, given: Vec<Value>, span: Span) -> Value {
        let place = self.place(span);
        let known = match (kind, name, given.as_slice()) {
            ("string", "join", [separator, rest @ ..]) => {
                let list = Value::List(rest.iter().cloned().flat_map(Value::into_items).collect());
                Some(Value::Text(joined(list, &separator.clone().into_text(&place), &place)))
            }
            ("string", "isnullorempty" | "isnullorwhitespace", [value]) => match value {
                Value::Null => Some(Value::Truth(true)),
                Value::Text(text) => {
                    let blank = |text: &str| name.ends_with("space") && text.trim().is_empty();
                    let is_filled =
                        text.text().is_none() && text.as_hole().is_none() && name.ends_with("empty");
                    let known = text.text().map(|text| text.is_empty() || blank(&text));
                    known.or(is_filled.then_some(false)).map(Value::Truth)
                }
                Value::Truth(_) | Value::Number(_) | Value::List(_) | Value::Table(_) => None,
            },
            ("string", "format", [format, rest @ ..]) => {
                Some(Value::Text(self.formatted(&format.clone().into_text(&place), rest, span)))
            }
            ("string", "empty", []) => Some(Value::Text(Traced::default())),
            (kind, "new", []) if kind.contains("list") => Some(Value::List(Vec::new())),
            _ => None,
        };
        known.unwrap_or_else(|| Value::Text(self.unknown(span, "this expression is not followed")))
    }
}

impl Value {
    /// The property of that name in lower case, or that of every element.
    pub(super) fn property(&self, name: &str, place: &Place) -> Option<Self> {
        let number = |count: usize| i64::try_from(count).ok().map(Self::Number);
        match (self, name) {
            (Self::Table(entries), "count") if self.get(name).is_none() => number(entries.len()),
            (Self::Table(_), _) => self.get(name).cloned().or_else(|| self.listed(name, place)),
            (Self::List(items), "count" | "length") => number(items.len()),
            (Self::List(items), _) => {
                let found: Option<Vec<Self>> = items.iter().map(|item| item.property(name, place)).collect();
                found.map(|found| Self::List(found.into_iter().flat_map(Self::into_items).collect()))
            }
            (Self::Text(text), "length") => number(text.text().filter(|text| text.is_ascii())?.len()),
            (Self::Text(text), "count") if text.as_hole().is_none() => number(1),
            (Self::Number(_) | Self::Truth(_), "count") => number(1),
            (Self::Null, "count") => number(0),
            (Self::Null | Self::Text(_) | Self::Number(_) | Self::Truth(_), _) => None,
        }
    }
}

/// The calls that change what a variable holds.
const CHANGING: [&str; 6] = ["add", "addrange", "insert", "remove", "removeat", "clear"];

/// What a list or table is behind such a call; `None` where that is not followed.
fn changed(value: Value, name: &str, given: &[Value], place: &Place) -> Option<Value> {
    match (value, name, given) {
        (Value::List(mut items), "add", [item]) => {
            items.push(item.clone());
            Some(Value::List(items))
        }
        (Value::List(mut items), "addrange", [more]) if !is_hole(more) => {
            items.extend(more.clone().into_items());
            Some(Value::List(items))
        }
        (Value::List(_), "clear", []) => Some(Value::List(Vec::new())),
        (Value::Table(_), "clear", []) => Some(Value::Table(Vec::new())),
        (mut table @ Value::Table(_), "add", [key, item]) => {
            table.put(std::slice::from_ref(key), item.clone(), place).then_some(table)
        }
        (Value::Table(mut entries), "remove", [key]) => {
            let key = key.clone().into_text(place).text()?;
            entries.retain(|(name, _)| !name.eq_ignore_ascii_case(&key));
            Some(Value::Table(entries))
        }
        _ => None,
    }
}

fn is_hole(value: &Value) -> bool {
    matches!(value, Value::Text(text) if text.as_hole().is_some())
}

/// What a call gives; `None` where that is not known.
fn called(value: &Value, name: &str, given: &[Value], place: &Place) -> Option<Value> {
    match (value, name, given) {
        (Value::Text(text), _, _) => called_on_text(text, name, given, place),
        (Value::List(items), "contains", [item]) => is_among(item, items, place).map(Value::Truth),
        (Value::List(_), "toarray", []) | (Value::Table(_), "clone", []) => Some(value.clone()),
        (Value::Table(_), "containskey" | "contains", [key]) => value.has(key, place).map(Value::Truth),
        (Value::Table(_), "getenumerator", []) => value.listed(name, place),
        (Value::Number(_) | Value::Truth(_), "tostring", []) => {
            Some(Value::Text(value.clone().into_text(place)))
        }
        _ => None,
    }
}

/// What a call makes of a text; `None` where that is not known.
fn called_on_text(text: &Traced, name: &str, given: &[Value], place: &Place) -> Option<Value> {
    let words: Option<Vec<String>> =
        given.iter().map(|value| value.clone().into_text(place).text()).collect();
    let words = words?;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let known = text.text();
    let number = |at: usize| match given.get(at) {
        Some(Value::Number(number)) => usize::try_from(*number).ok(),
        _ => None,
    };
    let truth = |found: bool| Some(Value::Truth(found));
    match (name, words.as_slice()) {
        ("tostring", []) => Some(Value::Text(text.clone())),
        ("trim" | "trimstart" | "trimend", []) => Some(Value::Text(trimmed(text, name, char::is_whitespace))),
        ("trim" | "trimstart" | "trimend", [marks]) => {
            Some(Value::Text(trimmed(text, name, |c| marks.contains(c))))
        }
        ("tolower" | "tolowerinvariant", []) => {
            Some(Value::Text(text.decoded(&text.marked().to_lowercase())))
        }
        ("toupper" | "toupperinvariant", []) => {
            Some(Value::Text(text.decoded(&text.marked().to_uppercase())))
        }
        // Quotes are escaped for the way to az and unescaped on it.
        ("replace", ["\"", _]) => Some(Value::Text(text.clone())),
        ("replace", [from, to]) if !from.is_empty() => Some(Value::Text(text.replaced(from, to, place))),
        ("startswith", [start]) => truth(known?.starts_with(start)),
        ("endswith", [end]) => truth(known?.ends_with(end)),
        ("contains", [part]) => truth(known?.contains(part)),
        ("split", [mark]) if mark.chars().count() == 1 => Some(Value::List(split(text, &known?, mark))),
        ("substring", [_]) => {
            let (start, known) = (number(0)?, known.filter(|known| known.is_ascii())?);
            (start <= known.len()).then(|| Value::Text(text.cut(start, known.len())))
        }
        ("substring", [_, _]) => {
            let (start, length) = (number(0)?, number(1)?);
            let known = known.filter(|known| known.is_ascii())?;
            let end = start.checked_add(length).filter(|end| *end <= known.len())?;
            Some(Value::Text(text.cut(start, end)))
        }
        _ => None,
    }
}

fn split(text: &Traced, known: &str, mark: &str) -> Vec<Value> {
    let mut at = 0;
    let parts = known.split(mark).map(|part| {
        let start = at;
        at += part.len() + mark.len();
        Value::Text(text.cut(start, start + part.len()))
    });
    parts.collect()
}

/// A text without what stands at its ends. A hole at an end stays: what it holds there is not known.
fn trimmed(text: &Traced, name: &str, is_mark: impl Fn(char) -> bool) -> Traced {
    let marked = text.marked();
    let end = if name == "trimstart" { marked.len() } else { marked.trim_end_matches(&is_mark).len() };
    let kept = marked.get(..end).unwrap_or_default();
    let start = if name == "trimend" { 0 } else { kept.len() - kept.trim_start_matches(&is_mark).len() };
    text.cut(start, end)
}
