//! Which credential was probably meant: the one with the fewest differing claims, then the same kind of context, then the smallest edit.

use strsim::levenshtein;

use super::{
    cause::{Cause, Difference},
    claims,
    flexible::Answer,
    subject::{self, Form, Kind},
    trusted::{Trusted, answer},
};
use crate::{
    issuer::Presented,
    trust::{Credential, Matcher, flexible::Expression},
};

/// The nearest credential and everything in which it differs, ordered by claim and by cause.
pub(super) fn nearest<'a>(
    trusted: &'a Trusted,
    presented: &Presented,
) -> Option<(&'a Credential, Vec<Difference>)> {
    let text = presented.subject.as_str();
    let kind = Form::of(text).kind(text);
    let fewest = trusted.candidates().map(|candidate| differing_claims(candidate, presented)).min()?;
    let few: Vec<_> =
        trusted.candidates().filter(|candidate| differing_claims(candidate, presented) == fewest).collect();
    let same_kind = |candidate: &&Credential| kind_of(candidate) == kind;
    let best: Vec<_> = few.iter().copied().filter(same_kind).collect();
    let best = if best.is_empty() { few } else { best };
    let chosen = best.into_iter().min_by_key(|candidate| edit(candidate, presented))?;
    Some((chosen, differences(chosen, presented)))
}

/// Everything in which `credential` differs from what is presented.
pub(super) fn differences(credential: &Credential, presented: &Presented) -> Vec<Difference> {
    let mut found: Vec<_> =
        claims::issuer(presented.issuer.as_str(), credential.issuer.as_str()).into_iter().collect();
    found.extend(claims::audience(presented.audience.as_str(), credential.audience.as_str()));
    match &credential.matcher {
        Matcher::Exact(subject) => {
            found.extend(subject::differences(presented.subject.as_str(), subject.as_str()));
        }
        Matcher::Flexible(expression) => found.extend(failed_clauses(credential, expression, presented)),
    }
    found
}

fn differing_claims(credential: &Credential, presented: &Presented) -> usize {
    let subject = match answer(credential, presented) {
        Answer::Accepts | Answer::Depends(_) => 0,
        Answer::Refuses(_) => 1,
    };
    usize::from(credential.issuer != presented.issuer)
        + usize::from(credential.audience != presented.audience)
        + subject
}

fn failed_clauses(
    credential: &Credential,
    expression: &Expression,
    presented: &Presented,
) -> Vec<Difference> {
    let failed = match answer(credential, presented) {
        Answer::Refuses(failed) => failed,
        Answer::Accepts | Answer::Depends(_) => Vec::new(),
    };
    let clauses = failed.into_iter().filter_map(|at| expression.clauses().get(at));
    clauses
        .map(|clause| {
            let value = presented.claim(&clause.claim).unwrap_or_default();
            let wanted = format!("{} '{}'", clause.operator.as_str(), clause.comparand.text);
            Difference::new(clause.claim.clone(), value, wanted, Cause::SubjectExpression)
        })
        .collect()
}

/// The text in which a credential speaks of the subject.
fn subject_text(credential: &Credential) -> &str {
    match &credential.matcher {
        Matcher::Exact(subject) => subject.as_str(),
        Matcher::Flexible(expression) => {
            expression.about("sub").next().map_or("", |clause| clause.comparand.text.as_str())
        }
    }
}

fn kind_of(credential: &Credential) -> Kind {
    let text = subject_text(credential);
    Form::of(text).kind(text)
}

/// The edit of the subject; that of issuer and audience decides only between equals.
fn edit(credential: &Credential, presented: &Presented) -> (usize, usize) {
    let distance = |one: &str, other: &str| if one == other { 0 } else { levenshtein(one, other) };
    let subject = distance(presented.subject.as_str(), subject_text(credential));
    let issuer = distance(presented.issuer.as_str(), credential.issuer.as_str());
    (subject, issuer + distance(presented.audience.as_str(), credential.audience.as_str()))
}
