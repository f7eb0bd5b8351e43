//! What the judge says of a token before Entra is asked.

use serde_json::Value;

use super::Context;
use crate::{diagnostic::Diagnostic, issuer::Presented};

/// The judge's word in the forms that a sign-in needs.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    /// `accepted`, `refused` or `depends`.
    pub(super) verdict: &'static str,
    /// The first cause, where it is refused.
    pub(super) cause: Option<String>,
    /// The document `fedcred.check.v1`.
    pub(super) explanation: Value,
    /// What to say about it; nothing where it is accepted.
    pub(super) diagnostic: Option<Diagnostic>,
}

/// Judges `presented` by the credentials in `sources`; nothing where no source was given.
pub(super) fn judge(
    _context: &Context<'_>,
    _presented: &Presented,
    sources: &[String],
) -> anyhow::Result<Option<Judged>> {
    anyhow::ensure!(sources.is_empty(), "credentials cannot be judged yet");
    Ok(None)
}
