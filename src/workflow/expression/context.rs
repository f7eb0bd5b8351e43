//! What is known when an expression is evaluated.

use super::{Object, Value};

/// How the run stands, which the status functions tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nothing has failed.
    Success,
    /// Something has failed.
    Failure,
    /// The run was cancelled.
    Cancelled,
}

/// The contexts by name, and the state of the run if it is known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Context {
    /// `github`, `inputs` and so on.
    pub values: Object,
    /// The state of the run.
    pub status: Option<Status>,
}

impl Context {
    /// The context `name`; null where it is missing, as on GitHub.
    #[must_use]
    pub fn value(&self, name: &str) -> Value {
        self.values.get(name).cloned().unwrap_or(Value::Null)
    }
}

impl From<Object> for Context {
    fn from(values: Object) -> Self {
        Self { values, status: None }
    }
}
