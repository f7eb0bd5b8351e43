//! Any text is an expression or one error; evaluation ends.
#![no_main]

use fedcred::workflow::expression::{
    Context, Scope, Status, Template, condition, evaluate, template,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let context = Context { status: Some(Status::Success), ..Context::default() };
    let inside = |span: fedcred::text::Span| assert!(text.get(span.start..span.end).is_some(), "{span:?}");
    match template(text, &Scope::ANY) {
        Ok(Template::Literal(_)) => {}
        Ok(Template::Expression(expr)) => {
            inside(expr.span);
            let _ = evaluate(&expr, &context);
        }
        Err(error) => inside(error.span),
    }
    match condition(text, &Scope::ANY) {
        Ok(expr) => {
            let _ = evaluate(&expr, &context);
        }
        Err(error) => inside(error.span),
    }
});
