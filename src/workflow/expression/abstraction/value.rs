//! What may be known of a value.

use crate::{id::pattern::PatternList, workflow::expression::Value};

/// Every value that is possible: a union of cases. No case at all means that there is no value, because evaluation fails.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AbstractValue {
    /// The cases, each once, at most [`AbstractValue::MOST`].
    pub cases: Vec<Case>,
}

/// One case of a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Case {
    /// Exactly this.
    Exact(Value),
    /// A text with parts that are not known; at least one of them.
    Text(Vec<Piece>),
    /// An object of which some properties are known.
    Object(AbstractObject),
    /// Not known. The name is the path as written, such as `vars.ENV`, or the expression.
    Unknown {
        /// What to call it.
        name: String,
        /// What it can be.
        kind: Kind,
    },
}

/// What a value that is not known can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Anything.
    Any,
    /// A text, or null where it is not set.
    Text,
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Known.
    Literal(String),
    /// Any text.
    Hole(String),
    /// A text that the patterns admit, such as the short name of a ref.
    Filtered {
        /// What to call it.
        name: String,
        /// The ordered patterns.
        list: PatternList,
    },
}

/// An object of which some properties are known. Names are compared without regard to case.
#[derive(Clone, Debug, PartialEq)]
pub struct AbstractObject {
    /// The path at which it stands, such as `github.event`.
    pub name: String,
    /// The known properties, in order.
    pub known: Vec<(String, AbstractValue)>,
    /// What the other properties are.
    pub rest: Rest,
}

/// The properties of an object that are not listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// There are none: they read as null.
    Missing,
    /// They are not known.
    Unknown(Kind),
}

/// Whether a condition holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// In every run.
    True,
    /// In no run.
    False,
    /// In some runs, or it is not known.
    Maybe,
}

impl Truth {
    /// From whether it can be true and whether it can be false. Where neither can be, evaluation fails and nothing runs.
    #[must_use]
    pub const fn of(can_be_true: bool, can_be_false: bool) -> Self {
        match (can_be_true, can_be_false) {
            (true, true) => Self::Maybe,
            (true, false) => Self::True,
            (false, _) => Self::False,
        }
    }
}

impl AbstractValue {
    /// The most cases that are kept apart.
    pub const MOST: usize = 128;

    /// Exactly `value`.
    #[must_use]
    pub fn exact(value: impl Into<Value>) -> Self {
        Self { cases: vec![Case::Exact(value.into())] }
    }

    /// One of `values`.
    #[must_use]
    pub fn one_of<V: Into<Value>>(values: impl IntoIterator<Item = V>) -> Self {
        Self::of(values.into_iter().map(|value| Case::Exact(value.into())))
    }

    /// True or false.
    #[must_use]
    pub fn any_bool() -> Self {
        Self::one_of([true, false])
    }

    /// Not known at all.
    #[must_use]
    pub fn unknown(name: impl Into<String>) -> Self {
        Self { cases: vec![Case::Unknown { name: name.into(), kind: Kind::Any }] }
    }

    /// A text or null, not known.
    #[must_use]
    pub fn unknown_text(name: impl Into<String>) -> Self {
        Self { cases: vec![Case::Unknown { name: name.into(), kind: Kind::Text }] }
    }

    /// `start`, followed by a name that `list` admits: `refs/heads/` and the filter of branches, say.
    #[must_use]
    pub fn family(start: &str, name: impl Into<String>, list: PatternList) -> Self {
        let filtered = Piece::Filtered { name: name.into(), list };
        Self { cases: vec![super::text::text_case(vec![Piece::Literal(start.to_owned()), filtered])] }
    }

    /// The union of cases; too many become one unknown.
    #[must_use]
    pub fn of(cases: impl IntoIterator<Item = Case>) -> Self {
        let mut all = Self::default();
        for case in cases {
            if !all.cases.contains(&case) {
                all.cases.push(case);
            }
            if all.cases.len() > Self::MOST {
                return Self::unknown("too many values");
            }
        }
        all
    }

