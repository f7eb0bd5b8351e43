//! Credentials of one managed identity that are written at the same moment.

use crate::{
    diagnostic::Severity,
    lint::{Facts, Finding, Findings, Rule},
    trust::{Home, WriteOrder},
};

pub(super) static RULE: Rule = Rule {
    id: "concurrent-identity-writes",
    summary: "several credentials of one managed identity are written at the same moment",
    severity: Severity::Warning,
    since: "0.1.0",
    page: include_str!("concurrent_identity_writes.md"),
    check,
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for parent in facts.parents() {
        let mut at_once = parent.definitions.iter().filter(|definition| {
            definition.draft.writing.order == WriteOrder::Concurrent
                && definition.draft.home != Home::Application
        });
        let (Some(first), Some(second)) = (at_once.next(), at_once.next()) else { continue };
        let mut diagnostic = RULE
            .says(format!("credentials of `{}` are written at the same moment", parent.short()))
            .at(second.draft.place.clone(), "nothing makes this one wait");
        if first.draft.place != second.draft.place {
            diagnostic = diagnostic.at(first.draft.place.clone(), "for this one");
        }
        let diagnostic = diagnostic
            .help("write them one after the other: `@batchSize(1)` on a Bicep loop, `\"mode\": \"serial\"` on an ARM copy loop, `dependsOn` or `depends_on` between single resources")
            .note("Azure answers concurrent writes below one managed identity with HTTP 409, so some credentials are missing and their sign-ins are refused with AADSTS700213");
        findings.report(Finding::new(&RULE, diagnostic));
    }
}
