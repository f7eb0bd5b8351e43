//! Which steps of a job exchange its token in a world, through composite actions down to scripts.

use super::{
    entry::SignIn,
    evaluate::{Asked, Evaluator},
    partial::{Partial, Truth},
    site::{Inside, Site},
    why,
};
use crate::{
    id::Part,
    workflow::{
        model::{Action, Job, Step, Variables, Work, Workflow},
        sign_in::{self, Ask, Candidate, Origin, When},
    },
    yaml::Node,
};

/// A step is so much more work than an expression.
const STEP_WORK: usize = 5;

/// Composite actions inside each other that are followed.
pub(super) const MAX_NESTING: usize = 10;

impl<'a> Evaluator<'a> {
    /// Whether the job asks for a token, and the steps that do.
    pub(super) fn sign_ins(&self) -> Asked<Found> {
        let mut found =
            Found { asks: Truth::No, sign_ins: Vec::new(), assumed: Vec::new(), switched: Truth::No };
        if let Work::Steps(steps) = &self.site.frame.job.work {
            self.in_steps(steps, Truth::Yes, 0, &mut found)?;
        }
        found.sign_ins.shrink_to_fit();
        Ok(found)
    }

    fn in_steps(&self, steps: &[Step], so_far: Truth, nesting: usize, found: &mut Found) -> Asked<()> {
        for step in steps {
            if !self.analysis.spend(STEP_WORK) {
                found.asks = found.asks.or(Truth::Unknown);
                return Ok(());
            }
            let site = Site { step: Some(step), ..self.site };
            let evaluator = Evaluator { site, ..*self };
            let folder = folder(self.site.frame.workflow, self.site.frame.job, step);
            let seen = self.analysis.seen(step, folder.as_deref());
            let local = match &step.action {
                Action::Uses { uses, with } => {
                    let from = step.place.source.path();
                    self.analysis.project.action(&uses.value, from).map(|action| (action, with))
                }
                Action::Run { .. } => None,
            };
            if seen.candidates.is_empty() && local.is_none() && seen.switch.is_none() {
                continue;
            }
            let reached = so_far.and(evaluator.condition(step.condition.as_ref(), Truth::Yes)?);
            if reached == Truth::No {
                continue;
            }
            let before = found.sign_ins.len();
            if let Some(value) = &seen.switch {
                let told = is_true(&evaluator.written(value)?);
                let certain = reached == Truth::Yes || told == found.switched;
                found.switched = if certain { told } else { Truth::Unknown };
            }
            for candidate in &seen.candidates {
                let asks = reached.and(evaluator.asks(candidate, step, found.switched)?);
                if asks != Truth::No {
                    found.asks = found.asks.or(asks);
                    found.sign_ins.push(evaluator.described(candidate, step)?);
                }
            }
            if let Some((action, with)) = local.filter(|_| nesting < MAX_NESTING) {
                let inside = Inside { action, with, outer: site };
                let site = Site { frame: self.site.frame, step: None, inside: Some(&inside) };
                let steps = action.steps.as_deref().unwrap_or_default();
                Evaluator { site, ..*self }.in_steps(steps, reached, nesting + 1, found)?;
            }
            found.assumed.extend(revision(step).filter(|_| local.is_some() && found.sign_ins.len() > before));
        }
        Ok(())
    }

    /// Whether the step asks for a token, where an earlier one has `switched` the variable on that some tools look at.
    fn asks(&self, candidate: &Candidate, step: &Step, switched: Truth) -> Asked<Truth> {
        let mut all = Truth::Yes;
        for when in candidate.tool.when {
            let truth = match when {
                When::InputGiven(name) => match self.given(step, name)? {
                    None => Truth::No,
                    // A secret or variable that a workflow names is taken to be there.
                    Some(value) if value.truth() == Truth::No => Truth::No,
                    Some(_) => Truth::Yes,
                },
                When::InputIsNot(name, text) => match self.given(step, name)? {
                    Some(Partial::Known(value)) => Truth::of(!value.to_text().eq_ignore_ascii_case(text)),
                    Some(_) => Truth::Unknown,
                    None => Truth::Yes,
                },
                When::VariableIsTrue(name) => self.is_on(candidate, name, switched)?,
                When::VariableIsNotTrue(name) => self.is_on(candidate, name, switched)?.not(),
            };
            all = all.and(truth);
            if all == Truth::No {
                break;
            }
        }
        Ok(all)
    }

    fn given(&self, step: &Step, name: &str) -> Asked<Option<Partial>> {
        let with = inputs(step);
        with.and_then(|with| with.get(name)).map(|node| self.node(node)).transpose()
    }

