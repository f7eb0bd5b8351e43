//! One call over gRPC, which is one request over HTTP/2 in the clear: to a Unix socket or to an address.
//!
//! Source: <https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md>.

use std::{
    collections::VecDeque,
    fmt,
    io::Cursor,
    net::SocketAddr,
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
};

use http::{HeaderMap, Request};
use tokio::io::{AsyncRead, AsyncWrite};

use super::{failure::Failure, http::Limits};

/// Where a service listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Socket {
    /// A Unix socket.
    Unix(PathBuf),
    /// An address and a port.
    Tcp(SocketAddr),
}

impl fmt::Display for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
            Self::Tcp(address) => write!(f, "tcp://{address}"),
        }
    }
}

/// What a service answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// The status; 0 is a success, `None` an answer without one.
    pub status: Option<u32>,
    /// The words beside it.
    pub message: String,
    /// The first message; empty where there is none.
    pub body: Vec<u8>,
}

/// Where answers come from.
#[derive(Debug)]
pub enum Grpc {
    /// The machine's sockets.
    Real,
    /// These answers in this order, and what was asked: the path and the message.
    Fake(Mutex<VecDeque<Result<Reply, Failure>>>, Mutex<Vec<(String, Vec<u8>)>>),
}

impl Grpc {
    /// Exactly these answers; a call beyond them is refused.
    pub fn fake(answers: impl IntoIterator<Item = Result<Reply, Failure>>) -> Self {
        Self::Fake(Mutex::new(answers.into_iter().collect()), Mutex::default())
    }

    /// Sends `message` to the method at `path` with `metadata` and reads the whole answer.
    ///
    /// # Errors
    /// A [`Failure`] when there is no whole answer. A status other than success is an answer.
    pub async fn call(
        &self,
        to: &Socket,
        path: &str,
        metadata: &[(&'static str, &'static str)],
        message: &[u8],
        limits: &Limits,
    ) -> Result<Reply, Failure> {
        match self {
            Self::Real => {
                let work = connected(to, path, metadata, message, limits.body);
                tokio::time::timeout(limits.total, work).await.unwrap_or(Err(Failure::Timeout))
            }
            Self::Fake(answers, asked) => {
                held(asked).push((path.to_owned(), message.to_vec()));
                held(answers).pop_front().unwrap_or(Err(Failure::Refused))
            }
        }
    }

