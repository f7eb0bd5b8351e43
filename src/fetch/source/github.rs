//! GitHub's token endpoint: the running job asks for its assertion, and every failure has its own true message.
//!
//! Source: <https://docs.github.com/actions/reference/security/oidc>, actions/toolkit `packages/core/src/oidc-utils.ts`.

use http::{HeaderValue, Request, StatusCode, header};
use serde_json::Value;
use thiserror::Error;
use url::{Url, form_urlencoded};

use super::{Announcement, Ask, Detection};
use crate::{
    entra::{Patience, Trouble, Unreadable, retry_after},
    fetch::driver::{Step, Tried, Unanswered, persist},
    host::{Failure, Host, Limits},
    id::Audience,
    issuer::{ClaimsError, UnverifiedClaims, github::Instance},
    secret::{Assertion, RequestToken},
};

const URL: &str = "ACTIONS_ID_TOKEN_REQUEST_URL";
const TOKEN: &str = "ACTIONS_ID_TOKEN_REQUEST_TOKEN";

/// Why GitHub gave no token.
#[derive(Debug, Error)]
pub enum GithubError {
    /// The runner was told of no token service: the job lacks the permission.
    #[error(
        "this job may not ask GitHub for a token: {missing} is not set; add `permissions: {{id-token: write}}` to the job"
    )]
    NoPermission {
        /// The variable that is not there.
        missing: &'static str,
    },
    /// A pull request from a fork gets no token, whatever its workflow says.
    #[error(
        "GitHub gives no token to a pull request from a fork (`{head}`); sign in after the merge, or in a workflow that a maintainer starts"
    )]
    Fork {
        /// The repository the pull request comes from.
        head: String,
    },
    /// The address in the environment is not one a token may be sent to.
    #[error("{URL} is not an https address; http is accepted for this machine alone")]
    BadUrl,
    /// The job's own bearer token is no longer accepted.
    #[error("GitHub no longer accepts this job's request token (status {}): it ends with the job, so it must be used while the job runs", .0.as_u16())]
    Expired(StatusCode),
    /// Another refusal.
    #[error("GitHub at {at} refused to give a token (status {})", status.as_u16())]
    Refused {
        /// The host that was asked.
        at: String,
        /// The HTTP status.
        status: StatusCode,
    },
    /// No answer, or answers that say that the service is out of order.
    #[error("GitHub's token service at {at} is not available: {tried}")]
    Unavailable {
        /// The host that was asked.
        at: String,
        /// What was tried.
        tried: Tried<Unanswered>,
    },
    /// An answer with status 200 that holds no token.
    #[error("GitHub's token service at {at} answered, but without a token: {tried}")]
    Malformed {
        /// The host that was asked.
        at: String,
        /// What was tried.
        tried: Tried<Unanswered>,
    },
    /// The `value` of the answer is no signed token.
    #[error("GitHub's token service at {at} answered with something that is no token")]
    NoToken {
        /// The host that was asked.
        at: String,
        /// What is wrong with it.
        #[source]
        why: ClaimsError,
    },
}

impl GithubError {
    /// True where the job has to change before asking again can help.
    pub(super) const fn is_asked_wrongly(&self) -> bool {
        match self {
            Self::NoPermission { .. } | Self::BadUrl => true,
            Self::Fork { .. }
            | Self::Expired(_)
            | Self::Refused { .. }
            | Self::Unavailable { .. }
            | Self::Malformed { .. }
            | Self::NoToken { .. } => false,
        }
    }
}

/// A job that was told where to ask is sure; one that was not may still explain why it was not told.
pub(super) fn detect(host: &Host) -> Detection {
    let told = [URL, TOKEN].into_iter().find(|name| host.env.var(name).is_some());
    match told {
        Some(name) => Detection::Present(format!("{name} is set")),
        None if host.env.var("GITHUB_ACTIONS").as_deref() == Some("true") => {
            Detection::Possible("this is a GitHub job, but it was not told where to ask".to_owned())
        }
        None => Detection::Absent(format!("{URL} is not set")),
    }
}

