//! The table of commands and the options that every command takes.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

use super::{
    action, assertion, check, completions, credentials, explain, lazy::Lazy, lint, login, man, preview,
    subject, token,
};

/// Sign a workload in to Microsoft Entra without a stored secret, and know why when Entra refuses.
#[derive(Debug, Parser)]
#[command(name = "fedcred", version, propagate_version = true, arg_required_else_help = true)]
#[command(after_help = "Exit codes: 0 yes; 1 no (findings, a refusal by the judge, drift); \
2 asked wrongly (usage, configuration, unreadable input); 3 the other side refused or could not be reached.")]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// Options of every command.
#[derive(Clone, Debug, clap::Args)]
pub struct Global {
    /// How to print the result.
    #[arg(long, global = true, value_enum, default_value_t = Format::Human, help_heading = "Global options")]
    pub format: Format,
    /// When to use colour.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, help_heading = "Global options")]
    pub color: Color,
    /// Say only what is asked for.
    #[arg(long, short, global = true, conflicts_with = "verbose", help_heading = "Global options")]
    pub quiet: bool,
    /// Say what is done and why.
    #[arg(long, short, global = true, help_heading = "Global options")]
    pub verbose: bool,
    /// Never use the network.
    #[arg(long, global = true, help_heading = "Global options")]
    pub offline: bool,
    /// The configuration file [default: .github/fedcred.yml].
    #[arg(long, global = true, value_name = "FILE", help_heading = "Global options")]
    pub config: Option<PathBuf>,
}

/// How to print a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Human,
    /// One JSON document, version 1.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// GitHub annotations.
    Github,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// What the GitHub action runs.
    #[command(hide = true)]
    Action(Lazy<action::Args>),
    /// Obtain a token from any source, and say what is in it.
    Assertion(Lazy<assertion::Args>),
    /// Say whether credentials would take a token, and if not, why.
    Check(Lazy<check::Args>),
    /// Print a completion script for a shell.
    Completions(Lazy<completions::Args>),
    /// List what Entra has been told, wherever it is written.
    Credentials(Lazy<credentials::Args>),
    /// See a sign-in refused, explained, repaired and accepted, on this machine alone.
    #[cfg(feature = "emulator")]
    Demo(Lazy<super::demo::Args>),
    /// Serve a loopback stand-in for GitHub's issuer, Entra, Graph and ARM.
    #[cfg(feature = "emulator")]
    Emulate(Lazy<super::emulate::Args>),
    /// Say what an AADSTS code, a refusal, a log or a rule means, and what to do.
    Explain(Lazy<explain::Args>),
    /// Hold a repository's workflows against its credentials.
    Lint(Lazy<lint::Args>),
    /// Sign in to Microsoft Entra, and know why when it refuses.
    Login(Lazy<login::Args>),
    /// Print the manual pages.
    Man(Lazy<man::Args>),
    /// Show every subject that each job can present.
    Preview(Lazy<preview::Args>),
    /// Compute the exact `sub` that a job presents.
    Subject(Lazy<subject::Args>),
    /// Print an access token for scripts.
    Token(Lazy<token::Args>),
}
