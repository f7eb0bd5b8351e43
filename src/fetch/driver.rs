//! The one loop that asks again: attempt, decide, wait, until there is an answer or the budget is spent.

use std::{fmt, time::Duration};

use thiserror::Error;

use crate::{
    entra::{Backoff, Patience, Trouble, Unreadable},
    host::{Clock, Failure, Host, Limits},
};

/// What one attempt came to.
pub(super) enum Step<T, E> {
    /// The answer.
    Done(T),
    /// No answer that can be used: how it counts, and what it was.
    Failed(Trouble, E),
}

/// What was tried before giving up, and how it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried<E> {
    /// How often the service was asked.
    pub attempts: u32,
    /// From the first attempt to the end of the last one.
    pub within: Duration,
    /// How the last attempt ended.
    pub reason: E,
}

impl<E> Tried<E> {
    /// An answer that came at once and ended it.
    pub(super) const fn once(reason: E) -> Self {
        Self { attempts: 1, within: Duration::ZERO, reason }
    }
}

impl<E: fmt::Display> fmt::Display for Tried<E> {
    /// `the connection was cut (4 attempts in 3.2 s)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let attempts = if self.attempts == 1 { "attempt" } else { "attempts" };
        write!(f, "{} ({} {attempts} in {:.1} s)", self.reason, self.attempts, self.within.as_secs_f64())
    }
}

/// Why there was no usable answer.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Unanswered {
    /// None came.
    #[error(transparent)]
    Failure(#[from] Failure),
    /// One came that cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
}

impl<T, E> Step<T, E> {
    /// An attempt that failed below HTTP.
    pub(super) fn unanswered(failure: Failure, view: impl FnOnce(Unanswered) -> E) -> Self {
        let trouble = match failure {
            Failure::Dns
            | Failure::Refused
            | Failure::Reset
            | Failure::Timeout
            | Failure::Truncated
            | Failure::Other(_) => Trouble::NoAnswer,
            Failure::Tls(_) | Failure::TooLarge(_) | Failure::Unsent(_) => Trouble::Hopeless,
        };
        Self::Failed(trouble, view(failure.into()))
    }
}

/// Attempts until one succeeds or asking again is of no use. Each attempt gets the limits that keep it inside the budget.
pub(super) async fn persist<T, E>(
    host: &Host,
    patience: Patience,
    mut attempt: impl AsyncFnMut(Limits) -> Step<T, E>,
) -> Result<T, Tried<E>> {
    let begun = host.clock.now();
    let spent = || host.clock.now().duration_since(begun).unwrap_or_default();
    let mut backoff = Backoff::new(patience);
    loop {
        let left = patience.budget.saturating_sub(spent()).max(Duration::from_millis(100));
        let limits = Limits { total: left.min(Limits::default().total), ..Limits::default() };
        let (trouble, reason) = match attempt(limits).await {
            Step::Done(answer) => return Ok(answer),
            Step::Failed(trouble, reason) => (trouble, reason),
        };
        match backoff.after(trouble, spent(), jitter(&host.clock)) {
            Some(wait) => host.clock.sleep(wait).await,
            None => return Err(Tried { attempts: backoff.attempts(), within: spent(), reason }),
        }
    }
}

/// A number from 0 to 1 that no two processes share: the clock's fraction of a second.
fn jitter(clock: &Clock) -> f64 {
    let now = clock.now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    f64::from(now.subsec_nanos()) / 1e9
}
