//! The door of Google Cloud's metadata server.
//!
//! Source: which paths are asked, googleapis/google-auth-library-python `google/auth/compute_engine/_metadata.py`.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json, Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::json;

use super::world::World;
use crate::issuer::google;

const FLAVOR: (&str, &str) = ("Metadata-Flavor", "Google");

pub(super) fn routes() -> Router<Arc<World>> {
    let account = "/computeMetadata/v1/instance/service-accounts/default/";
    Router::new()
        .route("/", get(async || ([FLAVOR], "computeMetadata/\n")))
        .route(account, get(describe))
        .route(&format!("{account}identity"), get(identity))
}

async fn describe(State(world): State<Arc<World>>, headers: HeaderMap) -> Response {
    let email = world.state().workloads.google.email.clone();
    guarded(&headers, Json(json!({"aliases": ["default"], "email": email, "scopes": []})).into_response())
}

async fn identity(
    State(world): State<Arc<World>>,
    Query(query): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    let Some(audience) = query.get("audience") else {
        return guarded(
            &headers,
            (StatusCode::BAD_REQUEST, "non-empty audience parameter required").into_response(),
        );
    };
    let account = world.state().workloads.google.clone();
    let now = world.now();
    let claims = json!({
        "aud": audience,
        "azp": account.unique_id,
        "email": account.email,
        "email_verified": true,
        "exp": now + 3_600,
        "iat": now,
        "iss": google::ISSUER,
        "sub": account.unique_id,
    });
    match world.key().sign(&claims) {
        Ok(token) => guarded(&headers, token.into_response()),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// The answer with Google's header, for those who sent it; nobody else gets one.
fn guarded(headers: &HeaderMap, answer: Response) -> Response {
    let (name, value) = FLAVOR;
    if headers.get(name).is_none_or(|sent| sent.as_bytes() != value.as_bytes()) {
        return (StatusCode::FORBIDDEN, "Missing required header \"Metadata-Flavor\": \"Google\"")
            .into_response();
    }
    ([FLAVOR], answer).into_response()
}
