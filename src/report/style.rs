//! What the reader's screen can show.

/// What the reader's screen can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether to colour. Nothing is said by colour alone.
    pub color: bool,
    /// The width of a line in columns.
    pub width: usize,
}

impl Style {
    /// No colour, and the width that fits a log.
    #[must_use]
    pub const fn plain() -> Self {
        Self { color: false, width: 140 }
    }

    /// The same style with or without colour.
    #[must_use]
    pub const fn with_color(mut self, color: bool) -> Self {
        self.color = color;
        self
    }
}
