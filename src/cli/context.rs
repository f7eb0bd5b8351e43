//! What every command is given: the global options and the world.

use std::io;

use serde::Serialize;

use super::{
    args::{Color, Format, Global},
    exit::Exit,
    runner::Runner,
};
use crate::{
    diagnostic::{Diagnostic, Severity},
    host::{Host, Progress, Stream},
    report::Style,
};

/// The global options and the world.
#[derive(Debug)]
pub struct Context<'a> {
    /// The options given before or behind the command.
    pub global: Global,
    /// The world.
    pub host: &'a Host,
}

impl<'a> Context<'a> {
    pub(super) const fn new(global: Global, host: &'a Host) -> Self {
        Self { global, host }
    }

    /// Prints `text` as the command's result.
    ///
    /// # Errors
    /// When standard output cannot be written.
    pub fn print(&self, text: &str) -> anyhow::Result<()> {
        self.host.console.out(text)?;
        Ok(())
    }

    /// Prints `document` as one indented JSON document.
    ///
    /// # Errors
    /// When standard output cannot be written.
    pub fn print_json(&self, document: &impl Serialize) -> anyhow::Result<()> {
        self.print(&format!("{}\n", serde_json::to_string_pretty(document)?))
    }

    /// A line that tells a person who watches what goes on, unless they asked for quiet.
    #[must_use]
    pub fn progress(&self) -> Progress {
        if self.global.quiet { Progress::silent() } else { self.host.console.progress() }
    }

    /// How to write to `stream`: coloured as asked, as wide as `COLUMNS` says.
    #[must_use]
    pub fn style(&self, stream: Stream) -> Style {
        let env = &self.host.env;
        let color = match self.global.color {
            Color::Always => true,
            Color::Never => false,
            // Source: <https://no-color.org>.
            Color::Auto => {
                self.host.console.is_terminal(stream)
                    && env.var("NO_COLOR").is_none()
                    && env.var("TERM").is_none_or(|terminal| terminal != "dumb")
            }
        };
        let columns = env.var("COLUMNS").and_then(|columns| columns.parse().ok());
        Style { width: columns.unwrap_or(Style::plain().width), color }
    }

    /// Fails when the command has no such output.
    ///
    /// # Errors
    /// When `--format` is not one of `possible`.
    pub fn allow_formats(&self, possible: &[Format]) -> anyhow::Result<()> {
        let asked = self.global.format;
        anyhow::ensure!(
            possible.contains(&asked),
            "this command has no {} output; leave --format out",
            format!("{asked:?}").to_lowercase()
        );
        Ok(())
    }

    /// What went wrong, without how the program ends, which is no news beside it.
    pub(super) fn words(error: &anyhow::Error) -> String {
        let exit = error.downcast_ref::<Exit>().map(ToString::to_string);
        let chain: Vec<String> =
            error.chain().map(ToString::to_string).filter(|text| exit.as_ref() != Some(text)).collect();
        chain.join(": ")
    }

    /// Says what went wrong and how the program ends for it. A reader that went away is no failure.
    pub(super) fn complain(&self, error: &anyhow::Error) -> Exit {
        let pipe = error.downcast_ref::<io::Error>().map(io::Error::kind);
        if pipe == Some(io::ErrorKind::BrokenPipe) {
            return Exit::Yes;
        }
        let exit = error.downcast_ref::<Exit>().copied();
        let message = Self::words(error);
        match Runner::of(self.host) {
            Some(runner) => {
                let runner = runner.speaking_to(Stream::Err);
                let _: anyhow::Result<()> =
                    runner.annotate(&[Diagnostic::new("fedcred", Severity::Error, message)]);
            }
            None => self.host.console.err(&format!("error: {message}\n")),
        }
        exit.unwrap_or(Exit::AskedWrongly)
    }
}
