//! Where an expression stands: in which job of which workflow, called by whom, in which step of which action.

use super::partial::Partial;
use crate::workflow::{
    action::LocalAction,
    model::{CallSite, Job, Step, Variables, Workflow},
};

/// A job, and the chain of jobs that called its workflow.
#[derive(Clone, Debug)]
pub(super) struct Frame<'a> {
    pub(super) workflow: &'a Workflow,
    pub(super) job: &'a Job,
    /// The calling job, and how it calls.
    pub(super) caller: Option<(&'a Frame<'a>, &'a CallSite)>,
    /// The row of the job's matrix; `None` outside of one.
    pub(super) row: Option<Partial>,
}

impl Frame<'_> {
    /// How many calls lie above.
    pub(super) fn depth(&self) -> usize {
        self.caller.map_or(0, |(caller, _)| caller.depth() + 1)
    }
}

/// A place for an expression.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site<'a> {
    pub(super) frame: &'a Frame<'a>,
    pub(super) step: Option<&'a Step>,
    pub(super) inside: Option<&'a Inside<'a>>,
}

/// A composite action that a step uses.
#[derive(Clone, Debug)]
pub(super) struct Inside<'a> {
    pub(super) action: &'a LocalAction,
    pub(super) with: &'a Variables,
    /// The step that uses it.
    pub(super) outer: Site<'a>,
}

impl<'a> Site<'a> {
    pub(super) const fn of_job(frame: &'a Frame<'a>) -> Self {
        Self { frame, step: None, inside: None }
    }

    /// The same place, seen from the job.
    pub(super) const fn job(self) -> Self {
        Self { step: None, inside: None, ..self }
    }

    /// The same place without the step's own variables.
    pub(super) const fn around_step(self) -> Self {
        Self { step: None, ..self }
    }
}
