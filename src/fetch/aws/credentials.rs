//! Who a workload on AWS is: the credentials that the platform gave it, looked for in the order of the SDKs.
//!
//! Source: <https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html>. Files of profiles are left out: they
//! belong to people, not to workloads.

use std::path::{Path, PathBuf};

use thiserror::Error;

use super::{
    call::ServiceError,
    metadata::{self, Machine, MetadataError},
    sts,
};
use crate::{
    entra::Patience,
    host::Host,
    issuer::{
        TOKEN_LIMIT,
        aws::{Region, RegionError},
    },
    secret::{Assertion, SecretKey, SessionToken},
};

/// An access key.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// Its id, which is no secret.
    pub access_key: String,
    /// Its secret half.
    pub secret_key: SecretKey,
    /// Present for temporary credentials.
    pub session_token: Option<SessionToken>,
    /// Where they come from.
    pub origin: Origin,
}

/// Where credentials come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// `AWS_ACCESS_KEY_ID` and its companions.
    Variables,
    /// A role, assumed with a token of Kubernetes or another issuer.
    WebIdentity,
    /// The endpoint of ECS, of EKS Pod Identity, of Greengrass.
    Container,
    /// The instance's own role.
    Machine,
}

/// Why there are no credentials.
#[derive(Debug, Error)]
pub enum CredentialsError {
    /// Half a key.
    #[error("{present} is set, but {missing} is not")]
    Half {
        /// What is there.
        present: &'static str,
        /// What is not.
        missing: &'static str,
    },
    /// The token to assume the role with.
    #[error("cannot read {} (AWS_WEB_IDENTITY_TOKEN_FILE): {why}", .path.display())]
    TokenFile {
        /// The file.
        path: PathBuf,
        /// What the system says.
        why: std::io::Error,
    },
    /// STS did not let the role be assumed.
    #[error(
        "the role {role} cannot be assumed with AWS_WEB_IDENTITY_TOKEN_FILE: {why}; look at the role's trust policy: its provider, `aud` and `sub`"
    )]
    WebIdentity {
        /// The role.
        role: String,
        /// What STS says.
        why: ServiceError,
    },
    /// The metadata of the container or the machine.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    /// An answer of STS without them.
    #[error("STS answered, but without credentials")]
    Malformed,
    /// Nothing is set and the machine may not be asked.
    #[error(
        "no AWS credentials are here: neither AWS_ACCESS_KEY_ID, AWS_WEB_IDENTITY_TOKEN_FILE nor AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is set, and AWS_EC2_METADATA_DISABLED is true"
    )]
    Nowhere,
}

