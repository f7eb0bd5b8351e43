//! `fedcred credentials show`: credentials in full, one property a line.

use super::{
    Context, Exit, Format, LiveArgs,
    document::{Document, Entry},
    exit, read,
};
use crate::id::visible;

/// Arguments of `fedcred credentials show`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  fedcred credentials show infra/identity.tf
  fedcred credentials show infra/ --name deploy-prod")]
pub(super) struct Args {
    /// Files or folders that define credentials, graph:CLIENT-ID, arm:RESOURCE-ID [default: the current folder].
    #[arg(value_name = "SOURCE")]
    sources: Vec<String>,
    #[command(flatten)]
    live: LiveArgs,
    /// Only the credentials of this name.
    #[arg(long)]
    name: Option<String>,
}

pub(super) fn run(args: &Args, context: &Context<'_>) -> anyhow::Result<Exit> {
    let mut reading = read(context, &args.live, &args.sources)?;
    if let Some(wanted) = &args.name {
        let named = |name: &crate::trust::Value| name.text() == Some(wanted);
        reading.drafts.retain(|draft| draft.name.as_ref().is_some_and(|name| named(&name.value)));
        anyhow::ensure!(!reading.drafts.is_empty(), "no credential is named `{wanted}`");
    }
    let document = Document::new(&reading);
    match context.global.format {
        Format::Human => {
            let entries: Vec<String> = document.credentials.iter().map(human).collect();
            context.print(&entries.join("\n"))?;
        }
        Format::Json | Format::Sarif | Format::Github => context.print_json(&document)?,
    }
    Ok(exit(document.problems.len()))
}

fn human(entry: &Entry) -> String {
    let place = format!("{}:{}", entry.source, entry.line);
    let lines = [
        ("name", entry.name.as_deref()),
        ("home", Some(entry.home)),
        ("parent", entry.parent.as_deref()),
        ("issuer", entry.issuer.as_deref()),
        ("subject", entry.subject.as_deref()),
        ("expression", entry.expression.as_deref()),
        ("audience", entry.audience.as_deref()),
        ("description", entry.description.as_deref()),
        ("written at", Some(place.as_str())),
    ];
    let lines = lines.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let mut out: String = lines.map(|(name, value)| format!("{name:<12} {}\n", visible(value))).collect();
    for hole in &entry.holes {
        out.push_str(&format!("not known    {}, line {}: {}\n", hole.field, hole.line, hole.reason));
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::{
        cli,
        host::{Files, Host, Stream},
    };

    #[test]
    fn one_credential_is_shown_by_its_name() {
        let body = r#"[{"name":"a","issuer":"i","subject":"s","audiences":["x"]},{"name":"b","issuer":"i","subject":"t","audiences":["x"]}]"#;
        let host = Host { files: Files::fake([("a.json", body)]), ..Host::fake() };
        let show = |name: &str| {
            let words = ["fedcred", "credentials", "show", "a.json", "--name", name];
            cli::run(words.map(Into::into), &host)
        };
        assert_eq!(show("b"), cli::Exit::Yes);
        let shown = host.console.written(Stream::Out);
        assert!(shown.contains("subject      t\n") && !shown.contains("subject      s\n"), "{shown}");
        assert_eq!(show("c"), cli::Exit::AskedWrongly);
    }
}
