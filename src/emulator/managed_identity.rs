//! Managed identities and their federated identity credentials in Azure Resource Manager.
//!
//! Source: <https://learn.microsoft.com/rest/api/managedidentity/federated-identity-credentials>; the requests of azure-cli 2.91.

use std::{sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::{Request, State},
    http::{Method, StatusCode},
    response::{IntoResponse, Response},
    routing::any,
};
use serde_json::{Value, json};

use super::{
    bearer::{self, Barred},
    page::{in_query, page, segments},
    state::{ManagedIdentity, StoredCredential},
    world::World,
};
use crate::trust::Home;

/// Every api-version that the federated credentials of a managed identity have.
///
/// Source: Azure/azure-rest-api-specs specification/msi.
const VERSIONS: &[&str] = &[
    "2022-01-31-preview",
    "2023-01-31",
    "2023-07-31-preview",
    "2024-11-30",
    "2025-01-31-preview",
    "2025-05-31-preview",
    "2026-04-30",
    "2026-05-31",
];

pub(super) fn routes() -> Router<Arc<World>> {
    Router::new().route("/subscriptions/{*path}", any(resource))
}

/// What went wrong, in ARM's words.
struct ArmError(StatusCode, &'static str, String);

type Answer = Result<Response, ArmError>;

async fn resource(State(world): State<Arc<World>>, request: Request) -> Response {
    answer(&world, request).await.unwrap_or_else(|ArmError(status, code, message)| {
        (status, Json(json!({"error": {"code": code, "message": message, "details": []}}))).into_response()
    })
}

async fn answer(world: &World, request: Request) -> Answer {
    let (head, body) = request.into_parts();
    let access = world.state().arm;
    bearer::check(world, &head.headers, access, head.method != Method::GET).map_err(barred)?;
    let query = head.uri.query().unwrap_or("");
    check_version(query)?;
    let path = segments(head.uri.path());
    let target = Target::of(&path).ok_or_else(|| missing(head.uri.path()))?;
    let Some(rest) = target.credential else { return identity(world, &target) };
    if head.method == Method::GET {
        return match rest {
            None => list(world, &target, query),
            Some(name) => target
                .with(world, |one| find(one, name).map(|found| Json(wire(one, &found)).into_response()))?,
        };
    }
    let name =
        rest.ok_or_else(|| ArmError(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", "No.".into()))?;
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap_or_default();
    write(world, &target, &head.method, name, &body).await
}

/// The managed identity a path names: `credential` is `None` for the identity itself, `Some(None)` for its list.
struct Target<'a> {
    subscription: &'a str,
    group: &'a str,
    name: &'a str,
    credential: Option<Option<&'a str>>,
}

impl<'a> Target<'a> {
    fn of(path: &'a [String]) -> Option<Self> {
        let parts: Vec<&str> = path.iter().map(String::as_str).collect();
        let ["subscriptions", subscription, groups, group, "providers", provider, kind, name, rest @ ..] =
            parts.as_slice()
        else {
            return None;
        };
        let same = |text: &str, wanted: &str| text.eq_ignore_ascii_case(wanted);
        let right = same(groups, "resourceGroups")
            && same(provider, "Microsoft.ManagedIdentity")
            && same(kind, "userAssignedIdentities");
        let credential = match rest {
            [] => None,
            [list] if same(list, "federatedIdentityCredentials") => Some(None),
            [list, name] if same(list, "federatedIdentityCredentials") => Some(Some(*name)),
            _ => return None,
        };
        right.then_some(Self { subscription, group, name, credential })
    }

    fn with<T>(&self, world: &World, look: impl FnOnce(&mut ManagedIdentity) -> T) -> Result<T, ArmError> {
        let same = |text: &str, wanted: &str| text.eq_ignore_ascii_case(wanted);
        let mut state = world.state();
        let found = state.identities.iter_mut().find(|one| {
            same(&one.subscription, self.subscription)
                && same(&one.resource_group, self.group)
                && same(&one.name, self.name)
        });
        found.map(look).ok_or_else(|| missing(&format!("userAssignedIdentities/{}", self.name)))
    }
}

fn identity(world: &World, target: &Target<'_>) -> Answer {
    let tenant = world.state().tenants.first().map(|tenant| tenant.id.clone());
    target.with(world, |one| {
        Json(json!({
            "id": id(one),
            "name": one.name,
            "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
            "location": one.location,
            "properties": {"tenantId": tenant, "principalId": one.principal_id, "clientId": one.client_id},
        }))
        .into_response()
    })
}

fn list(world: &World, target: &Target<'_>, query: &str) -> Answer {
    let from = in_query(query, "$skiptoken").and_then(|from| from.parse().ok()).unwrap_or(0);
    let standard = world.state().page_size;
    let size = in_query(query, "$top").and_then(|top| top.parse().ok()).unwrap_or(standard);
    let version = in_query(query, "api-version").unwrap_or_default();
    target.with(world, |one| {
        let (entries, next) = page(&one.credentials, from, size);
        let mut body = json!({"value": entries.iter().map(|entry| wire(one, entry)).collect::<Vec<_>>()});
        if let (Some(next), Value::Object(body)) = (next, &mut body) {
            let link = format!(
                "{}{}/federatedIdentityCredentials?api-version={version}&$top={size}&$skiptoken={next}",
                world.base(),
                id(one)
            );
            body.insert("nextLink".into(), json!(link));
        }
        Json(body).into_response()
    })
}

/// Source: one write at a time under an identity, else 409, considerations on learn.microsoft.com/entra/workload-id.
async fn write(world: &World, target: &Target<'_>, method: &Method, name: &str, body: &[u8]) -> Answer {
    let parent = target.with(world, |one| id(one))?;
    let Some(_under_way) = world.begin_write(&parent) else {
        let message = format!("Another federated identity credential is being written under '{parent}'.");
        let code = "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity";
        return Err(ArmError(StatusCode::CONFLICT, code, message));
    };
    let takes = world.state().arm_write_milliseconds;
    if takes > 0 {
        world.clock().sleep(Duration::from_millis(takes)).await;
    }
    target.with(world, |one| match method.as_str() {
        "PUT" => put(one, name, body),
        "DELETE" => {
            let before = one.credentials.len();
            one.credentials.retain(|entry| !entry.is(name));
            let gone = one.credentials.len() < before;
            Ok(if gone { StatusCode::OK } else { StatusCode::NO_CONTENT }.into_response())
        }
        _ => Err(ArmError(
            StatusCode::METHOD_NOT_ALLOWED,
            "MethodNotAllowed",
            "Only GET, PUT and DELETE.".into(),
        )),
    })?
}

fn put(one: &mut ManagedIdentity, name: &str, body: &[u8]) -> Answer {
    let body: Value = serde_json::from_slice(body).map_err(|_| bad("The request format was unexpected."))?;
    let properties = body.get("properties").ok_or_else(|| bad("The request has no 'properties'."))?;
    let text = |name: &str| properties.get(name).and_then(Value::as_str).map(str::to_owned);
    let audiences = properties.get("audiences").and_then(Value::as_array).cloned().unwrap_or_default();
    let new = StoredCredential {
        id: String::new(),
        name: name.to_owned(),
        issuer: text("issuer").unwrap_or_default(),
        subject: text("subject"),
        expression: properties
            .pointer("/claimsMatchingExpression/value")
            .and_then(Value::as_str)
            .map(str::to_owned),
        audiences: audiences.iter().filter_map(|one| one.as_str().map(str::to_owned)).collect(),
        description: None,
    };
    let existed = one.credentials.iter().any(|entry| entry.name == name);
    let shown = wire(one, &new);
    new.put_into(&mut one.credentials, Home::ManagedIdentity).map_err(|why| bad(&why.to_string()))?;
    Ok((if existed { StatusCode::OK } else { StatusCode::CREATED }, Json(shown)).into_response())
}

fn find(one: &ManagedIdentity, name: &str) -> Result<StoredCredential, ArmError> {
    one.credentials.iter().find(|entry| entry.is(name)).cloned().ok_or_else(|| missing(name))
}

/// Source: ids come back with `resourcegroups` in lower case, Azure/azure-rest-api-specs examples.
fn id(one: &ManagedIdentity) -> String {
    format!(
        "/subscriptions/{}/resourcegroups/{}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{}",
        one.subscription, one.resource_group, one.name
    )
}

fn wire(one: &ManagedIdentity, entry: &StoredCredential) -> Value {
    let mut properties =
        json!({"issuer": entry.issuer, "subject": entry.subject, "audiences": entry.audiences});
    if let (Some(expression), Value::Object(properties)) = (&entry.expression, &mut properties) {
        properties
            .insert("claimsMatchingExpression".into(), json!({"value": expression, "languageVersion": 1}));
    }
    json!({
        "id": format!("{}/federatedIdentityCredentials/{}", id(one), entry.name),
        "name": entry.name,
        "type": "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
        "properties": properties,
    })
}

fn check_version(query: &str) -> Result<(), ArmError> {
    match in_query(query, "api-version") {
        Some(version) if VERSIONS.contains(&version.as_str()) => Ok(()),
        Some(version) => {
            let message =
                format!("The api-version '{version}' is not known; known are {}.", VERSIONS.join(", "));
            Err(ArmError(StatusCode::BAD_REQUEST, "NoRegisteredProviderFound", message))
        }
        None => {
            let message = "The api-version query parameter is required for all requests.".into();
            Err(ArmError(StatusCode::BAD_REQUEST, "MissingApiVersionParameter", message))
        }
    }
}

fn barred(barred: Barred) -> ArmError {
    match barred {
        Barred::Unknown => ArmError(
            StatusCode::UNAUTHORIZED,
            "InvalidAuthenticationToken",
            "The access token is missing, expired or not of this emulator.".into(),
        ),
        Barred::Forbidden => ArmError(
            StatusCode::FORBIDDEN,
            "AuthorizationFailed",
            "The client does not have authorization to perform this action.".into(),
        ),
    }
}

fn bad(message: &str) -> ArmError {
    ArmError(StatusCode::BAD_REQUEST, "BadRequest", message.to_owned())
}

fn missing(what: &str) -> ArmError {
    ArmError(StatusCode::NOT_FOUND, "ResourceNotFound", format!("The Resource '{what}' was not found."))
}
