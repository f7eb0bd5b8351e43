//! When to ask again: a table of troubles, and a wait that grows, is jittered and never leaves its budget.

use std::time::Duration;

use http::{HeaderMap, StatusCode, header::RETRY_AFTER};

use super::response::Answer;
use crate::refusal::Retry;

/// Why an attempt did not succeed, as far as asking again is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// No whole answer came: reset, refused, timeout, cut off, no address.
    NoAnswer,
    /// No attempt can go through: a certificate, a setting, a limit of ours.
    Hopeless,
    /// An answer with this status and without a readable reason; with `Retry-After`, if it was there.
    Status(StatusCode, Option<Duration>),
    /// A refusal that the catalogue knows so, or does not know (`Never`), with its status and `Retry-After`.
    Refused(Retry, StatusCode, Option<Duration>),
}

impl Trouble {
    /// What is wrong with an answer of the token endpoint; nothing where it grants a token.
    #[must_use]
    pub fn of(answer: &Answer, headers: &HeaderMap) -> Option<Self> {
        let asked = retry_after(headers);
        match answer {
            Answer::Granted(_) => None,
            Answer::Refused(refusal, status) => {
                let retry = refusal.explanation().map_or(Retry::Never, |known| known.retry);
                Some(Self::Refused(retry, *status, asked))
            }
            Answer::Unreadable(unreadable) => Some(Self::Status(unreadable.status, asked)),
        }
    }
}

/// How long to keep asking, and whether something was just created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// From the first attempt to the beginning of the last one.
    pub budget: Duration,
    /// The identity or its credential is minutes old: refusals that replication explains are asked again too.
    pub just_created: bool,
}

/// The course of one conversation: decides after every trouble whether and when to ask again.
#[derive(Debug)]
pub struct Backoff {
    patience: Patience,
    attempts: u32,
}

/// The first waits; each next one is twice as long.
const QUICK: Duration = Duration::from_millis(200);
/// Replication takes minutes, so quick attempts are of no use.
const SLOW: Duration = Duration::from_secs(4);
/// No wait of our own is longer.
const LONGEST: Duration = Duration::from_secs(20);
/// The most attempts where only a few can help.
const FEW: u32 = 3;

impl Backoff {
    /// The beginning, before the first attempt.
    #[must_use]
    pub const fn new(patience: Patience) -> Self {
        Self { patience, attempts: 0 }
    }

    /// How many attempts have failed.
    #[must_use]
    pub const fn attempts(&self) -> u32 {
        self.attempts
    }

    /// How long to wait before the next attempt; `None` ends the conversation.
    ///
    /// `spent` is the time since the first attempt began, `jitter` a number from 0 to 1.
    pub fn after(&mut self, trouble: Trouble, spent: Duration, jitter: f64) -> Option<Duration> {
        self.attempts += 1;
        let (first, asked) = self.worth(trouble)?;
        let doubled = first.saturating_mul(1 << (self.attempts - 1).min(10)).min(LONGEST);
        let wait = asked.unwrap_or_else(|| doubled.mul_f64(jitter.clamp(0.0, 1.0).mul_add(0.5, 0.5)));
        (spent + wait <= self.patience.budget).then_some(wait)
    }

    /// The table. The first wait and what the other side asked for, where asking again can help.
    fn worth(&self, trouble: Trouble) -> Option<(Duration, Option<Duration>)> {
        match trouble {
            Trouble::NoAnswer => Some((QUICK, None)),
            Trouble::Hopeless => None,
            Trouble::Status(status, asked) => is_passing(status).then_some((QUICK, asked)),
            Trouble::Refused(_, status, asked) if is_passing(status) => Some((QUICK, asked)),
            Trouble::Refused(Retry::Transient, _, asked) => Some((QUICK, asked)),
            Trouble::Refused(Retry::Bounded, _, asked) => (self.attempts < FEW).then_some((SLOW, asked)),
            Trouble::Refused(Retry::JustCreated, _, asked) => {
                self.patience.just_created.then_some((SLOW, asked))
            }
            Trouble::Refused(Retry::Never, _, _) => None,
        }
    }
}

/// Too many requests, a timeout or an error of the server; or a success whose body could not be read.
fn is_passing(status: StatusCode) -> bool {
    status.is_success()
        || status.is_server_error()
        || matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT)
}

/// The wait that a `Retry-After` header asks for, in whole seconds. A date there is not understood.
#[must_use]
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn backoff(just_created: bool) -> Backoff {
        Backoff::new(Patience { budget: Duration::from_secs(60), just_created })
    }

    fn refused(retry: Retry) -> Trouble {
        Trouble::Refused(retry, StatusCode::UNAUTHORIZED, None)
    }

    #[test]
    fn waits_double_are_jittered_and_have_a_ceiling() {
        let mut backoff = backoff(false);
        let mut waits =
            |jitter| backoff.after(Trouble::NoAnswer, Duration::ZERO, jitter).unwrap().as_millis();
        assert_eq!([waits(0.0), waits(1.0), waits(0.5)], [100, 400, 600]);
        let _: Vec<u128> = (0..10).map(|_| waits(0.0)).collect();
        assert_eq!(waits(1.0), 20_000);
    }

    #[test]
    fn what_the_other_side_asks_for_is_honoured_unless_it_breaks_the_budget() {
        let asked =
            |seconds| Trouble::Status(StatusCode::TOO_MANY_REQUESTS, Some(Duration::from_secs(seconds)));
        assert_eq!(backoff(false).after(asked(7), Duration::ZERO, 0.3), Some(Duration::from_secs(7)));
        assert_eq!(backoff(false).after(asked(61), Duration::ZERO, 0.3), None);
        assert_eq!(backoff(false).after(asked(7), Duration::from_secs(54), 0.3), None);
    }

    #[test]
    fn a_refusal_is_asked_again_only_where_that_can_help() {
        let ask =
            |retry, just_created| backoff(just_created).after(refused(retry), Duration::ZERO, 0.0).is_some();
        assert!(ask(Retry::Transient, false) && ask(Retry::Bounded, false) && ask(Retry::JustCreated, true));
        assert!(!ask(Retry::JustCreated, false) && !ask(Retry::Never, true));
    }

    #[test]
    fn where_a_few_attempts_can_help_there_are_three() {
        let mut backoff = backoff(false);
        let attempts =
            (0..9).take_while(|_| backoff.after(refused(Retry::Bounded), Duration::ZERO, 0.0).is_some());
        assert_eq!(attempts.count() + 1, 3);
    }

    #[test]
    fn a_refusal_behind_a_server_error_is_the_servers_fault() {
        let trouble = Trouble::Refused(Retry::Never, StatusCode::SERVICE_UNAVAILABLE, None);
        assert!(backoff(false).after(trouble, Duration::ZERO, 0.0).is_some());
        let forbidden = Trouble::Status(StatusCode::FORBIDDEN, None);
        assert!(backoff(false).after(forbidden, Duration::ZERO, 0.0).is_none());
    }
}
