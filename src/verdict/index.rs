//! What is trusted, filed so that a token is judged and a refusal explained without a look at every credential.

use std::collections::{HashMap, HashSet};

use super::{
    flexible::Answer,
    fragments::{Fragments, folded},
    neighbours::Neighbours,
    shelves::Shelves,
    subject::Form,
    trusted::{Partial, answer},
};
use crate::{
    id::{Audience, Issuer, Subject},
    issuer::Presented,
    trust::{Credential, Home, Matcher, TextPart},
};

/// Candidates by number: the credentials in order, and behind them those known in part.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    of_issuer: HashMap<Issuer, OfIssuer>,
    by_subject: HashMap<Subject, Vec<usize>>,
    audiences: HashSet<Audience>,
    flexible: Shelves,
    partial: Fragments,
    neighbours: Neighbours,
    names: HashSet<String>,
    with_home: Option<usize>,
}

/// Everything that one issuer's tokens can be compared with.
#[derive(Clone, Debug, Default)]
pub(super) struct OfIssuer {
    by_subject: HashMap<Subject, Vec<usize>>,
    /// Subjects without letter case.
    folded: HashSet<String>,
    pub(super) audiences: HashSet<Audience>,
    pub(super) has_flexible: bool,
}

impl Index {
    pub(super) fn new(credentials: &[Credential], partial: &[Partial]) -> Self {
        let mut index = Self::default();
        let candidates = || credentials.iter().chain(partial.iter().map(|one| &one.shown));
        for (at, candidate) in candidates().enumerate() {
            let of_issuer = index.of_issuer.entry(candidate.issuer.clone()).or_default();
            of_issuer.audiences.insert(candidate.audience.clone());
            index.audiences.insert(candidate.audience.clone());
            index.names.insert(candidate.name.clone());
            match &candidate.matcher {
                Matcher::Exact(subject) => {
                    of_issuer.folded.insert(folded(subject.as_str()));
                    of_issuer.by_subject.entry(subject.clone()).or_default().push(at);
                    index.by_subject.entry(subject.clone()).or_default().push(at);
                }
                Matcher::Flexible(_) => of_issuer.has_flexible = true,
            }
        }
        index.flexible = Shelves::new(candidates().enumerate().filter_map(|(at, one)| match &one.matcher {
            Matcher::Flexible(expression) => Some((at, expression)),
            Matcher::Exact(_) => None,
        }));
        index.partial = Fragments::new(partial.iter().map(held).enumerate());
        index.with_home = credentials.iter().position(|one| one.home != Home::Unknown);
        index.neighbours = Neighbours::new(candidates().enumerate().map(|(at, candidate)| {
            let text = subject_text(candidate);
            (Form::of(text).kind(text), text.to_owned(), at)
        }));
        index
    }

    pub(super) fn of_issuer(&self, issuer: &Issuer) -> Option<&OfIssuer> {
        self.of_issuer.get(issuer)
    }

    /// In order, the candidates with the issuer and the very subject of the token.
    pub(super) fn exact(&self, presented: &Presented) -> impl Iterator<Item = usize> {
        let found = self.of_issuer.get(&presented.issuer);
        found
            .and_then(|of_issuer| of_issuer.by_subject.get(&presented.subject))
            .into_iter()
            .flatten()
            .copied()
    }

    /// In order, the flexible candidates that may do other than refuse the token.
    pub(super) fn flexible(&self, presented: &Presented) -> Vec<usize> {
        self.flexible.of(presented)
    }

    /// In order, the numbers of those known in part whose subject may be the token's.
    pub(super) fn partial(&self, presented: &Presented) -> Vec<usize> {
        let subject = folded(presented.subject.as_str());
        let mut found = Vec::new();
        self.partial.find(&subject, &mut found);
        found.sort_unstable();
        found.dedup();
        found
    }

