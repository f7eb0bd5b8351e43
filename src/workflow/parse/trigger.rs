//! Reads `on`: events with their activity types, filters and inputs.

use super::{inputs, keys, kind, language, mapping, unexpected};
use crate::{
    issuer::github::{ContextRule, Event},
    workflow::{
        Error, Filter,
        expression::Scope,
        model::{Call, Trigger, Variables},
    },
    yaml::{Entry, Node},
};

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
                call = Some(called(name, value)?);
            }
            // Neither starts a run of a file: GitHub's own workflows, and an old name for comments on a pull request.
            Some("dynamic" | "pull_request_comment") => {}
            _ => triggers.push(trigger(name, value)?),
        }
    }
    Ok((triggers, call))
}

fn called(name: &Node, value: Option<&Node>) -> Result<Call, Error> {
    let part = |part| value.and_then(|value| value.get(part));
    let secret = |entry: &Entry| {
        let required = entry.value.get("required").and_then(Node::as_bool);
        (entry.name().to_owned(), required.unwrap_or(false))
    };
    let outputs = part("outputs").map(Node::entries).unwrap_or_default();
    let output = |entry: &Entry| Some((entry.name().to_owned(), entry.value.get("value")?.clone()));
    Ok(Call {
        place: name.used_at(),
        inputs: inputs(part("inputs"))?,
        secrets: part("secrets").map(Node::entries).unwrap_or_default().iter().map(secret).collect(),
        outputs: Variables { entries: outputs.iter().filter_map(output).collect(), open: false },
    })
}

fn trigger(name: &Node, value: Option<&Node>) -> Result<Trigger, Error> {
    let event = name.text().and_then(Event::named).ok_or_else(|| unexpected(name))?;
    // Source: oracle/graal#4522 (`workflow_dispatch: []` is refused); actions/languageservices `workflow-v1.0.json`.
    let value = value.filter(|value| !value.is_null());
    if let Some(value) = value.filter(|_| event.name != "schedule") {
        mapping(value, event.name)?;
    }
    let filtered = value.zip(keys::of_event(event.name));
    if let Some((value, known)) = filtered {
        keys::only(value, known)?;
        let each = |entry: &Entry| language::ONE_OR_MORE.check(&entry.value, entry.name(), &Scope::NONE);
        value.entries().iter().try_for_each(each)?;
    }
    let filter = |names| filtered.map_or(Ok(None), |(value, _)| Filter::read(value, names));
    let branches = filter(["branches", "branches-ignore"])?;
    let tags = filter(["tags", "tags-ignore"])?;
    let dispatched = event.name == "workflow_dispatch";
    Ok(Trigger {
        event,
        place: name.used_at(),
        types: types(event, value),
        branches,
        tags,
        inputs: if dispatched { inputs(value.and_then(|value| value.get("inputs")))? } else { Vec::new() },
        crons: if event.name == "schedule" { crons(value) } else { Vec::new() },
    })
}

fn crons(value: Option<&Node>) -> Vec<String> {
    let times = value.map(Node::one_or_many).unwrap_or_default().iter();
    times.filter_map(|time| time.get("cron").and_then(Node::text)).map(str::to_owned).collect()
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
