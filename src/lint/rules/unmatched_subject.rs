//! A subject that a job presents and no credential accepts.

use std::{borrow::Cow, collections::BTreeSet};

use crate::{
    diagnostic::{Diagnostic, Label, Severity},
    id::{Cloud, SubjectShape},
    issuer::Presented,
    lint::{Edit, Facts, Finding, Findings, Identity, Outcome, Rule},
    text::Located,
    trust::{Draft, Value},
    verdict::{Claim, Refused, describe, suggest},
    workflow::reach::{Entry, SignIn},
};

pub(super) static RULE: Rule = Rule {
    id: "unmatched-subject",
    summary: "a job presents a subject that no credential accepts",
    severity: Severity::Error,
    since: "0.1.0",
    page: include_str!("unmatched_subject.md"),
    check,
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let mut told = BTreeSet::new();
    for (entry, sign_in, identity) in facts.logins() {
        let Some(entry) = certain(facts, entry) else { continue };
        let key =
            (entry.workflow.clone(), entry.job.value.clone(), entry.shape.to_string(), identity.name.clone());
        if told.contains(&key) {
            continue;
        }
        if let Outcome::Refused(refused) = facts.outcome(&entry, sign_in, identity) {
            told.insert(key);
            findings.report(report(facts, &entry, sign_in, identity, &refused));
        }
    }
}

/// The entry itself where its subject is one; of a family, the subject of the default branch, if every run of the event may have it.
fn certain<'a>(facts: &Facts<'_>, entry: &'a Entry) -> Option<Cow<'a, Entry>> {
    match &entry.shape {
        SubjectShape::Exact(_) => Some(Cow::Borrowed(entry)),
        SubjectShape::Unknown(_) => (entry.trigger != "workflow_call").then_some(Cow::Borrowed(entry)),
        SubjectShape::Family(_) => facts.default_branch_of(entry).map(Cow::Owned),
    }
}

fn report(
    facts: &Facts<'_>,
    entry: &Entry,
    sign_in: &SignIn,
    identity: &Identity<'_>,
    refused: &Refused,
) -> Finding {
    let presented = facts.presented(entry, sign_in);
    let fix = suggest(&presented, refused, &identity.trusted, Cloud::public().audience);
    let said = describe(&presented, refused, &fix);
    let title = format!(
        "job `{}` presents a subject that no credential accepts: {}",
        entry.job.value,
        refused.cause.title()
    );
    let mut diagnostic = Diagnostic { labels: Vec::new(), code: RULE.id.into(), title, ..said.clone() };
    diagnostic.severity = RULE.severity;
    let (here, elsewhere): (Vec<_>, Vec<_>) =
        entry.why.iter().partition(|why| why.place.source.path() == entry.workflow);
    diagnostic = match here.last() {
        Some(why) => diagnostic.at(why.place.clone(), why.value.clone()),
        None => diagnostic.at(entry.job.place.clone(), "this job asks for the token"),
    };
    if let Some(why) = elsewhere.first().filter(|_| here.is_empty()) {
        diagnostic = diagnostic.at(why.place.clone(), why.value.clone());
    }
    diagnostic.labels.extend(said.labels.into_iter().map(|label| narrowed(label, refused, identity)));
    if entry.shape.as_exact().is_none() {
        diagnostic.help.clear();
        diagnostic = diagnostic.help("no value of what is unknown makes a credential accept it: make one for the subject of a real run");
    }
    Finding::new(&RULE, diagnostic)
        .job(entry.job.value.clone())
        .subject(entry.shape.to_string())
        .cause(refused.cause.as_str())
        .commands(fix.commands().filter(|_| entry.shape.as_exact().is_some()))
        .edit(edit(&presented, refused, identity))
}

/// A label on a whole definition, moved to the value in it that differs.
fn narrowed(label: Label, refused: &Refused, identity: &Identity<'_>) -> Label {
    let draft = identity.drafts.iter().find(|draft| draft.place == label.place);
    let claim = refused.differences.first().map_or(Claim::Subject, |difference| difference.claim);
    let value = draft.and_then(|draft| compared(draft, claim));
    Label { place: value.map_or(label.place, |value| value.place.clone()), ..label }
}

/// The value of a definition that is compared with a claim.
fn compared(draft: &Draft, claim: Claim) -> Option<&Located<Value>> {
    match claim {
        Claim::Issuer => draft.issuer.as_ref(),
        Claim::Audience => draft.audiences.first(),
        Claim::Subject => draft.subject.as_ref().or(draft.expression.as_ref()),
    }
}

/// Where the nearest credential is only misspelt, its literal can be mended in place.
fn edit(presented: &Presented, refused: &Refused, identity: &Identity<'_>) -> Option<Edit> {
    let nearest = refused.nearest.as_ref()?;
    let [only] = refused.differences.as_slice() else { return None };
    let draft = identity.drafts.iter().find(|draft| nearest.place.as_ref() == Some(&draft.place))?;
    let (old, new) = match only.claim {
        Claim::Issuer => (nearest.issuer.as_str(), presented.issuer.as_str()),
        Claim::Audience => (nearest.audience.as_str(), presented.audience.as_str()),
        Claim::Subject => (nearest.matcher.as_exact()?.as_str(), presented.subject.as_str()),
    };
    let place = &compared(draft, only.claim)?.place;
    only.cause.makes_useless().then(|| Edit::literal(place, old, new))?
}
