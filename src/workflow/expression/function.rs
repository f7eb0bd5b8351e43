//! The table of functions.

use super::SyntaxProblem;

/// A function of the expression language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Function {
    /// `contains(search, item)`
    Contains,
    /// `startsWith(text, prefix)`
    StartsWith,
    /// `endsWith(text, suffix)`
    EndsWith,
    /// `format(text, ...)`
    Format,
    /// `join(array, separator)`
    Join,
    /// `toJSON(value)`
    ToJson,
    /// `fromJSON(text)`
    FromJson,
    /// `case(condition, value, ..., default)`
    Case,
    /// `hashFiles(pattern, ...)`
    HashFiles,
    /// `success()`
    Success,
    /// `failure()`
    Failure,
    /// `always()`
    Always,
    /// `cancelled()`
    Cancelled,
}

impl Function {
    /// Every function.
    pub const ALL: [Self; 13] = [
        Self::Contains,
        Self::StartsWith,
        Self::EndsWith,
        Self::Format,
        Self::Join,
        Self::ToJson,
        Self::FromJson,
        Self::Case,
        Self::HashFiles,
        Self::Success,
        Self::Failure,
        Self::Always,
        Self::Cancelled,
    ];

    /// The function called `name`, in any case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|function| function.name().eq_ignore_ascii_case(name))
    }

    /// The usual spelling.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.row().0
    }

    /// The least number of arguments.
    #[must_use]
    pub const fn least(self) -> usize {
        self.row().1
    }

    /// The greatest number of arguments.
    #[must_use]
    pub const fn most(self) -> usize {
        self.row().2
    }

    /// What is wrong with calling it with `given` arguments.
    pub(super) const fn arity_problem(self, given: usize) -> Option<SyntaxProblem> {
        if given < self.least() {
            Some(SyntaxProblem::TooFewArguments(self.name()))
        } else if given > self.most() {
            Some(SyntaxProblem::TooManyArguments(self.name()))
        } else if matches!(self, Self::Case) && given.is_multiple_of(2) {
            Some(SyntaxProblem::EvenArguments)
        } else {
            None
        }
    }

    /// Whether it asks for the state of the run. An `if` without one is wrapped in `success() && (...)`.
    #[must_use]
    pub const fn is_status(self) -> bool {
        matches!(self, Self::Success | Self::Failure | Self::Always | Self::Cancelled)
    }

    /// Source: actions/runner `ExpressionConstants.cs` and actions/languageservices `workflow-v1.0.json`.
    const fn row(self) -> (&'static str, usize, usize) {
        match self {
            Self::Contains => ("contains", 2, 2),
            Self::StartsWith => ("startsWith", 2, 2),
            Self::EndsWith => ("endsWith", 2, 2),
            Self::Format => ("format", 1, 255),
            Self::Join => ("join", 1, 2),
            Self::ToJson => ("toJSON", 1, 1),
            Self::FromJson => ("fromJSON", 1, 1),
            Self::Case => ("case", 3, 255),
            Self::HashFiles => ("hashFiles", 1, 255),
            Self::Success => ("success", 0, usize::MAX),
            Self::Failure => ("failure", 0, usize::MAX),
            Self::Always => ("always", 0, 0),
            Self::Cancelled => ("cancelled", 0, 0),
        }
    }
}
