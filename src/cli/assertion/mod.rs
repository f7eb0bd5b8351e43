//! `fedcred assertion`: obtain a token from any source, and say what is in it without showing it.

mod document;
mod page;
mod words;

use std::path::Path;

use anyhow::{Context as _, ensure};

use super::{
    Context, Exit,
    args::Format,
    issuer_check,
    judged::{Judged, judge},
    repository::configuration,
    runner::Runner,
    settings::{Settings, SignInArgs},
    sign_in::{endpoints, mask_request_token},
    token_source::SourceArgs,
};
use crate::{
    fetch::source::{Ask, SigningIn, Source},
    host::{self, Stream},
    id::Audience,
    issuer::{Check, Outcome, Presented, Reading, UnverifiedClaims, examine},
    secret::Assertion,
};

/// Arguments of `fedcred assertion`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "It shows claims, times in words, and the checks that Entra makes; never the token, unless --raw asks for it.
With --credentials it goes on to judge the token, as `check` does.

Examples:
  fedcred assertion
  fedcred assertion --source google --format json
  kubectl create token api -n shop --audience api://AzureADTokenExchange | fedcred assertion --token-file -
  fedcred assertion --source azure-pipelines --service-connection $ID --credentials infra/
  fedcred assertion --raw > token.jwt
  fedcred assertion --issuer-check https://oidc.example
  fedcred assertion --issuer-check --token-file token.jwt

Exit codes: 0 nothing stands against it; 1 Entra would refuse it; 2 asked wrongly; 3 the source gave no token."
)]
pub(super) struct Args {
    #[command(flatten)]
    source: SourceArgs,
    /// The audience to ask for [default: the cloud's own].
    #[arg(long, value_name = "AUDIENCE")]
    audience: Option<String>,
    /// A cloud's name, or the base URL of an ARM endpoint [default: AzureCloud].
    #[arg(long, value_name = "NAME|URL")]
    cloud: Option<String>,
    /// The application (client) id; a source that signs itself needs it [env: AZURE_CLIENT_ID].
    #[arg(long, value_name = "GUID")]
    client_id: Option<String>,
    /// The directory (tenant) id; a source that signs itself needs it [env: AZURE_TENANT_ID].
    #[arg(long, value_name = "GUID|DOMAIN")]
    tenant_id: Option<String>,
    /// Credentials to judge the token by: a file, a folder, graph:CLIENT-ID or arm:RESOURCE-ID. Repeatable.
    #[arg(long, value_name = "SOURCE")]
    credentials: Vec<String>,
    /// Print the token itself and nothing else, for a pipe.
    #[arg(long, conflicts_with = "credentials")]
    raw: bool,
    /// Look whether Entra could read the issuer: this one, or that of the token, whose key is then looked for too.
    #[arg(long, value_name = "ISSUER", num_args = 0..=1, default_missing_value = "", conflicts_with = "raw")]
    issuer_check: Option<String>,
    /// How long to keep asking the source, in seconds [default: 60].
    #[arg(long, value_name = "SECONDS")]
    timeout: Option<u64>,
}

/// A token, and everything that can be said about it.
struct Inspected {
    source: &'static Source,
    assertion: Assertion,
    claims: UnverifiedClaims,
    /// What is presented to federated credentials, where the token can be at all.
    presented: Option<Presented>,
    reading: Option<Reading>,
    checks: Vec<(Check, Outcome)>,
    /// Seconds since 1970.
    now: i64,
}

