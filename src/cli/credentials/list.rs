//! `fedcred credentials list`: one line for each credential.

use super::{
    Context, Exit, Format, Listing, SourcesArgs,
    document::{Document, Entry},
};
use crate::{
    host::Stream,
    id::visible,
    report::{Cell, Style, Table, terminal},
};

/// Arguments of `fedcred credentials list`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  fedcred credentials list infra/
  fedcred credentials list infra/identity.tf scripts/setup-oidc.sh --format json
  az ad app federated-credential list --id $APP > live.json && fedcred credentials list live.json
  fedcred credentials list graph:$AZURE_CLIENT_ID arm:$IDENTITY_RESOURCE_ID")]
pub(super) struct Args {
    #[command(flatten)]
    what: SourcesArgs,
}

pub(super) fn run(args: &Args, context: &Context<'_>) -> anyhow::Result<Exit> {
    let listing = Listing::read(context, &args.what)?;
    let document = listing.document();
    match context.global.format {
        Format::Human => {
            let style = context.style(Stream::Out);
            let problems = terminal::render(&listing.diagnostics(), &style);
            context.print(&format!("{}{problems}{}", credentials(&document, &style), skipped(&document)))?;
        }
        Format::Json | Format::Sarif | Format::Github => context.print_json(&document)?,
    }
    Ok(listing.exit())
}

fn credentials(document: &Document, style: &Style) -> String {
    if document.credentials.is_empty() {
        return "no credentials\n".to_owned();
    }
    let mut table = Table::new(["name", "form", "subject", "issuer", "audience", "written at", "problems"]);
    document.credentials.iter().for_each(|entry| table.row(row(entry)));
    let gap = if document.has_problems() { "\n" } else { "" };
    format!("{}{gap}", table.render(style))
}

fn row(entry: &Entry) -> [Cell; 7] {
    let (form, subject) = match (&entry.expression, entry.holes.iter().any(|hole| hole.field == "subject")) {
        (Some(expression), _) => ("flexible", Some(expression)),
        (None, true) => ("exact, with holes", entry.subject.as_ref()),
        (None, false) => ("exact", entry.subject.as_ref()),
    };
    let code = |value: Option<&String>| match value {
        Some(value) => Cell::Code(value.clone()),
        None => Cell::Text("-".to_owned()),
    };
    [
        code(entry.name.as_ref()),
        Cell::Text(form.to_owned()),
        code(subject),
        code(entry.issuer.as_ref()),
        code(entry.audience.as_ref()),
        Cell::Text(format!("{}:{}", entry.source, entry.line)),
        Cell::Text(entry.problems.to_string()),
    ]
}

