//! A credential for this repository that none of its jobs can present.

use std::collections::BTreeMap;

use crate::{
    diagnostic::Severity,
    issuer::github::Prefix,
    lint::{Definition, Facts, Finding, Findings, Rule, sample::is_sample, without_ids},
    trust::{Field, Matcher},
    verdict::flexible::{Coverage, Told, cover_any},
    workflow::reach::{Entry, Token},
};

pub(super) static RULE: Rule = Rule {
    id: "unreachable-credential",
    summary: "no job of this repository can present the subject of a credential",
    severity: Severity::Warning,
    since: "0.1.0",
    page: include_str!("unreachable_credential.md"),
    check,
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let readable =
        facts.project.is_some_and(|project| project.workflows().count() > 0 && project.errors().count() == 0);
    let Some(prefix) = facts.prefix.as_ref().filter(|_| readable) else { return };
    for definition in &facts.definitions {
        let Some(subject) = own_subject(facts, definition, prefix) else { continue };
        let exact = Matcher::Exact(crate::id::Subject::new(subject.clone()));
        if facts.entries.iter().filter(|entry| may_present(entry)).any(|entry| holds(facts, entry, &exact)) {
            continue;
        }
        let diagnostic = definition.point(
            RULE.says(format!(
                "no job of this repository can present the subject of credential {}",
                definition.name()
            )),
            Field::Subject,
            "no event, ref or environment of any job leads here",
        );
        let diagnostic = diagnostic
            .side("configured", subject.clone(), "")
            .help("remove the credential, or let the job that needs it present this subject; `fedcred preview` shows what is presented")
            .note("a trust that nobody uses only widens what an intruder can do");
        let shown = is_sample(definition.draft.place.source.path());
        let severity = if shown { Severity::Note } else { RULE.severity };
        findings.report(Finding::new(&RULE, diagnostic).subject(subject).severity(severity));
    }
}

/// The exact subject of a credential that is sound by itself and names this repository.
fn own_subject(facts: &Facts<'_>, definition: &Definition<'_>, prefix: &Prefix) -> Option<String> {
    let credential = match prefix {
        Prefix::Assumed(_) => {
            crate::trust::Credential::try_from(&without_ids(definition.draft.clone(), &prefix.to_string()))
                .ok()?
        }
        Prefix::Names(_) | Prefix::Ids(..) | Prefix::Hole(_) => definition.credential.clone().ok()?,
    };
    let subject = credential.matcher.as_exact()?.as_str();
    let rest = subject.strip_prefix(&prefix.to_string())?;
    let sound = rest.starts_with(':') && crate::verdict::Form::of(subject).is_github();
    (sound && credential.issuer == facts.issuer).then(|| subject.to_owned())
}

/// A job without a permission for a token presents nothing, unless a missing permission is what is wrong with it.
fn may_present(entry: &Entry) -> bool {
    match entry.token {
        Token::Available => true,
        Token::NoPermission | Token::NoStart => !entry.sign_ins.is_empty(),
        Token::Template => false,
    }
}

fn holds(facts: &Facts<'_>, entry: &Entry, exact: &Matcher) -> bool {
    let covers =
        |entry: &Entry| cover_any([Told::Whole(exact)], &entry.shape, &BTreeMap::new()) != Coverage::None;
    covers(entry) || facts.without_environment(entry).is_some_and(|entry| covers(&entry))
}
