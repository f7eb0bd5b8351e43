//! A credential without an issuer, a subject or exactly one audience.

use crate::{
    diagnostic::Severity,
    lint::{Definition, Facts, Finding, Findings, Rule},
    trust::{Field, Violation},
};

pub(super) static RULE: Rule = Rule {
    id: "incomplete-credential",
    summary: "a credential lacks its issuer or subject, or has not exactly one audience",
    severity: Severity::Error,
    since: "0.1.0",
    page: include_str!("incomplete_credential.md"),
    check,
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for definition in &facts.definitions {
        for violation in definition.violations() {
            if let Some(help) = help(violation) {
                findings.report(report(definition, violation, help));
            }
        }
    }
}

fn help(violation: &Violation) -> Option<&'static str> {
    match violation {
        Violation::Missing(Field::Issuer) => {
            Some("give it the issuer of the tokens, such as `https://token.actions.githubusercontent.com`")
        }
        Violation::Missing(Field::Subject) => {
            Some("give it the subject that the job presents; `fedcred preview` shows it")
        }
        Violation::Missing(Field::Audience) => {
            Some("give it one audience, `api://AzureADTokenExchange` in the public cloud")
        }
        Violation::Missing(Field::Expression) => Some("write the expression, or use a subject instead"),
        Violation::Audiences { .. } => {
            Some("keep one audience; make a credential of its own identity for another")
        }
        Violation::SubjectAndExpression => Some("keep the subject or the expression, not both"),
        Violation::Missing(Field::Name | Field::Description)
        | Violation::TooLong { .. }
        | Violation::NameTooShort { .. }
        | Violation::NameCharacter { .. }
        | Violation::Expression(_)
        | Violation::NotKnown { .. } => None,
    }
}

fn report(definition: &Definition<'_>, violation: &Violation, help: &str) -> Finding {
    let title = format!("credential {} is incomplete: {violation}", definition.name());
    let diagnostic = definition
        .point(RULE.says(title), violation.field(), "")
        .help(help)
        .note("the creation fails with HTTP 400");
    Finding::new(&RULE, diagnostic)
}
