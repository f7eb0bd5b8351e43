//! Predicts every published subject whose context determines it, byte for byte.
//!
//! The collection lies beside the repository; `FEDCRED_CASES` names another folder. Without it nothing is compared.

use std::{collections::BTreeMap, env, fs, path::PathBuf};

use fedcred::{
    id::RepositoryIds,
    issuer::github::{Event, Instance, Job, Kind, Prefix, Template, predict},
};
use serde_json::{Map, Value};

fn cases() -> PathBuf {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.join(env::var("FEDCRED_CASES").unwrap_or_else(|_| "../shared/cases".to_owned()))
}

/// What is known about the job. A context that names no event tells the ref or the environment, which a push shows as well.
fn job(context: &Map<String, Value>) -> Job {
    let text = |key: &str| context.get(key).and_then(Value::as_str);
    let ids = text("owner_id").zip(text("repo_id")).map(|(owner, repository)| RepositoryIds {
        owner: owner.parse().unwrap(),
        repository: repository.parse().unwrap(),
    });
    let immutable = context.get("immutable").and_then(Value::as_bool);
    let prefix = match (text("repository").map(|name| name.parse().unwrap()), immutable, ids) {
        (None, ..) => Prefix::Hole("repository".to_owned()),
        (Some(name), Some(true), Some(ids)) => Prefix::Ids(name, ids),
        (Some(name), Some(false), _) => Prefix::Names(name),
        (Some(name), ..) => Prefix::Assumed(name),
    };
    let template = context.get("template").and_then(Value::as_array).map_or_else(Template::default, |keys| {
        Template::new(keys.iter().map(|key| key.as_str().unwrap().to_owned())).unwrap()
    });
    Job {
        prefix,
        event: Event::named(text("event").unwrap_or("push")).unwrap(),
        reference: text("ref").map(|name| name.parse().unwrap()),
        environment: text("environment").map(|name| name.parse().unwrap()),
        template,
        claims: claims(context),
    }
}

fn claims(context: &Map<String, Value>) -> BTreeMap<String, String> {
    let elsewhere = ["repository", "event", "ref", "environment"];
    let texts = context.iter().filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)));
    texts
        .filter(|(key, _)| !elsewhere.contains(key))
        .map(|(key, value)| match key {
            "owner_id" => ("repository_owner_id".to_owned(), value.to_owned()),
            "repo_id" => ("repository_id".to_owned(), value.to_owned()),
            _ => (key.to_owned(), value.to_owned()),
        })
        .collect()
}

#[test]
fn every_published_subject_is_predicted_byte_for_byte() {
    let path = cases().join("subjects.jsonl");
    let Ok(lines) = fs::read_to_string(&path) else {
        eprintln!("skipped: {} is not there", path.display());
        return;
    };
    let (mut equal, mut left_out, mut wrong) = (0, 0, Vec::new());
    for line in lines.lines().filter(|line| !line.is_empty()) {
        let case: Value = serde_json::from_str(line).unwrap();
        let prediction = predict(&job(case["context"].as_object().unwrap()));
        let published = case["sub"].as_str().unwrap();
        let predicted = prediction.shape.to_string();
        match prediction.kind() {
            Kind::Exact if predicted == published => equal += 1,
            Kind::Exact => wrong.push(format!("{}: {predicted}, not {published}", case["id"])),
            Kind::OneOf | Kind::Unknown => {
                let doubts: Vec<_> = prediction.doubts.iter().map(ToString::to_string).collect();
                eprintln!("left out {}: {}", case["id"], doubts.join("; "));
                left_out += 1;
            }
        }
    }
    eprintln!("{equal} equal, {left_out} left out");
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(equal > 0, "nothing was compared");
}

#[test]
fn every_published_issuer_is_that_of_a_known_instance() {
    let Ok(lines) = fs::read_to_string(cases().join("subjects.jsonl")) else { return };
    for line in lines.lines().filter(|line| !line.is_empty()) {
        let case: Value = serde_json::from_str(line).unwrap();
        let slug = case["context"]["enterprise"].as_str();
        let instance = slug.map_or(Instance::Cloud, |slug| Instance::Enterprise { slug: slug.to_owned() });
        assert_eq!(instance.issuer().as_str(), case["iss"].as_str().unwrap(), "{}", case["id"]);
    }
}
