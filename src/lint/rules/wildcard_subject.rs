//! A star or question mark in an exact subject, where it is an ordinary character.

use crate::{
    diagnostic::Severity,
    lint::{Facts, Finding, Findings, Rule},
    trust::{Field, TextPart, Value},
};

pub(super) static RULE: Rule = Rule {
    id: "wildcard-subject",
    summary: "the subject of a credential holds a wildcard, which Entra takes literally",
    severity: Severity::Error,
    since: "0.1.0",
    page: include_str!("wildcard_subject.md"),
    check,
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for definition in &facts.definitions {
        for written in definition.values(Field::Subject).filter(|written| has_wildcard(&written.value)) {
            let diagnostic = RULE
                .says(format!("the subject of credential {} holds a wildcard", definition.name()))
                .at(written.place.clone(), "a subject is compared byte for byte: this is a plain character")
                .help(
                    "write one credential per subject, let the jobs use an environment and trust \
                     `repo:OWNER/REPO:environment:NAME`, or use a flexible expression on an application: \
                     `claims['sub'] matches '...' and claims['repository_id'] eq '...'`",
                )
                .note("no token carries this text, so Entra answers AADSTS700213");
            findings.report(Finding::new(&RULE, diagnostic).subject(written.value.to_string()));
        }
    }
}

/// A star anywhere; a question mark only in a ref, where git allows none.
fn has_wildcard(value: &Value) -> bool {
    value.parts.iter().any(|part| match part {
        TextPart::Text(text) => text.contains('*') || text.contains('?') && text.contains("refs/"),
        TextPart::Hole { .. } => false,
    })
}
