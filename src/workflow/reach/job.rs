//! One attempt: a chain of calls down to a job, tried in one world.

use std::{cell::RefCell, collections::HashMap};

use super::{
    asks::Found,
    entry::{Certainty, Entry, SignIn, Token},
    evaluate::{Asked, Evaluator},
    explore::Analysis,
    gathered::Gathered,
    matrix,
    partial::{Partial, Truth},
    site::{Frame, Site},
    subject, why,
    world::World,
};
use crate::{
    id::Part,
    text::Located,
    workflow::{
        expression::{Comparison, Expr, ExprKind, Function},
        model::{CallSite, Job, Work, Workflow},
        permissions::{Grant, Level, effective},
    },
};

/// A job on the way down.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link<'a> {
    pub(super) workflow: &'a Workflow,
    pub(super) job: &'a Job,
}

impl Link<'_> {
    /// Whether it calls a workflow as it was at some revision.
    pub(super) fn names_revision(&self) -> bool {
        matches!(&self.job.work, Work::Call(site) if site.uses.value.contains('@'))
    }
}

/// Whether jobs run, by job and calling frame.
pub(super) type Memo = RefCell<HashMap<(usize, usize), Truth>>;

/// Jobs that wait for each other, in a row.
const MOST_WAITS: usize = 200;
/// A row of a matrix is so much more work than an expression.
const ROW_WORK: usize = 20;

/// One attempt in one world.
pub(super) struct Attempt<'a> {
    analysis: &'a Analysis<'a>,
    world: &'a World<'a>,
    memo: Memo,
}

impl<'a> Attempt<'a> {
    pub(super) fn new(analysis: &'a Analysis<'a>, world: &'a World<'a>) -> Self {
        Self { analysis, world, memo: Memo::default() }
    }

