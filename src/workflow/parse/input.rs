//! Reads the inputs of a dispatch, a call or an action.

use super::unexpected;
use crate::{
    workflow::{
        Error,
        model::{Input, InputKind},
    },
    yaml::{Entry, Node},
};

/// Reads the `inputs` of a dispatch or a call; nothing where there are none.
pub(super) fn inputs(node: Option<&Node>) -> Result<Vec<Input>, Error> {
    let entries = node.map(Node::entries).unwrap_or_default();
    entries.iter().map(|entry| Ok(input(entry, kind(&entry.value)?))).collect()
}

/// Reads the `inputs` of an action. All are text: an action may say `type`, but nobody reads it.
///
/// Source: actions/languageservices `workflow-parser/src/action-v1.0.json` (`input-strict` lets any other key stand).
pub(in crate::workflow) fn action_inputs(node: Option<&Node>) -> Vec<Input> {
    let entries = node.map(Node::entries).unwrap_or_default();
    entries.iter().map(|entry| input(entry, InputKind::Text)).collect()
}

fn input(entry: &Entry, kind: InputKind) -> Input {
    Input {
        name: entry.name().to_owned(),
        place: entry.key.used_at(),
        kind,
        required: entry.value.get("required").and_then(Node::as_bool).unwrap_or(false),
        default: entry.value.get("default").filter(|node| !node.is_null()).cloned(),
    }
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
