//! A privileged run on a pull request that can sign in.

use std::collections::BTreeSet;

use crate::{
    diagnostic::Severity,
    lint::{Facts, Finding, Findings, Outcome, Rule},
};

pub(super) static RULE: Rule = Rule {
    id: "pull-request-target-trust",
    summary: "a job on pull_request_target signs in, so pull requests from forks start runs that are trusted",
    severity: Severity::Warning,
    since: "0.1.0",
    page: include_str!("pull_request_target_trust.md"),
    check,
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let mut told = BTreeSet::new();
    for (entry, sign_in, identity) in facts.logins() {
        let open = entry.trigger == "pull_request_target" && entry.environment.is_none();
        let trusted = || matches!(facts.outcome(entry, sign_in, identity), Outcome::Covered);
        if !open || !told.insert((&entry.workflow, &entry.job.value)) || !trusted() {
            continue;
        }
        let diagnostic = RULE
            .says(format!("job `{}` signs in on `pull_request_target`, also for pull requests from forks", entry.job.value))
            .at(entry.place().clone(), format!("presents `{}`", entry.shape))
            .help("sign in on `pull_request`, or let the job name an environment with required reviewers and trust that instead")
            .note("runs for forks get a token here, and present the same subject as every pull request");
        findings.report(
            Finding::new(&RULE, diagnostic).job(entry.job.value.clone()).subject(entry.shape.to_string()),
        );
    }
}
