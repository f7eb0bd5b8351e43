//! GitHub's side of the world: the running job, and what the API says about repositories.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The issuer of github.com's tokens.
///
/// Source: <https://docs.github.com/actions/reference/security/oidc>.
pub const GITHUB_ISSUER: &str = "https://token.actions.githubusercontent.com";

/// What GitHub says.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct GitHub {
    /// The claim `iss`. Tokens of this issuer are checked with the emulator's own key, whatever host it names.
    pub issuer: String,
    /// The bearer that the token request must carry.
    pub request_token: String,
    /// Seconds from `iat` to `exp`. Source: 300 in the sample of GitHub's OIDC reference.
    pub lifetime: i64,
    /// Seconds by which `iat` lies before now; negative for the future.
    pub age: i64,
    /// The running job.
    pub job: Job,
    /// Keys of the repository's own subject template.
    pub template: Vec<String>,
    /// Whether a repository without such keys has the default subject, else its organization's template.
    pub use_default: bool,
    /// Keys of the organization's subject template; empty where it has none.
    pub organization_template: Vec<String>,
    /// True when the repository presents `owner@id/repository@id`.
    pub immutable: bool,
    /// The default branch.
    pub default_branch: String,
    /// The names of environments as GitHub stores them.
    pub environments: Vec<String>,
}

/// The running job: what decides its claims.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Job {
    /// `owner/name` in GitHub's own spelling.
    pub repository: String,
    /// The number of the repository.
    pub repository_id: u64,
    /// The number of the owner.
    pub owner_id: u64,
    /// `public`, `private` or `internal`.
    pub visibility: String,
    /// The full ref.
    pub r#ref: String,
    /// The commit.
    pub sha: String,
    /// The event.
    pub event: String,
    /// The environment as typed in the workflow.
    pub environment: Option<String>,
    /// The name of the workflow.
    pub workflow: String,
    /// The path of the workflow file.
    pub workflow_file: String,
    /// The called workflow as `owner/name/path@ref`, where the job lies in one.
    pub job_workflow_ref: Option<String>,
    /// Who started it.
    pub actor: String,
    /// The number of who started it.
    pub actor_id: u64,
    /// The number of the run.
    pub run_id: u64,
    /// The enterprise, where there is one.
    pub enterprise: Option<String>,
    /// Claims that replace or join the computed ones; null takes a claim away.
    pub claims: BTreeMap<String, serde_json::Value>,
}

impl Default for GitHub {
    fn default() -> Self {
        Self {
            issuer: GITHUB_ISSUER.into(),
            request_token: "emulated-request-token".into(),
            lifetime: 300,
            age: 0,
            job: Job::default(),
            template: Vec::new(),
            use_default: true,
            organization_template: Vec::new(),
            immutable: false,
            default_branch: "main".into(),
            environments: vec!["production".into()],
        }
    }
}

impl Default for Job {
    fn default() -> Self {
        Self {
            repository: "octo/app".into(),
            repository_id: 456_789,
            owner_id: 123_456,
            visibility: "private".into(),
            r#ref: "refs/heads/main".into(),
            sha: "0123456789abcdef0123456789abcdef01234567".into(),
            event: "push".into(),
            environment: None,
            workflow: "deploy".into(),
            workflow_file: ".github/workflows/deploy.yml".into(),
            job_workflow_ref: None,
            actor: "octocat".into(),
            actor_id: 583_231,
            run_id: 1_000_001,
            enterprise: None,
            claims: BTreeMap::new(),
        }
    }
}

impl Job {
    /// The owner's name.
    #[must_use]
    pub fn owner(&self) -> &str {
        self.repository.split_once('/').map_or(self.repository.as_str(), |(owner, _)| owner)
    }

    /// The repository's name without its owner.
    #[must_use]
    pub fn name(&self) -> &str {
        self.repository.split_once('/').map_or("", |(_, name)| name)
    }

    /// The workflow as `owner/name/path@ref`.
    #[must_use]
    pub fn workflow_ref(&self) -> String {
        format!("{}/{}@{}", self.repository, self.workflow_file, self.r#ref)
    }
}
