//! PKCS#12 (`.pfx`, `.p12`): keys and certificates under one password, as Windows and Azure Key Vault export them.

use p12_keystore::{Pkcs12Archive, error::Error};

use super::{
    contents::{Contents, PrivateKey},
    error::OwnKeyError,
};
use crate::{issuer::Certificate, secret::Password};

/// Adds what the file holds to `contents`. Without a password the empty one is tried, under which Key Vault exports.
pub(super) fn read(
    file: &[u8],
    password: Option<&Password>,
    contents: &mut Contents,
) -> Result<(), OwnKeyError> {
    let archive = Pkcs12Archive::from_pkcs12(file, password.map_or("", Password::reveal));
    let archive = archive.map_err(|error| refused(&error, password.is_some()))?;
    for bag in &archive.keys {
        contents.keys.push(PrivateKey::pkcs8(bag.key.as_der()).ok_or(OwnKeyError::Unreadable)?);
    }
    for bag in &archive.certs {
        let read = Certificate::from_der(bag.cert.as_der()).map_err(|_| OwnKeyError::Unreadable)?;
        contents.certificates.push(read);
    }
    Ok(())
}

fn refused(error: &Error, given: bool) -> OwnKeyError {
    match error {
        Error::MacError(_) | Error::UnpadError | Error::Pkcs5Error(_) if given => OwnKeyError::WrongPassword,
        Error::MacError(_) | Error::UnpadError | Error::Pkcs5Error(_) => OwnKeyError::PasswordNeeded,
        Error::UnsupportedEncryptionScheme | Error::UnsupportedMacAlgorithm => {
            OwnKeyError::Encryption("the file")
        }
        Error::IoError(_)
        | Error::DerError(_)
        | Error::InvalidVersion
        | Error::UnsupportedContentType
        | Error::UnsupportedCertificateType
        | Error::X509Error(_)
        | Error::InvalidLength
        | Error::InvalidParameters
        | Error::InvalidData
        | Error::InvalidPrivateKey => OwnKeyError::Unreadable,
    }
}
