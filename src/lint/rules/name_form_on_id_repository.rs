//! A credential in the name form, where the subjects carry the numbers of owner and repository.

use crate::{
    diagnostic::Severity,
    issuer::github::Prefix,
    lint::{Facts, Findings, Rule, own::report_other_form},
};

pub(super) static RULE: Rule = Rule {
    id: "name-form-on-id-repository",
    summary: "a credential names this repository without the numbers that its subjects carry",
    severity: Severity::Warning,
    since: "0.1.0",
    page: include_str!("name_form_on_id_repository.md"),
    check,
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    if let Some(prefix @ Prefix::Ids(..)) = &facts.prefix {
        report_other_form(&RULE, facts, prefix, findings);
    }
}
