//! A flexible expression that Entra does not take for its issuer.

use crate::{
    diagnostic::Severity,
    id::Issuer,
    lint::{Definition, Facts, Finding, Findings, Rule},
    text::Located,
    trust::{
        Field, Value,
        flexible::{Complaint, Expression},
    },
};

pub(super) static RULE: Rule = Rule {
    id: "invalid-flexible-expression",
    summary: "a flexible expression cannot be read, or says what its issuer does not allow",
    severity: Severity::Error,
    since: "0.1.0",
    page: include_str!("invalid_flexible_expression.md"),
    check,
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for definition in &facts.definitions {
        for (text, written) in definition.texts(Field::Expression) {
            match text.parse::<Expression>() {
                Err(error) => findings.report(report(definition, written, &error.to_string(), RULE.severity)),
                Ok(expression) => complaints(definition, &expression, written, findings),
            }
        }
    }
}

fn complaints(
    definition: &Definition<'_>,
    expression: &Expression,
    written: &Located<Value>,
    findings: &mut Findings,
) {
    let issuer = definition.texts(Field::Issuer).next().map(|(text, _)| Issuer::new(text));
    for complaint in issuer.iter().flat_map(|issuer| expression.complaints(issuer)) {
        let (words, severity) = match complaint {
            Complaint::IssuerNotListed => {
                ("Entra takes no flexible expression for this issuer".to_owned(), Severity::Error)
            }
            Complaint::ClaimNotListed { claim, .. } => {
                (format!("the claim `{claim}` may not be compared"), Severity::Error)
            }
            Complaint::OperatorNotListed { claim, operator, .. } => (
                format!("the claim `{claim}` may not be compared by `{}`", operator.as_str()),
                Severity::Error,
            ),
            Complaint::Repeated { claim, .. } => (
                format!("the claim `{claim}` is compared twice, and what Entra makes of that is not known"),
                Severity::Warning,
            ),
            Complaint::Missing(wanted) if wanted.new_only => continue,
            Complaint::Missing(wanted) => {
                (format!("`{}` must be compared", wanted.any_of.join("` or `")), Severity::Error)
            }
        };
        findings.report(report(definition, written, &words, severity));
    }
}

fn report(definition: &Definition<'_>, written: &Located<Value>, why: &str, severity: Severity) -> Finding {
    let diagnostic = RULE
        .says(format!("the expression of credential {} is not valid: {why}", definition.name()))
        .at(written.place.clone(), "")
        .help(
            "write `claims['sub'] matches 'repo:OWNER@*/REPO@*:...' and claims['repository_id'] eq 'NUMBER'`",
        )
        .note("the creation fails with HTTP 400, or the exchange with AADSTS700233 to AADSTS700237");
    Finding::new(&RULE, diagnostic).severity(severity)
}
