//! A flexible expression that names no immutable id.

use crate::{
    diagnostic::Severity,
    id::Issuer,
    lint::{Facts, Finding, Findings, Rule},
    trust::{
        Field,
        flexible::{Complaint, Expression},
    },
};

pub(super) static RULE: Rule = Rule {
    id: "unpinned-flexible-expression",
    summary: "a flexible expression pins no id, so a renamed or recreated repository can take it over",
    severity: Severity::Warning,
    since: "0.1.0",
    page: include_str!("unpinned_flexible_expression.md"),
    check,
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for definition in &facts.definitions {
        let issuer = definition.texts(Field::Issuer).next().map(|(text, _)| Issuer::new(text));
        for (text, written) in definition.texts(Field::Expression) {
            let (Some(issuer), Ok(expression)) = (&issuer, text.parse::<Expression>()) else { continue };
            for complaint in expression.complaints(issuer) {
                let Complaint::Missing(wanted) = complaint else { continue };
                if wanted.new_only {
                    let claims = wanted.any_of.join("` or `");
                    let claim = wanted.any_of.first().copied().unwrap_or_default();
                    let diagnostic = RULE
                        .says(format!("the expression of credential {} does not compare `{claims}`", definition.name()))
                        .at(written.place.clone(), "names can change hands; ids cannot")
                        .help(format!("append ` and claims['{claim}'] eq 'NUMBER'`"))
                        .note("such an expression cannot be created any more; one that exists goes on working until it is changed");
                    findings.report(Finding::new(&RULE, diagnostic));
                }
            }
        }
    }
}
