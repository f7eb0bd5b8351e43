//! A credential with numbers, where the subjects carry none.

use crate::{
    diagnostic::Severity,
    issuer::github::Prefix,
    lint::{Edit, Facts, Finding, Findings, Rule, own_context},
    trust::Field,
};

pub(super) static RULE: Rule = Rule {
    id: "id-form-on-name-repository",
    summary: "a credential names this repository with numbers that its subjects do not carry",
    severity: Severity::Warning,
    since: "0.1.0",
    page: include_str!("id_form_on_name_repository.md"),
    check,
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let Some(prefix @ Prefix::Names(_)) = &facts.prefix else { return };
    let presented = prefix.to_string();
    for definition in &facts.definitions {
        for (text, written) in definition.texts(Field::Subject) {
            let Some(context) = own_context(text, prefix).filter(|_| !text.starts_with(&presented)) else {
                continue;
            };
            let mended = format!("{presented}{context}");
            // Both forms side by side are how one moves from one to the other.
            let severity = if facts.trusts(&mended) { Severity::Note } else { RULE.severity };
            let diagnostic = RULE
                .says(format!(
                    "credential {} is for the id form, and this repository presents the name form",
                    definition.name()
                ))
                .at(written.place.clone(), "no token of this repository carries this subject")
                .side("presented", &mended, "")
                .side("configured", text, "")
                .help(format!("set the subject to `{mended}`"))
                .note("Entra compares the subject byte for byte and answers AADSTS700213");
            let edit = Edit::literal(&written.place, text, &mended);
            findings.report(Finding::new(&RULE, diagnostic).subject(text).severity(severity).edit(edit));
        }
    }
}
