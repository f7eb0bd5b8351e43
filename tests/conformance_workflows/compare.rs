//! Holds what was read against the published jobs: ids, needs, conditions, permissions, matrices, inputs of steps and calls.

use fedcred::{
    text::Source,
    workflow::{
        Error, Grant, Level, Workflow,
        calls::{self, MAX_CALLS},
        effective,
        expression::{Expr, ExprKind, Scope, Template, Value, condition, parse, template},
        model::{Action, Job, Step, Variables, Work},
    },
    yaml::{Kind, Node, Value as Scalar},
};
use serde_json::{Value as Json, json};

use super::document::Document;

type Checked = Result<(), String>;

pub(super) fn workflow(workflow: &Workflow, document: &Document) -> Checked {
    let expected = &document.expected;
    if let Some(events) = expected.get("events").and_then(Json::as_object) {
        let mut ours: Vec<&str> = workflow.triggers.iter().map(|trigger| trigger.event.name).collect();
        ours.extend(workflow.call.is_some().then_some("workflow_call"));
        // No run is ever started by this one; `issue_comment` is what it stands for.
        let mut wanted: Vec<&str> =
            events.keys().map(String::as_str).filter(|name| *name != "pull_request_comment").collect();
        ours.sort_unstable();
        wanted.sort_unstable();
        same("events", &ours, &wanted)?;
    }
    jobs(workflow, &[], &expected["jobs"], document)
}

fn jobs<'a>(
    workflow: &'a Workflow,
    callers: &[(&'a Workflow, &'a Job)],
    expected: &Json,
    document: &Document,
) -> Checked {
    let expected = expected.as_array().ok_or("no jobs expected")?;
    same("jobs", &workflow.jobs.len(), &expected.len())?;
    for (job, expected) in workflow.jobs.iter().zip(expected) {
        same("id", &job.id.as_str(), &expected["id"].as_str().unwrap_or("(no id)"))?;
        let needs: Vec<&str> = job.needs.iter().map(|need| need.value.as_str()).collect();
        let wanted: Vec<&str> = expected
            .get("needs")
            .and_then(Json::as_array)
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
            .collect();
        same("needs", &needs, &wanted)?;
        self::condition_of(job.condition.as_ref(), &expected["if"], &Scope::JOB_IF)
            .map_err(|why| format!("if of {}: {why}", job.id))?;
        if let Some(matrix) = &job.matrix {
            same(
                "matrix",
                &plain(matrix)?,
                &published(expected["strategy"].get("map").map_or(&Json::Null, |map| entry(map, "matrix"))),
            )?;
        }
        permissions(workflow, job, callers, expected)?;
        work(workflow, job, callers, expected, document)?;
    }
    Ok(())
}

fn work<'a>(
    workflow: &'a Workflow,
    job: &'a Job,
    callers: &[(&'a Workflow, &'a Job)],
    expected: &Json,
    document: &Document,
) -> Checked {
    match (&job.work, expected["type"].as_str()) {
        (Work::Steps(ours), Some("job")) => steps(ours, &expected["steps"]),
        (Work::Call(site), Some("reusableWorkflowJob")) => {
            same("uses", &site.uses.value.as_str(), &expected["ref"].as_str().unwrap_or("(no ref)"))?;
            let followed = expected["jobs"].as_array().is_some_and(|jobs| !jobs.is_empty());
            let Some(text) = document.called.get(&site.uses.value).filter(|_| followed) else {
                return Ok(());
            };
            let source = Source::new(site.uses.value.as_str(), text.as_str());
            let called = Workflow::parse(&source).map_err(|error| format!("{}: {error}", error.place))?;
            let chain = [callers, &[(workflow, job)]].concat();
            jobs(&called, &chain, &expected["jobs"], document)
        }
        (_, kind) => Err(format!("{} is not {kind:?}", job.id)),
    }
}

