//! One way a run can be: the event with a ref, an activity, inputs, and whatever else a condition asked about.
//!
//! Analysis begins with the worlds that a trigger gives and splits a world only where an expression asks for something that
//! it leaves open. So inputs, refs and conditions stay tied to each other.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    facts::{Facts, branch_parts},
    name::{Name, parts_of},
    partial::Partial,
};
use crate::{
    id::Part,
    issuer::github::Event,
    text::Place,
    workflow::{
        expression::Value,
        model::{Input, InputKind, Trigger},
    },
};

/// What the run's ref is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RefKind {
    /// The branch of the world's name.
    Branch,
    /// The tag of the world's name.
    Tag,
    /// The default branch; the name, if any, is the base of a pull request.
    Default,
    /// A pull request into the branch of the world's name.
    PullRequest,
    /// Not known.
    Unknown,
}

/// One way a run can be.
#[derive(Clone, Debug)]
pub(super) struct World<'a> {
    pub(super) event: &'static Event,
    pub(super) trigger: Option<&'a Trigger>,
    pub(super) kind: RefKind,
    pub(super) name: Name,
    pub(super) filter: Option<&'a Place>,
    pub(super) default: Option<String>,
    pub(super) not_default: BTreeSet<String>,
    pub(super) action: Option<String>,
    pub(super) cron: Option<String>,
    pub(super) merged: Option<bool>,
    pub(super) inputs: BTreeMap<String, Partial>,
    pub(super) truths: BTreeMap<String, bool>,
    /// No more splits: too many worlds already.
    pub(super) frozen: bool,
}

/// What an expression asked about that the world leaves open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Split {
    /// What a person filled in.
    Input(String),
    /// Whether free text is this one.
    InputIs(String, String),
    /// The activity type.
    Action,
    /// The entry of the schedule.
    Cron,
    /// Whether a closed pull request was merged.
    Merged,
    /// Whether the branch or tag has this name.
    NameIs(String),
    /// Whether its name begins so.
    NameBegins(String),
    /// Whether the default branch has this name.
    DefaultIs(String),
    /// Whether something unknown is truthy.
    Truth(String),
}

impl<'a> World<'a> {
    /// Whether the run may stand on the base branch because its pull request was merged.
    pub(super) fn may_be_merged(&self) -> bool {
        let closes = |trigger: &Trigger| trigger.types.iter().any(|kind| kind == "closed");
        self.is_pull_request()
            && self.trigger.is_some_and(closes)
            && self.action.as_deref().is_none_or(|action| action == "closed")
    }

    /// Whether the payload has a pull request that the event is about.
    pub(super) fn is_pull_request(&self) -> bool {
        matches!(self.event.name, "pull_request" | "pull_request_target")
    }

    /// The full ref; `None` where it is not known at all, an error where it has to be asked first whether the pull request is merged.
    pub(super) fn reference(&self) -> Result<Option<Vec<Part>>, Split> {
        let text = |text: &str| Part::Text(text.to_owned());
        let on = |start: &str, name: Vec<Part>| {
            let mut parts = vec![text(start)];
            parts.extend(name);
            Some(super::partial::join(parts))
        };
        Ok(match self.kind {
            RefKind::Branch => on("refs/heads/", parts_of(&self.name)),
            RefKind::Tag => on("refs/tags/", parts_of(&self.name)),
            RefKind::Default => on("refs/heads/", branch_parts(self.default.as_deref())),
            RefKind::PullRequest if self.merged == Some(true) => on("refs/heads/", parts_of(&self.name)),
            RefKind::PullRequest if self.merged.is_none() && self.may_be_merged() && !self.frozen => {
                return Err(Split::Merged);
            }
            RefKind::PullRequest => {
                let number = Part::Hole("github.event.pull_request.number".to_owned());
                Some(vec![text("refs/pull/"), number, text("/merge")])
            }
            RefKind::Unknown => None,
        })
    }

