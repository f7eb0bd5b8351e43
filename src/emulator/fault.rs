//! What goes wrong on request: at which door, how, and how many times.

use serde::{Deserialize, Serialize};

/// The doors of the emulator, for faults and for the record of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Door {
    /// Where a job asks GitHub for its token.
    GithubToken,
    /// Discovery and keys of GitHub's issuer.
    GithubIssuer,
    /// GitHub's REST API.
    GithubApi,
    /// The token endpoint of Entra.
    EntraToken,
    /// Discovery, instance discovery and keys of Entra.
    EntraMetadata,
    /// Microsoft Graph.
    Graph,
    /// Azure Resource Manager.
    Arm,
    /// A cluster that issues service account tokens.
    Kubernetes,
    /// The metadata server of Google Cloud.
    Google,
    /// Where a job of Azure Pipelines asks for its token.
    AzurePipelines,
    /// Where a machine asks for the token of its managed identity.
    Machine,
    /// STS of AWS, and the documents of the account's issuer.
    AwsSts,
    /// Cognito of AWS.
    AwsCognito,
    /// Where a workload on AWS asks who it is: the instance's metadata, the container's endpoint.
    AwsMetadata,
    /// The documents of the SPIRE server's issuer.
    SpiffeIssuer,
    /// The emulator's own control door; faults never touch it.
    Control,
}

impl Door {
    /// The door behind a path.
    #[must_use]
    pub fn of(path: &str) -> Self {
        let first = path.trim_start_matches('/').split(['/', '(']).next().unwrap_or("");
        match first {
            "_emulator" => Self::Control,
            "aws" if path.starts_with("/aws/cognito") => Self::AwsCognito,
            "aws" if path.starts_with("/aws/container") => Self::AwsMetadata,
            "aws" => Self::AwsSts,
            "latest" => Self::AwsMetadata,
            "spiffe" => Self::SpiffeIssuer,
            "github" if path.starts_with("/github/oidc/token") => Self::GithubToken,
            "github" if path.starts_with("/github/oidc") => Self::GithubIssuer,
            "github" => Self::GithubApi,
            "kubernetes" => Self::Kubernetes,
            "computeMetadata" => Self::Google,
            "azure-pipelines" => Self::AzurePipelines,
            "msi" | "arc" => Self::Machine,
            "metadata" if path.starts_with("/metadata/identity") => Self::Machine,
            "v1.0" | "beta" => Self::Graph,
            "subscriptions" | "tenants" | "metadata" => Self::Arm,
            _ if path.ends_with("/token") => Self::EntraToken,
            _ => Self::EntraMetadata,
        }
    }
}

/// One thing that goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Fault {
    /// Where.
    pub at: Door,
    /// How many times; without a number, always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// How.
    #[serde(flatten)]
    pub how: How,
}

/// How a request goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum How {
    /// This status with this body instead of the answer.
    Status {
        /// The HTTP status.
        status: u16,
        /// The value of `Retry-After`, in seconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<u64>,
        /// The body, sent as JSON when it begins with `{`.
        #[serde(default)]
        body: String,
    },
    /// The true answer, this much later.
    Delay {
        /// Milliseconds.
        milliseconds: u64,
    },
    /// No answer; the connection stays open.
    Never,
    /// The connection is closed without an answer.
    Cut,
    /// The connection is reset without an answer: TCP RST, as when a machine in between falls over.
    Reset,
    /// The true answer, cut off in the middle of its body, after which the connection closes.
    Truncate,
    /// The first half of the true answer under status 200, as if it were whole.
    Half,
    /// A web page with status 200, as a captive portal answers.
    Html,
    /// Status 200 and nothing else.
    Empty,
}

impl Fault {
    /// `how` at `at`, always.
    #[must_use]
    pub const fn new(at: Door, how: How) -> Self {
        Self { at, times: None, how }
    }

    /// A bare status.
    #[must_use]
    pub const fn status(at: Door, status: u16) -> Self {
        Self::new(at, How::Status { status, retry_after: None, body: String::new() })
    }

    /// Status 429 with `Retry-After` in seconds.
    #[must_use]
    pub const fn too_many(at: Door, retry_after: u64) -> Self {
        Self::new(at, How::Status { status: 429, retry_after: Some(retry_after), body: String::new() })
    }

    /// The same, only the next `times` times.
    #[must_use]
    pub const fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }
}

/// Takes the next fault at `door` out of `faults`, counting it down.
pub(super) fn next(faults: &mut [Fault], door: Door) -> Option<How> {
    if door == Door::Control {
        return None;
    }
    let fault = faults.iter_mut().find(|fault| fault.at == door && fault.times != Some(0))?;
    if let Some(left) = &mut fault.times {
        *left -= 1;
    }
    Some(fault.how.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_with_a_number_ends_and_the_next_one_takes_its_turn() {
        let mut faults = vec![
            Fault::status(Door::EntraToken, 503).times(1),
            Fault::too_many(Door::EntraToken, 2).times(1),
        ];
        let status = |how: Option<How>| match how {
            Some(How::Status { status, .. }) => Some(status),
            _ => None,
        };
        assert_eq!(status(next(&mut faults, Door::GithubToken)), None);
        assert_eq!(status(next(&mut faults, Door::EntraToken)), Some(503));
        assert_eq!(status(next(&mut faults, Door::EntraToken)), Some(429));
        assert_eq!(next(&mut faults, Door::EntraToken), None);
    }

    #[test]
    fn every_path_lies_behind_one_door() {
        for (path, door) in [
            ("/github/oidc/token", Door::GithubToken),
            ("/github/oidc/.well-known/jwks", Door::GithubIssuer),
            ("/github/api/repos/o/r", Door::GithubApi),
            ("/t/oauth2/v2.0/token", Door::EntraToken),
            ("/t/oauth2/token", Door::EntraToken),
            ("/common/discovery/instance", Door::EntraMetadata),
            ("/t/v2.0/.well-known/openid-configuration", Door::EntraMetadata),
            ("/beta/applications(appId='x')/federatedIdentityCredentials", Door::Graph),
            ("/subscriptions", Door::Arm),
            ("/metadata/endpoints", Door::Arm),
            ("/metadata/identity/oauth2/token", Door::Machine),
            ("/azure-pipelines/octo/oidctoken", Door::AzurePipelines),
            ("/computeMetadata/v1/instance/service-accounts/default/identity", Door::Google),
            ("/aws/sts", Door::AwsSts),
            ("/aws/cognito", Door::AwsCognito),
            ("/_emulator/state", Door::Control),
        ] {
            assert_eq!(Door::of(path), door, "{path}");
        }
    }
}
