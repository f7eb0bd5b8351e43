//! The keys of events, the names of jobs and steps, and vectors without values.
//!
//! Source: <https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax>; actions/languageservices
//! `workflow-parser/src/workflow-v1.0.json`.

use super::unexpected;
use crate::{
    workflow::{Error, Problem},
    yaml::Node,
};

/// The keys of an event; `None` where others are ignored.
pub(super) fn of_event(name: &str) -> Option<&'static [&'static str]> {
    Some(match name {
        "push" => &["branches", "branches-ignore", "tags", "tags-ignore", "paths", "paths-ignore"],
        "pull_request" | "pull_request_target" => {
            &["types", "branches", "branches-ignore", "paths", "paths-ignore"]
        }
        "merge_group" => &["types", "branches", "branches-ignore"],
        "workflow_run" => &["types", "workflows", "branches", "branches-ignore"],
        "image_version" => &["types", "names", "versions"],
        "create" | "delete" | "deployment" | "deployment_status" | "fork" | "gollum" | "page_build"
        | "public" | "status" => &[],
        // Source: the document `on-workflow_dispatch-unknown-keys-ignored` of actions/languageservices.
        "workflow_dispatch" | "schedule" => return None,
        _ => &["types"],
    })
}

/// Refuses a key of the event `node` that is not among `known`.
pub(super) fn only(node: &Node, known: &[&str]) -> Result<(), Error> {
    match node.entries().iter().find(|entry| !known.contains(&entry.name())) {
        None => Ok(()),
        Some(entry) => Err(unexpected(&entry.key)),
    }
}

/// Refuses the name of a job that GitHub refuses.
///
/// Source: <https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_id>.
pub(super) fn job_id(key: &Node) -> Result<(), Error> {
    identifier(key, "job")
}

/// Refuses an `id` of a step that GitHub refuses, and the second of two that are the same.
///
/// Source: the document `errors-step-id` of actions/languageservices.
pub(super) fn step_ids(steps: &[Node]) -> Result<(), Error> {
    let mut known: Vec<&Node> = Vec::new();
    for id in steps.iter().filter_map(|step| step.get("id")) {
        identifier(id, "step")?;
        if let Some(first) = known.iter().find(|first| first.text() == id.text()) {
            let problem = Problem::StepIdTwice { id: id.text().unwrap_or("").to_owned() };
            return Err(Error { related: Some(first.place()), ..Error::new(problem, id.used_at()) });
        }
        known.push(id);
    }
    Ok(())
}

fn identifier(node: &Node, what: &'static str) -> Result<(), Error> {
    let id = node.text().unwrap_or("");
    let first = id.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let rest = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    if first && rest && id.len() < 100 && !id.starts_with("__") {
        return Ok(());
    }
    Err(Error::new(Problem::Id { what, id: id.to_owned() }, node.used_at()))
}

/// Whether a run decides the value.
pub(super) fn is_expression(node: &Node) -> bool {
    node.text().is_some_and(|text| text.contains("${{"))
}

/// Refuses a vector of a matrix that has no values.
pub(super) fn vectors(matrix: &Node) -> Result<(), Error> {
    let empty = matrix.entries().iter().find(|vector| {
        !matches!(vector.name(), "include" | "exclude")
            && vector.value.is_sequence()
            && vector.value.items().is_empty()
    });
    match empty {
        None => Ok(()),
        Some(vector) => {
            let problem = Problem::EmptyVector { name: vector.name().to_owned() };
            Err(Error::new(problem, vector.value.used_at()))
        }
    }
}
