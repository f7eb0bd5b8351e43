//! A cluster's door: the request for a service account's token.
//!
//! Source: <https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-request-v1/>.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::post,
};
use serde_json::{Value, json};

use super::world::{World, rfc3339};
use crate::issuer::ServiceAccount;

pub(super) fn routes() -> Router<Arc<World>> {
    Router::new().route("/kubernetes/api/v1/namespaces/{namespace}/serviceaccounts/{name}/token", post(token))
}

async fn token(
    State(world): State<Arc<World>>,
    Path((namespace, name)): Path<(String, String)>,
    Json(asked): Json<Value>,
) -> Response {
    let cluster = world.state().workloads.kubernetes.clone();
    let audiences =
        asked.pointer("/spec/audiences").filter(|list| list.as_array().is_some_and(|list| !list.is_empty()));
    let audiences = audiences.cloned().unwrap_or_else(|| json!([cluster.audience]));
    let lifetime = asked.pointer("/spec/expirationSeconds").and_then(Value::as_i64).unwrap_or(3_600);
    let account = ServiceAccount { namespace: &namespace, name: &name };
    let now = world.now();
    let claims = json!({
        "aud": audiences,
        "exp": now + lifetime,
        "iat": now,
        "iss": cluster.issuer,
        "kubernetes.io": {"namespace": namespace, "serviceaccount": {"name": name}},
        "nbf": now,
        "sub": account.subject(),
    });
    match world.key().sign(&claims) {
        Ok(token) => {
            let status = json!({"token": token, "expirationTimestamp": rfc3339(now + lifetime)});
            let body =
                json!({"kind": "TokenRequest", "apiVersion": "authentication.k8s.io/v1", "status": status});
            (StatusCode::CREATED, Json(body)).into_response()
        }
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
