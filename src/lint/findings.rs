//! What the rules found.

use super::{Edit, Rule};
use crate::{
    diagnostic::{Diagnostic, Severity},
    verdict::Commands,
};

/// One complaint of one rule.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// What to tell.
    pub diagnostic: Diagnostic,
    /// The job it is about.
    pub job: Option<String>,
    /// The subject it is about, as a preview shows it.
    pub subject: Option<String>,
    /// The judge's cause, kebab-case.
    pub cause: Option<&'static str>,
    /// Changes to the files that mend it, all of them together.
    pub edits: Vec<Edit>,
    /// Ready commands that mend it, where a credential has to be made or changed.
    pub commands: Option<Commands>,
}

impl Finding {
    /// A finding about no job and no subject, without an edit.
    #[must_use]
    pub const fn new(rule: &'static Rule, diagnostic: Diagnostic) -> Self {
        Self { rule, diagnostic, job: None, subject: None, cause: None, edits: Vec::new(), commands: None }
    }

    /// What tells this finding from others, without its line, so that it stays the same when code above it grows.
    #[must_use]
    pub fn identity(&self) -> String {
        let path = self.diagnostic.labels.first().map(|label| label.place.source.path());
        let title = Some(self.diagnostic.title.as_str());
        let parts = [Some(self.rule.id), path, self.job.as_deref(), self.subject.as_deref(), title];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" | ")
    }

    /// Names the job it is about.
    #[must_use]
    pub fn job(mut self, job: impl Into<String>) -> Self {
        self.job = Some(job.into());
        self
    }

    /// Names the subject it is about.
    #[must_use]
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// Names the judge's cause.
    #[must_use]
    pub const fn cause(mut self, cause: &'static str) -> Self {
        self.cause = Some(cause);
        self
    }

    /// Adds a change that mends it, where one is safe.
    #[must_use]
    pub fn edit(mut self, edit: Option<Edit>) -> Self {
        self.edits.extend(edit);
        self
    }

    /// Adds ready commands, where there are some.
    #[must_use]
    pub fn commands(mut self, commands: Option<Commands>) -> Self {
        self.commands = commands;
        self
    }

    /// The same finding with another severity than its rule's.
    #[must_use]
    pub const fn severity(mut self, severity: Severity) -> Self {
        self.diagnostic.severity = severity;
        self
    }
}

/// Where rules report.
#[derive(Debug, Default)]
pub struct Findings {
    found: Vec<Finding>,
}

impl Findings {
    /// Adds a finding.
    pub fn report(&mut self, finding: Finding) {
        self.found.push(finding);
    }

    pub(super) fn into_vec(self) -> Vec<Finding> {
        self.found
    }
}
