//! Whether Entra could read an issuer and find the key of a token: judged from its two documents, without asking anybody.
//!
//! Source: <https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations>.

mod address;
mod keys;

use serde_json::Value;

use super::UnverifiedClaims;
use crate::{id::Issuer, secret::Assertion};

pub use address::{configuration_url, keys_url};

/// How many keys of an issuer Entra keeps. Source: the page above.
pub const KEYS_KEPT: usize = 100;

/// What came back for the address of a document, or why nothing usable did.
pub type Document = Result<Value, String>;

/// What the issuer publishes.
#[derive(Clone, Debug)]
pub struct Documents {
    /// The discovery document; `None` where the issuer is no address that may be asked.
    pub configuration: Option<Document>,
    /// The keys; `None` where no address of them is known.
    pub keys: Option<Document>,
}

/// A token of the issuer, whose key is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Token<'a> {
    /// The token itself.
    pub assertion: &'a Assertion,
    /// What it says.
    pub claims: &'a UnverifiedClaims,
}

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// As it must be.
    Good,
    /// It may work; here is why it may not.
    Doubtful,
    /// Entra will refuse.
    Bad,
    /// Could not be looked at, because of an earlier check.
    Skipped,
}

impl Outcome {
    /// The word used in every output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Doubtful => "doubtful",
            Self::Bad => "bad",
            Self::Skipped => "skipped",
        }
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What was looked at: a word that stays the same.
    pub name: &'static str,
    /// How it came out.
    pub outcome: Outcome,
    /// What was found.
    pub found: String,
    /// The AADSTS code with which Entra refuses, where one is known.
    pub code: Option<u32>,
}

impl Check {
    fn good(name: &'static str, found: impl Into<String>) -> Self {
        Self { name, outcome: Outcome::Good, found: found.into(), code: None }
    }

    fn doubtful(name: &'static str, found: impl Into<String>) -> Self {
        Self { name, outcome: Outcome::Doubtful, found: found.into(), code: None }
    }

    fn bad(name: &'static str, found: impl Into<String>, code: Option<u32>) -> Self {
        Self { name, outcome: Outcome::Bad, found: found.into(), code }
    }

    fn skipped(name: &'static str) -> Self {
        Self { name, outcome: Outcome::Skipped, found: "not looked at".to_owned(), code: None }
    }
}

/// What was found out about an issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// Every check, in the order in which Entra needs them.
    pub checks: Vec<Check>,
    /// How many keys it publishes.
    pub keys: Option<usize>,
    /// Which of them signed the token, counted from 1.
    pub position: Option<usize>,
}

impl Health {
    /// True where no check says that Entra will refuse.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.checks.iter().all(|check| check.outcome != Outcome::Bad)
    }
}

/// Judges what `issuer` publishes, and looks for the key of `token` in it.
#[must_use]
pub fn examine(issuer: &Issuer, documents: &Documents, token: Option<Token<'_>>) -> Health {
    let mut checks = address::checks(issuer);
    let configuration = match &documents.configuration {
        Some(Ok(configuration)) => Some(configuration),
        Some(Err(_)) | None => None,
    };
    checks.push(address::read("configuration", documents.configuration.as_ref()));
    checks.push(configuration.map_or_else(
        || Check::skipped("issuer"),
        |configuration| address::same_issuer(issuer, configuration),
    ));
    checks.push(configuration.map_or_else(|| Check::skipped("keys-address"), address::keys_address));
    checks.push(address::read("keys", documents.keys.as_ref()));
    let list = match &documents.keys {
        Some(Ok(keys)) => keys.get("keys").and_then(Value::as_array),
        Some(Err(_)) | None => None,
    };
    let position = list.zip(token).and_then(|(list, token)| keys::position(list, token));
    match list {
        Some(list) => checks.extend(keys::checks(list, position, token)),
        None => checks.extend(["count", "kid", "use", "algorithm", "signature"].map(Check::skipped)),
    }
    Health { checks, keys: list.map(Vec::len), position: position.map(|position| position + 1) }
}

#[cfg(test)]
mod tests;
