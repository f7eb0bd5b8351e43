//! `fedcred action main|post`: what the launcher runs; the action's inputs become a command.

use std::{ffi::OsString, io};

use anyhow::{Context as _, bail};

use super::{Context, Exit, settings};

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

/// The commands that a step may run, and the format each has inside a job.
const MODES: [(&str, &str); 4] =
    [("login", "human"), ("check", "github"), ("preview", "human"), ("lint", "github")];

/// Flags that an input of the same name sets; `login` looks up the rest by itself.
const SHARED: [&str; 2] = ["format", "config"];

pub(super) fn run(args: &Args, context: &Context<'_>) -> anyhow::Result<Exit> {
    match args.phase {
        Phase::Main => Ok(super::run(words(context)?, context.host)),
        Phase::Post => post(context),
    }
}

/// The command line that the inputs stand for.
fn words(context: &Context<'_>) -> anyhow::Result<Vec<OsString>> {
    let asked = settings::input(context.host, "mode").unwrap_or_else(|| "login".to_owned());
    let Some((mode, format)) = MODES.iter().find(|(mode, _)| *mode == asked) else {
        let possible: Vec<&str> = MODES.iter().map(|(mode, _)| *mode).collect();
        bail!("mode `{asked}` is not known; possible are {}", possible.join(", "));
    };
    let mut root = super::command();
    let mut words = vec!["fedcred".to_owned(), (*mode).to_owned()];
    if *mode != "login" {
        let command = root.find_subcommand_mut(mode).context("the mode has no command")?;
        command.build();
        words.extend(command.get_arguments().flat_map(|flag| given(context, flag)));
    }
    let shared = |flag: &&clap::Arg| flag.get_long().is_some_and(|name| SHARED.contains(&name));
    words.extend(root.get_arguments().filter(shared).flat_map(|flag| given(context, flag)));
    if !words.iter().any(|word| word.starts_with("--format=")) {
        words.push(format!("--format={format}"));
    }
    Ok(words.into_iter().map(OsString::from).collect())
}

/// The flag with the value of its input; once for each line where it may be repeated.
fn given(context: &Context<'_>, flag: &clap::Arg) -> Vec<String> {
    let Some(name) = flag.get_long() else { return Vec::new() };
    let Some(value) = settings::input(context.host, name) else { return Vec::new() };
    match (flag.get_action().takes_values(), value.as_str()) {
        (true, _) => value.lines().map(str::trim).map(|line| format!("--{name}={line}")).collect(),
        (false, "true") => vec![format!("--{name}")],
        (false, _) => Vec::new(),
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

#[cfg(test)]
mod tests {
    use crate::{
        cli::{self, Exit},
        host::{Env, Files, Host, Stream},
    };

    const LIVE: &str = r#"[{"name":"main","issuer":"https://token.actions.githubusercontent.com","subject":"repo:octo/app:pull_request","audiences":["api://AzureADTokenExchange"]}]"#;

    fn run(variables: &[(&str, &str)]) -> (Exit, Host) {
        let host = Host {
            env: Env::fake(variables.iter().copied().chain([("GITHUB_ACTIONS", "true")])),
            files: Files::fake([("live.json", LIVE), ("other.json", "[]")]),
            ..Host::fake()
        };
        (cli::run(["fedcred", "action", "main"].map(Into::into), &host), host)
    }

    #[test]
    fn an_unknown_mode_names_those_there_are() {
        let (exit, host) = run(&[("INPUT_MODE", "deploy")]);
        assert_eq!(exit, Exit::AskedWrongly);
        assert!(host.console.written(Stream::Err).contains("possible are login, check, preview, lint"));
    }

    #[test]
    fn inputs_become_flags_and_the_answer_is_an_annotation() {
        let variables = [
            ("INPUT_MODE", "check"),
            ("INPUT_SUBJECT", "repo:octo/app:ref:x"),
            ("INPUT_CREDENTIALS", "live.json"),
        ];
        let (exit, host) = run(&variables);
        assert_eq!(exit, Exit::No, "{}", host.console.written(Stream::Err));
        assert!(host.console.written(Stream::Out).starts_with("::error "));
    }
}
