//! Holds our reading of workflow files against GitHub's own published parser: events, filters, environments, permissions, calls.
//!
//! Runs where `FEDCRED_ORACLE` names the folder of the oracle script and `FEDCRED_ORACLE_NPM` one with its packages; takes about half
//! a second a file. `FEDCRED_ORACLE_FILES` names more folders of workflow files, separated by colons.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use fedcred::{
    text::Source,
    workflow::{
        Workflow,
        expression::{Scope, Template, Value, template},
        model::{Job, Trigger, Work},
    },
    yaml::Node,
};
use serde_json::Value as Json;

#[test]
fn githubs_parser_reads_the_same() {
    let (Ok(script), Ok(packages)) = (std::env::var("FEDCRED_ORACLE"), std::env::var("FEDCRED_ORACLE_NPM"))
    else {
        println!("skipped: FEDCRED_ORACLE and FEDCRED_ORACLE_NPM do not name GitHub's parser");
        return;
    };
    let files = files();
    let mut differences = Vec::new();
    let mut refused = 0;
    for file in &files {
        let text = String::from_utf8_lossy(&fs::read(file).expect("a file")).into_owned();
        let theirs = parsed(&script, &packages, file);
        let ours = Workflow::parse(&Source::new(file.display().to_string(), text));
        let errors = theirs["errors"].as_array().is_some_and(|errors| !errors.is_empty());
        match ours {
            Err(error) if !errors => {
                differences.push(format!("{}: only we refuse it: {error}", file.display()))
            }
            Err(_) => refused += 1,
            Ok(_) if errors => {
                differences.push(format!("{}: only GitHub refuses it: {}", file.display(), theirs["errors"]))
            }
            Ok(ours) => compare(&ours, &theirs, &mut differences),
        }
    }
    println!("{} files, {refused} refused by both, {} differences", files.len(), differences.len());
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

fn files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let named = std::env::var("FEDCRED_ORACLE_FILES").unwrap_or_else(|_| "examples:.github".into());
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = named.split(':').map(|folder| root.join(folder)).collect();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "yml" || end == "yaml")
                && folder.ends_with(".github/workflows")
            {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn parsed(script: &str, packages: &str, file: &Path) -> Json {
    let hook = Path::new(script).join("json-import-hook.mjs");
    let oracle = Path::new(script).join("gha-oracle.mjs");
    let ran = Command::new("node")
        .arg("--import")
        .arg(hook)
        .arg(oracle)
        .args([packages, "parse"])
        .arg(file)
        .output();
    let output = ran.expect("node runs").stdout;
    serde_json::from_slice(&output).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn compare(ours: &Workflow, theirs: &Json, differences: &mut Vec<String>) {
    let path = ours.source.path();
    let mut same = |what: String, ours: Json, theirs: Json| {
        if ours != theirs {
            differences.push(format!("{path}: {what}: ours {ours}, GitHub's {theirs}"));
        }
    };
    let mut names: Vec<&str> = ours.triggers.iter().map(|trigger| trigger.event.name).collect();
    names.extend(ours.call.is_some().then_some("workflow_call"));
    names.sort_unstable();
    let mut wanted: Vec<&str> = theirs["events"]
        .as_object()
        .map(|events| events.keys().map(String::as_str).collect())
        .unwrap_or_default();
    wanted.sort_unstable();
    same("events".into(), names.into(), wanted.into());
    for trigger in &ours.triggers {
        let event = &theirs["events"][trigger.event.name];
        for name in ["branches", "tags"] {
            let (ours, theirs) = (filter(trigger, name), &event[name]);
            if event.get(format!("{name}-ignore")).is_none() {
                same(format!("{} {name}", trigger.event.name), ours, theirs.clone());
            }
        }
    }
    for (job, wanted) in ours.jobs.iter().zip(theirs["jobs"].as_array().into_iter().flatten()) {
        same("job".into(), job.id.as_str().into(), wanted["id"].clone());
        same(format!("{} environment", job.id), environment(job), their_environment(&wanted["environment"]));
        let uses = match &job.work {
            Work::Call(call) => call.uses.value.as_str().into(),
            Work::Steps(_) => Json::Null,
        };
        same(format!("{} uses", job.id), uses, wanted.get("uses").cloned().unwrap_or_default());
        let stated = job
            .permissions
            .as_ref()
            .or(ours.permissions.as_ref())
            .map(fedcred::workflow::Permissions::id_token);
        let theirs =
            [&wanted["permissions"], &theirs["permissions"]].into_iter().find(|stated| !stated.is_null());
        same(format!("{} permissions", job.id), stated.into(), theirs.map(grants).into());
    }
}

fn filter(trigger: &Trigger, name: &str) -> Json {
    let filter = if name == "branches" { &trigger.branches } else { &trigger.tags };
    filter.as_ref().map_or(Json::Null, |filter| filter.list.texts().into())
}

/// The text where it is one; `expression` where a run decides; nothing for none.
fn environment(job: &Job) -> Json {
    let node = job.environment.as_ref();
    match node.and_then(Node::text) {
        Some(text) if text.contains("${{") => match template(text, &Scope::JOB) {
            Ok(Template::Literal(literal)) => literal.into(),
            _ => "expression".into(),
        },
        Some(text) => match node.and_then(Node::as_number) {
            Some(number) => Value::Number(number).to_text().into(),
            None if node.is_some_and(Node::is_null) => "".into(),
            None if node.and_then(Node::as_bool).is_some() => text.to_lowercase().into(),
            None => text.into(),
        },
        None => Json::Null,
    }
}

fn their_environment(told: &Json) -> Json {
    let name = told.get("name").unwrap_or(told);
    if name.get("expr").is_some() { "expression".into() } else { name.clone() }
}

fn grants(stated: &Json) -> bool {
    stated == "write-all" || stated["id-token"] == "write"
}
