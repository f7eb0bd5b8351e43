//! Where a workload on AWS learns its region and its key: the instance metadata service, version 2, and the container's endpoint.
//!
//! Source: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html>,
//! <https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html>.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, put},
};
use serde_json::{Value, json};

use super::{
    amazon::Amazon,
    world::{World, rfc3339},
};

/// The path of the container's endpoint.
pub(super) const CONTAINER: &str = "/aws/container/credentials";
/// What a container must prove itself with.
pub(super) const CONTAINER_PROOF: &str = "emulated-container-proof";
/// The session that version 2 wants before it says anything.
const SESSION: &str = "emulated-metadata-session";

pub(super) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/latest/api/token", put(session))
        .route("/latest/meta-data/placement/region", get(region))
        .route("/latest/meta-data/iam/security-credentials/", get(role))
        .route("/latest/meta-data/iam/security-credentials/{role}", get(credentials))
        .route(CONTAINER, get(container))
}

async fn session(headers: HeaderMap) -> Response {
    match headers.contains_key("x-aws-ec2-metadata-token-ttl-seconds") {
        true => SESSION.into_response(),
        false => StatusCode::BAD_REQUEST.into_response(),
    }
}

async fn region(State(world): State<Arc<World>>, headers: HeaderMap) -> Response {
    let amazon = world.state().amazon.clone();
    in_session(&headers, || amazon.region.clone().into_response())
}

async fn role(State(world): State<Arc<World>>, headers: HeaderMap) -> Response {
    let amazon = world.state().amazon.clone();
    in_session(&headers, || amazon.role_name().to_owned().into_response())
}

async fn credentials(
    State(world): State<Arc<World>>,
    Path(asked): Path<String>,
    headers: HeaderMap,
) -> Response {
    let amazon = world.state().amazon.clone();
    in_session(&headers, || match asked == amazon.role_name() {
        true => Json(key(&world, &amazon)).into_response(),
        false => StatusCode::NOT_FOUND.into_response(),
    })
}

async fn container(State(world): State<Arc<World>>, headers: HeaderMap) -> Response {
    let proof = headers.get(header::AUTHORIZATION).map(|value| value.as_bytes());
    if proof != Some(CONTAINER_PROOF.as_bytes()) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let amazon = world.state().amazon.clone();
    Json(key(&world, &amazon)).into_response()
}

fn in_session(headers: &HeaderMap, answer: impl FnOnce() -> Response) -> Response {
    let sent = headers.get("x-aws-ec2-metadata-token").map(|value| value.as_bytes());
    if sent == Some(SESSION.as_bytes()) { answer() } else { StatusCode::UNAUTHORIZED.into_response() }
}

fn key(world: &World, amazon: &Amazon) -> Value {
    json!({
        "Code": "Success",
        "Type": "AWS-HMAC",
        "AccessKeyId": amazon.access_key,
        "SecretAccessKey": amazon.secret_key,
        "Token": "emulated-session-token",
        "Expiration": rfc3339(world.now() + amazon.session_seconds),
    })
}
