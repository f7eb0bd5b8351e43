//! A certificate that an application has registered, as the state writes it: one block of PEM.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::issuer::Certificate;

/// A certificate among the credentials of an application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RegisteredCertificate {
    pem: String,
    certificate: Certificate,
}

/// Text that is no certificate in PEM.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("a registered certificate is one certificate in PEM")]
pub struct NotPem;

impl RegisteredCertificate {
    /// The certificate.
    #[must_use]
    pub const fn certificate(&self) -> &Certificate {
        &self.certificate
    }
}

impl TryFrom<String> for RegisteredCertificate {
    type Error = NotPem;

    fn try_from(pem: String) -> Result<Self, NotPem> {
        let (_, block) = x509_parser::pem::parse_x509_pem(pem.as_bytes()).map_err(|_| NotPem)?;
        let certificate = Certificate::from_der(&block.contents).map_err(|_| NotPem)?;
        Ok(Self { pem, certificate })
    }
}

impl From<RegisteredCertificate> for String {
    fn from(registered: RegisteredCertificate) -> Self {
        registered.pem
    }
}