fn permissions(workflow: &Workflow, job: &Job, callers: &[(&Workflow, &Job)], expected: &Json) -> Checked {
    let level = |workflow, job| level(workflow, job);
    let levels = callers.iter().map(|(workflow, job)| level(workflow, job)).chain([level(workflow, job)]);
    let granted = effective(levels) == Grant::Granted;
    let wanted = expected.pointer("/permissions/id-token").is_some_and(|value| value == "write");
    // A call shows what the called workflow states; only jobs with steps ask for tokens.
    if matches!(job.work, Work::Call(_)) {
        return Ok(());
    }
    same(&format!("id-token of {}", job.id), &granted, &wanted)
}

fn level<'a>(workflow: &'a Workflow, job: &'a Job) -> Level<'a> {
    Level { workflow: workflow.permissions.as_ref(), job: job.permissions.as_ref() }
}

/// What stops the run only when calls are followed.
pub(super) fn late_error(workflow: &Workflow, document: &Document) -> Result<(), Error> {
    let called: Vec<(String, Workflow)> = document
        .called
        .iter()
        .filter_map(|(uses, text)| {
            Some((uses.clone(), Workflow::parse(&Source::new(uses.as_str(), text.as_str())).ok()?))
        })
        .collect();
    let find = |_: &Workflow, uses: &str| {
        called.iter().find(|(known, _)| known == uses).map(|(_, workflow)| workflow)
    };
    let limit = document.option("max-nested-reusable-workflows-depth").unwrap_or(MAX_CALLS);
    let root =
        Workflow { permissions: workflow.permissions.clone().or(document.policy()), ..workflow.clone() };
    calls::check(&root, &find, limit)?.map_or(Ok(()), Err)
}

/// What stops the run when expressions are read: in conditions and in what steps are given.
pub(super) fn in_expression(workflow: &Workflow) -> Option<String> {
    workflow.jobs.iter().find_map(in_job)
}

fn in_job(job: &Job) -> Option<String> {
    let nodes = job.condition.iter().map(|node| (node, true)).chain(match &job.work {
        Work::Steps(steps) => steps.iter().flat_map(texts).map(|node| (node, false)).collect::<Vec<_>>(),
        Work::Call(_) => Vec::new(),
    });
    for (node, is_condition) in nodes {
        let text = node.text().unwrap_or("");
        let failed = if is_condition {
            condition(text, &Scope::JOB_IF).is_err()
        } else {
            template(text, &Scope::STEP).is_err()
        };
        if failed {
            let at = node.place().start();
            return Some(format!("(Line: {}, Col: {})", at.line, at.column));
        }
    }
    None
}

fn texts(step: &Step) -> Vec<&Node> {
    match &step.action {
        Action::Uses { with, .. } => with.entries.iter().map(|(_, node)| node).collect(),
        Action::Run { script, .. } => vec![script],
    }
}

fn steps(ours: &[Step], expected: &Json) -> Checked {
    let expected = expected
        .as_array()
        .into_iter()
        .flatten()
        .filter(|step| step.get("run").is_some() || step.get("uses").is_some());
    for (step, expected) in ours.iter().zip(expected) {
        condition_of(step.condition.as_ref(), &expected["if"], &Scope::STEP_IF)?;
        match &step.action {
            Action::Uses { uses, with } => {
                same("uses", &uses.value.as_str(), &expected["uses"].as_str().unwrap_or(""))?;
                mapping(with, &expected["with"])?;
            }
            Action::Run { script, .. } => same("run", &text(script)?, &published(&expected["run"]))?,
        }
    }
    Ok(())
}

fn mapping(ours: &Variables, expected: &Json) -> Checked {
    let ours = ours
        .entries
        .iter()
        .map(|(name, node)| Ok((name.clone(), text(node)?)))
        .collect::<Result<serde_json::Map<_, _>, String>>()?;
    let expected = published(expected);
    if expected.is_null() && ours.is_empty() { Ok(()) } else { same("with", &Json::Object(ours), &expected) }
}

