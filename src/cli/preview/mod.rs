//! `fedcred preview`: every subject that each job can present, from the workflow files alone.

mod document;
mod page;

use std::path::PathBuf;

use super::{
    Context, Exit,
    args::Format,
    repository::{FactArgs, Repository},
};
use crate::{
    diagnostic::{Diagnostic, Severity},
    host::Stream,
    id::GitRef,
    report::{github, terminal},
    workflow::{
        Error,
        reach::{self, Entry, Wanted},
    },
};
use document::Document;

/// Arguments of `fedcred preview`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Nothing is run and nobody is asked. What the files cannot tell stays a hole such as {vars.ENV}; a filter \
such as feature/** stands for every ref that it admits.

Examples:
  fedcred preview
  fedcred preview --repository octo/app --default-branch main
  fedcred preview --job deploy --event push
  fedcred preview --ref refs/heads/main
  fedcred preview --why repo:octo/app:environment:prod
  fedcred preview --format json | jq -r '.subjects[].subject' | sort -u

Exit codes: 0 answered; 2 asked wrongly, or a workflow file cannot be read (the others are still shown)."
)]
pub(super) struct Args {
    /// The repository's folder.
    #[arg(default_value = ".", value_name = "PATH")]
    path: PathBuf,
    #[command(flatten)]
    facts: FactArgs,
    /// Show jobs that never ask for an Azure token too.
    #[arg(long)]
    all: bool,
    /// Only this job.
    #[arg(long, value_name = "ID")]
    job: Option<String>,
    /// Only runs that this event starts.
    #[arg(long, value_name = "EVENT")]
    event: Option<String>,
    /// Only runs on this ref, such as refs/heads/main.
    #[arg(long = "ref", value_name = "REF")]
    reference: Option<GitRef>,
    /// Show which lines produce this subject.
    #[arg(long, value_name = "SUBJECT")]
    why: Option<String>,
}

pub(super) fn run(args: &Args, context: &Context<'_>) -> anyhow::Result<Exit> {
    context.allow_formats(&[Format::Human, Format::Json, Format::Github])?;
    let repository = Repository::read(context, &args.path, &args.facts)?;
    let entries = wanted(args, &repository);
    let problems: Vec<Diagnostic> = repository.project.errors().map(unreadable).collect();
    match context.global.format {
        Format::Json => context.print_json(&Document::new(repository.name(), &entries))?,
        Format::Human | Format::Github | Format::Sarif => match &args.why {
            Some(subject) => context.print(&page::why(&entries, subject, &context.style(Stream::Out)))?,
            None => context.print(&page::page(&entries, args.all))?,
        },
    }
    if problems.is_empty() {
        return Ok(Exit::Yes);
    }
    let text = match context.global.format {
        Format::Github => github::annotations(&problems),
        Format::Human | Format::Json | Format::Sarif => {
            terminal::render(&problems, &context.style(Stream::Err))
        }
    };
    context.host.console.err(&text);
    Ok(Exit::AskedWrongly)
}

fn wanted(args: &Args, repository: &Repository) -> Vec<Entry> {
    let wanted = Wanted { all: args.all, reference: args.reference.clone(), ..Wanted::default() };
    let mut entries = reach::entries(&repository.project, &repository.facts, &wanted);
    entries.retain(|entry| {
        args.job.as_ref().is_none_or(|job| entry.job.value.eq_ignore_ascii_case(job))
            && args.event.as_ref().is_none_or(|event| entry.trigger == event)
    });
    entries
}

fn unreadable(error: &Error) -> Diagnostic {
    let title = format!("GitHub would not run this file: {error}");
    let told = Diagnostic::new("unreadable-workflow", Severity::Error, title).at(error.place.clone(), "here");
    match &error.related {
        Some(place) => told.at(place.clone(), "and here"),
        None => told,
    }
}
