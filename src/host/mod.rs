//! The only room that touches the world. Every port is real in the program and fake in tests.
#![cfg_attr(
    not(test),
    expect(clippy::disallowed_methods, reason = "this is the one room that may touch the world")
)]

mod clock;
mod console;
mod env;
mod failure;
mod files;
mod grpc;
mod http;
mod jwt;
mod programs;
mod progress;
mod random;
mod walk;
mod wire;

use std::{cell::OnceCell, io};

use tokio::runtime::{Builder, Runtime};

pub use clock::Clock;
pub use console::{Console, Stream};
pub use env::Env;
pub use failure::Failure;
pub use files::Files;
pub use grpc::{Grpc, Reply, Socket, framed, unframed};
pub use http::{Direct, Http, Limits, Script};
pub use jwt::install_jwt_cryptography;
pub use programs::{ProgramError, Programs, Ran};
pub use progress::Progress;
pub use random::Random;
pub use wire::Wire;

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
    /// Requests over HTTP.
    pub http: Http,
    /// Other programs.
    pub programs: Programs,
    /// Randomness.
    pub random: Random,
    /// Calls over gRPC.
    pub grpc: Grpc,
}

impl Host {
    /// The process's own world.
    #[must_use]
    pub const fn real() -> Self {
        Self {
            env: Env::Real,
            clock: Clock::Real,
            files: Files::Real,
            console: Console::Real,
            http: Http::real(),
            programs: Programs::Real,
            random: Random::Real,
            grpc: Grpc::Real,
        }
    }

    /// A world in memory: no variables, no files, time standing still at the epoch, nothing on standard input, nobody who
    /// answers, no other program.
    #[must_use]
    pub fn fake() -> Self {
        Self {
            env: Env::fake([]),
            clock: Clock::fake(),
            files: Files::fake([]),
            console: Console::fake(""),
            http: Http::fake([]),
            programs: Programs::fake([]),
            random: Random::fake(),
            grpc: Grpc::fake([]),
        }
    }
}

thread_local! {
    /// Kept until the program ends, so that connections outlive the future that opened them.
    static RUNTIME: OnceCell<&'static Runtime> = const { OnceCell::new() };
}

/// Runs `future` to its end on this thread.
///
/// # Errors
/// When the system has no means to wait for sockets and timers left.
pub fn block_on<T>(future: impl Future<Output = T>) -> io::Result<T> {
    let kept = RUNTIME.with(|kept| kept.get().copied());
    let runtime = match kept {
        Some(runtime) => runtime,
        None => {
            let made: &Runtime = Box::leak(Box::new(Builder::new_current_thread().enable_all().build()?));
            RUNTIME.with(|kept| *kept.get_or_init(|| made))
        }
    };
    Ok(runtime.block_on(future))
}
