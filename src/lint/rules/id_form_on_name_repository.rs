//! A credential with numbers, where the subjects carry none.

use crate::{
    diagnostic::Severity,
    issuer::github::Prefix,
    lint::{Facts, Findings, Rule, own::report_other_form},
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
    if let Some(prefix @ Prefix::Names(_)) = &facts.prefix {
        report_other_form(&RULE, facts, prefix, findings);
    }
}
