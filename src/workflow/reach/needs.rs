//! What one job hands to another: `needs.JOB`, and `jobs.JOB` where a called workflow says what it gives back.

use super::{
    evaluate::{Asked, Evaluator},
    job::{Memo, demands_success},
    partial::{Partial, Truth},
    site::{Frame, Site},
};
use crate::workflow::model::{CallSite, Job, Work};

impl Evaluator<'_> {
    /// `needs.JOB.result` and `needs.JOB.outputs.NAME`; `None` where it is not known.
    pub(super) fn need(&self, name: &str, deeper: &[String]) -> Asked<Option<Partial>> {
        let frame = self.site.frame;
        let needed = frame.job.needs.iter().any(|need| need.value.eq_ignore_ascii_case(name));
        let Some(job) = frame.workflow.job(name).filter(|_| needed) else { return Ok(Some(Partial::null())) };
        let deeper: Vec<&str> = deeper.iter().map(String::as_str).collect();
        let path = || {
            let names = ["needs", name].into_iter().chain(deeper.iter().copied());
            Some(Partial::Path(names.map(str::to_owned).collect()))
        };
        match deeper.as_slice() {
            [] | ["outputs"] => Ok(path()),
            ["result"] => match self.runs(job)? {
                Truth::No => Ok(Some(Partial::text("skipped"))),
                Truth::Unknown | Truth::Yes if self.runs_after_success(frame.job) => {
                    Ok(Some(Partial::text("success")))
                }
                Truth::Unknown | Truth::Yes => Ok(Some(Partial::Unknown(format!("needs.{}.result", job.id)))),
            },
            // A job that runs only after success has seen the other one through.
            ["outputs", output] => self.output(job, output, self.runs_after_success(frame.job)),
            _ => Ok(Some(Partial::null())),
        }
    }

    /// Whether the result that `hole` stands for can never be `wanted`.
    ///
    /// Source: <https://docs.github.com/actions/reference/workflows-and-actions/contexts#needs-context>.
    pub(super) fn is_no_result(&self, hole: &str, wanted: &str) -> Asked<bool> {
        let name = hole.strip_prefix("needs.").and_then(|rest| rest.strip_suffix(".result"));
        // In a called workflow the hole may come from the caller, whose jobs are others.
        let frame = Some(self.site.frame).filter(|frame| frame.caller.is_none());
        let job = frame.zip(name).and_then(|(frame, name)| frame.workflow.job(name));
        let Some(job) = job else { return Ok(false) };
        Ok(match wanted.to_lowercase().as_str() {
            "success" | "failure" | "cancelled" => false,
            // A called workflow may skip every job that it has, and a job that waits for another is skipped where that one fails.
            "skipped" => {
                matches!(job.work, Work::Steps(_)) && job.needs.is_empty() && self.runs(job)? == Truth::Yes
            }
            _ => true,
        })
    }

    /// `jobs.JOB.outputs.NAME` of a called workflow, which succeeds although some of its jobs are skipped.
    pub(super) fn called_job(&self, name: &str, deeper: &[String]) -> Asked<Option<Partial>> {
        let Some(job) = self.site.frame.workflow.job(name) else { return Ok(Some(Partial::null())) };
        match deeper {
            [outputs] => Ok(Some(Partial::Path(vec!["jobs".to_owned(), name.to_owned(), outputs.clone()]))),
            [outputs, output] if outputs.eq_ignore_ascii_case("outputs") => self.output(job, output, false),
            _ => Ok(None),
        }
    }

    /// An output of a job; null where the job is skipped.
    fn output(&self, job: &Job, name: &str, ran: bool) -> Asked<Option<Partial>> {
        match self.runs(job)? {
            Truth::No => return Ok(Some(Partial::null())),
            Truth::Unknown if !ran => {
                let result = Partial::Unknown(format!("needs.{}.result", job.id));
                if self.decided(&result, &format!("needs.{}.result", job.id))? == Truth::No {
                    return Ok(Some(Partial::null()));
                }
            }
            Truth::Unknown | Truth::Yes => {}
        }
        let frame = self.site.frame;
        let other = Frame { workflow: frame.workflow, job, caller: frame.caller, row: None };
        match &job.work {
            Work::Steps(_) => {
                let Some(node) = job.outputs.get(name) else { return Ok(None) };
                let evaluator = Evaluator { site: Site::of_job(&other), depth: self.depth + 1, ..*self };
                Ok(evaluator.node(node)?.known().map(|value| Partial::text(value.to_text().into_owned())))
            }
            Work::Call(site) => self.given_back(&other, site, name),
        }
    }

    /// What a called workflow gives back under `name`.
    fn given_back(&self, caller: &Frame<'_>, site: &CallSite, name: &str) -> Asked<Option<Partial>> {
        let called = self.analysis.called(caller.workflow, &site.uses.value);
        let Some((called, call)) = called.and_then(|called| Some((called, called.call.as_ref()?))) else {
            return Ok(None);
        };
        let Some(node) = call.outputs.get(name) else { return Ok(Some(Partial::null())) };
        // Its expression stands in no job; any one leads to the workflow's contexts.
        let Some(job) = called.jobs.first() else { return Ok(None) };
        let inside = Frame { workflow: called, job, caller: Some((caller, site)), row: None };
        // What is remembered is told apart by where the caller's frame lies, and this frame is gone after this call.
        let memo = Memo::default();
        let evaluator =
            Evaluator { site: Site::of_job(&inside), depth: self.depth + 1, memo: &memo, ..*self };
        Ok(evaluator.node(node)?.known().map(|value| Partial::text(value.to_text().into_owned())))
    }

    /// Whether the job cannot run unless all that it needs has succeeded.
    fn runs_after_success(&self, job: &Job) -> bool {
        let condition = job.condition.as_ref().and_then(|node| self.analysis.condition(node));
        condition.is_none_or(|expr| demands_success(&expr))
    }
}
