//! Reads the claims of a token without verifying its signature, which is Entra's business and not ours.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value};
use thiserror::Error;

use super::Presented;
use crate::{
    id::{Audience, Issuer, Subject},
    secret::Assertion,
};

/// The longest token that is read, in bytes. GitHub's have about 2,000, Kubernetes' about 1,500.
pub const TOKEN_LIMIT: usize = 64 * 1024;

/// Why a token cannot be read. No variant holds any part of the token.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ClaimsError {
    /// Longer than [`TOKEN_LIMIT`].
    #[error("the token has {length} bytes; more than {TOKEN_LIMIT} are not read")]
    TooLong {
        /// Its length in bytes.
        length: usize,
    },
    /// Not header, payload and signature.
    #[error("a signed token has three parts separated by dots; this has {parts}")]
    Parts {
        /// How many parts it has.
        parts: usize,
    },
    /// Characters outside the URL-safe alphabet of base64, or padding.
    #[error("the {part} of the token is not base64url text")]
    Encoding {
        /// `header` or `payload`.
        part: &'static str,
    },
    /// Not a JSON object.
    #[error("the {part} of the token is not a JSON object")]
    Json {
        /// `header` or `payload`.
        part: &'static str,
    },
    /// A claim that Entra needs is absent.
    #[error("the token has no claim `{claim}`")]
    Missing {
        /// `iss`, `sub` or `aud`.
        claim: &'static str,
    },
    /// A claim that Entra needs has another type.
    #[error("the claim `{claim}` of the token is not a text")]
    NotText {
        /// `iss`, `sub` or `aud`.
        claim: &'static str,
    },
    /// More than one audience; which of them Entra compares is not known.
    #[error("the token names {count} audiences; Entra wants one")]
    Audiences {
        /// How many there are.
        count: usize,
    },
}

/// The header and the payload of a token that nobody has verified: good for explaining, never for trusting.
#[derive(Clone, Debug, PartialEq)]
pub struct UnverifiedClaims {
    header: Map<String, Value>,
    payload: Map<String, Value>,
}

impl UnverifiedClaims {
    /// Reads a token of three parts in compact form. Blanks around the token are not part of it and must be gone.
    ///
    /// # Errors
    /// Says what part is damaged, never what it holds.
    pub fn read(token: &Assertion) -> Result<Self, ClaimsError> {
        let text = token.reveal();
        if text.len() > TOKEN_LIMIT {
            return Err(ClaimsError::TooLong { length: text.len() });
        }
        let mut parts = text.split('.');
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(header), Some(payload), Some(_signature), None) => {
                Ok(Self { header: object("header", header)?, payload: object("payload", payload)? })
            }
            _ => Err(ClaimsError::Parts { parts: text.split('.').count() }),
        }
    }

    /// The header.
    #[must_use]
    pub const fn header(&self) -> &Map<String, Value> {
        &self.header
    }

    /// All claims as they are.
    #[must_use]
    pub const fn payload(&self) -> &Map<String, Value> {
        &self.payload
    }

    /// A time claim such as `exp`, in whole seconds since 1970.
    ///
    /// Source: RFC 7519, section 2, `NumericDate` may have a fraction; msal for Python writes one.
    #[must_use]
    pub fn seconds(&self, claim: &str) -> Option<i64> {
        let value = self.payload.get(claim)?;
        value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds.floor() as i64))
    }

    /// The audiences: one text, or a list of texts.
    ///
    /// # Errors
    /// When there is none, or one is no text.
    pub fn audiences(&self) -> Result<Vec<&str>, ClaimsError> {
        let missing = ClaimsError::Missing { claim: "aud" };
        let text = |value: &'_ Value| value.as_str().is_some();
        match self.payload.get("aud") {
            None | Some(Value::Null) => Err(missing),
            Some(Value::String(one)) => Ok(vec![one]),
            Some(Value::Array(many)) if many.is_empty() => Err(missing),
            Some(Value::Array(many)) if many.iter().all(text) => {
                Ok(many.iter().filter_map(Value::as_str).collect())
            }
            Some(_) => Err(ClaimsError::NotText { claim: "aud" }),
        }
    }

    /// What is presented to Entra.
    ///
    /// # Errors
    /// When `iss`, `sub` or `aud` is missing or no text, or when there are several audiences.
    pub fn presented(&self) -> Result<Presented, ClaimsError> {
        let audience = match self.audiences()?.as_slice() {
            [one] => Audience::new(*one),
            many => return Err(ClaimsError::Audiences { count: many.len() }),
        };
        Ok(Presented {
            issuer: Issuer::new(self.text("iss")?),
            subject: Subject::new(self.text("sub")?),
            audience,
            claims: self.scalars(),
        })
    }

    fn text(&self, claim: &'static str) -> Result<&str, ClaimsError> {
        match self.payload.get(claim) {
            None | Some(Value::Null) => Err(ClaimsError::Missing { claim }),
            Some(Value::String(text)) => Ok(text),
            Some(_) => Err(ClaimsError::NotText { claim }),
        }
    }

    fn scalars(&self) -> BTreeMap<String, String> {
        let scalar = |value: &Value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(truth) => Some(truth.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        };
        self.payload.iter().filter_map(|(name, value)| Some((name.clone(), scalar(value)?))).collect()
    }
}

