//! An X.509 certificate as far as Entra looks at one: its thumbprints, its time, its public key.

use std::fmt::Write;

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use thiserror::Error;
use x509_parser::{
    certificate::X509Certificate, prelude::FromDer, public_key::PublicKey as Parsed,
    x509::SubjectPublicKeyInfo,
};

/// Seconds.
const DAY: i64 = 86_400;
/// How long before its end a certificate is worth a word.
const SOON: i64 = 30 * DAY;

/// Bytes that are no certificate.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("not an X.509 certificate")]
pub struct NotACertificate;

/// A certificate. It is public; nothing in it is secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    subject: String,
    not_before: i64,
    not_after: i64,
    key: CertificateKey,
}

/// The public key of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CertificateKey {
    /// An RSA key, both numbers without leading zeros.
    Rsa {
        /// The modulus.
        modulus: Vec<u8>,
        /// The exponent.
        exponent: Vec<u8>,
    },
    /// A key on an elliptic curve.
    EllipticCurve,
    /// A key of another kind.
    Other,
}

/// Where the present lies in the time of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Inside, and not near its end.
    Valid,
    /// Before its beginning.
    NotYetValid,
    /// Behind its end.
    Expired,
    /// Inside, with this many whole days left.
    EndsSoon {
        /// Whole days.
        days: i64,
    },
}

impl Certificate {
    /// Reads a certificate in DER.
    ///
    /// # Errors
    /// When the bytes are none, or hold more than one.
    pub fn from_der(der: &[u8]) -> Result<Self, NotACertificate> {
        let (rest, parsed) = X509Certificate::from_der(der).map_err(|_| NotACertificate)?;
        if !rest.is_empty() {
            return Err(NotACertificate);
        }
        Ok(Self {
            der: der.to_vec(),
            subject: parsed.subject().to_string(),
            not_before: parsed.validity().not_before.timestamp(),
            not_after: parsed.validity().not_after.timestamp(),
            key: key(parsed.public_key()),
        })
    }

    /// Who it names.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The first second in which it is valid, since 1970.
    #[must_use]
    pub const fn not_before(&self) -> i64 {
        self.not_before
    }

    /// The last second in which it is valid, since 1970.
    #[must_use]
    pub const fn not_after(&self) -> i64 {
        self.not_after
    }

    /// Its public key.
    #[must_use]
    pub const fn key(&self) -> &CertificateKey {
        &self.key
    }

    /// `x5t#S256`: SHA-256 of the DER in base64url. Source: RFC 7515, section 4.1.8.
    #[must_use]
    pub fn thumbprint(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest(&SHA256, &self.der))
    }

    /// `x5t`: SHA-1 of the DER in base64url. Source: RFC 7515, section 4.1.7.
    #[must_use]
    pub fn legacy_thumbprint(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, &self.der))
    }

    /// SHA-1 of the DER in hexadecimal, as the portal and Windows show it.
    #[must_use]
    pub fn shown_thumbprint(&self) -> String {
        digest(&SHA1_FOR_LEGACY_USE_ONLY, &self.der).as_ref().iter().fold(String::new(), |mut text, byte| {
            // A String takes everything.
            let _: std::fmt::Result = write!(text, "{byte:02X}");
            text
        })
    }

    /// The DER in standard base64, as `x5c` wants it. Source: RFC 7515, section 4.1.6.
    #[must_use]
    pub fn base64(&self) -> String {
        STANDARD.encode(&self.der)
    }

    /// How it stands at `now`, in seconds since 1970.
    #[must_use]
    pub const fn standing(&self, now: i64) -> Standing {
        if now < self.not_before {
            Standing::NotYetValid
        } else if now > self.not_after {
            Standing::Expired
        } else if self.not_after - now < SOON {
            Standing::EndsSoon { days: (self.not_after - now) / DAY }
        } else {
            Standing::Valid
        }
    }
}

fn key(info: &SubjectPublicKeyInfo<'_>) -> CertificateKey {
    match info.parsed() {
        Ok(Parsed::RSA(rsa)) => {
            CertificateKey::Rsa { modulus: bare(rsa.modulus), exponent: bare(rsa.exponent) }
        }
        Ok(Parsed::EC(_)) => CertificateKey::EllipticCurve,
        Ok(Parsed::DSA(_) | Parsed::GostR3410(_) | Parsed::GostR3410_2012(_) | Parsed::Unknown(_))
        | Err(_) => CertificateKey::Other,
    }
}

fn bare(number: &[u8]) -> Vec<u8> {
    number.iter().copied().skip_while(|byte| *byte == 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certificate() -> Certificate {
        let pem = include_bytes!("../../tests/own_key/certificate.pem");
        let (_, pem) = x509_parser::pem::parse_x509_pem(pem).unwrap();
        Certificate::from_der(&pem.contents).unwrap()
    }

    #[test]
    fn the_thumbprints_are_those_that_openssl_computes() {
        let certificate = certificate();
        assert_eq!(certificate.shown_thumbprint(), "88F46ECB9E937DA33DDE030B554B31546D36330B");
        assert_eq!(certificate.thumbprint(), "uPy0Xc0ZooesdAvNCeYjVSzUOYSXHyY4q8Qmt14ZYMk");
        assert_eq!(certificate.subject(), "CN=fedcred public test key");
    }

    #[test]
    fn the_last_thirty_days_are_told() {
        let certificate = certificate();
        let end = certificate.not_after();
        assert_eq!(certificate.standing(certificate.not_before() - 1), Standing::NotYetValid);
        assert_eq!(certificate.standing(end - SOON), Standing::Valid);
        assert_eq!(certificate.standing(end - 3 * DAY), Standing::EndsSoon { days: 3 });
        assert_eq!(certificate.standing(end + 1), Standing::Expired);
    }

    #[test]
    fn a_certificate_with_something_behind_it_is_none() {
        assert_eq!(Certificate::from_der(b"0"), Err(NotACertificate));
    }
}