    /// In order, the candidates that do not refuse the subject; issuer and audience are not looked at.
    pub(super) fn takers<'a>(
        &self,
        presented: &Presented,
        candidate: impl Fn(usize) -> Option<&'a Credential>,
    ) -> Vec<usize> {
        let mut found = self.flexible(presented);
        found.retain(|at| {
            candidate(*at).is_some_and(|one| match answer(one, presented) {
                Answer::Accepts | Answer::Depends(_) => true,
                Answer::Refuses(_) => false,
            })
        });
        found.extend(self.by_subject.get(&presented.subject).into_iter().flatten());
        found.sort_unstable();
        found
    }

    /// How many of issuer and audience differ in the candidate that has most of them right; `None` without candidates.
    pub(super) fn fewest_beside_subject(&self, presented: &Presented) -> Option<usize> {
        let of_issuer = self.of_issuer.get(&presented.issuer);
        let both = of_issuer.is_some_and(|of_issuer| of_issuer.audiences.contains(&presented.audience));
        let one = of_issuer.is_some() || self.audiences.contains(&presented.audience);
        let none = !self.of_issuer.is_empty();
        none.then_some(if both { 0 } else { 2 - usize::from(one) })
    }

    /// The first credential of which the file says what owns it.
    pub(super) const fn with_home(&self) -> Option<usize> {
        self.with_home
    }

    pub(super) fn has_name(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    pub(super) const fn neighbours(&self) -> &Neighbours {
        &self.neighbours
    }
}

impl OfIssuer {
    /// Whether a subject here equals this one but perhaps for letter case.
    pub(super) fn has_ignoring_case(&self, subject: &Subject) -> bool {
        self.folded.contains(&folded(subject.as_str()))
    }
}

/// What is known of the subject of a definition that is known in part.
fn held(partial: &Partial) -> impl Iterator<Item = &str> {
    partial.subject.iter().flat_map(|subject| &subject.parts).filter_map(|part| match part {
        TextPart::Text(text) => Some(text.as_str()),
        TextPart::Hole { .. } => None,
    })
}

