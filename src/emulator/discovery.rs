//! The two public documents of issuers that publish nothing else: a cluster, the AWS account and the SPIRE server.

use std::sync::Arc;

use axum::{Json, Router, extract::State as Shared, routing::get};
use serde_json::json;

use super::{state::State, world::World};

/// Where an issuer's documents are, where its keys are below that, and the name that it gives itself.
type Issuer = (&'static str, &'static str, fn(&State) -> &str);

const ISSUERS: [Issuer; 3] = [
    ("/kubernetes", "/openid/v1/jwks", |state| &state.workloads.kubernetes.issuer),
    ("/aws/oidc", "/keys", |state| &state.amazon.issuer),
    ("/spiffe/oidc", "/keys", |state| &state.spiffe.issuer),
];

pub(super) fn routes() -> Router<Arc<World>> {
    ISSUERS.into_iter().fold(Router::new(), |router, (path, keys, issuer)| {
        let configuration = move |Shared(world): Shared<Arc<World>>| async move {
            let issuer = issuer(&world.state()).to_owned();
            Json(json!({
                "issuer": issuer,
                "jwks_uri": format!("{}{path}{keys}", world.base()),
                "response_types_supported": ["id_token"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
            }))
        };
        let set = |Shared(world): Shared<Arc<World>>| async move { Json(world.key().set()) };
        router
            .route(&format!("{path}/.well-known/openid-configuration"), get(configuration))
            .route(&format!("{path}{keys}"), get(set))
    })
}
