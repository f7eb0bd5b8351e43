//! The door where a job of Azure Pipelines asks for the token of a service connection.
//!
//! Source: request and answer, Azure/azure-sdk-for-python `azure/identity/_credentials/azure_pipelines.py`.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json, Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::post,
};
use serde_json::json;

use super::{github_oidc::bearer, world::World};

/// The value of `SYSTEM_OIDCREQUESTURI`, behind the emulator's own address.
pub(super) const TOKEN_REQUEST: &str = "/azure-pipelines/octo/oidctoken";

pub(super) fn routes() -> Router<Arc<World>> {
    Router::new().route(TOKEN_REQUEST, post(token))
}

async fn token(
    State(world): State<Arc<World>>,
    Query(query): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    let pipeline = world.state().workloads.pipeline.clone();
    let sent = headers.get("authorization").and_then(|value| value.to_str().ok()).and_then(bearer);
    if sent != Some(&pipeline.system_token) {
        return refuse(StatusCode::UNAUTHORIZED, "the system token is not accepted");
    }
    if query.get("serviceConnectionId") != Some(&pipeline.connection) {
        return refuse(StatusCode::NOT_FOUND, "no such service connection, or this pipeline may not use it");
    }
    let now = world.now();
    let claims = json!({
        "aud": "api://AzureADTokenExchange",
        "exp": now + 600,
        "iat": now,
        "iss": pipeline.issuer,
        "nbf": now,
        "sub": pipeline.subject,
    });
    match world.key().sign(&claims) {
        Ok(token) => Json(json!({"oidcToken": token})).into_response(),
        Err(error) => refuse(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
    }
}

fn refuse(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({"message": message}))).into_response()
}
