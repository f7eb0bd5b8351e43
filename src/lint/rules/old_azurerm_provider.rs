//! An azurerm provider that writes the credentials of one identity at the same moment.

use crate::{
    diagnostic::Severity,
    lint::{Facts, Finding, Findings, Rule},
    trust::{Home, Provider},
};

pub(super) static RULE: Rule = Rule {
    id: "old-azurerm-provider",
    summary: "the azurerm provider is older than 3.40.0 and writes credentials at the same moment",
    severity: Severity::Warning,
    since: "0.1.0",
    page: include_str!("old_azurerm_provider.md"),
    check,
};

/// The first version that writes the credentials of one identity one after the other.
///
/// Source: <https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations>.
const SERIAL_SINCE: [u64; 3] = [3, 40, 0];

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for parent in facts.parents().into_iter().filter(|parent| parent.home == Home::ManagedIdentity) {
        let [first, _, ..] = parent.definitions.as_slice() else { continue };
        let Some(Provider { name, version: Some(version) }) = &first.draft.writing.provider else { continue };
        if &**name == "azurerm" && is_always_older(&version.value) {
            let diagnostic = RULE
                .says(format!(
                    "azurerm `{}` writes the credentials of `{}` at the same moment",
                    version.value,
                    parent.short()
                ))
                .at(version.place.clone(), "3.40.0 is the first that writes them one after the other")
                .help("require `>= 3.40.0`, or chain the resources with `depends_on`")
                .note("Azure answers concurrent writes below one managed identity with HTTP 409");
            findings.report(Finding::new(&RULE, diagnostic));
        }
    }
}

/// True when no version that the constraint admits is 3.40.0 or newer. An operator that is not known admits everything.
fn is_always_older(constraint: &str) -> bool {
    constraint.split(',').any(|term| {
        let term = term.trim();
        let digits = term.find(|c: char| c.is_ascii_digit()).unwrap_or(term.len());
        let (operator, version) = term.split_at_checked(digits).unwrap_or((term, ""));
        let Some(parts) = numbers(version) else { return false };
        match operator.trim() {
            "" | "=" | "<=" => full(&parts) < SERIAL_SINCE,
            "<" => full(&parts) <= SERIAL_SINCE,
            "~>" => above(&parts).is_some_and(|end| end <= SERIAL_SINCE),
            _ => false,
        }
    })
}

fn numbers(version: &str) -> Option<Vec<u64>> {
    version.split('.').map(|part| part.trim().parse().ok()).collect()
}

fn full(parts: &[u64]) -> [u64; 3] {
    let at = |index| parts.get(index).copied().unwrap_or(0);
    [at(0), at(1), at(2)]
}

/// The first version that `~> parts` shuts out: only the last part written may grow.
fn above(parts: &[u64]) -> Option<[u64; 3]> {
    match parts {
        [major, _] => Some([major + 1, 0, 0]),
        [major, minor, _] => Some([*major, minor + 1, 0]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_constraint_that_shuts_out_every_newer_version_is_old() {
        for old in ["3.39.1", "= 3.0.0", "~> 3.39.0", "~> 2.99", ">= 3.0, < 3.40.0", "< 3.40", "<= 3.39.9"] {
            assert!(is_always_older(old), "{old}");
        }
        for new in ["~> 3.0", ">= 2.0", "~> 3.40.0", "< 4.0", "4.1.0", "", "~> 3", "!= 3.0.0", "3.40.0-beta"]
        {
            assert!(!is_always_older(new), "{new}");
        }
    }
}
