//! The emulator's one signing key: fixed, public, good for nothing else.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, encode,
    jwk::{Jwk, JwkSet, KeyAlgorithm, PublicKeyUse},
};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use serde_json::Value;

use crate::host::Random;

const PEM: &[u8] = include_bytes!("public-test-key.pem");
const ID: &str = "fedcred-emulator-test-key";

/// The signing key with its public half.
pub(super) struct Key {
    private: EncodingKey,
    jwk: Jwk,
    thumbprint: String,
}

impl Key {
    /// Reads the fixed key and installs the cryptography that uses it.
    pub(super) fn fixed() -> Result<Self, jsonwebtoken::errors::Error> {
        crate::host::install_jwt_cryptography();
        let private = EncodingKey::from_rsa_pem(PEM)?;
        let mut jwk = Jwk::from_encoding_key(&private, Algorithm::RS256)?;
        jwk.common.key_id = Some(ID.to_owned());
        jwk.common.key_algorithm = Some(KeyAlgorithm::RS256);
        jwk.common.public_key_use = Some(PublicKeyUse::Signature);
        let thumbprint = URL_SAFE_NO_PAD.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, PEM));
        Ok(Self { private, jwk, thumbprint })
    }

    /// The JSON Web Key Set with this key.
    pub(super) fn set(&self) -> JwkSet {
        JwkSet { keys: vec![self.jwk.clone()] }
    }

    /// The public half, for checking.
    pub(super) fn public(&self) -> Result<DecodingKey, jsonwebtoken::errors::Error> {
        DecodingKey::from_jwk(&self.jwk)
    }

    /// Signs `claims` as GitHub does: RS256, with `kid` and `x5t` in the header.
    pub(super) fn sign(&self, claims: &Value) -> Result<String, jsonwebtoken::errors::Error> {
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(ID.to_owned());
        header.x5t = Some(self.thumbprint.clone());
        encode(&header, claims, &self.private)
    }
}

/// A random GUID. Without randomness it is empty, which harms nobody here.
pub(super) fn guid() -> String {
    Random::Real.guid().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_key_is_for_signatures() {
        let set = serde_json::to_value(Key::fixed().unwrap().set()).unwrap();
        assert_eq!(set["keys"][0]["use"], "sig");
        assert_eq!(set["keys"][0]["alg"], "RS256");
        assert_eq!(set["keys"][0]["kid"], ID);
    }
}
