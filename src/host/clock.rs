//! Time.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime},
};

/// Where time comes from.
#[derive(Debug)]
pub enum Clock {
    /// The machine's.
    Real,
    /// Starts at the Unix epoch and moves only by what is slept.
    Fake(Mutex<Vec<Duration>>),
}

impl Clock {
    /// A clock at the epoch.
    #[must_use]
    pub const fn fake() -> Self {
        Self::Fake(Mutex::new(Vec::new()))
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        match self {
            Self::Real => SystemTime::now(),
            Self::Fake(_) => SystemTime::UNIX_EPOCH + self.slept().iter().sum::<Duration>(),
        }
    }

    /// Waits for `time`. The fake returns at once and records what was asked.
    pub async fn sleep(&self, time: Duration) {
        match self {
            Self::Real => tokio::time::sleep(time).await,
            Self::Fake(slept) => slept.lock().unwrap_or_else(PoisonError::into_inner).push(time),
        }
    }

    /// Every wait asked of a fake, in order; empty for the real clock.
    #[must_use]
    pub fn slept(&self) -> Vec<Duration> {
        match self {
            Self::Real => Vec::new(),
            Self::Fake(slept) => slept.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }
}
