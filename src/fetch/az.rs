//! The access token of whoever is signed in to the Azure CLI.
//!
//! Source: `az account get-access-token --help`, azure-cli 2.91.0.

use serde_json::Value;
use thiserror::Error;

use crate::{
    host::{Host, Limits, ProgramError, Ran},
    id::{TenantId, visible},
    secret::AccessToken,
};

/// Windows finds programs by their whole name, and az is a script there.
const AZ: &str = if cfg!(windows) { "az.cmd" } else { "az" };

/// Why az gave no token.
#[derive(Debug, Error)]
pub enum AzError {
    /// It did not come to its end.
    #[error("az gave no token: {0}")]
    Program(#[from] ProgramError),
    /// It said no.
    #[error("az gave no token: {}", visible(.0))]
    Refused(String),
    /// It printed something else.
    #[error("az printed no token")]
    NoToken,
}

/// Asks az for a token for `resource`, in `tenant` if that is known.
///
/// # Errors
/// When az is not there, nobody is signed in to it, or it prints no token.
pub async fn az_token(
    host: &Host,
    resource: &str,
    tenant: Option<&TenantId>,
) -> Result<AccessToken, AzError> {
    let mut words = vec!["account", "get-access-token", "--resource", resource, "--output", "json"];
    words.extend(tenant.iter().flat_map(|tenant| ["--tenant", tenant.as_str()]));
    words.push("--only-show-errors");
    let limits = Limits { body: 1 << 16, ..Limits::default() };
    token(&host.programs.run(AZ, &words, &limits).await?)
}

fn token(ran: &Ran) -> Result<AccessToken, AzError> {
    if !ran.succeeded {
        return Err(AzError::Refused(complaint(&ran.err)));
    }
    let printed: Value = serde_json::from_slice(&ran.out).unwrap_or(Value::Null);
    match printed.get("accessToken").and_then(Value::as_str) {
        Some(token) if !token.is_empty() => Ok(AccessToken::new(token.to_owned())),
        Some(_) | None => Err(AzError::NoToken),
    }
}

/// The first line of az's own error; the rest is advice for people at a keyboard.
fn complaint(err: &[u8]) -> String {
    const LONGEST: usize = 300;
    let text = String::from_utf8_lossy(err);
    let said = text.lines().find_map(|line| line.strip_prefix("ERROR: "));
    let said = said.or_else(|| text.lines().find(|line| !line.trim().is_empty()));
    said.unwrap_or("it failed without a word").chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{Programs, block_on};

    fn ask(outcome: Result<Ran, ProgramError>) -> (Result<AccessToken, AzError>, Host) {
        let host = Host { programs: Programs::fake([outcome]), ..Host::fake() };
        let tenant = "contoso.test".parse().unwrap();
        (block_on(az_token(&host, "https://graph.test", Some(&tenant))).unwrap(), host)
    }

    fn ran(succeeded: bool, out: &str, err: &str) -> Result<Ran, ProgramError> {
        Ok(Ran { succeeded, out: out.into(), err: err.into() })
    }

    #[test]
    fn the_token_is_taken_from_what_az_prints() {
        let (token, host) = ask(ran(true, r#"{"accessToken":"canary","tokenType":"Bearer"}"#, ""));
        assert_eq!(token.unwrap().reveal(), "canary");
        assert!(host.programs.asked()[0].ends_with(
            "account get-access-token --resource https://graph.test --output json --tenant contoso.test --only-show-errors"
        ));
    }

    #[test]
    fn az_says_itself_why_not() {
        let err = "WARNING: x\nERROR: Please run 'az login' to setup account.\n";
        assert_eq!(
            ask(ran(false, "", err)).0.unwrap_err().to_string(),
            "az gave no token: Please run 'az login' to setup account."
        );
        assert_eq!(
            ask(Err(ProgramError::Missing)).0.unwrap_err().to_string(),
            "az gave no token: it is not installed"
        );
        assert_eq!(ask(ran(true, "canary", "")).0.unwrap_err().to_string(), "az printed no token");
    }
}
