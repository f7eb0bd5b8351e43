//! A credential as some file says it: any value may be missing, wrong, or partly unknown.

use crate::text::{Located, Place};

use super::Writing;

/// What owns a credential, which decides its limits and its management interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Home {
    /// An application registration, managed through Microsoft Graph.
    Application,
    /// A user-assigned managed identity, managed through Azure Resource Manager.
    ManagedIdentity,
    /// The file does not say.
    #[default]
    Unknown,
}

impl Home {
    /// The word used in every output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::ManagedIdentity => "managed-identity",
            Self::Unknown => "unknown",
        }
    }
}

/// A piece of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextPart {
    /// Known text.
    Text(String),
    /// What cannot be known from the files.
    Hole {
        /// The expression as written, such as `var.env`.
        name: String,
        /// Why it is not known, such as `var.env has no default`.
        reason: String,
        /// Where the reader gave up.
        place: Place,
    },
}

/// A text as far as the file tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Value {
    /// The pieces in order; neighbouring texts are one piece.
    pub parts: Vec<TextPart>,
}

impl Value {
    /// A value that is wholly known.
    #[must_use]
    pub fn known(text: impl Into<String>) -> Self {
        Self { parts: vec![TextPart::Text(text.into())] }
    }

    /// A value of which nothing is known.
    #[must_use]
    pub fn hole(name: impl Into<String>, reason: impl Into<String>, place: Place) -> Self {
        Self { parts: vec![TextPart::Hole { name: name.into(), reason: reason.into(), place }] }
    }

    /// The text, if all of it is known.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [TextPart::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The bytes of the known pieces.
    #[must_use]
    pub fn length(&self) -> usize {
        let known = self.parts.iter().map(|part| match part {
            TextPart::Text(text) => text.len(),
            TextPart::Hole { .. } => 0,
        });
        known.sum()
    }

    /// Appends `other`, joining texts that meet.
    pub fn append(&mut self, other: Self) {
        for part in other.parts {
            match (self.parts.last_mut(), part) {
                (Some(TextPart::Text(end)), TextPart::Text(more)) => end.push_str(&more),
                (_, part) => self.parts.push(part),
            }
        }
    }
}

impl std::fmt::Display for Value {
    /// The text, with `{name}` for a hole.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.parts.iter().try_for_each(|part| match part {
            TextPart::Text(text) => f.write_str(text),
            TextPart::Hole { name, .. } => write!(f, "{{{name}}}"),
        })
    }
}

/// A federated identity credential as written, before any limit was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The whole definition.
    pub place: Place,
    /// What owns it.
    pub home: Home,
    /// The identity as written: a name, an id, a reference.
    pub parent: Option<Located<Value>>,
    /// What its service calls it, beside its name.
    pub id: Option<Located<Value>>,
    /// The name of the credential.
    pub name: Option<Located<Value>>,
    /// The issuer.
    pub issuer: Option<Located<Value>>,
    /// The exact subject.
    pub subject: Option<Located<Value>>,
    /// The flexible expression, in place of a subject.
    pub expression: Option<Located<Value>>,
    /// The version of the expression's language, where the file says it.
    pub expression_version: Option<Located<Value>>,
    /// The audiences; Entra wants exactly one.
    pub audiences: Vec<Located<Value>>,
    /// The description.
    pub description: Option<Located<Value>>,
    /// How it will be written.
    pub writing: Writing,
}

impl Draft {
    /// A draft at `place` that says nothing yet.
    #[must_use]
    pub const fn new(place: Place, home: Home) -> Self {
        Self {
            place,
            home,
            parent: None,
            id: None,
            name: None,
            issuer: None,
            subject: None,
            expression: None,
            expression_version: None,
            audiences: Vec::new(),
            description: None,
            writing: Writing::UNSTATED,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Source, Span};

    #[test]
    fn a_value_joins_texts_and_keeps_holes_apart() {
        let place = Place::new(&Source::new("main.tf", "var.env"), Span::new(0, 7));
        let mut value = Value::known("repo:o/r:");
        value.append(Value::known("environment:"));
        assert_eq!(value.text(), Some("repo:o/r:environment:"));
        value.append(Value::hole("var.env", "var.env has no default", place));
        assert_eq!(value.text(), None);
        assert_eq!(value.to_string(), "repo:o/r:environment:{var.env}");
    }
}
