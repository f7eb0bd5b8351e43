//! Which lines produced a subject, and what was taken for granted on the way.

use std::borrow::Cow;

use super::{facts::Facts, site::Frame, world::World};
use crate::{
    id::SubjectShape, issuer::github::Prefix, text::Located, workflow::permissions::Grant, yaml::Node,
};

/// What is said of a place where permissions are stated without `id-token: write`.
pub const WITHHELD: &str = "no token may be asked for";

/// Said where only the repository's setting grants what a called workflow asks for.
pub(super) const BY_DEFAULT: &str =
    "a caller states no permissions; the repository's default must allow the called workflow to write";

/// Said where a workflow takes more work than is done for it.
pub(super) const TOO_MUCH: &str =
    "the workflow has more combinations than are worked out; what the others present is not known";

/// What is said of a called workflow that cannot be followed.
pub(super) fn not_at_hand(uses: &str) -> String {
    if uses.contains('@') {
        return format!(
            "the jobs of {uses} are not known; --checkout OWNER/NAME=PATH says where that repository lies"
        );
    }
    format!("the jobs of {uses} are not known, since it is not there or cannot be read")
}

/// What is said of something at a revision that is read where it lies.
pub(super) fn as_it_lies(uses: &str) -> String {
    format!("{uses} is what the --checkout folder or this folder holds")
}

/// The jobs that called the workflow, the first caller first.
pub(super) fn callers(frame: &Frame<'_>) -> Vec<Located<String>> {
    let Some((caller, _)) = frame.caller else { return Vec::new() };
    let mut chain = callers(caller);
    let name = format!("{}: {}", caller.workflow.source.path(), caller.job.id);
    chain.push(Located::new(name, caller.job.place.clone()));
    chain
}

/// The lines that decided: the permissions, then from the event down to the job, so that the last one says most.
pub(super) fn reasons(world: &World<'_>, frame: &Frame<'_>) -> Vec<Located<Cow<'static, str>>> {
    let mut reasons = Vec::new();
    permitted(frame, &mut reasons);
    if let Some(trigger) = world.trigger {
        let text = format!("`{}` starts the run", trigger.event.name);
        reasons.push(Located::new(text.into(), trigger.place.clone()));
    }
    if let Some(place) = world.filter {
        reasons.push(Located::new("the filter admits the ref".into(), place.clone()));
    }
    of_frame(frame, &mut reasons);
    reasons.shrink_to_fit();
    reasons
}

fn of_frame(frame: &Frame<'_>, reasons: &mut Vec<Located<Cow<'static, str>>>) {
    if let Some((caller, call)) = frame.caller {
        of_frame(caller, reasons);
        reasons.push(Located::new("the workflow is called".into(), call.uses.place.clone()));
    }
    let mut add = |text: &'static str, node: Option<&Node>| {
        reasons.extend(node.map(|node| Located::new(text.into(), node.used_at())));
    };
    add("the job runs under this condition", frame.job.condition.as_ref());
    add("one run for each row", frame.job.matrix.as_ref());
    add("the environment stands in the subject in place of the ref", frame.job.environment.as_ref());
}

/// Whether the job and those that called it may ask for a token, the first caller first.
fn permitted(frame: &Frame<'_>, reasons: &mut Vec<Located<Cow<'static, str>>>) {
    if let Some((caller, _)) = frame.caller {
        permitted(caller, reasons);
    }
    let permissions = frame.job.permissions.as_ref().or(frame.workflow.permissions.as_ref());
    if let Some(permissions) = permissions {
        let text = if permissions.id_token() { "a token may be asked for" } else { WITHHELD };
        reasons.push(Located::new(text.into(), permissions.place.clone()));
    }
}

/// What was taken for granted, and how to make it certain.
pub(super) fn assumed(
    facts: &Facts,
    world: &World<'_>,
    frame: &Frame<'_>,
    shape: &SubjectShape,
    grant: Grant,
) -> Vec<Cow<'static, str>> {
    let mut assumed: Vec<Cow<'static, str>> = Vec::new();
    if let Some((_, call)) = frame.caller.filter(|(_, call)| call.uses.value.contains('@')) {
        assumed.push(as_it_lies(&call.uses.value).into());
    }
    let named = world.trigger.is_some();
    if named && matches!(facts.prefix, Prefix::Assumed(_)) && shape.to_string().contains("repo:") {
        assumed.push(
            "subjects name the repository without numbers; `repository.subject-prefix` in .github/fedcred.yml settles it".into(),
        );
    }
    if world.default.is_some() && world.default != facts.default_branch {
        assumed.push("the default branch is the one that the condition names".into());
    }
    let holes = shape.holes();
    if holes.contains(&Facts::DEFAULT_BRANCH) {
        assumed.push(
            "`repository.default-branch` in .github/fedcred.yml or --default-branch gives the missing name"
                .into(),
        );
    }
    if shape.to_string().contains(":environment:{") || shape.to_string().starts_with("environment:{") {
        assumed.push("the name of the environment is not empty".into());
    }
    if grant == Grant::OnlyByDefault {
        assumed.push(BY_DEFAULT.into());
    }
    assumed
}
