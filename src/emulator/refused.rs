//! Entra's refusals on the wire: code, HTTP status, `error` and the fields beside it.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::{key::guid, world::World};

/// A refusal of the token endpoint. The texts are our own; codes and the values in them are Entra's.
#[derive(Debug)]
pub(super) struct Refused {
    code: u32,
    text: String,
}

impl Refused {
    pub(super) fn new(code: u32, text: impl Into<String>) -> Self {
        Self { code, text: text.into() }
    }

    /// The answer with its trace and correlation ids.
    pub(super) fn answer(&self, world: &World) -> Response {
        let (status, error) = kind(self.code);
        let (trace, correlation, timestamp) = (guid(), guid(), world.timestamp());
        let Self { code, text } = self;
        let body = json!({
            "error": error,
            "error_description": format!(
                "AADSTS{code}: {text} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {timestamp}"
            ),
            "error_codes": [code],
            "timestamp": timestamp,
            "trace_id": trace,
            "correlation_id": correlation,
            "error_uri": format!("{}/error?code={code}", world.base()),
        });
        (status, [("cache-control", "no-store")], Json(body)).into_response()
    }
}

/// HTTP status and `error` of a code.
///
/// Source: 401 `invalid_client` for the credential family, microsoft/Agents#202 and Azure/azure-workload-identity#1232; 400
/// `invalid_request` for 50166, 90061, 50027 and 900023; 400 `invalid_scope` for 70011,
/// <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow>. Assumed: the status of the others.
fn kind(code: u32) -> (StatusCode, &'static str) {
    match code {
        70_016 | 700_016 => (StatusCode::BAD_REQUEST, "unauthorized_client"),
        70_003 => (StatusCode::BAD_REQUEST, "unsupported_grant_type"),
        70_011 | 1_002_012 => (StatusCode::BAD_REQUEST, "invalid_scope"),
        500_011 => (StatusCode::BAD_REQUEST, "invalid_resource"),
        50_027 | 50_166 | 90_002 | 90_061 | 900_023 | 900_144 => (StatusCode::BAD_REQUEST, "invalid_request"),
        7_000_229 => (StatusCode::UNAUTHORIZED, "unauthorized_client"),
        _ => (StatusCode::UNAUTHORIZED, "invalid_client"),
    }
}
