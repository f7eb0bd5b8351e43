//! What the emulated world holds: tenants, identities and their credentials, one GitHub job, faults.

use serde::{Deserialize, Serialize};

use super::{
    amazon::Amazon, fault::Fault, job::GitHub, registered::RegisteredCertificate, workload::Workloads,
    workload_api::Spiffe,
};

/// The emulated world. [`State::default`] is a small one in which the job signs in.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct State {
    /// Tenants that exist. The first one owns what names no tenant.
    pub tenants: Vec<Tenant>,
    /// Subscriptions that a signed-in identity sees.
    pub subscriptions: Vec<String>,
    /// Application registrations.
    pub applications: Vec<Application>,
    /// User-assigned managed identities.
    pub identities: Vec<ManagedIdentity>,
    /// Resources (scopes without `/.default`) that a token can be asked for; empty means every one.
    pub resources: Vec<String>,
    /// What GitHub says: the running job, repositories.
    pub github: GitHub,
    /// Workloads that are no job of GitHub.
    pub workloads: Workloads,
    /// How many entries a page of a Graph or ARM list holds.
    pub page_size: usize,
    /// What a signed-in identity may do in Graph.
    pub graph: Access,
    /// What a signed-in identity may do in ARM.
    pub arm: Access,
    /// How long a write under a managed identity takes; another write under it meanwhile is refused.
    pub arm_write_milliseconds: u64,
    /// The AWS account.
    pub amazon: Amazon,
    /// The agent of SPIFFE.
    pub spiffe: Spiffe,
    /// What goes wrong, in the order in which it is looked for.
    pub faults: Vec<Fault>,
}

/// A directory.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Tenant {
    /// Its GUID.
    pub id: String,
    /// Its domains.
    #[serde(default)]
    pub domains: Vec<String>,
}

/// An application registration.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Application {
    /// The tenant's GUID; empty means the first tenant.
    #[serde(default)]
    pub tenant: String,
    /// The application (client) id.
    pub client_id: String,
    /// The object id, by which Graph names it.
    pub object_id: String,
    /// The display name.
    pub name: String,
    /// False when the application has no service principal (AADSTS7000229).
    #[serde(default = "yes")]
    pub service_principal: bool,
    /// Certificates, in PEM, whose keys may sign assertions for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub certificates: Vec<RegisteredCertificate>,
    /// Its federated identity credentials.
    #[serde(default)]
    pub credentials: Vec<StoredCredential>,
}

/// A user-assigned managed identity.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ManagedIdentity {
    /// The tenant's GUID; empty means the first tenant.
    #[serde(default)]
    pub tenant: String,
    /// Its subscription.
    pub subscription: String,
    /// Its resource group.
    pub resource_group: String,
    /// Its name.
    pub name: String,
    /// The client id.
    pub client_id: String,
    /// The object id of its service principal.
    pub principal_id: String,
    /// Its region.
    #[serde(default = "west_europe")]
    pub location: String,
    /// Its federated identity credentials.
    #[serde(default)]
    pub credentials: Vec<StoredCredential>,
}

/// A federated identity credential as a directory keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct StoredCredential {
    /// The object id; empty means that the name serves as one.
    #[serde(default)]
    pub id: String,
    /// The name.
    pub name: String,
    /// The issuer.
    pub issuer: String,
    /// The exact subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The flexible expression, in place of a subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expression: Option<String>,
    /// The audiences.
    #[serde(default = "public_audience")]
    pub audiences: Vec<String>,
    /// The description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl StoredCredential {
    /// A credential for an exact subject, for GitHub's issuer and the public cloud's audience.
    #[must_use]
    pub fn github(name: &str, subject: &str) -> Self {
        Self {
            name: name.to_owned(),
            issuer: super::job::GITHUB_ISSUER.to_owned(),
            subject: Some(subject.to_owned()),
            audiences: public_audience(),
            ..Self::default()
        }
    }

    /// The id, or the name where none is set.
    #[must_use]
    pub fn key(&self) -> &str {
        if self.id.is_empty() { &self.name } else { &self.id }
    }

    /// True when `key` is its id or its name.
    #[must_use]
    pub fn is(&self, key: &str) -> bool {
        self.name == key || self.key() == key
    }
}

