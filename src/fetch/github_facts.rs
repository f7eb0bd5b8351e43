//! What GitHub's API can say about a repository, as values: what is asked, what was told, and what was not and why.

use thiserror::Error;

use super::driver::{Tried, Unanswered};
use crate::{
    id::{RepositoryIds, RepositoryName},
    issuer::github::{Prefix, Template},
};

/// What is wanted; each is a request of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WantedFacts {
    /// Name, numbers and default branch.
    pub repository: bool,
    /// Prefix and template of the subject.
    pub subject: bool,
    /// The environments.
    pub environments: bool,
}

/// What GitHub said; `None` where it was not asked or did not tell.
#[derive(Debug, Default)]
pub struct RepositoryFacts {
    /// The name in GitHub's own spelling.
    pub name: Option<RepositoryName>,
    /// The numbers.
    pub ids: Option<RepositoryIds>,
    /// The default branch.
    pub default_branch: Option<String>,
    /// What subjects begin with, as GitHub computes it itself.
    pub prefix: Option<Prefix>,
    /// The template in force.
    pub template: Option<Template>,
    /// The environments.
    pub environments: Option<Vec<String>>,
    /// What was asked and not told.
    pub untold: Vec<GithubApiError>,
}

/// Why GitHub does not tell something.
#[derive(Debug, Error)]
pub enum GithubApiError {
    /// The token is no good.
    #[error("GitHub at {at} does not accept the token (status 401)")]
    Unaccepted {
        /// The host that was asked.
        at: String,
    },
    /// The token is good, but not for this.
    #[error("GitHub does not tell {what} of {repository}: the token needs {permission} (status 403)")]
    Forbidden {
        /// What was asked.
        what: &'static str,
        /// Of which repository.
        repository: RepositoryName,
        /// What is missing.
        permission: &'static str,
    },
    /// Not there, or not to be seen.
    #[error(
        "GitHub does not know {what} of {repository}, or the token may not see it: that needs {permission} (status 404)"
    )]
    Unknown {
        /// What was asked.
        what: &'static str,
        /// Of which repository.
        repository: RepositoryName,
        /// What may be missing.
        permission: &'static str,
    },
    /// It has another name now.
    #[error("GitHub says that {repository} has moved: give its new name, which is what tokens carry")]
    Moved {
        /// The name that was asked for.
        repository: RepositoryName,
    },
    /// Asked too often.
    #[error("GitHub at {at} has no more answers for this token for now: its rate limit is spent")]
    Spent {
        /// The host that was asked.
        at: String,
    },
    /// No usable answer.
    #[error("GitHub at {at} does not tell {what} of {repository}: {tried}")]
    Unavailable {
        /// The host that was asked.
        at: String,
        /// What was asked.
        what: &'static str,
        /// Of which repository.
        repository: RepositoryName,
        /// What was tried.
        tried: Box<Tried<Unanswered>>,
    },
}
