//! The assertion that a workload makes itself: what it claims, and for how long.
//!
//! Source: <https://learn.microsoft.com/entra/identity-platform/certificate-credentials>.

use serde::Serialize;

use super::Presented;
use crate::id::ClientId;

/// How long an assertion is valid, in seconds. Source: the page above advises five to ten minutes.
pub const OWN_KEY_LIFETIME: u64 = 600;

/// The claims of an assertion that is signed with a key of the application's own.
///
/// No federated credential is involved: Entra finds the certificate among those of the application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwnKeyClaims<'a> {
    aud: &'a str,
    iss: &'a str,
    sub: &'a str,
    jti: &'a str,
    nbf: u64,
    iat: u64,
    exp: u64,
}

impl<'a> OwnKeyClaims<'a> {
    /// Claims for `client` at the tenant's v2.0 token endpoint: `jti` is used once, `now` is in seconds since 1970.
    #[must_use]
    pub fn new(client: &'a ClientId, token_endpoint: &'a str, jti: &'a str, now: u64) -> Self {
        let exp = now.saturating_add(OWN_KEY_LIFETIME);
        Self { aud: token_endpoint, iss: client.as_str(), sub: client.as_str(), jti, nbf: now, iat: now, exp }
    }
}

/// The header of such an assertion, without the chain that it may carry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OwnKeyHeader<'a> {
    alg: &'static str,
    typ: &'static str,
    #[serde(rename = "x5t#S256")]
    thumbprint: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    x5c: Vec<String>,
}

impl<'a> OwnKeyHeader<'a> {
    /// PS256 with the certificate of that thumbprint. `chain` holds certificates in standard base64 of DER, the leaf first; it is
    /// empty but where the application trusts a subject name and its issuer in place of one certificate.
    #[must_use]
    pub const fn new(thumbprint: &'a str, chain: Vec<String>) -> Self {
        Self { alg: "PS256", typ: "JWT", thumbprint, x5c: chain }
    }
}

/// What such an assertion presents, known before anything is signed.
#[must_use]
pub fn own_key_presented(client: &ClientId, token_endpoint: &str) -> Presented {
    Presented::new(client.as_str(), client.as_str(), token_endpoint)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLIENT: &str = "11111111-2222-3333-4444-555555555555";

    #[test]
    fn issuer_and_subject_are_the_client_and_ten_minutes_are_the_most() {
        let client = CLIENT.parse().unwrap();
        let claims = OwnKeyClaims::new(&client, "https://login.test/t/oauth2/v2.0/token", "j", 1000);
        assert_eq!(
            serde_json::to_string(&claims).unwrap(),
            format!(
                r#"{{"aud":"https://login.test/t/oauth2/v2.0/token","iss":"{CLIENT}","sub":"{CLIENT}","jti":"j","nbf":1000,"iat":1000,"exp":1600}}"#
            )
        );
        let foretold = own_key_presented(&client, "https://login.test/t/oauth2/v2.0/token");
        assert_eq!((foretold.issuer.as_str(), foretold.subject.as_str()), (CLIENT, CLIENT));
    }

    #[test]
    fn the_chain_is_sent_only_when_asked_for() {
        let plain = serde_json::to_string(&OwnKeyHeader::new("abc", Vec::new())).unwrap();
        assert_eq!(plain, r#"{"alg":"PS256","typ":"JWT","x5t#S256":"abc"}"#);
        let chain = serde_json::to_string(&OwnKeyHeader::new("abc", vec!["MII".into()])).unwrap();
        assert!(chain.ends_with(r#""x5c":["MII"]}"#));
    }
}
