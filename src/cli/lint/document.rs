//! The document `fedcred.lint.v1`.

use serde::Serialize;

use crate::{
    diagnostic::{Label, Severity},
    lint::Finding,
    text::Position,
};

/// The whole document.
#[derive(Debug, Serialize)]
pub(super) struct Document<'a> {
    schema: &'static str,
    findings: Vec<Entry<'a>>,
    summary: Summary,
}

#[derive(Debug, Serialize)]
struct Entry<'a> {
    rule: &'static str,
    severity: &'static str,
    message: &'a str,
    path: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
    job: Option<&'a str>,
    subject: Option<&'a str>,
    cause: Option<&'static str>,
    help: Option<String>,
    related: Vec<Related<'a>>,
}

#[derive(Debug, Serialize)]
struct Related<'a> {
    path: &'a str,
    line: usize,
    message: &'a str,
}

#[derive(Debug, Default, Serialize)]
struct Summary {
    error: usize,
    warning: usize,
    note: usize,
}

impl<'a> Document<'a> {
    pub(super) fn new(findings: &'a [Finding]) -> Self {
        let mut summary = Summary::default();
        for finding in findings {
            match finding.diagnostic.severity {
                Severity::Error => summary.error += 1,
                Severity::Warning => summary.warning += 1,
                Severity::Note => summary.note += 1,
            }
        }
        Self { schema: "fedcred.lint.v1", findings: findings.iter().map(entry).collect(), summary }
    }
}

fn entry(finding: &Finding) -> Entry<'_> {
    let diagnostic = &finding.diagnostic;
    let primary = diagnostic.labels.first();
    let start = primary.map(|label| label.place.start());
    let end = primary.map(|label| label.place.end());
    Entry {
        rule: finding.rule.id,
        severity: diagnostic.severity.as_str(),
        message: &diagnostic.title,
        path: primary.map(|label| label.place.source.path()),
        line: start.map(|Position { line, .. }| line),
        column: start.map(|Position { column, .. }| column),
        end_line: end.map(|Position { line, .. }| line),
        end_column: end.map(|Position { column, .. }| column),
        job: finding.job.as_deref(),
        subject: finding.subject.as_deref(),
        cause: finding.cause,
        help: (!diagnostic.help.is_empty()).then(|| diagnostic.help.join("\n")),
        related: diagnostic.labels.iter().skip(1).map(related).collect(),
    }
}

fn related(label: &Label) -> Related<'_> {
    Related { path: label.place.source.path(), line: label.place.start().line, message: &label.text }
}
