//! Why a workflow or action file cannot be used.

use thiserror::Error;

use super::Access;
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

    /// Whether `related` is the very part of `place` that is wrong.
    #[must_use]
    pub fn has_part(&self) -> bool {
        let whole = &self.place;
        self.related.as_ref().is_some_and(|part| {
            part.source.path() == whole.source.path()
                && whole.span.start <= part.span.start
                && part.span.end <= whole.span.end
        })
    }
}

/// What is wrong with a file.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Problem {
    /// There is no text; the words of whoever looked for it.
    #[error("{0}")]
    NoText(String),
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
    /// The name of a job or step that GitHub refuses.
    #[error(
        "`{id}` is no {what} id: letters, digits, `_` and `-`, fewer than 100, the first a letter or one `_`"
    )]
    Id {
        /// Job or step.
        what: &'static str,
        /// The name.
        id: String,
    },
    /// Two steps of a job with one name.
    #[error("the step id `{id}` is used twice in this job")]
    StepIdTwice {
        /// The name.
        id: String,
    },
    /// A vector of a matrix without values.
    #[error("the matrix vector `{name}` has no values")]
    EmptyVector {
        /// The vector.
        name: String,
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
    /// A called workflow without `on.workflow_call`.
    #[error("the called workflow has no `workflow_call` among its events")]
    NotCallable,
    /// Something handed over that the called workflow does not declare.
    #[error("the called workflow declares no {what} `{name}`")]
    Undeclared {
        /// Input or secret.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// Something that the called workflow requires and is not given.
    #[error("the called workflow requires the {what} `{name}`")]
    NotGiven {
        /// Input or secret.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// Calls inside each other, more than are allowed; also a workflow that calls itself.
    #[error("calls go more than {limit} deep")]
    TooManyCalls {
        /// Calls allowed.
        limit: usize,
    },
    /// A called workflow asks for more than its callers grant.
    #[error("the called job `{job}` of {path} asks for `{}`, which its caller does not grant", listed(.asked))]
    Excess {
        /// The job.
        job: String,
        /// The file that holds it.
        path: String,
        /// The scopes with what is asked for.
        asked: Vec<(&'static str, Access)>,
    },
    /// Jobs wait for each other in a circle.
    #[error("job `{job}` waits for itself")]
    Circle {
        /// A job of the circle.
        job: String,
    },
}

fn listed(asked: &[(&str, Access)]) -> String {
    let each: Vec<_> = asked.iter().map(|(scope, access)| format!("{scope}: {}", access.as_str())).collect();
    each.join(", ")
}

impl From<yaml::Error> for Error {
    fn from(error: yaml::Error) -> Self {
        Self { problem: error.problem.into(), place: error.place, related: error.related }
    }
}
