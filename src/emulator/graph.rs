//! Microsoft Graph: applications and their federated identity credentials, as az asks for them.
//!
//! Source: <https://learn.microsoft.com/graph/api/resources/federatedidentitycredential>; the requests of azure-cli 2.91.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Request, State},
    http::{Method, StatusCode},
    response::{IntoResponse, Response},
    routing::any,
};
use serde_json::{Map, Value, json};

use super::{
    bearer::{self, Barred},
    key::guid,
    page::{in_query, page, segments},
    state::{Application, StoredCredential},
    store::Rejected,
    world::World,
};
use crate::trust::{Home, SetViolation};

pub(super) fn routes() -> Router<Arc<World>> {
    Router::new().route("/v1.0/{*path}", any(graph)).route("/beta/{*path}", any(graph))
}

/// What went wrong, in Graph's words.
struct GraphError(StatusCode, &'static str, String);

type Answer = Result<Response, GraphError>;

/// A request taken apart.
struct Asked {
    method: Method,
    beta: bool,
    path: Vec<String>,
    query: String,
    body: Map<String, Value>,
    upsert: bool,
}

async fn graph(State(world): State<Arc<World>>, request: Request) -> Response {
    let request_id = guid();
    let answer = match taken_apart(&world, request).await {
        Ok(asked) => answer(&world, &asked),
        Err(error) => Err(error),
    };
    answer.unwrap_or_else(|GraphError(status, code, message)| {
        let inner =
            json!({"date": world.timestamp(), "request-id": request_id, "client-request-id": request_id});
        (status, Json(json!({"error": {"code": code, "message": message, "innerError": inner}})))
            .into_response()
    })
}

async fn taken_apart(world: &World, request: Request) -> Result<Asked, GraphError> {
    let (head, body) = request.into_parts();
    let access = world.state().graph;
    bearer::check(world, &head.headers, access, head.method != Method::GET).map_err(
        |barred| match barred {
            Barred::Unknown => GraphError(
                StatusCode::UNAUTHORIZED,
                "InvalidAuthenticationToken",
                "The access token is missing, expired or not of this emulator.".into(),
            ),
            Barred::Forbidden => GraphError(
                StatusCode::FORBIDDEN,
                "Authorization_RequestDenied",
                "Insufficient privileges to complete the operation.".into(),
            ),
        },
    )?;
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap_or_default();
    let body = if body.is_empty() { Ok(Map::new()) } else { serde_json::from_slice(&body) };
    Ok(Asked {
        method: head.method,
        beta: head.uri.path().starts_with("/beta"),
        path: segments(head.uri.path()).split_off(1),
        query: head.uri.query().unwrap_or("").to_owned(),
        body: body.map_err(|_| bad_request("The request body is no JSON object."))?,
        upsert: head.headers.get("prefer").is_some_and(|value| value == "create-if-missing"),
    })
}

fn answer(world: &World, asked: &Asked) -> Answer {
    let path: Vec<&str> = asked.path.iter().map(String::as_str).collect();
    let (application, rest): (String, &[&str]) = match path.as_slice() {
        ["applications"] => return applications(world, asked),
        ["applications", id, rest @ ..] => ((*id).to_owned(), rest),
        [first, rest @ ..] if first.starts_with("applications(") => {
            (quoted(first).ok_or_else(|| not_found(first))?.to_owned(), rest)
        }
        _ => return Err(not_found(&path.join("/"))),
    };
    let mut state = world.state();
    let (size, base) = (state.page_size, world.base().to_owned());
    let owner = state
        .applications
        .iter_mut()
        .find(|app| app.object_id == application || app.client_id == application)
        .ok_or_else(|| not_found(&application))?;
    match rest {
        [] => Ok(Json(shown(owner)).into_response()),
        ["federatedIdentityCredentials"] => collection(owner, asked, size, &base),
        ["federatedIdentityCredentials", key] => single(owner, asked, key),
        [one] if one.starts_with("federatedIdentityCredentials(") => {
            single(owner, asked, quoted(one).ok_or_else(|| not_found(one))?)
        }
        _ => Err(not_found(&rest.join("/"))),
    }
}

/// What stands between the quotes of `segment(key='value')`.
fn quoted(segment: &str) -> Option<&str> {
    segment.split_once('\'')?.1.split_once('\'').map(|(value, _)| value)
}

fn applications(world: &World, asked: &Asked) -> Answer {
    let filter = in_query(&asked.query, "$filter").unwrap_or_default();
    let wanted = filter.strip_prefix("appId eq ").and_then(quoted);
    let none = filter.contains("identifierUris");
    let state = world.state();
    let found = state.applications.iter().filter(|app| !none && wanted.is_none_or(|id| id == app.client_id));
    Ok(Json(json!({"value": found.map(shown).collect::<Vec<_>>()})).into_response())
}

fn shown(app: &Application) -> Value {
    json!({"id": app.object_id, "appId": app.client_id, "displayName": app.name, "identifierUris": []})
}

fn collection(owner: &mut Application, asked: &Asked, size: usize, base: &str) -> Answer {
    if asked.method == Method::GET {
        return list(owner, asked, size, base);
    }
    if asked.method != Method::POST {
        return Err(not_allowed());
    }
    let new = StoredCredential { id: guid(), ..read(&asked.body, asked.beta)? };
    if owner.credentials.iter().any(|one| one.name == new.name) {
        let message = format!("FederatedIdentityCredential with name {} already exists.", new.name);
        return Err(GraphError(StatusCode::CONFLICT, "Request_MultipleObjectsWithSameKeyValue", message));
    }
    let body = wire(&new, asked.beta);
    new.put_into(&mut owner.credentials, Home::Application).map_err(rejected)?;
    Ok((StatusCode::CREATED, Json(body)).into_response())
}

/// Source: v1.0 answers 200 with an error object inside the list when a flexible credential is among the entries,
/// Azure/azure-workload-identity#373.
fn list(owner: &Application, asked: &Asked, size: usize, base: &str) -> Answer {
    let from = in_query(&asked.query, "$skiptoken").and_then(|from| from.parse().ok()).unwrap_or(0);
    let size = in_query(&asked.query, "$top").and_then(|top| top.parse().ok()).unwrap_or(size);
    let (entries, next) = page(&owner.credentials, from, size);
    let version = if asked.beta { "beta" } else { "v1.0" };
    let mut value = Vec::new();
    for one in entries {
        if one.expression.is_some() && !asked.beta {
            value.push(json!({"error": {"code": "InternalServerError", "message": "Encountered an internal server error."}}));
            break;
        }
        value.push(wire(one, asked.beta));
    }
    let mut body = json!({"@odata.context": format!("{base}/{version}/$metadata#federatedIdentityCredentials"), "value": value});
    if let (Some(next), Value::Object(body)) = (next, &mut body) {
        let object = &owner.object_id;
        let link = format!(
            "{base}/{version}/applications/{object}/federatedIdentityCredentials?$top={size}&$skiptoken={next}"
        );
        body.insert("@odata.nextLink".into(), json!(link));
    }
    Ok(Json(body).into_response())
}

fn single(owner: &mut Application, asked: &Asked, key: &str) -> Answer {
    let old = owner.credentials.iter().find(|one| one.is(key)).cloned();
    let method = asked.method.as_str();
    match (method, old) {
        ("GET", Some(old)) => Ok(Json(wire(&old, asked.beta)).into_response()),
        ("DELETE", Some(old)) => {
            owner.credentials.retain(|one| one.name != old.name);
            Ok(StatusCode::NO_CONTENT.into_response())
        }
        ("PATCH", Some(old)) => {
            let changed = merged(&old, &asked.body, asked.beta)?;
            changed.put_into(&mut owner.credentials, Home::Application).map_err(rejected)?;
            Ok(StatusCode::NO_CONTENT.into_response())
        }
        ("PATCH", None) if asked.upsert => {
            let blank = StoredCredential { id: guid(), name: key.to_owned(), ..StoredCredential::default() };
            let new = merged(&blank, &asked.body, asked.beta)?;
            let body = wire(&new, asked.beta);
            new.put_into(&mut owner.credentials, Home::Application).map_err(rejected)?;
            Ok((StatusCode::CREATED, Json(body)).into_response())
        }
        ("GET" | "DELETE" | "PATCH", None) => Err(not_found(key)),
        _ => Err(not_allowed()),
    }
}

fn wire(one: &StoredCredential, beta: bool) -> Value {
    let mut body = json!({
        "id": one.key(),
        "name": one.name,
        "issuer": one.issuer,
        "subject": one.subject,
        "description": one.description,
        "audiences": one.audiences,
    });
    if let (true, Value::Object(body)) = (beta, &mut body) {
        let expression = one.expression.as_ref().map(|value| json!({"value": value, "languageVersion": 1}));
        body.insert("claimsMatchingExpression".into(), json!(expression));
    }
    body
}

fn read(body: &Map<String, Value>, beta: bool) -> Result<StoredCredential, GraphError> {
    merged(&StoredCredential::default(), body, beta)
}

/// `old` with what `body` names put over it; the name stays, since it cannot change.
fn merged(
    old: &StoredCredential,
    body: &Map<String, Value>,
    beta: bool,
) -> Result<StoredCredential, GraphError> {
    let mut new = old.clone();
    let text = |name: &str| body.get(name).map(|value| value.as_str().map(str::to_owned));
    if let (true, Some(Some(name))) = (new.name.is_empty(), text("name")) {
        new.name = name;
    }
    if let Some(issuer) = text("issuer") {
        new.issuer = issuer.unwrap_or_default();
    }
    if let Some(subject) = text("subject") {
        new.subject = subject;
    }
    if let Some(description) = text("description") {
        new.description = description;
    }
    if let Some(audiences) = body.get("audiences").and_then(Value::as_array) {
        new.audiences = audiences.iter().filter_map(|one| one.as_str().map(str::to_owned)).collect();
    }
    if let (true, Some(expression)) = (beta, body.get("claimsMatchingExpression")) {
        new.expression = expression.get("value").and_then(Value::as_str).map(str::to_owned);
    }
    // Source: the answer of v1.0 to an expression, Azure/azure-cli#32816.
    if new.subject.is_none() && new.expression.is_none() {
        return Err(bad_request("Property 'subject' cannot be empty."));
    }
    Ok(new)
}

fn rejected(why: Rejected) -> GraphError {
    let code = match &why {
        Rejected::Alone(_)
        | Rejected::Together(SetViolation::SameTrust { .. } | SetViolation::SameName { .. }) => {
            "InvalidFederatedIdentityCredentialValue"
        }
        Rejected::Together(SetViolation::TooMany { .. }) => "Directory_QuotaExceeded",
    };
    GraphError(StatusCode::BAD_REQUEST, code, why.to_string())
}

fn bad_request(message: &str) -> GraphError {
    GraphError(StatusCode::BAD_REQUEST, "Request_BadRequest", message.to_owned())
}

fn not_found(what: &str) -> GraphError {
    let message = format!(
        "Resource '{what}' does not exist or one of its queried reference-property objects are not present."
    );
    GraphError(StatusCode::NOT_FOUND, "Request_ResourceNotFound", message)
}

fn not_allowed() -> GraphError {
    GraphError(
        StatusCode::METHOD_NOT_ALLOWED,
        "Request_BadRequest",
        "The method is not supported here.".into(),
    )
}
