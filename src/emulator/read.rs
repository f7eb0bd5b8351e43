//! Reads the state from YAML, of which JSON is a part.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use thiserror::Error;

use super::{fault::Fault, state::State};
use crate::{
    text::Source,
    yaml::{self, Kind, Node, Value as Scalar},
};

/// Why a document is no state.
#[derive(Debug, Error)]
pub enum StateError {
    /// It is no YAML.
    #[error("{place}: {0}", place = .0.place)]
    Yaml(Box<yaml::Error>),
    /// It is YAML, but a key or a value is wrong.
    #[error("{path}: {error}")]
    Shape {
        /// Where the document came from.
        path: String,
        /// What is wrong.
        error: serde_json::Error,
    },
}

/// The state in `text`; what it leaves out is as in [`State::default`].
///
/// # Errors
/// When the text is no YAML or holds an unknown key or a wrong value.
pub fn state(path: &str, text: &str) -> Result<State, StateError> {
    typed(path, document(path, text)?)
}

/// `state` with the keys of `text` put over it.
pub(super) fn changed(state: &State, path: &str, text: &str) -> Result<State, StateError> {
    let shape = |error| StateError::Shape { path: path.to_owned(), error };
    let mut whole = serde_json::to_value(state).map_err(shape)?;
    put_over(&mut whole, document(path, text)?);
    typed(path, whole)
}

/// A list of faults.
pub(super) fn faults(path: &str, text: &str) -> Result<Vec<Fault>, StateError> {
    typed(path, document(path, text)?)
}

fn typed<T: DeserializeOwned>(path: &str, value: Value) -> Result<T, StateError> {
    serde_json::from_value(value).map_err(|error| StateError::Shape { path: path.to_owned(), error })
}

fn document(path: &str, text: &str) -> Result<Value, StateError> {
    let node = yaml::parse(&Source::new(path, text)).map_err(|error| StateError::Yaml(Box::new(error)))?;
    Ok(if node.is_null() { json!({}) } else { json_of(&node) })
}

fn json_of(node: &Node) -> Value {
    match &node.kind {
        Kind::Scalar(scalar) => match scalar.value() {
            Scalar::Null => Value::Null,
            Scalar::Bool(value) => json!(value),
            Scalar::Number(_) => {
                scalar.text.parse::<i64>().map_or_else(|_| json!(&*scalar.text), |number| json!(number))
            }
            Scalar::Str(text) => json!(text),
        },
        Kind::Sequence(items) => items.iter().map(json_of).collect(),
        Kind::Mapping(entries) => {
            let pairs = entries.iter().map(|entry| (entry.name().to_owned(), json_of(&entry.value)));
            Value::Object(pairs.collect::<Map<_, _>>())
        }
    }
}

fn put_over(below: &mut Value, above: Value) {
    match (below, above) {
        (Value::Object(below), Value::Object(above)) => {
            for (name, value) in above {
                put_over(below.entry(name).or_insert(Value::Null), value);
            }
        }
        (below, above) => *below = above,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_file_changes_only_what_it_names() {
        let state = state(
            "s.yml",
            "github: {job: {environment: production}}\nfaults:\n- {at: entra-token, kind: cut, times: 2}\n",
        )
        .unwrap();
        assert_eq!(state.github.job.environment.as_deref(), Some("production"));
        assert_eq!(state.github.job.repository, "octo/app");
        assert_eq!(state.faults.len(), 1);
        assert_eq!(state.applications.len(), 1);
    }

    #[test]
    fn an_unknown_key_is_named() {
        let error = state("s.yml", "tenant: x\n").unwrap_err().to_string();
        assert!(error.contains("s.yml") && error.contains("`tenant`"), "{error}");
    }

    #[test]
    fn a_change_keeps_the_rest_and_the_state_survives_its_own_json() {
        let one = changed(&State::default(), "", "github: {job: {event: schedule}}").unwrap();
        let two = changed(&one, "", "github: {immutable: true}").unwrap();
        assert_eq!(two.github.job.event, "schedule");
        let text = serde_json::to_string(&two).unwrap();
        assert_eq!(serde_json::to_string(&state("", &text).unwrap()).unwrap(), text);
    }
}
