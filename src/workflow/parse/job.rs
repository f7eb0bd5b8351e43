//! Reads jobs and steps.

use super::{keys, kind, mapping, missing, unexpected};
use crate::{
    text::Located,
    workflow::{
        Error, Permissions, Problem,
        expression::{Scope, SyntaxError, condition, template},
        model::{Action, CallSite, Job, Secrets, Step, Variables, Work},
    },
    yaml::{Entry, Node},
};

pub(super) fn read(entry: &Entry) -> Result<Job, Error> {
    let node = &entry.value;
    keys::job_id(&entry.key)?;
    mapping(node, entry.name())?;
    keys::one_of(node, &keys::JOBS)?;
    node.get("strategy").map_or(Ok(()), keys::strategy)?;
    let needs = node.get("needs").map(Node::one_or_many).unwrap_or_default();
    let own = condition_of(node, &Scope::JOB_IF)?;
    let named = node.get("environment").map(environment).transpose()?;
    expression(named.as_ref(), &Scope::JOB, |text, scope| template(text, scope).map(drop))?;
    Ok(Job {
        id: entry.name().to_owned(),
        place: entry.key.used_at(),
        needs: needs.iter().filter_map(Node::located_text).collect(),
        condition: own,
        environment: named,
        permissions: node.get("permissions").map(Permissions::read).transpose()?,
        env: variables(node.get("env")),
        outputs: variables(node.get("outputs")),
        matrix: node
            .get("strategy")
            .and_then(|all| all.get("matrix").or(keys::is_expression(all).then_some(all)))
            .cloned(),
        is_strategy: node.get("strategy").is_some_and(keys::is_expression),
        folder: node.at(&["defaults", "run", "working-directory"]).cloned(),
        work: work(node)?,
    })
}

fn work(node: &Node) -> Result<Work, Error> {
    let Some(uses) = node.get("uses") else {
        node.get("runs-on").ok_or_else(|| missing("runs-on", node))?;
        return Ok(Work::Steps(steps(node.get("steps"))?));
    };
    if let Some(with) = node.get("with") {
        with.entries().iter().try_for_each(|entry| {
            expression(Some(&entry.value), &Scope::JOB, |text, scope| template(text, scope).map(drop))
        })?;
    }
    let secrets = match node.get("secrets") {
        Some(all) if all.text() == Some("inherit") => Secrets::Inherit,
        Some(other) if !other.is_mapping() && !keys::is_expression(other) => return Err(unexpected(other)),
        map => Secrets::Mapped(variables(map)),
    };
    if keys::is_expression(uses) {
        return Err(unexpected(uses));
    }
    let uses = uses.located_text().ok_or_else(|| kind(uses, "uses", "text"))?;
    Ok(Work::Call(CallSite { uses, with: variables(node.get("with")), secrets }))
}

/// Refuses an expression that GitHub would refuse at its place.
fn expression(
    node: Option<&Node>,
    scope: &Scope<'_>,
    read: impl Fn(&str, &Scope<'_>) -> Result<(), SyntaxError>,
) -> Result<(), Error> {
    let Some((node, text)) = node.and_then(|node| Some((node, node.text()?))) else { return Ok(()) };
    // GitHub points at the whole value; the exact spot belongs to it.
    read(text, scope).map_err(|error| Error {
        related: Some(node.place_within(error.span)),
        ..Error::new(Problem::Expression(error.to_string()), node.place())
    })
}

/// The `if` of a job or step, once GitHub would take it.
fn condition_of(node: &Node, scope: &Scope<'_>) -> Result<Option<Node>, Error> {
    let own = node.get("if").filter(|own| !own.is_null());
    expression(own, scope, |text, scope| condition(text, scope).map(drop))?;
    Ok(own.cloned())
}

/// The node that holds the environment's name: the value itself, or its `name`.
fn environment(node: &Node) -> Result<Node, Error> {
    if node.is_sequence() {
        Err(kind(node, "environment", "a mapping or text"))
    } else if node.is_mapping() {
        keys::only(node, keys::ENVIRONMENT)?;
        node.get("name").cloned().ok_or_else(|| missing("name", node))
    } else {
        Ok(node.clone())
    }
}

/// The entries of a mapping such as `env` or `with`.
pub(in crate::workflow) fn variables(node: Option<&Node>) -> Variables {
    let Some(node) = node else { return Variables::default() };
    let entries = node.entries().iter().map(|entry| (entry.name().to_owned(), entry.value.clone()));
    let inserts = node.entries().iter().any(|entry| entry.name().starts_with("${{"));
    Variables { entries: entries.collect(), open: inserts || keys::is_expression(node) }
}

/// The steps of a job or of a composite action, with `parallel` blocks unfolded.
pub(in crate::workflow) fn steps(node: Option<&Node>) -> Result<Vec<Step>, Error> {
    let mut found = Vec::new();
    for item in node.map(Node::items).unwrap_or_default() {
        mapping(item, "steps")?;
        keys::one_of(item, &keys::STEPS)?;
        if let Some(parallel) = item.get("parallel") {
            found.extend(steps(Some(parallel))?);
        } else if let Some(action) = action(item)? {
            let (condition, env) = (condition_of(item, &Scope::STEP_IF)?, variables(item.get("env")));
            found.push(Step { place: item.used_at(), condition, env, action });
        }
    }
    Ok(found)
}

fn action(item: &Node) -> Result<Option<Action>, Error> {
    if let Some(script) = item.get("run") {
        let folder = item.get("working-directory").cloned();
        return Ok(Some(Action::Run { script: script.clone(), folder }));
    }
    let Some(uses) = item.get("uses") else {
        let orders = ["wait", "wait-all", "cancel"].iter().any(|key| item.get(key).is_some());
        return if orders { Ok(None) } else { Err(missing("run", item)) };
    };
    let uses: Located<String> = uses.located_text().ok_or_else(|| kind(uses, "uses", "text"))?;
    Ok(Some(Action::Uses { uses, with: variables(item.get("with")) }))
}
