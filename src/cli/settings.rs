//! Where a setting comes from: the flag, else the action's input, else the AZURE_ variable, else the configuration, else what is usual.

use std::{str::FromStr, time::Duration};

use anyhow::{Context as _, anyhow, bail};

use super::{config::Config, token_source::SourceArgs};
use crate::{
    entra::Patience,
    fetch::source::{Detection, Found, choose, survey},
    host::Host,
    id::{ClientId, TenantId},
};

/// The flags of every command that signs in. Each has the name of the action's input.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct SignInArgs {
    /// The application (client) id of the identity [env: AZURE_CLIENT_ID].
    #[arg(long, value_name = "GUID")]
    pub(super) client_id: Option<String>,
    /// The directory (tenant) id [env: AZURE_TENANT_ID].
    #[arg(long, value_name = "GUID|DOMAIN")]
    pub(super) tenant_id: Option<String>,
    /// A cloud's name, or the base URL of an ARM endpoint [default: AzureCloud]. AZURE_AUTHORITY_HOST overrides its authority.
    #[arg(long, value_name = "NAME|URL")]
    pub(super) cloud: Option<String>,
    /// The audience of the token [default: the cloud's own].
    #[arg(long, value_name = "AUDIENCE")]
    pub(super) audience: Option<String>,
    /// What to ask for [default: the cloud's resource manager].
    #[arg(long, value_name = "SCOPES")]
    pub(super) scopes: Option<String>,
    /// Credentials to judge the token by: a file, a folder, graph:CLIENT-ID or arm:RESOURCE-ID. Repeatable.
    #[arg(long, value_name = "SOURCE")]
    pub(super) credentials: Vec<String>,
    #[command(flatten)]
    pub(super) source: SourceArgs,
    /// The identity or its credential is minutes old: keep asking while Entra does not know it yet.
    #[arg(long)]
    pub(super) just_created: bool,
    /// How long to keep asking each service [default: 60, or 300 with --just-created].
    #[arg(long, value_name = "SECONDS")]
    pub(super) timeout: Option<u64>,
}

/// The flags of commands that read live identities.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(next_help_heading = "Options for graph: and arm: sources")]
pub(super) struct LiveArgs {
    /// A cloud's name, or the base URL of an ARM endpoint [default: AzureCloud].
    #[arg(long, value_name = "NAME|URL")]
    cloud: Option<String>,
    /// Sign in as this client, unless az or AZURE_ACCESS_TOKEN should be used [env: AZURE_CLIENT_ID].
    #[arg(long, value_name = "GUID")]
    client_id: Option<String>,
    /// The directory (tenant) id [env: AZURE_TENANT_ID].
    #[arg(long, value_name = "GUID|DOMAIN")]
    tenant_id: Option<String>,
    #[command(flatten)]
    source: SourceArgs,
    /// How long to keep asking each service [default: 20].
    #[arg(long, value_name = "SECONDS")]
    timeout: Option<u64>,
}

impl LiveArgs {
    /// The same as the flags of a sign-in.
    pub(super) fn sign_in(&self) -> SignInArgs {
        SignInArgs {
            cloud: self.cloud.clone(),
            client_id: self.client_id.clone(),
            tenant_id: self.tenant_id.clone(),
            source: self.source.clone(),
            timeout: self.timeout,
            ..SignInArgs::default()
        }
    }
}

/// Looks settings up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settings<'a> {
    pub(super) flags: &'a SignInArgs,
    pub(super) config: &'a Config,
    pub(super) host: &'a Host,
}

