//! GitHub's issuer: discovery, keys, and the endpoint where a job asks for its token.
//!
//! Source: request and answer, `oidc-utils.ts` of `@actions/core` in actions/toolkit; documents,
//! <https://token.actions.githubusercontent.com/.well-known/openid-configuration>.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json, Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::get,
};
use jsonwebtoken::jwk::JwkSet;
use serde_json::{Value, json};

use super::{claims::claims, world::World};

/// The path of the token request endpoint; as at GitHub the URL has a query already.
pub(super) const TOKEN_REQUEST: &str = "/github/oidc/token?api-version=2.0";

pub(super) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/github/oidc/.well-known/openid-configuration", get(configuration))
        .route("/github/oidc/.well-known/jwks", get(keys))
        .route("/github/oidc/token", get(token))
}

async fn configuration(State(world): State<Arc<World>>) -> Json<Value> {
    let issuer = world.state().github.issuer.clone();
    Json(json!({
        "issuer": issuer,
        "jwks_uri": format!("{}/github/oidc/.well-known/jwks", world.base()),
        "subject_types_supported": ["public", "pairwise"],
        "response_types_supported": ["id_token"],
        "claims_supported": ["sub", "aud", "exp", "iat", "iss", "jti", "nbf", "ref", "repository", "environment"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid"],
    }))
}

async fn keys(State(world): State<Arc<World>>) -> Json<JwkSet> {
    Json(world.key().set())
}

async fn token(
    State(world): State<Arc<World>>,
    Query(query): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    let github = world.state().github.clone();
    let bearer = headers.get("authorization").and_then(|value| value.to_str().ok()).and_then(bearer);
    if bearer != Some(&github.request_token) {
        let body = json!({"message": "Bad credentials", "source": "actions-run-service", "statusCode": 401});
        return (StatusCode::UNAUTHORIZED, Json(body)).into_response();
    }
    let claims = claims(&github, query.get("audience").map(String::as_str), world.now());
    match world.key().sign(&claims) {
        Ok(token) => Json(json!({"count": token.len(), "value": token})).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// The token behind `Bearer`, in any letter case.
pub(super) fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}
