//! `fedcred check`: would these credentials take this token, and if not, why.

use anyhow::{Context as _, ensure};

use super::{
    Context, Exit,
    args::Format,
    check_document::Document,
    config::Config,
    judged::{Judgement, Sources, read},
    repository::meant,
    runner::Runner,
    settings::{Settings, SignInArgs},
    sign_in, telling,
    token_source::SourceArgs,
};
use crate::{
    diagnostic::Diagnostic,
    entra::Patience,
    fetch::source::Ask,
    host::{self, Stream},
    id::{Audience, Cloud, RepositoryName, visible},
    issuer::{Presented, UnverifiedClaims},
    report::{github, summary, terminal},
    secret::Assertion,
    trust::Credential,
    verdict::Verdict,
};

/// The issuer of github.com, which is meant where none is given.
const GITHUB: &str = "https://token.actions.githubusercontent.com";

/// Arguments of `fedcred check`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Without --subject a token of --source is judged: inside a GitHub job the job's own.
The credentials of all sources are one set.

Examples:
  fedcred check --subject repo:octo/app:environment:prod --credentials infra/
  az ad app federated-credential list --id $APP > live.json
  fedcred check --token-file token.jwt --credentials live.json
  fedcred check --token-file token.jwt --credentials graph:$AZURE_CLIENT_ID
  fedcred check --token-file - --credentials live.json --format json < token.jwt
  fedcred check --issuer https://oidc.example/ --subject system:serviceaccount:ns:sa --credentials infra/main.tf

Exit codes: 0 accepted; 1 refused, or it depends on something unknown; 2 asked wrongly; 3 the source gave no token, or a
live identity could not be read.")]
pub(super) struct Args {
    /// The subject that is presented.
    #[arg(long, value_name = "SUBJECT", conflicts_with_all = ["source", "token_file", "token_env"])]
    subject: Option<String>,
    /// The issuer that is presented [default: GitHub's].
    #[arg(long, value_name = "URL", requires = "subject")]
    issuer: Option<String>,
    /// The audience that is presented, or asked for [default: the cloud's].
    #[arg(long, value_name = "AUDIENCE", conflicts_with_all = ["token_file", "token_env"])]
    audience: Option<String>,
    /// Another claim of the token, for flexible expressions. Repeatable.
    #[arg(long = "claim", value_name = "KEY=VALUE", requires = "subject", value_parser = claim)]
    claims: Vec<(String, String)>,
    #[command(flatten)]
    source: SourceArgs,
    /// Credentials to judge by: a file, a folder, graph:CLIENT-ID or arm:RESOURCE-ID. Repeatable [default: the current folder].
    #[arg(long, value_name = "SOURCE")]
    credentials: Vec<String>,
    /// The repository that definitions mean where owner and name come from outside [default: the configuration, else the git remote].
    #[arg(long, value_name = "OWNER/NAME")]
    repository: Option<RepositoryName>,
    /// The cloud that is signed in to.
    #[arg(long, value_name = "NAME", default_value = "AzureCloud")]
    cloud: String,
    /// How long to keep asking each service [default: 20].
    #[arg(long, value_name = "SECONDS")]
    timeout: Option<u64>,
}

pub(super) fn run(args: &Args, context: &Context<'_>) -> anyhow::Result<Exit> {
    context.allow_formats(&[Format::Human, Format::Json, Format::Github])?;
    let expected = args.expected_audience(context)?;
    let presented = args.presented(context, expected.as_deref())?;
    let here = [".".to_owned()];
    let sources = if args.credentials.is_empty() { here.as_slice() } else { args.credentials.as_slice() };
    let own = meant(context, args.repository.as_ref())?;
    let Sources { trusted, remarks } = read(context, &args.access(), sources, own.as_ref())?;
    let judgement = Judgement::new(&presented, &trusted, expected.as_deref());
    let told: Vec<Diagnostic> = judgement.diagnostic(&presented).into_iter().collect();
    let document = Document::new(&presented, &judgement, &remarks);
    if let Some(runner) = Runner::of(context.host) {
        hand_over(runner, &document, &judgement.verdict, &[remarks.as_slice(), &told].concat())?;
    }
    match context.global.format {
        Format::Json | Format::Sarif => context.print_json(&document)?,
        Format::Github => context.print(&github::annotations(&[remarks.as_slice(), &told].concat()))?,
        Format::Human => {
            context.host.console.err(&terminal::render(&remarks, &context.style(Stream::Err)));
            context.print(&terminal::render(&told, &context.style(Stream::Out)))?;
            if let Verdict::Accepted(credential) = &judgement.verdict {
                context.print(&accepted(credential, &presented))?;
            }
        }
    }
    Ok(if judgement.verdict.is_accepted() { Exit::Yes } else { Exit::No })
}

