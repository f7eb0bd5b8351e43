//! The cryptography behind `jsonwebtoken`, over ring: RS256 and PS256, installed once for the whole process.
//!
//! `jsonwebtoken` 11 ships two backends; one is slow to start, the other has an open advisory (RUSTSEC-2023-0071). Without an
//! installed provider it panics, so [`install_jwt_cryptography`] comes before every use.

use jsonwebtoken::{
    Algorithm, DecodingKey, DecodingKeyKind, EncodingKey,
    crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils},
    errors::{Error, ErrorKind, Result},
    signature::{Error as SignatureError, Signer, Verifier},
};
use ring::{
    rand::SystemRandom,
    rsa::{KeyPair, PublicKeyComponents},
    signature::{
        RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RSA_PSS_2048_8192_SHA256, RSA_PSS_SHA256, RsaEncoding,
        RsaParameters,
    },
};

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: signer,
    verifier_factory: verifier,
    key_utils: KeyUtils {
        rsa_pub_components_from_private_key: public_half,
        rsa_pub_components_from_public_key: |_| Err(unsupported()),
        ec_pub_components_from_private_key: |_, _| Err(unsupported()),
        ed_pub_components_from_private_key: |_, _| Err(unsupported()),
        compute_digest: |_, _| Err(unsupported()),
    },
};

/// Makes `jsonwebtoken` sign and verify with ring. Calling it again changes nothing.
pub fn install_jwt_cryptography() {
    let _: std::result::Result<(), &CryptoProvider> = PROVIDER.install_default();
}

struct RingSigner {
    key: KeyPair,
    algorithm: Algorithm,
    encoding: &'static dyn RsaEncoding,
}

impl Signer<Vec<u8>> for RingSigner {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, SignatureError> {
        let mut signature = vec![0; self.key.public().modulus_len()];
        self.key
            .sign(self.encoding, &SystemRandom::new(), message, &mut signature)
            .map_err(|_| SignatureError::new())?;
        Ok(signature)
    }
}

impl JwtSigner for RingSigner {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

struct RingVerifier {
    key: PublicKeyComponents<Vec<u8>>,
    algorithm: Algorithm,
    parameters: &'static RsaParameters,
}

impl Verifier<Vec<u8>> for RingVerifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), SignatureError> {
        self.key.verify(self.parameters, message, signature).map_err(|_| SignatureError::new())
    }
}

impl JwtVerifier for RingVerifier {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    let (encoding, _) = scheme(*algorithm)?;
    let key = KeyPair::from_der(key.as_bytes()).map_err(bad_key)?;
    Ok(Box::new(RingSigner { key, algorithm: *algorithm, encoding }))
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    let (_, parameters) = scheme(*algorithm)?;
    match key.kind() {
        DecodingKeyKind::RsaModulusExponent { n, e } => {
            let key = PublicKeyComponents { n: n.clone(), e: e.clone() };
            Ok(Box::new(RingVerifier { key, algorithm: *algorithm, parameters }))
        }
        DecodingKeyKind::SecretOrDer(_) => Err(unsupported()),
    }
}

fn scheme(algorithm: Algorithm) -> Result<(&'static dyn RsaEncoding, &'static RsaParameters)> {
    if algorithm == Algorithm::RS256 {
        Ok((&RSA_PKCS1_SHA256, &RSA_PKCS1_2048_8192_SHA256))
    } else if algorithm == Algorithm::PS256 {
        Ok((&RSA_PSS_SHA256, &RSA_PSS_2048_8192_SHA256))
    } else {
        Err(unsupported())
    }
}

fn public_half(private: &[u8]) -> Result<(Vec<u8>, Vec<u8>)> {
    let key = KeyPair::from_der(private).map_err(bad_key)?;
    let PublicKeyComponents { n, e } = PublicKeyComponents::<Vec<u8>>::from(key.public());
    Ok((n, e))
}

fn bad_key(rejected: ring::error::KeyRejected) -> Error {
    ErrorKind::InvalidRsaKey(rejected.to_string()).into()
}

fn unsupported() -> Error {
    ErrorKind::InvalidAlgorithm.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jsonwebtoken::{Header, Validation, decode, encode, jwk::Jwk};
    use serde_json::{Value, json};

    const KEY: &[u8] = include_bytes!("../emulator/public-test-key.pem");

    #[test]
    fn what_is_signed_is_verified_and_a_changed_token_is_not() {
        install_jwt_cryptography();
        install_jwt_cryptography();
        let key = EncodingKey::from_rsa_pem(KEY).unwrap();
        for algorithm in [Algorithm::RS256, Algorithm::PS256] {
            let token = encode(&Header::new(algorithm), &json!({"sub": "a"}), &key).unwrap();
            let public = DecodingKey::from_jwk(&Jwk::from_encoding_key(&key, algorithm).unwrap()).unwrap();
            let mut validation = Validation::new(algorithm);
            validation.required_spec_claims.clear();
            assert_eq!(decode::<Value>(&token, &public, &validation).unwrap().claims["sub"], "a");
            let (head, signature) = token.rsplit_once('.').unwrap();
            let damaged = format!("{}A.{signature}", head.strip_suffix(|_| true).unwrap());
            assert!(decode::<Value>(damaged, &public, &validation).is_err());
        }
    }
}
