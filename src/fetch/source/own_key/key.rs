//! A private key with its certificate: read from a file, and good for signing assertions.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    rand::SystemRandom,
    rsa::{KeyPair, PublicKeyComponents},
    signature::{RSA_PSS_SHA256, RsaEncoding},
};
use serde::Serialize;
use zeroize::Zeroizing;

use super::{
    contents::{Contents, Form, PrivateKey},
    error::OwnKeyError,
    pem, pkcs12,
};
use crate::{
    issuer::{Certificate, CertificateKey, OwnKeyClaims, OwnKeyHeader},
    secret::{Assertion, Password},
};

/// An RSA key and its certificate. The key cannot be printed; the bytes it was read from are overwritten.
pub struct OwnKey {
    pair: KeyPair,
    /// The key's own certificate first.
    chain: Vec<Certificate>,
}

impl fmt::Debug for OwnKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OwnKey({})", self.certificate().map_or("", Certificate::subject))
    }
}

impl OwnKey {
    /// Takes the key and the certificate that belongs to it out of `files`, each in PEM or PKCS#12.
    ///
    /// # Errors
    /// What the files lack, what is wrong with the password, or why Entra could not use the key. No error holds a part of the key.
    pub fn read<'a>(
        files: impl IntoIterator<Item = &'a [u8]>,
        password: Option<&Password>,
    ) -> Result<Self, OwnKeyError> {
        let mut contents = Contents::default();
        for file in files {
            if pem::is_pem(file) {
                pem::read(file, password, &mut contents)?;
            } else {
                pkcs12::read(file, password, &mut contents)?;
            }
        }
        Self::of(contents)
    }

    fn of(contents: Contents) -> Result<Self, OwnKeyError> {
        if contents.certificates.is_empty() {
            return Err(OwnKeyError::NoCertificate);
        }
        let mut unusable = OwnKeyError::NoKey;
        for key in &contents.keys {
            match pair(key) {
                Ok(pair) => match chain(&pair, &contents.certificates) {
                    Some(chain) => return Ok(Self { pair, chain }),
                    None => unusable = mismatch(&contents.certificates),
                },
                Err(error) => unusable = error,
            }
        }
        Err(unusable)
    }

    /// The certificate of the key.
    #[must_use]
    pub fn certificate(&self) -> Option<&Certificate> {
        self.chain.first()
    }

    /// Signs an assertion with PS256. The whole chain goes along where `send_chain` is true.
    ///
    /// # Errors
    /// When the claims cannot be written, or the system gives no randomness for the signature.
    pub fn sign(&self, claims: &OwnKeyClaims<'_>, send_chain: bool) -> Result<Assertion, OwnKeyError> {
        let thumbprint = self.certificate().map(Certificate::thumbprint).unwrap_or_default();
        let sent = self.chain.iter().filter(|_| send_chain).map(Certificate::base64).collect();
        let header = OwnKeyHeader::new(&thumbprint, sent);
        let message = format!("{}.{}", part(&header)?, part(claims)?);
        let scheme: &'static dyn RsaEncoding = &RSA_PSS_SHA256;
        let mut signature = vec![0; self.pair.public().modulus_len()];
        self.pair
            .sign(scheme, &SystemRandom::new(), message.as_bytes(), &mut signature)
            .map_err(|_| OwnKeyError::Signing)?;
        Ok(Assertion::new(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))))
    }
}

fn part(value: &impl Serialize) -> Result<String, OwnKeyError> {
    let json = serde_json::to_vec(value).map_err(|_| OwnKeyError::Signing)?;
    Ok(URL_SAFE_NO_PAD.encode(json))
}

fn pair(key: &PrivateKey) -> Result<KeyPair, OwnKeyError> {
    let bytes: &Zeroizing<Vec<u8>> = &key.der;
    match key.form {
        Form::Pkcs1 => KeyPair::from_der(bytes),
        Form::Pkcs8 => KeyPair::from_pkcs8(bytes),
        Form::EllipticCurve => return Err(OwnKeyError::NotRsa("an elliptic curve")),
        Form::Other => return Err(OwnKeyError::NotRsa("another kind")),
    }
    .map_err(|rejected| OwnKeyError::BadKey(rejected.to_string()))
}

/// The certificate that belongs to the key, and behind it those of its issuers.
fn chain(pair: &KeyPair, certificates: &[Certificate]) -> Option<Vec<Certificate>> {
    let PublicKeyComponents { n: modulus, .. } = PublicKeyComponents::<Vec<u8>>::from(pair.public());
    let own = certificates
        .iter()
        .find(|one| matches!(one.key(), CertificateKey::Rsa { modulus: its, .. } if *its == modulus))?;
    let others = certificates.iter().filter(|one| *one != own);
    Some(std::iter::once(own).chain(others).cloned().collect())
}

fn mismatch(certificates: &[Certificate]) -> OwnKeyError {
    certificates.first().map_or(OwnKeyError::NoCertificate, |first| OwnKeyError::Mismatch {
        subject: first.subject().to_owned(),
        thumbprint: first.shown_thumbprint(),
    })
}
