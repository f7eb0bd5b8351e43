//! A certificate of the application's own: the assertion is signed here, and nobody is asked for it.

mod contents;
mod error;
mod key;
mod pem;
mod pkcs12;

use std::{
    io,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use thiserror::Error;
use zeroize::Zeroizing;

pub use error::OwnKeyError;
pub use key::OwnKey;

use super::{Announcement, Ask, Detection, Obtained};
use crate::{
    entra::token_endpoint,
    host::Host,
    issuer::{Certificate, OwnKeyClaims, Standing, own_key_presented},
    secret::Password,
};

/// The variables of the Azure SDKs. Source: Azure/azure-sdk-for-python, `EnvironmentCredential`.
const CERTIFICATE: &str = "AZURE_CLIENT_CERTIFICATE_PATH";
const PASSWORD: &str = "AZURE_CLIENT_CERTIFICATE_PASSWORD";
const SEND_CHAIN: &str = "AZURE_CLIENT_SEND_CERTIFICATE_CHAIN";

/// The largest key file that is read, in bytes. A chain of certificates has some thousands.
const FILE_LIMIT: u64 = 1 << 20;
/// The longest password that is read, in bytes.
const PASSWORD_LIMIT: u64 = 4096;

/// Where the certificate, its key and the password are. Each falls back on the variable of the Azure SDKs.
#[derive(Clone, Debug, Default)]
pub struct OwnKeyPlaces {
    /// A file in PEM or PKCS#12.
    pub certificate: Option<PathBuf>,
    /// A file with the private key, where the first one holds none.
    pub private_key: Option<PathBuf>,
    /// A file with the password; `-` is standard input.
    pub password: Option<PathBuf>,
    /// Send the certificates along, for applications that trust a subject name and its issuer.
    pub send_chain: bool,
}

/// The certificate whose key signed an assertion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedWith {
    /// Whom it names.
    pub subject: String,
    /// Its SHA-1 in hexadecimal, as the portal shows it.
    pub shown_thumbprint: String,
    /// Its SHA-256 in base64url, as the assertion names it.
    pub thumbprint: String,
    /// How it stands now.
    pub standing: Standing,
    /// When it ends, in seconds since 1970.
    pub not_after: i64,
}

/// Why no assertion was signed.
#[derive(Debug, Error)]
pub enum OwnKeySourceError {
    /// Nobody said where the certificate is.
    #[error("--source own-key needs --certificate FILE or {CERTIFICATE}")]
    NoFile,
    /// For whom and where is not known.
    #[error(
        "an assertion of one's own is for one application in one tenant: give --client-id and --tenant-id"
    )]
    ForNobody,
    /// A file cannot be read.
    #[error("cannot read {}: {why}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        why: io::Error,
    },
    /// The password is no text.
    #[error("{} holds no text", .0.display())]
    NotText(PathBuf),
    /// The files give no usable key.
    #[error("{}: {why}", path.display())]
    Key {
        /// The certificate's file.
        path: PathBuf,
        /// Why.
        why: OwnKeyError,
    },
    /// The system gives no random bytes.
    #[error("the assertion cannot be given an id: {0}")]
    Random(io::Error),
}

/// Sure where the variable of the Azure SDKs is set.
pub(super) fn detect(host: &Host) -> Detection {
    match host.env.var(CERTIFICATE) {
        Some(_) => Detection::Present(format!("{CERTIFICATE} is set")),
        None => Detection::Absent(format!("{CERTIFICATE} is not set")),
    }
}

/// Everything is known beforehand.
pub(super) fn announce(_: &Host, ask: &Ask<'_>) -> Announcement {
    let Some(to) = ask.signing_in else {
        return Announcement {
            issuer: "{client id}".to_owned(),
            subject: "{client id}".to_owned(),
            audience: "{token endpoint of the tenant}".to_owned(),
        };
    };
    let will = own_key_presented(to.client, &token_endpoint(&to.endpoints.authority, to.tenant));
    Announcement {
        issuer: will.issuer.to_string(),
        subject: will.subject.to_string(),
        audience: will.audience.to_string(),
    }
}

pub(super) fn token(host: &Host, ask: &Ask<'_>) -> Result<Obtained, OwnKeySourceError> {
    let places = &ask.given.own_key;
    let path = places.certificate.clone().or_else(|| host.env.var(CERTIFICATE).map(PathBuf::from));
    let path = path.ok_or(OwnKeySourceError::NoFile)?;
    let to = ask.signing_in.ok_or(OwnKeySourceError::ForNobody)?;
    let key = read(host, &path, places)?;
    let failed = |why| OwnKeySourceError::Key { path: path.clone(), why };
    let now = host.clock.now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let jti = host.random.guid().map_err(OwnKeySourceError::Random)?;
    let audience = token_endpoint(&to.endpoints.authority, to.tenant);
    let claims = OwnKeyClaims::new(to.client, &audience, &jti, now);
    let assertion = key.sign(&claims, places.send_chain || sends_chain(host)).map_err(failed)?;
    let now = i64::try_from(now).unwrap_or(i64::MAX);
    let signed_with = key.certificate().map(|certificate| SignedWith::new(certificate, now));
    Ok(Obtained { assertion, signed_with })
}

impl SignedWith {
    fn new(certificate: &Certificate, now: i64) -> Self {
        Self {
            subject: certificate.subject().to_owned(),
            shown_thumbprint: certificate.shown_thumbprint(),
            thumbprint: certificate.thumbprint(),
            standing: certificate.standing(now),
            not_after: certificate.not_after(),
        }
    }
}

fn read(host: &Host, path: &Path, places: &OwnKeyPlaces) -> Result<OwnKey, OwnKeySourceError> {
    let paths = std::iter::once(path).chain(places.private_key.as_deref());
    let files = paths.map(|path| bytes(host, path)).collect::<Result<Vec<_>, _>>()?;
    let password = password(host, places)?;
    OwnKey::read(files.iter().map(|file| file.as_slice()), password.as_ref())
        .map_err(|why| OwnKeySourceError::Key { path: path.to_owned(), why })
}

fn bytes(host: &Host, path: &Path) -> Result<Zeroizing<Vec<u8>>, OwnKeySourceError> {
    let read = host.files.read(path, FILE_LIMIT);
    read.map(Zeroizing::new).map_err(|why| OwnKeySourceError::File { path: path.to_owned(), why })
}

/// The password without the line end that editors and shells leave behind it.
fn password(host: &Host, places: &OwnKeyPlaces) -> Result<Option<Password>, OwnKeySourceError> {
    let Some(path) = &places.password else { return Ok(host.env.var(PASSWORD).map(Password::new)) };
    let read = if path.as_os_str() == "-" {
        host.console.read_bytes(PASSWORD_LIMIT)
    } else {
        host.files.read(path, PASSWORD_LIMIT)
    };
    let read = read.map_err(|why| OwnKeySourceError::File { path: path.clone(), why })?;
    let read = Zeroizing::new(read);
    let text = std::str::from_utf8(&read).map_err(|_| OwnKeySourceError::NotText(path.clone()))?;
    let text = text.strip_suffix('\n').unwrap_or(text);
    Ok(Some(Password::new(text.strip_suffix('\r').unwrap_or(text).to_owned())))
}

/// Source: Azure/azure-sdk-for-python, `EnvironmentCredential`: `1` and `true` in any case.
fn sends_chain(host: &Host) -> bool {
    let asked = host.env.var(SEND_CHAIN).unwrap_or_default();
    asked == "1" || asked.eq_ignore_ascii_case("true")
}

#[cfg(test)]
mod tests;
