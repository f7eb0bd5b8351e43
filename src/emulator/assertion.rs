//! Whether a presented token is what it says: its issuer's signature, and the time in which it is valid.

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::Value;

use super::{
    foreign,
    refused::Refused,
    world::{World, entra_time},
};
use crate::{
    issuer::{Presented, Unusable, UnverifiedClaims},
    secret::Assertion,
    trust::Credential,
};

/// The tolerance for clocks, in seconds. Assumed: Entra's own is not documented.
const SKEW: i64 = 300;

/// What the token presents, after its signature and its time were checked.
pub(super) async fn verify(
    world: &World,
    assertion: &Assertion,
    credentials: &[Credential],
) -> Result<Presented, Refused> {
    let claims = UnverifiedClaims::read(assertion).map_err(|_| malformed())?;
    let presented = claims.presented().map_err(|_| malformed())?;
    reusable(&presented)?;
    trusted_issuer(&presented, credentials)?;
    let header = decode_header(assertion.reveal()).map_err(|_| malformed())?;
    // Source: only RS256 is supported, considerations for federated identity credentials on learn.microsoft.com/entra/workload-id.
    if header.alg != Algorithm::RS256 {
        return Err(malformed());
    }
    let key = key(world, presented.issuer.as_str(), header.kid.as_deref().unwrap_or("")).await?;
    check_signature(assertion, &key, Algorithm::RS256)?;
    check_time(world.now(), &claims)?;
    Ok(presented)
}

fn malformed() -> Refused {
    Refused::new(50_027, "The JWT token is invalid or malformed.")
}

/// Assumed: that Entra looks at the kind of its own token before it looks for a credential.
fn reusable(presented: &Presented) -> Result<(), Refused> {
    let text = match Unusable::of(presented) {
        None => return Ok(()),
        Some(Unusable::FirstVersion) => "AAD-issued tokens may not be used for federated identity flows.",
        Some(Unusable::User) => {
            "Forbidden token type. Only app-only tokens may be used as Federated Identity Credentials for AAD issuer."
        }
        Some(Unusable::Application) => {
            "Only MSI tokens may be used as Federated Identity Credentials for AAD issuer."
        }
    };
    Err(Refused::new(Unusable::of(presented).map_or(50_027, Unusable::code), text))
}

fn trusted_issuer(presented: &Presented, credentials: &[Credential]) -> Result<(), Refused> {
    if credentials.iter().any(|credential| credential.issuer == presented.issuer) {
        return Ok(());
    }
    Err(Refused::new(
        700_211,
        format!(
            "No matching federated identity record found for presented assertion issuer '{}'.",
            presented.issuer
        ),
    ))
}

async fn key(world: &World, issuer: &str, kid: &str) -> Result<DecodingKey, Refused> {
    let own = world.state().signs_as(issuer);
    let keys = if own { world.key().set() } else { foreign::keys(world, issuer).await? };
    keys.find(kid).and_then(|jwk| DecodingKey::from_jwk(jwk).ok()).ok_or_else(|| {
        Refused::new(
            7_000_272,
            format!("The certificate with identifier {kid} could not be found in the metadata of identity provider {issuer}."),
        )
    })
}

/// `algorithm` is the one that the header names and the caller allows.
pub(super) fn check_signature(
    assertion: &Assertion,
    key: &DecodingKey,
    algorithm: Algorithm,
) -> Result<(), Refused> {
    let mut validation = Validation::new(algorithm);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    decode::<Value>(assertion.reveal(), key, &validation)
        .map(drop)
        .map_err(|_| Refused::new(700_027, "Client assertion failed signature validation."))
}

pub(super) fn check_time(now: i64, claims: &UnverifiedClaims) -> Result<(), Refused> {
    let from = claims.seconds("nbf").unwrap_or(i64::MIN + SKEW);
    let until = claims.seconds("exp").unwrap_or(i64::MIN + SKEW);
    if now + SKEW >= from && now < until {
        return Ok(());
    }
    Err(Refused::new(
        700_024,
        format!(
            "Client assertion is not within its valid time range. Current time: {}, assertion valid from {}, expiry time of assertion {}.",
            entra_time(now),
            entra_time(from),
            entra_time(until),
        ),
    ))
}
