//! `fedcred completions`: a completion script for a shell.

use clap_complete::{Shell, generate};

use super::{Context, Exit, args::Format};

/// Arguments of `fedcred completions`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  fedcred completions bash > /etc/bash_completion.d/fedcred
  fedcred completions zsh > \"${fpath[1]}/_fedcred\"
  fedcred completions fish > ~/.config/fish/completions/fedcred.fish")]
pub(super) struct Args {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

pub(super) fn run(args: &Args, context: &Context<'_>) -> anyhow::Result<Exit> {
    context.allow_formats(&[Format::Human])?;
    let mut script = Vec::new();
    generate(args.shell, &mut super::command(), "fedcred", &mut script);
    context.print(&String::from_utf8(script)?)?;
    Ok(Exit::Yes)
}

#[cfg(test)]
mod tests {
    use crate::{cli, host::Stream};

    #[test]
    fn every_shell_gets_a_script_that_knows_the_commands() {
        for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
            let (exit, host) = cli::run_fake(["completions", shell]);
            assert_eq!(exit, cli::Exit::Yes);
            assert!(host.console.written(Stream::Out).contains("completions"), "{shell}");
        }
    }
}