/// The text in which a credential speaks of the subject.
pub(super) fn subject_text(credential: &Credential) -> &str {
    match &credential.matcher {
        Matcher::Exact(subject) => subject.as_str(),
        Matcher::Flexible(expression) => {
            expression.about("sub").next().map_or("", |clause| clause.comparand.text.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*, sample::select};
    use strsim::levenshtein;

    use super::*;
    use crate::{
        text::{Located, Place, Source, Span},
        trust::{Draft, Value},
        verdict::{Trusted, Verdict},
    };

    /// How many claims differ.
    fn differing(one: &Credential, presented: &Presented) -> usize {
        let subject = usize::from(matches!(answer(one, presented), Answer::Refuses(_)));
        let issuer = usize::from(one.issuer != presented.issuer);
        issuer + usize::from(one.audience != presented.audience) + subject
    }

    fn edit(one: &Credential, presented: &Presented) -> (usize, usize) {
        let beside = levenshtein(one.issuer.as_str(), presented.issuer.as_str())
            + levenshtein(one.audience.as_str(), presented.audience.as_str());
        (levenshtein(presented.subject.as_str(), subject_text(one)), beside)
    }

    /// The nearest by its definition: each credential is looked at.
    fn nearest<'a>(trusted: &'a Trusted, presented: &Presented) -> Option<&'a Credential> {
        let kind = |text| Form::of(text).kind(text);
        let fewest = trusted.candidates().map(|one| differing(one, presented)).min()?;
        let few = || trusted.candidates().filter(|one| differing(one, presented) == fewest);
        let same = || few().filter(|one| kind(subject_text(one)) == kind(presented.subject.as_str()));
        same().min_by_key(|one| edit(one, presented)).or_else(|| few().min_by_key(|one| edit(one, presented)))
    }

    /// The code by its definition.
    fn code(trusted: &Trusted, presented: &Presented) -> Option<u32> {
        if trusted.is_empty() {
            return Some(70025);
        }
        let of_issuer = || trusted.candidates().filter(|one| one.issuer == presented.issuer);
        let audience = of_issuer().any(|one| one.audience == presented.audience);
        let subject = of_issuer().any(|one| answer(one, presented) == Answer::Accepts);
        let lower = |text: &str| text.to_lowercase();
        let case = |one: &Credential| {
            one.matcher.as_exact().is_some_and(|it| lower(it.as_str()) == lower(presented.subject.as_str()))
        };
        match (of_issuer().next().is_none(), audience, subject) {
            (true, _, _) => Some(700_211),
            (false, false, true) => Some(700_212),
            (false, true, false) if presented.subject.as_str().starts_with("/eid1/") => Some(7_002_137),
            (false, true, false) if of_issuer().any(case) => Some(7_002_138),
            (false, true, false) if of_issuer().any(|one| one.matcher.as_exact().is_none()) => {
                Some(7_002_131)
            }
            (false, true, false) => Some(700_213),
            (false, _, _) => None,
        }
    }

    fn word() -> impl Strategy<Value = &'static str> {
        select(vec!["app", "App", "ap", "api", "a-1", "{var.x}", "caf\u{e9}", "x*", "9"])
    }

    fn subject() -> impl Strategy<Value = String> {
        let context =
            select(vec![":environment:", ":ref:refs/heads/", ":pull_request", ":ref:refs/tags/v", ""]);
        let start = select(vec!["repo:o/", "repo:O/", "repo:o@1/", "", "/eid1/"]);
        (start, word(), context, word())
            .prop_map(|(start, name, context, end)| format!("{start}{name}{context}{end}"))
    }

    fn expression() -> impl Strategy<Value = String> {
        let id = select(vec!["", " and claims['repository_id'] eq '1'", " and claims['sub'] eq 'x'"]);
        let operator = select(vec!["eq", "matches", "startswith"]);
        (operator, subject(), select(vec!["", "*", "''"]), id)
            .prop_map(|(operator, subject, end, id)| format!("claims['sub'] {operator} '{subject}{end}'{id}"))
    }

    /// Issuer, subject or expression, audience, each known or with a hole behind it.
    fn draft() -> impl Strategy<Value = Draft> {
        let issuer = select(vec!["https://a", "https://a/", "https://b"]);
        let audience = select(vec!["x", "y"]);
        let matcher = prop_oneof![subject().prop_map(Ok), expression().prop_map(Err)];
        (issuer, matcher, audience, 0_u8..12).prop_map(|(issuer, matcher, audience, hole)| {
            let place = Place::new(&Source::new("main.tf", ""), Span::default());
            let value = |text: &str, at: u8| {
                let mut value = Value::known(text);
                if hole == at {
                    value.append(Value::hole("var.x", "no default", place.clone()));
                }
                Some(Located::new(value, place.clone()))
            };
            let (subject, expression) = match &matcher {
                Ok(subject) => (value(subject, 0), None),
                Err(expression) => (None, value(expression, 0)),
            };
            let audiences = value(audience, 1).into_iter().collect();
            let issuer = value(issuer, 2);
            let name = value("name", 9);
            Draft { name, issuer, subject, expression, audiences, ..Draft::new(place, Home::Unknown) }
        })
    }

    fn token() -> impl Strategy<Value = Presented> {
        let issuer = select(vec!["https://a", "https://b", "https://c"]);
        (issuer, subject(), select(vec!["x", "z"]), select(vec!["", "1", "2"])).prop_map(
            |(issuer, subject, audience, id)| {
                let mut presented = Presented::new(issuer, subject, audience);
                let known = (!id.is_empty()).then(|| ("repository_id".to_owned(), id.to_owned()));
                presented.claims.extend(known);
                presented
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn the_index_answers_as_a_look_at_every_credential_would(
            drafts in vec(draft(), 0..90), tokens in vec(token(), 1..12),
        ) {
            let (trusted, _) = Trusted::of_drafts(&drafts);
            for presented in &tokens {
                match trusted.judge(presented) {
                    Verdict::Accepted(credential) => prop_assert_eq!(differing(&credential, presented), 0),
                    Verdict::Depends(_) => {}
                    Verdict::Refused(refused) => {
                        prop_assert!(trusted.credentials().iter().all(|one| differing(one, presented) > 0));
                        prop_assert!(!trusted.may_take_in_part(presented));
                        let wanted = nearest(&trusted, presented);
                        prop_assert_eq!(refused.nearest.as_ref(), wanted);
                        prop_assert_eq!(refused.entra_code, code(&trusted, presented));
                    }
                }
            }
        }
    }
}
