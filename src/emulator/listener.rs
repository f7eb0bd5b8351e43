//! The socket: listens on the loopback address alone, speaks TLS if asked, and stops with the thread it lives in.
#![expect(clippy::disallowed_methods, reason = "the emulator's listener is the one place that binds")]

use std::{io, net::Ipv4Addr, sync::Arc};

use axum::Router;
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};
use tokio_rustls::TlsAcceptor;

use super::{
    service,
    stream::{Ending, Stream},
    workload_api,
    world::World,
};

/// A socket on `127.0.0.1`; port 0 takes a free one.
pub(super) async fn bind(port: u16) -> io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await
}

/// Serves until the future is dropped, and every connection with it.
pub(super) async fn serve(listener: TcpListener, tls: Option<TlsAcceptor>, world: Arc<World>) {
    let router = service::router(&world);
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        connections.spawn(connection(stream, tls.clone(), Arc::clone(&world), router.clone()));
        while connections.try_join_next().is_some() {}
    }
}

async fn connection(stream: TcpStream, tls: Option<TlsAcceptor>, world: Arc<World>, router: Router) {
    let _: io::Result<()> = stream.set_nodelay(true);
    if begins_http2(&stream).await {
        return workload_api::talk(stream, world).await;
    }
    let ending = Ending::default();
    let stream = Stream { socket: stream, ending: ending.clone() };
    match tls {
        None => talk(stream, &ending, world, router).await,
        Some(tls) => {
            if let Ok(stream) = tls.accept(stream).await {
                talk(stream, &ending, world, router).await;
            }
        }
    }
}

/// HTTP/2 in the clear is spoken by clients of the Workload API alone.
async fn begins_http2(stream: &TcpStream) -> bool {
    let mut first = [0; 3];
    matches!(stream.peek(&mut first).await, Ok(3)) && first == *b"PRI"
}

/// Serves the Workload API at a Unix socket until the future is dropped; without one it does nothing.
#[cfg(unix)]
pub(super) async fn serve_agent(socket: Option<tokio::net::UnixListener>, world: Arc<World>) {
    let Some(socket) = socket else { return std::future::pending().await };
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, _)) = socket.accept().await else { continue };
        connections.spawn(workload_api::talk(stream, Arc::clone(&world)));
        while connections.try_join_next().is_some() {}
    }
}

async fn talk(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    ending: &Ending,
    world: Arc<World>,
    router: Router,
) {
    let answer = service_fn(|request| service::serve(Arc::clone(&world), router.clone(), ending, request));
    // A client that goes away is no concern of ours.
    let _: Result<(), hyper::Error> =
        http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await;
}
