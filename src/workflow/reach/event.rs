//! `github.event`: what the payload of a run holds, by event and world.

use super::{
    evaluate::{Asked, Evaluator},
    facts::branch_parts,
    lookup::as_text,
    name::parts_of,
    partial::Partial,
    payload,
    world::{RefKind, Split},
};
use crate::workflow::expression::Value;

impl Evaluator<'_> {
    /// `github.event` and what lies below.
    pub(super) fn event(&self, deeper: &[String]) -> Asked<Option<Partial>> {
        let Some((part, below)) = deeper.split_first() else {
            return Ok(Some(Partial::Path(vec!["github".to_owned(), "event".to_owned()])));
        };
        let part = part.to_lowercase();
        let below: Vec<String> = below.iter().map(|name| name.to_lowercase()).collect();
        let below: Vec<&str> = below.iter().map(String::as_str).collect();
        let here = || {
            let path = ["github", "event"].map(str::to_owned).into_iter();
            Some(Partial::Path(path.chain(deeper.iter().cloned()).collect()))
        };
        if self.world.trigger.is_none() {
            return Ok(None);
        }
        if payload::has(self.world.event.name, &part) == Some(false) {
            return Ok(Some(Partial::null()));
        }
        Ok(match (part.as_str(), below.as_slice()) {
            ("action", []) => self.activity()?,
            ("schedule", []) => self.cron()?,
            ("inputs", []) | ("repository", [] | ["owner"]) => here(),
            ("inputs", [name]) => Some(as_text(self.dispatched(name)?)),
            ("repository", ["default_branch"]) => {
                Some(Partial::from_parts(branch_parts(self.world.default.as_deref())))
            }
            ("repository", ["full_name"]) => return self.github("repository", &[]),
            ("repository", ["owner", "login"]) => return self.github("repository_owner", &[]),
            ("pull_request", below) => self.pull_request(below, here)?,
            ("issue", [] | ["pull_request"])
                if self.world.event.name == "issue_comment" && below.is_empty() =>
            {
                here()
            }
            ("issue", ["pull_request", ..]) if self.world.event.name == "issues" => Some(Partial::null()),
            ("release", []) => here(),
            ("release", ["tag_name"]) => Some(Partial::from_parts(parts_of(&self.world.name))),
            ("ref" | "ref_type" | "master_branch", []) if self.world.event.name == "create" => {
                self.created(&part)
            }
            ("ref", []) if self.world.event.name != "delete" => {
                self.world.reference()?.map(Partial::from_parts)
            }
            ("deleted", []) => Some(Partial::Known(Value::Bool(false))),
            (_, []) if payload::has(self.world.event.name, &part).is_none() => None,
            _ => None,
        })
    }

    /// What was created: `ref` is the short name.
    ///
    /// Source: <https://docs.github.com/webhooks/webhook-events-and-payloads#create>.
    fn created(&self, part: &str) -> Option<Partial> {
        match (part, self.world.kind) {
            ("ref", _) => Some(Partial::from_parts(parts_of(&self.world.name))),
            ("master_branch", _) => Some(Partial::from_parts(branch_parts(self.world.default.as_deref()))),
            (_, RefKind::Branch) => Some(Partial::text("branch")),
            (_, RefKind::Tag) => Some(Partial::text("tag")),
            (_, RefKind::Default | RefKind::PullRequest | RefKind::Unknown) => None,
        }
    }

    /// A pull request that can have a token comes from this repository, unless the event is `pull_request_target`.
    ///
    /// Source: <https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#permissions>, forks cannot raise
    /// `id-token` to write.
    fn pull_request(&self, below: &[&str], here: impl Fn() -> Option<Partial>) -> Asked<Option<Partial>> {
        let own = self.world.event.name == "pull_request";
        Ok(match below {
            [] | ["head" | "base"] | ["head" | "base", "repo"] => here(),
            ["merged"] if self.world.is_pull_request() => self.merged()?,
            ["base", "ref"] if self.world.is_pull_request() => {
                Some(Partial::from_parts(parts_of(&self.world.name)))
            }
            ["head", "repo", "fork"] if own => Some(Partial::Known(Value::Bool(false))),
            ["head", "repo", "full_name"] if own => return self.github("repository", &[]),
            ["base", "repo", "full_name"] => return self.github("repository", &[]),
            ["base", "repo", "default_branch"] => {
                Some(Partial::from_parts(branch_parts(self.world.default.as_deref())))
            }
            _ => None,
        })
    }

    fn merged(&self) -> Asked<Option<Partial>> {
        let closes =
            self.world.trigger.is_some_and(|trigger| trigger.types.iter().any(|kind| kind == "closed"));
        let open = !closes || self.world.action.as_deref().is_some_and(|action| action != "closed");
        match self.world.merged {
            Some(merged) => Ok(Some(Partial::Known(Value::Bool(merged)))),
            None if open => Ok(Some(Partial::Known(Value::Bool(false)))),
            None => self.ask(Split::Merged).map(|()| None),
        }
    }

    fn activity(&self) -> Asked<Option<Partial>> {
        let types = self.world.trigger.map(|trigger| trigger.types.as_slice()).unwrap_or_default();
        match (&self.world.action, types) {
            (Some(action), _) => Ok(Some(Partial::text(action.as_str()))),
            (None, []) => Ok(None),
            (None, [only]) => Ok(Some(Partial::text(only.as_str()))),
            (None, _) => self.ask(Split::Action).map(|()| None),
        }
    }

    /// The entry of the schedule that started the run.
    ///
    /// Source: <https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows#schedule>.
    fn cron(&self) -> Asked<Option<Partial>> {
        let crons = self.world.trigger.map(|trigger| trigger.crons.as_slice()).unwrap_or_default();
        match (&self.world.cron, crons) {
            (Some(cron), _) => Ok(Some(Partial::text(cron.as_str()))),
            (None, []) => Ok(None),
            (None, [only]) => Ok(Some(Partial::text(only.as_str()))),
            (None, _) => self.ask(Split::Cron).map(|()| None),
        }
    }

    /// What a person filled in; null where nobody was asked. A hole is called as the expression calls the input.
    pub(super) fn dispatched(&self, name: &str) -> Asked<Partial> {
        let Some(input) = self.world.dispatch_input(name) else { return Ok(Partial::null()) };
        match self.world.inputs.get(&name.to_lowercase()) {
            Some(Partial::Unknown(_)) => {}
            Some(value) => return Ok(value.clone()),
            None => self.ask(Split::Input(input.name.clone()))?,
        }
        Ok(Partial::Unknown(format!("inputs.{name}")))
    }
}