fn accepted(credential: &Credential, presented: &Presented) -> String {
    let place = credential.place.as_ref().map(|place| format!(" ({place})")).unwrap_or_default();
    let subject = visible(presented.subject.as_str());
    format!("accepted: `{}` takes `{subject}`{place}\n", visible(&credential.name))
}

/// Inside a job: the outputs of the step and the summary page.
fn hand_over(
    runner: Runner<'_>,
    document: &Document<'_>,
    verdict: &Verdict,
    told: &[Diagnostic],
) -> anyhow::Result<()> {
    runner.outputs(&document.outputs())?;
    runner.output("report", &serde_json::to_string(document)?)?;
    match verdict {
        Verdict::Accepted(credential) => {
            let name = [("credential", credential.name.as_str())];
            let rows: Vec<_> = name.into_iter().chain(document.presented()).collect();
            runner.summary(&summary::list("A credential takes this token", &rows))
        }
        Verdict::Refused(_) => runner.summary(&summary::page("No credential takes this token", told)),
        Verdict::Depends(_) => {
            runner.summary(&summary::page("Whether a credential takes this token is not known", told))
        }
    }
}

impl Args {
    /// How live identities are asked; the token file is what is judged, not what signs in.
    fn access(&self) -> SignInArgs {
        SignInArgs { cloud: Some(self.cloud.clone()), timeout: self.timeout, ..SignInArgs::default() }
    }

    /// The audience that the cloud expects; none where nobody has published one.
    fn expected_audience(&self, context: &Context<'_>) -> anyhow::Result<Option<String>> {
        if let Some(cloud) = Cloud::named(&self.cloud) {
            return Ok(cloud.audience.map(str::to_owned));
        }
        let asks = self.cloud.contains("://");
        ensure!(
            !(asks && context.global.offline),
            "asking `{}` for its endpoints needs the network: leave --offline out",
            self.cloud
        );
        let found = host::block_on(sign_in::cloud(context.host, &self.cloud, self.patience(context)))??;
        Ok(found.audience.map(|audience| audience.to_string()))
    }

    fn patience(&self, context: &Context<'_>) -> Patience {
        let (flags, config) = (self.access(), Config::default());
        Settings { flags: &flags, config: &config, host: context.host }.short_patience()
    }

    fn presented(&self, context: &Context<'_>, expected: Option<&str>) -> anyhow::Result<Presented> {
        let audience = self.audience.as_deref().or(expected);
        let audience = audience.with_context(|| {
            format!("nobody has published the audience of {}: give --audience", self.cloud)
        })?;
        let Some(subject) = &self.subject else { return self.live(context, audience) };
        let issuer = self.issuer.as_deref().unwrap_or(GITHUB);
        let presented = Presented::new(issuer, subject.as_str(), audience);
        Ok(Presented { claims: self.claims.iter().cloned().collect(), ..presented })
    }

    /// The claims of the token that the source gives.
    fn live(&self, context: &Context<'_>, audience: &str) -> anyhow::Result<Presented> {
        let nothing = "nothing to judge: give --subject, --token-file or --source";
        let source = self.source.choose(context).context(nothing)?;
        sign_in::mask_request_token(context.host, telling::commands(context))?;
        let (audience, given) = (Audience::new(audience), self.source.given());
        let patience = self.patience(context);
        let ask = Ask { audience: &audience, patience, signing_in: None, given: &given };
        let token = host::block_on(self.source.obtain(context, source, &ask))??.assertion;
        telling::mask(context, token.reveal())?;
        claims_of(&token)
    }
}

fn claims_of(token: &Assertion) -> anyhow::Result<Presented> {
    let presented = UnverifiedClaims::read(token).and_then(|claims| claims.presented());
    presented.context("the token cannot be presented to Entra")
}

