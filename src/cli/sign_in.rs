//! The course of a sign-in: which cloud, which assertion, judged before, exchanged, and what came of it.

use std::path::Path;

use anyhow::{Context as _, bail};

use super::{Exit, runner::Runner, settings::Settings};
use crate::{
    entra::{Endpoints, Exchange, Patience},
    fetch::{self, ExchangeError, GithubError, Granted},
    host::{Host, Stream},
    id::{Audience, ClientId, TenantId},
    issuer::{Presented, TOKEN_LIMIT, UnverifiedClaims},
    secret::Assertion,
};

/// Where the assertion came from; it decides how tools can get the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// The running job asked GitHub.
    Github,
    /// A file that somebody else renews.
    File,
}

/// Everything that is known before Entra is asked.
#[derive(Debug)]
pub(super) struct Prepared {
    commands: Stream,
    pub(super) client: ClientId,
    pub(super) tenant: TenantId,
    pub(super) endpoints: Endpoints,
    pub(super) scopes: String,
    pub(super) patience: Patience,
    pub(super) assertion: Assertion,
    pub(super) origin: Origin,
    pub(super) presented: Presented,
}

impl Prepared {
    /// Settles every setting, finds the cloud and obtains the assertion, which is masked before anything is printed.
    pub(super) async fn new(settings: &Settings<'_>, commands: Stream) -> anyhow::Result<Self> {
        let host = settings.host;
        if let (Some(runner), Some(bearer)) = (Runner::of(host), fetch::github_request_token(host)) {
            runner.speaking_to(commands).mask(bearer.reveal())?;
        }
        let (client, tenant, patience) = (settings.client()?, settings.tenant()?, settings.patience()?);
        let endpoints = endpoints(settings, patience).await?;
        let scopes = settings.scopes().or_else(|| endpoints.default_scope()).with_context(|| {
            format!("nobody has published the resource manager of {}: give --scopes", endpoints.name)
        })?;
        let audience = settings.audience().map(Audience::new).or_else(|| endpoints.audience.clone());
        let audience = audience.with_context(|| {
            format!("nobody has published the audience of {}: give --audience", endpoints.name)
        })?;
        let (assertion, origin) = assertion(settings, &audience, patience).await?;
        if let Some(runner) = Runner::of(host) {
            runner.speaking_to(commands).mask(assertion.reveal())?;
        }
        let presented = UnverifiedClaims::read(&assertion).and_then(|claims| claims.presented());
        let presented = presented.context("the token cannot be presented to Entra")?;
        Ok(Self { commands, client, tenant, endpoints, scopes, patience, assertion, origin, presented })
    }

    /// Asks Entra. The access token is masked before anybody sees it.
    pub(super) async fn exchange(&self, host: &Host) -> anyhow::Result<Result<Granted, ExchangeError>> {
        let exchange = Exchange {
            authority: &self.endpoints.authority,
            tenant: &self.tenant,
            client: &self.client,
            scopes: &self.scopes,
            assertion: &self.assertion,
        };
        let answer = fetch::exchange(host, &exchange, self.patience).await;
        if let (Ok(granted), Some(runner)) = (&answer, Runner::of(host)) {
            runner.speaking_to(self.commands).mask(granted.access_token.reveal())?;
        }
        Ok(answer)
    }
}

async fn endpoints(settings: &Settings<'_>, patience: Patience) -> anyhow::Result<Endpoints> {
    let found = fetch::cloud(settings.host, &settings.cloud(), patience).await;
    let found = found.map_err(|error| match error {
        fetch::CloudLookupError::Cloud(_) => anyhow::Error::new(error),
        fetch::CloudLookupError::Unavailable { .. } => anyhow::Error::new(error).context(Exit::OtherSide),
    })?;
    match settings.host.env.var("AZURE_AUTHORITY_HOST") {
        Some(authority) => found.with_authority(&authority).context("AZURE_AUTHORITY_HOST is not usable"),
        None => Ok(found),
    }
}

async fn assertion(
    settings: &Settings<'_>,
    audience: &Audience,
    patience: Patience,
) -> anyhow::Result<(Assertion, Origin)> {
    let host = settings.host;
    if let Some(path) = &settings.flags.token_file {
        return Ok((from_file(host, path)?, Origin::File));
    }
    if !fetch::offers_github_token(host) {
        if let Some(path) = host.env.var("AZURE_FEDERATED_TOKEN_FILE") {
            return Ok((from_file(host, path.as_ref())?, Origin::File));
        }
        if Runner::of(host).is_none() {
            bail!("nothing to sign in with: give --token-file FILE, or run inside a GitHub job");
        }
    }
    let token = fetch::github_token(host, audience, patience).await.map_err(github_failed)?;
    Ok((token, Origin::Github))
}

/// A job that may not ask was asked wrongly; everything else is the other side's.
fn github_failed(error: GithubError) -> anyhow::Error {
    match error {
        GithubError::NoPermission { .. } | GithubError::BadUrl => error.into(),
        GithubError::Fork { .. }
        | GithubError::Expired(_)
        | GithubError::Refused { .. }
        | GithubError::Unavailable { .. }
        | GithubError::Malformed { .. }
        | GithubError::NoToken { .. } => anyhow::Error::new(error).context(Exit::OtherSide),
    }
}

fn from_file(host: &Host, path: &Path) -> anyhow::Result<Assertion> {
    let bytes = host.files.read(path, TOKEN_LIMIT as u64);
    let bytes = bytes.with_context(|| format!("cannot read the token file {}", path.display()))?;
    let text = String::from_utf8(bytes).ok();
    let text = text.with_context(|| format!("the token file {} holds no text", path.display()))?;
    Ok(Assertion::new(text.trim().to_owned()))
}
