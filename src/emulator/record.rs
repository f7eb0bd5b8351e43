//! What was asked of the emulator, for tests and for people who look over its shoulder.

use std::collections::BTreeMap;

use serde::Serialize;

use super::fault::Door;

/// One request and the status it was answered with. Secrets are left out; see [`Recorded::form`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Recorded {
    /// The door.
    pub door: Door,
    /// The method.
    pub method: String,
    /// The path.
    pub path: String,
    /// The query as sent.
    pub query: String,
    /// The headers with lower-case names; `authorization` shows its scheme only.
    pub headers: BTreeMap<String, String>,
    /// The form fields; of `client_assertion` only `(a token)`.
    pub form: BTreeMap<String, String>,
    /// The body, where it is no form.
    pub body: String,
    /// The status of the answer; 0 when there was none.
    pub status: u16,
}

impl Recorded {
    /// The request with `head` and `body`, before it is answered.
    pub(super) fn new(head: &axum::http::request::Parts, body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body).into_owned();
        let headers: BTreeMap<String, String> = head
            .headers
            .iter()
            .map(|(name, value)| {
                (name.to_string(), shown(name.as_str(), &String::from_utf8_lossy(value.as_bytes())))
            })
            .collect();
        let is_form = headers.get("content-type").is_some_and(|kind| kind.contains("form-urlencoded"));
        let form = if is_form { form_fields(&text) } else { BTreeMap::new() };
        Self {
            door: Door::of(head.uri.path()),
            method: head.method.to_string(),
            path: head.uri.path().to_owned(),
            query: head.uri.query().unwrap_or("").to_owned(),
            headers,
            form: form.into_iter().map(|(name, value)| (name.clone(), shown(&name, &value))).collect(),
            body: if is_form { String::new() } else { text },
            status: 0,
        }
    }
}

/// The fields of a form body; the last one of a name wins.
pub(super) fn form_fields(text: &str) -> BTreeMap<String, String> {
    url::form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

fn shown(name: &str, value: &str) -> String {
    match name {
        "authorization" => value.split(' ').next().unwrap_or("").to_owned(),
        "client_assertion" | "client_secret" | "WebIdentityToken" | "x-amz-security-token" => {
            "(a token)".to_owned()
        }
        _ => value.to_owned(),
    }
}
