//! AWS: STS signs a token for the role of the workload; Cognito does for an identity pool, where one is given.

use thiserror::Error;

use super::{Announcement, Ask, Detection};
use crate::{
    fetch::aws::{
        CognitoError, CredentialsError, DEFAULT_LIFETIME, Login, RegionLookupError, StsError, credentials,
        developer_token, region, web_identity_token,
    },
    host::Host,
    issuer::aws::{COGNITO_ISSUER, Pool, sts_issuer, sts_subject},
    secret::Assertion,
};

/// What the platform sets for a workload on AWS.
const VARIABLES: [&str; 4] = [
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_ACCESS_KEY_ID",
];

/// Settings of this source.
#[derive(Clone, Debug, Default)]
pub struct AwsSettings {
    /// The identity pool and the login there; without them STS is asked.
    pub cognito: Option<(Pool, Login)>,
    /// For how long the token is good, in seconds.
    pub lifetime: Option<u16>,
}

/// Why there is no token.
#[derive(Debug, Error)]
pub enum AwsError {
    /// No region.
    #[error(transparent)]
    Region(#[from] RegionLookupError),
    /// No credentials.
    #[error(transparent)]
    Credentials(#[from] CredentialsError),
    /// STS.
    #[error(transparent)]
    Sts(#[from] StsError),
    /// Cognito.
    #[error(transparent)]
    Cognito(#[from] CognitoError),
}

impl AwsError {
    /// True where a setting of this workload has to change.
    pub(super) const fn is_asked_wrongly(&self) -> bool {
        match self {
            Self::Region(_) => true,
            Self::Credentials(error) => match error {
                CredentialsError::Half { .. }
                | CredentialsError::TokenFile { .. }
                | CredentialsError::Nowhere => true,
                CredentialsError::WebIdentity { .. }
                | CredentialsError::Metadata(_)
                | CredentialsError::Malformed => false,
            },
            Self::Sts(_) | Self::Cognito(_) => false,
        }
    }
}

/// AWS credentials are there for AWS: that they should lead to Azure too, somebody has to say where another source is set up.
pub(super) fn detect(host: &Host) -> Detection {
    match VARIABLES.into_iter().find(|name| host.env.var(name).is_some()) {
        Some(name) => Detection::Possible(format!("{name} is set")),
        None => Detection::Absent(format!("none of {} is set", VARIABLES.join(", "))),
    }
}

/// The role is known where a web identity names it; of Cognito everything but the identity.
pub(super) fn announce(host: &Host, ask: &Ask<'_>) -> Announcement {
    match &ask.given.aws.cognito {
        Some((pool, _)) => Announcement {
            issuer: COGNITO_ISSUER.to_owned(),
            subject: format!("{}:{{identity}}", pool.region()),
            audience: pool.id().to_owned(),
        },
        None => {
            let role = host.env.var("AWS_WEB_IDENTITY_TOKEN_FILE").and_then(|_| host.env.var("AWS_ROLE_ARN"));
            Announcement {
                issuer: sts_issuer("{id of the account's issuer}"),
                subject: sts_subject(role.as_deref()),
                audience: ask.audience.to_string(),
            }
        }
    }
}

pub(super) async fn token(host: &Host, ask: &Ask<'_>) -> Result<Assertion, AwsError> {
    let settings = &ask.given.aws;
    let lifetime = settings.lifetime.unwrap_or(DEFAULT_LIFETIME);
    if let Some((pool, login)) = &settings.cognito {
        let key = credentials(host, pool.region(), ask.patience).await?;
        return Ok(developer_token(host, &key, pool, login, lifetime, ask.patience).await?);
    }
    let region = region(host, ask.patience).await?;
    let key = credentials(host, &region, ask.patience).await?;
    Ok(web_identity_token(host, &region, &key, (ask.audience, lifetime), ask.patience).await?)
}
