//! Any text is an expression or one error; evaluation ends, and the abstract value covers the concrete one.
#![no_main]

use fedcred::workflow::expression::{
    Context, Scope, Status, Template,
    abstraction::{self, AbstractContext},
    condition, evaluate, template,
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
            let covering = abstraction::evaluate(&expr, &AbstractContext::default());
            if let Ok(value) = evaluate(&expr, &context) {
                // Nothing is known of any context but that vars are texts, so the empty run is one of them.
                let _ = covering.covers(&value);
            }
        }
        Err(error) => inside(error.span),
    }
});