fn object(part: &'static str, text: &str) -> Result<Map<String, Value>, ClaimsError> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| ClaimsError::Encoding { part })?;
    serde_json::from_slice(&bytes).map_err(|_| ClaimsError::Json { part })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(payload: &str) -> Assertion {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        Assertion::new(format!("{}.{}.{}", part(r#"{"alg":"RS256"}"#), part(payload), part("signature")))
    }

    #[test]
    fn the_three_claims_are_taken_as_they_are_and_scalars_become_text() {
        let claims = UnverifiedClaims::read(&token(
            r#"{"iss":"https://i/ ","sub":"S","aud":["api://a"],"run_attempt":1,"x":{"y":1},"exp":7,"nbf":6.9}"#,
        ))
        .unwrap();
        let presented = claims.presented().unwrap();
        assert_eq!(presented.issuer.as_str(), "https://i/ ");
        assert_eq!(presented.audience.as_str(), "api://a");
        assert_eq!(presented.claim("run_attempt"), Some("1"));
        assert_eq!(presented.claim("x"), None);
        assert_eq!((claims.seconds("exp"), claims.seconds("nbf")), (Some(7), Some(6)));
    }

    #[test]
    fn a_damaged_token_is_named_but_never_quoted() {
        let read = |text: &str| UnverifiedClaims::read(&Assertion::new(text.to_owned())).unwrap_err();
        assert_eq!(read("ghp_secret"), ClaimsError::Parts { parts: 1 });
        assert_eq!(read("a.b.c.d.e"), ClaimsError::Parts { parts: 5 });
        assert_eq!(read("e30.***.x"), ClaimsError::Encoding { part: "payload" });
        assert_eq!(read("e30.W10.x"), ClaimsError::Json { part: "payload" });
        assert_eq!(read(&"a".repeat(TOKEN_LIMIT + 1)), ClaimsError::TooLong { length: TOKEN_LIMIT + 1 });
        assert!(!read("e30.secret!.x").to_string().contains("secret!"));
    }

    #[test]
    fn what_entra_cannot_compare_is_an_error() {
        let presented = |text: &str| UnverifiedClaims::read(&token(text)).unwrap().presented();
        assert_eq!(presented(r#"{"iss":"i","aud":"a"}"#), Err(ClaimsError::Missing { claim: "sub" }));
        assert_eq!(presented(r#"{"iss":"i","sub":1,"aud":"a"}"#), Err(ClaimsError::NotText { claim: "sub" }));
        assert_eq!(
            presented(r#"{"iss":"i","sub":"s","aud":["a","b"]}"#),
            Err(ClaimsError::Audiences { count: 2 })
        );
        assert_eq!(
            presented(r#"{"iss":"i","sub":"s","aud":[]}"#),
            Err(ClaimsError::Missing { claim: "aud" })
        );
    }
}