    /// Every call made to a fake, in order.
    #[must_use]
    pub fn asked(&self) -> Vec<(String, Vec<u8>)> {
        match self {
            Self::Real => Vec::new(),
            Self::Fake(_, asked) => held(asked).clone(),
        }
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn connected(
    to: &Socket,
    path: &str,
    metadata: &[(&'static str, &'static str)],
    message: &[u8],
    limit: usize,
) -> Result<Reply, Failure> {
    let request = request(path, metadata).map_err(|error| Failure::Unsent(error.to_string()))?;
    match to {
        Socket::Tcp(address) => {
            let stream =
                tokio::net::TcpStream::connect(address).await.map_err(|error| Failure::of_io(&error))?;
            talk(stream, request, message, limit).await
        }
        #[cfg(unix)]
        Socket::Unix(file) => {
            let stream =
                tokio::net::UnixStream::connect(file).await.map_err(|error| Failure::of_io(&error))?;
            talk(stream, request, message, limit).await
        }
        #[cfg(not(unix))]
        Socket::Unix(_) => Err(Failure::Unsent("this system has no Unix sockets".to_owned())),
    }
}

fn request(path: &str, metadata: &[(&'static str, &'static str)]) -> Result<Request<()>, http::Error> {
    let request = Request::post(format!("http://localhost{path}"))
        .header("content-type", "application/grpc")
        .header("te", "trailers")
        .header("user-agent", concat!("fedcred/", env!("CARGO_PKG_VERSION")));
    metadata.iter().fold(request, |request, (name, value)| request.header(*name, *value)).body(())
}

async fn talk(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    request: Request<()>,
    message: &[u8],
    limit: usize,
) -> Result<Reply, Failure> {
    let handshake = h2::client::Builder::new().handshake::<_, Cursor<Vec<u8>>>(stream).await;
    let (sender, connection) = handshake.map_err(of)?;
    let exchange = exchange(sender, request, message, limit);
    tokio::pin!(exchange, connection);
    tokio::select! {
        biased;
        reply = &mut exchange => return reply,
        ended = &mut connection => ended.map_err(of)?,
    }
    // The other side has closed the connection; what it sent before is still there.
    exchange.await
}

async fn exchange(
    sender: h2::client::SendRequest<Cursor<Vec<u8>>>,
    request: Request<()>,
    message: &[u8],
    limit: usize,
) -> Result<Reply, Failure> {
    let mut sender = sender.ready().await.map_err(of)?;
    let (answer, mut body) = sender.send_request(request, false).map_err(of)?;
    body.send_data(Cursor::new(framed(message)), true).map_err(of)?;
    let (head, mut body) = answer.await.map_err(of)?.into_parts();
    let mut bytes = Vec::new();
    while let Some(piece) = body.data().await {
        let piece = piece.map_err(of)?;
        if bytes.len() + piece.len() > limit {
            return Err(Failure::TooLarge(limit));
        }
        let _: Result<(), h2::Error> = body.flow_control().release_capacity(piece.len());
        bytes.extend_from_slice(&piece);
    }
    let trailers = body.trailers().await.map_err(of)?;
    Ok(reply(trailers.as_ref().unwrap_or(&head.headers), &bytes))
}

/// A message behind its five bytes: not compressed, and its length.
#[must_use]
pub fn framed(message: &[u8]) -> Vec<u8> {
    let length = u32::try_from(message.len()).unwrap_or(u32::MAX);
    [&[0], length.to_be_bytes().as_slice(), message].concat()
}

/// The message in a frame that is not compressed and whole.
#[must_use]
pub fn unframed(frame: &[u8]) -> Option<&[u8]> {
    let ([0, a, b, c, d], rest) = frame.split_first_chunk()? else { return None };
    rest.get(..usize::try_from(u32::from_be_bytes([*a, *b, *c, *d])).ok()?)
}

fn reply(trailers: &HeaderMap, bytes: &[u8]) -> Reply {
    let text = |name| trailers.get(name).and_then(|value| value.to_str().ok());
    let message = text("grpc-message").unwrap_or_default().replace('+', "%2B");
    let message = url::form_urlencoded::parse(message.as_bytes()).next().map(|(text, _)| text.into_owned());
    Reply {
        status: text("grpc-status").and_then(|status| status.parse().ok()),
        message: message.unwrap_or_default(),
        body: unframed(bytes).unwrap_or_default().to_vec(),
    }
}

fn of(error: h2::Error) -> Failure {
    // What breaks the rules of HTTP/2 from the first byte is another service.
    let text =
        if error.is_library() { format!("it does not speak gRPC ({error})") } else { error.to_string() };
    match error.into_io() {
        Some(error) => Failure::of_io(&error),
        None => Failure::Other(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_holds_its_message_and_a_broken_or_compressed_one_holds_none() {
        assert_eq!(unframed(&framed(b"abc")), Some(b"abc".as_slice()));
        assert_eq!(unframed(&framed(b"")), Some(b"".as_slice()));
        assert_eq!(unframed(&[0, 0, 0, 0, 4, 1]), None);
        assert_eq!(unframed(&[1, 0, 0, 0, 0]), None);
        assert_eq!(unframed(b""), None);
    }

    #[test]
    fn the_words_of_a_refusal_are_decoded() {
        let trailers = HeaderMap::from_iter([
            ("grpc-status".parse().unwrap(), "7".parse().unwrap()),
            ("grpc-message".parse::<http::HeaderName>().unwrap(), "no%20identity issued".parse().unwrap()),
        ]);
        let reply = reply(&trailers, b"");
        assert_eq!((reply.status, reply.message.as_str()), (Some(7), "no identity issued"));
    }
}
