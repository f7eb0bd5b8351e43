//! Asking a small service for a token: bounded in time and size, asked again where that can help, quoted where it refuses.

use std::time::Duration;

use http::{Request, Response, StatusCode, header};
use serde_json::Value;
use thiserror::Error;
use url::Url;

use crate::{
    entra::{Patience, Trouble, Unreadable, retry_after},
    fetch::driver::{Step, Tried, Unanswered, persist},
    host::{Failure, Host, Limits},
    id::visible,
};

/// The longest answer that is read, in bytes: a token and little more.
const ANSWER_LIMIT: usize = 256 * 1024;
/// How much of a service's own words is repeated, in characters.
const WORDS_LIMIT: usize = 300;

/// Why a service gave no token.
#[derive(Debug, Error)]
pub enum NoToken {
    /// No answer, or one that cannot be read.
    #[error(transparent)]
    Unanswered(#[from] Unanswered),
    /// It refused, in these words.
    #[error("status {}: {words}", status.as_u16())]
    Refused {
        /// The HTTP status.
        status: StatusCode,
        /// What it said, or that it said nothing.
        words: String,
    },
}

impl NoToken {
    /// The status of a refusal.
    #[must_use]
    pub const fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Refused { status, .. } => Some(*status),
            Self::Unanswered(_) => None,
        }
    }
}

/// How a service wants to be treated.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manners {
    /// How long one attempt may take.
    pub(super) attempt: Duration,
    /// Statuses that pass, beside those that always do (408, 429 and the errors of a server).
    pub(super) passing: &'static [u16],
    /// The field that holds the token, for saying that it is not there.
    pub(super) field: &'static str,
}

/// Sends `request` until `read` finds something in a successful answer.
///
/// # Errors
/// How the last attempt ended.
pub(super) async fn ask<T>(
    host: &Host,
    patience: Patience,
    manners: Manners,
    request: impl Fn() -> Result<Request<Vec<u8>>, http::Error>,
    read: impl Fn(&Response<Vec<u8>>) -> Option<T>,
) -> Result<T, Tried<NoToken>> {
    persist(host, patience, async |limits| {
        let limits = Limits { total: limits.total.min(manners.attempt), body: ANSWER_LIMIT, ..limits };
        let sent = match request() {
            Ok(request) => host.http.send(request, &limits).await,
            Err(error) => Err(Failure::Unsent(error.to_string())),
        };
        match sent {
            Ok(answer) => weigh(&answer, manners, &read),
            Err(failure) => Step::unanswered(failure, NoToken::Unanswered),
        }
    })
    .await
}

fn weigh<T>(
    answer: &Response<Vec<u8>>,
    manners: Manners,
    read: impl Fn(&Response<Vec<u8>>) -> Option<T>,
) -> Step<T, NoToken> {
    let status = answer.status();
    if status.is_success() {
        if let Some(found) = read(answer) {
            return Step::Done(found);
        }
        let trouble = Trouble::Status(status, None);
        return Step::Failed(trouble, Unanswered::from(Unreadable::of(answer, manners.field)).into());
    }
    let passes = manners.passing.contains(&status.as_u16());
    let trouble = Trouble::Status(
        if passes { StatusCode::SERVICE_UNAVAILABLE } else { status },
        retry_after(answer.headers()),
    );
    Step::Failed(trouble, NoToken::Refused { status, words: words(answer) })
}

/// What the service says about its refusal.
fn words(answer: &Response<Vec<u8>>) -> String {
    if let Some(to) = answer.headers().get(header::LOCATION) {
        let to = to.to_str().ok().and_then(|to| Url::parse(to).ok());
        let to = to.and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_else(|| "itself".to_owned());
        return format!("a redirect to {to}, which is not followed, since the request may hold a secret");
    }
    let text = String::from_utf8_lossy(answer.body());
    let fields: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
    let known = ["/error_description", "/error/message", "/message", "/Message", "/error"];
    let said = known.iter().find_map(|pointer| fields.pointer(pointer).and_then(Value::as_str));
    let said = said.unwrap_or_else(|| text.trim());
    if said.is_empty() {
        return "it says nothing more".to_owned();
    }
    if said.starts_with('<') {
        return "a web page".to_owned();
    }
    visible(&said.chars().take(WORDS_LIMIT).collect::<String>()).into_owned()
}

/// The text in `field` of a JSON answer.
pub(super) fn text_field(answer: &Response<Vec<u8>>, field: &str) -> Option<String> {
    let fields: Value = serde_json::from_slice(answer.body()).ok()?;
    fields.get(field).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// An address that a secret may be sent to: https, or http on this machine.
pub(super) fn secure(address: &str) -> Option<Url> {
    let url = Url::parse(address).ok()?;
    let here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    (url.scheme() == "https" || (url.scheme() == "http" && here)).then_some(url)
}
