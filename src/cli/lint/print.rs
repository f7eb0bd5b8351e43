//! Findings in the format asked for.

use super::document::Document;
use crate::{
    cli::{Context, args::Format},
    diagnostic::Diagnostic,
    host::Stream,
    lint::{Finding, Rule},
    report::{
        github,
        sarif::{self, Problem, RuleText},
        terminal,
    },
    trust::read::Skipped,
};

/// Prints the findings, and for people a last line with their number.
pub(super) fn print(
    context: &Context<'_>,
    rules: &[&'static Rule],
    findings: &[Finding],
) -> anyhow::Result<()> {
    let diagnostics: Vec<Diagnostic> = findings.iter().map(|finding| finding.diagnostic.clone()).collect();
    match context.global.format {
        Format::Human => human(context, &diagnostics),
        Format::Json => context.print_json(&Document::new(findings)),
        Format::Github => context.print(&github::annotations(&diagnostics)),
        Format::Sarif => context.print_json(&sarif(rules, findings)),
    }
}

fn human(context: &Context<'_>, diagnostics: &[Diagnostic]) -> anyhow::Result<()> {
    context.print(&terminal::render(diagnostics, &context.style(Stream::Out)))?;
    if !context.global.quiet {
        let gap = if diagnostics.is_empty() { "" } else { "\n" };
        context.host.console.err(&format!("{gap}{}\n", terminal::tally(diagnostics)));
    }
    Ok(())
}

/// Says what was not read; by name when asked for more.
pub(super) fn skipped(context: &Context<'_>, skipped: &[Skipped]) {
    if skipped.is_empty() || context.global.quiet {
        return;
    }
    if context.global.verbose {
        for one in skipped {
            context.host.console.err(&format!("not read: {}: {}\n", one.place, one.reason));
        }
    } else {
        let count = skipped.len();
        context
            .host
            .console
            .err(&format!("definitions that could not be read: {count}; --verbose tells which and why\n"));
    }
}

/// The findings as a SARIF document.
pub(super) fn sarif(rules: &[&'static Rule], findings: &[Finding]) -> impl serde::Serialize + use<> {
    let texts: Vec<_> = rules.iter().map(|rule| rule_text(rule)).collect();
    let problems: Vec<_> = findings.iter().map(problem).collect();
    sarif::document(env!("CARGO_PKG_VERSION"), &texts, &problems)
}

fn rule_text(rule: &'static Rule) -> RuleText<'static> {
    RuleText {
        id: rule.id,
        summary: rule.summary,
        page: rule.page,
        severity: rule.severity,
        link: env!("CARGO_PKG_REPOSITORY"),
    }
}

fn problem(finding: &Finding) -> Problem<'_> {
    Problem { diagnostic: &finding.diagnostic, identity: finding.identity() }
}
