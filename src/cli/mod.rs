//! The command line: one file per command, and the one place where errors become exit codes.

mod action;
mod args;
mod assertion;
mod check;
mod check_document;
mod completions;
mod config;
mod context;
mod credentials;
#[cfg(feature = "emulator")]
mod demo;
#[cfg(feature = "emulator")]
mod emulate;
mod exit;
mod explain;
mod git;
#[cfg(feature = "github-api")]
mod github;
#[cfg(not(feature = "github-api"))]
#[path = "github_absent.rs"]
mod github;
mod handover;
mod issuer_check;
mod judged;
mod lazy;
mod levels;
mod lint;
mod login;
mod man;
#[cfg(feature = "own-key")]
mod own_key;
mod preview;
mod refused;
mod repository;
mod runner;
mod settings;
mod sign_in;
mod source;
mod subject;
mod telling;
mod token;
mod token_source;
mod workload;

use std::ffi::OsString;

use clap::{CommandFactory, Parser};

use crate::host::Host;
use args::{Arguments, Command};
pub use context::Context;
pub use exit::Exit;
use lazy::Lazy;

/// Runs the program on `words`, the first of which is its own name, in the world `host`.
pub fn run(words: impl IntoIterator<Item = OsString>, host: &Host) -> Exit {
    match Arguments::try_parse_from(words) {
        Ok(Arguments { global, command }) => {
            let context = Context::new(global, host);
            dispatch(&command, &context).unwrap_or_else(|error| context.complain(&error))
        }
        Err(refused) => refuse(&refused),
    }
}

/// The command line as clap knows it; completions, manual pages and the checks of names read it. A command has its flags once it is
/// built.
#[must_use]
pub fn command() -> clap::Command {
    Arguments::command()
}

fn refuse(refused: &clap::Error) -> Exit {
    // Broken pipes included: there is nobody left to tell.
    let _: std::io::Result<()> = refused.print();
    if refused.use_stderr() { Exit::AskedWrongly } else { Exit::Yes }
}

fn dispatch(command: &Command, context: &Context<'_>) -> anyhow::Result<Exit> {
    match command {
        Command::Action(Lazy(args)) => action::run(args, context),
        Command::Assertion(Lazy(args)) => assertion::run(args, context),
        Command::Check(Lazy(args)) => check::run(args, context),
        Command::Completions(Lazy(args)) => completions::run(args, context),
        Command::Credentials(Lazy(args)) => credentials::run(args, context),
        #[cfg(feature = "emulator")]
        Command::Demo(Lazy(args)) => demo::run(args, context),
        #[cfg(feature = "emulator")]
        Command::Emulate(Lazy(args)) => emulate::run(args, context),
        Command::Explain(Lazy(args)) => explain::run(args, context),
        Command::Lint(Lazy(args)) => lint::run(args, context),
        Command::Login(Lazy(args)) => login::run(args, context),
        Command::Man(Lazy(args)) => man::run(args, context),
        Command::Preview(Lazy(args)) => preview::run(args, context),
        Command::Subject(Lazy(args)) => subject::run(args, context),
        Command::Token(Lazy(args)) => token::run(args, context),
    }
}

/// Runs the program in a fake world, for tests of single commands.
#[cfg(test)]
fn run_fake<const N: usize>(words: [&str; N]) -> (Exit, Host) {
    let host = Host::fake();
    let words = ["fedcred"].into_iter().chain(words).map(OsString::from);
    (run(words, &host), host)
}
