//! A value that is longer than Entra takes.

use crate::{
    diagnostic::Severity,
    lint::{Facts, Finding, Findings, Rule},
    trust::{Field, Violation},
};

pub(super) static RULE: Rule = Rule {
    id: "overlong-value",
    summary: "a value of a credential is longer than 600 characters",
    severity: Severity::Error,
    since: "0.1.0",
    page: include_str!("overlong_value.md"),
    check,
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for definition in &facts.definitions {
        for violation in definition.violations() {
            if let Violation::TooLong { field, length, limit } = violation
                && *field != Field::Name
            {
                let title = format!("the {field} of credential {} is too long", definition.name());
                let diagnostic = definition
                    .point(RULE.says(title), *field, format!("{length} characters; {limit} are allowed"))
                    .help(format!("shorten the {field} to at most {limit} characters"))
                    .note("the creation fails with HTTP 400");
                findings.report(Finding::new(&RULE, diagnostic));
            }
        }
    }
}
