//! Talks to GitHub's runner: masks, outputs, variables for later steps, saved state and the job summary.
//!
//! Source: <https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands>.

use anyhow::Context as _;

use crate::host::{Host, Stream};

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
        for line in secret.lines().filter(|line| !line.trim().is_empty()) {
            self.say(&format!("::add-mask::{}\n", escaped(line)))?;
        }
        Ok(())
    }

    /// Shows a message at the top of the run. `level` is `error`, `warning` or `notice`.
    pub(super) fn annotate(&self, level: &str, title: &str, message: &str) -> anyhow::Result<()> {
        let title = escaped(title).replace(':', "%3A").replace(',', "%2C");
        self.say(&format!("::{level} title={title}::{}\n", escaped(message.trim_end())))
    }

    /// Sets an output of the step.
    pub(super) fn output(&self, name: &str, value: &str) -> anyhow::Result<()> {
        self.append("GITHUB_OUTPUT", &entry(name, value))
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

/// `name<<MARK`, the value, `MARK`: the form that takes any value. The mark does not occur in the value.
fn entry(name: &str, value: &str) -> String {
    let mut mark = String::from("END_OF_VALUE");
    while value.contains(&mark) {
        mark.push('_');
    }
    format!("{name}<<{mark}\n{value}\n{mark}\n")
}

fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{Env, Files};

    #[test]
    fn a_value_cannot_end_its_own_entry() {
        assert_eq!(entry("subject", "a"), "subject<<END_OF_VALUE\na\nEND_OF_VALUE\n");
        assert_eq!(
            entry("x", "a\nEND_OF_VALUE\nPATH=evil"),
            "x<<END_OF_VALUE_\na\nEND_OF_VALUE\nPATH=evil\nEND_OF_VALUE_\n"
        );
    }

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
        assert_eq!(host.files.read("out".as_ref(), 99).unwrap(), b"k<<END_OF_VALUE\nv\nEND_OF_VALUE\n");
    }
}