/// The issuer follows from the server, but for an enterprise that puts its slug behind it.
pub(super) fn announce(host: &Host, ask: &Ask<'_>) -> Announcement {
    let server = host.env.var("GITHUB_SERVER_URL").unwrap_or_else(|| "https://github.com".to_owned());
    let repository = host.env.var("GITHUB_REPOSITORY").unwrap_or_else(|| "{owner}/{repository}".to_owned());
    Announcement {
        issuer: Instance::at(&server)
            .map_or_else(|| "{issuer of the server}".to_owned(), |instance| instance.issuer().to_string()),
        subject: format!("repo:{repository}:{{context}}"),
        audience: ask.audience.to_string(),
    }
}

/// The bearer token that the runner gave the job for asking.
#[must_use]
pub fn github_request_token(host: &Host) -> Option<RequestToken> {
    host.env.var(TOKEN).map(RequestToken::new)
}

/// Asks for a token with the given audience.
///
/// # Errors
/// The five ways in which a job gets no token, each by its own name, and two that should not happen.
pub async fn github_token(
    host: &Host,
    audience: &Audience,
    patience: Patience,
) -> Result<Assertion, GithubError> {
    let address = host.env.var(URL).ok_or_else(|| absent(host, URL))?;
    let bearer = github_request_token(host).ok_or_else(|| absent(host, TOKEN))?;
    let url = address_for(&address, audience).ok_or(GithubError::BadUrl)?;
    let at = url.host_str().unwrap_or_default().to_owned();
    let asked = persist(host, patience, async |limits| once(host, &url, &bearer, &limits).await).await;
    let token = asked.map_err(|tried| told(at.clone(), tried))?;
    let claims = UnverifiedClaims::read(&token);
    claims.map(|_| token).map_err(|why| GithubError::NoToken { at, why })
}

/// The address is opaque but for its scheme; it usually has a query already.
fn address_for(address: &str, audience: &Audience) -> Option<Url> {
    let joint = if address.contains('?') { '&' } else { '?' };
    let encoded: String = form_urlencoded::byte_serialize(audience.as_str().as_bytes()).collect();
    let url = Url::parse(&format!("{address}{joint}audience={}", encoded.replace('+', "%20"))).ok()?;
    let here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    (url.scheme() == "https" || (url.scheme() == "http" && here)).then_some(url)
}

async fn once(host: &Host, url: &Url, bearer: &RequestToken, limits: &Limits) -> Step<Assertion, Unanswered> {
    let sent = match request(url, bearer) {
        Ok(request) => host.http.send(request, limits).await,
        Err(error) => Err(Failure::Unsent(error.to_string())),
    };
    let answer = match sent {
        Ok(answer) => answer,
        Err(failure) => return Step::unanswered(failure, |why| why),
    };
    let fields: Value = serde_json::from_slice(answer.body()).unwrap_or(Value::Null);
    match fields.get("value").and_then(Value::as_str) {
        Some(token) if answer.status().is_success() => Step::Done(Assertion::new(token.to_owned())),
        Some(_) | None => {
            let trouble = Trouble::Status(answer.status(), retry_after(answer.headers()));
            Step::Failed(trouble, Unreadable::of(&answer, "value").into())
        }
    }
}

fn request(url: &Url, bearer: &RequestToken) -> Result<Request<Vec<u8>>, http::Error> {
    let mut authorization = HeaderValue::from_str(&format!("bearer {}", bearer.reveal()))?;
    authorization.set_sensitive(true);
    Request::get(url.as_str())
        .header(header::AUTHORIZATION, authorization)
        .header(header::ACCEPT, HeaderValue::from_static("application/json"))
        .body(Vec::new())
}

fn told(at: String, tried: Tried<Unanswered>) -> GithubError {
    match &tried.reason {
        Unanswered::Failure(_) => GithubError::Unavailable { at, tried },
        Unanswered::Unreadable(Unreadable { status, .. }) => match *status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => GithubError::Expired(*status),
            status if status.is_success() => GithubError::Malformed { at, tried },
            StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => {
                GithubError::Unavailable { at, tried }
            }
            status if status.is_server_error() => GithubError::Unavailable { at, tried },
            status => GithubError::Refused { at, status },
        },
    }
}

fn absent(host: &Host, missing: &'static str) -> GithubError {
    fork(host).map_or(GithubError::NoPermission { missing }, |head| GithubError::Fork { head })
}

