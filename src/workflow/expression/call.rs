//! What each function computes from its arguments.

use super::{
    EvaluationProblem, Function, Value, equals,
    json::{from_json, to_json},
    value::fold,
};

/// Most bytes a result may have.
///
/// Source: actions/runner `ParseOptions.cs` and `ExpressionConstants.cs` (evaluation memory of 1 MiB).
const LIMIT: usize = 1024 * 1024;

/// The result of `function`. Status functions and `hashFiles` are not known from their arguments.
///
/// # Errors
/// The arguments do not fit the function, or the result would be too large.
pub fn call(function: Function, arguments: &[Value]) -> Result<Value, EvaluationProblem> {
    let argument = |at: usize| arguments.get(at).unwrap_or(&Value::Null);
    match function {
        Function::Contains => Ok(Value::Bool(contains(argument(0), argument(1)))),
        Function::StartsWith => {
            Ok(Value::Bool(both_texts(argument(0), argument(1), |text, prefix| text.starts_with(prefix))))
        }
        Function::EndsWith => {
            Ok(Value::Bool(both_texts(argument(0), argument(1), |text, suffix| text.ends_with(suffix))))
        }
        Function::Format => {
            format(&argument(0).to_text(), arguments.get(1..).unwrap_or(&[])).map(Value::from)
        }
        Function::Join => join(argument(0), arguments.get(1)).map(Value::from),
        Function::ToJson => limited(to_json(argument(0), LIMIT)).map(Value::from),
        Function::FromJson => from_json(&argument(0).to_text()),
        Function::Case => case(arguments),
        Function::Always => Ok(Value::Bool(true)),
        Function::HashFiles | Function::Success | Function::Failure | Function::Cancelled => {
            Err(EvaluationProblem::NotKnown(function.name()))
        }
    }
}

fn limited(text: String) -> Result<String, EvaluationProblem> {
    if text.len() > LIMIT { Err(EvaluationProblem::TooLarge { limit: LIMIT }) } else { Ok(text) }
}

fn both_texts(left: &Value, right: &Value, test: impl Fn(&str, &str) -> bool) -> bool {
    let folded = |value: &Value| fold(&value.to_text()).collect::<String>();
    left.is_primitive() && right.is_primitive() && test(&folded(left), &folded(right))
}

fn contains(search: &Value, item: &Value) -> bool {
    match search {
        Value::Array(array) => array.items.iter().any(|candidate| equals(candidate, item)),
        Value::Object(_) => false,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            both_texts(search, item, |text, part| text.contains(part))
        }
    }
}

fn join(items: &Value, separator: Option<&Value>) -> Result<String, EvaluationProblem> {
    let separator = separator.filter(|separator| separator.is_primitive()).map_or(",".into(), Value::to_text);
    match items {
        Value::Array(array) => {
            let mut joined = String::new();
            for (at, item) in array.items.iter().enumerate() {
                joined.push_str(if at == 0 { "" } else { &separator });
                joined.push_str(&item.to_text());
                joined = limited(joined)?;
            }
            Ok(joined)
        }
        Value::Object(_) => Ok(String::new()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            Ok(items.to_text().into_owned())
        }
    }
}

/// `{0}` is the first argument, `{{` and `}}` are braces.
fn format(text: &str, arguments: &[Value]) -> Result<String, EvaluationProblem> {
    let invalid = || EvaluationProblem::InvalidFormat(text.to_owned());
    let mut result = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, brace) = rest.split_at_checked(at).ok_or_else(invalid)?;
        result.push_str(before);
        if let Some(after) = brace.strip_prefix("{{") {
            result.push('{');
            rest = after;
        } else if let Some(after) = brace.strip_prefix("}}") {
            result.push('}');
            rest = after;
        } else {
            let (number, after) =
                brace.strip_prefix('{').and_then(|after| after.split_once('}')).ok_or_else(invalid)?;
            if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(invalid());
            }
            let argument = number.parse::<usize>().ok().and_then(|at| arguments.get(at));
            let argument =
                argument.ok_or_else(|| EvaluationProblem::MissingFormatArgument(text.to_owned()))?;
            result.push_str(&argument.to_text());
            rest = after;
        }
        result = limited(result)?;
    }
    result.push_str(rest);
    limited(result)
}

fn case(arguments: &[Value]) -> Result<Value, EvaluationProblem> {
    for pair in arguments.chunks(2) {
        match pair {
            [Value::Bool(true), value] | [value] => return Ok(value.clone()),
            [Value::Bool(false), _] => {}
            _ => return Err(EvaluationProblem::CaseNotBoolean),
        }
    }
    Ok(Value::Null)
}
