//! The keys of an issuer: how many, of what kind, and whether the one that signed a token is among them.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use serde_json::Value;

use super::{Check, KEYS_KEPT, Token};
use crate::id::visible;

/// "The certificate with identifier ... could not be found". Source: Azure/azure-workload-identity#1232.
const KEY_NOT_FOUND: Option<u32> = Some(7_000_272);

/// Where in the list the key of the token is, counted from 0.
pub(super) fn position(keys: &[Value], token: Token<'_>) -> Option<usize> {
    let kid = kid(token)?;
    keys.iter().position(|key| text(key, "kid") == Some(kid))
}

pub(super) fn checks(keys: &[Value], position: Option<usize>, token: Option<Token<'_>>) -> Vec<Check> {
    let count = count(keys, position);
    let Some(token) = token else {
        return vec![count, Check::skipped("kid"), uses(keys), algorithms(keys), Check::skipped("signature")];
    };
    let found = found(keys, position, token);
    match position.and_then(|position| keys.get(position)) {
        None => {
            let algorithm = algorithm_of(token);
            vec![count, found, Check::skipped("use"), algorithm, Check::skipped("signature")]
        }
        Some(key) => vec![count, found, use_of(key), algorithm(key, token), signature(key, token)],
    }
}

fn text<'a>(key: &'a Value, name: &str) -> Option<&'a str> {
    key.get(name)?.as_str()
}

fn kid(token: Token<'_>) -> Option<&str> {
    token.claims.header().get("kid")?.as_str()
}

/// Entra keeps the first hundred; what stands behind them does not exist for it.
fn count(keys: &[Value], position: Option<usize>) -> Check {
    let told = match (keys.len(), position.map(|position| position + 1)) {
        (0, _) => return Check::bad("count", "the issuer publishes no key", KEY_NOT_FOUND),
        (1, _) => return Check::good("count", "1 key"),
        (all, None) => format!("{all} keys"),
        (all, Some(at)) => format!("{all} keys, the token's is number {at}"),
    };
    if keys.len() <= KEYS_KEPT {
        return Check::good("count", told);
    }
    let told = format!("{told}; Entra keeps the first {KEYS_KEPT} only");
    if position.is_some_and(|position| position >= KEYS_KEPT) {
        Check::bad("count", told, KEY_NOT_FOUND)
    } else {
        Check::doubtful("count", told)
    }
}

fn found(keys: &[Value], position: Option<usize>, token: Token<'_>) -> Check {
    let Some(kid) = kid(token) else {
        return Check::bad("kid", "the header of the token has no `kid`", KEY_NOT_FOUND);
    };
    let shown = visible(kid);
    let same = keys.iter().filter(|key| text(key, "kid") == Some(kid)).count();
    match (position, same) {
        (None, _) => {
            Check::bad("kid", format!("no key with the token's kid `{shown}` is published"), KEY_NOT_FOUND)
        }
        (Some(_), 0 | 1) => Check::good("kid", format!("`{shown}`")),
        (Some(_), _) => {
            Check::doubtful("kid", format!("{same} keys have the kid `{shown}`; the first one counts here"))
        }
    }
}

/// Source: the tutorial of SPIFFE for Entra turns `set_key_use` of SPIRE's discovery provider on.
fn use_of(key: &Value) -> Check {
    match text(key, "use") {
        Some("sig") => Check::good("use", "the key says `use: sig`"),
        None => Check::doubtful("use", "the key does not say `use: sig`; Entra may pass it over"),
        Some(other) => {
            let told = format!("the key says `use: {}`, so it is not for signatures", visible(other));
            Check::bad("use", told, KEY_NOT_FOUND)
        }
    }
}

fn uses(keys: &[Value]) -> Check {
    let signing = keys.iter().filter(|key| text(key, "use") == Some("sig")).count();
    let told = format!("{signing} of {} keys say `use: sig`", keys.len());
    if signing == keys.len() { Check::good("use", told) } else { Check::doubtful("use", told) }
}

/// Source: only tokens signed with RS256 are supported, the page that the room's first line names.
fn algorithm_of(token: Token<'_>) -> Check {
    let named = token.claims.header().get("alg").and_then(Value::as_str).unwrap_or_default();
    if named == "RS256" {
        Check::good("algorithm", "RS256")
    } else {
        let told = format!("the token is signed with {}; Entra supports RS256 only", visible(named));
        Check::bad("algorithm", told, None)
    }
}

fn algorithm(key: &Value, token: Token<'_>) -> Check {
    let of_token = algorithm_of(token);
    if of_token.code.is_some() || of_token.outcome != super::Outcome::Good {
        return of_token;
    }
    match (text(key, "kty"), text(key, "alg")) {
        (Some("RSA"), None | Some("RS256")) => of_token,
        (Some("RSA"), Some(other)) => {
            Check::bad("algorithm", format!("the key is for {}, the token says RS256", visible(other)), None)
        }
        (kind, _) => {
            let kind = visible(kind.unwrap_or("no kind")).into_owned();
            Check::bad("algorithm", format!("the key is of {kind}, not RSA"), None)
        }
    }
}

fn algorithms(keys: &[Value]) -> Check {
    let usable = keys
        .iter()
        .filter(|key| text(key, "kty") == Some("RSA") && matches!(text(key, "alg"), None | Some("RS256")))
        .count();
    let told = format!("{usable} of {} keys are for RS256", keys.len());
    match usable {
        0 => Check::bad("algorithm", format!("{told}; Entra supports nothing else"), None),
        usable if usable == keys.len() => Check::good("algorithm", told),
        _ => Check::doubtful("algorithm", told),
    }
}

fn signature(key: &Value, token: Token<'_>) -> Check {
    let number = |name| URL_SAFE_NO_PAD.decode(text(key, name)?).ok();
    let (Some(n), Some(e)) = (number("n"), number("e")) else { return Check::skipped("signature") };
    let parts = token.assertion.reveal().rsplit_once('.');
    let verified = parts.and_then(|(message, signature)| {
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        let key = RsaPublicKeyComponents { n, e };
        key.verify(&RSA_PKCS1_2048_8192_SHA256, message.as_bytes(), &signature).ok()
    });
    if verified.is_some() {
        Check::good("signature", "the published key verifies the token")
    } else {
        Check::bad("signature", "the published key does not verify the token: another key signed it", None)
    }
}
