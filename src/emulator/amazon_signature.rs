//! Whether a request to emulated AWS is signed by its one key, for this service, now.

use axum::http::{HeaderMap, Uri, header};

use super::amazon::{Amazon, Refusal};
use crate::{
    fetch::aws::signature::{ALGORITHM, Message, Scope, signature},
    secret::SecretKey,
};

/// Seconds that a signature may be old or early.
const SKEW: i64 = 300;

/// Checks the signature of a request that came at `now`, seconds since the epoch.
pub(super) fn check(
    amazon: &Amazon,
    now: i64,
    service: &str,
    uri: &Uri,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<(), Refusal> {
    let missing = ("MissingAuthenticationToken", 403, "Request is missing Authentication Token");
    let incomplete = ("IncompleteSignature", 400, "The signature is not complete");
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let value = text(header::AUTHORIZATION.as_str()).ok_or(missing)?;
    let value = value.strip_prefix(ALGORITHM).ok_or(missing)?;
    let part =
        |name: &str| value.split(',').find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='));
    let credential = part("Credential").ok_or(incomplete)?;
    let [key, _day, region, signed_for, "aws4_request"] = credential.split('/').collect::<Vec<_>>()[..]
    else {
        return Err(incomplete);
    };
    if key != amazon.access_key {
        return Err(("InvalidClientTokenId", 403, "The security token included in the request is invalid."));
    }
    if signed_for != service {
        return Err(("SignatureDoesNotMatch", 403, "Credential should be scoped to correct service"));
    }
    let time = text("x-amz-date").ok_or(incomplete)?;
    let names = part("SignedHeaders").ok_or(incomplete)?.split(';');
    let signed = names.map(|name| (name.to_owned(), text(name).unwrap_or_default().to_owned())).collect();
    let query = uri.query().unwrap_or_default();
    let message = Message { method: "POST", path: uri.path(), query, headers: signed, body };
    let secret = SecretKey::new(amazon.secret_key.clone());
    if part("Signature") != Some(&signature(&secret, Scope { time, region, service }, &message)) {
        return Err(("SignatureDoesNotMatch", 403, "The request signature we calculated does not match"));
    }
    let at = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", time).ok();
    let at = at.and_then(|time| time.to_zoned(jiff::tz::TimeZone::UTC).ok()).ok_or(incomplete)?;
    if (at.timestamp().as_second() - now).abs() > SKEW {
        return Err(("SignatureDoesNotMatch", 403, "Signature expired"));
    }
    Ok(())
}
