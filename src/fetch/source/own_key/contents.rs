//! What key files hold: private keys and certificates, in the order in which they stand there.

use pkcs8::{PrivateKeyInfoRef, der::oid::ObjectIdentifier};
use zeroize::Zeroizing;

use crate::issuer::Certificate;

/// Source: RFC 8017, appendix A.1.
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
/// Source: RFC 5480, section 2.1.1.
const ELLIPTIC_CURVE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");

/// Everything that the files hold.
#[derive(Default)]
pub(super) struct Contents {
    pub(super) keys: Vec<PrivateKey>,
    pub(super) certificates: Vec<Certificate>,
}

/// A private key; its bytes are overwritten when it is dropped.
pub(super) struct PrivateKey {
    pub(super) der: Zeroizing<Vec<u8>>,
    pub(super) form: Form,
}

/// How the bytes of a key are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// An RSA key by itself.
    Pkcs1,
    /// An RSA key in the envelope that names its kind.
    Pkcs8,
    /// A key on an elliptic curve.
    EllipticCurve,
    /// A key of another kind.
    Other,
}

impl PrivateKey {
    /// A key in PKCS#8; `None` when it is none.
    pub(super) fn pkcs8(der: &[u8]) -> Option<Self> {
        let info = PrivateKeyInfoRef::try_from(der).ok()?;
        let form = if info.algorithm.oid == RSA {
            Form::Pkcs8
        } else if info.algorithm.oid == ELLIPTIC_CURVE {
            Form::EllipticCurve
        } else {
            Form::Other
        };
        Some(Self { der: Zeroizing::new(der.to_vec()), form })
    }
}
