//! Values from JSON and to JSON.

use super::{EvaluationProblem, Object, Value, format_number};

/// Reads JSON text.
///
/// # Errors
/// The text is not one JSON value.
pub fn from_json(text: &str) -> Result<Value, EvaluationProblem> {
    let parsed: serde_json::Value =
        serde_json::from_str(text).map_err(|error| EvaluationProblem::InvalidJson(error.to_string()))?;
    Ok(Value::from(&parsed))
}

impl From<&serde_json::Value> for Value {
    fn from(json: &serde_json::Value) -> Self {
        match json {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(value) => Self::Bool(*value),
            serde_json::Value::Number(value) => Self::Number(value.as_f64().unwrap_or(f64::NAN)),
            serde_json::Value::String(value) => Self::from(value.as_str()),
            serde_json::Value::Array(items) => Self::array(items.iter().map(Self::from).collect()),
            serde_json::Value::Object(entries) => Self::from(
                entries.iter().map(|(name, value)| (name.as_str(), Self::from(value))).collect::<Object>(),
            ),
        }
    }
}

/// Writes JSON with an indentation of two blanks; stops once more than `limit` bytes are written.
#[must_use]
pub fn to_json(value: &Value, limit: usize) -> String {
    let mut written = String::new();
    write(value, 0, limit, &mut written);
    written
}

fn write(value: &Value, depth: usize, limit: usize, out: &mut String) {
    if out.len() > limit {
        return;
    }
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Number(value) => out.push_str(&format_number(*value)),
        Value::String(value) => out.push_str(&quoted(value)),
        Value::Array(array) => {
            let items = array.items.iter().map(|item| (None, item));
            collection('[', items, ']', depth, limit, out);
        }
        Value::Object(object) => {
            let entries = object.iter().map(|(name, value)| (Some(name), value));
            collection('{', entries, '}', depth, limit, out);
        }
    }
}

fn collection<'a>(
    open: char,
    items: impl Iterator<Item = (Option<&'a str>, &'a Value)>,
    close: char,
    depth: usize,
    limit: usize,
    out: &mut String,
) {
    out.push(open);
    let mut empty = true;
    for (name, item) in items {
        out.push_str(if empty { "\n" } else { ",\n" });
        out.push_str(&"  ".repeat(depth + 1));
        if let Some(name) = name {
            out.push_str(&quoted(name));
            out.push_str(": ");
        }
        write(item, depth + 1, limit, out);
        empty = false;
    }
    if !empty {
        out.push('\n');
        out.push_str(&"  ".repeat(depth));
    }
    out.push(close);
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
