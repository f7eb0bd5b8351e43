//! The values of the language and their conversions.

use std::{borrow::Cow, sync::Arc};

use super::number::{format_number, parse_number};

/// A value. Cloning is cheap; collections are equal by identity in the language, so they are shared.
#[derive(Clone, Debug)]
pub enum Value {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A double.
    Number(f64),
    /// Text.
    String(Arc<str>),
    /// A list.
    Array(Arc<Array>),
    /// Properties by name, in order.
    Object(Arc<Object>),
}

/// A list, and whether `.*` made it: then a further key is applied to each item.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Array {
    /// The items.
    pub items: Vec<Value>,
    /// Whether it came from `.*`.
    pub filtered: bool,
}

/// Properties whose names are compared without regard to case.
///
/// Source: actions/runner (dictionaries with `StringComparer.OrdinalIgnoreCase`).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Object {
    entries: Vec<(String, Value)>,
}

impl Object {
    /// The property `name`, in any case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.entries.iter().find(|(key, _)| same_text(key, name)).map(|(_, value)| value)
    }

    /// Sets a property; one that differs by case alone is replaced.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        let name = name.into();
        let value = value.into();
        match self.entries.iter_mut().find(|(key, _)| same_text(key, &name)) {
            Some((_, old)) => *old = value,
            None => self.entries.push((name, value)),
        }
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.entries.iter().map(|(name, value)| (name.as_str(), value))
    }
}

impl<N: Into<String>, V: Into<Value>> FromIterator<(N, V)> for Object {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(entries: I) -> Self {
        let mut object = Self::default();
        entries.into_iter().for_each(|(name, value)| object.insert(name, value));
        object
    }
}

impl Value {
    /// A list as JSON has it.
    #[must_use]
    pub fn array(items: Vec<Self>) -> Self {
        Self::Array(Arc::new(Array { items, filtered: false }))
    }

    /// A list made by `.*`.
    #[must_use]
    pub fn filtered(items: Vec<Self>) -> Self {
        Self::Array(Arc::new(Array { items, filtered: true }))
    }

    /// Everything is truthy but null, false, 0, NaN and the empty text.
    #[must_use]
    pub fn is_truthy(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Bool(value) => *value,
            Self::Number(value) => *value != 0.0 && !value.is_nan(),
            Self::String(value) => !value.is_empty(),
            Self::Array(_) | Self::Object(_) => true,
        }
    }

    /// Whether it is neither a list nor an object.
    #[must_use]
    pub const fn is_primitive(&self) -> bool {
        !matches!(self, Self::Array(_) | Self::Object(_))
    }

    /// The number it converts to; NaN where there is none.
    #[must_use]
    pub fn to_number(&self) -> f64 {
        match self {
            Self::Null => 0.0,
            Self::Bool(value) => f64::from(u8::from(*value)),
            Self::Number(value) => *value,
            Self::String(value) => parse_number(value),
            Self::Array(_) | Self::Object(_) => f64::NAN,
        }
    }

    /// The text it converts to; collections give their kind.
    #[must_use]
    pub fn to_text(&self) -> Cow<'_, str> {
        match self {
            Self::Null => Cow::Borrowed(""),
            Self::Bool(true) => Cow::Borrowed("true"),
            Self::Bool(false) => Cow::Borrowed("false"),
            Self::Number(value) => Cow::Owned(format_number(*value)),
            Self::String(value) => Cow::Borrowed(value),
            Self::Array(_) => Cow::Borrowed("Array"),
            Self::Object(_) => Cow::Borrowed("Object"),
        }
    }

    /// `self[key]`; null where there is none.
    #[must_use]
    pub fn index(&self, key: &Self) -> Self {
        match self {
            Self::Array(array) if array.filtered => {
                let items = array.items.iter().filter_map(|item| item.property(key).cloned());
                Self::filtered(items.collect())
            }
            Self::Null
            | Self::Bool(_)
            | Self::Number(_)
            | Self::String(_)
            | Self::Array(_)
            | Self::Object(_) => self.property(key).cloned().unwrap_or(Self::Null),
        }
    }

    /// `self.*`: the values of an object, the items of a list, of a filtered list those of its items.
    #[must_use]
    pub fn filter(&self) -> Self {
        match self {
            Self::Array(array) if array.filtered => {
                Self::filtered(array.items.iter().flat_map(Self::values).cloned().collect())
            }
            Self::Null
            | Self::Bool(_)
            | Self::Number(_)
            | Self::String(_)
            | Self::Array(_)
            | Self::Object(_) => Self::filtered(self.values().cloned().collect()),
        }
    }

    fn values(&self) -> impl Iterator<Item = &Self> {
        let (items, entries): (&[Self], &[(String, Self)]) = match self {
            Self::Array(array) => (&array.items, &[]),
            Self::Object(object) => (&[], &object.entries),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) => (&[], &[]),
        };
        items.iter().chain(entries.iter().map(|(_, value)| value))
    }

    fn property(&self, key: &Self) -> Option<&Self> {
        match self {
            Self::Object(object) if key.is_primitive() => object.get(&key.to_text()),
            Self::Array(array) => array.items.get(position(key.to_number())?),
            Self::Object(_) | Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) => None,
        }
    }
}

fn position(number: f64) -> Option<usize> {
    let floor = number.floor();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked first")]
    (number >= 0.0 && floor <= f64::from(i32::MAX)).then_some(floor as usize)
}

/// Equality of test expectations and trees: by content, NaN equal to itself, and not the language's `==`.
impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(left), Self::Bool(right)) => left == right,
            (Self::Number(left), Self::Number(right)) => left == right || (left.is_nan() && right.is_nan()),
            (Self::String(left), Self::String(right)) => left == right,
            (Self::Array(left), Self::Array(right)) => left.items == right.items,
            (Self::Object(left), Self::Object(right)) => left == right,
            (
                Self::Null
                | Self::Bool(_)
                | Self::Number(_)
                | Self::String(_)
                | Self::Array(_)
                | Self::Object(_),
                _,
            ) => false,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text.into())
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Self::Object(Arc::new(object))
    }
}

/// Upper case, one character for one, so that lengths and prefixes stay what they are. Nothing becomes ASCII that was not: the
/// Turkish dotless i is not `I`.
pub(super) fn fold(text: &str) -> impl Iterator<Item = char> {
    text.chars().map(|char| {
        let mut upper = char.to_uppercase();
        match (upper.next(), upper.next()) {
            (Some(single), None) if single.is_ascii() == char.is_ascii() => single,
            _ => char,
        }
    })
}

/// Whether two texts are equal without regard to case.
pub(super) fn same_text(left: &str, right: &str) -> bool {
    left == right || fold(left).eq(fold(right))
}
