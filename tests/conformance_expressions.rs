//! Runs the published expression suites of actions/languageservices where they are present.

use std::{collections::BTreeMap, fs, path::PathBuf};

use fedcred::workflow::expression::{
    Array, Context, EvaluationProblem, Names, Object, Scope, SyntaxError, SyntaxProblem, Value, evaluate,
    parse,
};
use serde_json::Value as Json;

fn folder() -> PathBuf {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.join(std::env::var("FEDCRED_VECTORS").unwrap_or_else(|_| "../shared/vectors".into()))
        .join("expressions")
}

#[test]
fn the_published_expression_suites_pass() {
    let Ok(files) = fs::read_dir(folder()) else {
        println!("skipped: no suites in {}", folder().display());
        return;
    };
    let (mut passed, mut skipped, mut failed) = (0, 0, Vec::new());
    for file in files {
        let path = file.unwrap().path();
        let groups: BTreeMap<String, Vec<Json>> =
            serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        for case in groups.into_values().flatten() {
            let skip = case.pointer("/options/skip").and_then(Json::as_array);
            if skip.is_some_and(|names| names.iter().any(|name| name == "typescript")) {
                skipped += 1;
                continue;
            }
            match run(&case) {
                Ok(()) => passed += 1,
                Err(why) => failed.push(format!("{}: {}: {why}", path.display(), case["expr"])),
            }
        }
    }
    println!("expressions: {} ran, {passed} passed, {skipped} skipped", passed + failed.len());
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

fn run(case: &Json) -> Result<(), String> {
    let text = case["expr"].as_str().unwrap();
    let contexts =
        case.get("contexts").or(case.get("inputs")).and_then(Json::as_object).cloned().unwrap_or_default();
    let names: Vec<&str> = contexts.keys().map(String::as_str).chain(["github"]).collect();
    let scope = Scope { contexts: Names::Only(&names), status: true, files: true };
    let values: Object = contexts.iter().map(|(name, value)| (name.as_str(), Value::from(value))).collect();
    let outcome = parse(text, &scope)
        .map_err(|error| syntax(text, &error))
        .and_then(|expr| evaluate(&expr, &Context::from(values)).map_err(|error| evaluation(&error.problem)));
    match (outcome, case.get("err"), case.get("result")) {
        (Ok(value), None, Some(result)) => same(&value, result),
        (Err((kind, message)), Some(error), _) => {
            let wanted = (error["kind"].as_str().unwrap(), error["value"].as_str().unwrap());
            let prefix = wanted.1.ends_with(": ") && message.starts_with(wanted.1);
            let same = kind == wanted.0 && (message == wanted.1 || prefix);
            if same { Ok(()) } else { Err(format!("{kind} {message}, wanted {wanted:?}")) }
        }
        (outcome, ..) => Err(format!("{outcome:?}, wanted {case}")),
    }
}

/// The published suites' wording of our values.
fn syntax(text: &str, error: &SyntaxError) -> (&'static str, String) {
    let position = text.get(..error.span.start).unwrap().encode_utf16().count() + 1;
    let at = format!("Located at position {position} within expression: {text}");
    let legal = |symbol: &str| {
        symbol.bytes().all(|byte| byte.is_ascii_digit())
            || (symbol.starts_with(char::is_alphabetic)
                && symbol.bytes().all(|byte| byte.is_ascii_alphanumeric()))
            || ["(", ")", "[", "]", ",", ".", "*", "<", ">"].contains(&symbol)
    };
    match &error.problem {
        SyntaxProblem::UnexpectedSymbol(symbol) => {
            (if legal(symbol) { "parsing" } else { "lexing" }, format!("Unexpected symbol: '{symbol}'. {at}"))
        }
        SyntaxProblem::UnexpectedEnd(symbol) => {
            ("parsing", format!("Unexpected end of expression: '{symbol}'. {at}"))
        }
        // The suites say position 1 wherever the function stands.
        SyntaxProblem::UnknownFunction(name) => {
            ("parsing", format!("Unrecognized function: '{name}'. Located at position 1"))
        }
        SyntaxProblem::UnknownContext(name) => {
            ("parsing", format!("Unrecognized named-value: '{name}'. {at}"))
        }
        SyntaxProblem::TooFewArguments(name) => ("parsing", format!("Too few parameters supplied: {name}")),
        SyntaxProblem::TooManyArguments(name) => ("parsing", format!("Too many parameters supplied: {name}")),
        SyntaxProblem::TooDeep { limit } => ("parsing", format!("Exceeded max expression depth {limit}")),
        SyntaxProblem::EvenArguments
        | SyntaxProblem::TooLong { .. }
        | SyntaxProblem::NotClosed
        | SyntaxProblem::Empty => ("parsing", error.to_string()),
    }
}

fn evaluation(problem: &EvaluationProblem) -> (&'static str, String) {
    ("evaluation", problem.to_string())
}

fn same(value: &Value, result: &Json) -> Result<(), String> {
    let kind = match value {
        Value::Null => "Null",
        Value::Bool(_) => "Boolean",
        Value::Number(_) => "Number",
        Value::String(_) => "String",
        Value::Array(_) => "Array",
        Value::Object(_) => "Object",
    };
    let equal = kind == result["kind"] && bare(value) == bare(&Value::from(&result["value"]));
    if equal { Ok(()) } else { Err(format!("{value:?}, wanted {result}")) }
}

/// The suites write filtered lists as lists.
fn bare(value: &Value) -> Value {
    match value {
        Value::Array(array) => {
            let Array { items, .. } = &**array;
            Value::array(items.iter().map(bare).collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
            value.clone()
        }
    }
}
