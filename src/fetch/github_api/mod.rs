//! GitHub's REST API, through octocrab on our own HTTP client: what decides the subjects of a repository.
//!
//! Source: <https://docs.github.com/rest/actions/oidc>, <https://docs.github.com/rest/deployments/environments>.

mod endpoint;

use http::{Response, StatusCode};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use octocrab::Octocrab;
use serde_json::Value;
use url::Url;

use super::{
    driver::{Step, Tried, Unanswered, persist},
    github_facts::{GithubApiError, RepositoryFacts, WantedFacts},
};
use crate::{
    entra::{Patience, Trouble, Unreadable, retry_after},
    host::{Failure, Host, Limits},
    id::RepositoryName,
    issuer::github::{Customization, Template},
    secret::ApiToken,
};
use endpoint::{Endpoint, keys, told};

/// A repository with more environments than this is asked for no more of them.
const PAGES: usize = 20;
const PAGE: usize = 100;

/// Asks GitHub at the API address `base` what is `wanted` about the repository. What it does not tell is listed with the reason.
/// Without a token GitHub tells less, and only of public repositories.
pub async fn repository_facts(
    host: &Host,
    base: &Url,
    token: Option<&ApiToken>,
    name: &RepositoryName,
    wanted: WantedFacts,
    patience: Patience,
) -> RepositoryFacts {
    let mut facts = RepositoryFacts::default();
    let asker = match client(host, base, token) {
        Ok(client) => Asker { host, client, name, at: base.host_str().unwrap_or_default(), patience },
        Err(failure) => {
            let tried = Tried { attempts: 0, within: std::time::Duration::ZERO, reason: failure.into() };
            let at = base.host_str().unwrap_or_default();
            facts.untold.push(told(Endpoint::Repository, name, at, false, tried));
            return facts;
        }
    };
    if wanted.repository
        && let Some(body) = facts.keep(asker.get(Endpoint::Repository, 1).await)
    {
        facts.take_repository(&body);
    }
    // Who may not see the repository, or is not let in at all, is told so once.
    if facts.untold.is_empty() && wanted.subject {
        asker.subject(&mut facts).await;
    }
    if facts.untold.iter().all(GithubApiError::is_about_one_fact) && wanted.environments {
        facts.environments = asker.environments(&mut facts.untold).await;
    }
    facts
}

fn client(host: &Host, base: &Url, token: Option<&ApiToken>) -> Result<Octocrab, Failure> {
    let unsent = |error: &dyn std::fmt::Display| Failure::Unsent(error.to_string());
    let uri: http::Uri = base.as_str().trim_end_matches('/').parse().map_err(|error| unsent(&error))?;
    let client = host.http.client_for(&uri)?.clone();
    let builder = Octocrab::builder().base_uri(uri).map_err(|error| unsent(&error))?;
    let builder = match token {
        // octocrab panics on what is no header.
        Some(token) if http::HeaderValue::from_str(token.reveal()).is_err() => {
            return Err(Failure::Unsent("the token holds characters that no token has".to_owned()));
        }
        Some(token) => builder.personal_token(token.reveal().to_owned()),
        None => builder,
    };
    builder.build_with_reqwest(client).map_err(|error| unsent(&error))
}

struct Asker<'a> {
    host: &'a Host,
    client: Octocrab,
    name: &'a RepositoryName,
    at: &'a str,
    patience: Patience,
}

impl Asker<'_> {
    /// The prefix and the template in force. A repository that GitHub has nothing to say about has the default ones.
    async fn subject(&self, facts: &mut RepositoryFacts) {
        let own = match self.get(Endpoint::Subject, 1).await {
            Err(GithubApiError::Unknown { .. }) => None,
            asked => match facts.keep(asked) {
                Some(body) => Some(body),
                None => return,
            },
        };
        let Some(own) = own else {
            facts.template = Some(Template::in_force(None, None));
            return;
        };
        facts.prefix = own.get("sub_claim_prefix").and_then(Value::as_str).and_then(|text| text.parse().ok());
        let own = Customization {
            use_default: own.get("use_default").and_then(Value::as_bool).unwrap_or(true),
            template: keys(&own),
        };
        let organization = if own.use_default || own.template.is_some() {
            None
        } else {
            match self.get(Endpoint::Organization, 1).await {
                Err(GithubApiError::Unknown { .. }) => None,
                asked => match facts.keep(asked) {
                    Some(body) => keys(&body),
                    None => return,
                },
            }
        };
        facts.template = Some(Template::in_force(Some(&own), organization.as_ref()));
    }

    /// The names of all environments, or why they are not known.
    async fn environments(&self, untold: &mut Vec<GithubApiError>) -> Option<Vec<String>> {
        let mut names = Vec::new();
        for page in 1..=PAGES {
            let body = match self.get(Endpoint::Environments, page).await {
                Ok(body) => body,
                Err(error) => {
                    untold.push(error);
                    return None;
                }
            };
            let list = body.get("environments").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            names.extend(list.iter().filter_map(|one| Some(one.get("name")?.as_str()?.to_owned())));
            if list.len() < PAGE {
                return Some(names);
            }
        }
        None
    }

    async fn get(&self, endpoint: Endpoint, page: usize) -> Result<Value, GithubApiError> {
        let path = match endpoint {
            Endpoint::Environments => format!("{}?per_page={PAGE}&page={page}", endpoint.path(self.name)),
            Endpoint::Repository | Endpoint::Subject | Endpoint::Organization => endpoint.path(self.name),
        };
        let mut spent = false;
        let asked = persist(self.host, self.patience, async |limits| {
            let answer = match self.send(&path, &limits).await {
                Ok(answer) => answer,
                Err(failure) => return Step::unanswered(failure, |why| why),
            };
            let header = |name| answer.headers().get(name).and_then(|value| value.to_str().ok());
            spent = header("x-ratelimit-remaining") == Some("0") && !answer.status().is_success();
            match serde_json::from_slice::<Value>(answer.body()) {
                Ok(body) if answer.status().is_success() && body.get(endpoint.field()).is_some() => {
                    Step::Done(body)
                }
                Ok(_) | Err(_) => {
                    let trouble = Trouble::Status(status(&answer), retry_after(answer.headers()));
                    Step::Failed(trouble, Unreadable::of(&answer, endpoint.field()).into())
                }
            }
        });
        let asked = asked.await;
        asked.map_err(|tried: Tried<Unanswered>| told(endpoint, self.name, self.at, spent, tried))
    }

    /// One request, bounded in time and size as every other one.
    async fn send(&self, path: &str, limits: &Limits) -> Result<Response<Vec<u8>>, Failure> {
        let work = async {
            let answer = self.client._get(path).await.map_err(|error| Failure::within(&error))?;
            let (head, body) = answer.into_parts();
            let body = Limited::new(body, limits.body).collect().await.map_err(|error| {
                if error.is::<LengthLimitError>() {
                    Failure::TooLarge(limits.body)
                } else {
                    Failure::Truncated
                }
            })?;
            Ok(Response::from_parts(head, body.to_bytes().to_vec()))
        };
        tokio::time::timeout(limits.total, work).await.unwrap_or(Err(Failure::Timeout))
    }
}

/// A refusal that asks for a pause is one of too many requests, whatever its number.
///
/// Source: <https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api>.
fn status(answer: &Response<Vec<u8>>) -> StatusCode {
    let pause = answer.status() == StatusCode::FORBIDDEN && retry_after(answer.headers()).is_some();
    if pause { StatusCode::TOO_MANY_REQUESTS } else { answer.status() }
}