    /// What the script gives to the variable comes first, else the workflow or an earlier step may give it.
    fn is_on(&self, candidate: &Candidate, name: &str, switched: Truth) -> Asked<Truth> {
        match &candidate.switch {
            Some(value) => Ok(is_true(&self.written(value)?)),
            None => {
                let value = self.seen_by_processes(name)?.map_or(Truth::No, |value| is_true(&value));
                // What a step says itself in plain words wins over what earlier ones said.
                let own = self.site.step.and_then(|step| step.env.get(name)?.text());
                let own = own.is_some_and(|text| !text.contains("${{"));
                Ok(if own { value } else { value.or(switched) })
            }
        }
    }

    /// A variable as the processes of a step see it, in the job's container too.
    fn seen_by_processes(&self, name: &str) -> Asked<Option<Partial>> {
        let container = &self.site.frame.job.container;
        match (self.variable(name)?, container.get(name)) {
            (None, Some(node)) => self.at(self.site.job()).node(node).map(Some),
            (None, None) if container.open => Ok(Some(Partial::Unknown(format!("env.{name}")))),
            (value, _) => Ok(value),
        }
    }

    fn described(&self, candidate: &Candidate, step: &Step) -> Asked<SignIn> {
        let tool = candidate.tool;
        let ask = |ask: &Ask| self.traced(candidate, step, ask);
        Ok(SignIn {
            via: tool.via,
            client_id: ask(&tool.client)?,
            tenant_id: ask(&tool.tenant)?,
            audience: ask(&tool.audience)?.or_else(|| tool.default_audience.map(str::to_owned)),
            cloud: ask(&tool.cloud)?,
            place: candidate.place.clone(),
        })
    }

    /// A literal, or where the value comes from; `None` where nothing is written.
    fn traced(&self, candidate: &Candidate, step: &Step, ask: &Ask) -> Asked<Option<String>> {
        let value = match candidate.origin(ask) {
            Origin::Nothing => None,
            Origin::Input(name) => self.given(step, name)?,
            Origin::Variable(name) => match self.seen_by_processes(name)? {
                None if matches!(ask, Ask::Variable(_)) && !name.starts_with("ARM_") => None,
                None => Some(Partial::Unknown(format!("env.{name}"))),
                some => some,
            },
            Origin::Text(text) => Some(self.written(text)?),
        };
        Ok(value.map(|value| shown(&value.parts())).filter(|text| !text.is_empty()))
    }

    /// A word of a command, which may hold expressions.
    fn written(&self, text: &str) -> Asked<Partial> {
        use crate::workflow::expression::{Scope, Template, template};
        match template(text, &Scope::ANY) {
            Ok(Template::Expression(expr)) => self.value(&expr, text),
            Ok(Template::Literal(literal)) => Ok(Partial::text(literal)),
            Err(_) => Ok(Partial::text(text)),
        }
    }
}

/// The folder in which a script runs, where it is written out.
pub(super) fn folder(workflow: &Workflow, job: &Job, step: &Step) -> Option<String> {
    let Action::Run { folder, .. } = &step.action else { return None };
    let node = folder.as_ref().or(job.folder.as_ref()).or(workflow.folder.as_ref());
    node.and_then(Node::text).map(|folder| sign_in::located(folder, step))
}

/// Whether a tool takes the value of a variable for a yes.
fn is_true(value: &Partial) -> Truth {
    let text = value.known().map(|value| value.to_text().to_lowercase());
    match text.as_deref() {
        Some("true" | "1" | "t" | "$true") => Truth::Yes,
        Some(text) if !text.contains('$') => Truth::No,
        Some(_) | None => Truth::Unknown,
    }
}

/// What is said of an action at a revision that is read where it lies.
fn revision(step: &Step) -> Option<String> {
    match &step.action {
        Action::Uses { uses, .. } => uses.value.contains('@').then(|| why::as_it_lies(&uses.value)),
        Action::Run { .. } => None,
    }
}

/// The sign-ins of a job.
pub(super) struct Found {
    /// Whether one of them is reached.
    pub(super) asks: Truth,
    pub(super) sign_ins: Vec<SignIn>,
    /// What was taken for granted.
    pub(super) assumed: Vec<String>,
    /// Whether a step has given `ARM_USE_OIDC` to those behind it.
    switched: Truth,
}

fn inputs(step: &Step) -> Option<&Variables> {
    match &step.action {
        Action::Uses { with, .. } => Some(with),
        Action::Run { .. } => None,
    }
}

/// A value as it is printed: a lone hole by its name, a mixture with braces around the holes.
fn shown(parts: &[Part]) -> String {
    match parts {
        [Part::Hole(name)] => name.clone(),
        parts => parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => text.clone(),
                Part::RefName => "{github.ref_name}".to_owned(),
                Part::Hole(name) => format!("{{{name}}}"),
            })
            .collect(),
    }
}
