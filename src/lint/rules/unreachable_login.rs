//! A sign-in that no event ever reaches.

use crate::{
    diagnostic::Severity,
    lint::{Facts, Finding, Findings, Rule},
};

pub(super) static RULE: Rule = Rule {
    id: "unreachable-login",
    summary: "a sign-in is never reached, because its conditions are false on every event",
    severity: Severity::Warning,
    since: "0.1.0",
    page: include_str!("unreachable_login.md"),
    check,
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for dead in facts.unreachable {
        let diagnostic = RULE
            .says(format!("the sign-in in job `{}` is never reached", dead.job.value))
            .at(dead.place.clone(), format!("`{}` waits for conditions that no event of this workflow meets", dead.via))
            .help("correct the `if` of the job or step, add the event it waits for, or remove the step")
            .note("on an event without the payload it asks for, such as `github.event.pull_request` on a dispatch, the value is empty");
        // A caller in another repository may pass what those in this one do not.
        let severity = if is_callable(facts, &dead.workflow) { Severity::Note } else { RULE.severity };
        findings.report(Finding::new(&RULE, diagnostic).job(dead.job.value.clone()).severity(severity));
    }
}

fn is_callable(facts: &Facts<'_>, path: &str) -> bool {
    let mut workflows = facts.project.iter().flat_map(|project| project.workflows());
    workflows.any(|(own, read)| own == path && read.as_ref().is_ok_and(|workflow| workflow.call.is_some()))
}
