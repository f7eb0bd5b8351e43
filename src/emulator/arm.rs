//! Azure Resource Manager's doors that need no identity: the endpoints, tenants and subscriptions az asks for at sign-in.

use std::sync::Arc;

use axum::{Json, Router, extract::State, routing::get};
use serde_json::{Value, json};

use super::world::World;

pub(super) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/metadata/endpoints", get(endpoints))
        .route("/tenants", get(tenants))
        .route("/subscriptions", get(subscriptions))
}

/// Source: the document that `az cloud register --endpoint-resource-manager` reads, azure-cli-core `cloud.py`.
async fn endpoints(State(world): State<Arc<World>>) -> Json<Value> {
    let base = world.base();
    Json(json!({
        "name": "FedcredEmulator",
        "portal": base,
        "graph": base,
        "graphAudience": base,
        "microsoftGraphResourceId": base,
        "gallery": base,
        "resourceManager": base,
        "sqlManagement": base,
        "batch": base,
        "media": base,
        "authentication": {
            "loginEndpoint": base,
            "audiences": [base],
            "tenant": "common",
            "identityProvider": "AAD",
        },
        "suffixes": {},
    }))
}

async fn tenants(State(world): State<Arc<World>>) -> Json<Value> {
    let state = world.state();
    let value: Vec<Value> = state
        .tenants
        .iter()
        .map(|tenant| json!({"id": format!("/tenants/{}", tenant.id), "tenantId": tenant.id, "displayName": "emulated"}))
        .collect();
    Json(json!({"value": value}))
}

async fn subscriptions(State(world): State<Arc<World>>) -> Json<Value> {
    let state = world.state();
    let tenant = state.tenants.first().map(|tenant| tenant.id.clone());
    let value: Vec<Value> = state
        .subscriptions
        .iter()
        .map(|id| {
            json!({
                "id": format!("/subscriptions/{id}"),
                "subscriptionId": id,
                "tenantId": tenant,
                "displayName": "emulated",
                "state": "Enabled",
                "subscriptionPolicies": {},
                "authorizationSource": "RoleBased",
            })
        })
        .collect();
    Json(json!({"value": value}))
}
