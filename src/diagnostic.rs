//! The only thing judgement can say: what is wrong, where, the two values, what to do, and why.

use std::borrow::Cow;

use crate::text::Place;

/// How bad it is. The order is the order of badness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// May be meant.
    Note,
    /// Probably a mistake, or a risk.
    Warning,
    /// A sign-in fails.
    Error,
}

impl Severity {
    /// The word used in every output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A piece of source and what it contributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub place: Place,
    /// What this place contributes; may be empty.
    pub text: String,
}

/// One of the two values that should have been equal, shown literally and aligned with the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// Who says so: `presented`, `configured`, ...
    pub name: &'static str,
    /// The value itself, unescaped; the report escapes what cannot be seen.
    pub value: String,
    /// Where it comes from, in words; may be empty.
    pub origin: String,
}

/// What judgement says. The message grammar is in `docs/ARCHITECTURE.md`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule or cause, kebab-case; empty where there is none.
    pub code: Cow<'static, str>,
    /// How bad.
    pub severity: Severity,
    /// What is wrong: lower case, no full stop.
    pub title: String,
    /// Where: the first label is the primary one.
    pub labels: Vec<Label>,
    /// The values that differ.
    pub sides: Vec<Side>,
    /// One action each, with the exact text to paste.
    pub help: Vec<String>,
    /// Why, and what Entra will answer.
    pub notes: Vec<String>,
    /// Where to read on.
    pub link: Option<String>,
}

impl Diagnostic {
    /// A diagnostic that so far only has a title.
    #[must_use]
    pub fn new(code: impl Into<Cow<'static, str>>, severity: Severity, title: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            severity,
            title: title.into(),
            labels: Vec::new(),
            sides: Vec::new(),
            help: Vec::new(),
            notes: Vec::new(),
            link: None,
        }
    }

    /// Adds a place; the first one added is the primary.
    #[must_use]
    pub fn at(mut self, place: Place, text: impl Into<String>) -> Self {
        self.labels.push(Label { place, text: text.into() });
        self
    }

    /// Adds one of the values that differ.
    #[must_use]
    pub fn side(mut self, name: &'static str, value: impl Into<String>, origin: impl Into<String>) -> Self {
        self.sides.push(Side { name, value: value.into(), origin: origin.into() });
        self
    }

    /// Adds an action.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// Adds a reason.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }
}