fn claim(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("not KEY=VALUE")?;
    match key {
        "iss" | "sub" | "aud" => Err(format!("`{key}` has an option of its own")),
        _ => Ok((key.to_owned(), value.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    use serde_json::Value;

    use crate::{
        cli::{self, Exit},
        host::{Console, Files, Host, Stream},
    };

    const LIVE: &str = r#"{"value":[{"name":"prod","issuer":"https://token.actions.githubusercontent.com",
        "subject":"repo:octo/app:environment:prod","audiences":["api://AzureADTokenExchange"]}]}"#;

    fn check<const N: usize>(
        files: &[(&str, &str)],
        input: &str,
        words: [&str; N],
    ) -> (Exit, String, String) {
        let host =
            Host { files: Files::fake(files.iter().copied()), console: Console::fake(input), ..Host::fake() };
        let words = ["fedcred", "check"].into_iter().chain(words).map(OsString::from);
        let exit = cli::run(words, &host);
        (exit, host.console.written(Stream::Out), host.console.written(Stream::Err))
    }

    fn token() -> String {
        let claims = r#"{"iss":"https://token.actions.githubusercontent.com","sub":"repo:octo/app:environment:Prod","aud":"api://AzureADTokenExchange"}"#;
        format!("e30.{}.canary\n", URL_SAFE_NO_PAD.encode(claims))
    }

    #[test]
    fn a_token_on_standard_input_is_judged_and_never_shown() {
        let words = ["--token-file", "-", "--credentials", "live.json", "--format", "json"];
        let (exit, out, err) = check(&[("live.json", LIVE)], &token(), words);
        let document: Value = serde_json::from_str(&out).unwrap();
        assert_eq!((exit, document["verdict"].as_str()), (Exit::No, Some("refused")));
        assert_eq!(document["cause"], "subject-case");
        assert_eq!(document["entra_code"], 7_002_138);
        assert_eq!(document["nearest"]["source"], "live.json:1");
        assert_eq!(document["differences"][0]["segment"], "environment");
        assert_eq!(document["fix"]["credential"]["subject"], "repo:octo/app:environment:Prod");
        assert!(!out.contains("canary") && !err.contains("canary"));
    }

    #[test]
    fn an_accepted_subject_names_its_credential() {
        let words = ["--subject", "repo:octo/app:environment:prod", "--credentials", "live.json"];
        let (exit, out, err) = check(&[("live.json", LIVE)], "", words);
        assert_eq!((exit, err.as_str()), (Exit::Yes, ""));
        assert_eq!(out, "accepted: `prod` takes `repo:octo/app:environment:prod` (live.json:1:11)\n");
    }

    #[test]
    fn an_owner_and_a_name_that_come_from_outside_are_the_repository_that_is_given_configured_or_in_git() {
        let terraform = r#"variable "repository" { type = string }
resource "azuread_application_federated_identity_credential" "prod" {
  application_id = "/applications/1"
  display_name   = "prod"
  issuer         = "https://token.actions.githubusercontent.com"
  subject        = "repo:${var.repository}:environment:prod"
  audiences      = ["api://AzureADTokenExchange"]
}
"#;
        let config = (".github/fedcred.yml", "repository: {name: octo/app}\n");
        let git = (".git/config", "[remote \"origin\"]\n\turl = https://github.com/octo/web.git\n");
        let check = |files: &[(&str, &str)], more: &[&str]| {
            let host = Host { files: Files::fake(files.iter().copied()), ..Host::fake() };
            let words =
                ["fedcred", "check", "--subject", "repo:octo/web:environment:prod", "--format", "json"];
            let exit = cli::run(words.iter().chain(more).map(Into::into), &host);
            (exit, serde_json::from_str::<Value>(&host.console.written(Stream::Out)).unwrap())
        };
        let (exit, found) = check(&[("main.tf", terraform)], &[]);
        assert_eq!((exit, &found["verdict"]), (Exit::No, &"depends".into()), "{found}");
        let (exit, found) = check(&[("main.tf", terraform)], &["--repository", "octo/web"]);
        assert_eq!((exit, &found["verdict"]), (Exit::Yes, &"accepted".into()), "{found}");
        let (exit, found) = check(&[("main.tf", terraform), git], &[]);
        assert_eq!((exit, &found["verdict"]), (Exit::Yes, &"accepted".into()), "{found}");
        let (exit, found) = check(&[("main.tf", terraform), git, config], &[]);
        assert_eq!((exit, &found["verdict"]), (Exit::No, &"refused".into()), "{found}");
        assert_eq!(found["nearest"]["subject"], "repo:octo/app:environment:prod");
        let (_, found) = check(&[("main.tf", terraform), config], &["--repository", "octo/api"]);
        assert_eq!(found["nearest"]["subject"], "repo:octo/api:environment:prod");
    }

    #[test]
    fn an_empty_listing_is_an_answer_and_damage_is_not() {
        let words = ["--subject", "x", "--credentials", "live.json", "--format", "json"];
        let (exit, out, _) = check(&[("live.json", "[]")], "", words);
        let document: Value = serde_json::from_str(&out).unwrap();
        assert_eq!((exit, document["cause"].as_str()), (Exit::No, Some("no-credentials")));
        let (exit, _, err) = check(&[("live.json", r#"[{"issuer": }]"#)], "", words);
        assert_eq!(exit, Exit::AskedWrongly);
        assert!(err.contains("live.json:1:") && err.contains("not valid JSON"), "{err}");
        let (exit, _, err) = check(&[], "", words);
        assert_eq!(exit, Exit::AskedWrongly);
        assert!(err.contains("cannot read `live.json`"), "{err}");
    }

    #[test]
    fn a_definition_that_breaks_a_limit_is_told() {
        let two = r#"[{"name":"a b","issuer":"https://i","subject":"s","audiences":["x","y"]}]"#;
        let words = ["--subject", "s", "--issuer", "https://i", "--credentials", "two.json"];
        let (exit, _, err) = check(&[("two.json", two)], "", words);
        assert_eq!(exit, Exit::No);
        assert!(err.contains("2 audiences") && err.contains("it takes no part"), "{err}");
    }
}
