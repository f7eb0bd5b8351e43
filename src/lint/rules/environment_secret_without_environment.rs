//! A client id that only exists in environments, in a job without one.

use std::collections::BTreeSet;

use crate::{
    diagnostic::Severity,
    lint::{Facts, Finding, Findings, Identity, Rule},
    workflow::reach::{Entry, SignIn, Token},
};

pub(super) static RULE: Rule = Rule {
    id: "environment-secret-without-environment",
    summary: "a job without an environment uses a client id that is tied to environments",
    severity: Severity::Warning,
    since: "0.1.0",
    page: include_str!("environment_secret_without_environment.md"),
    check,
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let mut told = BTreeSet::new();
    for entry in
        facts.entries.iter().filter(|entry| entry.token == Token::Available && entry.environment.is_none())
    {
        for sign_in in &entry.sign_ins {
            let Some(client) = tied(facts, entry, sign_in) else { continue };
            if !told.insert((&entry.workflow, &entry.job.value)) {
                continue;
            }
            let diagnostic = RULE
                .says(format!("job `{}` uses `{client}` without an environment", entry.job.value))
                .at(sign_in.place.clone(), "the configuration ties this name to environments")
                .help("add `environment: NAME` to the job, or name an identity without environments in `.github/fedcred.yml`")
                .note("a secret or variable of an environment is empty in a job that names none");
            findings.report(Finding::new(&RULE, diagnostic).job(entry.job.value.clone()));
        }
    }
}

/// The client id, where every identity that it could mean is tied to environments.
fn tied<'a>(facts: &Facts<'_>, entry: &Entry, sign_in: &'a SignIn) -> Option<&'a str> {
    let client = sign_in.client_id.as_deref()?;
    let of_runner = client.starts_with("secrets.") || client.starts_with("vars.");
    let named: Vec<&Identity<'_>> = facts
        .identities
        .iter()
        .filter(|identity| identity.clients.iter().any(|known| known.eq_ignore_ascii_case(client)))
        .collect();
    let free = facts.identities.iter().any(|identity| identity.is_meant(entry, sign_in));
    (of_runner && !named.is_empty() && !free).then_some(client)
}
