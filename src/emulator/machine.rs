//! The doors where a machine asks for the token of its managed identity: virtual machine, App Service, Azure Arc.
//!
//! Source: request and answer, <https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token>,
//! Azure/azure-sdk-for-python `azure/identity/_credentials/{imds,app_service,azure_arc}.py`.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json, Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::{Value, json};

use super::world::World;

/// How long a token of a managed identity lives, in seconds.
const LIFETIME: i64 = 86_400;
/// The file that Azure Arc names in its challenge.
const CHALLENGE: &str = "/var/opt/azcmagent/tokens/emulated.key";

type Asked = Query<BTreeMap<String, String>>;

pub(super) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/metadata/identity/oauth2/token", get(machine))
        .route("/msi/token", get(app_service))
        .route("/arc/token", get(arc))
}

async fn machine(State(world): State<Arc<World>>, Query(query): Asked, headers: HeaderMap) -> Response {
    if headers.get("metadata").is_none_or(|value| !value.as_bytes().eq_ignore_ascii_case(b"true")) {
        return refuse("Required metadata header not specified");
    }
    answer(&world, &query)
}

async fn app_service(State(world): State<Arc<World>>, Query(query): Asked, headers: HeaderMap) -> Response {
    let wanted = world.state().workloads.machine.identity_header.clone();
    if headers.get("x-identity-header").is_none_or(|sent| sent.as_bytes() != wanted.as_bytes()) {
        return (StatusCode::UNAUTHORIZED, Json(json!({"message": "the header is wrong"}))).into_response();
    }
    answer(&world, &query)
}

async fn arc(State(world): State<Arc<World>>, Query(query): Asked, headers: HeaderMap) -> Response {
    let wanted = format!("Basic {}", world.state().workloads.machine.challenge);
    if headers.get(header::AUTHORIZATION).is_some_and(|sent| sent.as_bytes() == wanted.as_bytes()) {
        return answer(&world, &query);
    }
    let realm = format!("Basic realm={CHALLENGE}");
    (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, realm)]).into_response()
}

fn answer(world: &World, query: &BTreeMap<String, String>) -> Response {
    let Some(resource) = query.get("resource") else { return refuse("resource is missing") };
    let wanted = query.get("client_id");
    let now = world.now();
    let claims = {
        let state = world.state();
        let named = |id: &String| wanted.is_none_or(|wanted| wanted.eq_ignore_ascii_case(id));
        let Some(identity) = state.identities.iter().find(|one| named(&one.client_id)) else {
            return refuse("Identity not found");
        };
        let tenant = state.tenants.iter().find(|tenant| state.lives_in(&identity.tenant, tenant));
        let tenant = tenant.map(|tenant| tenant.id.as_str()).unwrap_or_default();
        let mut claims = json!({
            "aud": resource,
            "exp": now + LIFETIME,
            "iat": now,
            "idtyp": "app",
            "iss": format!("https://login.microsoftonline.com/{tenant}/v2.0"),
            "nbf": now,
            "oid": identity.principal_id,
            "sub": identity.principal_id,
            "tid": tenant,
            "ver": "2.0",
            "xms_mirid": format!("/subscriptions/{}/resourcegroups/{}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{}", identity.subscription, identity.resource_group, identity.name),
        });
        overlay(&mut claims, &state.workloads.machine.claims);
        claims
    };
    match world.key().sign(&claims) {
        // Every value is a text here. Source: the pages above.
        Ok(token) => Json(json!({
            "access_token": token,
            "expires_in": LIFETIME.to_string(),
            "expires_on": (now + LIFETIME).to_string(),
            "resource": resource,
            "token_type": "Bearer",
        }))
        .into_response(),
        Err(error) => refuse(&error.to_string()),
    }
}

fn overlay(claims: &mut Value, with: &BTreeMap<String, Value>) {
    let Some(claims) = claims.as_object_mut() else { return };
    for (name, value) in with {
        if value.is_null() {
            claims.remove(name);
        } else {
            claims.insert(name.clone(), value.clone());
        }
    }
}

fn refuse(text: &str) -> Response {
    let body = json!({"error": "invalid_request", "error_description": text});
    (StatusCode::BAD_REQUEST, Json(body)).into_response()
}
