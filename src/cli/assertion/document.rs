//! The document `fedcred.assertion.v1`.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Inspected, words};
use crate::cli::judged::Judged;

/// The whole document. The signature is never part of it.
#[derive(Debug, Serialize)]
pub(super) struct Document<'a> {
    schema: &'static str,
    source: &'static str,
    header: &'a Map<String, Value>,
    claims: &'a Map<String, Value>,
    /// Seconds until `exp`; negative when it is over.
    expires_in: Option<i64>,
    meaning: Vec<String>,
    checks: Vec<CheckDocument<'a>>,
    /// The document `fedcred.check.v1`, where credentials were given.
    check: Option<&'a Value>,
}

#[derive(Debug, Serialize)]
struct CheckDocument<'a> {
    check: &'static str,
    outcome: &'static str,
    found: &'a str,
    entra_code: Option<u32>,
}

impl<'a> Document<'a> {
    /// What was found out about a token.
    pub(super) fn new(inspected: &'a Inspected, judged: Option<&'a Judged>) -> Self {
        Self {
            schema: "fedcred.assertion.v1",
            source: inspected.source.name,
            header: inspected.claims.header(),
            claims: inspected.claims.payload(),
            expires_in: inspected.claims.seconds("exp").and_then(|at| at.checked_sub(inspected.now)),
            meaning: inspected.reading.as_ref().map(words::meaning).unwrap_or_default(),
            checks: inspected
                .checks
                .iter()
                .map(|(check, outcome)| {
                    let (word, found, entra_code) = words::outcome(outcome);
                    CheckDocument { check: check.as_str(), outcome: word, found, entra_code }
                })
                .collect(),
            check: judged.map(|judged| &judged.explanation),
        }
    }
}