/// Why no region is known.
#[derive(Debug, Error)]
pub enum RegionLookupError {
    /// A variable holds no region.
    #[error(transparent)]
    Region(#[from] RegionError),
    /// Nobody knows it.
    #[error("set AWS_REGION: only regional endpoints of STS sign tokens, and this machine does not say where it is{}", .0.as_ref().map(|why| format!(" ({why})")).unwrap_or_default())]
    Unknown(Option<MetadataError>),
}

/// The region of the variables, else the machine's own.
///
/// # Errors
/// When a variable holds none, or nobody knows one.
pub async fn region(host: &Host, patience: Patience) -> Result<Region, RegionLookupError> {
    let set = ["AWS_REGION", "AWS_DEFAULT_REGION"].into_iter().find_map(|name| host.env.var(name));
    if let Some(text) = set {
        return Ok(Region::parse(&text)?);
    }
    if is_elsewhere(host) {
        return Err(RegionLookupError::Unknown(None));
    }
    let unknown = |why| RegionLookupError::Unknown(Some(why));
    let machine = Machine::open(host, patience).await.map_err(unknown)?;
    machine.region().await.map_err(unknown)
}

/// True where variables give credentials, so that the machine has no say.
fn is_elsewhere(host: &Host) -> bool {
    let names = [
        "AWS_ACCESS_KEY_ID",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    ];
    metadata::is_disabled(host) || names.iter().any(|name| host.env.var(name).is_some())
}

/// The first credentials: variables, web identity, container, machine.
///
/// # Errors
/// When the first place that is set up gives none; later places are then not looked at.
pub async fn credentials(
    host: &Host,
    region: &Region,
    patience: Patience,
) -> Result<Credentials, CredentialsError> {
    if let Some(found) = variables(host)? {
        return Ok(found);
    }
    if let Some(path) = host.env.var("AWS_WEB_IDENTITY_TOKEN_FILE") {
        return web_identity(host, region, &path, patience).await;
    }
    if let Some(found) = metadata::container(host, patience).await? {
        return Ok(found);
    }
    if metadata::is_disabled(host) {
        return Err(CredentialsError::Nowhere);
    }
    Ok(Machine::open(host, patience).await?.credentials().await?)
}

fn variables(host: &Host) -> Result<Option<Credentials>, CredentialsError> {
    let (id, secret) = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
    match (host.env.var(id), host.env.var(secret)) {
        (None, None) => Ok(None),
        (Some(_), None) => Err(CredentialsError::Half { present: id, missing: secret }),
        (None, Some(_)) => Err(CredentialsError::Half { present: secret, missing: id }),
        (Some(access_key), Some(secret)) => Ok(Some(Credentials {
            access_key,
            secret_key: SecretKey::new(secret),
            session_token: host.env.var("AWS_SESSION_TOKEN").map(SessionToken::new),
            origin: Origin::Variables,
        })),
    }
}

async fn web_identity(
    host: &Host,
    region: &Region,
    path: &str,
    patience: Patience,
) -> Result<Credentials, CredentialsError> {
    let missing = "AWS_ROLE_ARN";
    let half = CredentialsError::Half { present: "AWS_WEB_IDENTITY_TOKEN_FILE", missing };
    let role = host.env.var(missing).ok_or(half)?;
    let unreadable = |why| CredentialsError::TokenFile { path: PathBuf::from(path), why };
    let bytes = host.files.read(Path::new(path), TOKEN_LIMIT as u64).map_err(unreadable)?;
    let token = Assertion::new(String::from_utf8_lossy(&bytes).trim_end().to_owned());
    let session = host.env.var("AWS_ROLE_SESSION_NAME").unwrap_or_else(|| "fedcred".to_owned());
    let asked = sts::assume_role(host, region, (&role, &session), &token, patience).await;
    asked.map_err(|why| CredentialsError::WebIdentity { role, why })?.ok_or(CredentialsError::Malformed)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::host::{Env, block_on};

    fn found<const N: usize>(set: [(&str, &str); N]) -> Result<Credentials, String> {
        let host = Host { env: Env::fake(set), ..Host::fake() };
        let patience = Patience { budget: Duration::ZERO, just_created: false };
        let region = Region::parse("eu-west-1").unwrap();
        block_on(credentials(&host, &region, patience)).unwrap().map_err(|error| error.to_string())
    }

    #[test]
    fn variables_come_first_and_half_a_key_is_named() {
        let all = [("AWS_ACCESS_KEY_ID", "AKID"), ("AWS_SECRET_ACCESS_KEY", "s"), ("AWS_ROLE_ARN", "r")];
        assert_eq!(found(all).unwrap().origin, Origin::Variables);
        assert_eq!(
            found([("AWS_ACCESS_KEY_ID", "AKID")]).unwrap_err(),
            "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not"
        );
        let file = found([("AWS_WEB_IDENTITY_TOKEN_FILE", "t"), ("AWS_ROLE_ARN", "r")]).unwrap_err();
        assert!(file.contains("cannot read t (AWS_WEB_IDENTITY_TOKEN_FILE)"), "{file}");
        let nowhere = found([("AWS_EC2_METADATA_DISABLED", "true")]).unwrap_err();
        assert!(nowhere.starts_with("no AWS credentials are here"), "{nowhere}");
    }

    #[test]
    fn without_a_region_nobody_is_asked_for_a_token() {
        let patience = Patience { budget: Duration::ZERO, just_created: false };
        let look = |set: [(&str, &str); 1]| {
            let host = Host { env: Env::fake(set), ..Host::fake() };
            block_on(region(&host, patience)).unwrap().map_err(|error| error.to_string())
        };
        assert_eq!(look([("AWS_REGION", "eu-west-1")]).unwrap().as_str(), "eu-west-1");
        assert!(look([("AWS_REGION", "aws-global")]).unwrap_err().contains("regional endpoints only"));
        assert!(look([("AWS_ACCESS_KEY_ID", "a")]).unwrap_err().starts_with("set AWS_REGION"));
    }
}
