//! Which contexts and functions may be used where in a workflow.

use super::Function;

/// The contexts that may be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names<'a> {
    /// Every name.
    Any,
    /// These, in any case.
    Only(&'a [&'a str]),
}

/// What an expression may use at its place in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope<'a> {
    /// The contexts.
    pub contexts: Names<'a>,
    /// Whether `success()` and its like are allowed.
    pub status: bool,
    /// Whether `hashFiles()` is allowed.
    pub files: bool,
}

const RUN: &[&str] = &["github", "inputs", "vars"];
const NEEDS: &[&str] = &["github", "inputs", "vars", "needs"];
const JOB: &[&str] = &["github", "inputs", "vars", "needs", "strategy", "matrix"];
const JOB_SECRETS: &[&str] = &["github", "inputs", "vars", "needs", "strategy", "matrix", "secrets"];
const RUNNER: &[&str] =
    &["github", "inputs", "vars", "needs", "strategy", "matrix", "steps", "job", "runner", "env"];
const STEP: &[&str] =
    &["github", "inputs", "vars", "needs", "strategy", "matrix", "secrets", "steps", "job", "runner", "env"];

/// Source of the rows: actions/languageservices `workflow-parser/src/workflow-v1.0.json` (the `context` lists).
impl Scope<'static> {
    /// No contexts: an expression may stand only where it is a quoted text.
    pub const NONE: Self = Self::of(&[]);
    /// Everything; for reading a text whose place does not matter.
    pub const ANY: Self = Self { contexts: Names::Any, status: true, files: true };
    /// `run-name`, workflow `concurrency`, the default of a `workflow_call` input.
    pub const RUN: Self = Self::of(RUN);
    /// Workflow `env`.
    pub const WORKFLOW_ENV: Self = Self::of(&["github", "inputs", "vars", "secrets"]);
    /// The value of a `workflow_call` output.
    pub const CALL_OUTPUT: Self = Self::of(&["github", "inputs", "vars", "jobs"]);
    /// `jobs.<id>.if`
    pub const JOB_IF: Self = Self { status: true, ..Self::of(NEEDS) };
    /// `jobs.<id>.strategy`
    pub const STRATEGY: Self = Self::of(NEEDS);
    /// `jobs.<id>`: `environment` and its name, `with`, `runs-on`, `name`, `concurrency`.
    pub const JOB: Self = Self::of(JOB);
    /// `jobs.<id>.env` and `jobs.<id>.secrets`
    pub const JOB_ENV: Self = Self::of(JOB_SECRETS);
    /// `jobs.<id>.environment.url`, evaluated when the job is done.
    pub const ENVIRONMENT_URL: Self = Self::of(RUNNER);
    /// `jobs.<id>.outputs`
    pub const JOB_OUTPUT: Self = Self::of(STEP);
    /// `jobs.<id>.defaults.run`
    pub const JOB_DEFAULTS: Self =
        Self::of(&["github", "inputs", "vars", "strategy", "matrix", "needs", "env"]);
    /// `credentials` of a container.
    pub const CREDENTIALS: Self = Self::of(&["github", "inputs", "vars", "secrets", "env"]);
    /// `jobs.<id>.steps[*].if`
    pub const STEP_IF: Self = Self { contexts: Names::Only(RUNNER), status: true, files: true };
    /// `run`, `with`, `env`, `name` of a step.
    pub const STEP: Self = Self { contexts: Names::Only(STEP), status: false, files: true };
    /// A step of a composite action: `run`, `with`, `env`, `name`.
    ///
    /// Source: actions/languageservices `action-v1.0.json`.
    pub const COMPOSITE_STEP: Self = Self {
        contexts: Names::Only(&["github", "inputs", "strategy", "matrix", "steps", "job", "runner", "env"]),
        status: false,
        files: true,
    };
    /// `if` of a step of a composite action.
    pub const COMPOSITE_IF: Self = Self { status: true, ..Self::COMPOSITE_STEP };

    const fn of(contexts: &'static [&'static str]) -> Self {
        Self { contexts: Names::Only(contexts), status: false, files: false }
    }
}

impl Scope<'_> {
    /// Whether no context may be named.
    pub(in crate::workflow) fn is_empty(&self) -> bool {
        self.contexts == Names::Only(&[])
    }

    pub(super) fn allows_context(&self, name: &str) -> bool {
        match self.contexts {
            Names::Any => true,
            Names::Only(names) => names.iter().any(|known| known.eq_ignore_ascii_case(name)),
        }
    }

    pub(super) const fn allows_function(&self, function: Function) -> bool {
        if function.is_status() {
            self.status
        } else {
            self.files || !matches!(function, Function::HashFiles)
        }
    }
}
