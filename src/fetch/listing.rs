//! The credentials of one identity as Graph and Azure Resource Manager list them: page after page of one host, and not for ever.

use std::{collections::BTreeSet, time::Duration};

use http::{HeaderValue, Request, StatusCode, header};
use serde_json::{Value, json};
use url::Url;

use super::{
    driver::{Step, Tried, Unanswered, persist},
    unlisted::{ListingError, Unlisted},
};
use crate::{
    entra::{Patience, Trouble, Unreadable, retry_after},
    host::{Failure, Host, Limits},
    secret::AccessToken,
    text::{Located, Source},
    trust::{
        Home,
        read::{self, Reading},
    },
};

/// An identity has at most 20 credentials; a listing of more pages than this is no listing.
const PAGES: usize = 100;
/// What all pages together may hold, in bytes.
const TOTAL: usize = 16 << 20;

/// Who is asked for what.
#[derive(Debug)]
pub(super) struct Service {
    /// The name of the service.
    pub(super) name: &'static str,
    /// The property that leads to the next page.
    pub(super) link: &'static str,
    /// Where in an entry the issuer stands; an entry without one is no credential.
    pub(super) issuer: &'static str,
    /// What is needed to read.
    pub(super) permission: &'static str,
    /// The identity, in words.
    pub(super) identity: String,
    /// The name of the document that holds what was read.
    pub(super) document: String,
    /// What owns the credentials.
    pub(super) home: Home,
    /// The identity as its service knows it.
    pub(super) parent: String,
    /// What else it may be, where it is not found.
    pub(super) hint: &'static str,
}

/// Reads the listing at the first of `paths` below `base` that the service knows; `is_unknown` tells what makes the next one worth a
/// try. Also tells which one it was.
pub(super) async fn read(
    host: &Host,
    service: &Service,
    (base, paths): (&str, &[String]),
    is_unknown: fn(&Unlisted) -> bool,
    token: &AccessToken,
    patience: Patience,
) -> Result<(Reading, usize), ListingError> {
    let mut at = 0;
    loop {
        let first = address(service, base, paths.get(at).map_or("", String::as_str))?;
        match entries(host, service, &first, token, patience).await {
            Ok(entries) => return Ok((reading(service, entries), at)),
            Err(tried) if at + 1 < paths.len() && is_unknown(&tried.reason) => at += 1,
            Err(tried) => return Err(told(service, &first, tried)),
        }
    }
}

/// `path` below the endpoint `base`.
fn address(service: &Service, base: &str, path: &str) -> Result<Url, ListingError> {
    let text = format!("{}/{}", base.trim_end_matches('/'), path.trim_start_matches('/'));
    Url::parse(&text).map_err(|error| ListingError::Unavailable {
        service: service.name,
        at: base.to_owned(),
        identity: service.identity.clone(),
        tried: Box::new(Tried {
            attempts: 0,
            within: Duration::ZERO,
            reason: Unlisted::Unanswered(Failure::Unsent(error.to_string()).into()),
        }),
    })
}

/// Every entry of the listing that begins at `first`.
async fn entries(
    host: &Host,
    service: &Service,
    first: &Url,
    token: &AccessToken,
    patience: Patience,
) -> Result<Vec<Value>, Tried<Unlisted>> {
    let mut all = Vec::new();
    let (mut seen, mut left) = (BTreeSet::new(), TOTAL);
    let mut next = Some(first.clone());
    let begun = host.clock.now();
    while let Some(url) = next {
        let end = |reason| Tried { attempts: 1, within: Duration::ZERO, reason };
        if seen.len() >= PAGES || !seen.insert(url.to_string()) {
            return Err(end(Unlisted::Endless));
        }
        let spent = host.clock.now().duration_since(begun).unwrap_or_default();
        let patience = Patience { budget: patience.budget.saturating_sub(spent), ..patience };
        let (page, length) = persist(host, patience, async |limits| {
            once(host, &url, token, &Limits { body: limits.body.min(left), ..limits }).await
        })
        .await?;
        left = left.saturating_sub(length);
        let page = Page::read(service, page).map_err(end)?;
        all.extend(page.entries);
        next = page.next.map(|link| follow(&url, &link)).transpose().map_err(end)?;
    }
    Ok(all)
}

struct Page {
    entries: Vec<Value>,
    next: Option<String>,
}

