//! What all doors share while the emulator runs: the state, the key, the clock, the record of requests.

use std::{
    collections::BTreeSet,
    sync::{Mutex, MutexGuard, PoisonError},
    time::UNIX_EPOCH,
};

use super::{
    fault::{self, Door, How},
    key::Key,
    record::Recorded,
    state::State,
};
use crate::host::{Clock, Http};

/// The running world.
pub(super) struct World {
    base: String,
    key: Key,
    clock: Clock,
    http: Http,
    state: Mutex<State>,
    requests: Mutex<Vec<Recorded>>,
    writing: Mutex<BTreeSet<String>>,
}

impl World {
    pub(super) const fn new(base: String, key: Key, state: State) -> Self {
        Self {
            base,
            key,
            clock: Clock::Real,
            http: Http::real(),
            state: Mutex::new(state),
            requests: Mutex::new(Vec::new()),
            writing: Mutex::new(BTreeSet::new()),
        }
    }

    /// Scheme, host and port, without a slash behind.
    pub(super) fn base(&self) -> &str {
        &self.base
    }

    pub(super) const fn key(&self) -> &Key {
        &self.key
    }

    pub(super) const fn clock(&self) -> &Clock {
        &self.clock
    }

    pub(super) const fn http(&self) -> &Http {
        &self.http
    }

    /// The state, locked. Never hold it over an `await`.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    pub(super) fn requests(&self) -> MutexGuard<'_, Vec<Recorded>> {
        lock(&self.requests)
    }

    /// Writes a request down, unless it came to the control door, and says where.
    pub(super) fn record(&self, recorded: Recorded) -> Option<usize> {
        if recorded.door == Door::Control {
            return None;
        }
        let mut requests = self.requests();
        requests.push(recorded);
        Some(requests.len() - 1)
    }

    /// Adds the status of the answer to the request at `place`.
    pub(super) fn record_status(&self, place: Option<usize>, status: u16) {
        let mut requests = self.requests();
        if let Some(recorded) = place.and_then(|place| requests.get_mut(place)) {
            recorded.status = status;
        }
    }

    /// What goes wrong with the next request at `door`.
    pub(super) fn next_fault(&self, door: Door) -> Option<How> {
        fault::next(&mut self.state().faults, door)
    }

    /// Begins a write under `parent`, unless one is under way.
    pub(super) fn begin_write(&self, parent: &str) -> Option<Write<'_>> {
        let parent = parent.to_ascii_lowercase();
        let free = lock(&self.writing).insert(parent.clone());
        if free { Some(Write { world: self, parent }) } else { None }
    }

    /// Seconds since the epoch.
    pub(super) fn now(&self) -> i64 {
        let since = self.clock.now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    }

    /// Now, as Entra writes it.
    pub(super) fn timestamp(&self) -> String {
        entra_time(self.now())
    }
}

/// A write under way; it ends when dropped.
pub(super) struct Write<'a> {
    world: &'a World,
    parent: String,
}

impl Drop for Write<'_> {
    fn drop(&mut self) {
        lock(&self.world.writing).remove(&self.parent);
    }
}

/// Seconds since the epoch as `2026-11-21 09:00:00Z`.
pub(super) fn entra_time(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds)
        .map_or_else(|_| seconds.to_string(), |time| time.strftime("%Y-%m-%d %H:%M:%SZ").to_string())
}

/// Seconds since the epoch as RFC 3339 in UTC.
pub(super) fn rfc3339(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).unwrap_or_default().to_string()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
