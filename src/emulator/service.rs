//! One request from its first to its last byte: recorded, spoiled by a fault, or answered by a door.

use std::{
    convert::Infallible,
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, Response, StatusCode, header},
};
use hyper::body::{Bytes, Frame, Incoming};
use tower_service::Service;

use super::{
    amazon, amazon_metadata, arm, azure_pipelines, control, discovery, entra,
    fault::{Door, How},
    github_api, github_oidc, google, graph, kubernetes, machine, managed_identity,
    record::Recorded,
    stream::Ending,
    world::World,
};

/// Bodies beyond this length are not read.
const BODY_LIMIT: usize = 1 << 20;

/// Every door.
pub(super) fn router(world: &Arc<World>) -> Router {
    Router::new()
        .merge(amazon::routes())
        .merge(amazon_metadata::routes())
        .merge(arm::routes())
        .merge(azure_pipelines::routes())
        .merge(control::routes())
        .merge(discovery::routes())
        .merge(entra::routes())
        .merge(github_api::routes())
        .merge(github_oidc::routes())
        .merge(google::routes())
        .merge(graph::routes())
        .merge(kubernetes::routes())
        .merge(machine::routes())
        .merge(managed_identity::routes())
        .with_state(Arc::clone(world))
}

/// Answers one request. An error closes the connection without an answer.
pub(super) async fn serve(
    world: Arc<World>,
    router: Router,
    ending: &Ending,
    request: Request<Incoming>,
) -> io::Result<Response<Body>> {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(Body::new(body), BODY_LIMIT).await else {
        return Ok(plain(StatusCode::PAYLOAD_TOO_LARGE, "the request is too long"));
    };
    if !is_for_loopback(&head.headers) {
        return Ok(plain(StatusCode::MISDIRECTED_REQUEST, "the emulator answers this machine only"));
    }
    let recorded = Recorded::new(&head, &body);
    let door = recorded.door;
    let place = world.record(recorded);
    let request = Request::from_parts(head, Body::from(body));
    let answer = spoiled(&world, door, router, ending, request).await;
    if let Ok(answer) = &answer {
        world.record_status(place, answer.status().as_u16());
    }
    answer
}

async fn spoiled(
    world: &World,
    door: Door,
    router: Router,
    ending: &Ending,
    request: Request<Body>,
) -> io::Result<Response<Body>> {
    match world.next_fault(door) {
        None => Ok(answered(router, request).await),
        Some(How::Status { status, retry_after, body }) => Ok(status_answer(status, retry_after, body)),
        Some(How::Delay { milliseconds }) => {
            world.clock().sleep(Duration::from_millis(milliseconds)).await;
            Ok(answered(router, request).await)
        }
        Some(How::Never) => std::future::pending().await,
        Some(How::Cut) => Err(io::ErrorKind::ConnectionAborted.into()),
        Some(How::Reset) => {
            ending.reset();
            Err(io::ErrorKind::ConnectionReset.into())
        }
        Some(How::Truncate) => Ok(shortened(answered(router, request).await, true).await),
        Some(How::Half) => Ok(shortened(answered(router, request).await, false).await),
        Some(How::Html) => Ok(html()),
        Some(How::Empty) => Ok(plain(StatusCode::OK, "")),
    }
}

async fn answered(mut router: Router, request: Request<Body>) -> Response<Body> {
    let answer: Result<Response<Body>, Infallible> = router.call(request).await;
    answer.unwrap_or_else(|never| match never {})
}

fn status_answer(status: u16, retry_after: Option<u64>, body: String) -> Response<Body> {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let kind = if body.starts_with('{') { "application/json" } else { "text/plain" };
    let mut answer = plain(status, &body);
    answer.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static(kind));
    if let Some(seconds) = retry_after {
        answer.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    answer
}

/// The first half of the body; where `breaks` is true, under the length of the whole, so that the connection must break.
async fn shortened(answer: Response<Body>, breaks: bool) -> Response<Body> {
    let (mut head, body) = answer.into_parts();
    let whole = to_bytes(body, BODY_LIMIT).await.unwrap_or_default();
    let half = whole.slice(..whole.len() / 2);
    head.headers.remove(header::CONTENT_LENGTH);
    if !breaks {
        return Response::from_parts(head, Body::from(half));
    }
    head.headers.insert(header::CONTENT_LENGTH, whole.len().into());
    Response::from_parts(head, Body::new(Broken { piece: Some(half), flushed: false }))
}

/// A body that gives one piece, lets it leave the machine, and then fails.
struct Broken {
    piece: Option<Bytes>,
    flushed: bool,
}

impl hyper::body::Body for Broken {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(piece) = self.piece.take() {
            return Poll::Ready(Some(Ok(Frame::data(piece))));
        }
        if self.flushed {
            return Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into())));
        }
        // While a body is not ready, hyper sends what it has.
        self.flushed = true;
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

fn html() -> Response<Body> {
    let mut answer =
        plain(StatusCode::OK, "<!DOCTYPE html><html><body>Sign in to this network</body></html>");
    answer.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("text/html"));
    answer
}

fn plain(status: StatusCode, text: &str) -> Response<Body> {
    let mut answer = Response::new(Body::from(text.to_owned()));
    *answer.status_mut() = status;
    answer
}

/// False for a request that some web page sent to a name of its own which resolves to this machine.
fn is_for_loopback(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("");
    super::foreign::is_loopback(&format!("http://{host}/"))
}
