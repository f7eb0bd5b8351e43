//! Where a token can come from: one row and one file for each source, and one way to ask any of them.
//!
//! To add one: a file with `detect`, `announce` and the asking, a variant of [`Id`] and of [`SourceError`], a row of
//! [`SOURCES`], an arm of [`obtain`], and its page in `docs/sources/`.

mod asking;
mod aws;
mod azure_pipelines;
mod choice;
mod failed;
mod github;
mod google;
mod kubernetes;
mod managed_identity;
mod obtained;
#[cfg(feature = "own-key")]
mod own_key;
mod spiffe;
mod token;

pub use asking::NoToken;
pub use aws::{AwsError, AwsSettings};
pub use azure_pipelines::AzurePipelinesError;
pub use choice::{ChoiceError, Found, choose, survey};
pub use failed::SourceError;
pub use github::{GithubError, github_request_token, github_token};
pub use google::GoogleError;
pub use kubernetes::KubernetesError;
pub use managed_identity::ManagedIdentityError;
pub use obtained::Obtained;
#[cfg(feature = "own-key")]
pub use own_key::{OwnKey, OwnKeyError, OwnKeyPlaces, OwnKeySourceError, SignedWith};
pub use spiffe::SpiffeError;
pub use token::{TokenError, TokenPlace};

use crate::{
    entra::{Endpoints, Patience},
    host::Host,
    id::{Audience, ClientId, TenantId},
    issuer::spiffe::SpiffeId,
};

/// Which source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Id {
    /// A GitHub Actions job.
    Github,
    /// A job of Azure Pipelines.
    AzurePipelines,
    /// A role of AWS, or an identity of Cognito.
    Aws,
    /// A file that Kubernetes keeps up to date.
    Kubernetes,
    /// The Workload API of SPIFFE, or a helper's file.
    Spiffe,
    /// A certificate of the application's own.
    #[cfg(feature = "own-key")]
    OwnKey,
    /// The metadata server of Google Cloud.
    Google,
    /// The managed identity of a machine of Azure.
    ManagedIdentity,
    /// A token that somebody else obtained.
    Token,
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Source {
    /// Which.
    pub id: Id,
    /// The word for `--source`, and the name of the page in `docs/sources/`.
    pub name: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// Whether asking it needs the network.
    pub network: bool,
    /// Looks whether it is here, without asking anybody.
    pub detect: fn(&Host) -> Detection,
    /// Says what it will present, without asking anybody.
    pub announce: fn(&Host, &Ask<'_>) -> Announcement,
}

/// Every source, in the order in which `auto` looks: those that a platform announces by a variable before those that only
/// the machine hints at, and a token given by hand last.
pub static SOURCES: &[Source] = &[
    Source {
        id: Id::Github,
        name: "github",
        title: "GitHub Actions",
        network: true,
        detect: github::detect,
        announce: github::announce,
    },
    Source {
        id: Id::AzurePipelines,
        name: "azure-pipelines",
        title: "Azure Pipelines",
        network: true,
        detect: azure_pipelines::detect,
        announce: azure_pipelines::announce,
    },
    // Before Kubernetes: a pod of EKS is told of its role, and every pod knows that it is one.
    Source {
        id: Id::Aws,
        name: "aws",
        title: "AWS",
        network: true,
        detect: aws::detect,
        announce: aws::announce,
    },
    Source {
        id: Id::Kubernetes,
        name: "kubernetes",
        title: "a Kubernetes service account",
        network: false,
        detect: kubernetes::detect,
        announce: kubernetes::announce,
    },
    Source {
        id: Id::Spiffe,
        name: "spiffe",
        title: "the SPIFFE Workload API",
        network: false,
        detect: spiffe::detect,
        announce: spiffe::announce,
    },
    #[cfg(feature = "own-key")]
    Source {
        id: Id::OwnKey,
        name: "own-key",
        title: "a certificate of the application's own",
        network: false,
        detect: own_key::detect,
        announce: own_key::announce,
    },
    Source {
        id: Id::Google,
        name: "google",
        title: "Google Cloud",
        network: true,
        detect: google::detect,
        announce: google::announce,
    },
    Source {
        id: Id::ManagedIdentity,
        name: "managed-identity",
        title: "a managed identity of Azure",
        network: true,
        detect: managed_identity::detect,
        announce: managed_identity::announce,
    },
    Source {
        id: Id::Token,
        name: "token",
        title: "a token obtained elsewhere",
        network: false,
        detect: token::detect,
        announce: token::announce,
    },
];

impl Source {
    /// The row of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        SOURCES.iter().find(|source| source.name == name)
    }

    /// The row of that id.
    #[must_use]
    pub fn of(id: Id) -> Option<&'static Self> {
        SOURCES.iter().find(|source| source.id == id)
    }

    /// Its page.
    #[must_use]
    pub fn page(&self) -> String {
        format!("{}/blob/main/docs/sources/{}.md", env!("CARGO_PKG_REPOSITORY"), self.name)
    }
}

