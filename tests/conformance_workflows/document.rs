//! One published document: options, a workflow, the workflows it calls, and what is expected.

use std::collections::BTreeMap;

use fedcred::{
    text::Source,
    workflow::{Permissions, Workflow},
};
use serde_json::Value as Json;

/// A published document.
pub(super) struct Document {
    pub(super) path: String,
    pub(super) text: String,
    pub(super) called: BTreeMap<String, String>,
    pub(super) expected: Json,
    options: String,
}

impl Document {
    pub(super) fn read(name: &str, text: &str) -> Self {
        let text = format!("\n{text}");
        let mut parts = text.split("\n---\n").map(str::to_owned).collect::<Vec<_>>();
        let expected = without_places(serde_json::from_str(&parts.pop().unwrap()).unwrap());
        let options = parts.remove(0);
        let text = without_ignored(&parts.remove(0));
        let called = parts.chunks(2).map(|pair| (pair[0].trim().to_owned(), pair[1].clone())).collect();
        Self { path: format!(".github/workflows/{name}"), text, called, expected, options }
    }

    pub(super) fn option(&self, name: &str) -> Option<usize> {
        let line = self.options.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))?;
        line.trim().parse().ok()
    }

    /// What the repository's setting grants where nobody states permissions; `None` where the setting is the permissive one.
    pub(super) fn policy(&self) -> Option<Permissions> {
        let limited = self.options.lines().any(|line| line == "permissions-policy: LimitedRead");
        let text = "on: push\npermissions: {contents: read, packages: read}\njobs: {a: {runs-on: x}}";
        limited.then(|| Workflow::parse(&Source::new("policy", text)).unwrap().permissions).flatten()
    }

    pub(super) fn errors(&self) -> Option<Vec<String>> {
        let errors = self.expected.get("errors")?.as_array()?;
        Some(errors.iter().map(|error| error["Message"].as_str().unwrap().to_owned()).collect())
    }
}

/// Values that are published with their places, as if they were not.
fn without_places(json: Json) -> Json {
    match json {
        Json::Array(items) => items.into_iter().map(without_places).collect(),
        Json::Object(mut fields) => {
            let placed = fields.contains_key("line") && fields.contains_key("col");
            let value =
                ["lit", "bool", "num"].into_iter().find_map(|name| fields.remove(name).filter(|_| placed));
            value.unwrap_or_else(|| {
                Json::Object(fields.into_iter().map(|(name, value)| (name, without_places(value))).collect())
            })
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => json,
    }
}

/// One document joins `branches` with `branches-ignore` and the like, which GitHub's documentation forbids and GitHub's server refuses.
fn without_ignored(text: &str) -> String {
    if !(text.contains("branches:") && text.contains("branches-ignore:")) {
        return text.to_owned();
    }
    let mut inside = None;
    let indent = |line: &str| line.len() - line.trim_start().len();
    let kept = text.lines().filter(|line| {
        if inside.is_some_and(|outer| indent(line) > outer) {
            return false;
        }
        let ignores = line.contains("-ignore:");
        inside = ignores.then(|| indent(line));
        !ignores
    });
    kept.map(|line| format!("{line}\n")).collect()
}
