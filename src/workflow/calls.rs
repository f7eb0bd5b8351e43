//! What GitHub refuses only when it follows the calls of a workflow: inputs, secrets and permissions that do not fit, and calls without end.
//!
//! Source: actions/runner `WorkflowTemplateConverter.cs` and `PermissionsHelper.cs`; the documents `errors-reusable-workflow-*` of
//! actions/languageservices.

use std::cell::{Cell, OnceCell};

use super::{
    Error, Level, Problem, Workflow, excess,
    model::{Call, CallSite, Job, Secrets, Variables, Work},
};
use crate::text::Located;

/// Calls inside each other that are followed.
///
/// Source: <https://docs.github.com/actions/reference/workflows-and-actions/reusing-workflow-configurations#limitations-of-reusable-workflows>.
pub const MAX_CALLS: usize = 10;

/// Jobs that are looked at, so that calls that fan out at every level come to an end.
const MOST_JOBS: usize = 10_000;

/// What stops every run of `workflow`, as far as the workflows that it calls are known, although it is no fault of the file: a called job
/// asks for the `id-token` that its callers do not have. The job itself is told that it gets no token.
///
/// # Errors
/// The first other thing for which no run starts, at the job that calls or at the value that it hands over.
pub fn check<'a>(
    workflow: &'a Workflow,
    find: &impl Fn(&Workflow, &str) -> Option<&'a Workflow>,
    limit: usize,
) -> Result<Option<Error>, Error> {
    let check = Check { find, limit, looked_at: Cell::new(0), withheld: OnceCell::new() };
    check.below(workflow, &mut Vec::new())?;
    Ok(check.withheld.into_inner())
}

struct Check<'f, F> {
    find: &'f F,
    limit: usize,
    looked_at: Cell<usize>,
    withheld: OnceCell<Error>,
}

impl<'a, F: Fn(&Workflow, &str) -> Option<&'a Workflow>> Check<'_, F> {
    fn below(&self, workflow: &'a Workflow, chain: &mut Vec<(&'a Workflow, &'a Job)>) -> Result<(), Error> {
        for job in &workflow.jobs {
            if self.looked_at.replace(self.looked_at.get() + 1) > MOST_JOBS {
                return Ok(());
            }
            chain.push((workflow, job));
            if let Some(excess) = permissions(chain) {
                if !asks_for_token(&excess) {
                    return Err(excess);
                }
                self.withheld.get_or_init(|| excess);
            }
            if let Work::Call(site) = &job.work
                && let Some(called) = (self.find)(workflow, &site.uses.value)
            {
                handed_over(site, called)?;
                if chain.len() > self.limit {
                    let problem = Problem::TooManyCalls { limit: self.limit };
                    return Err(Error::new(problem, site.uses.place.clone()));
                }
                self.below(called, chain)?;
            }
            chain.pop();
        }
        Ok(())
    }
}

/// What the last job of a chain asks for that its callers do not have.
fn permissions(chain: &[(&Workflow, &Job)]) -> Option<Error> {
    let levels = chain.iter().map(|(workflow, job)| Level {
        workflow: workflow.permissions.as_ref(),
        job: job.permissions.as_ref(),
    });
    let (depth, asked) = excess(levels)?;
    let (_, caller) = chain.get(depth.checked_sub(1)?)?;
    let (called, job) = chain.get(depth)?;
    let problem = Problem::Excess { job: job.id.clone(), path: called.source.path().to_owned(), asked };
    Some(Error::new(problem, caller.place.clone()))
}

fn asks_for_token(error: &Error) -> bool {
    matches!(&error.problem, Problem::Excess { asked, .. } if asked.iter().any(|(scope, _)| *scope == "id-token"))
}

/// Refuses inputs and secrets that the called workflow does not have, and the lack of those that it must have.
fn handed_over(site: &CallSite, called: &Workflow) -> Result<(), Error> {
    let Some(call) = &called.call else { return refuse(Problem::NotCallable, &site.uses) };
    let inputs: Vec<(&str, bool)> = call
        .inputs
        .iter()
        .map(|input| (input.name.as_str(), input.required && input.default.is_none()))
        .collect();
    fits("input", &site.with, &inputs, &site.uses)?;
    match &site.secrets {
        Secrets::Inherit => Ok(()),
        Secrets::Mapped(given) => fits("secret", given, &secrets(call), &site.uses),
    }
}

fn secrets(call: &Call) -> Vec<(&str, bool)> {
    call.secrets.iter().map(|(name, required)| (name.as_str(), *required)).collect()
}

fn fits(
    what: &'static str,
    given: &Variables,
    declared: &[(&str, bool)],
    uses: &Located<String>,
) -> Result<(), Error> {
    if given.open {
        return Ok(());
    }
    let unknown = |name: &str| !declared.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
    if let Some((name, node)) = given.entries.iter().find(|(name, _)| unknown(name)) {
        return Err(Error::new(Problem::Undeclared { what, name: name.clone() }, node.used_at()));
    }
    match declared.iter().find(|(name, required)| *required && given.get(name).is_none()) {
        Some((name, _)) => refuse(Problem::NotGiven { what, name: (*name).to_owned() }, uses),
        None => Ok(()),
    }
}

fn refuse(problem: Problem, uses: &Located<String>) -> Result<(), Error> {
    Err(Error::new(problem, uses.place.clone()))
}
