//! Everything an identity trusts, indexed once so that many tokens are judged quickly.

use super::{
    flexible::{Answer, Doubt, evaluate},
    index::Index,
};
use crate::{
    id::{Audience, Issuer, Subject},
    issuer::Presented,
    text::Place,
    trust::{Credential, Draft, Matcher, TextPart, Value, Violation},
};

/// What an identity trusts.
#[derive(Clone, Debug, Default)]
pub struct Trusted {
    credentials: Vec<Credential>,
    partial: Vec<Partial>,
    index: Index,
}

/// A credential of which the files do not tell everything, or whose expression follows no known grammar.
#[derive(Clone, Debug)]
pub(super) struct Partial {
    /// What is known, holes written as `{name}`.
    pub(super) shown: Credential,
    issuer: Value,
    /// `None` where an expression stands in its place.
    pub(super) subject: Option<Value>,
    audience: Value,
    /// Why it is only partly known.
    reasons: Vec<String>,
}

/// A definition that breaks limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// Where it stands.
    pub place: Place,
    /// Its name as far as it is known.
    pub name: String,
    /// Every limit it breaks.
    pub violations: Vec<Violation>,
    /// Whether it is judged even so, because only what Entra never compares is at fault.
    pub judged: bool,
}

/// The bare answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision<'a> {
    /// This credential takes the token.
    Accepted(&'a Credential),
    /// No credential takes it.
    Refused,
    /// It hangs on these unknowns.
    Depends(Vec<String>),
}

impl Trusted {
    /// Indexes `credentials`. Their order decides between those that are equally near.
    #[must_use]
    pub fn new(credentials: Vec<Credential>) -> Self {
        Self::over(credentials, Vec::new())
    }

    /// Takes in what files say, and tells which definitions break limits. A value that is not known makes no violation.
    #[must_use]
    pub fn of_drafts(drafts: &[Draft]) -> (Self, Vec<Rejected>) {
        let (mut whole, mut partial) = (Vec::new(), Vec::new());
        let mut rejected = Vec::new();
        for draft in drafts {
            let (credential, violations) = Credential::examine(draft);
            let judged = match credential {
                Some(credential) => {
                    whole.push(credential);
                    true
                }
                None => Partial::of(draft, &violations).map(|found| partial.push(found)).is_some(),
            };
            let broken: Vec<_> = violations.into_iter().filter(|found| !is_unknown(found)).collect();
            if !broken.is_empty() {
                let name =
                    draft.name.as_ref().map_or_else(|| "unnamed".to_owned(), |name| name.value.to_string());
                rejected.push(Rejected { place: draft.place.clone(), name, violations: broken, judged });
            }
        }
        (Self::over(whole, partial), rejected)
    }

    /// Every credential that is wholly known, in order.
    #[must_use]
    pub fn credentials(&self) -> &[Credential] {
        &self.credentials
    }

    /// True where nothing is trusted, not even in part.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.credentials.is_empty() && self.partial.is_empty()
    }

    /// Whether the token is accepted, without asking why not. The time it takes does not grow with the exact credentials.
    #[must_use]
    pub fn decide(&self, presented: &Presented) -> Decision<'_> {
        let known =
            |at| self.credentials.get(at).filter(|one: &&Credential| one.audience == presented.audience);
        if let Some(credential) = self.index.exact(presented).find_map(known) {
            return Decision::Accepted(credential);
        }
        let mut unknowns = Vec::new();
        for credential in self.index.flexible(presented).into_iter().filter_map(known) {
            if credential.issuer != presented.issuer {
                continue;
            }
            match answer(credential, presented) {
                Answer::Accepts => return Decision::Accepted(credential),
                Answer::Refuses(_) => {}
                Answer::Depends(doubts) => unknowns.extend(named(&credential.name, &doubts)),
            }
        }
        let partial = self.index.partial(presented).into_iter().filter_map(|at| self.partial.get(at));
        let possible = partial.filter(|partial| partial.may_take(presented));
        unknowns.extend(possible.flat_map(|partial| partial.reasons.iter().cloned()));
        if unknowns.is_empty() { Decision::Refused } else { Decision::Depends(unknowns) }
    }

    /// Every credential, those known in part included, with holes written as `{name}`.
    #[cfg(test)]
    pub(super) fn candidates(&self) -> impl Iterator<Item = &Credential> {
        self.credentials.iter().chain(self.partial.iter().map(|partial| &partial.shown))
    }

    /// The candidate of that number: the credentials in order, and behind them those known in part.
    pub(super) fn candidate(&self, at: usize) -> Option<&Credential> {
        match at.checked_sub(self.credentials.len()) {
            None => self.credentials.get(at),
            Some(behind) => self.partial.get(behind).map(|partial| &partial.shown),
        }
    }

    /// Whether one known in part may take the token, each looked at.
    #[cfg(test)]
    pub(super) fn may_take_in_part(&self, presented: &Presented) -> bool {
        self.partial.iter().any(|partial| partial.may_take(presented))
    }

    pub(super) const fn index(&self) -> &Index {
        &self.index
    }

    fn over(credentials: Vec<Credential>, partial: Vec<Partial>) -> Self {
        let index = Index::new(&credentials, &partial);
        Self { credentials, partial, index }
    }
}

