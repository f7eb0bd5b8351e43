//! Which source a command takes its token from, and asking it.

use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use clap::builder::PossibleValuesParser;

use super::{Context, Exit, settings, workload::WorkloadArgs};
use crate::fetch::source::{
    Ask, Detection, Found, Given, Id, Obtained, SOURCES, Source, SourceError, TokenPlace, choose, obtain,
    survey,
};

/// The flags of every command that obtains a token.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct SourceArgs {
    /// Where the token comes from. `auto` takes what is set up here, in the order of this list [default: auto].
    #[arg(long, value_name = "SOURCE", value_parser = names())]
    pub(super) source: Option<String>,
    /// Take the token in this file; `-` is standard input.
    #[arg(long, value_name = "FILE")]
    pub(super) token_file: Option<PathBuf>,
    /// Take the token in this environment variable.
    #[arg(long, value_name = "VARIABLE", conflicts_with = "token_file")]
    pub(super) token_env: Option<String>,
    #[cfg(feature = "own-key")]
    #[command(flatten)]
    own_key: super::own_key::OwnKeyArgs,
    /// For `azure-pipelines`: the id of the service connection [env: AZURESUBSCRIPTION_SERVICE_CONNECTION_ID].
    #[arg(long, value_name = "GUID")]
    service_connection: Option<String>,
    /// For `managed-identity`: the client id of the machine's identity, where it has several.
    #[arg(long, value_name = "GUID")]
    managed_identity: Option<String>,
    #[command(flatten)]
    workload: WorkloadArgs,
}

fn names() -> PossibleValuesParser {
    ["auto"].into_iter().chain(SOURCES.iter().map(|source| source.name)).collect::<Vec<_>>().into()
}

impl SourceArgs {
    /// Settings of single sources: flags, else the action's inputs, else variables.
    pub(super) fn given(&self) -> Given {
        let file = self.token_file.clone();
        let file =
            file.map(|path| if path.as_os_str() == "-" { TokenPlace::Input } else { TokenPlace::File(path) });
        Given {
            token: file.or_else(|| self.token_env.clone().map(TokenPlace::Variable)),
            #[cfg(feature = "own-key")]
            own_key: self.own_key.places(),
            service_connection: self.service_connection.clone(),
            managed_identity: self.managed_identity.clone(),
            aws: self.workload.aws(),
            spiffe_id: self.workload.spiffe_id(),
        }
    }

    /// True where the command line says where the token comes from.
    pub(super) const fn is_given(&self) -> bool {
        self.source.is_some() || self.token_file.is_some() || self.token_env.is_some()
    }

    /// The source that is asked for, or that `auto` finds. Says under `--verbose` what it found and why.
    pub(super) fn choose(&self, context: &Context<'_>) -> anyhow::Result<&'static Source> {
        let asked = self.source.clone().or_else(|| settings::input(context.host, "source"));
        let asked = asked.filter(|name| name != "auto");
        let asked = asked.or_else(|| self.workload.names().map(str::to_owned));
        // A helper of SPIFFE leaves its token in a file, which is then looked at as a JWT-SVID.
        let is_svid = asked.as_deref() == Some("spiffe");
        let by_hand = !is_svid && (self.token_file.is_some() || self.token_env.is_some());
        if by_hand {
            let source = asked.as_deref().unwrap_or("token");
            ensure!(source == "token", "--source {source} takes no --token-file and no --token-env");
            return Source::of(Id::Token).context("the table of sources lacks `token`");
        }
        #[cfg(feature = "own-key")]
        if self.own_key.is_given() {
            let source = asked.as_deref().unwrap_or("own-key");
            ensure!(source == "own-key", "--source {source} takes no --certificate");
            return Source::of(Id::OwnKey).context("the table of sources lacks `own-key`");
        }
        if let Some(name) = asked {
            let known = || format!("source `{name}` is not known; possible are auto, {}", all());
            return Source::named(&name).with_context(known);
        }
        let found = survey(context.host);
        let chosen = choose(&found).map(|found| found.source);
        tell(context, &found, chosen.as_ref().ok().copied());
        Ok(chosen?)
    }

    /// Obtains a token from the source that is asked for or found.
    pub(super) async fn obtain(
        &self,
        context: &Context<'_>,
        source: &'static Source,
        ask: &Ask<'_>,
    ) -> anyhow::Result<Obtained> {
        ensure!(
            !(source.network && context.global.offline),
            "asking {} for a token needs the network: leave --offline out",
            source.title
        );
        announce(context, source, ask);
        let obtained = obtain(source, context.host, ask).await.map_err(failed)?;
        #[cfg(feature = "own-key")]
        if let Some(remark) = obtained.signed_with.as_ref().and_then(super::own_key::remark) {
            super::telling::tell(context, crate::host::Stream::Err, &[remark])?;
        }
        Ok(obtained)
    }
}

fn all() -> String {
    SOURCES.iter().map(|source| source.name).collect::<Vec<_>>().join(", ")
}

/// Who was asked wrongly is told so; everything else is the other side's.
fn failed(error: SourceError) -> anyhow::Error {
    if error.is_asked_wrongly() { error.into() } else { anyhow::Error::new(error).context(Exit::OtherSide) }
}

fn tell(context: &Context<'_>, found: &[Found], chosen: Option<&Source>) {
    for one in found {
        let word = match &one.detection {
            _ if chosen.is_some_and(|chosen| chosen.id == one.source.id) => "taken",
            Detection::Absent(_) => "absent",
            Detection::Possible(_) => "possible",
            Detection::Present(_) => "present",
        };
        say(context, &format!("source {word}: {one}\n"));
    }
}

fn announce(context: &Context<'_>, source: &Source, ask: &Ask<'_>) {
    let will = (source.announce)(context.host, ask);
    let (issuer, subject, audience) = (will.issuer, will.subject, will.audience);
    say(
        context,
        &format!(
            "asking {}\n  issuer    {issuer}\n  subject   {subject}\n  audience  {audience}\n  page      {}\n",
            source.title,
            source.page()
        ),
    );
}

fn say(context: &Context<'_>, text: &str) {
    if context.global.verbose {
        context.host.console.err(text);
    }
}
