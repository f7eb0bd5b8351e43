//! What GitHub says about a repository, where it may be asked; what it does not tell is said and stays unknown.

use std::time::Duration;

use url::Url;

use super::{Context, settings};
use crate::{
    entra::Patience,
    fetch::{self, RepositoryFacts, WantedFacts},
    host,
    id::RepositoryName,
    secret::ApiToken,
};

/// Source: <https://docs.github.com/rest/using-the-rest-api/getting-started-with-the-rest-api>.
const PUBLIC: &str = "https://api.github.com";

/// These facts have a fallback: nobody should wait for them.
const PATIENCE: Patience = Patience { budget: Duration::from_secs(8), just_created: false };

/// Asks GitHub about the repository, unless the network may not be used or nobody gave a token.
///
/// # Errors
/// When the system has no means to wait for sockets left.
pub(super) fn ask(
    context: &Context<'_>,
    name: &RepositoryName,
    wanted: WantedFacts,
) -> anyhow::Result<RepositoryFacts> {
    let nothing = WantedFacts { repository: false, subject: false, environments: false };
    if context.global.offline || wanted == nothing {
        return Ok(RepositoryFacts::default());
    }
    let Some(token) = token(context) else {
        say(
            context,
            "GitHub is not asked about the repository: there is no token in GITHUB_TOKEN or GH_TOKEN",
        );
        return Ok(RepositoryFacts::default());
    };
    let address = context.host.env.var("GITHUB_API_URL").unwrap_or_else(|| PUBLIC.to_owned());
    let Some(base) = Url::parse(&address).ok().filter(is_safe) else {
        context.host.console.err("warning: GITHUB_API_URL is not an https address; GitHub is not asked\n");
        return Ok(RepositoryFacts::default());
    };
    say(context, &format!("asking GitHub at {} about {name}", base.host_str().unwrap_or_default()));
    let asked = fetch::repository_facts(context.host, &base, Some(&token), name, wanted, PATIENCE);
    let facts = host::block_on(asked)?;
    if !context.global.quiet {
        for error in &facts.untold {
            context.host.console.err(&format!("note: {error}\n"));
        }
    }
    Ok(facts)
}

fn token(context: &Context<'_>) -> Option<ApiToken> {
    let env = &context.host.env;
    let given = settings::input(context.host, "github-token");
    given.or_else(|| env.var("GITHUB_TOKEN")).or_else(|| env.var("GH_TOKEN")).map(ApiToken::new)
}

/// The token goes over TLS, or stays on this machine.
fn is_safe(base: &Url) -> bool {
    let here = matches!(base.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    base.scheme() == "https" || (base.scheme() == "http" && here)
}

fn say(context: &Context<'_>, text: &str) {
    if context.global.verbose {
        context.host.console.err(&format!("{text}\n"));
    }
}
