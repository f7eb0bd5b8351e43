//! The only room that touches the world. Every port is real in the program and fake in tests.
#![cfg_attr(
    not(test),
    expect(clippy::disallowed_methods, reason = "this is the one room that may touch the world")
)]

mod clock;
mod console;
mod env;
mod files;

pub use clock::Clock;
pub use console::{Console, Stream};
pub use env::Env;
pub use files::Files;

/// The ports together, handed to whoever needs the world.
#[derive(Debug)]
pub struct Host {
    /// Environment variables.
    pub env: Env,
    /// Time.
    pub clock: Clock,
    /// The file system.
    pub files: Files,
    /// Standard input, output and error.
    pub console: Console,
}

impl Host {
    /// The process's own world.
    #[must_use]
    pub const fn real() -> Self {
        Self { env: Env::Real, clock: Clock::Real, files: Files::Real, console: Console::Real }
    }

    /// A world in memory: no variables, no files, time standing still at the epoch, nothing on standard input.
    #[must_use]
    pub fn fake() -> Self {
        Self { env: Env::fake([]), clock: Clock::fake(), files: Files::fake([]), console: Console::fake("") }
    }
}
