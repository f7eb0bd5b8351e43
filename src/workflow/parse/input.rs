//! Reads the inputs of a dispatch, a call or an action.

use super::unexpected;
use crate::{
    workflow::{
        Error,
        model::{Input, InputKind},
    },
    yaml::Node,
};

/// Reads an `inputs` mapping; nothing where there is none.
pub(in crate::workflow) fn inputs(node: Option<&Node>) -> Result<Vec<Input>, Error> {
    let entries = node.map(Node::entries).unwrap_or_default();
    let read = entries.iter().map(|entry| {
        let value = &entry.value;
        Ok(Input {
            name: entry.name().to_owned(),
            place: entry.key.used_at(),
            kind: kind(value)?,
            required: value.get("required").and_then(Node::as_bool).unwrap_or(false),
            default: value.get("default").filter(|node| !node.is_null()).cloned(),
        })
    });
    read.collect()
}

fn kind(input: &Node) -> Result<InputKind, Error> {
    let Some(kind) = input.get("type") else { return Ok(InputKind::Text) };
    Ok(match kind.text() {
        Some("string") => InputKind::Text,
        Some("number") => InputKind::Number,
        Some("boolean") => InputKind::Boolean,
        Some("environment") => InputKind::Environment,
        Some("choice") => {
            let options = input.get("options").map(Node::one_or_many).unwrap_or_default();
            InputKind::Choice(options.iter().filter_map(Node::text).map(str::to_owned).collect())
        }
        _ => return Err(unexpected(kind)),
    })
}
