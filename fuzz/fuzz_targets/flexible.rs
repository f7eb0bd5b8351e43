//! Any text is a flexible expression or one error; evaluation ends, and spans lie inside the text.
#![no_main]

use fedcred::{id::Subject, issuer::Presented, trust::flexible::Expression, verdict::flexible};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &str)| {
    let (text, subject) = input;
    match text.parse::<Expression>() {
        Ok(expression) => {
            for clause in expression.clauses() {
                assert!(text.get(clause.span.start..clause.span.end).is_some());
            }
            let presented = Presented::new("https://token.actions.githubusercontent.com", subject, "a");
            let _ = flexible::evaluate(&expression, &presented);
            let shape = fedcred::id::SubjectShape::Exact(Subject::new(subject));
            let _ = flexible::cover(&expression, &shape, &presented.claims);
            let _ = expression.complaints(&presented.issuer);
        }
        Err(error) => assert!(text.get(error.span().start..error.span().end).is_some()),
    }
});
