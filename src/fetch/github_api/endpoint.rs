//! The doors of GitHub's API that are asked, and what their answers and refusals mean.

use http::StatusCode;
use serde_json::Value;

use crate::{
    entra::Unreadable,
    fetch::{
        driver::{Tried, Unanswered},
        github_facts::{GithubApiError, RepositoryFacts},
    },
    id::{RepositoryIds, RepositoryName},
    issuer::github::Template,
};

impl GithubApiError {
    /// True where other facts may still be told.
    pub(in crate::fetch) const fn is_about_one_fact(&self) -> bool {
        matches!(self, Self::Forbidden { .. })
    }
}

/// The doors that are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::fetch) enum Endpoint {
    Repository,
    Subject,
    Organization,
    Environments,
}

impl Endpoint {
    pub(in crate::fetch) fn path(self, name: &RepositoryName) -> String {
        match self {
            Self::Repository => format!("/repos/{name}"),
            Self::Subject => format!("/repos/{name}/actions/oidc/customization/sub"),
            Self::Organization => format!("/orgs/{}/actions/oidc/customization/sub", name.owner()),
            Self::Environments => format!("/repos/{name}/environments"),
        }
    }

    /// A field that every answer has.
    pub(in crate::fetch) const fn field(self) -> &'static str {
        match self {
            Self::Repository => "default_branch",
            Self::Subject => "use_default",
            Self::Organization => "include_claim_keys",
            Self::Environments => "environments",
        }
    }

    const fn what(self) -> &'static str {
        match self {
            Self::Repository => "name, numbers and default branch",
            Self::Subject => "the form of the subjects",
            Self::Organization => "the organization's subject template",
            Self::Environments => "the environments",
        }
    }

    /// Source: the permissions at <https://docs.github.com/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens>.
    const fn permission(self) -> &'static str {
        match self {
            Self::Repository => "read access to the repository (`metadata: read`)",
            Self::Subject | Self::Environments => "`actions: read`, or the classic scope `repo`",
            Self::Organization => "the classic scope `read:org`, or `organization administration: read`",
        }
    }
}

impl RepositoryFacts {
    pub(in crate::fetch) fn take_repository(&mut self, body: &Value) {
        let text = |name: &str| body.get(name).and_then(Value::as_str);
        self.name = text("full_name").and_then(|name| name.parse().ok());
        self.default_branch = text("default_branch").filter(|name| !name.is_empty()).map(str::to_owned);
        let owner = body.pointer("/owner/id").and_then(Value::as_u64);
        let repository = body.get("id").and_then(Value::as_u64);
        self.ids = owner.zip(repository).map(|(owner, repository)| RepositoryIds { owner, repository });
    }

    /// The answer, or a note that there is none.
    pub(in crate::fetch) fn keep(&mut self, asked: Result<Value, GithubApiError>) -> Option<Value> {
        asked.map_err(|error| self.untold.push(error)).ok()
    }
}

/// The keys of a customization, where it has any that can be used.
pub(in crate::fetch) fn keys(body: &Value) -> Option<Template> {
    let keys = body.get("include_claim_keys")?.as_array()?;
    let keys = keys.iter().map(|key| key.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()?;
    Template::new(keys).ok()
}

/// The error in the words that its status deserves.
pub(in crate::fetch) fn told(
    endpoint: Endpoint,
    name: &RepositoryName,
    at: &str,
    spent: bool,
    tried: Tried<Unanswered>,
) -> GithubApiError {
    let (what, permission) = (endpoint.what(), endpoint.permission());
    let (at, repository) = (at.to_owned(), name.clone());
    let status = match &tried.reason {
        Unanswered::Unreadable(Unreadable { status, .. }) => Some(*status),
        Unanswered::Failure(_) => None,
    };
    match status {
        Some(StatusCode::UNAUTHORIZED) => GithubApiError::Unaccepted { at },
        Some(StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS) if spent => GithubApiError::Spent { at },
        Some(StatusCode::FORBIDDEN) => GithubApiError::Forbidden { what, repository, permission },
        Some(StatusCode::NOT_FOUND) => GithubApiError::Unknown { what, repository, permission },
        Some(status) if status.is_redirection() => GithubApiError::Moved { repository },
        Some(_) | None => GithubApiError::Unavailable { at, what, repository, tried: Box::new(tried) },
    }
}
