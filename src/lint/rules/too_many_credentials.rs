//! More credentials than one identity can have.

use crate::{
    diagnostic::Severity,
    lint::{Facts, Finding, Findings, Rule},
    trust::CREDENTIALS_LIMIT,
};

pub(super) static RULE: Rule = Rule {
    id: "too-many-credentials",
    summary: "an identity is given more than 20 credentials",
    severity: Severity::Error,
    since: "0.1.0",
    page: include_str!("too_many_credentials.md"),
    check,
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for parent in facts.parents() {
        let Some(surplus) = parent.definitions.get(CREDENTIALS_LIMIT) else { continue };
        let count = parent.definitions.len();
        let diagnostic = RULE
            .says(format!("`{}` is given {count} credentials; {CREDENTIALS_LIMIT} are allowed", parent.short()))
            .at(surplus.draft.place.clone(), "the first one too many")
            .help("trust one environment in place of many branches, use a flexible expression on an application, or split the identity")
            .note("the creation of the 21st fails; sign-ins that need it are refused with AADSTS700213");
        findings.report(Finding::new(&RULE, diagnostic));
    }
}
