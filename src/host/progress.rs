//! A line that tells a person who watches what goes on; on a pipe there is none.

use std::time::Duration;

use indicatif::ProgressBar;

use super::{Console, Stream};

/// The line. It goes away when dropped.
#[derive(Debug)]
pub struct Progress(Option<ProgressBar>);

impl Console {
    /// A line on standard error, where a person watches it.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let shown = self.is_terminal(Stream::Err).then(|| {
            let bar = ProgressBar::new_spinner();
            bar.enable_steady_tick(Duration::from_millis(100));
            bar
        });
        Progress(shown)
    }
}

impl Progress {
    /// No line at all.
    #[must_use]
    pub const fn silent() -> Self {
        Self(None)
    }

    /// Says what is being done now.
    pub fn say(&self, text: String) {
        if let Some(bar) = &self.0 {
            bar.set_message(text);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
