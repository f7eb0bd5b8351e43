//! A name that Entra does not take.

use crate::{
    diagnostic::Severity,
    lint::{Facts, Finding, Findings, Rule},
    trust::{Field, Violation},
};

pub(super) static RULE: Rule = Rule {
    id: "invalid-credential-name",
    summary: "the name of a credential is too short, too long, or holds a character Entra refuses",
    severity: Severity::Error,
    since: "0.1.0",
    page: include_str!("invalid_credential_name.md"),
    check,
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for definition in &facts.definitions {
        for violation in definition.violations().filter(|violation| is_about_the_name(violation)) {
            let diagnostic = definition
                .point(RULE.says(violation.to_string()), Field::Name, "")
                .help(
                    "use 3 to 120 letters, digits, dashes and underscores, beginning with a letter or digit",
                )
                .note("the creation fails with HTTP 400; the name cannot be changed later");
            findings.report(Finding::new(&RULE, diagnostic));
        }
    }
}

fn is_about_the_name(violation: &Violation) -> bool {
    violation.field() == Field::Name && !matches!(violation, Violation::Missing(_))
}
