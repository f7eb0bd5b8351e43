//! The course of a sign-in: which cloud, which assertion, judged before, exchanged, and what came of it.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context as _;

use super::{Context, Exit, refused, runner::Runner, settings::Settings};
#[cfg(feature = "own-key")]
use crate::fetch::source::SignedWith;
use crate::{
    diagnostic::Diagnostic,
    entra::{Endpoints, Exchange, Patience},
    fetch::{
        self, ExchangeError, Granted, Tried,
        source::{Ask, Id, SigningIn, github_request_token},
    },
    host::{Host, Stream},
    id::{Audience, ClientId, TenantId, visible},
    issuer::{Check, Outcome, Presented, UnverifiedClaims, examine},
    refusal::Refusal,
    secret::Assertion,
    trust::Credential,
    verdict::{Commands, credential_for},
};

/// Entra's codes for a token that no credential takes.
const WITHOUT_CREDENTIAL: [u32; 7] = [70_025, 700_211, 700_212, 700_213, 7_002_131, 7_002_137, 7_002_138];

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
    /// The certificate whose key signed it, where that was done here.
    #[cfg(feature = "own-key")]
    signed_with: Option<SignedWith>,
    /// Where the assertion came from; it decides how tools can get the next one.
    pub(super) origin: Id,
    pub(super) presented: Presented,
    /// What Entra refuses about the token itself, whatever its credentials are.
    defects: Vec<String>,
}

impl Prepared {
    /// Settles every setting, finds the cloud and obtains the assertion, which is masked before anything is printed.
    pub(super) async fn new(
        context: &Context<'_>,
        settings: &Settings<'_>,
        commands: Stream,
    ) -> anyhow::Result<Self> {
        let host = settings.host;
        mask_request_token(host, commands)?;
        let (client, tenant, patience) = (settings.client()?, settings.tenant()?, settings.patience()?);
        let endpoints = endpoints(settings, patience).await?;
        let scopes = settings.scopes().or_else(|| endpoints.default_scope()).with_context(|| {
            format!("nobody has published the resource manager of {}: give --scopes", endpoints.name)
        })?;
        let audience = settings.audience().map(Audience::new).or_else(|| endpoints.audience.clone());
        let audience = audience.with_context(|| {
            format!("nobody has published the audience of {}: give --audience", endpoints.name)
        })?;
        let source = settings.flags.source.choose(context)?;
        let signing_in = SigningIn { endpoints: &endpoints, tenant: &tenant, client: &client };
        let given = settings.flags.source.given();
        let ask = Ask { audience: &audience, patience, signing_in: Some(signing_in), given: &given };
        let obtained = settings.flags.source.obtain(context, source, &ask).await?;
        let assertion = obtained.assertion;
        if let Some(runner) = Runner::of(host) {
            runner.speaking_to(commands).mask(assertion.reveal())?;
        }
        let claims = UnverifiedClaims::read(&assertion);
        let presented = claims.clone().and_then(|claims| claims.presented());
        let presented = presented.context("the token cannot be presented to Entra")?;
        let defects = claims.map(|claims| defects(&claims, host.clock.now())).unwrap_or_default();
        Ok(Self {
            commands,
            client,
            tenant,
            endpoints,
            scopes,
            patience,
            assertion,
            #[cfg(feature = "own-key")]
            signed_with: obtained.signed_with,
            origin: source.id,
            presented,
            defects,
        })
    }

    /// Entra's refusal, given by the host `at`, with what is known about the key that signed the token.
    pub(super) fn refused(&self, at: &str, tried: &Tried<Box<Refusal>>) -> Diagnostic {
        let told = refused::diagnostic(&tried.reason, &self.presented, &tried.to_string());
        #[cfg(feature = "own-key")]
        let told = match &self.signed_with {
            Some(certificate) => super::own_key::explain(told, &tried.reason, certificate),
            None => told,
        };
        let told = self.defects.iter().cloned().fold(told, Diagnostic::note);
        told.note(format!("answered by {at}"))
    }

    /// How to create the credential that takes exactly this token, where Entra refused for want of one.
    pub(super) fn remedy(&self, refusal: &Refusal) -> Option<String> {
        let missing = refusal.code.is_some_and(|code| WITHOUT_CREDENTIAL.contains(&code));
        let parent = Some(self.client.to_string());
        let credential = Credential { parent, ..credential_for(&self.presented) };
        let az = Commands::new(&credential, None).az;
        (missing && !self.is_self_signed())
            .then(|| format!("the credential that takes exactly this token, on an application: `{az}`"))
    }

    /// True where Entra looks for a certificate of the application and not for a federated credential.
    pub(super) const fn is_self_signed(&self) -> bool {
        #[cfg(feature = "own-key")]
        return self.signed_with.is_some();
        #[cfg(not(feature = "own-key"))]
        return false;
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

/// What Entra refuses about a token before it looks at any credential. The audience is the judge's to weigh.
fn defects(claims: &UnverifiedClaims, now: SystemTime) -> Vec<String> {
    let now = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let checks = examine(claims, i64::try_from(now).unwrap_or(i64::MAX), None);
    let bad = checks.into_iter().filter_map(|(check, outcome)| match outcome {
        Outcome::Bad(found, _) if check != Check::Audience => {
            Some(format!("the token's {}: {}", check.as_str(), visible(&found)))
        }
        Outcome::Bad(..) | Outcome::Good(_) | Outcome::Unknown(_) => None,
    });
    bad.collect()
}

/// Inside a GitHub job the bearer of the token request is masked before anything is said.
pub(super) fn mask_request_token(host: &Host, commands: Stream) -> anyhow::Result<()> {
    match (Runner::of(host), github_request_token(host)) {
        (Some(runner), Some(bearer)) => runner.speaking_to(commands).mask(bearer.reveal()),
        (Some(_) | None, _) => Ok(()),
    }
}

/// The cloud of that name or URL. A name that is no good was asked wrongly; silence is the other side's.
///
/// # Errors
/// When there is none, or it does not describe itself.
pub(super) async fn cloud(host: &Host, named: &str, patience: Patience) -> anyhow::Result<Endpoints> {
    fetch::cloud(host, named, patience).await.map_err(|error| match error {
        fetch::CloudLookupError::Cloud(_) => anyhow::Error::new(error),
        fetch::CloudLookupError::Unavailable { .. } => anyhow::Error::new(error).context(Exit::OtherSide),
    })
}

/// The cloud that the settings name.
///
/// # Errors
/// When there is none, or it does not describe itself.
pub(super) async fn endpoints(settings: &Settings<'_>, patience: Patience) -> anyhow::Result<Endpoints> {
    let found = cloud(settings.host, &settings.cloud(), patience).await?;
    match settings.host.env.var("AZURE_AUTHORITY_HOST") {
        Some(authority) => found.with_authority(&authority).context("AZURE_AUTHORITY_HOST is not usable"),
        None => Ok(found),
    }
}
