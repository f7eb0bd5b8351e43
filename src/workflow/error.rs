//! Why a workflow or action file cannot be used.

use thiserror::Error;

use crate::{id::pattern::PatternError, text::Place, yaml};

/// The first thing wrong with a file, and where.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{problem}")]
pub struct Error {
    /// What is wrong.
    pub problem: Problem,
    /// Where.
    pub place: Place,
    /// Another place that belongs to it, such as the first of two equal keys.
    pub related: Option<Place>,
}

impl Error {
    pub(super) const fn new(problem: Problem, place: Place) -> Self {
        Self { problem, place, related: None }
    }
}

/// What is wrong with a file.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Problem {
    /// It is not YAML as GitHub reads it.
    #[error("{0}")]
    Yaml(#[from] yaml::Problem),
    /// A value of another kind was expected.
    #[error("`{key}` should be {wanted}, not {found}")]
    Kind {
        /// The key.
        key: String,
        /// What should stand there, in words.
        wanted: &'static str,
        /// What stands there, in words.
        found: &'static str,
    },
    /// A key that must be there is not.
    #[error("the key `{key}` is missing")]
    Missing {
        /// The key.
        key: &'static str,
    },
    /// A value or key that GitHub refuses here.
    #[error("unexpected value `{value}`")]
    Unexpected {
        /// The value.
        value: String,
    },
    /// Two keys that exclude each other.
    #[error("`{one}` and `{other}` cannot stand together")]
    Both {
        /// One of them.
        one: &'static str,
        /// The other.
        other: &'static str,
    },
    /// A broken filter pattern.
    #[error("{0}")]
    Pattern(#[from] PatternError),
    /// A broken expression; the words of the expression parser.
    #[error("{0}")]
    Expression(String),
    /// `needs` names a job that is not there.
    #[error("job `{job}` depends on unknown job `{needs}`")]
    UnknownNeed {
        /// The job.
        job: String,
        /// The name.
        needs: String,
    },
    /// Jobs wait for each other in a circle.
    #[error("job `{job}` waits for itself")]
    Circle {
        /// A job of the circle.
        job: String,
    },
}

impl From<yaml::Error> for Error {
    fn from(error: yaml::Error) -> Self {
        Self { problem: error.problem.into(), place: error.place, related: error.related }
    }
}