impl Settings<'_> {
    /// The action's input of that name; an empty one is not there.
    pub(super) fn input(&self, name: &str) -> Option<String> {
        input(self.host, name)
    }

    fn text(&self, flag: Option<&String>, name: &str, variable: Option<&str>) -> Option<String> {
        flag.cloned().or_else(|| self.input(name)).or_else(|| self.host.env.var(variable?))
    }

    fn id<T: FromStr>(&self, text: Option<String>, name: &str, variable: &str) -> anyhow::Result<T>
    where
        T::Err: std::error::Error + Send + Sync + 'static,
    {
        let text =
            text.ok_or_else(|| anyhow!("no {name}: give --{name}, the action's input or {variable}"))?;
        text.parse().with_context(|| format!("{name} is not usable"))
    }

    /// Who signs in.
    pub(super) fn client(&self) -> anyhow::Result<ClientId> {
        let given = self.text(self.flags.client_id.as_ref(), "client-id", Some("AZURE_CLIENT_ID"));
        self.id(given.or_else(|| self.only_client()), "client-id", "AZURE_CLIENT_ID")
    }

    /// The one client id that the configuration spells out.
    fn only_client(&self) -> Option<String> {
        let ids = self.config.identities.iter().flat_map(|identity| &identity.client_ids);
        let mut spelt = ids.filter(|id| id.parse::<ClientId>().is_ok());
        let first = spelt.next()?;
        spelt.next().is_none().then(|| first.clone())
    }

    /// The files that the configuration names for this identity, or for the only one there is. Live sources are left out: to ask them takes
    /// a sign-in of its own, with a permission that a deployment need not have.
    pub(super) fn configured_credentials(&self, client: &ClientId) -> Vec<String> {
        let names = |id: &String| id.parse::<ClientId>().is_ok_and(|id| id == *client);
        let all = &self.config.identities;
        let known = all.iter().find(|identity| identity.client_ids.iter().any(names));
        let only = all.first().filter(|_| all.len() == 1);
        let sources = known.or(only).into_iter().flat_map(|identity| &identity.credentials);
        let files =
            sources.filter(|source| !source.value.starts_with("graph:") && !source.value.starts_with("arm:"));
        files.map(|source| source.value.clone()).collect()
    }

    /// True where an identity, its tenant and something to present are configured.
    pub(super) fn can_sign_in(&self) -> bool {
        let asked = self.flags.source.source.is_some() || self.flags.source.given().token.is_some();
        let present = |found: &Found| matches!(found.detection, Detection::Present(_));
        let token = asked || choose(&survey(self.host)).is_ok_and(present);
        token && self.client().is_ok() && self.tenant().is_ok()
    }

    /// Which directory is asked.
    pub(super) fn tenant(&self) -> anyhow::Result<TenantId> {
        let given = self.text(self.flags.tenant_id.as_ref(), "tenant-id", Some("AZURE_TENANT_ID"));
        self.id(given, "tenant-id", "AZURE_TENANT_ID")
    }

    /// The subscription that exported variables name.
    pub(super) fn subscription(&self, flag: Option<&String>) -> Option<String> {
        self.text(flag, "subscription-id", Some("AZURE_SUBSCRIPTION_ID"))
    }

    /// The cloud's name or URL.
    pub(super) fn cloud(&self) -> String {
        self.text(self.flags.cloud.as_ref(), "cloud", None).unwrap_or_else(|| "AzureCloud".to_owned())
    }

    /// The audience that was asked for.
    pub(super) fn audience(&self) -> Option<String> {
        self.text(self.flags.audience.as_ref(), "audience", None)
    }

    /// The scopes that were asked for.
    pub(super) fn scopes(&self) -> Option<String> {
        self.text(self.flags.scopes.as_ref(), "scopes", None)
    }

    /// The sources of credentials; an input holds one a line.
    pub(super) fn credentials(&self) -> Vec<String> {
        if !self.flags.credentials.is_empty() {
            return self.flags.credentials.clone();
        }
        let input = self.input("credentials").unwrap_or_default();
        input.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    }

    /// How long to keep asking.
    pub(super) fn patience(&self) -> anyhow::Result<Patience> {
        let just_created = self.flags.just_created || self.truth("just-created")?;
        let usual = if just_created { 300 } else { 60 };
        Ok(Patience { budget: Duration::from_secs(self.flags.timeout.unwrap_or(usual)), just_created })
    }

    /// How long to keep asking where nobody signs in: somebody waits for the answer.
    pub(super) fn short_patience(&self) -> Patience {
        let seconds = self.flags.timeout.unwrap_or(20);
        Patience { budget: Duration::from_secs(seconds), just_created: false }
    }

    /// An input that says yes or no.
    fn truth(&self, name: &str) -> anyhow::Result<bool> {
        match self.input(name).as_deref() {
            None | Some("false" | "False" | "FALSE") => Ok(false),
            Some("true" | "True" | "TRUE") => Ok(true),
            Some(other) => bail!("{name} is `{other}`; it must be true or false"),
        }
    }
}

