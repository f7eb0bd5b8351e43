//! `fedcred lint`: a repository's workflows against its credentials, and the credentials by themselves.

mod baseline;
mod commands;
mod document;
mod fix;
mod gather;
mod matrix;
mod print;

use std::path::PathBuf;

use anyhow::{Context as _, bail};

use super::{Context, Exit, config::Ignore, levels, repository::FactArgs, runner::Runner};
use crate::{
    diagnostic::Severity,
    lint::{self, Finding, Rule},
    report::{Table, summary},
};

/// Arguments of `fedcred lint`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  fedcred lint
  fedcred lint --repository octo/app --format github
  fedcred lint --credentials graph:$AZURE_CLIENT_ID
  fedcred lint --rule wildcard-subject --rule wrong-audience infra/
  fedcred lint --fix --dry-run
  fedcred lint --fix-commands
  fedcred lint --write-baseline .github/fedcred-baseline.json
  fedcred lint --format sarif > fedcred.sarif

`fedcred explain RULE` tells what a rule means. Exit codes: 0 nothing at severity warning or above; 1 findings; 2 asked wrongly.")]
pub(super) struct Args {
    /// The folder of the repository [default: the current folder].
    #[arg(value_name = "PATH", default_value = ".", hide_default_value = true)]
    path: PathBuf,
    #[command(flatten)]
    facts: FactArgs,
    /// The credentials of the only identity: a file, a folder, graph:CLIENT-ID or arm:RESOURCE-ID. Repeatable
    /// [default: the configuration's identities, else what the folder defines].
    #[arg(long, value_name = "SOURCE")]
    credentials: Vec<String>,
    /// Run this rule alone. Repeatable.
    #[arg(long = "rule", value_name = "RULE")]
    rules: Vec<String>,
    /// Leave out findings below this severity.
    #[arg(long, value_name = "SEVERITY", value_parser = severity, default_value = "note")]
    min_severity: Severity,
    /// Mend what is safe to mend, in the files; shows what changes.
    #[arg(long)]
    fix: bool,
    /// With --fix: show what would change, and write nothing.
    #[arg(long, requires = "fix")]
    dry_run: bool,
    /// Print ready commands and definitions for the credentials that have to be made or changed, in place of the findings.
    #[arg(long, conflicts_with = "fix")]
    fix_commands: bool,
    /// Leave out the findings that this file lists.
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write the findings of today into this file, as a baseline for later runs.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["baseline", "fix"])]
    write_baseline: Option<PathBuf>,
}

pub(super) fn run(args: &Args, context: &Context<'_>) -> anyhow::Result<Exit> {
    let rules = rules(&args.rules)?;
    let known = baseline::read(context, args.baseline.as_deref())?;
    let gathered = gather::gather(args, context)?;
    levels::check(&gathered.repository.config)?;
    let mut findings = lint::run(&rules, &gathered.facts());
    let config = &gathered.repository.config;
    let unused = levels::apply(config, &mut findings);
    findings.retain(|finding| finding.diagnostic.severity >= args.min_severity && !lint::is_ignored(finding));
    for finding in &mut findings {
        finding.diagnostic.notes.extend(lint::why_not(finding));
    }
    if let Some(file) = &args.write_baseline {
        baseline::write(context, file, &findings)?;
        return Ok(Exit::Yes);
    }
    let gone = known.retain_new(&mut findings);
    tell_leftovers(args, context, gone, &unused);
    if args.fix {
        let changes = fix::changes(&args.path, &args.facts.checkouts, &findings);
        fix::apply(context, &changes, args.dry_run)?;
        let left = findings.iter().filter(|finding| args.dry_run || !fix::mends(&changes, finding));
        findings = left.cloned().collect();
    }
    if args.fix_commands {
        commands::print(context, &findings)?;
        return Ok(exit(&findings));
    }
    if let Some(runner) = Runner::of(context.host) {
        hand_over(context, runner, &rules, &findings, &matrix::of(&gathered.facts()))?;
    }
    print::print(context, &rules, &findings)?;
    print::skipped(context, &gathered.skipped);
    Ok(exit(&findings))
}

/// Says which entries of the baseline and of `ignore` met nothing. A run of some rules or severities does not see all of them.
fn tell_leftovers(args: &Args, context: &Context<'_>, gone: usize, unused: &[&Ignore]) {
    if !args.rules.is_empty() || context.global.quiet {
        return;
    }
    let err = |text: String| context.host.console.err(&text);
    if gone > 0 && args.min_severity == Severity::Note {
        err(format!("findings of the baseline that are gone: {gone}; --write-baseline forgets them\n"));
    }
    for ignore in unused {
        err(format!(
            "{}: there is no such finding of `{}` to ignore\n",
            ignore.rule.place, ignore.rule.value
        ));
    }
}

/// Inside a job: the summary page, the outputs `report` and `sarif`.
fn hand_over(
    context: &Context<'_>,
    runner: Runner<'_>,
    rules: &[&'static Rule],
    findings: &[Finding],
    matrix: &Table,
) -> anyhow::Result<()> {
    let diagnostics: Vec<_> = findings.iter().map(|finding| finding.diagnostic.clone()).collect();
    runner.summary(&summary::page("fedcred lint", &diagnostics))?;
    if !matrix.is_empty() {
        runner.summary(&summary::sheet("What the jobs present, and who accepts it", &matrix.markdown()))?;
    }
    runner.output("report", &serde_json::to_string(&document::Document::new(findings))?)?;
    if let Some(folder) = context.host.env.var("RUNNER_TEMP") {
        let path = PathBuf::from(folder).join("fedcred.sarif");
        let text = serde_json::to_string(&print::sarif(rules, findings))?;
        context.host.files.rewrite(&path, text.as_bytes()).context("cannot write the SARIF file")?;
        runner.output("sarif", &path.to_string_lossy())?;
    }
    Ok(())
}

fn exit(findings: &[Finding]) -> Exit {
    let loud = findings.iter().any(|finding| finding.diagnostic.severity >= Severity::Warning);
    if loud { Exit::No } else { Exit::Yes }
}

/// The rules of these names, or all of them for none.
fn rules(names: &[String]) -> anyhow::Result<Vec<&'static Rule>> {
    if names.is_empty() {
        return Ok(lint::ALL.to_vec());
    }
    names.iter().map(|name| lint::named(name).with_context(|| levels::unknown(name))).collect()
}

fn severity(text: &str) -> anyhow::Result<Severity> {
    let all = [Severity::Note, Severity::Warning, Severity::Error];
    match all.into_iter().find(|severity| severity.as_str() == text) {
        Some(severity) => Ok(severity),
        None => bail!("a severity is note, warning or error"),
    }
}
