//! A job that signs in without the permission to ask for a token.

use std::collections::BTreeSet;

use crate::{
    diagnostic::Severity,
    lint::{Facts, Finding, Findings, Rule},
    workflow::reach::Token,
};

pub(super) static RULE: Rule = Rule {
    id: "missing-id-token-permission",
    summary: "a job signs in without `id-token: write`",
    severity: Severity::Error,
    since: "0.1.0",
    page: include_str!("missing_id_token_permission.md"),
    check,
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let mut told = BTreeSet::new();
    for entry in facts.entries.iter().filter(|entry| entry.token == Token::NoPermission) {
        let Some(sign_in) = entry.sign_ins.first() else { continue };
        if !told.insert((&entry.workflow, &entry.job.value)) {
            continue;
        }
        let mut diagnostic = RULE
            .says(format!(
                "job `{}` signs in by `{}` and may not ask for a token",
                entry.job.value, sign_in.via
            ))
            .at(entry.job.place.clone(), "`id-token: write` is not granted to this job");
        if sign_in.place.source == entry.job.place.source {
            diagnostic = diagnostic.at(sign_in.place.clone(), "asks for a token here");
        }
        for caller in &entry.called_from {
            diagnostic = diagnostic.at(caller.place.clone(), "called from here, which must grant it too");
        }
        let diagnostic = diagnostic
            .help("add `permissions: {id-token: write, contents: read}` to the job; a job's `permissions` replace those of the workflow")
            .note("the runner then offers no token, and the sign-in fails before Entra is asked");
        findings.report(Finding::new(&RULE, diagnostic).job(entry.job.value.clone()));
    }
}
