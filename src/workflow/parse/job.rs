//! Reads jobs and steps.

use super::{keys, kind};
use crate::{
    workflow::{
        Error, Permissions,
        model::{Action, CallSite, Job, Secrets, Step, Variables, Work},
    },
    yaml::{Entry, Node},
};

pub(super) fn read(entry: &Entry) -> Result<Job, Error> {
    let node = &entry.value;
    keys::job_id(&entry.key)?;
    let strategy = node.get("strategy");
    let matrix = strategy.and_then(|all| all.get("matrix").or(keys::is_expression(all).then_some(all)));
    matrix.map_or(Ok(()), keys::vectors)?;
    let needs = node.get("needs").map(Node::one_or_many).unwrap_or_default();
    // The name alone decides the subject.
    let environment = node.get("environment").map(|named| named.get("name").unwrap_or(named));
    Ok(Job {
        id: entry.name().to_owned(),
        place: entry.key.used_at(),
        needs: needs.iter().filter_map(Node::located_text).collect(),
        condition: condition(node),
        environment: environment.cloned(),
        permissions: node.get("permissions").map(Permissions::read).transpose()?,
        env: variables(node.get("env")),
        container: variables(node.at(&["container", "env"])),
        outputs: variables(node.get("outputs")),
        matrix: matrix.cloned(),
        is_strategy: strategy.is_some_and(keys::is_expression),
        folder: node.at(&["defaults", "run", "working-directory"]).cloned(),
        work: work(node)?,
    })
}

fn work(node: &Node) -> Result<Work, Error> {
    let Some(uses) = node.get("uses") else {
        let own = node.get("steps").map(Node::items).unwrap_or_default();
        keys::step_ids(own)?;
        return Ok(Work::Steps(steps(own)));
    };
    let secrets = match node.get("secrets") {
        Some(all) if all.text() == Some("inherit") => Secrets::Inherit,
        map => Secrets::Mapped(variables(map)),
    };
    let uses = uses.located_text().ok_or_else(|| kind(uses, "uses", "text"))?;
    Ok(Work::Call(CallSite { uses, with: variables(node.get("with")), secrets }))
}

fn condition(node: &Node) -> Option<Node> {
    node.get("if").filter(|own| !own.is_null()).cloned()
}

/// The entries of a mapping such as `env` or `with`.
pub(in crate::workflow) fn variables(node: Option<&Node>) -> Variables {
    let Some(node) = node else { return Variables::default() };
    let entries = node.entries().iter().map(|entry| (entry.name().to_owned(), entry.value.clone()));
    let inserts = node.entries().iter().any(|entry| entry.name().starts_with("${{"));
    Variables { entries: entries.collect(), open: inserts || keys::is_expression(node) }
}

/// The steps of a job or of a composite action, with `parallel` blocks unfolded and without those that only order others.
pub(in crate::workflow) fn steps(items: &[Node]) -> Vec<Step> {
    items
        .iter()
        .flat_map(|item| match item.get("parallel") {
            Some(parallel) => steps(parallel.items()),
            None => step(item).into_iter().collect(),
        })
        .collect()
}

fn step(item: &Node) -> Option<Step> {
    let action = match (item.get("run"), item.get("uses").and_then(Node::located_text)) {
        (Some(script), _) => {
            Action::Run { script: script.clone(), folder: item.get("working-directory").cloned() }
        }
        (None, Some(uses)) => Action::Uses { uses, with: variables(item.get("with")) },
        (None, None) => return None,
    };
    let (condition, env) = (condition(item), variables(item.get("env")));
    Some(Step { place: item.used_at(), condition, env, action })
}
