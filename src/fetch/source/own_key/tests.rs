//! Keys in every form that OpenSSL writes, and everything that is no usable key.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Validation, decode, jwk::Jwk};
use serde_json::Value;

use super::*;

const KEY: &[u8] = include_bytes!("../../../emulator/public-test-key.pem");
const CLIENT: &str = "11111111-2222-3333-4444-555555555555";

macro_rules! file {
    ($name:literal) => {
        include_bytes!(concat!("../../../../tests/own_key/", $name)).as_slice()
    };
}

fn read(files: &[&[u8]], password: &str) -> Result<OwnKey, OwnKeyError> {
    let password = Password::new(password.to_owned());
    OwnKey::read(files.iter().copied(), (!password.reveal().is_empty()).then_some(&password))
}

#[test]
fn a_key_is_read_in_every_form_and_is_always_the_same() {
    let certificate = file!("certificate.pem");
    let plain: [&[&[u8]]; 4] = [
        &[KEY, certificate],
        &[certificate, file!("pkcs1.pem")],
        &[file!("open.p12")],
        // The certificate that belongs to the key is taken, wherever it stands.
        &[file!("other-certificate.pem"), certificate, KEY],
    ];
    let sealed: [&[&[u8]]; 5] = [
        &[certificate, file!("encrypted.pem")],
        &[certificate, file!("encrypted-3des.pem")],
        &[certificate, file!("encrypted-scrypt.pem")],
        &[file!("modern.p12")],
        &[file!("legacy.p12")],
    ];
    let opened = plain.map(|files| read(files, "")).into_iter();
    for (at, key) in opened.chain(sealed.map(|files| read(files, "public-test"))).enumerate() {
        let key = key.unwrap_or_else(|error| panic!("{at}: {error}"));
        let subject = key.certificate().unwrap().subject();
        assert_eq!(subject, "CN=fedcred public test key", "{at}");
    }
}

#[test]
fn what_is_signed_verifies_and_names_its_certificate() {
    crate::host::install_jwt_cryptography();
    let key = read(&[file!("modern.p12")], "public-test").unwrap();
    let client = CLIENT.parse().unwrap();
    let claims = OwnKeyClaims::new(&client, "https://login.test/t/oauth2/v2.0/token", "j", 4_000_000_000);
    let token = key.sign(&claims, true).unwrap();
    let private = EncodingKey::from_rsa_pem(KEY).unwrap();
    let jwk = Jwk::from_encoding_key(&private, Algorithm::PS256).unwrap();
    let mut validation = Validation::new(Algorithm::PS256);
    validation.set_audience(&["https://login.test/t/oauth2/v2.0/token"]);
    let read = decode::<Value>(token.reveal(), &DecodingKey::from_jwk(&jwk).unwrap(), &validation).unwrap();
    assert_eq!(read.claims["sub"], CLIENT);
    assert_eq!(read.header.x5t_s256.as_deref(), Some("uPy0Xc0ZooesdAvNCeYjVSzUOYSXHyY4q8Qmt14ZYMk"));
    assert_eq!(read.header.x5c.map(|chain| chain.len()), Some(2));
    assert_eq!(format!("{key:?} {token:?}"), "OwnKey(CN=fedcred public test key) Assertion(***)");
}

#[test]
fn every_failure_says_what_it_is() {
    let certificate = file!("certificate.pem");
    let fails = |files: &[&[u8]], password| read(files, password).unwrap_err();
    assert_eq!(fails(&[certificate], ""), OwnKeyError::NoKey);
    assert_eq!(fails(&[KEY], ""), OwnKeyError::NoCertificate);
    for sealed in
        [file!("encrypted.pem"), file!("encrypted-3des.pem"), file!("modern.p12"), file!("legacy.p12")]
    {
        assert_eq!(fails(&[certificate, sealed], ""), OwnKeyError::PasswordNeeded);
        assert_eq!(fails(&[certificate, sealed], "wrong"), OwnKeyError::WrongPassword);
    }
    assert_eq!(fails(&[certificate, file!("old-encrypted.pem")], "public-test"), OwnKeyError::OldEncryption);
    assert_eq!(fails(&[file!("elliptic.pem")], ""), OwnKeyError::NotRsa("an elliptic curve"));
    assert!(matches!(fails(&[file!("small.pem")], ""), OwnKeyError::BadKey(_)));
    assert_eq!(fails(&[b"\x30\x03abc"], ""), OwnKeyError::Unreadable);
    let mismatch = fails(&[file!("other-certificate.pem"), KEY], "").to_string();
    assert!(mismatch.contains("`CN=another public test key` (thumbprint "), "{mismatch}");
}
