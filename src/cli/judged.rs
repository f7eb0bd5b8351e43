//! The judge's word about one token, in the forms that commands need: a verdict, a document, a diagnostic.

use std::path::Path;

use anyhow::bail;
use serde_json::Value;

use super::{Context, check_document::Document, repository::meant, settings::SignInArgs, source};
use crate::{
    diagnostic::{Diagnostic, Severity},
    id::{Cloud, RepositoryName, visible},
    issuer::Presented,
    text::Place,
    trust::read::Reading,
    verdict::{Fix, Refused, Rejected, Trusted, Verdict, describe, describe_unknown, suggest},
};

/// What is trusted, and what was found out while reading it.
pub(super) struct Sources {
    pub(super) trusted: Trusted,
    /// What breaks limits or could not be read.
    pub(super) remarks: Vec<Diagnostic>,
}

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
///
/// # Errors
/// When a source cannot be read, or holds no credential.
pub(super) fn judge(
    context: &Context<'_>,
    presented: &Presented,
    flags: &SignInArgs,
    sources: &[String],
) -> anyhow::Result<Option<Judged>> {
    if sources.is_empty() {
        return Ok(None);
    }
    let own = meant(context, None)?;
    let Sources { trusted, remarks } = read(context, flags, sources, own.as_ref())?;
    let audience = Cloud::of_audience(presented.audience.as_str()).unwrap_or(Cloud::public()).audience;
    let judgement = Judgement::new(presented, &trusted, audience);
    let (verdict, cause) = (judgement.verdict.as_str(), judgement.cause());
    let explanation = serde_json::to_value(Document::new(presented, &judgement, &remarks))?;
    Ok(Some(Judged { verdict, cause, explanation, diagnostic: judgement.diagnostic(presented) }))
}

/// A verdict, and the fix where it is a refusal.
pub(super) struct Judgement {
    pub(super) verdict: Verdict,
    pub(super) fix: Option<Fix>,
}

impl Judgement {
    /// Judges `presented`; `audience` is the one that the cloud expects.
    pub(super) fn new(presented: &Presented, trusted: &Trusted, audience: Option<&str>) -> Self {
        let verdict = trusted.judge(presented);
        let fix = match &verdict {
            Verdict::Refused(refused) => Some(suggest(presented, refused, trusted, audience)),
            Verdict::Accepted(_) | Verdict::Depends(_) => None,
        };
        Self { verdict, fix }
    }

    /// The refusal and its fix.
    pub(super) fn refused(&self) -> Option<(&Refused, &Fix)> {
        match (&self.verdict, &self.fix) {
            (Verdict::Refused(refused), Some(fix)) => Some((refused, fix)),
            (Verdict::Accepted(_) | Verdict::Depends(_) | Verdict::Refused(_), _) => None,
        }
    }

    fn cause(&self) -> Option<String> {
        self.refused().map(|(refused, _)| refused.cause.to_string())
    }

    /// What to say; nothing where the token is accepted.
    pub(super) fn diagnostic(&self, presented: &Presented) -> Option<Diagnostic> {
        match &self.verdict {
            Verdict::Accepted(_) => None,
            Verdict::Depends(unknowns) => Some(describe_unknown(presented, unknowns)),
            Verdict::Refused(_) => self.refused().map(|(refused, fix)| describe(presented, refused, fix)),
        }
    }
}

/// Reads every source, live ones as `flags` say; what they ask from outside is `own`. The credentials of all of them are one set.
///
/// # Errors
/// When a source cannot be read, or holds no credential. An empty listing is a source that says so, and no error.
pub(super) fn read(
    context: &Context<'_>,
    flags: &SignInArgs,
    sources: &[String],
    own: Option<&RepositoryName>,
) -> anyhow::Result<Sources> {
    let mut all = Reading::default();
    for one in sources {
        let reading = source::load_as(context, flags, Path::new(""), std::slice::from_ref(one))?;
        if reading.drafts.is_empty() {
            if let Some(skipped) = reading.skipped.first() {
                bail!("`{one}` cannot be read: {}: {}", skipped.place, skipped.reason);
            }
            if context.host.files.is_folder(Path::new(one)) {
                bail!("no credential is defined in the folder `{one}`");
            }
        }
        all.append(reading);
    }
    let all = all.in_repository(own);
    let (trusted, rejected) = Trusted::of_drafts(&all.drafts);
    let skipped =
        all.skipped.iter().map(|skipped| remark("unreadable-definition", &skipped.reason, &skipped.place));
    Ok(Sources { trusted, remarks: rejected.iter().map(limit).chain(skipped).collect() })
}

fn limit(rejected: &Rejected) -> Diagnostic {
    let told: Vec<String> =
        rejected.violations.iter().map(|found| visible(&found.to_string()).into_owned()).collect();
    let title = format!("`{}` cannot be created: {}", visible(&rejected.name), told.join("; "));
    let remark = remark("over-a-limit", &title, &rejected.place);
    if rejected.judged { remark } else { remark.note("it takes no part in the verdict") }
}

fn remark(code: &'static str, title: &str, place: &Place) -> Diagnostic {
    Diagnostic::new(code, Severity::Warning, title).at(place.clone(), "")
}
