//! Workloads beside GitHub's job: a cluster, an account of Google Cloud, a pipeline, and what a machine's identity claims.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::state::State;
use crate::issuer::{aws::COGNITO_ISSUER, entra_tenant, google};

/// The workloads.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Workloads {
    /// A Kubernetes cluster.
    pub kubernetes: Cluster,
    /// A service account of Google Cloud.
    pub google: GoogleAccount,
    /// A job of Azure Pipelines.
    pub pipeline: Pipeline,
    /// The machine that carries the first managed identity.
    pub machine: Machine,
}

/// A cluster.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Cluster {
    /// The claim `iss`, with its slash. Tokens of this issuer are checked with the emulator's own key.
    pub issuer: String,
    /// The audience of a token for which none was asked.
    pub audience: String,
}

/// A service account.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct GoogleAccount {
    /// The claim `sub`.
    pub unique_id: String,
    /// Its address.
    pub email: String,
}

/// A job and its service connection.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Pipeline {
    /// The claim `iss`.
    pub issuer: String,
    /// The claim `sub`.
    pub subject: String,
    /// The id of the service connection.
    pub connection: String,
    /// The bearer that the request must carry.
    pub system_token: String,
}

/// A machine.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Machine {
    /// What App Service puts into `IDENTITY_HEADER`.
    pub identity_header: String,
    /// What Azure Arc writes into its challenge file.
    pub challenge: String,
    /// Claims that replace or join the identity's; null takes one away.
    pub claims: BTreeMap<String, Value>,
}

impl Default for Cluster {
    fn default() -> Self {
        Self {
            issuer: "https://oidc.cluster.example/7f3a/".into(),
            audience: "https://kubernetes.default.svc.cluster.local".into(),
        }
    }
}

impl Default for GoogleAccount {
    fn default() -> Self {
        Self { unique_id: "104029292853099978293".into(), email: "api@octo.iam.gserviceaccount.com".into() }
    }
}

impl Default for Pipeline {
    fn default() -> Self {
        Self {
            issuer: format!("https://login.microsoftonline.com/{}/v2.0", super::state::TENANT),
            // The tenant of the standard state, Azure DevOps, an organization and the connection below.
            subject: "/eid1/c/pub/t/EREREREREUGBEREREREREQ/a/rISbSSETf0KqFyZ8ppdXmA/sc/16b3c013-d300-468d-ac64-7eda0820b6d3/5b404cf4-a79d-4cfe-b866-24bf8e1a4921".into(),
            connection: "5b404cf4-a79d-4cfe-b866-24bf8e1a4921".into(),
            system_token: "emulated-system-token".into(),
        }
    }
}

impl Default for Machine {
    fn default() -> Self {
        Self {
            identity_header: "emulated-identity-header".into(),
            challenge: "emulated-challenge".into(),
            claims: BTreeMap::new(),
        }
    }
}

impl State {
    /// True for an issuer whose tokens the emulator's own key signs.
    #[must_use]
    pub(super) fn signs_as(&self, issuer: &str) -> bool {
        let workloads = &self.workloads;
        let own = [
            &self.github.issuer,
            &self.amazon.issuer,
            &self.spiffe.issuer,
            &workloads.kubernetes.issuer,
            &workloads.pipeline.issuer,
        ];
        own.into_iter().any(|own| own == issuer)
            || [google::ISSUER, COGNITO_ISSUER].contains(&issuer)
            || entra_tenant(issuer).is_some_and(|tenant| self.tenant(tenant).is_some())
    }
}