    /// The input of that name, if a person fills it in.
    pub(super) fn dispatch_input(&self, name: &str) -> Option<&'a Input> {
        self.trigger?.inputs.iter().find(|input| input.name.eq_ignore_ascii_case(name))
    }

    /// Whether the event alone decides between the worlds of this split, and not a person or another job.
    pub(super) fn is_decided_by_event(&self, split: &Split) -> bool {
        match split {
            Split::NameIs(_) | Split::NameBegins(_) => self.event.name != "workflow_dispatch",
            Split::Cron => true,
            Split::Input(_)
            | Split::InputIs(..)
            | Split::Action
            | Split::Merged
            | Split::DefaultIs(_)
            | Split::Truth(_) => false,
        }
    }

    /// The worlds that this one consists of with regard to `split`; at least one, none of which asks the same again.
    pub(super) fn split(&self, split: &Split, facts: &Facts) -> Vec<Self> {
        match split {
            Split::Input(name) => {
                self.answers(name, facts).into_iter().map(|value| self.with_input(name, value)).collect()
            }
            Split::InputIs(name, text) => {
                let mut other = self.clone();
                other.truths.insert(input_key(name, text), false);
                vec![self.with_input(name, Partial::text(text.as_str())), other]
            }
            Split::Action => {
                let types = self.trigger.map(|trigger| trigger.types.as_slice()).unwrap_or_default();
                types.iter().map(|kind| self.with(|world| world.action = Some(kind.clone()))).collect()
            }
            Split::Cron => {
                let crons = self.trigger.map(|trigger| trigger.crons.as_slice()).unwrap_or_default();
                crons.iter().map(|cron| self.with(|world| world.cron = Some(cron.clone()))).collect()
            }
            Split::Merged => [true, false].map(|merged| self.with_merged(merged)).into(),
            Split::NameIs(name) => {
                let names = self.name.split_off(name).into_iter();
                names.map(|name| self.with(|world| world.name = name)).collect()
            }
            Split::NameBegins(start) => {
                let names = self.name.split_at(start).into_iter();
                names.map(|name| self.with(|world| world.name = name)).collect()
            }
            Split::DefaultIs(name) => vec![
                self.with(|world| world.default = Some(name.clone())),
                self.with(|world| {
                    world.not_default.insert(name.to_lowercase());
                }),
            ],
            Split::Truth(key) => [true, false]
                .map(|truth| {
                    self.with(|world| {
                        world.truths.insert(key.clone(), truth);
                    })
                })
                .into(),
        }
    }

    fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut world = self.clone();
        change(&mut world);
        world
    }

    fn with_merged(&self, merged: bool) -> Self {
        self.with(|world| {
            world.merged = Some(merged);
            if merged {
                world.action = Some("closed".to_owned());
            }
        })
    }

    fn with_input(&self, name: &str, value: Partial) -> Self {
        self.with(|world| {
            world.inputs.insert(name.to_lowercase(), value);
        })
    }

    /// What a person can fill in.
    fn answers(&self, name: &str, facts: &Facts) -> Vec<Partial> {
        let Some(input) = self.dispatch_input(name) else { return vec![Partial::null()] };
        let free = || {
            let hole = Partial::Unknown(format!("inputs.{}", input.name));
            let default = input.default.as_ref().and_then(|node| node.text());
            default.map(Partial::text).into_iter().chain([hole]).collect()
        };
        let texts = |names: &[String]| names.iter().map(|name| Partial::text(name.as_str())).collect();
        match &input.kind {
            InputKind::Choice(options) if !options.is_empty() => texts(options),
            InputKind::Boolean => [true, false].map(|value| Partial::Known(Value::Bool(value))).into(),
            InputKind::Environment => match &facts.environments {
                Some(names) if !names.is_empty() => texts(names),
                _ => free(),
            },
            InputKind::Text | InputKind::Number | InputKind::Choice(_) => free(),
        }
    }
}

/// How a world remembers that a free text is not this one.
pub(super) fn input_key(name: &str, text: &str) -> String {
    format!("inputs.{} == '{}'", name.to_lowercase(), text.to_lowercase())
}
