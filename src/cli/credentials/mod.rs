//! `fedcred credentials`: what Entra has been told, wherever it is written.

mod document;
mod list;
mod show;

use std::path::Path;

use clap::Subcommand;

use self::document::Document;
use super::{
    Context, Exit,
    args::Format,
    levels,
    repository::{configuration, meant},
    settings::LiveArgs,
    source,
};
use crate::{
    diagnostic::{Diagnostic, Severity},
    id::RepositoryName,
    lint::{self, Facts, Finding},
    trust::{Draft, read::Reading},
};

/// Arguments of `fedcred credentials`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List every credential that the sources define, with what is wrong with it.
    List(list::Args),
    /// Show one credential, or all of them, in full.
    Show(show::Args),
}

/// What is read, and how.
#[derive(Debug, clap::Args)]
struct SourcesArgs {
    /// Files or folders that define credentials, graph:CLIENT-ID, arm:RESOURCE-ID [default: the current folder].
    #[arg(value_name = "SOURCE")]
    sources: Vec<String>,
    /// The same, as other commands name it. Repeatable.
    #[arg(long, value_name = "SOURCE", conflicts_with = "sources")]
    credentials: Vec<String>,
    /// The repository that definitions mean where owner and name come from outside [default: the configuration, else the git remote].
    #[arg(long, value_name = "OWNER/NAME")]
    repository: Option<RepositoryName>,
    #[command(flatten)]
    live: LiveArgs,
}

/// What was read, and what the rules about credentials say to it.
struct Listing {
    reading: Reading,
    findings: Vec<Finding>,
    /// Whether a source that was named is broken and gave nothing.
    is_broken: bool,
}

pub(super) fn run(args: &Args, context: &Context<'_>) -> anyhow::Result<Exit> {
    context.allow_formats(&[Format::Human, Format::Json])?;
    match &args.action {
        Action::List(args) => list::run(args, context),
        Action::Show(args) => show::run(args, context),
    }
}

impl Listing {
    /// Reads the sources; without one, the folder that the program runs in.
    fn read(context: &Context<'_>, args: &SourcesArgs) -> anyhow::Result<Self> {
        let config = configuration(context, Path::new(""))?;
        levels::check(&config)?;
        let here = Path::new("");
        let named = [args.sources.as_slice(), &args.credentials].concat();
        let mut reading = match named.is_empty() {
            true => source::load_folder(context, here, here)?,
            false => Reading::default(),
        };
        let mut is_broken = false;
        for one in &named {
            let read = source::load_as(context, &args.live.sign_in(), here, std::slice::from_ref(one))?;
            is_broken |= read.nothing_but_broken().is_some();
            reading.append(read);
        }
        let reading = reading.without_repeats();
        let reading = reading.in_repository(meant(context, args.repository.as_ref())?.as_ref());
        let mut findings = lint::run(lint::ALL, &Facts::of_credentials(&reading.drafts));
        levels::apply(&config, &mut findings);
        findings.retain(|finding| !lint::is_ignored(finding));
        Ok(Self { reading, findings, is_broken })
    }

    /// Leaves the credentials of that name, and what is said about them.
    fn only(&mut self, name: &str) {
        self.reading
            .drafts
            .retain(|draft| draft.name.as_ref().is_some_and(|it| it.value.text() == Some(name)));
        let drafts = &self.reading.drafts;
        self.findings.retain(|finding| drafts.iter().any(|draft| is_about(&finding.diagnostic, draft)));
    }

    fn document(&self) -> Document {
        Document::new(&self.reading, &self.findings)
    }

    fn diagnostics(&self) -> Vec<Diagnostic> {
        self.findings.iter().map(|finding| finding.diagnostic.clone()).collect()
    }

    /// As in `fedcred lint`: 1 from severity warning up. A broken source is asked wrongly; what else could not be read is said and
    /// does not count.
    fn exit(&self) -> Exit {
        if self.is_broken {
            return Exit::AskedWrongly;
        }
        let loud = self.findings.iter().any(|finding| finding.diagnostic.severity >= Severity::Warning);
        if loud { Exit::No } else { Exit::Yes }
    }
}

/// Whether one of the places that `diagnostic` shows lies in the definition.
fn is_about(diagnostic: &Diagnostic, draft: &Draft) -> bool {
    let (source, whole) = (draft.place.source.path(), draft.place.span);
    diagnostic.labels.iter().any(|label| {
        let span = label.place.span;
        label.place.source.path() == source && whole.start <= span.start && span.end <= whole.end
    })
}
