//! The contexts: what `github`, `inputs`, `env`, `secrets`, `needs` and `matrix` hold in a world.

use super::{
    evaluate::{Asked, Evaluator},
    name::parts_of,
    partial::{Partial, join},
    site::{Frame, Inside, Site},
    world::RefKind,
};
use crate::{
    id::Part,
    workflow::{
        expression::Value,
        model::{CallSite, Input, InputKind, Secrets, Work},
        sign_in,
    },
    yaml::Node,
};

impl<'a> Evaluator<'a> {
    /// The value at a path such as `github`, `event`, `action`.
    pub(super) fn lookup(&self, path: &[String]) -> Asked<Partial> {
        let Some((root, rest)) = path.split_first() else { return Ok(Partial::null()) };
        let path_itself = || Partial::Path(path.to_vec());
        let unknown = || Partial::Unknown(path.join("."));
        let Some((name, deeper)) = rest.split_first() else {
            return Ok(match root.as_str() {
                "matrix" => self.site.frame.row.clone().unwrap_or_else(unknown),
                _ => path_itself(),
            });
        };
        Ok(match root.as_str() {
            "github" => self.github(&name.to_lowercase(), deeper)?.unwrap_or_else(unknown),
            "inputs" => self.input(name)?,
            "env" => self.variable(name)?.unwrap_or_else(unknown),
            "secrets" => self.secret(name)?,
            "needs" => self.need(name, deeper)?.unwrap_or_else(unknown),
            "jobs" if !deeper.is_empty() => self.called_job(name, deeper)?.unwrap_or_else(unknown),
            _ if rest.len() == 1 && matches!(root.as_str(), "steps" | "jobs") => path_itself(),
            _ => unknown(),
        })
    }

    pub(super) fn github(&self, name: &str, deeper: &[String]) -> Asked<Option<Partial>> {
        let text = |text: &str| Some(Partial::text(text));
        let known = self.world.trigger.is_some();
        let repository = self.analysis.facts.prefix.repository();
        Ok(match name {
            "event_name" if known => text(self.world.event.name),
            "event" => return self.event(deeper),
            "ref" => self.world.reference()?.map(Partial::from_parts),
            "ref_name" => self.world.reference()?.and_then(short).map(Partial::from_parts),
            "ref_type" => match self.world.kind {
                RefKind::Tag => text("tag"),
                RefKind::Branch | RefKind::Default | RefKind::PullRequest => text("branch"),
                RefKind::Unknown => None,
            },
            "base_ref" if self.world.is_pull_request() => {
                Some(Partial::from_parts(parts_of(&self.world.name)))
            }
            "head_ref" if self.world.is_pull_request() => {
                Some(Partial::Text(vec![Part::Hole("github.head_ref".to_owned())]))
            }
            "head_ref" | "base_ref" if known && !self.world.event.may_have_head() => text(""),
            "repository" => repository.and_then(|name| text(name.as_str())),
            "repository_owner" => repository.and_then(|name| text(name.owner())),
            "workflow" => text(&root(self.site.frame).workflow.name),
            "job" => text(&self.site.frame.job.id),
            "server_url" => text("https://github.com"),
            _ => None,
        })
    }

    fn input(&self, name: &str) -> Asked<Partial> {
        if let Some(inside) = self.site.inside {
            return self.action_input(inside, name).map(as_text);
        }
        let frame = self.site.frame;
        match frame.caller {
            Some((caller, call)) => self.called_input(frame, caller, call, name),
            None if self.world.trigger.is_none() => Ok(Partial::Unknown(format!("inputs.{name}"))),
            None => self.dispatched(name),
        }
    }

    fn action_input(&self, inside: &'a Inside<'a>, name: &str) -> Asked<Partial> {
        if let Some(given) = inside.with.get(name) {
            return self.at(inside.outer).node(given);
        }
        let declared = inside.action.inputs.iter().find(|input| input.name.eq_ignore_ascii_case(name));
        match declared.and_then(|input| input.default.as_ref()) {
            Some(default) => self.at(self.site.job()).node(default),
            None => Ok(Partial::text("")),
        }
    }

    fn called_input(
        &self,
        frame: &Frame<'a>,
        caller: &'a Frame<'a>,
        call: &'a CallSite,
        name: &str,
    ) -> Asked<Partial> {
        let declared = frame.workflow.call.as_ref().map(|call| call.inputs.as_slice()).unwrap_or_default();
        let Some(input) = declared.iter().find(|input| input.name.eq_ignore_ascii_case(name)) else {
            return Ok(Partial::null());
        };
        let value = match (call.with.get(name), &input.default) {
            (Some(given), _) => self.at(Site::of_job(caller)).node(given)?,
            (None, _) if call.with.open => return Ok(Partial::Unknown(format!("inputs.{name}"))),
            (None, Some(default)) => self.at(self.site.job()).node(default)?,
            (None, None) => return Ok(Partial::Known(empty(input))),
        };
        Ok(coerced(value, input))
    }

