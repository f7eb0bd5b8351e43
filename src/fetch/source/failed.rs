//! Why a source gave no token, and whose fault it is.

use thiserror::Error;

#[cfg(feature = "own-key")]
use super::OwnKeySourceError;
use super::{
    AwsError, AzurePipelinesError, GithubError, GoogleError, KubernetesError, ManagedIdentityError,
    SpiffeError, TokenError,
};

/// Why a source gave no token.
#[derive(Debug, Error)]
pub enum SourceError {
    /// GitHub.
    #[error(transparent)]
    Github(#[from] GithubError),
    /// Azure Pipelines.
    #[error(transparent)]
    AzurePipelines(#[from] AzurePipelinesError),
    /// Google Cloud.
    #[error(transparent)]
    Google(#[from] GoogleError),
    /// A managed identity.
    #[error(transparent)]
    ManagedIdentity(#[from] ManagedIdentityError),
    /// AWS.
    #[error(transparent)]
    Aws(#[from] AwsError),
    /// Kubernetes.
    #[error(transparent)]
    Kubernetes(#[from] KubernetesError),
    /// SPIFFE.
    #[error(transparent)]
    Spiffe(#[from] SpiffeError),
    /// A certificate of one's own.
    #[cfg(feature = "own-key")]
    #[error(transparent)]
    OwnKey(#[from] OwnKeySourceError),
    /// A token from elsewhere.
    #[error(transparent)]
    Token(#[from] TokenError),
}

impl SourceError {
    /// True where something here has to change; false where the other side refused or did not answer.
    #[must_use]
    pub const fn is_asked_wrongly(&self) -> bool {
        match self {
            Self::Github(error) => error.is_asked_wrongly(),
            Self::AzurePipelines(error) => error.is_asked_wrongly(),
            Self::Google(error) => error.is_asked_wrongly(),
            Self::ManagedIdentity(error) => error.is_asked_wrongly(),
            Self::Aws(error) => error.is_asked_wrongly(),
            Self::Spiffe(error) => error.is_asked_wrongly(),
            Self::Kubernetes(_) | Self::Token(_) => true,
            #[cfg(feature = "own-key")]
            Self::OwnKey(_) => true,
        }
    }
}