pub(super) fn run(args: &Args, context: &Context<'_>) -> anyhow::Result<Exit> {
    context.allow_formats(&[Format::Human, Format::Json])?;
    ensure!(
        !args.raw || context.global.format == Format::Human,
        "--raw prints the token alone; leave --format out"
    );
    let flags = args.flags();
    if let Some(issuer) = &args.issuer_check {
        return host::block_on(check_issuer(args, &flags, issuer, context))?;
    }
    let inspected = host::block_on(inspect(args, &flags, context))??;
    if args.raw {
        context.print(&format!("{}\n", inspected.assertion.reveal()))?;
        return Ok(Exit::Yes);
    }
    let judged = inspected.judged(context, &flags)?;
    match context.global.format {
        Format::Json => context.print_json(&document::Document::new(&inspected, judged.as_ref()))?,
        Format::Human | Format::Sarif | Format::Github => {
            context.print(&page::page(&inspected, judged.as_ref(), &context.style(Stream::Out)))?;
        }
    }
    let refused = inspected.checks.iter().any(|(_, outcome)| matches!(outcome, Outcome::Bad(..)));
    let accepted = judged.is_none_or(|judged| judged.verdict == "accepted");
    Ok(if refused || !accepted { Exit::No } else { Exit::Yes })
}

/// A token is obtained where no issuer is named, or where one was asked for by its own flags.
async fn check_issuer(
    args: &Args,
    flags: &SignInArgs,
    issuer: &str,
    context: &Context<'_>,
) -> anyhow::Result<Exit> {
    let named = Some(issuer).filter(|issuer| !issuer.is_empty());
    if named.is_some() && !args.source.is_given() {
        return issuer_check::run(context, named, None).await;
    }
    let inspected = inspect(args, flags, context).await?;
    issuer_check::run(context, named, Some(&inspected.assertion)).await
}

impl Args {
    /// The flags of a sign-in that asks for the same token.
    fn flags(&self) -> SignInArgs {
        SignInArgs {
            client_id: self.client_id.clone(),
            tenant_id: self.tenant_id.clone(),
            cloud: self.cloud.clone(),
            audience: self.audience.clone(),
            credentials: self.credentials.clone(),
            source: self.source.clone(),
            timeout: self.timeout,
            ..SignInArgs::default()
        }
    }
}

async fn inspect(args: &Args, flags: &SignInArgs, context: &Context<'_>) -> anyhow::Result<Inspected> {
    let config = configuration(context, Path::new(""))?;
    let settings = Settings { flags, config: &config, host: context.host };
    // The result goes to standard output and may be piped, so commands to the runner never do.
    mask_request_token(context.host, Stream::Err)?;
    let patience = settings.patience()?;
    let endpoints = endpoints(&settings, patience).await?;
    let expected = endpoints.audience.clone();
    let audience = settings.audience().map(Audience::new).or_else(|| expected.clone());
    let audience = audience.with_context(|| {
        format!("nobody has published the audience of {}: give --audience", endpoints.name)
    })?;
    let source = args.source.choose(context)?;
    let (client, tenant) = (settings.client().ok(), settings.tenant().ok());
    let signing_in = client.as_ref().zip(tenant.as_ref());
    let signing_in = signing_in.map(|(client, tenant)| SigningIn { endpoints: &endpoints, tenant, client });
    let given = args.source.given();
    let ask = Ask { audience: &audience, patience, signing_in, given: &given };
    let obtained = args.source.obtain(context, source, &ask).await?;
    let federated = !obtained.is_self_signed();
    let assertion = obtained.assertion;
    if let Some(runner) = Runner::of(context.host) {
        runner.speaking_to(Stream::Err).mask(assertion.reveal())?;
    }
    let claims = UnverifiedClaims::read(&assertion).context("this is no signed token")?;
    let now = context.host.clock.now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    let presented = claims.presented().ok().filter(|_| federated);
    let reading = presented.as_ref().and_then(Reading::of);
    let expected = expected.as_ref().map(Audience::as_str);
    let checks = if federated { examine(&claims, now, expected) } else { Vec::new() };
    Ok(Inspected { source, assertion, claims, presented, reading, checks, now })
}

impl Inspected {
    fn judged(&self, context: &Context<'_>, flags: &SignInArgs) -> anyhow::Result<Option<Judged>> {
        match &self.presented {
            Some(presented) => judge(context, presented, flags, &flags.credentials),
            None => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests;
