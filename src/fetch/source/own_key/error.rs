//! Why a file gives no key that can sign in.

use thiserror::Error;

/// Why a file gives no key that can sign in. No variant holds a part of the key or of the password.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum OwnKeyError {
    /// No private key anywhere.
    #[error(
        "there is no private key in it; export the certificate together with its key, or give --private-key FILE"
    )]
    NoKey,
    /// No certificate anywhere.
    #[error("there is no certificate in it; Entra finds the key by the thumbprint of its certificate")]
    NoCertificate,
    /// The key is encrypted and no password was given.
    #[error(
        "the private key is encrypted: give --certificate-password-file FILE (`-` reads standard input) or AZURE_CLIENT_CERTIFICATE_PASSWORD"
    )]
    PasswordNeeded,
    /// The password does not open it.
    #[error("the password is wrong")]
    WrongPassword,
    /// The key and the certificate do not belong together.
    #[error("the private key does not belong to the certificate `{subject}` (thumbprint {thumbprint})")]
    Mismatch {
        /// Whom the first certificate names.
        subject: String,
        /// Its thumbprint as the portal shows it.
        thumbprint: String,
    },
    /// Entra takes RSA keys only.
    ///
    /// Source: <https://learn.microsoft.com/entra/identity-platform/howto-create-self-signed-certificate>.
    #[error("the private key is of {0}; Entra takes RSA keys only")]
    NotRsa(&'static str),
    /// An RSA key that cannot sign, in the words of the cryptography.
    #[error("the RSA key cannot be used ({0}); it needs 2048 to 4096 bits")]
    BadKey(String),
    /// Encrypted by a method that is not known here.
    #[error("{0} is encrypted by a method that is not supported; export it again with AES-256")]
    Encryption(&'static str),
    /// The form of OpenSSL before version 1.0, whose key derivation is weak.
    #[error(
        "the private key is encrypted in OpenSSL's old form; convert it: `openssl pkcs8 -topk8 -in OLD.pem -out NEW.pem`"
    )]
    OldEncryption,
    /// Neither PEM nor PKCS#12, or damaged.
    #[error("it is neither PEM nor PKCS#12, or damaged")]
    Unreadable,
    /// Signing failed.
    #[error("the assertion cannot be signed: the system gives no random bytes")]
    Signing,
}
