//! Whether a Graph or ARM request carries a token that this emulator has issued, and what it may do with it.

use axum::http::HeaderMap;
use jsonwebtoken::{Algorithm, Validation, decode};
use serde_json::Value;

use super::{github_oidc::bearer, state::Access, world::World};

/// Why a request may not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Barred {
    /// No token of ours, or an expired one: 401.
    Unknown,
    /// Signed in, but not allowed: 403.
    Forbidden,
}

/// Checks the bearer of a request that writes, or only reads, against what `access` grants.
pub(super) fn check(world: &World, headers: &HeaderMap, access: Access, writes: bool) -> Result<(), Barred> {
    if !is_ours(world, headers) {
        return Err(Barred::Unknown);
    }
    match (access, writes) {
        (Access::Write, _) | (Access::Read, false) => Ok(()),
        (Access::Read, true) | (Access::None, _) => Err(Barred::Forbidden),
    }
}

fn is_ours(world: &World, headers: &HeaderMap) -> bool {
    let token = headers.get("authorization").and_then(|value| value.to_str().ok()).and_then(bearer);
    let (Some(token), Ok(key)) = (token, world.key().public()) else { return false };
    let mut validation = Validation::new(Algorithm::RS256);
    validation.validate_aud = false;
    decode::<Value>(token, &key, &validation).is_ok()
}
