//! A family of refs that starts a job, and of which some or all have no credential.

use std::collections::BTreeSet;

use crate::{
    diagnostic::Severity,
    id::{Family, SubjectShape},
    lint::{Facts, Finding, Findings, Outcome, Rule, is_unfiltered, witness},
    workflow::reach::Entry,
};

pub(super) static RULE: Rule = Rule {
    id: "uncovered-ref-family",
    summary: "a job runs on many refs, and credentials accept only some of their subjects or none",
    severity: Severity::Note,
    since: "0.1.0",
    page: include_str!("uncovered_ref_family.md"),
    check,
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let mut told = BTreeSet::new();
    for (entry, sign_in, identity) in facts.logins() {
        let SubjectShape::Family(family) = &entry.shape else { continue };
        let key = (&entry.workflow, &entry.job.value, entry.trigger, entry.shape.to_string());
        if entry.trigger == "merge_group" || !told.insert(key) {
            continue;
        }
        match facts.outcome(entry, sign_in, identity) {
            Outcome::Covered | Outcome::Open => {}
            Outcome::Partly { refused, .. } => findings.report(report(
                entry,
                Severity::Note,
                "only some of these refs have a credential",
                &refused,
            )),
            Outcome::Refused(_) => {
                let witness = witness(family).unwrap_or_else(|| entry.shape.to_string());
                findings.report(report(
                    entry,
                    severity(entry, family),
                    "none of these refs has a credential",
                    &witness,
                ));
            }
        }
    }
}

/// A person who dispatches may mean one ref, and a push without a filter its default branch; any other event brings its whole family.
fn severity(entry: &Entry, family: &Family) -> Severity {
    let by_hand = entry.trigger == "workflow_dispatch" || (entry.trigger == "push" && is_unfiltered(family));
    if by_hand { Severity::Note } else { Severity::Warning }
}

fn report(entry: &Entry, severity: Severity, title: &str, refused: &str) -> Finding {
    let diagnostic = RULE
        .says(format!("job `{}` runs on many refs, and {title}", entry.job.value))
        .at(entry.place().clone(), format!("on `{}`: `{}`", entry.trigger, entry.shape))
        .side("refused", refused, "one of them")
        .help("let the job name an environment and trust that, keep other refs away by an `if`, or use a flexible expression on an application")
        .note("every ref has a subject of its own; an exact credential takes one, and Entra answers AADSTS700213 to the others");
    Finding::new(&RULE, diagnostic)
        .job(entry.job.value.clone())
        .subject(entry.shape.to_string())
        .severity(severity)
}
