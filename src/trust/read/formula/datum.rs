//! What an expression comes to, as far as the files tell.

use std::collections::BTreeMap;

use crate::{text::Place, trust::Value};

/// How many bytes of a text cost as much as one more value.
const TEXT_UNIT: usize = 256;

/// A value; it may be unknown as a whole or in parts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Datum {
    Null,
    Bool(bool),
    Number(f64),
    Text(Value),
    List(Vec<Datum>),
    Map(BTreeMap<String, Datum>),
    Hole(Hole),
}

/// A value that cannot be told.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Hole {
    /// The expression as written.
    pub(crate) name: String,
    /// Why it cannot be told.
    pub(crate) reason: String,
    /// Where the evaluation gave up.
    pub(crate) place: Place,
    /// The object that will know it once it exists, by an address that is unique among the files.
    pub(crate) reference: Option<String>,
    /// What is known of it, where it is an object: its members by their names.
    pub(crate) known: Box<[(String, Datum)]>,
    /// Whether evaluation fails there, which `try` and `can` catch.
    pub(crate) fails: bool,
}

impl Hole {
    /// A value that is not known for `reason`.
    pub(crate) fn new(name: impl Into<String>, reason: impl Into<String>, place: Place) -> Self {
        let (name, reason) = (name.into(), reason.into());
        Self { name, reason, place, reference: None, known: Box::default(), fails: false }
    }
}

impl Datum {
    /// A known text.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(Value::known(text))
    }

    /// The text of a scalar: what an interpolation makes of it. Collections have none.
    pub(crate) fn to_value(&self) -> Option<Value> {
        match self {
            Self::Null => Some(Value::known("")),
            Self::Bool(yes) => Some(Value::known(yes.to_string())),
            Self::Number(number) => Some(Value::known(digits(*number))),
            Self::Text(value) => Some(value.clone()),
            Self::Hole(hole) => Some(Value::hole(&hole.name, &hole.reason, hole.place.clone())),
            Self::List(_) | Self::Map(_) => None,
        }
    }

    /// The key this scalar makes in a map, where it is known.
    pub(crate) fn to_key(&self) -> Option<String> {
        match self {
            Self::Hole(_) | Self::Null => None,
            Self::Bool(_) | Self::Number(_) | Self::Text(_) | Self::List(_) | Self::Map(_) => {
                self.to_value().and_then(|value| value.text().map(str::to_owned))
            }
        }
    }

    /// Truth, as far as it is known: Terraform takes the texts too.
    pub(crate) fn truth(&self) -> Option<bool> {
        match self {
            Self::Bool(yes) => Some(*yes),
            Self::Text(value) => match value.text() {
                Some("true") => Some(true),
                Some("false") => Some(false),
                _ => None,
            },
            Self::Null | Self::Number(_) | Self::List(_) | Self::Map(_) | Self::Hole(_) => None,
        }
    }

    /// The number, as far as it is one.
    pub(crate) fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(value) => value.text().and_then(|text| text.parse().ok()),
            Self::Null | Self::Bool(_) | Self::List(_) | Self::Map(_) | Self::Hole(_) => None,
        }
    }

    /// What it costs to make or to copy it: one for each value inside, more for long texts.
    pub(crate) fn weight(&self) -> usize {
        1 + match self {
            Self::Null | Self::Bool(_) | Self::Number(_) => 0,
            Self::Hole(hole) => hole.known.iter().map(|(_, datum)| datum.weight()).sum(),
            Self::Text(value) => value.parts.len() + value.length() / TEXT_UNIT,
            Self::List(items) => items.iter().map(Self::weight).sum(),
            Self::Map(entries) => entries.values().map(Self::weight).sum(),
        }
    }

    /// Whether evaluation fails there.
    pub(crate) const fn fails(&self) -> bool {
        matches!(self, Self::Hole(Hole { fails: true, .. }))
    }

    /// The first unknown inside, as a hole.
    pub(crate) fn first_hole(&self) -> Option<Hole> {
        match self {
            Self::Hole(hole) => Some(hole.clone()),
            Self::Text(value) => value.parts.iter().find_map(|part| match part {
                crate::trust::TextPart::Text(_) => None,
                crate::trust::TextPart::Hole { name, reason, place } => {
                    Some(Hole::new(name, reason, place.clone()))
                }
            }),
            Self::List(items) => items.iter().find_map(Self::first_hole),
            Self::Map(entries) => entries.values().find_map(Self::first_hole),
            Self::Null | Self::Bool(_) | Self::Number(_) => None,
        }
    }

    /// Whether two values are the same; none where an unknown decides.
    pub(crate) fn same(&self, other: &Self) -> Option<bool> {
        if self.first_hole().is_some() || other.first_hole().is_some() {
            return None;
        }
        Some(match (self.to_key(), other.to_key()) {
            (Some(left), Some(right)) => left == right,
            _ => self == other,
        })
    }
}

/// A number as a text: whole numbers without a point.
fn digits(number: f64) -> String {
    format!("{number}")
}