fn skipped(document: &Document) -> String {
    let line = |source: &str, reason: &str| format!("skipped {}: {}\n", visible(source), visible(reason));
    document.skipped.iter().map(|skipped| line(&skipped.source, &skipped.reason)).collect()
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

    const BODY: &str = r#"{"name":"deploy","issuer":"https://i","subject":"repo:o/r:pull_request","audiences":["api://AzureADTokenExchange"]}"#;

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

    #[test]
    fn a_source_is_also_taken_by_its_flag_and_one_that_gives_nothing_is_no_success() {
        let files = || Files::fake([("a.json", BODY), ("cut.json", &BODY[..40])]);
        let (exit, human) = list(files(), &["--credentials", "a.json"]);
        assert_eq!((exit, human.contains("deploy")), (cli::Exit::Yes, true), "{human}");
        let (exit, human) = list(files(), &["a.json", "cut.json"]);
        assert_eq!(exit, cli::Exit::AskedWrongly);
        assert!(human.contains("deploy") && human.contains("skipped cut.json:1: not valid JSON"), "{human}");
        let nothing = (
            "infra/main.tf",
            "resource \"azuread_application_federated_identity_credential\" \"x\" {\n  count = 0\n}\n",
        );
        let (exit, json) = list(Files::fake([nothing]), &["infra", "--format", "json"]);
        assert_eq!((exit, json.contains("has no copy")), (cli::Exit::Yes, true), "{json}");
        assert_eq!(list(files(), &["a.json", "--credentials", "a.json"]).0, cli::Exit::AskedWrongly);
    }

    #[test]
    fn what_lint_says_about_credentials_alone_is_said_here_and_can_be_turned_off_there() {
        let slash = BODY.replace("https://i", "https://token.actions.githubusercontent.com/");
        let twenty_one: Vec<String> = (0..21)
            .map(|at| {
                let id = format!("/subscriptions/s/providers/Microsoft.ManagedIdentity/userAssignedIdentities/me/federatedIdentityCredentials/n{at}");
                BODY.replace("{\"name\":\"deploy\"", &format!("{{\"id\":\"{id}\",\"name\":\"n{at}\""))
                    .replace("pull_request", &format!("ref:refs/heads/b{at}"))
            })
            .collect();
        let many = format!("[{}]", twenty_one.join(","));
        let rules = |files: &[(&str, &str)]| -> Vec<String> {
            let (_, json) = list(Files::fake(files.iter().copied()), &["a.json", "--format", "json"]);
            let document: serde_json::Value = serde_json::from_str(&json).unwrap();
            let problems = document["problems"].as_array().unwrap().iter();
            problems.map(|problem| problem["rule"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(rules(&[("a.json", &slash)]), ["trailing-slash-issuer"]);
        assert!(rules(&[("a.json", &many)]).contains(&"too-many-credentials".to_owned()));
        let off = (".github/fedcred.yml", "rules: {trailing-slash-issuer: off}\n");
        assert!(rules(&[("a.json", &slash), off]).is_empty());
    }

    /// What az 2.91.0 printed when it asked the emulator.
    const AZ: [(&str, &str); 6] = [
        ("app-list", include_str!("../../../tests/fixtures/az/ad-app-federated-credential-list.json")),
        ("app-show", include_str!("../../../tests/fixtures/az/ad-app-federated-credential-show.json")),
        ("identity-list", include_str!("../../../tests/fixtures/az/identity-federated-credential-list.json")),
        ("identity-show", include_str!("../../../tests/fixtures/az/identity-federated-credential-show.json")),
        ("rest-graph", include_str!("../../../tests/fixtures/az/rest-graph.json")),
        ("rest-arm", include_str!("../../../tests/fixtures/az/rest-arm.json")),
    ];

    #[test]
    fn nothing_that_az_prints_about_a_credential_is_lost() {
        for (name, text) in AZ {
            let (_, json) = list(Files::fake([("az.json", text)]), &["az.json", "--format", "json"]);
            let document: serde_json::Value = serde_json::from_str(&json).unwrap();
            let printed: serde_json::Value = serde_json::from_str(text).unwrap();
            let printed = printed.get("value").unwrap_or(&printed);
            let printed = printed.as_array().cloned().unwrap_or_else(|| vec![printed.clone()]);
            let read = document["credentials"].as_array().unwrap();
            assert_eq!(read.len(), printed.len(), "{name}");
            for (printed, read) in printed.iter().zip(read) {
                let body = printed.get("properties").unwrap_or(printed);
                for (holder, field) in [
                    (printed, "id"),
                    (printed, "name"),
                    (body, "issuer"),
                    (body, "subject"),
                    (body, "audiences"),
                    (body, "description"),
                ] {
                    assert_eq!(read[field], holder[field], "{name}: {field}");
                }
                let expression = &body["claimsMatchingExpression"];
                assert_eq!(read["expression"], expression["value"], "{name}");
                assert_eq!(read["expression_version"], expression["languageVersion"], "{name}");
                let home = read["home"].as_str().unwrap();
                let known = if name.contains("app") || name.contains("graph") {
                    "application"
                } else {
                    "managed-identity"
                };
                assert!(home == known || read["id"] == "main", "{name}: {home}");
            }
            let both =
                |wanted: &str| read.iter().any(|one| one["expression"].is_string() == (wanted == "flexible"));
            assert!(
                both("exact") && (both("flexible") || name.starts_with("app") || name.ends_with("show")),
                "{name}"
            );
            assert_eq!(
                (document["problems"].to_string(), document["skipped"].to_string()),
                ("[]".into(), "[]".into()),
                "{name}"
            );
        }
    }
}
