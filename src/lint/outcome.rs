//! What the credentials of an identity make of one thing that a job can present.

use std::collections::BTreeMap;

use super::{Facts, Identity};
use crate::{
    id::{Audience, Cloud, Subject},
    issuer::Presented,
    trust::Credential,
    verdict::{
        Refused, Verdict,
        flexible::{Coverage, Told, cover_any},
    },
    workflow::reach::{Entry, SignIn},
};

/// The answer for one sign-in of one entry.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Every subject is accepted.
    Covered,
    /// Some subjects are: one that is, one that is not.
    Partly {
        /// A subject that is accepted.
        accepted: String,
        /// A subject that is refused.
        refused: String,
    },
    /// None is accepted, however what is unknown turns out.
    Refused(Box<Refused>),
    /// It hangs on what is not known.
    Open,
}

impl Facts<'_> {
    /// What an entry presents when this sign-in asks for the token; holes are written as `{name}`.
    #[must_use]
    pub fn presented(&self, entry: &Entry, sign_in: &SignIn) -> Presented {
        let audience =
            audience(sign_in).unwrap_or_else(|| Audience::new(Cloud::public().audience.unwrap_or_default()));
        Presented {
            issuer: self.issuer.clone(),
            subject: Subject::new(entry.shape.to_string()),
            audience,
            claims: self.claims(entry),
        }
    }

    /// What `identity` makes of the entry.
    #[must_use]
    pub fn outcome(&self, entry: &Entry, sign_in: &SignIn, identity: &Identity<'_>) -> Outcome {
        let presented = self.presented(entry, sign_in);
        let asked = audience(sign_in);
        if entry.shape.as_exact().is_some() && asked.is_some() {
            return match identity.trusted.judge(&presented) {
                Verdict::Accepted(_) => Outcome::Covered,
                Verdict::Depends(_) => Outcome::Open,
                Verdict::Refused(refused) => Outcome::Refused(refused),
            };
        }
        let told = identity.told(self.issuer.as_str(), asked.as_ref().map(Audience::as_str));
        match cover_any(told, &entry.shape, &presented.claims) {
            Coverage::All => Outcome::Covered,
            Coverage::Some { accepted, refused } => Outcome::Partly { accepted, refused },
            Coverage::Unknown(_) => Outcome::Open,
            Coverage::None => match explained(identity, &presented) {
                Outcome::Refused(refused) if !self.may_do_without(entry, sign_in, identity) => {
                    Outcome::Refused(refused)
                }
                Outcome::Covered | Outcome::Partly { .. } | Outcome::Refused(_) | Outcome::Open => {
                    Outcome::Open
                }
            },
        }
    }

    /// True where the environment may be empty, and something could then be accepted.
    fn may_do_without(&self, entry: &Entry, sign_in: &SignIn, identity: &Identity<'_>) -> bool {
        let without = self.without_environment(entry);
        without.is_some_and(|entry| !matches!(self.outcome(&entry, sign_in, identity), Outcome::Refused(_)))
    }

    /// The names of the credentials that accept something of the entry.
    #[must_use]
    pub fn accepting(&self, entry: &Entry, sign_in: &SignIn, identity: &Identity<'_>) -> Vec<String> {
        let presented = self.presented(entry, sign_in);
        let takes = |credential: &&Credential| {
            credential.issuer == presented.issuer
                && credential.audience == presented.audience
                && cover_any([Told::Whole(&credential.matcher)], &entry.shape, &presented.claims)
                    != Coverage::None
        };
        identity
            .trusted
            .credentials()
            .iter()
            .filter(takes)
            .map(|credential| credential.name.clone())
            .collect()
    }

    fn claims(&self, entry: &Entry) -> BTreeMap<String, String> {
        let mut claims = self.claims.clone();
        claims.insert("event_name".to_owned(), entry.trigger.to_owned());
        let known = [("environment", &entry.environment), ("ref", &entry.reference)];
        for (name, value) in known {
            if let Some(value) = value.as_deref().filter(|value| !value.contains('{')) {
                claims.insert(name.to_owned(), value.to_owned());
            }
        }
        claims
    }
}

/// The judge explains a shape by its text; an answer other than a refusal is not certain for a text with holes.
fn explained(identity: &Identity<'_>, presented: &Presented) -> Outcome {
    match identity.trusted.judge(presented) {
        Verdict::Refused(refused) => Outcome::Refused(refused),
        Verdict::Accepted(_) | Verdict::Depends(_) => Outcome::Open,
    }
}

/// The audience that a sign-in asks for: as written, else its cloud's; `None` where only a run can tell.
#[must_use]
fn audience(sign_in: &SignIn) -> Option<Audience> {
    match (&sign_in.audience, &sign_in.cloud) {
        (Some(written), _) if is_open(written) => None,
        (Some(written), _) => Some(Audience::new(written.as_str())),
        (None, Some(cloud)) => Cloud::named(cloud).and_then(|cloud| cloud.audience).map(Audience::new),
        (None, None) => Cloud::public().audience.map(Audience::new),
    }
}

/// True for what stands for a value that only a run knows.
fn is_open(text: &str) -> bool {
    let roots = ["secrets.", "vars.", "env.", "inputs.", "matrix.", "needs.", "steps.", "github."];
    text.contains('{') || text.contains('$') || roots.iter().any(|root| text.starts_with(root))
}
