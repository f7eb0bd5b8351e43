//! `fedcred credentials show`: credentials in full, one property a line.

use super::{Context, Exit, Format, Listing, SourcesArgs, document::Entry};
use crate::{host::Stream, id::visible, report::terminal};

/// Arguments of `fedcred credentials show`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  fedcred credentials show infra/identity.tf
  fedcred credentials show infra/ --name deploy-prod")]
pub(super) struct Args {
    #[command(flatten)]
    what: SourcesArgs,
    /// Only the credentials of this name.
    #[arg(long)]
    name: Option<String>,
}

pub(super) fn run(args: &Args, context: &Context<'_>) -> anyhow::Result<Exit> {
    let mut listing = Listing::read(context, &args.what)?;
    if let Some(wanted) = &args.name {
        listing.only(wanted);
        anyhow::ensure!(!listing.reading.drafts.is_empty(), "no credential is named `{wanted}`");
    }
    let document = listing.document();
    match context.global.format {
        Format::Human => {
            let mut parts: Vec<String> = document.credentials.iter().map(human).collect();
            parts.push(terminal::render(&listing.diagnostics(), &context.style(Stream::Out)));
            parts.retain(|part| !part.is_empty());
            context.print(&parts.join("\n"))?;
        }
        Format::Json | Format::Sarif | Format::Github => context.print_json(&document)?,
    }
    Ok(listing.exit())
}

fn human(entry: &Entry) -> String {
    let place = format!("{}:{}", entry.source, entry.line);
    let version = entry.expression_version.map(|version| version.to_string());
    let audiences = entry.audiences.iter().map(|audience| ("audience", Some(audience.as_str())));
    let before = [
        ("name", entry.name.as_deref()),
        ("home", Some(entry.home)),
        ("parent", entry.parent.as_deref()),
        ("id", entry.id.as_deref()),
        ("issuer", entry.issuer.as_deref()),
        ("subject", entry.subject.as_deref()),
        ("expression", entry.expression.as_deref()),
        ("language", version.as_deref()),
    ];
    let behind = [("description", entry.description.as_deref()), ("written at", Some(place.as_str()))];
    let lines =
        before.into_iter().chain(audiences).chain(behind).filter_map(|(name, value)| Some((name, value?)));
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
        let body = r#"[{"name":"one","issuer":"i","subject":"s","audiences":["x"]},{"name":"two","issuer":"i","subject":"t","audiences":["api://AzureADTokenExchange"]}]"#;
        let host = Host { files: Files::fake([("a.json", body)]), ..Host::fake() };
        let show = |name: &str| {
            let words = ["fedcred", "credentials", "show", "a.json", "--name", name];
            cli::run(words.map(Into::into), &host)
        };
        assert_eq!(show("two"), cli::Exit::Yes);
        let shown = host.console.written(Stream::Out);
        assert!(shown.contains("subject      t\n") && !shown.contains("subject      s\n"), "{shown}");
        assert!(!shown.contains("wrong-audience"), "{shown}");
        assert_eq!(show("c"), cli::Exit::AskedWrongly);
    }
}