    /// Everything that either can be.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self::of(self.cases.into_iter().chain(other.cases))
    }

    /// The values, if every case is exact.
    #[must_use]
    pub fn exact_values(&self) -> Option<Vec<&Value>> {
        self.cases.iter().map(Case::as_exact).collect()
    }

    /// The value, if it is the only one.
    #[must_use]
    pub fn as_exact(&self) -> Option<&Value> {
        match self.cases.as_slice() {
            [only] => only.as_exact(),
            _ => None,
        }
    }

    /// Whether it is truthy.
    #[must_use]
    pub fn truth(&self) -> Truth {
        let truths = || self.cases.iter().map(Case::truth);
        Truth::of(truths().any(|truth| truth != Truth::False), truths().any(|truth| truth != Truth::True))
    }

    /// Every text that it converts to, as pieces: an exact text is one literal, and what is not known is a hole.
    #[must_use]
    pub fn texts(&self) -> Vec<Vec<Piece>> {
        let mut texts: Vec<Vec<Piece>> = Vec::new();
        for case in &self.cases {
            let text = case.to_pieces();
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        texts
    }
}

impl Case {
    /// The value, if it is exact.
    #[must_use]
    pub const fn as_exact(&self) -> Option<&Value> {
        match self {
            Self::Exact(value) => Some(value),
            Self::Text(_) | Self::Object(_) | Self::Unknown { .. } => None,
        }
    }

    /// Whether it is truthy.
    #[must_use]
    pub fn truth(&self) -> Truth {
        match self {
            Self::Exact(value) => Truth::of(value.is_truthy(), !value.is_truthy()),
            Self::Text(pieces) => Truth::of(true, pieces.iter().all(Piece::can_be_empty)),
            Self::Object(_) => Truth::True,
            Self::Unknown { .. } => Truth::Maybe,
        }
    }

    /// The text that it converts to.
    #[must_use]
    pub fn to_pieces(&self) -> Vec<Piece> {
        match self {
            Self::Exact(value) => vec![Piece::Literal(value.to_text().into_owned())],
            Self::Text(pieces) => pieces.clone(),
            Self::Object(_) => vec![Piece::Literal("Object".to_owned())],
            Self::Unknown { name, .. } => vec![Piece::Hole(name.clone())],
        }
    }
}

impl Piece {
    /// Whether it can be the empty text.
    #[must_use]
    pub fn can_be_empty(&self) -> bool {
        match self {
            Self::Literal(text) => text.is_empty(),
            Self::Hole(_) => true,
            Self::Filtered { list, .. } => list.admits(""),
        }
    }
}

impl AbstractObject {
    /// An object at the path `name` with nothing known yet.
    #[must_use]
    pub fn new(name: impl Into<String>, rest: Rest) -> Self {
        Self { name: name.into(), known: Vec::new(), rest }
    }

    /// The same object with one more known property.
    #[must_use]
    pub fn with(mut self, key: impl Into<String>, value: AbstractValue) -> Self {
        self.set(key, value);
        self
    }

    /// Sets a known property.
    pub fn set(&mut self, key: impl Into<String>, value: AbstractValue) {
        let key = key.into();
        match self.known.iter_mut().find(|(name, _)| same(name, &key)) {
            Some((_, old)) => *old = value,
            None => self.known.push((key, value)),
        }
    }

    /// The property `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> AbstractValue {
        match (self.known.iter().find(|(name, _)| same(name, key)), self.rest) {
            (Some((_, value)), _) => value.clone(),
            (None, Rest::Missing) => AbstractValue::exact(Value::Null),
            (None, Rest::Unknown(kind)) => {
                AbstractValue { cases: vec![Case::Unknown { name: format!("{}.{key}", self.name), kind }] }
            }
        }
    }

    /// The object as a value.
    #[must_use]
    pub fn into_value(self) -> AbstractValue {
        AbstractValue { cases: vec![Case::Object(self)] }
    }
}

fn same(left: &str, right: &str) -> bool {
    super::super::value::same_text(left, right)
}
