//! `fedcred man`: the manual pages, to standard output or into a folder.

use std::path::PathBuf;

use anyhow::Context as _;
use clap_mangen::Man;

use super::{Context, Exit, args::Format};

/// Arguments of `fedcred man`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  fedcred man | man -l -
  fedcred man --directory ~/.local/share/man/man1")]
pub(super) struct Args {
    /// Write one page per command into this folder instead of the main page to standard output.
    #[arg(long, value_name = "DIR")]
    directory: Option<PathBuf>,
}

pub(super) fn run(args: &Args, context: &Context<'_>) -> anyhow::Result<Exit> {
    context.allow_formats(&[Format::Human])?;
    let mut command = super::command();
    command.build();
    match &args.directory {
        None => context.print(&page(command)?)?,
        Some(folder) => {
            let files = &context.host.files;
            files.make_folder(folder).with_context(|| format!("cannot make {}", folder.display()))?;
            for (name, page) in pages(&command)? {
                let path = folder.join(format!("{name}.1"));
                files
                    .replace(&path, page.as_bytes())
                    .with_context(|| format!("cannot write {}", path.display()))?;
            }
        }
    }
    Ok(Exit::Yes)
}

/// The main page and one for each command; `build` has given the commands their full names.
fn pages(command: &clap::Command) -> anyhow::Result<Vec<(String, String)>> {
    std::iter::once(command)
        .chain(command.get_subcommands().filter(|sub| !sub.is_hide_set()))
        .map(|one| {
            let name = one.get_display_name().unwrap_or_else(|| one.get_name());
            Ok((name.to_owned(), page(one.clone())?))
        })
        .collect()
}

fn page(command: clap::Command) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    Man::new(command).render(&mut bytes)?;
    Ok(String::from_utf8(bytes)?)
}

#[cfg(test)]
mod tests {
    use crate::{cli, host::Stream};
    use std::path::Path;

    #[test]
    fn every_command_has_a_page() {
        let (exit, host) = cli::run_fake(["man", "--directory", "man1"]);
        assert_eq!(exit, cli::Exit::Yes, "{}", host.console.written(Stream::Err));
        for name in ["fedcred", "fedcred-man", "fedcred-completions"] {
            let path = Path::new("man1").join(format!("{name}.1"));
            let page = host.files.read(&path, 1 << 20).unwrap();
            assert!(String::from_utf8(page).unwrap().contains(".SH SYNOPSIS"), "{name}");
        }
    }
}
