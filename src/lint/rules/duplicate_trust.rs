//! Two credentials of one identity with the same issuer and subject.

use std::collections::HashMap;

use crate::{
    diagnostic::Severity,
    lint::{Definition, Facts, Finding, Findings, Rule},
    trust::Field,
};

pub(super) static RULE: Rule = Rule {
    id: "duplicate-trust",
    summary: "two credentials of one identity have the same issuer and subject",
    severity: Severity::Error,
    since: "0.1.0",
    page: include_str!("duplicate_trust.md"),
    check,
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for parent in facts.parents() {
        let mut seen: HashMap<_, &Definition<'_>> = HashMap::new();
        for definition in parent.definitions {
            let Some(key) = key(definition) else { continue };
            match seen.get(&key) {
                None => drop(seen.insert(key, definition)),
                // The same name again is the same credential, created here and updated there.
                Some(first) if first.name() != definition.name() => {
                    findings.report(report(first, definition))
                }
                Some(_) => {}
            }
        }
    }
}

fn key<'a>(definition: &Definition<'a>) -> Option<(&'a str, &'a str)> {
    let one = |field| definition.texts(field).next().map(|(text, _)| text);
    Some((one(Field::Issuer)?, one(Field::Subject).or_else(|| one(Field::Expression))?))
}

fn report(first: &Definition<'_>, second: &Definition<'_>) -> Finding {
    let diagnostic = RULE
        .says(format!("credentials {} and {} have the same issuer and subject", first.name(), second.name()))
        .at(second.draft.place.clone(), "this one cannot be created")
        .at(first.draft.place.clone(), "the same pair stands here")
        .help(format!("remove credential {}", second.name()))
        .note("issuer and subject are unique within an identity; the audience does not make a difference");
    Finding::new(&RULE, diagnostic)
}
