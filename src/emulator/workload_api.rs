//! The Workload API of SPIFFE: one method over gRPC, at the emulator's own port and at a Unix socket.
//!
//! Source: <https://spiffe.io/docs/latest/spiffe-specs/spiffe_workload_api/>.

use std::{io::Cursor, sync::Arc};

use axum::http::{HeaderMap, HeaderValue, Request, Response};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncRead, AsyncWrite};

use super::{amazon::signed, world::World};
use crate::{
    fetch::spiffe::{
        METADATA, METHOD,
        message::{Question, Svid, encode_answer},
    },
    host::{framed, unframed},
    secret::Assertion,
};

/// What the emulated agent knows.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Spiffe {
    /// `jwt_issuer` of the server.
    pub issuer: String,
    /// The ids of every workload that asks; none means that it is not registered.
    pub ids: Vec<String>,
    /// The algorithm in the header; any other than RS256 comes with a signature that is none.
    pub algorithm: String,
}

impl Default for Spiffe {
    fn default() -> Self {
        Self {
            issuer: "https://oidc.example.org".into(),
            ids: vec!["spiffe://example.org/ns/prod/sa/api".into()],
            algorithm: "RS256".into(),
        }
    }
}

/// A status of gRPC and the words beside it.
type Status = (u32, &'static str);

/// Answers every call on one connection.
pub(super) async fn talk(stream: impl AsyncRead + AsyncWrite + Unpin, world: Arc<World>) {
    let handshake = h2::server::Builder::new().handshake::<_, Cursor<Vec<u8>>>(stream).await;
    let Ok(mut connection) = handshake else { return };
    let mut calls = tokio::task::JoinSet::new();
    while let Some(Ok((request, respond))) = connection.accept().await {
        calls.spawn(answer(request, respond, Arc::clone(&world)));
    }
}

async fn answer(
    request: Request<h2::RecvStream>,
    mut respond: h2::server::SendResponse<Cursor<Vec<u8>>>,
    world: Arc<World>,
) -> Result<(), h2::Error> {
    let (head, mut body) = request.into_parts();
    let mut bytes = Vec::new();
    while let Some(piece) = body.data().await {
        bytes.extend_from_slice(&piece?);
    }
    let asked = served(&world, head.uri.path(), &head.headers, &bytes);
    let (frame, status) = match asked {
        Ok(message) => (Some(framed(&message)), (0, "")),
        Err(status) => (None, status),
    };
    let mut head = Response::new(());
    head.headers_mut().insert("content-type", HeaderValue::from_static("application/grpc"));
    let mut stream = respond.send_response(head, false)?;
    if let Some(frame) = frame {
        stream.send_data(Cursor::new(frame), false)?;
    }
    let mut trailers = HeaderMap::new();
    trailers.insert("grpc-status", HeaderValue::from(status.0));
    trailers.insert("grpc-message", HeaderValue::from_static(status.1));
    stream.send_trailers(trailers)
}

fn served(world: &World, path: &str, headers: &HeaderMap, bytes: &[u8]) -> Result<Vec<u8>, Status> {
    if path != METHOD {
        return Err((12, "unknown method"));
    }
    if headers.get(METADATA.0).is_none_or(|value| value != METADATA.1) {
        return Err((3, "security header missing from request"));
    }
    let question = unframed(bytes).and_then(Question::decode).ok_or((3, "no message"))?;
    let audience = question.audiences.first().ok_or((3, "audience must be specified"))?;
    let spiffe = world.state().spiffe.clone();
    let ids = spiffe.ids.iter().filter(|id| question.id.is_empty() || **id == question.id);
    let svids: Vec<Svid> =
        ids.map(|id| Svid { id: id.clone(), token: token(world, &spiffe, id, audience) }).collect();
    if svids.is_empty() { Err((7, "no identity issued")) } else { Ok(encode_answer(&svids)) }
}

fn token(world: &World, spiffe: &Spiffe, id: &str, audience: &str) -> Assertion {
    let token = signed(world, &spiffe.issuer, id, audience, 300);
    if spiffe.algorithm == "RS256" {
        return Assertion::new(token);
    }
    let header = serde_json::json!({"alg": spiffe.algorithm, "kid": "elliptic", "typ": "JWT"}).to_string();
    let payload = token.split('.').nth(1).unwrap_or_default();
    Assertion::new(format!("{}.{payload}.c2ln", URL_SAFE_NO_PAD.encode(header)))
}