/// The action's input of that name, as the runner hands it over.
///
/// Source: actions/toolkit `packages/core/src/core.ts`, `getInput`.
pub(super) fn input(host: &Host, name: &str) -> Option<String> {
    let value = host.env.var(&format!("INPUT_{}", name.replace(' ', "_").to_uppercase()))?;
    let value = value.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Env;

    const ONE: &str = "11111111-2222-3333-4444-555555555555";
    const TWO: &str = "22222222-2222-3333-4444-555555555555";

    fn host<const N: usize>(variables: [(&str, &str); N]) -> Host {
        Host { env: Env::fake(variables), ..Host::fake() }
    }

    #[test]
    fn the_flag_wins_over_the_input_and_the_input_over_the_variable() {
        let host =
            host([("INPUT_CLIENT-ID", TWO), ("AZURE_CLIENT_ID", "variable"), ("AZURE_TENANT_ID", ONE)]);
        let flags = SignInArgs { client_id: Some(ONE.into()), ..SignInArgs::default() };
        assert_eq!(
            Settings { flags: &flags, config: &Config::default(), host: &host }.client().unwrap().as_str(),
            ONE
        );
        let (none, config) = (SignInArgs::default(), Config::default());
        let settings = Settings { flags: &none, config: &config, host: &host };
        assert_eq!(settings.client().unwrap().as_str(), TWO);
        assert_eq!(settings.tenant().unwrap().as_str(), ONE);
    }

    #[test]
    fn what_is_missing_names_every_way_to_give_it() {
        let host = Host::fake();
        let message = Settings { flags: &SignInArgs::default(), config: &Config::default(), host: &host }
            .client()
            .unwrap_err()
            .to_string();
        assert_eq!(message, "no client-id: give --client-id, the action's input or AZURE_CLIENT_ID");
    }

    #[test]
    fn an_input_that_is_neither_true_nor_false_is_refused() {
        let flags = SignInArgs::default();
        let ask = |value| {
            let host = host([("INPUT_JUST-CREATED", value)]);
            Settings { flags: &flags, config: &Config::default(), host: &host }
                .patience()
                .map(|patience| patience.just_created)
        };
        assert!(ask("true").unwrap() && !ask("").unwrap() && !ask("false").unwrap());
        assert!(ask("yes").is_err());
    }

    #[test]
    fn the_configuration_names_the_client_and_its_credentials() {
        let text = format!(
            "identities:\n  a:\n    client-id: [secrets.X, {ONE}]\n    credentials: [a.tf, 'graph:{ONE}']\n  b:\n    client-id: vars.Y\n    credentials: [b.tf]\n"
        );
        let config = Config::parse(&crate::text::Source::new("fedcred.yml", text)).unwrap();
        let (flags, host) = (SignInArgs::default(), Host::fake());
        let settings = Settings { flags: &flags, config: &config, host: &host };
        let client = settings.client().unwrap();
        assert_eq!(client.as_str(), ONE);
        assert_eq!(settings.configured_credentials(&client), ["a.tf"]);
        assert!(settings.configured_credentials(&TWO.parse().unwrap()).is_empty());
    }
}