    /// A variable of the step, the job or the workflow; `None` where none of them sets it.
    pub(super) fn variable(&self, name: &str) -> Asked<Option<Partial>> {
        let mut site = self.site;
        loop {
            if let Some(step) = site.step {
                if let Some(node) = step.env.get(name) {
                    return self.at(site.around_step()).text_of(node).map(Some);
                }
                if step.env.open {
                    return Ok(Some(Partial::Unknown(format!("env.{name}"))));
                }
            }
            match site.inside {
                Some(inside) => site = inside.outer,
                None => break,
            }
        }
        let frame = site.frame;
        for variables in [&frame.job.env, &frame.workflow.env] {
            if let Some(node) = variables.get(name) {
                if self.is_overwritten(name) {
                    return Ok(Some(Partial::Unknown(format!("env.{name}"))));
                }
                // A variable may not name itself, so the wider ones are what its own text can see.
                return self.at(site.job()).text_of(node).map(Some);
            }
            if variables.open {
                return Ok(Some(Partial::Unknown(format!("env.{name}"))));
            }
        }
        Ok(None)
    }

    /// Whether a step of the job gives another value to a variable for those behind it.
    fn is_overwritten(&self, name: &str) -> bool {
        let of_action = self.site.inside.and_then(|inside| inside.action.steps.as_deref());
        let of_job = match &self.site.frame.job.work {
            Work::Steps(steps) => steps.as_slice(),
            Work::Call(_) => &[],
        };
        let mut steps = of_job.iter().chain(of_action.unwrap_or_default());
        steps.any(|step| sign_in::overwrites(step, name))
    }

    fn text_of(&self, node: &Node) -> Asked<Partial> {
        self.node(node).map(as_text)
    }

    fn secret(&self, name: &str) -> Asked<Partial> {
        match self.site.frame.caller {
            None => Ok(Partial::Unknown(format!("secrets.{name}"))),
            Some((caller, call)) => {
                let above = self.at(Site::of_job(caller));
                match &call.secrets {
                    Secrets::Inherit => above.secret(name),
                    Secrets::Mapped(map) => match map.get(name) {
                        Some(node) => above.node(node),
                        None if name.eq_ignore_ascii_case("GITHUB_TOKEN") => {
                            Ok(Partial::Unknown(format!("secrets.{name}")))
                        }
                        None => Ok(Partial::text("")),
                    },
                }
            }
        }
    }
}

/// The frame of the workflow that the event started.
fn root<'f>(frame: &'f Frame<'f>) -> &'f Frame<'f> {
    frame.caller.map_or(frame, |(caller, _)| root(caller))
}

/// A full ref without `refs/heads/` or its like, as in `github.ref_name`.
fn short(parts: Vec<Part>) -> Option<Vec<Part>> {
    let mut parts = parts.into_iter();
    let Some(Part::Text(start)) = parts.next() else { return None };
    let rest =
        ["refs/heads/", "refs/tags/", "refs/pull/"].iter().find_map(|kind| start.strip_prefix(kind))?;
    Some(join(std::iter::once(Part::Text(rest.to_owned())).chain(parts).collect()))
}

pub(super) fn as_text(value: Partial) -> Partial {
    let known = value.known().filter(|known| !matches!(known, Value::Null));
    let text = known.map(|known| known.to_text().into_owned());
    text.map_or(value, Partial::text)
}

/// What an input of a call is when nobody gives it.
///
/// Source: actions/runner `WorkflowTemplateConverter.cs`, `ConvertToWorkflowJobInputs`.
fn empty(input: &Input) -> Value {
    match input.kind {
        InputKind::Boolean => Value::Bool(false),
        InputKind::Number => Value::Number(0.0),
        InputKind::Text | InputKind::Choice(_) | InputKind::Environment => Value::from(""),
    }
}

fn coerced(value: Partial, input: &Input) -> Partial {
    let Partial::Known(known) = value else { return value };
    Partial::Known(match (&input.kind, &known) {
        (InputKind::Boolean, Value::String(text)) => match &**text {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => known,
        },
        (InputKind::Number, Value::String(_)) => Value::Number(known.to_number()),
        (InputKind::Text | InputKind::Choice(_) | InputKind::Environment, _) => {
            Value::from(known.to_text().into_owned())
        }
        (InputKind::Boolean | InputKind::Number, _) => known,
    })
}
