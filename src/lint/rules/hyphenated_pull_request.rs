//! `pull-request` with a hyphen, where GitHub writes an underscore.

use crate::{
    diagnostic::Severity,
    lint::{Edit, Facts, Finding, Findings, Rule},
    trust::Field,
};

pub(super) static RULE: Rule = Rule {
    id: "hyphenated-pull-request",
    summary: "the subject of a credential says pull-request, GitHub says pull_request",
    severity: Severity::Error,
    since: "0.1.0",
    page: include_str!("hyphenated_pull_request.md"),
    check,
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for definition in &facts.definitions {
        for written in definition.values(Field::Subject) {
            let text = written.value.to_string();
            if !text.starts_with("repo") || !text.split(':').any(|segment| segment == "pull-request") {
                continue;
            }
            let mended = text.replace(":pull-request", ":pull_request");
            let diagnostic = RULE
                .says(format!("the subject of credential {} says `pull-request`", definition.name()))
                .at(written.place.clone(), "GitHub writes `pull_request`, with an underscore")
                .side("presented", &mended, "by a pull request")
                .side("configured", &text, "")
                .help(format!("set the subject to `{mended}`"))
                .note("Entra compares the subject byte for byte and answers AADSTS700213");
            let edit = Edit::literal(&written.place, "pull-request", "pull_request");
            findings.report(Finding::new(&RULE, diagnostic).subject(text).edit(edit));
        }
    }
}
