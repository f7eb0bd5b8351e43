//! A job in a merge queue, whose subjects no exact credential can take.

use std::collections::BTreeSet;

use crate::{
    diagnostic::Severity,
    lint::{Facts, Finding, Findings, Outcome, Rule},
};

pub(super) static RULE: Rule = Rule {
    id: "merge-queue-without-trust",
    summary: "a job signs in from a merge queue, and no credential accepts the subjects of its branches",
    severity: Severity::Warning,
    since: "0.1.0",
    page: include_str!("merge_queue_without_trust.md"),
    check,
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let mut told = BTreeSet::new();
    for (entry, sign_in, identity) in facts.logins().filter(|(entry, ..)| entry.trigger == "merge_group") {
        let refused = matches!(facts.outcome(entry, sign_in, identity), Outcome::Refused(_));
        if !refused || entry.shape.as_exact().is_some() || !told.insert((&entry.workflow, &entry.job.value)) {
            continue;
        }
        let diagnostic = RULE
            .says(format!("job `{}` runs in a merge queue, and no credential accepts its subjects", entry.job.value))
            .at(entry.place().clone(), format!("presents `{}`", entry.shape))
            .help("let the job name an environment and trust that; or, on an application, use `claims['sub'] matches '...gh-readonly-queue/*'` with `repository_id`")
            .note("the branch of a queue has another name in every run, so no exact credential can ever take it: AADSTS7002131 or AADSTS700213");
        findings.report(
            Finding::new(&RULE, diagnostic).job(entry.job.value.clone()).subject(entry.shape.to_string()),
        );
    }
}