fn condition_of(node: Option<&Node>, expected: &Json, scope: &Scope<'_>) -> Checked {
    let text = node.filter(|node| !node.is_null()).and_then(Node::text).unwrap_or("");
    let ours = condition(text, scope).map_err(|error| error.to_string())?;
    let wanted = expected["expr"].as_str().unwrap_or("success()");
    same("if", &shape(&ours), &shape(&parse(wanted, scope).map_err(|error| error.to_string())?))
}

/// The tree without its places.
fn shape(expr: &Expr) -> String {
    let name = match &expr.kind {
        ExprKind::Literal(value) => format!("{:?}", value.to_text()),
        ExprKind::Context(name) => name.clone(),
        ExprKind::Call { function, .. } => function.name().to_owned(),
        ExprKind::Compare { operator, .. } => format!("{operator:?}"),
        ExprKind::Index { .. } => "index".to_owned(),
        ExprKind::Filter(_) => "filter".to_owned(),
        ExprKind::Not(_) => "not".to_owned(),
        ExprKind::And(_) => "and".to_owned(),
        ExprKind::Or(_) => "or".to_owned(),
    };
    format!("{name}({})", expr.children().into_iter().map(shape).collect::<Vec<_>>().join(", "))
}

fn value(node: &Node) -> Value {
    match node.value() {
        Some(Scalar::Str(text)) => Value::from(text),
        Some(Scalar::Bool(value)) => Value::Bool(value),
        Some(Scalar::Number(value)) => Value::Number(value),
        Some(Scalar::Null) | None => Value::Null,
    }
}

/// A scalar as text, or as the shape of its expression.
fn text(node: &Node) -> Result<Json, String> {
    match template(node.text().unwrap_or(""), &Scope::ANY).map_err(|error| error.to_string())? {
        Template::Expression(expr) => Ok(json!({ "expr": shape(&expr) })),
        Template::Literal(_) if node.as_str().is_none() => Ok(json!(value(node).to_text())),
        Template::Literal(literal) => Ok(json!(literal)),
    }
}

/// A node as JSON with typed scalars.
fn plain(node: &Node) -> Result<Json, String> {
    match &node.kind {
        Kind::Mapping(entries) => Ok(Json::Object(
            entries
                .iter()
                .map(|entry| Ok((entry.name().to_owned(), plain(&entry.value)?)))
                .collect::<Result<_, String>>()?,
        )),
        Kind::Sequence(items) => Ok(Json::Array(items.iter().map(plain).collect::<Result<_, _>>()?)),
        Kind::Scalar(_) => match value(node) {
            Value::String(_) => text(node),
            Value::Null => Ok(Json::Null),
            Value::Bool(value) => Ok(json!(value)),
            Value::Number(number) if number.is_finite() => Ok(json!(number + 0.0)),
            Value::Number(_) | Value::Array(_) | Value::Object(_) => Ok(json!(value(node).to_text())),
        },
    }
}

/// The published form of a value: lists, mappings and expressions are typed objects.
fn published(json: &Json) -> Json {
    match json.get("type").and_then(Json::as_u64) {
        Some(1) => Json::Array(json["seq"].as_array().into_iter().flatten().map(published).collect()),
        Some(2) => {
            let pairs = json["map"].as_array().into_iter().flatten();
            let key = |pair: &Json| pair["Key"].as_str().unwrap_or("").to_owned();
            Json::Object(pairs.map(|pair| (key(pair), published(&pair["Value"]))).collect())
        }
        Some(3) => {
            let expr = json["expr"].as_str().unwrap_or("");
            json!({ "expr": parse(expr, &Scope::ANY).map_or_else(|error| error.to_string(), |expr| shape(&expr)) })
        }
        _ if json.is_number() => json!(json.as_f64().unwrap_or_default() + 0.0),
        _ => json.clone(),
    }
}

fn entry<'a>(map: &'a Json, name: &str) -> &'a Json {
    let found = map.as_array().into_iter().flatten().find(|pair| pair["Key"] == name);
    found.map_or(&Json::Null, |pair| &pair["Value"])
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, ours: &T, wanted: &T) -> Checked {
    if ours == wanted { Ok(()) } else { Err(format!("{what}: {ours:?}, wanted {wanted:?}")) }
}