/// Whether the subject or the expression of `credential` takes the token; issuer and audience are not looked at.
pub(super) fn answer(credential: &Credential, presented: &Presented) -> Answer {
    match &credential.matcher {
        Matcher::Exact(subject) if *subject == presented.subject => Answer::Accepts,
        Matcher::Exact(_) => Answer::Refuses(Vec::new()),
        Matcher::Flexible(expression) => evaluate(expression, presented),
    }
}

fn named(name: &str, doubts: &[Doubt]) -> Vec<String> {
    doubts.iter().map(|doubt| format!("`{name}`: {}", doubt.describe())).collect()
}

fn is_unknown(violation: &Violation) -> bool {
    matches!(violation, Violation::NotKnown { .. } | Violation::Expression(_))
}

impl Partial {
    /// `None` where more is wrong than that something is not known.
    fn of(draft: &Draft, violations: &[Violation]) -> Option<Self> {
        let compared = || violations.iter().filter(|found| found.field().is_compared());
        let audience = match draft.audiences.as_slice() {
            [one] if compared().all(is_unknown) => one.value.clone(),
            _ => return None,
        };
        let issuer = draft.issuer.as_ref()?.value.clone();
        let matcher = draft.expression.as_ref().or(draft.subject.as_ref())?;
        let name = draft.name.as_ref().map_or_else(|| "unnamed".to_owned(), |name| name.value.to_string());
        let shown = Credential {
            home: draft.home,
            parent: draft.parent.as_ref().map(|parent| parent.value.to_string()),
            matcher: Matcher::Exact(Subject::new(matcher.value.to_string())),
            issuer: Issuer::new(issuer.to_string()),
            audience: Audience::new(audience.to_string()),
            place: Some(draft.place.clone()),
            ..Credential::exact(name.as_str(), "", "", "")
        };
        let reasons = compared().map(|found| format!("`{name}`: {found}")).collect();
        let subject = draft.expression.is_none().then(|| matcher.value.clone());
        Some(Self { shown, issuer, subject, audience, reasons })
    }

    fn may_take(&self, presented: &Presented) -> bool {
        may_be(&self.issuer, presented.issuer.as_str())
            && may_be(&self.audience, presented.audience.as_str())
            && self.subject.as_ref().is_none_or(|subject| may_be(subject, presented.subject.as_str()))
    }
}

/// Whether the holes of `value` can be filled so that it becomes `text`.
fn may_be(value: &Value, text: &str) -> bool {
    let mut rest = text;
    let mut open = false;
    let mut parts = value.parts.iter().peekable();
    while let Some(part) = parts.next() {
        match part {
            TextPart::Hole { .. } => open = true,
            TextPart::Text(known) => {
                let last = parts.peek().is_none();
                let behind = match (open, last) {
                    (false, _) => rest.strip_prefix(known.as_str()),
                    (true, true) => rest.ends_with(known.as_str()).then_some(""),
                    (true, false) => rest.find(known.as_str()).and_then(|at| rest.get(at + known.len()..)),
                };
                let Some(behind) = behind else { return false };
                rest = behind;
                open = false;
            }
        }
    }
    open || rest.is_empty()
}
