//! An identity asked live: which service knows it, whose token asks, and what to say when it cannot be asked.

use std::str::FromStr;

use anyhow::{Context as _, ensure};

use super::super::{
    Context, Exit,
    config::Config,
    runner::Runner,
    settings::{Settings, SignInArgs},
    sign_in::{self, Prepared},
};
use crate::{
    entra::Endpoints,
    fetch::{self, AzError},
    host::{self, Host, ProgramError, Stream},
    id::{ClientId, IdError, ManagedIdentityId, ResourceError},
    secret::AccessToken,
    trust::read::Reading,
};

/// A source that only the network can tell.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Live {
    /// `graph:CLIENT-ID`, an application.
    Graph(ClientId),
    /// `arm:RESOURCE-ID`, a managed identity.
    Arm(ManagedIdentityId),
}

/// Why a text is no such source.
#[derive(Debug, thiserror::Error)]
enum LiveError {
    #[error(transparent)]
    Client(#[from] IdError),
    #[error(transparent)]
    Resource(#[from] ResourceError),
}

impl FromStr for Live {
    type Err = LiveError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text.split_once(':') {
            Some(("graph", client)) => Self::Graph(client.parse()?),
            Some((_, resource)) => Self::Arm(resource.parse()?),
            None => Self::Arm(text.parse()?),
        })
    }
}

/// Reads the credentials of the identity that `source` names.
///
/// # Errors
/// When it names none, the network may not be used, nobody is signed in, or the service refuses.
pub(super) fn ask(context: &Context<'_>, flags: &SignInArgs, source: &str) -> anyhow::Result<Reading> {
    let live: Live = source.parse().with_context(|| format!("`{source}` is no source of credentials"))?;
    ensure!(
        !context.global.offline,
        "`{source}` can only be read over the network: leave --offline out, or give a file, such as the output of `{}`",
        live.exported_by()
    );
    let settings = Settings { flags, config: &Config::default(), host: context.host };
    host::block_on(live.read(context, &settings))?.with_context(|| format!("cannot read `{source}`"))
}

impl Live {
    const fn exported_by(&self) -> &'static str {
        match self {
            Self::Graph(_) => "az ad app federated-credential list --id CLIENT-ID",
            Self::Arm(_) => {
                "az identity federated-credential list --identity-name NAME --resource-group GROUP"
            }
        }
    }

    async fn read(&self, context: &Context<'_>, settings: &Settings<'_>) -> anyhow::Result<Reading> {
        let patience = settings.short_patience();
        let endpoints = sign_in::endpoints(settings, patience).await?;
        let (service, base) = match self {
            Self::Graph(_) => ("Microsoft Graph", &endpoints.graph),
            Self::Arm(_) => ("resource manager", &endpoints.arm),
        };
        let base = base.as_ref();
        let base =
            base.with_context(|| format!("nobody has published the {service} of {}", endpoints.name))?;
        let (token, origin) = token(context, settings, &endpoints, base).await?;
        let read = match self {
            Self::Graph(client) => {
                fetch::application_credentials(settings.host, base, client, &token, patience).await
            }
            Self::Arm(identity) => {
                fetch::identity_credentials(settings.host, base, identity, &token, patience).await
            }
        };
        read.map_err(|error| anyhow::Error::new(error).context(Exit::OtherSide))
            .with_context(|| format!("asked with {origin}"))
    }
}

/// A token for `resource`, and where it is from: our own sign-in where one is configured, else `AZURE_ACCESS_TOKEN`, else az.
async fn token(
    context: &Context<'_>,
    settings: &Settings<'_>,
    endpoints: &Endpoints,
    resource: &str,
) -> anyhow::Result<(AccessToken, &'static str)> {
    let host = settings.host;
    let failed = match settings.can_sign_in() {
        true => match signed_in(context, settings, resource).await {
            Ok(token) => return Ok((token, "the token of the configured sign-in")),
            Err(error) => Some(error),
        },
        false => None,
    };
    if let Some(text) = host.env.var("AZURE_ACCESS_TOKEN") {
        let token = masked(host, AccessToken::new(text.trim().to_owned()))?;
        return Ok((token, "the token in AZURE_ACCESS_TOKEN"));
    }
    match (fetch::az_token(host, resource, settings.tenant().ok().as_ref()).await, failed) {
        (Ok(token), _) => Ok((masked(host, token)?, "the token of az")),
        (Err(_), Some(error)) => Err(error),
        (Err(AzError::Program(ProgramError::Missing)), None) => Err(anyhow::anyhow!(
            "there is no token to ask {} with: sign in with az, set AZURE_ACCESS_TOKEN to a token for {resource}, \
or give --client-id, --tenant-id and --token-file",
            endpoints.name
        )),
        (Err(error), None) => Err(anyhow::Error::new(error).context(Exit::OtherSide)),
    }
}

