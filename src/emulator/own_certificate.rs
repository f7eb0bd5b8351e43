//! Assertions that an application signed itself: checked against the certificates that it has registered.
//!
//! Source: <https://learn.microsoft.com/entra/identity-platform/certificate-credentials>; the texts of 700021, 700023 and 700027,
//! f-bader/EntraID-ErrorCodes. Assumed: the order of the checks. An assertion may come twice: msal for Python sends one until it
//! expires, so Entra does not look whether `jti` is new.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, Header, decode_header};
use serde_json::Value;

use super::{assertion, refused::Refused, registered::RegisteredCertificate, state::Tenant, world::World};
use crate::{
    id::ClientId,
    issuer::{Certificate, CertificateKey, Standing, UnverifiedClaims},
    secret::Assertion,
};

/// The application that is asked for.
pub(super) struct Application<'a> {
    pub(super) client: &'a str,
    pub(super) tenant: &'a Tenant,
    pub(super) certificates: &'a [RegisteredCertificate],
}

/// The claims of an assertion that names an application as its issuer; a federated token names a URL.
pub(super) fn claims(assertion: &Assertion) -> Option<UnverifiedClaims> {
    let claims = UnverifiedClaims::read(assertion).ok()?;
    text(&claims, "iss")?.parse::<ClientId>().ok()?;
    Some(claims)
}

/// Every check on such an assertion.
pub(super) fn verify(
    world: &World,
    application: &Application<'_>,
    assertion: &Assertion,
    claims: &UnverifiedClaims,
) -> Result<(), Refused> {
    named(application.client, claims)?;
    audience(world, application.tenant, claims)?;
    let header = decode_header(assertion.reveal())
        .map_err(|_| Refused::new(50_027, "The JWT token is invalid or malformed."))?;
    let certificate = certificate(application.certificates, &header)?;
    if certificate.standing(world.now()) == Standing::Expired {
        return Err(failed("The key used is expired.", &header));
    }
    let key = decoding_key(certificate).ok_or_else(|| failed("The key is not an RSA key.", &header))?;
    if ![Algorithm::PS256, Algorithm::RS256].contains(&header.alg) {
        return Err(failed("The algorithm is not supported.", &header));
    }
    assertion::check_signature(assertion, &key, header.alg)
        .map_err(|_| failed("The provided signature value did not match the expected one.", &header))?;
    assertion::check_time(world.now(), claims)
}

fn text<'a>(claims: &'a UnverifiedClaims, name: &str) -> Option<&'a str> {
    claims.payload().get(name).and_then(Value::as_str)
}

fn named(client: &str, claims: &UnverifiedClaims) -> Result<(), Refused> {
    let (issuer, subject) = (text(claims, "iss").unwrap_or_default(), text(claims, "sub"));
    let Some(subject) = subject else {
        return Err(Refused::new(700_022, "No Subject claim provided in the assertion."));
    };
    if subject != issuer {
        return Err(Refused::new(50_048, "Subject must match the issuer claim in the client assertion."));
    }
    if !issuer.eq_ignore_ascii_case(client) {
        let told = "Client assertion application identifier doesn't match 'client_id' parameter.";
        return Err(Refused::new(700_021, told));
    }
    Ok(())
}

/// The tenant's token endpoints and its issuer, under its id or one of its domains.
fn audience(world: &World, tenant: &Tenant, claims: &UnverifiedClaims) -> Result<(), Refused> {
    let names = std::iter::once(&tenant.id).chain(&tenant.domains);
    let mut accepted = names.flat_map(|name| {
        ["oauth2/v2.0/token", "oauth2/token", "v2.0"].map(|end| format!("{}/{name}/{end}", world.base()))
    });
    let given = text(claims, "aud").unwrap_or_default();
    if accepted.any(|accepted| accepted == given) {
        return Ok(());
    }
    Err(Refused::new(700_023, "Client assertion audience claim does not match Realm issuer."))
}

fn certificate<'a>(
    registered: &'a [RegisteredCertificate],
    header: &Header,
) -> Result<&'a Certificate, Refused> {
    let named = thumbprint(header);
    let is_named = |one: &&Certificate| [one.thumbprint(), one.legacy_thumbprint()].contains(&named);
    let mut certificates = registered.iter().map(RegisteredCertificate::certificate);
    certificates.find(is_named).ok_or_else(|| failed("The key was not found.", header))
}

/// The thumbprint that the header names, in base64url without padding.
///
/// Source: msal for Python writes padding, msal for Go the standard alphabet, and HashiCorp's client puts it into `kid`.
fn thumbprint(header: &Header) -> String {
    let named = header.x5t_s256.as_ref().or(header.x5t.as_ref()).or(header.kid.as_ref());
    let named = named.map(String::as_str).unwrap_or_default();
    named.trim_end_matches('=').replace('+', "-").replace('/', "_")
}

fn decoding_key(certificate: &Certificate) -> Option<DecodingKey> {
    match certificate.key() {
        CertificateKey::Rsa { modulus, exponent } => {
            Some(DecodingKey::from_rsa_raw_components(modulus, exponent))
        }
        CertificateKey::EllipticCurve | CertificateKey::Other => None,
    }
}

fn failed(reason: &str, header: &Header) -> Refused {
    let bytes = URL_SAFE_NO_PAD.decode(thumbprint(header)).unwrap_or_default();
    let shown: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    Refused::new(
        700_027,
        format!(
            "Client assertion failed signature validation. [Reason - {reason}, Thumbprint of key used by client: '{shown}']"
        ),
    )
}
