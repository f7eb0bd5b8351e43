//! Reads `on`: events with their activity types, filters and inputs.

use super::{inputs, kind, unexpected};
use crate::{
    issuer::github::{ContextRule, Event},
    workflow::{
        Error, Filter, Problem,
        model::{Call, Trigger},
    },
    yaml::Node,
};

const BRANCH_FILTERS: [&str; 5] =
    ["push", "pull_request", "pull_request_target", "merge_group", "workflow_run"];

/// What a pull request starts when `types` is not given.
///
/// Source: <https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows#pull_request>.
const PULL_REQUEST_TYPES: [&str; 3] = ["opened", "synchronize", "reopened"];

/// The triggers, and what callers may hand over.
pub(super) fn read(on: &Node) -> Result<(Vec<Trigger>, Option<Call>), Error> {
    let mut triggers = Vec::new();
    let mut call = None;
    let named: Vec<(&Node, Option<&Node>)> = if on.is_mapping() {
        on.entries().iter().map(|entry| (&entry.key, Some(&entry.value))).collect()
    } else {
        on.one_or_many().iter().map(|name| (name, None)).collect()
    };
    if named.is_empty() {
        return Err(kind(on, "on", "an event, a list of events or a mapping"));
    }
    for (name, value) in named {
        match name.text() {
            Some("workflow_call") => {
                let inputs = inputs(value.and_then(|value| value.get("inputs")))?;
                call = Some(Call { place: name.used_at(), inputs });
            }
            Some("dynamic") => {}
            _ => triggers.push(trigger(name, value)?),
        }
    }
    Ok((triggers, call))
}

fn trigger(name: &Node, value: Option<&Node>) -> Result<Trigger, Error> {
    let event = name.text().and_then(Event::named).ok_or_else(|| unexpected(name))?;
    let filter = |names| value.map_or(Ok(None), |value| Filter::read(value, names));
    let has_branches = BRANCH_FILTERS.contains(&event.name);
    let branches = filter(["branches", "branches-ignore"])?;
    let tags = filter(["tags", "tags-ignore"])?;
    if let Some(unfit) = branches.as_ref().filter(|_| !has_branches) {
        return Err(Error::new(Problem::Unexpected { value: "branches".into() }, unfit.place.clone()));
    }
    if let Some(unfit) = tags.as_ref().filter(|_| event.name != "push") {
        return Err(Error::new(Problem::Unexpected { value: "tags".into() }, unfit.place.clone()));
    }
    let dispatched = event.name == "workflow_dispatch";
    Ok(Trigger {
        event,
        place: name.used_at(),
        types: types(event, value),
        branches,
        tags,
        inputs: if dispatched { inputs(value.and_then(|value| value.get("inputs")))? } else { Vec::new() },
    })
}

fn types(event: &Event, value: Option<&Node>) -> Vec<String> {
    let stated = value.and_then(|value| value.get("types")).map(Node::one_or_many).unwrap_or_default();
    let stated: Vec<String> = stated.iter().filter_map(Node::text).map(str::to_owned).collect();
    if stated.is_empty()
        && event.name.starts_with("pull_request")
        && event.context == ContextRule::PullRequest
    {
        return PULL_REQUEST_TYPES.iter().map(|name| (*name).to_owned()).collect();
    }
    stated
}
