//! Which keys GitHub knows in which mapping. Another key is not ignored: the whole file is refused.
//!
//! Source: <https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax>; actions/languageservices
//! `workflow-parser/src/workflow-v1.0.json`.

use super::{kind, missing, unexpected};
use crate::{
    workflow::{Error, Problem},
    yaml::Node,
};

pub(super) const WORKFLOW: &[&str] =
    &["on", "name", "description", "run-name", "defaults", "env", "permissions", "concurrency", "jobs"];
pub(super) const ENVIRONMENT: &[&str] = &["name", "url", "deployment"];
pub(super) const STRATEGY: &[&str] = &["fail-fast", "max-parallel", "matrix"];
pub(super) const CALLED_INPUT: &[&str] = &["description", "type", "required", "default"];
pub(super) const CALLED_SECRET: &[&str] = &["description", "required"];
pub(super) const CALLED_OUTPUT: &[&str] = &["description", "value"];
pub(super) const CALL: &[&str] = &["inputs", "secrets", "outputs"];

/// A job with steps, and a job that calls a workflow.
pub(super) const JOBS: [&[&str]; 2] = [
    &[
        "needs",
        "if",
        "strategy",
        "name",
        "runs-on",
        "timeout-minutes",
        "cancel-timeout-minutes",
        "continue-on-error",
        "container",
        "services",
        "env",
        "environment",
        "permissions",
        "concurrency",
        "outputs",
        "defaults",
        "steps",
        "snapshot",
    ],
    &["name", "uses", "with", "secrets", "needs", "if", "permissions", "concurrency", "strategy"],
];

/// A step that runs a script, one that uses an action, and those that only order others.
pub(super) const STEPS: [&[&str]; 6] = [
    &[
        "name",
        "id",
        "if",
        "timeout-minutes",
        "run",
        "continue-on-error",
        "env",
        "working-directory",
        "shell",
        "background",
    ],
    &["name", "id", "if", "continue-on-error", "timeout-minutes", "uses", "with", "env", "background"],
    &["parallel"],
    &["name", "id", "continue-on-error", "wait"],
    &["name", "id", "continue-on-error", "wait-all"],
    &["name", "id", "continue-on-error", "cancel"],
];

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

/// Refuses a key of `node` that is not among `known`.
pub(super) fn only(node: &Node, known: &[&str]) -> Result<(), Error> {
    one_of(node, &[known]).map(drop)
}

/// Which of `kinds` the mapping is, told by its keys in their order: where several fit, the first. A key that rules the last of them out
/// is refused.
pub(super) fn one_of(node: &Node, kinds: &[&[&str]]) -> Result<usize, Error> {
    let mut left: Vec<usize> = (0..kinds.len()).collect();
    // Source: actions/runner `TemplateReader.cs`: `${{ insert }}` may stand wherever expressions may.
    for entry in node.entries().iter().filter(|entry| !entry.name().starts_with("${{")) {
        left.retain(|kind| kinds.get(*kind).is_some_and(|known| known.contains(&entry.name())));
        if left.is_empty() {
            return Err(unexpected(&entry.key));
        }
    }
    Ok(left.first().copied().unwrap_or_default())
}

/// Refuses the name of a job that GitHub refuses.
///
/// Source: <https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_id>.
pub(super) fn job_id(key: &Node) -> Result<(), Error> {
    let id = key.text().unwrap_or("");
    let first = id.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let rest = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    if first && rest && id.len() < 100 && !id.starts_with("__") {
        return Ok(());
    }
    Err(Error::new(Problem::JobId { id: id.to_owned() }, key.used_at()))
}

/// Whether a run decides the value.
pub(super) fn is_expression(node: &Node) -> bool {
    node.text().is_some_and(|text| text.contains("${{"))
}

/// Checks `strategy`, whose matrix may have no vector without values.
pub(super) fn strategy(node: &Node) -> Result<(), Error> {
    if !node.is_mapping() && !is_expression(node) {
        return Err(kind(node, "strategy", "a mapping"));
    }
    only(node, STRATEGY)?;
    let vectors = node.get("matrix").map(Node::entries).unwrap_or_default();
    if let Some(vector) =
        vectors.iter().find(|vector| !vector.value.is_sequence() && !is_expression(&vector.value))
    {
        return Err(kind(&vector.value, vector.name(), "a list"));
    }
    let empty = vectors.iter().find(|vector| {
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

/// Checks what `workflow_call` declares beside its inputs' values.
pub(super) fn call(node: &Node) -> Result<(), Error> {
    only(node, CALL)?;
    let each = |name: &str, known: &[&str]| {
        let entries = node.get(name).map(Node::entries).unwrap_or_default();
        entries
            .iter()
            .filter(|entry| entry.value.is_mapping())
            .try_for_each(|entry| only(&entry.value, known))
    };
    each("inputs", CALLED_INPUT)?;
    each("secrets", CALLED_SECRET)?;
    each("outputs", CALLED_OUTPUT)?;
    for output in node.get("outputs").map(Node::entries).unwrap_or_default() {
        output.value.get("value").ok_or_else(|| missing("value", &output.value))?;
    }
    for input in node.get("inputs").map(Node::entries).unwrap_or_default() {
        if !input.value.is_mapping() {
            return Err(kind(&input.value, input.name(), "a mapping"));
        }
        input.value.get("type").ok_or_else(|| missing("type", &input.value))?;
    }
    Ok(())
}
