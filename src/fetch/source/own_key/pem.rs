//! PEM: certificates and keys as text, one after the other, in any order and with talk between them.

use std::io::Cursor;

use pkcs8::{EncryptedPrivateKeyInfoRef, pkcs5};
use x509_parser::pem::Pem;
use zeroize::Zeroizing;

use super::{
    contents::{Contents, Form, PrivateKey},
    error::OwnKeyError,
};
use crate::{issuer::Certificate, secret::Password};

/// Source: RFC 1421, section 4.6.1.1, in the use that OpenSSL made of it.
const OLD_ENCRYPTION: &[u8] = b"Proc-Type: 4,ENCRYPTED";

/// True for a file in PEM.
pub(super) fn is_pem(file: &[u8]) -> bool {
    contains(file, b"-----BEGIN ")
}

/// Adds what the file holds to `contents`. Blocks of other kinds are passed over.
pub(super) fn read(
    file: &[u8],
    password: Option<&Password>,
    contents: &mut Contents,
) -> Result<(), OwnKeyError> {
    if contains(file, OLD_ENCRYPTION) {
        return Err(OwnKeyError::OldEncryption);
    }
    for block in Pem::iter_from_reader(Cursor::new(file)) {
        let Pem { label, contents: der } = block.map_err(|_| OwnKeyError::Unreadable)?;
        let der = Zeroizing::new(der);
        match label.as_str() {
            "CERTIFICATE" => contents.certificates.push(certificate(&der)?),
            "PRIVATE KEY" => contents.keys.push(PrivateKey::pkcs8(&der).ok_or(OwnKeyError::Unreadable)?),
            "ENCRYPTED PRIVATE KEY" => contents.keys.push(decrypted(&der, password)?),
            "RSA PRIVATE KEY" => contents.keys.push(PrivateKey { der, form: Form::Pkcs1 }),
            "EC PRIVATE KEY" => contents.keys.push(PrivateKey { der, form: Form::EllipticCurve }),
            _ => {}
        }
    }
    Ok(())
}

fn certificate(der: &[u8]) -> Result<Certificate, OwnKeyError> {
    Certificate::from_der(der).map_err(|_| OwnKeyError::Unreadable)
}

fn decrypted(der: &[u8], password: Option<&Password>) -> Result<PrivateKey, OwnKeyError> {
    let sealed = EncryptedPrivateKeyInfoRef::try_from(der).map_err(|_| OwnKeyError::Unreadable)?;
    let password = password.ok_or(OwnKeyError::PasswordNeeded)?;
    let opened = sealed.decrypt(password.reveal()).map_err(refused)?;
    // A wrong password can leave bytes that look decrypted.
    PrivateKey::pkcs8(opened.as_bytes()).ok_or(OwnKeyError::WrongPassword)
}

fn refused(error: pkcs8::Error) -> OwnKeyError {
    let unsupported = matches!(
        error,
        pkcs8::Error::EncryptedPrivateKey(
            pkcs5::Error::UnsupportedAlgorithm { .. } | pkcs5::Error::NoPbes1CryptSupport
        )
    );
    if unsupported { OwnKeyError::Encryption("the private key") } else { OwnKeyError::WrongPassword }
}

fn contains(file: &[u8], text: &[u8]) -> bool {
    file.windows(text.len()).any(|window| window == text)
}
