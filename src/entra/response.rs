//! What an answer of the token endpoint says: a token, a refusal, or nothing that can be read.

use std::{fmt, time::Duration};

use http::{Response, StatusCode};
use serde_json::Value;
use thiserror::Error;

use crate::{refusal::Refusal, secret::AccessToken};

/// What the token endpoint said.
#[derive(Debug)]
pub enum Answer {
    /// Yes.
    Granted(Grant),
    /// No, with a reason.
    Refused(Box<Refusal>, StatusCode),
    /// Neither.
    Unreadable(Unreadable),
}

/// An access token and how long it lives.
#[derive(Debug)]
pub struct Grant {
    /// The token.
    pub access_token: AccessToken,
    /// From now on.
    pub expires_in: Duration,
}

/// What came in the place of an answer.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{what} with status {}", status.as_u16())]
pub struct Unreadable {
    /// The HTTP status.
    pub status: StatusCode,
    /// What the body is.
    pub what: Body,
}

/// What a body is that is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// Nothing.
    Empty,
    /// A web page, as proxies and gateways send.
    Html,
    /// JSON that breaks off, or other text.
    NotJson,
    /// JSON without the field that matters.
    Lacks(&'static str),
}

impl fmt::Display for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("an empty answer"),
            Self::Html => f.write_str("a web page"),
            Self::NotJson => f.write_str("an answer that is not JSON or broke off"),
            Self::Lacks(field) => write!(f, "an answer without `{field}`"),
        }
    }
}

impl Unreadable {
    /// What `answer` is, given that it is no JSON object with `field`.
    #[must_use]
    pub fn of(answer: &Response<Vec<u8>>, field: &'static str) -> Self {
        let body = answer.body().trim_ascii_start();
        let what = if body.is_empty() {
            Body::Empty
        } else if body.starts_with(b"<") {
            Body::Html
        } else if serde_json::from_slice::<Value>(body).is_ok() {
            Body::Lacks(field)
        } else {
            Body::NotJson
        };
        Self { status: answer.status(), what }
    }
}

/// Reads an answer of the token endpoint. `expires_in` is a number, or a text in the older form.
#[must_use]
pub fn read(answer: &Response<Vec<u8>>) -> Answer {
    let text = std::str::from_utf8(answer.body()).unwrap_or_default();
    if let Some(refusal) = Refusal::from_json(text) {
        return Answer::Refused(Box::new(refusal), answer.status());
    }
    let fields: Value = serde_json::from_str(text).unwrap_or(Value::Null);
    let token = fields.get("access_token").and_then(Value::as_str).filter(|token| !token.is_empty());
    let seconds =
        fields.get("expires_in").and_then(|value| value.as_u64().or_else(|| value.as_str()?.parse().ok()));
    match (token, seconds) {
        (Some(token), Some(seconds)) if answer.status().is_success() => Answer::Granted(Grant {
            access_token: AccessToken::new(token.to_owned()),
            expires_in: Duration::from_secs(seconds),
        }),
        (Some(_), None) => Answer::Unreadable(Unreadable::of(answer, "expires_in")),
        (Some(_) | None, _) => Answer::Unreadable(Unreadable::of(answer, "access_token")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Response<Vec<u8>> {
        Response::builder().status(status).body(body.as_bytes().to_vec()).unwrap()
    }

    #[test]
    fn a_token_is_read_in_both_forms_of_its_lifetime() {
        for lifetime in ["3599", "\"3599\""] {
            let body = format!("{{\"access_token\":\"t\",\"expires_in\":{lifetime}}}");
            let Answer::Granted(grant) = read(&answer(200, &body)) else { panic!("{lifetime}") };
            assert_eq!((grant.access_token.reveal(), grant.expires_in.as_secs()), ("t", 3599));
        }
    }

    #[test]
    fn what_is_no_answer_is_told_apart() {
        let what = |status, body| match read(&answer(status, body)) {
            Answer::Unreadable(unreadable) => unreadable.to_string(),
            other @ (Answer::Granted(_) | Answer::Refused(..)) => panic!("{other:?}"),
        };
        assert_eq!(what(200, " "), "an empty answer with status 200");
        assert_eq!(what(200, "<html>"), "a web page with status 200");
        assert_eq!(what(200, "{\"access_tok"), "an answer that is not JSON or broke off with status 200");
        assert_eq!(what(200, "{}"), "an answer without `access_token` with status 200");
        assert_eq!(what(503, ""), "an empty answer with status 503");
    }

    #[test]
    fn a_refusal_keeps_its_status() {
        let Answer::Refused(refusal, status) =
            read(&answer(401, r#"{"error":"invalid_client","error_codes":[700213]}"#))
        else {
            panic!()
        };
        assert_eq!((refusal.code, status.as_u16()), (Some(700_213), 401));
    }
}
