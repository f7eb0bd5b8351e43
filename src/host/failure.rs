//! Why there is no answer: the few kinds of failure that people and retries tell apart.

use std::{error::Error, io};

use thiserror::Error;

/// Why a request has no whole answer.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Failure {
    /// The name has no address.
    #[error("its name could not be resolved")]
    Dns,
    /// Nobody listens there.
    #[error("the connection was refused")]
    Refused,
    /// The connection was cut before the answer began.
    #[error("the connection was cut")]
    Reset,
    /// The certificate or the handshake is not good.
    #[error("the TLS handshake failed ({0})")]
    Tls(String),
    /// No whole answer in time.
    #[error("no whole answer came in time")]
    Timeout,
    /// The body is longer than allowed.
    #[error("the answer is longer than {0} bytes")]
    TooLarge(usize),
    /// The connection was cut inside the answer.
    #[error("the answer broke off")]
    Truncated,
    /// The request never left: a bad URL, a bad proxy, bad certificates.
    #[error("the request could not be made ({0})")]
    Unsent(String),
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

impl Failure {
    /// What `error` is about. Secrets do not reach it: the URL, which may carry one, is left out.
    pub(super) fn of(error: reqwest::Error) -> Self {
        Self::within(&error.without_url())
    }

    /// What the error of a library is about that spoke through our client: the kind of the innermost error that is known.
    #[must_use]
    pub fn within(error: &(dyn Error + 'static)) -> Self {
        let request = causes(error).find_map(|error| error.downcast_ref::<reqwest::Error>());
        if request.is_some_and(reqwest::Error::is_timeout) {
            return Self::Timeout;
        }
        if request.is_some_and(reqwest::Error::is_dns) {
            return Self::Dns;
        }
        if let Some(known) = causes(error).find_map(known) {
            return known;
        }
        let last = causes(error).last().map_or_else(|| error.to_string(), ToString::to_string);
        if request.is_some_and(|error| error.is_body() || error.is_decode()) {
            Self::Truncated
        } else if request.is_some_and(reqwest::Error::is_builder) {
            Self::Unsent(last)
        } else {
            Self::Other(last)
        }
    }
}

impl Failure {
    /// What an error of a socket is about.
    pub(super) fn of_io(error: &io::Error) -> Self {
        of_kind(error.kind()).unwrap_or_else(|| Self::Other(error.to_string()))
    }
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error: &&(dyn Error + 'static)| (*error).source())
}

fn known(error: &(dyn Error + 'static)) -> Option<Failure> {
    if let Some(tls) = tls(error) {
        return Some(Failure::Tls(tls.to_string()));
    }
    if let Some(io) = error.downcast_ref::<io::Error>() {
        return of_kind(io.kind());
    }
    // hyper tells a cut connection by this sentence alone; its error type is not among our dependencies.
    error.to_string().contains("connection closed before message completed").then_some(Failure::Reset)
}

/// An `io::Error` may wrap the error of rustls several times over, and its `source` skips what it wraps.
fn tls<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    if let Some(tls) = error.downcast_ref() {
        return Some(tls);
    }
    tls(error.downcast_ref::<io::Error>()?.get_ref()?)
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "only these kinds of the standard library's are told apart"
)]
const fn of_kind(kind: io::ErrorKind) -> Option<Failure> {
    match kind {
        io::ErrorKind::ConnectionRefused => Some(Failure::Refused),
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe => {
            Some(Failure::Reset)
        }
        io::ErrorKind::TimedOut => Some(Failure::Timeout),
        io::ErrorKind::UnexpectedEof => Some(Failure::Truncated),
        _ => None,
    }
}
