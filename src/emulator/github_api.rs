//! GitHub's REST API as far as it decides subjects: the repository, its subject template, its environments.
//!
//! Source: <https://docs.github.com/rest/actions/oidc>; `sub_claim_prefix`, github/rest-api-description.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{job::GitHub, page::page, subject, world::World};

pub(super) fn routes() -> Router<Arc<World>> {
    let at = |path: &str| format!("/github/api/repos/{{owner}}/{{name}}{path}");
    Router::new()
        .route(&at(""), get(repository))
        .route(&at("/actions/oidc/customization/sub"), get(customization).put(customize))
        .route(&at("/environments"), get(environments))
        .route("/github/api/orgs/{owner}/actions/oidc/customization/sub", get(of_organization))
}

type Named = Path<(String, String)>;
type Missing = (StatusCode, Json<Value>);

/// What GitHub says, if the path names the emulated repository.
fn known(world: &World, owner: &str, name: &str) -> Result<GitHub, Missing> {
    let github = world.state().github.clone();
    if format!("{owner}/{name}").eq_ignore_ascii_case(&github.job.repository) {
        return Ok(github);
    }
    let body =
        json!({"message": "Not Found", "documentation_url": "https://docs.github.com/rest", "status": "404"});
    Err((StatusCode::NOT_FOUND, Json(body)))
}

async fn repository(
    State(world): State<Arc<World>>,
    Path((owner, name)): Named,
) -> Result<Json<Value>, Missing> {
    let github = known(&world, &owner, &name)?;
    let job = &github.job;
    let url = format!("{}/github/api/repos/{}", world.base(), job.repository);
    Ok(Json(json!({
        "id": job.repository_id,
        "node_id": "R_emulated",
        "name": job.name(),
        "full_name": job.repository,
        "private": job.visibility != "public",
        "visibility": job.visibility,
        "owner": {"login": job.owner(), "id": job.owner_id, "type": "Organization"},
        "html_url": format!("https://github.com/{}", job.repository),
        "url": url,
        "default_branch": github.default_branch,
    })))
}

async fn customization(
    State(world): State<Arc<World>>,
    Path((owner, name)): Named,
) -> Result<Json<Value>, Missing> {
    let github = known(&world, &owner, &name)?;
    let mut body = json!({
        "use_default": subject::uses_default(&github),
        "use_immutable_subject": github.immutable,
        "sub_claim_prefix": subject::prefix(&github).map(|prefix| prefix.to_string()),
    });
    if let (false, Value::Object(body)) = (github.template.is_empty(), &mut body) {
        body.insert("include_claim_keys".into(), json!(github.template));
    }
    Ok(Json(body))
}

async fn of_organization(
    State(world): State<Arc<World>>,
    Path(owner): Path<String>,
) -> Result<Json<Value>, Missing> {
    let github = world.state().github.clone();
    if !owner.eq_ignore_ascii_case(github.job.owner()) || github.organization_template.is_empty() {
        let message = format!("No Actions OIDC custom sub claim template found for the organization {owner}");
        return Err((StatusCode::NOT_FOUND, Json(json!({"message": message, "status": "404"}))));
    }
    Ok(Json(json!({"include_claim_keys": github.organization_template})))
}

#[derive(Deserialize)]
struct Customized {
    use_default: bool,
    #[serde(default)]
    include_claim_keys: Vec<String>,
    use_immutable_subject: Option<bool>,
}

async fn customize(
    State(world): State<Arc<World>>,
    Path((owner, name)): Named,
    Json(asked): Json<Customized>,
) -> Result<Response, Missing> {
    known(&world, &owner, &name)?;
    let mut state = world.state();
    state.github.use_default = asked.use_default;
    state.github.template = if asked.use_default { Vec::new() } else { asked.include_claim_keys };
    state.github.immutable = asked.use_immutable_subject.unwrap_or(state.github.immutable);
    Ok((StatusCode::CREATED, Json(json!({}))).into_response())
}

#[derive(Deserialize)]
struct Pages {
    per_page: Option<usize>,
    page: Option<usize>,
}

async fn environments(
    State(world): State<Arc<World>>,
    Path((owner, name)): Named,
    Query(pages): Query<Pages>,
) -> Result<Response, Missing> {
    let github = known(&world, &owner, &name)?;
    let size = pages.per_page.unwrap_or(30).clamp(1, 100);
    let number = pages.page.unwrap_or(1).max(1);
    let (entries, next) = page(&github.environments, (number - 1) * size, size);
    let list: Vec<Value> = entries.iter().map(|name| json!({"id": 1, "name": name})).collect();
    let body = Json(json!({"total_count": github.environments.len(), "environments": list}));
    let link = next.map(|_| {
        let path = format!("{}/github/api/repos/{}/environments", world.base(), github.job.repository);
        format!("<{path}?per_page={size}&page={}>; rel=\"next\"", number + 1)
    });
    Ok(match link {
        Some(link) => ([("link", link)], body).into_response(),
        None => body.into_response(),
    })
}
