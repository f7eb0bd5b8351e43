//! The checks that Entra makes on a token before it looks at any credential, as far as the token itself shows them.
//!
//! Source: <https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations> (RS256, documents that
//! can be reached); the texts of AADSTS700024, AADSTS700212, AADSTS7000272.

use serde_json::Value;
use url::{Host, Url};

use super::{Unusable, UnverifiedClaims, aws::COGNITO_ISSUER};

/// The longest issuer, subject or audience that a credential can hold, in characters.
///
/// Source: <https://learn.microsoft.com/graph/api/resources/federatedidentitycredential>.
const LONGEST: usize = 600;

/// One check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// The signature is made with RS256.
    Algorithm,
    /// The header names the key.
    Key,
    /// The issuer is an https URL that can be reached from the internet, as far as its form tells.
    Issuer,
    /// The token is valid now.
    Lifetime,
    /// The audience is the one that the cloud expects.
    Audience,
    /// Issuer, subject and audience fit into a credential.
    Length,
}

/// How a check came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// As Entra wants it.
    Good(String),
    /// Entra will refuse; with the code where it is known.
    Bad(String, Option<u32>),
    /// It cannot be said from here.
    Unknown(String),
}

impl Check {
    /// The word for it, the same in every output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Algorithm => "algorithm",
            Self::Key => "key",
            Self::Issuer => "issuer",
            Self::Lifetime => "lifetime",
            Self::Audience => "audience",
            Self::Length => "length",
        }
    }
}

/// Makes every check on `claims` at `now` (seconds since 1970); `expected` is the audience of the cloud, where it is known.
#[must_use]
pub fn examine(claims: &UnverifiedClaims, now: i64, expected: Option<&str>) -> Vec<(Check, Outcome)> {
    if is_self_signed(claims) {
        return vec![(Check::Lifetime, lifetime(claims, now)), (Check::Length, length(claims))];
    }
    vec![
        (Check::Algorithm, algorithm(claims)),
        (Check::Key, key(claims)),
        (Check::Issuer, issuer(claims)),
        (Check::Lifetime, lifetime(claims, now)),
        (Check::Audience, audience(claims, expected)),
        (Check::Length, length(claims)),
    ]
}

/// An application that signs for itself is issuer and subject at once; Entra checks its certificate and nothing federated.
fn is_self_signed(claims: &UnverifiedClaims) -> bool {
    let issuer = claims.payload().get("iss");
    issuer.is_some() && issuer == claims.payload().get("sub")
}

fn good(text: impl Into<String>) -> Outcome {
    Outcome::Good(text.into())
}

fn algorithm(claims: &UnverifiedClaims) -> Outcome {
    match claims.header().get("alg").and_then(Value::as_str) {
        Some("RS256") => good("RS256"),
        Some(other) => {
            Outcome::Bad(format!("{other}; Entra takes RS256 alone from an external issuer"), None)
        }
        None => Outcome::Bad("the header names no algorithm".to_owned(), None),
    }
}

fn key(claims: &UnverifiedClaims) -> Outcome {
    match claims.header().get("kid").and_then(Value::as_str) {
        Some(kid) if !kid.is_empty() => good(kid),
        Some(_) | None => {
            Outcome::Bad("the header has no `kid`, so Entra cannot find the key".to_owned(), Some(7_000_272))
        }
    }
}

fn issuer(claims: &UnverifiedClaims) -> Outcome {
    let Some(issuer) = claims.payload().get("iss").and_then(Value::as_str) else {
        return Outcome::Bad("there is no `iss`".to_owned(), None);
    };
    if let Some(unusable) = claims.presented().ok().as_ref().and_then(Unusable::of) {
        return Outcome::Bad(reused(unusable).to_owned(), Some(unusable.code()));
    }
    let Ok(url) = Url::parse(issuer) else {
        return Outcome::Bad(format!("`{issuer}` is no URL"), Some(50_166));
    };
    if url.scheme() != "https" {
        return Outcome::Bad(format!("`{issuer}` is not https"), Some(50_166));
    }
    match url.host() {
        Some(Host::Domain(name)) if is_private_name(name) => {
            Outcome::Bad(format!("`{name}` is not reachable from the internet"), Some(50_166))
        }
        Some(Host::Domain(_)) => good("an https URL with a public name; its documents are not read here"),
        Some(Host::Ipv4(_) | Host::Ipv6(_)) | None => {
            Outcome::Unknown("an address in the place of a name".to_owned())
        }
    }
}

const fn reused(unusable: Unusable) -> &'static str {
    match unusable {
        Unusable::FirstVersion => {
            "Entra issued it for another resource than the exchange, and takes no such token back"
        }
        Unusable::User => "Entra issued it to a user, and takes back only tokens of managed identities",
        Unusable::Application => {
            "Entra issued it to an application that is no managed identity, and takes back only those"
        }
    }
}

/// Names that no public resolver knows.
///
/// Source: <https://www.rfc-editor.org/rfc/rfc6761>, <https://www.rfc-editor.org/rfc/rfc6762>; `svc` is Kubernetes' own zone, and
/// `https://kubernetes.default.svc.cluster.local` the issuer of a cluster that nobody has given a public one.
fn is_private_name(name: &str) -> bool {
    let last = name.trim_end_matches('.').rsplit('.').next().unwrap_or_default();
    !name.contains('.') || ["local", "localhost", "internal", "svc"].contains(&last)
}

