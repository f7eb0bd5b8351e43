//! How much of one script is followed: scripts are written by strangers.

/// More commands than this are not followed.
const STEPS: usize = 20_000;
/// Values of so many bytes count as one more command.
const BYTES_PER_STEP: usize = 1024;

/// What is left.
#[derive(Debug)]
pub(in crate::trust::read) struct Effort {
    left: usize,
}

impl Effort {
    /// What is said where a script takes more.
    pub(in crate::trust::read) const TOO_LONG: &'static str =
        "the script is too long to be followed to its end";

    /// Enough for any real script.
    pub(in crate::trust::read) const fn full() -> Self {
        Self { left: STEPS * BYTES_PER_STEP }
    }

    /// Counts one command; false when nothing is left.
    pub(in crate::trust::read) const fn step(&mut self) -> bool {
        self.spend(BYTES_PER_STEP)
    }

    /// Counts values of about so many bytes; false when nothing is left.
    pub(in crate::trust::read) const fn spend(&mut self, bytes: usize) -> bool {
        self.left = self.left.saturating_sub(bytes);
        self.left > 0
    }

    /// Whether nothing is left.
    pub(in crate::trust::read) const fn is_over(&self) -> bool {
        self.left == 0
    }
}
