//! How much may be worked out for one file: files are written by strangers.

use std::cell::Cell;

/// How much work is left.
pub(crate) struct Fuel {
    left: Cell<usize>,
    short: Cell<bool>,
}

impl Fuel {
    /// Enough for any real file.
    pub(crate) const fn full() -> Self {
        Self { left: Cell::new(1_000_000), short: Cell::new(false) }
    }

    /// Takes `cost`: about one for each value that is made or copied. False where less is left.
    pub(crate) fn burn(&self, cost: usize) -> bool {
        let left = self.left.get().checked_sub(cost);
        self.left.set(left.unwrap_or(0));
        if left.is_none() {
            self.cut();
        }
        left.is_some()
    }

    /// Remembers that something was left out for its size.
    pub(crate) fn cut(&self) {
        self.short.set(true);
    }

    /// Whether anything was left out for its size.
    pub(crate) const fn was_short(&self) -> bool {
        self.short.get()
    }

    /// What is said where something was left out.
    pub(crate) const SHORT: &'static str =
        "the file makes more than is worked out here; credentials may be missing";
}
