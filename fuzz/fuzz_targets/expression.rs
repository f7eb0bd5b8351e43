//! Any text is an expression or one error, evaluation in any context ends, and what JSON is made of a value is that value again.
#![no_main]

use fedcred::{
    text::Span,
    workflow::expression::{
        Context, Expr, Object, Scope, Status, Template, Value, condition, evaluate, from_json, template,
        to_json,
    },
};
use libfuzzer_sys::fuzz_target;

// The expression, and behind a line break the contexts as one JSON object.
fuzz_target!(|text: &str| {
    let (text, json) = text.split_once('\n').unwrap_or((text, ""));
    let within = |span: Span| assert!(text.get(span.start..span.end).is_some(), "{span:?}");
    let context = Context { values: contexts(json), status: Some(Status::Success) };
    let try_out = |expr: &Expr| {
        within(expr.span);
        match evaluate(expr, &context) {
            Ok(value) => stable(&value),
            Err(error) => within(error.span),
        }
    };
    match template(text, &Scope::ANY) {
        Ok(Template::Literal(_)) => {}
        Ok(Template::Expression(expr)) => try_out(&expr),
        Err(error) => within(error.span),
    }
    match condition(text, &Scope::ANY) {
        Ok(expr) => try_out(&expr),
        Err(error) => within(error.span),
    }
});

fn contexts(json: &str) -> Object {
    match from_json(json) {
        Ok(Value::Object(values)) => (*values).clone(),
        _ => Object::default(),
    }
}

fn stable(value: &Value) {
    let (_, _, _) = (value.to_text(), value.to_number(), value.is_truthy());
    const LIMIT: usize = 1 << 20;
    let written = to_json(value, LIMIT);
    // JSON has neither NaN nor infinities, and nesting has a limit.
    if written.len() < LIMIT
        && !written.contains("NaN")
        && !written.contains("Infinity")
        && !written.contains("[[[[[[")
    {
        let again = from_json(&written).unwrap_or_else(|error| panic!("{error:?}: {written}"));
        assert_eq!(again, *value, "{written}");
    }
}
