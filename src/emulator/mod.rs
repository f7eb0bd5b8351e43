//! A loopback stand-in for GitHub's OIDC issuer and API, Entra, Microsoft Graph and Azure Resource Manager.
//!
//! Real clients sign in against it; the judge that explains refusals also makes them here. It proves nothing about the live services.

mod amazon;
mod amazon_metadata;
mod amazon_signature;
mod arm;
mod assertion;
mod azure_pipelines;
mod bearer;
mod certificate;
mod claims;
mod control;
mod discovery;
mod entra;
mod environment;
mod exchange;
mod fault;
mod foreign;
mod github_api;
mod github_oidc;
mod google;
mod graph;
mod job;
mod judgement;
mod key;
mod kubernetes;
mod listener;
mod machine;
mod managed_identity;
mod own_certificate;
mod page;
mod read;
mod record;
mod refused;
mod registered;
mod running;
mod service;
mod state;
mod store;
mod stream;
mod subject;
mod workload;
mod workload_api;
mod world;

pub use amazon::Amazon;
pub use certificate::CertificateError;
pub use fault::{Door, Fault, How};
pub use job::{GITHUB_ISSUER, GitHub, Job};
pub use read::{StateError, state as read_state};
pub use record::Recorded;
pub use registered::{NotPem, RegisteredCertificate};
pub use running::{Emulator, Options, StartError};
pub use state::{
    Access, Application, CLIENT, IDENTITY_CLIENT, ManagedIdentity, SUBSCRIPTION, State, StoredCredential,
    TENANT, Tenant,
};
pub use store::Rejected;
pub use workload::{Cluster, GoogleAccount, Machine, Pipeline, Workloads};
pub use workload_api::Spiffe;