/// What the signed-in identity may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// Nothing.
    None,
    /// Read.
    Read,
    /// Read and write.
    #[default]
    Write,
}

/// The tenant of [`State::default`].
pub const TENANT: &str = "11111111-1111-4111-8111-111111111111";
/// The subscription of [`State::default`].
pub const SUBSCRIPTION: &str = "22222222-2222-4222-8222-222222222222";
/// The client id of the application of [`State::default`].
pub const CLIENT: &str = "33333333-3333-4333-8333-333333333333";
/// The client id of the managed identity of [`State::default`].
pub const IDENTITY_CLIENT: &str = "66666666-6666-4666-8666-666666666666";

impl Default for State {
    fn default() -> Self {
        Self {
            tenants: vec![Tenant { id: TENANT.into(), domains: vec!["contoso.onmicrosoft.com".into()] }],
            subscriptions: vec![SUBSCRIPTION.into()],
            applications: vec![Application {
                tenant: String::new(),
                client_id: CLIENT.into(),
                object_id: "44444444-4444-4444-8444-444444444444".into(),
                name: "octo-app".into(),
                service_principal: true,
                certificates: Vec::new(),
                credentials: vec![StoredCredential::github("main", "repo:octo/app:ref:refs/heads/main")],
            }],
            identities: vec![ManagedIdentity {
                tenant: String::new(),
                subscription: SUBSCRIPTION.into(),
                resource_group: "deploy".into(),
                name: "octo-identity".into(),
                client_id: IDENTITY_CLIENT.into(),
                principal_id: "77777777-7777-4777-8777-777777777777".into(),
                location: west_europe(),
                credentials: vec![StoredCredential::github(
                    "production",
                    "repo:octo/app:environment:production",
                )],
            }],
            resources: Vec::new(),
            github: GitHub::default(),
            workloads: Workloads::default(),
            page_size: 100,
            graph: Access::Write,
            arm: Access::Write,
            arm_write_milliseconds: 0,
            amazon: Amazon::default(),
            spiffe: Spiffe::default(),
            faults: Vec::new(),
        }
    }
}

impl State {
    /// The tenant of that GUID or domain.
    #[must_use]
    pub fn tenant(&self, name: &str) -> Option<&Tenant> {
        self.tenants.iter().find(|tenant| {
            tenant.id.eq_ignore_ascii_case(name)
                || tenant.domains.iter().any(|domain| domain.eq_ignore_ascii_case(name))
        })
    }

    /// True when something that names `named` as its tenant lives in `tenant`.
    #[must_use]
    pub fn lives_in(&self, named: &str, tenant: &Tenant) -> bool {
        if named.is_empty() {
            self.tenants.first().is_some_and(|first| first.id == tenant.id)
        } else {
            named.eq_ignore_ascii_case(&tenant.id)
        }
    }

    /// The credentials of the application or managed identity with that client id.
    pub fn credentials_mut(&mut self, client_id: &str) -> Option<&mut Vec<StoredCredential>> {
        let applications = self.applications.iter_mut().map(|one| (&one.client_id, &mut one.credentials));
        let identities = self.identities.iter_mut().map(|one| (&one.client_id, &mut one.credentials));
        applications
            .chain(identities)
            .find(|(id, _)| id.eq_ignore_ascii_case(client_id))
            .map(|(_, credentials)| credentials)
    }
}

const fn yes() -> bool {
    true
}

fn west_europe() -> String {
    "westeurope".into()
}

fn public_audience() -> Vec<String> {
    vec!["api://AzureADTokenExchange".into()]
}
