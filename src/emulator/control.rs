//! The control door: scripts read and replace the state, set faults, and read what was asked.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::State as Shared,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::{Value, json};

use super::{fault::Fault, read, record::Recorded, state::State, world::World};

pub(super) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/_emulator/state", get(state).put(set_state).patch(change_state))
        .route("/_emulator/faults", get(faults).put(set_faults))
        .route("/_emulator/requests", get(requests).delete(forget_requests))
}

async fn state(Shared(world): Shared<Arc<World>>) -> Json<State> {
    Json(world.state().clone())
}

/// Replaces the whole state by a document in YAML or JSON.
async fn set_state(Shared(world): Shared<Arc<World>>, body: String) -> Response {
    match read::state("request", &body) {
        Ok(state) => {
            *world.state() = state;
            StatusCode::NO_CONTENT.into_response()
        }
        Err(error) => refuse(&error),
    }
}

/// Puts the keys of a YAML or JSON document over the state, mapping by mapping; lists are replaced.
async fn change_state(Shared(world): Shared<Arc<World>>, body: String) -> Response {
    let mut state = world.state();
    match read::changed(&state, "request", &body) {
        Ok(changed) => {
            *state = changed;
            StatusCode::NO_CONTENT.into_response()
        }
        Err(error) => refuse(&error),
    }
}

async fn faults(Shared(world): Shared<Arc<World>>) -> Json<Vec<Fault>> {
    Json(world.state().faults.clone())
}

async fn set_faults(Shared(world): Shared<Arc<World>>, body: String) -> Response {
    match read::faults("request", &body) {
        Ok(faults) => {
            world.state().faults = faults;
            StatusCode::NO_CONTENT.into_response()
        }
        Err(error) => refuse(&error),
    }
}

async fn requests(Shared(world): Shared<Arc<World>>) -> Json<Vec<Recorded>> {
    Json(world.requests().clone())
}

async fn forget_requests(Shared(world): Shared<Arc<World>>) -> StatusCode {
    world.requests().clear();
    StatusCode::NO_CONTENT
}

fn refuse(error: &read::StateError) -> Response {
    let body: Value = json!({"error": error.to_string()});
    (StatusCode::BAD_REQUEST, Json(body)).into_response()
}