/// The repository a pull request comes from, where that is not the one the workflow runs in.
///
/// `pull_request_target` runs in the base repository and does get tokens.
fn fork(host: &Host) -> Option<String> {
    const LIMIT: u64 = 16 << 20;
    if host.env.var("GITHUB_EVENT_NAME")? == "pull_request_target" {
        return None;
    }
    let path = host.env.var("GITHUB_EVENT_PATH")?;
    let event: Value = serde_json::from_slice(&host.files.read(path.as_ref(), LIMIT).ok()?).ok()?;
    let name = |pointer| event.pointer(pointer).and_then(Value::as_str);
    let base = name("/pull_request/base/repo/full_name")?;
    let head = name("/pull_request/head/repo/full_name").unwrap_or("a repository that is gone");
    (head != base).then(|| head.to_owned())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::Response;

    use super::*;
    use crate::host::{Env, Files, Http, block_on};

    const VARIABLES: [(&str, &str); 2] =
        [(URL, "https://vstoken.test/x?api-version=2.0"), (TOKEN, "request-token")];

    fn answer(status: u16, body: &str) -> Result<Response<Vec<u8>>, Failure> {
        Ok(Response::builder().status(status).body(body.as_bytes().to_vec()).unwrap())
    }

    fn ask(host: &Host) -> Result<Assertion, GithubError> {
        let patience = Patience { budget: Duration::from_secs(30), just_created: false };
        block_on(github_token(host, &Audience::new("api://AzureADTokenExchange"), patience)).unwrap()
    }

    fn host<const N: usize>(answers: [Result<Response<Vec<u8>>, Failure>; N]) -> Host {
        Host { env: Env::fake(VARIABLES), http: Http::fake(answers), ..Host::fake() }
    }

    fn message(host: &Host) -> String {
        ask(host).unwrap_err().to_string()
    }

    #[test]
    fn the_request_is_the_one_github_documents() {
        let host = host([answer(200, r#"{"value":"e30.e30.c2ln"}"#)]);
        assert_eq!(ask(&host).unwrap().reveal(), "e30.e30.c2ln");
        let request = host.http.asked().remove(0);
        assert_eq!(
            request.uri(),
            "https://vstoken.test/x?api-version=2.0&audience=api%3A%2F%2FAzureADTokenExchange"
        );
        assert_eq!(request.headers()["authorization"], "bearer request-token");
        assert!(!format!("{request:?}").contains("request-token"));
    }

    #[test]
    fn five_failures_have_five_messages_and_the_passing_ones_were_tried_again() {
        assert!(message(&Host::fake()).contains("id-token: write"));
        let fork = Host {
            env: Env::fake([("GITHUB_EVENT_NAME", "pull_request"), ("GITHUB_EVENT_PATH", "event.json")]),
            files: Files::fake([(
                "event.json",
                r#"{"pull_request":{"head":{"repo":{"full_name":"me/app"}},"base":{"repo":{"full_name":"octo/app"}}}}"#,
            )]),
            ..Host::fake()
        };
        assert!(message(&fork).contains("a fork (`me/app`)"));
        assert!(message(&host([answer(401, "")])).contains("no longer accepts"));
        let down = host(std::array::from_fn::<_, 40, _>(|_| answer(503, "")));
        let text = message(&down);
        assert!(text.contains("vstoken.test is not available: an empty answer with status 503"), "{text}");
        assert!(down.clock.slept().len() > 3);
        let odd = host(std::array::from_fn::<_, 40, _>(|_| answer(200, "<html>")));
        assert!(message(&odd).contains("without a token: a web page with status 200"));
        assert!(message(&host([answer(200, r#"{"value":"x"}"#)])).contains("no token"));
    }

    #[test]
    fn a_passing_error_is_forgotten_after_a_wait() {
        let host = host([
            Err(Failure::Reset),
            answer(502, "<html>"),
            answer(200, "{\"val"),
            answer(200, r#"{"value":"e30.e30.c2ln"}"#),
        ]);
        assert!(ask(&host).is_ok());
        assert_eq!(host.clock.slept().len(), 3);
    }

    #[test]
    fn the_request_token_is_sent_to_nobody_without_tls() {
        for address in ["http://evil.test/x", "ftp://127.0.0.1/", "nonsense"] {
            let env = Env::fake([(URL, address), (TOKEN, "t")]);
            let host = Host { env, ..Host::fake() };
            assert!(matches!(ask(&host), Err(GithubError::BadUrl)), "{address}");
            assert!(host.http.asked().is_empty());
        }
    }
}
