//! The limits that Entra puts on a credential when it is created, and how a draft breaks them.
//!
//! Source: the considerations and restrictions for federated identity credentials,
//! <https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations>.

use std::ops::RangeInclusive;

use thiserror::Error;

use super::{Home, flexible::ExpressionError};

/// The most credentials that one application or managed identity can have.
pub const CREDENTIALS_LIMIT: usize = 20;

/// The longest issuer, subject, audience or description, in characters.
pub const TEXT_LIMIT: usize = 600;

/// A property of a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// `name`.
    Name,
    /// `issuer`.
    Issuer,
    /// `subject`.
    Subject,
    /// `claimsMatchingExpression`.
    Expression,
    /// `audiences`.
    Audience,
    /// `description`.
    Description,
}

impl Field {
    /// The word used in every output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Issuer => "issuer",
            Self::Subject => "subject",
            Self::Expression => "expression",
            Self::Audience => "audience",
            Self::Description => "description",
        }
    }

    /// Whether Entra compares this property when a token is exchanged.
    #[must_use]
    pub const fn is_compared(self) -> bool {
        match self {
            Self::Issuer | Self::Subject | Self::Expression | Self::Audience => true,
            Self::Name | Self::Description => false,
        }
    }
}

impl std::fmt::Display for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A limit that a draft breaks, or a value that its file does not tell.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Violation {
    /// The property is absent or empty.
    #[error("the credential has no {0}")]
    Missing(Field),
    /// The property is longer than Entra allows.
    #[error("the {field} has {length} characters; {limit} are allowed")]
    TooLong {
        /// Which property.
        field: Field,
        /// Its length in characters.
        length: usize,
        /// The most that Entra takes.
        limit: usize,
    },
    /// The name is shorter than its home allows.
    #[error("the name `{name}` has {} characters; {minimum} are needed", name.chars().count())]
    NameTooShort {
        /// The name.
        name: String,
        /// The fewest that Entra takes.
        minimum: usize,
    },
    /// The name holds a character other than letters, digits, dash and underscore, or begins with one of the last two.
    #[error("the name `{name}` may not hold `{}` there", bad.escape_default())]
    NameCharacter {
        /// The name.
        name: String,
        /// The first character at fault.
        bad: char,
    },
    /// Not exactly one audience.
    #[error("the credential has {count} audiences; exactly one is allowed")]
    Audiences {
        /// How many there are.
        count: usize,
    },
    /// Both an exact subject and a flexible expression.
    #[error("the credential has both a subject and an expression")]
    SubjectAndExpression,
    /// The expression follows no known grammar.
    #[error("the expression cannot be read: {0}")]
    Expression(ExpressionError),
    /// The file does not tell the whole value.
    #[error("the {field} is not known: {reason}")]
    NotKnown {
        /// Which property.
        field: Field,
        /// The expression as written, such as `var.env`.
        name: String,
        /// Why it is not known.
        reason: String,
    },
}

impl Violation {
    /// The property at fault.
    #[must_use]
    pub const fn field(&self) -> Field {
        match self {
            Self::Missing(field) | Self::TooLong { field, .. } | Self::NotKnown { field, .. } => *field,
            Self::NameTooShort { .. } | Self::NameCharacter { .. } => Field::Name,
            Self::Audiences { .. } => Field::Audience,
            Self::SubjectAndExpression => Field::Subject,
            Self::Expression(_) => Field::Expression,
        }
    }
}

/// A limit that the credentials of one identity break together.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SetViolation {
    /// More than [`CREDENTIALS_LIMIT`].
    #[error("the identity has {count} credentials; {CREDENTIALS_LIMIT} are allowed")]
    TooMany {
        /// How many there are.
        count: usize,
    },
    /// Two credentials with the same issuer and subject. The audience is no part of the key.
    #[error("`{first}` and `{second}` have the same issuer and subject")]
    SameTrust {
        /// The name of the earlier one.
        first: String,
        /// The name of the later one.
        second: String,
    },
    /// Two credentials with the same name.
    #[error("two credentials have the name `{name}`")]
    SameName {
        /// The name.
        name: String,
    },
}

impl Home {
    /// How many characters a credential's name may have.
    ///
    /// Managed identities ask for three; the portal does so for applications too, Graph does not.
    /// Source: pattern in Azure/azure-rest-api-specs, `ManagedIdentity.json`; Graph's `federatedIdentityCredential` names no minimum.
    #[must_use]
    pub const fn name_length(self) -> RangeInclusive<usize> {
        match self {
            Self::ManagedIdentity => 3..=120,
            Self::Application | Self::Unknown => 1..=120,
        }
    }
}

pub(super) fn name_violations(name: &str, home: Home) -> Vec<Violation> {
    let length = name.chars().count();
    let mut found = Vec::new();
    if length == 0 {
        return vec![Violation::Missing(Field::Name)];
    }
    if length < *home.name_length().start() {
        found.push(Violation::NameTooShort { name: name.to_owned(), minimum: *home.name_length().start() });
    }
    let limit = *home.name_length().end();
    if length > limit {
        found.push(Violation::TooLong { field: Field::Name, length, limit });
    }
    let bad = name
        .char_indices()
        .find(|(at, c)| !(c.is_ascii_alphanumeric() || (*at > 0 && matches!(c, '-' | '_'))));
    if let Some((_, bad)) = bad {
        found.push(Violation::NameCharacter { name: name.to_owned(), bad });
    }
    found
}

pub(super) fn length_violation(field: Field, text: &str) -> Option<Violation> {
    let length = text.chars().count();
    (length > TEXT_LIMIT).then_some(Violation::TooLong { field, length, limit: TEXT_LIMIT })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_begins_with_a_letter_or_digit_and_holds_no_blank() {
        for good in ["abc", "0-a_b", &"a".repeat(120)] {
            assert_eq!(name_violations(good, Home::ManagedIdentity), [], "{good}");
        }
        for bad in ["-ab", "_ab", "a b", "ä12", "a/b", &"a".repeat(121), "ab"] {
            assert_eq!(name_violations(bad, Home::ManagedIdentity).len(), 1, "{bad}");
        }
        assert_eq!(name_violations("ab", Home::Application), []);
    }
}
