//! Why an expression could not be read or evaluated.

use crate::text::Span;

/// Why a text is not an expression. The span is in bytes of the text that was given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct SyntaxError {
    /// What is wrong.
    pub problem: SyntaxProblem,
    /// Where: the token at which reading stopped.
    pub span: Span,
}

/// What can be wrong with the text of an expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SyntaxProblem {
    /// A token that cannot stand here, or no token at all.
    #[error("unexpected symbol `{0}`")]
    UnexpectedSymbol(String),
    /// The text ends where more is needed; the last token.
    #[error("unexpected end of expression after `{0}`")]
    UnexpectedEnd(String),
    /// No such function, or not here.
    #[error("unrecognized function `{0}`")]
    UnknownFunction(String),
    /// No such context, or not here.
    #[error("unrecognized named value `{0}`")]
    UnknownContext(String),
    /// Fewer arguments than the function needs.
    #[error("too few arguments for `{0}`")]
    TooFewArguments(&'static str),
    /// More arguments than the function takes.
    #[error("too many arguments for `{0}`")]
    TooManyArguments(&'static str),
    /// `case` needs pairs and a default.
    #[error("`case` needs an odd number of arguments")]
    EvenArguments,
    /// Operators and calls contain each other too deeply.
    #[error("the expression nests more than {limit} levels deep")]
    TooDeep {
        /// Levels allowed.
        limit: usize,
    },
    /// More characters than allowed.
    #[error("the expression has more than {limit} characters")]
    TooLong {
        /// Characters allowed.
        limit: usize,
    },
    /// `${{` without `}}`.
    #[error("the expression is not closed by `}}}}`")]
    NotClosed,
    /// `${{ }}` with nothing inside.
    #[error("an expression was expected")]
    Empty,
}

/// Why evaluation failed. The span is the call that failed, in bytes of the text that was read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct EvaluationError {
    /// What is wrong.
    pub problem: EvaluationProblem,
    /// Which part of the expression.
    pub span: Span,
}

/// What can go wrong while an expression is evaluated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvaluationProblem {
    /// `format` was given a text it cannot use.
    #[error("`{0}` is not a valid format")]
    InvalidFormat(String),
    /// `format` refers to an argument that was not given.
    #[error("the format `{0}` asks for more arguments than were given")]
    MissingFormatArgument(String),
    /// `fromJSON` was given something else.
    #[error("not valid JSON: {0}")]
    InvalidJson(String),
    /// A condition of `case` is not a boolean.
    #[error("a condition of `case` is not true or false")]
    CaseNotBoolean,
    /// The result would be too large.
    #[error("the result has more than {limit} characters")]
    TooLarge {
        /// Characters allowed.
        limit: usize,
    },
    /// The function's answer is not known: a status or a hash of files.
    #[error("the result of `{0}` is not known")]
    NotKnown(&'static str),
}