/// Whether a source is here, and what says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Detection {
    /// No, because of this.
    Absent(String),
    /// The machine could be asked, but nobody has said that this workload should: taken when nothing is `Present`.
    Possible(String),
    /// Somebody has set this workload up for it.
    Present(String),
}

/// What a source will present. What is not known yet is named in braces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announcement {
    /// The form of `iss`.
    pub issuer: String,
    /// The form of `sub`.
    pub subject: String,
    /// `aud`.
    pub audience: String,
}

/// Settings that single sources need; flags and inputs fill them.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// For `token`: where it is. For `spiffe`: the helper's file.
    pub token: Option<TokenPlace>,
    /// For `own-key`: where the certificate is.
    #[cfg(feature = "own-key")]
    pub own_key: OwnKeyPlaces,
    /// For `azure-pipelines`: the id of the service connection.
    pub service_connection: Option<String>,
    /// For `managed-identity`: the client id of the identity, where the machine has several.
    pub managed_identity: Option<String>,
    /// For `aws`.
    pub aws: AwsSettings,
    /// For `spiffe`: which of the workload's identities.
    pub spiffe_id: Option<SpiffeId>,
}

/// To whom the token will be presented; known while signing in.
#[derive(Clone, Copy, Debug)]
pub struct SigningIn<'a> {
    /// The cloud.
    pub endpoints: &'a Endpoints,
    /// The tenant that is signed in to.
    pub tenant: &'a TenantId,
    /// Who signs in.
    pub client: &'a ClientId,
}

/// What a source is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// The audience of the token.
    pub audience: &'a Audience,
    /// How long to keep asking.
    pub patience: Patience,
    /// To whom it will be presented, where that is known.
    pub signing_in: Option<SigningIn<'a>>,
    /// Settings of single sources.
    pub given: &'a Given,
}

/// Asks `source` for a token.
///
/// # Errors
/// Why it gave none, in its own words.
pub async fn obtain(source: &Source, host: &Host, ask: &Ask<'_>) -> Result<Obtained, SourceError> {
    let assertion = match source.id {
        Id::Github => github_token(host, ask.audience, ask.patience).await?,
        Id::AzurePipelines => azure_pipelines::token(host, ask).await?,
        Id::Google => google::token(host, ask).await?,
        Id::ManagedIdentity => managed_identity::token(host, ask).await?,
        Id::Aws => aws::token(host, ask).await?,
        Id::Kubernetes => kubernetes::token(host, ask)?,
        #[cfg(feature = "own-key")]
        Id::OwnKey => return Ok(own_key::token(host, ask)?),
        Id::Spiffe => spiffe::token(host, ask).await?,
        Id::Token => token::token(host, ask)?,
    };
    Ok(assertion.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_has_a_name_of_its_own_and_a_page() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/sources");
        for (at, source) in SOURCES.iter().enumerate() {
            assert!(
                SOURCES.iter().skip(at + 1).all(|other| other.name != source.name && other.id != source.id)
            );
            assert!(root.join(format!("{}.md", source.name)).exists(), "{} has no page", source.name);
        }
        let index = std::fs::read_to_string(root.join("README.md")).unwrap();
        let rows = index.lines().filter_map(|line| line.strip_prefix("| [`")?.split('`').next());
        let named: Vec<&str> = SOURCES.iter().map(|source| source.name).collect();
        assert_eq!(
            rows.collect::<Vec<_>>(),
            named,
            "docs/sources/README.md lists them in the order of the table"
        );
    }
}
