//! `fedcred credentials list`: one line for each credential.

use comfy_table::{ContentArrangement, Table, presets};

use super::{
    Context, Exit, Format, LiveArgs,
    document::{Document, Entry},
    exit, read,
};
use crate::id::visible;

/// Arguments of `fedcred credentials list`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  fedcred credentials list infra/
  fedcred credentials list infra/identity.tf scripts/setup-oidc.sh --format json
  az ad app federated-credential list --id $APP > live.json && fedcred credentials list live.json
  fedcred credentials list graph:$AZURE_CLIENT_ID arm:$IDENTITY_RESOURCE_ID")]
pub(super) struct Args {
    /// Files or folders that define credentials, graph:CLIENT-ID, arm:RESOURCE-ID [default: the current folder].
    #[arg(value_name = "SOURCE")]
    sources: Vec<String>,
    #[command(flatten)]
    live: LiveArgs,
}

pub(super) fn run(args: &Args, context: &Context<'_>) -> anyhow::Result<Exit> {
    let document = Document::new(&read(context, &args.live, &args.sources)?);
    match context.global.format {
        Format::Human => context.print(&human(&document))?,
        Format::Json | Format::Sarif | Format::Github => context.print_json(&document)?,
    }
    Ok(exit(document.problems.len()))
}

fn human(document: &Document) -> String {
    let mut out = match document.credentials.as_slice() {
        [] => "no credentials\n".to_owned(),
        entries => format!("{}\n", table(entries)),
    };
    for problem in &document.problems {
        let place = format!("{}:{}", problem.source, problem.line);
        out.push_str(&format!("{}[{}]: {} ({place})\n", problem.severity, problem.rule, problem.message));
    }
    for skipped in &document.skipped {
        out.push_str(&format!("skipped {}: {}\n", skipped.source, skipped.reason));
    }
    out
}

fn table(entries: &[Entry]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(["NAME", "FORM", "SUBJECT", "ISSUER", "AUDIENCE", "WRITTEN AT", "PROBLEMS"]);
    for entry in entries {
        let (form, subject) =
            match (&entry.expression, entry.holes.iter().any(|hole| hole.field == "subject")) {
                (Some(expression), _) => ("flexible", Some(expression)),
                (None, true) => ("exact, with holes", entry.subject.as_ref()),
                (None, false) => ("exact", entry.subject.as_ref()),
            };
        let text =
            |value: Option<&String>| value.map_or_else(|| "-".to_owned(), |value| visible(value).to_string());
        table.add_row([
            text(entry.name.as_ref()),
            form.to_owned(),
            text(subject),
            text(entry.issuer.as_ref()),
            text(entry.audience.as_ref()),
            format!("{}:{}", entry.source, entry.line),
            entry.problems.to_string(),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use crate::{
        cli,
        host::{Files, Host, Stream},
    };

    fn list(files: Files, words: &[&str]) -> (cli::Exit, String) {
        let host = Host { files, ..Host::fake() };
        let words = ["fedcred", "credentials", "list"].into_iter().chain(words.iter().copied());
        let exit = cli::run(words.map(Into::into), &host);
        (exit, host.console.written(Stream::Out))
    }

    const BODY: &str =
        r#"{"name":"deploy","issuer":"https://i","subject":"repo:o/r:pull_request","audiences":["api://a"]}"#;

    #[test]
    fn every_credential_is_told_with_its_place() {
        let (exit, json) = list(Files::fake([("infra/a.json", BODY)]), &["infra", "--format", "json"]);
        assert_eq!(exit, cli::Exit::Yes);
        let document: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(document["schema"], "fedcred.credentials.v1");
        let one = &document["credentials"][0];
        assert_eq!((&one["source"], &one["line"]), (&"infra/a.json".into(), &1.into()));
        assert_eq!((&one["subject"], &one["home"]), (&"repo:o/r:pull_request".into(), &"unknown".into()));
        let (_, human) = list(Files::fake([("infra/a.json", BODY)]), &["infra/a.json"]);
        assert!(human.contains("infra/a.json:1") && human.contains("deploy"), "{human}");
    }

    #[test]
    fn a_broken_limit_ends_with_one_and_a_missing_file_with_two() {
        let broken = BODY.replace("deploy", "a b");
        let (exit, human) = list(Files::fake([("a.json", broken.as_str())]), &["a.json"]);
        assert_eq!(exit, cli::Exit::No);
        assert!(human.contains("invalid-credential-name"), "{human}");
        assert_eq!(list(Files::fake([("a.json", BODY)]), &["b.json"]).0, cli::Exit::AskedWrongly);
    }
}
