//! Which credential was probably meant: the one with the fewest differing claims, then the same kind of context, then the smallest edit.

use strsim::levenshtein;

use super::{
    cause::{Cause, Difference},
    claims,
    flexible::Answer,
    index::subject_text,
    subject::{self, Form},
    trusted::{Trusted, answer},
};
use crate::{
    issuer::Presented,
    trust::{Credential, Matcher, flexible::Expression},
};

/// The nearest credential and everything in which it differs, ordered by claim and by cause. `takers` are the numbers of the candidates
/// that do not refuse the subject, in order.
pub(super) fn nearest<'a>(
    trusted: &'a Trusted,
    presented: &Presented,
    takers: &[usize],
) -> Option<(&'a Credential, Vec<Difference>)> {
    let index = trusted.index();
    let text = presented.subject.as_str();
    let kind = Form::of(text).kind(text);
    let beside = |at| trusted.candidate(at).map_or(usize::MAX, |one| beside_subject(one, presented));
    let tie = |at| trusted.candidate(at).map_or(usize::MAX, |one| edit_beside_subject(one, presented));
    let fewest = index.fewest_beside_subject(presented)?;
    let of_takers = takers.iter().map(|at| beside(*at)).min();
    let at = match of_takers.filter(|of_takers| *of_takers <= fewest) {
        Some(of_takers) => {
            let rank = |at: usize| {
                let wanted = trusted.candidate(at).map_or("", subject_text);
                (Form::of(wanted).kind(wanted) != kind, levenshtein(text, wanted), tie(at))
            };
            takers.iter().copied().filter(|at| beside(*at) == of_takers).min_by_key(|at| rank(*at))
        }
        None => {
            let differing = |at| beside(at) + usize::from(takers.binary_search(&at).is_err());
            index.neighbours().nearest(kind, text, &|at| differing(at) == fewest + 1, &tie)
        }
    }?;
    let chosen = trusted.candidate(at)?;
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

/// How many of issuer and audience differ.
fn beside_subject(credential: &Credential, presented: &Presented) -> usize {
    usize::from(credential.issuer != presented.issuer)
        + usize::from(credential.audience != presented.audience)
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

/// The edit of issuer and audience, which decides only between equal subjects.
fn edit_beside_subject(credential: &Credential, presented: &Presented) -> usize {
    let distance = |one: &str, other: &str| if one == other { 0 } else { levenshtein(one, other) };
    distance(presented.issuer.as_str(), credential.issuer.as_str())
        + distance(presented.audience.as_str(), credential.audience.as_str())
}
