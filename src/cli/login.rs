//! `fedcred login`: fetch the assertion, judge it, exchange it, hand the result over; explain a refusal.

use std::{
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

use serde::Serialize;
use serde_json::Value;

use super::{
    Context, Exit,
    args::Format,
    handover::{Export, hand_over},
    judged::{Judged, judge},
    repository::configuration,
    runner::Runner,
    settings::{Settings, SignInArgs},
    sign_in::Prepared,
    telling,
};
use crate::{
    diagnostic::Diagnostic,
    fetch::{ExchangeError, Granted},
    host,
    refusal::Refusal,
};

/// Arguments of `fedcred login`.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(after_help = "It always asks Entra: given credentials, the judge warns before and explains after.
Inside a GitHub job the result goes to the step's outputs; outside it is printed, without the access token.

Examples:
  fedcred login --client-id $AZURE_CLIENT_ID --tenant-id $AZURE_TENANT_ID --export sdk
  fedcred login --credentials infra/ --just-created
  fedcred login --token-file /var/run/secrets/azure/wi/token/azure-identity-token --format json

Exit codes: 0 signed in; 2 asked wrongly; 3 Entra or the issuer refused, or could not be reached.")]
pub(super) struct Args {
    #[command(flatten)]
    pub(super) sign_in: SignInArgs,
    /// What the later steps of the job use. Separated by commas.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "TOOLS")]
    export: Vec<Export>,
    /// The subscription that the exported variables name [env: AZURE_SUBSCRIPTION_ID].
    #[arg(long, value_name = "GUID")]
    subscription_id: Option<String>,
}

/// The document `fedcred.login.v1`.
#[derive(Debug, Serialize)]
pub(super) struct Document {
    schema: &'static str,
    subject: String,
    issuer: String,
    audience: String,
    verdict: Option<&'static str>,
    cause: Option<String>,
    expires_on: Option<String>,
    refusal: Option<RefusalDocument>,
    explanation: Option<Value>,
}

#[derive(Debug, Serialize)]
struct RefusalDocument {
    code: Option<u32>,
    text: String,
    trace_id: Option<String>,
    correlation_id: Option<String>,
}

pub(super) fn run(args: &Args, context: &Context<'_>) -> anyhow::Result<Exit> {
    context.allow_formats(&[Format::Human, Format::Json])?;
    anyhow::ensure!(!context.global.offline, "signing in needs the network: leave --offline out");
    let config = configuration(context, Path::new(""))?;
    let settings = Settings { flags: &args.sign_in, config: &config, host: context.host };
    let exports = exports(args, &settings)?;
    let prepared = host::block_on(Prepared::new(context, &settings, telling::commands(context)))??;
    let judged = judged(context, &settings, &prepared)?;
    telling::expect(context, judged.as_ref());
    let subscription = settings.subscription(args.subscription_id.as_ref());
    match host::block_on(prepared.exchange(context.host))?? {
        Ok(granted) => {
            hand_over(context.host, &prepared, &exports, subscription.as_deref())?;
            let document = Document::new(&prepared, judged.as_ref(), Some(&granted), None);
            telling::unconfirmed(context, judged.as_ref())?;
            telling::signed_in(context, &prepared, &document, &granted)?;
            Ok(Exit::Yes)
        }
        Err(ExchangeError::Refused { at, tried }) => {
            let document = Document::new(&prepared, judged.as_ref(), None, Some(&tried.reason));
            let told = prepared.refused(&at, &tried);
            // The judge names the credential to create or to change, where there is one.
            let remedy = prepared.remedy(&tried.reason).filter(|_| judged.is_none());
            let told = remedy.into_iter().fold(told, Diagnostic::help);
            telling::refused(context, &document, told, judged.as_ref())?;
            Ok(Exit::OtherSide)
        }
        Err(error @ ExchangeError::Unavailable { .. }) => {
            let document = Document::new(&prepared, judged.as_ref(), None, None);
            telling::unanswered(context, &document, judged.as_ref())?;
            Err(anyhow::Error::new(error).context(Exit::OtherSide))
        }
    }
}

/// The judge's word on a federated token. What was given by hand must be readable; what only the configuration names, and a live identity that cannot
/// be asked, must not stop a sign-in.
fn judged(
    context: &Context<'_>,
    settings: &Settings<'_>,
    prepared: &Prepared,
) -> anyhow::Result<Option<Judged>> {
    if prepared.is_self_signed() {
        return Ok(None);
    }
    let given = settings.credentials();
    let configured = || settings.configured_credentials(&prepared.client);
    let sources = if given.is_empty() { configured() } else { given.clone() };
    judge(context, &prepared.presented, settings.flags, &sources).or_else(|error| {
        let may_stop = !given.is_empty() && error.downcast_ref::<Exit>() != Some(&Exit::OtherSide);
        if may_stop {
            return Err(error);
        }
        telling::unjudged(context, &error)?;
        Ok(None)
    })
}

fn exports(args: &Args, settings: &Settings<'_>) -> anyhow::Result<Vec<Export>> {
    if !args.export.is_empty() {
        return Ok(args.export.clone());
    }
    Export::read(&settings.input("export").unwrap_or_default())
}

impl Document {
    fn new(
        prepared: &Prepared,
        judged: Option<&Judged>,
        granted: Option<&Granted>,
        refusal: Option<&Refusal>,
    ) -> Self {
        let presented = &prepared.presented;
        Self {
            schema: "fedcred.login.v1",
            subject: presented.subject.to_string(),
            issuer: presented.issuer.to_string(),
            audience: presented.audience.to_string(),
            verdict: judged.map(|judged| judged.verdict),
            cause: judged.and_then(|judged| judged.cause.clone()),
            expires_on: granted.map(|granted| moment(granted.expires_on)),
            refusal: refusal.map(RefusalDocument::new),
            explanation: judged.map(|judged| judged.explanation.clone()),
        }
    }

    /// Writes the outputs of the step. The access token is the caller's to add.
    pub(super) fn outputs(&self, runner: &Runner<'_>) -> anyhow::Result<()> {
        runner.outputs(&[
            ("subject", self.subject.as_str()),
            ("issuer", self.issuer.as_str()),
            ("audience", self.audience.as_str()),
            ("verdict", self.verdict.unwrap_or_default()),
            ("cause", self.cause.as_deref().unwrap_or_default()),
            ("expires-on", self.expires_on()),
        ])?;
        runner.output("report", &serde_json::to_string(self)?)
    }

    /// When the access token ends, if there is one.
    pub(super) fn expires_on(&self) -> &str {
        self.expires_on.as_deref().unwrap_or_default()
    }
}

impl RefusalDocument {
    fn new(refusal: &Refusal) -> Self {
        Self {
            code: refusal.code,
            text: refusal.text.clone(),
            trace_id: refusal.trace_id.clone(),
            correlation_id: refusal.correlation_id.clone(),
        }
    }
}

/// A moment as RFC 3339 in UTC, to the second.
pub(super) fn moment(at: SystemTime) -> String {
    let seconds = at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    i64::try_from(seconds)
        .ok()
        .and_then(|seconds| jiff::Timestamp::from_second(seconds).ok())
        .unwrap_or_default()
        .to_string()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    use http::Response;

    use crate::{
        cli::{self, Exit},
        host::{Env, Failure, Host, Http, Stream},
    };

    const CLIENT: &str = "11111111-2222-3333-4444-555555555555";

    fn assertion() -> String {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let claims = r#"{"iss":"https://token.actions.githubusercontent.com","sub":"repo:octo/app:environment:prod","aud":"api://AzureADTokenExchange"}"#;
        format!("{}.{}.{}", part(r#"{"alg":"RS256"}"#), part(claims), part("canary-signature"))
    }

    fn answer(status: u16, body: &str) -> Result<Response<Vec<u8>>, Failure> {
        Ok(Response::builder().status(status).body(body.as_bytes().to_vec()).unwrap())
    }

    fn job(second: Result<Response<Vec<u8>>, Failure>) -> Host {
        Host {
            env: Env::fake([
                ("GITHUB_ACTIONS", "true"),
                ("GITHUB_OUTPUT", "output"),
                ("GITHUB_ENV", "env"),
                ("GITHUB_STATE", "state"),
                ("GITHUB_STEP_SUMMARY", "summary"),
                ("RUNNER_TEMP", "temp"),
                ("ACTIONS_ID_TOKEN_REQUEST_URL", "https://github.test/token?v=2"),
                ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "canary-request-token"),
                ("INPUT_CLIENT-ID", CLIENT),
                ("INPUT_TENANT-ID", "contoso.test"),
                ("INPUT_EXPORT", "sdk"),
            ]),
            http: Http::fake([answer(200, &format!("{{\"value\":\"{}\"}}", assertion())), second]),
            ..Host::fake()
        }
    }

    fn run(host: &Host, words: &[&str]) -> Exit {
        cli::run(["fedcred"].iter().chain(words).map(Into::into), host)
    }

    fn file(host: &Host, path: &str) -> String {
        String::from_utf8(host.files.read(Path::new(path), 1 << 20).unwrap_or_default()).unwrap()
    }

    const GRANT: &str = r#"{"token_type":"Bearer","expires_in":3600,"access_token":"canary-access-token"}"#;
    const REFUSAL: &str = r#"{"error":"invalid_client","error_description":"AADSTS700213: No matching federated identity record found for presented assertion subject 'repo:octo/app:environment:prod'. Trace ID: t-1","error_codes":[700213],"trace_id":"t-1"}"#;

    #[test]
    fn the_action_signs_in_masks_first_and_hands_over() {
        let host = job(answer(200, GRANT));
        assert_eq!(run(&host, &["action", "main"]), Exit::Yes, "{}", host.console.written(Stream::Err));
        let out = host.console.written(Stream::Out);
        assert!(out.starts_with(&format!(
            "::add-mask::canary-request-token\n::add-mask::{}\n::add-mask::canary-access-token\n",
            assertion()
        )));
        assert_eq!(out.matches("canary").count(), 2, "{out}");
        let output = file(&host, "output");
        assert!(output.contains("access-token<<fedcred_value\ncanary-access-token\nfedcred_value\n"));
        assert!(output.contains("expires-on<<fedcred_value\n1970-01-01T01:00:00Z\n"));
        let path = format!("temp/fedcred-{CLIENT}.jwt");
        assert_eq!(file(&host, &path), assertion());
        let env = file(&host, "env");
        assert!(env.contains(&format!("AZURE_FEDERATED_TOKEN_FILE<<fedcred_value\n{path}\n")));
        assert!(env.contains("AZURE_AUTHORITY_HOST<<fedcred_value\nhttps://login.microsoftonline.com/\n"));
        assert!(env.contains("FEDCRED_POST<<fedcred_value\n1\n"));
        for place in [env, file(&host, "state"), file(&host, "summary"), host.console.written(Stream::Err)] {
            assert!(!place.contains("canary") && !place.contains(&assertion()), "{place}");
        }
    }

    #[test]
    fn a_refusal_ends_with_3_and_is_explained_everywhere_a_person_looks() {
        let host = job(answer(401, REFUSAL));
        assert_eq!(run(&host, &["login"]), Exit::OtherSide);
        let annotation = host.console.written(Stream::Out);
        assert!(annotation.contains(
            "::error title=AADSTS700213::Microsoft Entra refused: no credential has this subject%0A"
        ));
        assert!(file(&host, "summary").contains("repo:octo/app:environment:prod"));
        assert!(file(&host, "output").contains("700213"));
        assert!(!file(&host, "env").contains("AZURE_"));
    }

    #[test]
    fn outside_a_job_json_carries_the_refusal_and_no_mask_is_printed() {
        let mut host = job(answer(401, REFUSAL));
        host.env = Env::fake([("AZURE_CLIENT_ID", CLIENT), ("AZURE_TENANT_ID", "contoso.test")]);
        host.http = Http::fake([answer(401, REFUSAL)]);
        host.files.replace(Path::new("token"), format!("{}\n", assertion()).as_bytes()).unwrap();
        assert_eq!(run(&host, &["login", "--token-file", "token", "--format", "json"]), Exit::OtherSide);
        let document: serde_json::Value = serde_json::from_str(&host.console.written(Stream::Out)).unwrap();
        assert_eq!(document["schema"], "fedcred.login.v1");
        assert_eq!(document["refusal"]["code"], 700_213);
        assert_eq!(document["refusal"]["trace_id"], "t-1");
        assert!(document["verdict"].is_null() && document["expires_on"].is_null());
        let sent = host.http.asked().remove(0).into_body();
        assert!(
            String::from_utf8(sent).unwrap().ends_with(&assertion()),
            "the line end is not part of the token"
        );
    }

    #[test]
    fn post_deletes_the_token_file_and_does_not_mind_when_it_is_gone() {
        let mut host = Host::fake();
        host.env = Env::fake([("STATE_token-file", "temp/t.jwt")]);
        host.files.replace(Path::new("temp/t.jwt"), b"x").unwrap();
        assert_eq!(run(&host, &["action", "post"]), Exit::Yes);
        assert!(host.files.read(Path::new("temp/t.jwt"), 9).is_err());
        assert_eq!(run(&host, &["action", "post"]), Exit::Yes);
    }

    #[test]
    fn a_script_gets_the_token_alone() {
        let host = job(answer(200, GRANT));
        assert_eq!(run(&host, &["token"]), Exit::Yes);
        assert_eq!(host.console.written(Stream::Out), "canary-access-token\n");
        assert!(host.console.written(Stream::Err).contains("::add-mask::canary-access-token\n"));
    }

    #[test]
    fn an_unreachable_entra_is_named_with_what_was_tried() {
        let host = job(Err(Failure::Tls("expired".into())));
        assert_eq!(run(&host, &["login"]), Exit::OtherSide);
        let told = host.console.written(Stream::Err);
        assert!(told.contains("Microsoft Entra at login.microsoftonline.com gave no usable answer: the TLS handshake failed (expired) (1 attempt in 0.0 s)"), "{told}");
    }
}
