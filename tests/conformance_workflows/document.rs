//! One published document: options, a workflow, the workflows it calls, and what is expected.

use std::collections::BTreeMap;

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
        let expected = serde_json::from_str(&parts.pop().unwrap()).unwrap();
        let options = parts.remove(0);
        let text = parts.remove(0);
        let called = parts.chunks(2).map(|pair| (pair[0].trim().to_owned(), pair[1].clone())).collect();
        Self { path: format!(".github/workflows/{name}"), text, called, expected, options }
    }

    pub(super) fn option(&self, name: &str) -> Option<usize> {
        let line = self.options.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))?;
        line.trim().parse().ok()
    }

    pub(super) fn errors(&self) -> Option<Vec<String>> {
        let errors = self.expected.get("errors")?.as_array()?;
        Some(errors.iter().map(|error| error["Message"].as_str().unwrap().to_owned()).collect())
    }
}
