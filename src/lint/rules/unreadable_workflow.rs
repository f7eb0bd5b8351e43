//! A workflow or action file that GitHub would refuse.

use crate::{
    diagnostic::Severity,
    lint::{Facts, Finding, Findings, Rule},
    workflow::Problem,
};

pub(super) static RULE: Rule = Rule {
    id: "unreadable-workflow",
    summary: "a workflow file cannot be read, so nothing in it can be judged",
    severity: Severity::Error,
    since: "0.1.0",
    page: include_str!("unreadable_workflow.md"),
    check,
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for error in facts.project.iter().flat_map(|project| project.errors()) {
        let mut diagnostic =
            RULE.says(format!("this file cannot be read: {error}")).at(error.place.clone(), "");
        if let Some(related) = &error.related {
            let label = if error.has_part() { "this part" } else { "belongs to it" };
            diagnostic = diagnostic.at(related.clone(), label);
        }
        let is_here = !matches!(error.problem, Problem::NoText(_));
        let what = "correct the file; GitHub does not run it as it is";
        let diagnostic = diagnostic.help(if is_here { what } else { "make it readable, or take it away" });
        findings.report(Finding::new(&RULE, diagnostic));
    }
}
