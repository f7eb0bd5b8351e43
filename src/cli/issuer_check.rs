//! `fedcred assertion --issuer-check`: whether Entra could read an issuer and find the key of a token.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use serde::Serialize;

use super::{Context, Exit, args::Format};
use crate::{
    entra::Patience,
    fetch,
    id::{Issuer, visible},
    issuer::{
        UnverifiedClaims,
        health::{Check, Health, Outcome, Token, examine},
    },
    secret::Assertion,
};

/// A passing failure is asked again for this long.
const BUDGET: Duration = Duration::from_secs(10);

/// The document `fedcred.issuer-check.v1`.
#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    issuer: &'a str,
    healthy: bool,
    keys: Option<usize>,
    key_position: Option<usize>,
    checks: Vec<CheckDocument<'a>>,
}

#[derive(Serialize)]
struct CheckDocument<'a> {
    check: &'a str,
    outcome: &'static str,
    found: &'a str,
    entra_code: Option<u32>,
}

/// Checks the issuer that is named, else that of the token, and prints one line for each check.
///
/// # Errors
/// When neither is given, the token is unreadable or of another issuer, or the result cannot be printed.
pub(super) async fn run(
    context: &Context<'_>,
    named: Option<&str>,
    token: Option<&Assertion>,
) -> anyhow::Result<Exit> {
    ensure!(!context.global.offline, "an issuer is read over the network: leave --offline out");
    let claims = token.map(UnverifiedClaims::read).transpose().context("the token cannot be read")?;
    let issuer = issuer(named, claims.as_ref())?;
    let patience = Patience { budget: BUDGET, just_created: false };
    let documents = fetch::issuer_documents(context.host, &issuer, patience).await;
    let token = token.zip(claims.as_ref()).map(|(assertion, claims)| Token { assertion, claims });
    let health = examine(&issuer, &documents, token);
    match context.global.format {
        Format::Json => context.print_json(&Document::new(&issuer, &health))?,
        Format::Human | Format::Sarif | Format::Github => context.print(&page(&issuer, &health))?,
    }
    Ok(if health.is_good() { Exit::Yes } else { Exit::No })
}

fn issuer(named: Option<&str>, claims: Option<&UnverifiedClaims>) -> anyhow::Result<Issuer> {
    let of_token = claims.and_then(|claims| claims.payload().get("iss")?.as_str());
    if let (Some(named), Some(of_token)) = (named, of_token) {
        ensure!(
            named == of_token,
            "the token is of issuer `{}`, not of `{}`",
            visible(of_token),
            visible(named)
        );
    }
    let issuer = named.or(of_token).context("the token has no claim `iss`: give --issuer-check ISSUER")?;
    Ok(Issuer::new(issuer))
}

impl<'a> Document<'a> {
    fn new(issuer: &'a Issuer, health: &'a Health) -> Self {
        let checks = health.checks.iter().map(|check| CheckDocument {
            check: check.name,
            outcome: check.outcome.as_str(),
            found: &check.found,
            entra_code: check.code,
        });
        Self {
            schema: "fedcred.issuer-check.v1",
            issuer: issuer.as_str(),
            healthy: health.is_good(),
            keys: health.keys,
            key_position: health.position,
            checks: checks.collect(),
        }
    }
}

fn page(issuer: &Issuer, health: &Health) -> String {
    let lines: String = health.checks.iter().map(line).collect();
    let doubts = health.checks.iter().any(|check| check.outcome == Outcome::Doubtful);
    let end = match (health.is_good(), doubts) {
        (false, _) => "Entra would refuse tokens of this issuer",
        (true, true) => "nothing says that Entra would refuse, but look at what is doubtful",
        (true, false) => "Entra can read this issuer",
    };
    format!("issuer `{}`\n{lines}{end}\n", visible(issuer.as_str()))
}

fn line(check: &Check) -> String {
    let Check { name, outcome, found, code } = check;
    let code = code.map(|code| format!(" (AADSTS{code})")).unwrap_or_default();
    format!("  {:<8}  {name:<13}  {found}{code}\n", outcome.as_str())
}

#[cfg(test)]
mod tests {
    use http::Response;

    use super::*;
    use crate::{
        cli,
        host::{Failure, Host, Http, Stream},
    };

    fn answer(body: &str) -> Result<Response<Vec<u8>>, Failure> {
        Ok(Response::new(body.as_bytes().to_vec()))
    }

    fn asked(words: &[&str], keys: &str) -> (Exit, String, String) {
        let configuration = r#"{"issuer":"https://issuer.example","jwks_uri":"https://issuer.example/keys"}"#;
        let host = Host { http: Http::fake([answer(configuration), answer(keys)]), ..Host::fake() };
        let words = ["fedcred", "assertion", "--issuer-check"].iter().chain(words);
        let exit = cli::run(words.map(Into::into), &host);
        (exit, host.console.written(Stream::Out), host.console.written(Stream::Err))
    }

    const KEYS: &str = r#"{"keys":[{"kty":"RSA","kid":"a","use":"sig","alg":"RS256"}]}"#;

    #[test]
    fn each_check_has_its_line_and_its_code() {
        let (exit, text, error) = asked(&["https://issuer.example"], KEYS);
        assert_eq!(exit, Exit::Yes, "{text}{error}");
        assert!(text.contains("  good      count          1 key\n"), "{text}");
        let (exit, text, _) = asked(&["https://issuer.example"], r#"{"keys":[]}"#);
        assert_eq!(exit, Exit::No);
        assert!(text.contains("the issuer publishes no key (AADSTS7000272)"), "{text}");
        assert!(text.ends_with("Entra would refuse tokens of this issuer\n"), "{text}");
    }

    #[test]
    fn json_has_every_check() {
        let (_, text, _) = asked(&["https://issuer.example/", "--format", "json"], KEYS);
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(document["schema"], "fedcred.issuer-check.v1");
        assert_eq!((&document["healthy"], &document["keys"]), (&false.into(), &1.into()));
        let bad: Vec<_> =
            document["checks"].as_array().unwrap().iter().filter(|check| check["outcome"] == "bad").collect();
        assert_eq!(bad.len(), 1);
        assert_eq!(bad[0]["check"], "issuer");
    }

    #[test]
    fn without_issuer_and_token_there_is_nothing_to_check() {
        let (exit, _, error) = asked(&[], KEYS);
        assert_eq!(exit, Exit::AskedWrongly, "{error}");
        let (exit, _, error) = asked(&["https://issuer.example", "--offline"], KEYS);
        assert_eq!(exit, Exit::AskedWrongly);
        assert!(error.contains("leave --offline out"), "{error}");
    }
}
