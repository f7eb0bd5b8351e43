//! Talks to GitHub's runner: masks, outputs, variables for later steps, saved state and the job summary.
//!
//! Source: <https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands>.

use anyhow::Context as _;

use crate::{
    diagnostic::Diagnostic,
    host::{Host, Stream},
    report::github,
};

/// The runner this process runs under.
#[derive(Clone, Copy, Debug)]
pub(super) struct Runner<'a> {
    host: &'a Host,
    /// Commands go here; the runner reads both streams.
    stream: Stream,
}

impl<'a> Runner<'a> {
    /// The runner, if there is one.
    pub(super) fn of(host: &'a Host) -> Option<Self> {
        (host.env.var("GITHUB_ACTIONS")? == "true").then_some(Self { host, stream: Stream::Out })
    }

    /// The same runner, told its commands on `stream`: standard error where standard output holds a result.
    pub(super) const fn speaking_to(self, stream: Stream) -> Self {
        Self { stream, ..self }
    }

    /// Has every later line of the job's log show `***` in the place of `secret`.
    pub(super) fn mask(&self, secret: &str) -> anyhow::Result<()> {
        self.say(&github::mask(secret))
    }

    /// Shows messages at the top of the run.
    pub(super) fn annotate(&self, told: &[Diagnostic]) -> anyhow::Result<()> {
        self.say(&github::annotations(told))
    }

    /// Sets an output of the step.
    pub(super) fn output(&self, name: &str, value: &str) -> anyhow::Result<()> {
        self.append("GITHUB_OUTPUT", &entry(name, value))
    }

    /// Sets outputs of the step.
    pub(super) fn outputs(&self, values: &[(&str, &str)]) -> anyhow::Result<()> {
        values.iter().try_for_each(|(name, value)| self.output(name, value))
    }

    /// Sets a variable for the later steps of the job.
    pub(super) fn variable(&self, name: &str, value: &str) -> anyhow::Result<()> {
        self.append("GITHUB_ENV", &entry(name, value))
    }

    /// Keeps a value for the step's own post phase, which finds it as `STATE_name`.
    pub(super) fn state(&self, name: &str, value: &str) -> anyhow::Result<()> {
        self.append("GITHUB_STATE", &entry(name, value))
    }

    /// Appends Markdown to the summary of the job.
    pub(super) fn summary(&self, markdown: &str) -> anyhow::Result<()> {
        self.append("GITHUB_STEP_SUMMARY", markdown)
    }

    fn say(&self, command: &str) -> anyhow::Result<()> {
        match self.stream {
            Stream::Out => self.host.console.out(command)?,
            Stream::Err => self.host.console.err(command),
        }
        Ok(())
    }

    fn append(&self, file: &str, text: &str) -> anyhow::Result<()> {
        let Some(path) = self.host.env.var(file) else { return Ok(()) };
        self.host.files.append(path.as_ref(), text).with_context(|| format!("cannot write {file} ({path})"))
    }
}

/// One `name` and its value in a command file; the delimiter never occurs in the value.
fn entry(name: &str, value: &str) -> String {
    github::assignment(name, value, "value")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{Env, Files};

    #[test]
    fn there_is_a_runner_only_where_github_says_so() {
        assert!(Runner::of(&Host::fake()).is_none());
        let host = Host {
            env: Env::fake([("GITHUB_ACTIONS", "true"), ("GITHUB_OUTPUT", "out")]),
            files: Files::fake([]),
            ..Host::fake()
        };
        let runner = Runner::of(&host).unwrap();
        runner.mask("a%b").unwrap();
        runner.output("k", "v").unwrap();
        runner.summary("nowhere to go").unwrap();
        assert_eq!(host.console.written(Stream::Out), "::add-mask::a%25b\n");
        assert_eq!(host.files.read("out".as_ref(), 99).unwrap(), b"k<<fedcred_value\nv\nfedcred_value\n");
    }
}
