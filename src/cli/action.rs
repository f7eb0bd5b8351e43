//! `fedcred action main|post`: what the launcher runs; the action's inputs become a command.

use std::io;

use anyhow::{Context as _, bail};

use super::{Context, Exit, login, settings};

/// Arguments of `fedcred action`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    phase: Phase,
}

#[derive(Debug, clap::Subcommand)]
enum Phase {
    /// Run the command that the input `mode` names.
    #[command(after_help = "Example: INPUT_MODE=login fedcred action main")]
    Main,
    /// Take away what main left behind.
    #[command(after_help = "Example: env STATE_token-file=PATH fedcred action post")]
    Post,
}

pub(super) fn run(args: &Args, context: &Context<'_>) -> anyhow::Result<Exit> {
    match args.phase {
        Phase::Main => main(context),
        Phase::Post => post(context),
    }
}

fn main(context: &Context<'_>) -> anyhow::Result<Exit> {
    match settings::input(context.host, "mode").as_deref() {
        None | Some("login") => login::run(&login::Args::default(), context),
        Some(other) => bail!("mode `{other}` is not known; possible is login"),
    }
}

/// Deletes the token file. One that is gone already is fine.
fn post(context: &Context<'_>) -> anyhow::Result<Exit> {
    let Some(path) = context.host.env.var("STATE_token-file") else { return Ok(Exit::Yes) };
    match context.host.files.remove(path.as_ref()) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot delete the token file {path}"))
        }
        Ok(()) | Err(_) => Ok(Exit::Yes),
    }
}