async fn signed_in(
    context: &Context<'_>,
    settings: &Settings<'_>,
    resource: &str,
) -> anyhow::Result<AccessToken> {
    let scopes = Some(format!("{resource}/.default"));
    let timeout = Some(settings.short_patience().budget.as_secs());
    let flags = SignInArgs { scopes, timeout, ..settings.flags.clone() };
    let settings = Settings { flags: &flags, ..*settings };
    let prepared = Prepared::new(context, &settings, Stream::Err).await?;
    let granted = prepared.exchange(settings.host).await?;
    let granted = granted.map_err(|error| anyhow::Error::new(error).context(Exit::OtherSide))?;
    Ok(granted.access_token)
}

fn masked(host: &Host, token: AccessToken) -> anyhow::Result<AccessToken> {
    if let Some(runner) = Runner::of(host) {
        runner.speaking_to(Stream::Err).mask(token.reveal())?;
    }
    Ok(token)
}

#[cfg(test)]
mod tests {
    use http::Response;

    use crate::{
        cli::{self, Exit},
        host::{Env, Host, Http, Programs, Ran, Stream},
    };

    const SOURCE: &str = "graph:11111111-2222-3333-4444-555555555555";
    const PAGE: &str = r#"{"value":[{"name":"prod","issuer":"https://i","subject":"s","audiences":["api://AzureADTokenExchange"]}]}"#;

    fn run(host: &Host, words: &[&str]) -> (Exit, String, String) {
        let words = ["fedcred", "credentials", "list"].into_iter().chain(words.iter().copied());
        let exit = cli::run(words.map(Into::into), host);
        (exit, host.console.written(Stream::Out), host.console.written(Stream::Err))
    }

    fn page() -> Http {
        Http::fake([Ok(Response::new(PAGE.as_bytes().to_vec()))])
    }

    fn az(out: &str) -> Programs {
        Programs::fake([Ok(Ran { succeeded: true, out: out.into(), err: Vec::new() })])
    }

    #[test]
    fn without_a_sign_in_the_token_comes_from_the_environment_and_else_from_az() {
        let env = Env::fake([("AZURE_ACCESS_TOKEN", "canary-env")]);
        let host = Host { env, http: page(), ..Host::fake() };
        let (exit, out, _) = run(&host, &[SOURCE]);
        assert!(exit == Exit::Yes && out.contains(SOURCE) && out.contains("prod"), "{out}");
        assert_eq!(host.http.asked()[0].headers()["authorization"], "Bearer canary-env");

        let host = Host { programs: az(r#"{"accessToken":"canary-az"}"#), http: page(), ..Host::fake() };
        assert_eq!(run(&host, &[SOURCE]).0, Exit::Yes);
        assert_eq!(host.http.asked()[0].headers()["authorization"], "Bearer canary-az");
        assert!(host.programs.asked()[0].contains("--resource https://graph.microsoft.com "));
    }

    #[test]
    fn inside_a_job_the_token_is_masked_first() {
        let env = Env::fake([("AZURE_ACCESS_TOKEN", "canary"), ("GITHUB_ACTIONS", "true")]);
        let host = Host { env, http: page(), ..Host::fake() };
        let (_, out, err) = run(&host, &[SOURCE]);
        assert_eq!((out.matches("canary").count(), err.as_str()), (0, "::add-mask::canary\n"));
    }

    #[test]
    fn offline_nobody_is_asked() {
        let host = Host { programs: az("{}"), http: page(), ..Host::fake() };
        let (exit, _, err) = run(&host, &[SOURCE, "--offline"]);
        assert_eq!((exit, host.http.asked().len(), host.programs.asked().len()), (Exit::AskedWrongly, 0, 0));
        assert!(
            err.contains("leave --offline out") && err.contains("az ad app federated-credential list"),
            "{err}"
        );
    }

    #[test]
    fn what_is_asked_wrongly_is_told_from_what_is_refused() {
        let (exit, _, err) = run(&Host::fake(), &["graph:me"]);
        assert_eq!(exit, Exit::AskedWrongly);
        assert!(err.contains("`me` is not a GUID"), "{err}");
        let (exit, _, err) = run(&Host::fake(), &["arm:me"]);
        assert!(exit == Exit::AskedWrongly && err.contains("is not the resource id"), "{err}");
        let (exit, _, err) = run(&Host::fake(), &[SOURCE]);
        assert!(exit == Exit::AskedWrongly && err.contains("set AZURE_ACCESS_TOKEN"), "{err}");
        let host = Host { programs: az(r#"{"accessToken":"canary"}"#), ..Host::fake() };
        let (exit, _, err) = run(&host, &[SOURCE]);
        assert!(exit == Exit::OtherSide && err.contains("asked with the token of az"), "{err}");
        assert!(!err.contains("canary"), "{err}");
    }
}
