//! A subject in a form that no issuer emits.

use crate::{
    diagnostic::Severity,
    issuer::github::Template,
    lint::{Facts, Finding, Findings, Rule, own_context},
    trust::Field,
    verdict::Form,
};

pub(super) static RULE: Rule = Rule {
    id: "malformed-subject",
    summary: "the subject of a credential has a form that GitHub never emits",
    severity: Severity::Error,
    since: "0.1.0",
    page: include_str!("malformed_subject.md"),
    check,
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for definition in &facts.definitions {
        let github = definition.texts(Field::Issuer).any(|(issuer, _)| is_github(facts, issuer));
        for (text, written) in definition.texts(Field::Subject).filter(|_| github) {
            let fits = Form::of(text).is_github() && !is_bare(facts, text);
            if fits || facts.may_be_presented(text) || has_own_rule(text) {
                continue;
            }
            let diagnostic = RULE
                .says(format!("the subject of credential {} has a form that GitHub never emits", definition.name()))
                .at(written.place.clone(), "no event, ref or environment leads to this text")
                .help("write `repo:OWNER/NAME:ref:refs/heads/BRANCH`, `repo:OWNER/NAME:ref:refs/tags/TAG`, `repo:OWNER/NAME:environment:NAME` or `repo:OWNER/NAME:pull_request`")
                .note("Entra creates the credential without complaint and answers AADSTS700213");
            findings.report(Finding::new(&RULE, diagnostic).subject(text));
        }
    }
}

/// With or without the slash that is another rule's.
fn is_github(facts: &Facts<'_>, issuer: &str) -> bool {
    issuer.trim_end_matches('/') == facts.issuer.as_str()
}

/// This repository and nothing behind it, which only a template without a context gives.
fn is_bare(facts: &Facts<'_>, text: &str) -> bool {
    let standard = facts.template == Template::default();
    let own = |prefix| own_context(&format!("{text}:"), prefix) == Some(":");
    standard && facts.prefix.as_ref().is_some_and(own)
}

/// Defects that have a rule of their own, which says more.
fn has_own_rule(text: &str) -> bool {
    text.contains(['*', '<', '{'])
        || text.split(':').any(|segment| segment == "pull-request")
        || crate::id::visible(text) != text
        || text.contains(' ')
}