    pub(super) fn run(&self, links: &[Link<'_>]) -> Asked<Vec<Entry>> {
        let mut entries = Gathered::default();
        self.descend(links, None, Truth::Yes, &mut entries)?;
        Ok(entries.into_entries())
    }

    const fn evaluator<'s>(&'s self, site: Site<'s>) -> Evaluator<'s> {
        Evaluator { analysis: self.analysis, world: self.world, memo: &self.memo, site, depth: 0, waits: 0 }
    }

    fn descend(
        &self,
        links: &[Link<'_>],
        caller: Option<(&Frame<'_>, &CallSite)>,
        so_far: Truth,
        entries: &mut Gathered,
    ) -> Asked<()> {
        let Some((link, deeper)) = links.split_first() else { return Ok(()) };
        let frame = Frame { workflow: link.workflow, job: link.job, caller, row: None };
        let evaluator = self.evaluator(Site::of_job(&frame));
        let runs = so_far.and(evaluator.runs(link.job)?);
        if runs == Truth::No {
            return Ok(());
        }
        let mut is_followed = true;
        for (row, certain) in evaluator.rows()? {
            if !is_followed {
                break;
            }
            is_followed = self.analysis.spend(ROW_WORK);
            // The row behind which no more are followed stands for all of them.
            let row = if is_followed { row } else { Partial::Unknown("matrix".to_owned()) };
            let frame = Frame { row: Some(row), ..frame.clone() };
            let runs = runs.and(certain);
            self.memo.borrow_mut().clear();
            match &link.job.work {
                Work::Call(call) if !deeper.is_empty() => {
                    self.descend(deeper, Some((&frame, call)), runs, entries)?;
                }
                Work::Call(call) => entries.add(self.unknown_callee(&frame, call, runs)?, true),
                Work::Steps(_) => entries.add(self.leaf(&frame, runs)?, true),
            }
        }
        Ok(())
    }

    /// A job with steps.
    fn leaf(&self, frame: &Frame<'_>, runs: Truth) -> Asked<Vec<Entry>> {
        let evaluator = self.evaluator(Site::of_job(frame));
        let Found { asks, sign_ins, assumed, .. } = evaluator.sign_ins()?;
        if asks == Truth::No && !self.analysis.wants_others(frame) {
            return Ok(Vec::new());
        }
        let environment = evaluator.environment()?;
        let certain = if asks == Truth::No { runs } else { runs.and(asks) };
        let mut entry = self.entry(frame, environment, certain, sign_ins)?;
        entry.assumed.extend(assumed.into_iter().map(Into::into));
        Ok(vec![entry])
    }

    /// A call of a workflow that is not at hand: it may present anything that the caller's permissions allow. Where no caller states any,
    /// the repository's default may allow it.
    fn unknown_callee(&self, frame: &Frame<'_>, call: &CallSite, runs: Truth) -> Asked<Vec<Entry>> {
        let by_default = !is_stated(frame);
        if grant(frame) != Grant::Granted && !by_default {
            return Ok(Vec::new());
        }
        let mut entry = self.entry(frame, None, runs.and(Truth::Unknown), Vec::new())?;
        let mut parts = self.analysis.facts.prefix.parts();
        parts.extend([Part::Text(":".to_owned()), Part::Hole("context".to_owned())]);
        entry.shape = crate::id::SubjectShape::from_parts(parts);
        entry.unknowns = vec![format!("context of {}", call.uses.value)];
        entry.assumed = vec![why::not_at_hand(&call.uses.value).into()];
        entry.assumed.extend(by_default.then_some(why::BY_DEFAULT.into()));
        entry.reference = None;
        entry.token = if self.starts(frame) { Token::Available } else { Token::NoStart };
        Ok(vec![entry])
    }

    /// Whether runs of the workflow that calls all others of the chain start.
    fn starts(&self, frame: &Frame<'_>) -> bool {
        let first = std::iter::successors(Some(frame), |frame| frame.caller.map(|(caller, _)| caller)).last();
        first.is_none_or(|first| self.analysis.project.starts(first.workflow.source.path()))
    }

    fn entry(
        &self,
        frame: &Frame<'_>,
        environment: Option<Vec<Part>>,
        certain: Truth,
        sign_ins: Vec<SignIn>,
    ) -> Asked<Entry> {
        let shown = environment.clone().map(|parts| subject::shape_of(parts, self.world).to_string());
        let presented = subject::present(self.analysis, self.world, frame, environment)?;
        let grant = grant(frame);
        let token = match grant {
            Grant::Withheld | Grant::Exceeds => Token::NoPermission,
            Grant::Granted | Grant::OnlyByDefault if !self.starts(frame) => Token::NoStart,
            Grant::Granted | Grant::OnlyByDefault if presented.fillable => Token::Available,
            Grant::Granted | Grant::OnlyByDefault => Token::Template,
        };
        let one_of_many = matches!(presented.shape, crate::id::SubjectShape::Family(_));
        let must = certain == Truth::Yes && !one_of_many && self.world.trigger.is_some();
        Ok(Entry {
            workflow: frame.workflow.source.path().to_owned(),
            job: Located::new(frame.job.id.clone(), frame.job.place.clone()),
            trigger: self.world.event.name,
            reference: presented.reference,
            environment: shown,
            unknowns: presented.shape.holes().into_iter().map(str::to_owned).collect(),
            assumed: why::assumed(self.analysis.facts, self.world, frame, &presented.shape, grant),
            shape: presented.shape,
            certainty: if must { Certainty::Must } else { Certainty::May },
            token,
            sign_ins,
            called_from: why::callers(frame),
            also_called_from: Vec::new(),
            why: why::reasons(self.world, frame),
        })
    }
}

pub(super) fn grant(frame: &Frame<'_>) -> Grant {
    let mut links = Vec::new();
    let mut next = Some(frame);
    while let Some(frame) = next {
        links.push(Link { workflow: frame.workflow, job: frame.job });
        next = frame.caller.map(|(caller, _)| caller);
    }
    links.reverse();
    grant_of(&links)
}

/// Whether any job or workflow of the chain states permissions.
fn is_stated(frame: &Frame<'_>) -> bool {
    let here = frame.job.permissions.is_some() || frame.workflow.permissions.is_some();
    here || frame.caller.is_some_and(|(caller, _)| is_stated(caller))
}

/// What the permissions along a chain of calls come to, the first caller first.
pub(super) fn grant_of(links: &[Link<'_>]) -> Grant {
    let levels = links.iter().map(|link| Level {
        workflow: link.workflow.permissions.as_ref(),
        job: link.job.permissions.as_ref(),
    });
    let stated = effective(levels);
    // The caller, who is not known, may grant what a callable workflow does not state.
    let silent = match links {
        [Link { workflow, job }] => {
            workflow.triggers.is_empty() && workflow.permissions.is_none() && job.permissions.is_none()
        }
        _ => false,
    };
    if stated == Grant::Withheld && silent { Grant::OnlyByDefault } else { stated }
}

impl Evaluator<'_> {
    /// Whether a job of this site's workflow runs: its own condition, and through `success()` the jobs that it waits for.
    ///
    /// Source: <https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idneeds>.
    pub(super) fn runs(&self, job: &Job) -> Asked<Truth> {
        let frame = self.site.frame;
        let caller = frame.caller.map_or(0, |(caller, _)| std::ptr::from_ref(caller) as usize);
        let key = (std::ptr::from_ref(job) as usize, caller);
        if let Some(truth) = self.memo.borrow().get(&key) {
            return Ok(*truth);
        }
        let own = Frame { workflow: frame.workflow, job, caller: frame.caller, row: None };
        let evaluator = Evaluator { site: Site::of_job(&own), depth: self.depth + 1, ..*self };
        if self.waits > MOST_WAITS {
            return Ok(Truth::Unknown);
        }
        let mut success = Truth::Yes;
        let always = job.condition.as_ref().and_then(|node| self.analysis.condition(node));
        let asks = always.is_none_or(|expr| calls_success(&expr));
        for need in job.needs.iter().filter(|_| asks) {
            if let Some(needed) = frame.workflow.job(&need.value) {
                success = success.and(Evaluator { waits: self.waits + 1, ..*self }.runs(needed)?);
            }
            if success == Truth::No {
                break;
            }
        }
        let truth = evaluator.condition(job.condition.as_ref(), success)?;
        self.memo.borrow_mut().insert(key, truth);
        Ok(truth)
    }

    /// The rows of the job's matrix, each with whether it is one for certain; one empty row without a matrix.
    fn rows(&self) -> Asked<Vec<(Partial, Truth)>> {
        let Some(node) = &self.site.frame.job.matrix else { return Ok(vec![(Partial::null(), Truth::Yes)]) };
        let mut matrix = self.node(node)?;
        if self.site.frame.job.is_strategy {
            matrix = self.index(matrix, &Partial::text("matrix"), "strategy.matrix")?;
        }
        let equal = |left: &Partial, right: &Partial| match self.analysis.spend(1) {
            true => self.compare(Comparison::Equal, left, right),
            false => Ok(Truth::Unknown),
        };
        matrix::rows(&matrix, equal)
    }

    /// The name of the environment; `None` where the job has none, which an empty name means too.
    fn environment(&self) -> Asked<Option<Vec<Part>>> {
        let Some(node) = &self.site.frame.job.environment else { return Ok(None) };
        let value = self.node(node)?;
        // Source: actions/runner `TemplateReader.cs`: what an expression gives is read like what is written, so it may be the mapping.
        let name = match value.fields() {
            Some(fields) => fields
                .into_iter()
                .find_map(|(key, value)| (key == "name").then_some(value))
                .unwrap_or_else(|| Partial::Unknown("environment.name".to_owned())),
            None => value,
        };
        let empty = name.known().is_some_and(|value| value.to_text().is_empty());
        Ok((!empty).then(|| name.parts()))
    }
}

/// Whether the condition asks for `success()` anywhere.
pub(super) fn calls_success(expr: &Expr) -> bool {
    expr.any(&|part| matches!(&part.kind, ExprKind::Call { function: Function::Success, .. }))
}

/// Whether the condition is false where `success()` is: it is that call, or `&&` joins it to the rest.
pub(super) fn demands_success(expr: &Expr) -> bool {
    if let ExprKind::And(operands) = &expr.kind {
        return operands.iter().any(demands_success);
    }
    matches!(&expr.kind, ExprKind::Call { function: Function::Success, .. })
}