fn lifetime(claims: &UnverifiedClaims, now: i64) -> Outcome {
    let Some(until) = claims.seconds("exp") else {
        return Outcome::Bad("there is no `exp`".to_owned(), Some(700_024));
    };
    if until <= now {
        return Outcome::Bad(format!("it ended {} ago", span(now - until)), Some(700_024));
    }
    match claims.seconds("nbf") {
        Some(from) if from > now => Outcome::Bad(
            format!("it begins in {}; compare this machine's clock with the issuer's", span(from - now)),
            Some(700_024),
        ),
        Some(_) | None => good(format!("it ends in {}", span(until - now))),
    }
}

/// A span of time in its two largest units: `1 h 5 min`.
#[must_use]
pub fn span(seconds: i64) -> String {
    let units = [("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)];
    let mut left = seconds;
    let mut parts = Vec::new();
    for (name, length) in units {
        let count = left / length;
        left %= length;
        if count > 0 {
            parts.push(format!("{count} {name}"));
        }
    }
    parts.truncate(2);
    if parts.is_empty() { "0 s".to_owned() } else { parts.join(" ") }
}

fn audience(claims: &UnverifiedClaims, expected: Option<&str>) -> Outcome {
    let audiences = match claims.audiences() {
        Ok(audiences) => audiences,
        Err(error) => return Outcome::Bad(error.to_string(), None),
    };
    match (audiences.as_slice(), expected) {
        ([one], Some(expected)) if *one == expected => good(*one),
        ([one], _) if claims.payload().get("iss").and_then(Value::as_str) == Some(COGNITO_ISSUER) => {
            good(format!("`{one}`, the identity pool, which the credential must name"))
        }
        ([one], Some(expected)) => Outcome::Bad(
            format!("`{one}`, while the cloud expects `{expected}`; a credential can name another one"),
            Some(700_212),
        ),
        ([one], None) => Outcome::Unknown(format!("`{one}`; what the cloud expects is not published")),
        (many, _) => Outcome::Bad(format!("{} audiences; Entra wants one", many.len()), None),
    }
}

fn length(claims: &UnverifiedClaims) -> Outcome {
    let text = |name: &str| claims.payload().get(name).and_then(Value::as_str).unwrap_or_default();
    let long = ["iss", "sub", "aud"].into_iter().find(|name| text(name).chars().count() > LONGEST);
    match long {
        Some(name) => {
            let count = text(name).chars().count();
            Outcome::Bad(format!("`{name}` has {count} characters; a credential holds {LONGEST}"), None)
        }
        None => good(format!("`sub` has {} characters of {LONGEST}", text("sub").chars().count())),
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    use serde_json::json;

    use super::*;
    use crate::secret::Assertion;

    fn bad(header: &Value, payload: &Value) -> Vec<(Check, Option<u32>)> {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let token = Assertion::new(format!("{}.{}.c2ln", part(header), part(payload)));
        let claims = UnverifiedClaims::read(&token).unwrap();
        let all = examine(&claims, 1_000, Some("api://AzureADTokenExchange"));
        let bad = all.into_iter().filter_map(|(check, outcome)| match outcome {
            Outcome::Bad(_, code) => Some((check, code)),
            Outcome::Good(_) | Outcome::Unknown(_) => None,
        });
        bad.collect()
    }

    fn payload() -> Value {
        json!({"iss": "https://i.example/", "sub": "s", "aud": ["api://AzureADTokenExchange"], "nbf": 900, "exp": 1_001})
    }

    #[test]
    fn a_token_that_entra_can_look_at_passes_and_each_defect_is_found_alone() {
        let header = json!({"alg": "RS256", "kid": "k"});
        assert_eq!(bad(&header, &payload()), []);
        assert_eq!(bad(&json!({"alg": "ES256", "kid": "k"}), &payload()), [(Check::Algorithm, None)]);
        let mut pool = payload();
        pool["iss"] = json!("https://cognito-identity.amazonaws.com");
        pool["aud"] = json!("eu-west-1:1");
        assert_eq!(bad(&header, &pool), [], "no request can change the audience of Cognito");
        assert_eq!(bad(&json!({"alg": "RS256"}), &payload()), [(Check::Key, Some(7_000_272))]);
        for (name, value, found) in [
            ("iss", json!("https://kubernetes.default.svc.cluster.local"), (Check::Issuer, Some(50_166))),
            ("iss", json!("http://i.example"), (Check::Issuer, Some(50_166))),
            ("exp", json!(1_000), (Check::Lifetime, Some(700_024))),
            ("nbf", json!(1_001), (Check::Lifetime, Some(700_024))),
            ("aud", json!("https://kubernetes.default.svc"), (Check::Audience, Some(700_212))),
            ("aud", json!(["a", "b"]), (Check::Audience, None)),
            ("sub", json!("s".repeat(601)), (Check::Length, None)),
        ] {
            let mut payload = payload();
            payload[name] = value;
            assert_eq!(bad(&header, &payload), [found], "{name}");
        }
    }

    #[test]
    fn a_span_is_said_in_its_two_largest_units() {
        assert_eq!([span(0), span(59), span(3_900), span(90_061)], ["0 s", "59 s", "1 h 5 min", "1 d 1 h"]);
    }
}
