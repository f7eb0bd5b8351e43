//! `fedcred emulate`: the loopback emulator, for people and for scripts.

use std::path::PathBuf;

use anyhow::Context as _;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{Context, Exit, args::Format};
use crate::{
    emulator::{Emulator, Options, State, read_state},
    fetch::source::SOURCES,
    host,
};

/// The longest state file that is read, in bytes.
const STATE_LIMIT: u64 = 1 << 20;

/// Arguments of `fedcred emulate`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "It listens on the loopback address alone and stops with Ctrl-C. The first line on standard output is
JSON: the URLs, the CA file and the environment variables that lead clients there. /_emulator/state,
/_emulator/faults and /_emulator/requests change it and tell what was asked. Under `sources` are the variables of
workloads elsewhere; a cluster gives tokens at POST /kubernetes/api/v1/namespaces/NAMESPACE/serviceaccounts/NAME/token.
/kubernetes, /aws/oidc and /spiffe/oidc publish the documents of the issuers that the state names.

A state file names what differs from the standard world:
  github: {job: {repository: octo/app, environment: Production}}
  faults: [{at: entra-token, kind: status, status: 503, times: 2}]

Examples:
  fedcred emulate
  fedcred emulate --tls --port 8443 --state world.yml"
)]
pub(super) struct Args {
    /// The port; 0 takes a free one.
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    port: u16,
    /// Speak TLS, with a certificate authority made at start.
    #[arg(long)]
    tls: bool,
    /// What the emulated world holds, in YAML.
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Where to write the authority's certificate [default: a file in the temporary folder].
    #[arg(long, value_name = "FILE", requires = "tls")]
    ca_file: Option<PathBuf>,
}

/// The first line.
#[derive(Debug, Serialize)]
struct Document {
    schema: &'static str,
    url: String,
    github_issuer: String,
    github_api: String,
    control: String,
    ca_file: Option<PathBuf>,
    sources: Map<String, Value>,
    env: Map<String, Value>,
}

pub(super) fn run(args: &Args, context: &Context<'_>) -> anyhow::Result<Exit> {
    context.allow_formats(&[Format::Human, Format::Json])?;
    let options = Options { port: args.port, tls: args.tls, agent_socket: true };
    let emulator = Emulator::start_blocking(state(args, context)?, options)?;
    let ca_file = write_ca(args, context, &emulator)?;
    let document = document(&emulator, ca_file);
    context.print(&format!("{}\n", serde_json::to_string(&document)?))?;
    if !context.global.quiet {
        context.host.console.err(&format!("listening on {}; Ctrl-C stops\n", emulator.url()));
    }
    host::block_on(tokio::signal::ctrl_c())??;
    Ok(Exit::Yes)
}

fn state(args: &Args, context: &Context<'_>) -> anyhow::Result<State> {
    let Some(path) = &args.state else { return Ok(State::default()) };
    let shown = path.display().to_string();
    let bytes = context.host.files.read(path, STATE_LIMIT).with_context(|| format!("cannot read {shown}"))?;
    let text = String::from_utf8(bytes).with_context(|| format!("{shown} is no text"))?;
    Ok(read_state(&shown, &text)?)
}

fn write_ca(args: &Args, context: &Context<'_>, emulator: &Emulator) -> anyhow::Result<Option<PathBuf>> {
    let Some(pem) = emulator.ca_pem() else { return Ok(None) };
    let env = &context.host.env;
    let folder = || env.var("TMPDIR").or_else(|| env.var("TEMP")).unwrap_or_else(|| "/tmp".to_owned());
    let port = emulator.url().rsplit(':').next().unwrap_or_default();
    let path = args.ca_file.clone();
    let path = path.unwrap_or_else(|| PathBuf::from(folder()).join(format!("fedcred-emulator-{port}.pem")));
    let written = context.host.files.replace(&path, pem.as_bytes());
    written.with_context(|| format!("cannot write {}", path.display()))?;
    Ok(Some(path))
}

/// Source: `REQUESTS_CA_BUNDLE` for az and msal, `NODE_EXTRA_CA_CERTS` for Node, <https://learn.microsoft.com/cli/azure/use-azure-cli-successfully-troubleshooting>;
/// `AZURE_CORE_INSTANCE_DISCOVERY`, without which az asks login.microsoftonline.com, azure-cli-core `auth/identity.py`.
fn document(emulator: &Emulator, ca_file: Option<PathBuf>) -> Document {
    let url = emulator.url().to_owned();
    let own = emulator.environment();
    let mut env: Map<String, Value> =
        own.into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect();
    env.insert("AZURE_CORE_INSTANCE_DISCOVERY".to_owned(), json!("false"));
    if let Some(path) = &ca_file {
        for name in ["REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"] {
            env.insert(name.to_owned(), json!(path));
        }
    }
    Document {
        schema: "fedcred.emulate.v1",
        github_issuer: format!("{url}/github/oidc"),
        github_api: emulator.github_api_url(),
        control: format!("{url}/_emulator"),
        ca_file,
        sources: sources(emulator),
        env,
        url,
    }
}

/// The variables that lead to each emulated source but GitHub's job. They are not in `env`, so that one source is set up there.
fn sources(emulator: &Emulator) -> Map<String, Value> {
    let variables = |name| -> Map<String, Value> {
        let variables = emulator.source_environment(name).into_iter();
        variables.map(|(name, value)| (name.to_owned(), json!(value))).collect()
    };
    let named = SOURCES.iter().map(|source| (source.name, variables(source.name)));
    named
        .filter(|(_, variables)| !variables.is_empty())
        .map(|(name, variables)| (name.to_owned(), Value::Object(variables)))
        .collect()
}
