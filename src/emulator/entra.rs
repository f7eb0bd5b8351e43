//! Entra's doors: discovery documents, keys, and the token endpoints.
//!
//! Source: which documents each client asks for, read off azure-cli 2.91, msal 1.39 and @azure/identity 4.13 at work.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use jsonwebtoken::jwk::JwkSet;
use serde_json::{Value, json};

use super::{
    exchange::{Version, exchange},
    record::form_fields,
    world::World,
};

pub(super) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/common/discovery/instance", get(instance))
        .route("/{tenant}/v2.0/.well-known/openid-configuration", get(configuration))
        .route("/{tenant}/.well-known/openid-configuration", get(configuration))
        .route("/{tenant}/discovery/v2.0/keys", get(keys))
        .route("/{tenant}/oauth2/v2.0/token", post(token_v2))
        .route("/{tenant}/oauth2/token", post(token_v1))
}

async fn instance(State(world): State<Arc<World>>) -> Json<Value> {
    let base = world.base();
    let host = base.split_once("://").map_or(base, |(_, host)| host);
    Json(json!({
        "tenant_discovery_endpoint": format!("{base}/common/v2.0/.well-known/openid-configuration"),
        "api-version": "1.1",
        "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}],
    }))
}

async fn configuration(State(world): State<Arc<World>>, Path(tenant): Path<String>) -> Json<Value> {
    let own = format!("{}/{tenant}", world.base());
    Json(json!({
        "issuer": format!("{own}/v2.0"),
        "token_endpoint": format!("{own}/oauth2/v2.0/token"),
        "authorization_endpoint": format!("{own}/oauth2/v2.0/authorize"),
        "device_authorization_endpoint": format!("{own}/oauth2/v2.0/devicecode"),
        "jwks_uri": format!("{own}/discovery/v2.0/keys"),
        "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "response_types_supported": ["code", "id_token"],
        "scopes_supported": ["openid"],
        "subject_types_supported": ["pairwise"],
        "cloud_instance_name": "localhost",
        "msgraph_host": "localhost",
        "tenant_region_scope": "EU",
    }))
}

async fn keys(State(world): State<Arc<World>>) -> Json<JwkSet> {
    Json(world.key().set())
}

async fn token_v1(State(world): State<Arc<World>>, Path(tenant): Path<String>, body: String) -> Response {
    token(&world, &tenant, Version::One, &body).await
}

async fn token_v2(State(world): State<Arc<World>>, Path(tenant): Path<String>, body: String) -> Response {
    token(&world, &tenant, Version::Two, &body).await
}

async fn token(world: &World, tenant: &str, version: Version, body: &str) -> Response {
    match exchange(world, tenant, version, &form_fields(body)).await {
        Ok(body) => ([("cache-control", "no-store")], Json(body)).into_response(),
        Err(refused) => refused.answer(world),
    }
}
