//! Reads the state from YAML, of which JSON is a part.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use serde_path_to_error::Segment;
use thiserror::Error;

use super::{fault::Fault, state::State};
use crate::{
    text::{Place, Source},
    yaml::{self, Kind, Node, Value as Scalar},
};

/// Why a document is no state.
#[derive(Debug, Error)]
pub enum StateError {
    /// It is no YAML.
    #[error("{place}: {0}", place = .0.place)]
    Yaml(Box<yaml::Error>),
    /// It is YAML, but a key or a value is wrong.
    #[error("{place}: {error}")]
    Shape {
        /// Where: the file, and the line where that is known.
        place: String,
        /// What is wrong.
        error: serde_json::Error,
    },
}

/// The state in `text`; what it leaves out is as in [`State::default`].
///
/// # Errors
/// When the text is no YAML or holds an unknown key or a wrong value.
pub fn state(path: &str, text: &str) -> Result<State, StateError> {
    let written = document(path, text)?;
    typed(&written, json_of(&written))
}

/// `state` with the keys of `text` put over it.
pub(super) fn changed(state: &State, path: &str, text: &str) -> Result<State, StateError> {
    let shape = |error| StateError::Shape { place: path.to_owned(), error };
    let mut whole = serde_json::to_value(state).map_err(shape)?;
    let written = document(path, text)?;
    put_over(&mut whole, json_of(&written));
    typed(&written, whole)
}

/// A list of faults.
pub(super) fn faults(path: &str, text: &str) -> Result<Vec<Fault>, StateError> {
    let written = document(path, text)?;
    typed(&written, json_of(&written))
}

/// `value` is what was `written`, or holds it.
fn typed<T: DeserializeOwned>(written: &Node, value: Value) -> Result<T, StateError> {
    serde_path_to_error::deserialize(if value.is_null() { json!({}) } else { value }).map_err(|error| {
        let place = place(written, error.path(), &error.inner().to_string()).to_string();
        StateError::Shape { place, error: error.into_inner() }
    })
}

/// Where the value at `path` was written, as near as it can be told; of a key that is not known, where the key stands.
fn place(written: &Node, path: &serde_path_to_error::Path, error: &str) -> Place {
    let mut here = written;
    let mut place = here.place();
    for step in path {
        let next = match step {
            Segment::Map { key } => here.entry(key).map(|entry| (entry.key.place(), &entry.value)),
            Segment::Seq { index } => here.items().get(*index).map(|item| (item.place(), item)),
            Segment::Enum { .. } | Segment::Unknown => None,
        };
        let Some((found, value)) = next else { break };
        (place, here) = (found, value);
    }
    let unknown = error.strip_prefix("unknown field `").and_then(|rest| rest.split('`').next());
    unknown.and_then(|name| here.entry(name)).map_or(place, |entry| entry.key.place())
}

fn document(path: &str, text: &str) -> Result<Node, StateError> {
    yaml::parse(&Source::new(path, text)).map_err(|error| StateError::Yaml(Box::new(error)))
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
        let error = state("s.yml", "# one\ntenant: x\n").unwrap_err().to_string();
        assert!(error.starts_with("s.yml:2:1: unknown field `tenant`"), "{error}");
    }

    #[test]
    fn a_wrong_shape_is_named_with_its_line() {
        for (text, said) in [
            ("github:\n  immutable: maybe\n", "s.yml:2:3: invalid type: string \"maybe\""),
            ("github:\n  job:\n    colour: red\n", "s.yml:3:5: unknown field `colour`"),
            ("applications:\n- client-id: a\n", "s.yml:2:3: missing field `object-id`"),
            ("faults:\n- {at: entra-token, kind: cut}\n- {at: nowhere, kind: cut}\n", "s.yml:3:"),
            ("tenants: {}\n", "s.yml:1:1: invalid type: map"),
        ] {
            let error = state("s.yml", text).unwrap_err().to_string();
            assert!(error.starts_with(said), "{said}: {error}");
        }
        let error = changed(&State::default(), "s.yml", "amazon:\n  federation: 1\n").unwrap_err();
        assert!(error.to_string().starts_with("s.yml:2:3: invalid type"), "{error}");
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
