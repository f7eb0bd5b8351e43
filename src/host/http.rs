//! Requests over HTTP: one client on rustls and ring, bounded in time and size, or scripted answers.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use http::{Request, Response, Uri};

use super::{failure::Failure, wire::Wire};

/// How much time and space one request may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// To connect, TLS included.
    pub connect: Duration,
    /// From the first byte sent to the last byte read.
    pub total: Duration,
    /// The longest body, in bytes.
    pub body: usize,
}

impl Default for Limits {
    /// 10 s to connect, 30 s in all, 4 MiB.
    fn default() -> Self {
        Self { connect: Duration::from_secs(10), total: Duration::from_secs(30), body: 4 << 20 }
    }
}

/// Put into a request's extensions: it goes to the address itself, never through a proxy, as metadata services want.
#[derive(Clone, Copy, Debug)]
pub struct Direct;

/// Where answers come from.
#[derive(Debug)]
pub enum Http {
    /// The network.
    Real(Wire),
    /// A script.
    Fake(Script),
}

/// Answers given one after the other, and the requests they were given to.
#[derive(Debug, Default)]
pub struct Script {
    answers: Mutex<VecDeque<Result<Response<Vec<u8>>, Failure>>>,
    asked: Mutex<Vec<Request<Vec<u8>>>>,
}

impl Http {
    /// The network, with the certificates that the process's environment names.
    #[must_use]
    pub const fn real() -> Self {
        Self::Real(Wire::new())
    }

    /// Exactly these answers, in this order; a request beyond them is refused.
    pub fn fake(answers: impl IntoIterator<Item = Result<Response<Vec<u8>>, Failure>>) -> Self {
        Self::Fake(Script { answers: Mutex::new(answers.into_iter().collect()), asked: Mutex::default() })
    }

    /// Sends `request` and reads the whole answer. Redirects are not followed, since requests carry credentials.
    ///
    /// # Errors
    /// A [`Failure`] when there is no whole answer. An HTTP status is an answer, whatever it is.
    pub async fn send(
        &self,
        request: Request<Vec<u8>>,
        limits: &Limits,
    ) -> Result<Response<Vec<u8>>, Failure> {
        match self {
            Self::Real(wire) => wire.send(request, limits).await,
            Self::Fake(script) => {
                held(&script.asked).push(request);
                held(&script.answers).pop_front().unwrap_or(Err(Failure::Refused))
            }
        }
    }

    /// The client that would send a request to `to`, for a library that speaks HTTP itself. Such requests have no limits of ours.
    ///
    /// # Errors
    /// When the certificates or proxies of the environment cannot be used. A fake has no client and refuses.
    pub fn client_for(&self, to: &Uri) -> Result<&reqwest::Client, Failure> {
        match self {
            Self::Real(wire) => wire.client_for(to),
            Self::Fake(_) => Err(Failure::Refused),
        }
    }

    /// Every request made to a fake, in order; empty for the network.
    #[must_use]
    pub fn asked(&self) -> Vec<Request<Vec<u8>>> {
        match self {
            Self::Real(_) => Vec::new(),
            Self::Fake(script) => held(&script.asked).clone(),
        }
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_answers_in_order_records_and_then_refuses() {
        let http = Http::fake([Ok(Response::new(b"one".to_vec()))]);
        let ask = || Request::get("https://example.test/a").body(Vec::new()).unwrap();
        let (first, second) = super::super::block_on(async {
            (http.send(ask(), &Limits::default()).await, http.send(ask(), &Limits::default()).await)
        })
        .unwrap();
        assert_eq!(first.unwrap().into_body(), b"one");
        assert_eq!(second.unwrap_err(), Failure::Refused);
        assert_eq!(http.asked().len(), 2);
    }
}
