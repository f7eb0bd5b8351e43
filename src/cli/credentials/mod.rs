//! `fedcred credentials`: what Entra has been told, wherever it is written.

mod document;
mod list;
mod show;

use std::path::Path;

use clap::Subcommand;

use super::{Context, Exit, args::Format, settings::LiveArgs, source};
use crate::trust::read::Reading;

/// Arguments of `fedcred credentials`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List every credential that the sources define, with what is wrong with it.
    List(list::Args),
    /// Show one credential, or all of them, in full.
    Show(show::Args),
}

pub(super) fn run(args: &Args, context: &Context<'_>) -> anyhow::Result<Exit> {
    context.allow_formats(&[Format::Human, Format::Json])?;
    match &args.action {
        Action::List(args) => list::run(args, context),
        Action::Show(args) => show::run(args, context),
    }
}

/// Reads the sources; without one, the folder that the program runs in.
fn read(context: &Context<'_>, live: &LiveArgs, sources: &[String]) -> anyhow::Result<Reading> {
    if sources.is_empty() {
        return Ok(source::load_folder(context, Path::new(""), Path::new(""))?);
    }
    source::load_as(context, &live.sign_in(), Path::new(""), sources)
}

/// 1 when a credential breaks a limit, else 0. What could not be read is said and does not count.
const fn exit(problems: usize) -> Exit {
    if problems == 0 { Exit::Yes } else { Exit::No }
}
