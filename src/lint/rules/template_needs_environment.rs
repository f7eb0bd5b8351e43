//! A job without an environment, where the subject template asks for one.

use std::collections::BTreeSet;

use crate::{
    diagnostic::Severity,
    lint::{Facts, Finding, Findings, Rule},
    workflow::reach::Token,
};

pub(super) static RULE: Rule = Rule {
    id: "template-needs-environment",
    summary: "the subject template asks for an environment, and the job names none",
    severity: Severity::Error,
    since: "0.1.0",
    page: include_str!("template_needs_environment.md"),
    check,
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let mut told = BTreeSet::new();
    for entry in facts.entries.iter().filter(|entry| entry.token == Token::Template) {
        if entry.sign_ins.is_empty() || !told.insert((&entry.workflow, &entry.job.value)) {
            continue;
        }
        let template = facts.template.keys().join(", ");
        let diagnostic = RULE
            .says(format!(
                "job `{}` gets no token: the subject template asks for an environment",
                entry.job.value
            ))
            .at(entry.job.place.clone(), format!("the template is `{template}`"))
            .help("add `environment: NAME` to the job, or take `environment` out of the template")
            .note("GitHub refuses the request for a token, so the sign-in fails before Entra is asked");
        findings.report(Finding::new(&RULE, diagnostic).job(entry.job.value.clone()));
    }
}
