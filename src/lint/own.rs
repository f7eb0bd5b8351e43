//! Subjects that name this repository, in whichever form.

use super::{Edit, Facts, Finding, Findings, Rule};
use crate::{diagnostic::Severity, issuer::github::Prefix, trust::Field};

/// What stands behind the repository in `subject`, colon included, if it names the repository of `prefix` in the name form or with any numbers.
#[must_use]
pub fn own_context<'a>(subject: &'a str, prefix: &Prefix) -> Option<&'a str> {
    let repository = prefix.repository()?;
    let rest = subject.strip_prefix("repo:")?;
    let (path, _) = rest.split_once(':')?;
    let (owner, name) = path.split_once('/')?;
    let plain = |text: &'a str| text.split_once('@').map_or(text, |(name, _)| name);
    let own = plain(owner) == repository.owner() && plain(name) == repository.name();
    own.then(|| rest.get(path.len()..)).flatten()
}

/// Reports for `rule` every credential that names this repository in the other of the two forms: with numbers where `prefix` has none,
/// without them where it has some.
pub(super) fn report_other_form(
    rule: &'static Rule,
    facts: &Facts<'_>,
    prefix: &Prefix,
    findings: &mut Findings,
) {
    let presented = prefix.to_string();
    let has_numbers = |text: &str| text.split_once(':').is_some_and(|(path, _)| path.contains('@'));
    let (form, other) = if prefix.ids().is_some() { ("id", "name") } else { ("name", "id") };
    for definition in &facts.definitions {
        for (text, written) in definition.texts(Field::Subject) {
            let path = text.strip_prefix("repo:").unwrap_or_default();
            let differs = has_numbers(path) != prefix.ids().is_some();
            let Some(context) = own_context(text, prefix).filter(|_| differs) else { continue };
            let mended = format!("{presented}{context}");
            // Both forms side by side are how one moves from one to the other.
            let severity = if facts.trusts(&mended) { Severity::Note } else { rule.severity };
            let name = definition.name();
            let diagnostic = rule
                .says(format!(
                    "credential {name} is for the {other} form, and this repository presents the {form} form"
                ))
                .at(written.place.clone(), "no token of this repository carries this subject")
                .side("presented", &mended, "")
                .side("configured", text, "")
                .help(format!("set the subject to `{mended}`"))
                .note("Entra compares the subject byte for byte and answers AADSTS700213");
            let edit = Edit::literal(&written.place, text, &mended);
            findings.report(Finding::new(rule, diagnostic).subject(text).severity(severity).edit(edit));
        }
    }
}

impl Facts<'_> {
    /// True when some definition has exactly this subject.
    #[must_use]
    pub fn trusts(&self, subject: &str) -> bool {
        self.definitions
            .iter()
            .any(|definition| definition.texts(Field::Subject).any(|(text, _)| text == subject))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_the_repository_are_its_own_and_no_other_is() {
        let prefix: Prefix = "repo:octo@1/app@2".parse().unwrap();
        assert_eq!(own_context("repo:octo/app:pull_request", &prefix), Some(":pull_request"));
        assert_eq!(own_context("repo:octo@9/app@8:ref:refs/heads/a:b", &prefix), Some(":ref:refs/heads/a:b"));
        assert_eq!(own_context("repo:octo/app2:pull_request", &prefix), None);
        assert_eq!(own_context("repo:Octo/app:pull_request", &prefix), None);
    }
}