impl Page {
    fn read(service: &Service, mut page: Value) -> Result<Self, Unlisted> {
        let next = page.get(service.link).and_then(Value::as_str).filter(|link| !link.is_empty());
        let next = next.map(str::to_owned);
        let entries = match page.get_mut("value").map(Value::take) {
            Some(Value::Array(entries)) => entries,
            Some(_) | None => Vec::new(),
        };
        let strange = entries
            .iter()
            .find(|entry| entry.pointer(service.issuer).is_none_or(|issuer| !issuer.is_string()));
        match strange {
            Some(strange) => Err(Unlisted::Broken(said(strange).0)),
            None => Ok(Self { entries, next }),
        }
    }
}

/// The next page, which must lie on the host of this one.
fn follow(here: &Url, link: &str) -> Result<Url, Unlisted> {
    let next = here.join(link).map_err(|_| Unlisted::Elsewhere(link.to_owned()))?;
    if next.origin() == here.origin() {
        Ok(next)
    } else {
        Err(Unlisted::Elsewhere(next.host_str().unwrap_or_default().to_owned()))
    }
}

async fn once(
    host: &Host,
    url: &Url,
    token: &AccessToken,
    limits: &Limits,
) -> Step<(Value, usize), Unlisted> {
    let sent = match request(url, token) {
        Ok(request) => host.http.send(request, limits).await,
        Err(error) => Err(Failure::Unsent(error.to_string())),
    };
    let answer = match sent {
        Ok(answer) => answer,
        Err(failure) => return Step::unanswered(failure, Unlisted::Unanswered),
    };
    let status = answer.status();
    let body: Value = serde_json::from_slice(answer.body()).unwrap_or(Value::Null);
    if status.is_success() && body.get("value").is_some_and(Value::is_array) {
        return Step::Done((body, answer.body().len()));
    }
    let trouble = Trouble::Status(status, retry_after(answer.headers()));
    let reason = match body.get("error") {
        Some(_) => {
            let (code, message) = said(&body);
            Unlisted::Refused { status, code, message }
        }
        None => Unanswered::from(Unreadable::of(&answer, "value")).into(),
    };
    Step::Failed(trouble, reason)
}

fn request(url: &Url, token: &AccessToken) -> Result<Request<Vec<u8>>, http::Error> {
    let mut bearer = HeaderValue::from_str(&format!("Bearer {}", token.reveal()))?;
    bearer.set_sensitive(true);
    Request::get(url.as_str())
        .header(header::AUTHORIZATION, bearer)
        .header(header::ACCEPT, HeaderValue::from_static("application/json"))
        .body(Vec::new())
}

/// The code and the first line of the message of an error object; both services have the same.
///
/// Source: <https://github.com/microsoft/api-guidelines/blob/vNext/azure/Guidelines.md#handling-errors>.
fn said(body: &Value) -> (String, String) {
    const LONGEST: usize = 400;
    let text = |pointer| body.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let message = text("/error/message").lines().next().unwrap_or_default();
    let code = match text("/error/code") {
        "" => "no reason given".to_owned(),
        code => code.chars().take(LONGEST).collect(),
    };
    (code, message.chars().take(LONGEST).collect())
}

/// The error in the words that its status deserves.
fn told(service: &Service, first: &Url, tried: Tried<Unlisted>) -> ListingError {
    let tried = Box::new(tried);
    let at = first.host_str().unwrap_or_default().to_owned();
    let (name, identity) = (service.name, service.identity.clone());
    match tried.reason.status() {
        Some(StatusCode::UNAUTHORIZED) => ListingError::Unaccepted { service: name, at, tried },
        Some(StatusCode::FORBIDDEN) => {
            ListingError::Forbidden { service: name, identity, permission: service.permission, tried }
        }
        Some(StatusCode::NOT_FOUND) => {
            ListingError::Unknown { service: name, at, identity, hint: service.hint, tried }
        }
        Some(_) | None => ListingError::Unavailable { service: name, at, identity, tried },
    }
}

/// Reads the entries with the reader of exported listings, as one document that is named after its source.
fn reading(service: &Service, entries: Vec<Value>) -> Reading {
    let text = format!("{:#}\n", json!({ "value": entries }));
    let mut reading = read::listing(&Source::new(service.document.as_str(), text));
    for draft in &mut reading.drafts {
        draft.home = service.home;
        let parent = crate::trust::Value::known(service.parent.as_str());
        draft.parent = Some(Located::new(parent, draft.place.clone()));
    }
    reading
}
