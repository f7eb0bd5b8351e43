//! A managed identity in a region that has no federated credentials.

use crate::{
    diagnostic::Severity,
    lint::{Facts, Finding, Findings, Rule},
};

pub(super) static RULE: Rule = Rule {
    id: "unsupported-region",
    summary: "a managed identity lies in a region without federated credentials",
    severity: Severity::Warning,
    since: "0.1.0",
    page: include_str!("unsupported_region.md"),
    check,
};

/// Regions without federated credentials on managed identities, as Azure spells them in resources. The list changes.
///
/// Source: <https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations>, read 2026-11-21.
const REGIONS: [&str; 4] = ["malaysiasouth", "spaincentral", "taiwannorth", "taiwannorthwest"];

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for definition in &facts.definitions {
        let Some(region) = &definition.draft.writing.region else { continue };
        let plain = region.value.to_string().replace(' ', "").to_ascii_lowercase();
        if REGIONS.contains(&plain.as_str()) {
            let diagnostic = RULE
                .says(format!("the identity of credential {} lies in `{}`", definition.name(), region.value))
                .at(region.place.clone(), "this region has no federated credentials")
                .help("create the identity in another region; the region of an identity does not limit where it is used")
                .note("the creation fails with HTTP 405");
            findings.report(Finding::new(&RULE, diagnostic));
        }
    }
}
