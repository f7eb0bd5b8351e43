//! SPIFFE as an issuer: its ids, what a JWT-SVID says, and which of its algorithms Entra reads.
//!
//! Source: <https://spiffe.io/docs/latest/spiffe-specs/jwt-svid/>, <https://spiffe.io/docs/latest/spiffe-specs/spiffe-id/>.

use std::fmt;

use serde_json::Value;
use thiserror::Error;

use super::UnverifiedClaims;

/// The only algorithm that Entra reads.
const ALGORITHM: &str = "RS256";
/// The longest id, in bytes.
const ID_LIMIT: usize = 2048;

/// A SPIFFE id, `spiffe://trust-domain/path`: the subject of a JWT-SVID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpiffeId(String);

/// Why a text is no SPIFFE id.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("`{}` is no SPIFFE id: {why}", crate::id::visible(.text))]
pub struct SpiffeIdError {
    /// The text.
    pub text: String,
    /// What is wrong with it.
    pub why: &'static str,
}

impl SpiffeId {
    /// Reads an id exactly as it is compared.
    ///
    /// # Errors
    /// Says which part breaks the rules of SPIFFE.
    pub fn parse(text: &str) -> Result<Self, SpiffeIdError> {
        let bad = |why| SpiffeIdError { text: text.to_owned(), why };
        let rest = text.strip_prefix("spiffe://").ok_or_else(|| bad("it does not begin with `spiffe://`"))?;
        if text.len() > ID_LIMIT {
            return Err(bad("it is longer than 2048 bytes"));
        }
        let (domain, path) = rest.split_once('/').map_or((rest, None), |(domain, path)| (domain, Some(path)));
        let in_domain =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-_".contains(&byte);
        if domain.is_empty() || !domain.bytes().all(in_domain) {
            return Err(bad("its trust domain holds more than small letters, digits, `.`, `-` and `_`"));
        }
        let in_path = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
        let good = |part: &str| !matches!(part, "" | "." | "..") && part.bytes().all(in_path);
        if path.is_some_and(|path| !path.split('/').all(good)) {
            return Err(bad(
                "its path has an empty or dotted part, or other characters than letters, digits, `.`, `-` and `_`",
            ));
        }
        Ok(Self(text.to_owned()))
    }

    /// The id as it is compared.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SpiffeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why Entra would not take a JWT-SVID, whatever its credentials are.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SvidError {
    /// Signed with an elliptic curve, as SPIRE does by default.
    ///
    /// Source: SPIRE `doc/spire_server.md` in spiffe/spire, `jwt_key_type`, which falls back to `ca_key_type` (ec-p256).
    #[error(
        "the JWT-SVID is signed with {algorithm}; Entra reads RS256 only. Set `jwt_key_type = \"rsa-2048\"` in the `server` section of the SPIRE server's configuration and restart it; its next key is an RSA key"
    )]
    Algorithm {
        /// What the header says.
        algorithm: String,
    },
    /// SPIRE without a name for its issuer leaves `iss` out.
    #[error(
        "the JWT-SVID has no `iss`; set `jwt_issuer` in the `server` section of the SPIRE server's configuration to the https address of its OIDC Discovery Provider, and use the same text as the credential's issuer"
    )]
    NoIssuer,
    /// Entra fetches the keys of an issuer over https.
    #[error("the JWT-SVID's issuer `{}` is not an https address; set `jwt_issuer` of the SPIRE server to the address of its OIDC Discovery Provider", crate::id::visible(.0))]
    Issuer(String),
    /// The subject is none of SPIFFE's.
    #[error(transparent)]
    Subject(#[from] SpiffeIdError),
}

/// Looks at what Entra would refuse before it looks at any credential.
///
/// # Errors
/// The first reason, with the setting of SPIRE to change.
pub fn check_svid(claims: &UnverifiedClaims) -> Result<SpiffeId, SvidError> {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let algorithm = text(claims.header().get("alg"));
    if algorithm != ALGORITHM {
        return Err(SvidError::Algorithm { algorithm });
    }
    let issuer = text(claims.payload().get("iss"));
    if issuer.is_empty() {
        return Err(SvidError::NoIssuer);
    }
    let here = ["http://127.0.0.1", "http://localhost", "http://[::1]"];
    if !issuer.starts_with("https://") && !here.iter().any(|begin| issuer.starts_with(begin)) {
        return Err(SvidError::Issuer(issuer));
    }
    Ok(SpiffeId::parse(&text(claims.payload().get("sub")))?)
}

#[cfg(test)]
mod tests {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

    use super::*;
    use crate::secret::Assertion;

    fn check(algorithm: &str, payload: &str) -> Result<SpiffeId, SvidError> {
        let header = format!(r#"{{"alg":"{algorithm}","kid":"k"}}"#);
        let [header, payload] = [&header, payload].map(|text| URL_SAFE_NO_PAD.encode(text));
        let token = Assertion::new(format!("{header}.{payload}.c2ln"));
        check_svid(&UnverifiedClaims::read(&token).unwrap())
    }

    #[test]
    fn an_id_is_taken_byte_for_byte() {
        for good in ["spiffe://example.org", "spiffe://example.org/ns/prod/sa/api", "spiffe://a_b-1/X.y"] {
            assert_eq!(SpiffeId::parse(good).unwrap().as_str(), good);
        }
        for bad in [
            "https://example.org/a",
            "SPIFFE://example.org/a",
            "spiffe://Example.org/a",
            "spiffe://example.org:8443/a",
            "spiffe:///a",
            "spiffe://example.org/",
            "spiffe://example.org//a",
            "spiffe://example.org/a/../b",
            "spiffe://example.org/a b",
            "spiffe://example.org/a%20b",
        ] {
            assert!(SpiffeId::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_elliptic_key_is_refused_with_the_setting_to_change() {
        let message = check("ES256", r#"{"iss":"https://oidc.example.org","sub":"spiffe://example.org/w"}"#);
        let message = message.unwrap_err().to_string();
        assert!(message.contains("ES256") && message.contains("jwt_key_type = \"rsa-2048\""), "{message}");
    }

    #[test]
    fn an_issuer_that_entra_cannot_reach_is_refused_with_the_setting_to_change() {
        assert_eq!(check("RS256", r#"{"sub":"spiffe://example.org/w"}"#), Err(SvidError::NoIssuer));
        let own = check("RS256", r#"{"iss":"spiffe://example.org","sub":"spiffe://example.org/w"}"#);
        assert!(own.unwrap_err().to_string().contains("jwt_issuer"));
        let good = check("RS256", r#"{"iss":"https://oidc.example.org","sub":"spiffe://example.org/w"}"#);
        assert_eq!(good.unwrap().as_str(), "spiffe://example.org/w");
    }
}
