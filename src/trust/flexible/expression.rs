//! The parts of a flexible expression: clauses of claim, operator and comparand.

use std::{fmt, str::FromStr};

use super::parser::{self, ExpressionError};
use crate::text::Span;

/// How a claim is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operator {
    /// The whole claim equals the comparand.
    Eq,
    /// The whole claim fits the comparand, in which `*` is any run of characters and `?` exactly one.
    Matches,
    /// Known to the service's parser, listed for no issuer; what it means is not documented.
    StartsWith,
    /// Known to the service's parser, listed for no issuer; what it means is not documented.
    In,
    /// Known to the service's parser, listed for no issuer; what it means is not documented.
    Has,
}

impl Operator {
    /// Every operator.
    pub const ALL: [Self; 5] = [Self::Eq, Self::Matches, Self::StartsWith, Self::In, Self::Has];

    /// The word in an expression.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Matches => "matches",
            Self::StartsWith => "startswith",
            Self::In => "in",
            Self::Has => "has",
        }
    }
}

/// The quoted text that a claim is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparand {
    /// The text between the quotes, a doubled quote read as one.
    pub text: String,
    /// Whether a doubled quote stands in it. That it means one quote is a guess, so no answer hangs on it.
    pub has_doubled_quote: bool,
    /// The text without its outer quotes.
    pub span: Span,
}

/// One comparison; all clauses of an expression must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// The name between the brackets, such as `sub`.
    pub claim: String,
    /// Where that name stands.
    pub claim_span: Span,
    /// How the claim is compared.
    pub operator: Operator,
    /// Where the operator stands.
    pub operator_span: Span,
    /// What the claim is compared with.
    pub comparand: Comparand,
    /// The whole clause.
    pub span: Span,
}

/// A flexible expression. Every span counts bytes inside its own text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression {
    text: String,
    clauses: Vec<Clause>,
}

impl Expression {
    /// The expression as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The clauses in order; never empty.
    #[must_use]
    pub fn clauses(&self) -> &[Clause] {
        &self.clauses
    }

    /// The clauses that are about `claim`.
    pub fn about<'a>(&'a self, claim: &'a str) -> impl Iterator<Item = &'a Clause> {
        self.clauses.iter().filter(move |clause| clause.claim == claim)
    }

    /// Whether more than one clause is about `claim`. What Entra makes of that is not known.
    #[must_use]
    pub fn repeats(&self, claim: &str) -> bool {
        self.about(claim).nth(1).is_some()
    }
}

impl FromStr for Expression {
    type Err = ExpressionError;

    /// Parses an expression of language version 1.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self { text: text.to_owned(), clauses: parser::clauses(text)? })
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
