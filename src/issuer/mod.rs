//! What a token says: the claims that Entra compares, and how they are read from a token nobody has verified yet.

pub mod aws;
mod azure_pipelines;
mod eid1;
mod examination;
pub mod github;
pub mod health;
pub mod spiffe;

#[cfg(feature = "own-key")]
mod certificate;
pub mod google;
mod kubernetes;
mod managed_identity;
mod own_key;
mod reading;
mod unverified;

use std::collections::BTreeMap;

use crate::id::{Audience, Issuer, Subject};

pub use azure_pipelines::Connection;
#[cfg(feature = "own-key")]
pub use certificate::{Certificate, CertificateKey, NotACertificate, Standing};
pub use eid1::{Eid1, pack, unpack};
pub use examination::{Check, Outcome, examine, span};
pub use kubernetes::ServiceAccount;
pub use managed_identity::{Unusable, entra_tenant};
pub use own_key::{OWN_KEY_LIFETIME, OwnKeyClaims, OwnKeyHeader, own_key_presented};
pub use reading::Reading;
pub use unverified::{ClaimsError, TOKEN_LIMIT, UnverifiedClaims};

/// What a workload presents to Entra.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presented {
    /// `iss`.
    pub issuer: Issuer,
    /// `sub`.
    pub subject: Subject,
    /// `aud`.
    pub audience: Audience,
    /// Every claim that is a text, a number or a truth value, as text. Empty where only the three above are known.
    pub claims: BTreeMap<String, String>,
}

impl Presented {
    /// The three claims that an exact credential compares; nothing else is known.
    #[must_use]
    pub fn new(issuer: impl Into<String>, subject: impl Into<String>, audience: impl Into<String>) -> Self {
        Self {
            issuer: Issuer::new(issuer),
            subject: Subject::new(subject),
            audience: Audience::new(audience),
            claims: BTreeMap::new(),
        }
    }

    /// The claim `name`; `iss`, `sub` and `aud` are always known.
    #[must_use]
    pub fn claim(&self, name: &str) -> Option<&str> {
        match name {
            "iss" => Some(self.issuer.as_str()),
            "sub" => Some(self.subject.as_str()),
            "aud" => Some(self.audience.as_str()),
            other => self.claims.get(other).map(String::as_str),
        }
    }
}
