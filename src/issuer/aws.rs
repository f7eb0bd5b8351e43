//! AWS as an issuer: the two services that sign tokens, their regions, and what their tokens say.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_outbound_token_claims.html>,
//! <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdTokenForDeveloperIdentity.html>.

use std::fmt;

use thiserror::Error;

/// The issuer of every Cognito identity pool.
pub const COGNITO_ISSUER: &str = "https://cognito-identity.amazonaws.com";

/// What stands behind the account's own id in the issuer of STS.
const STS_ISSUER_END: &str = ".tokens.sts.global.api.aws";

/// The beginnings of regions outside the public partition, and the name under which their services live.
///
/// Source: boto/botocore `botocore/data/partitions.json`.
const PARTITIONS: [(&str, &str); 2] = [("cn-", "amazonaws.com.cn"), ("eusc-", "amazonaws.eu")];

/// A region such as `eu-west-1`. It is safe to put it into a host name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region(String);

/// Why a text is no region.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum RegionError {
    /// The global endpoint, which signs no tokens.
    #[error("`{0}` is no region: tokens are signed by regional endpoints only, such as eu-west-1")]
    Global(String),
    /// Not of the form of a region.
    #[error("`{}` is no region; one looks like eu-west-1", crate::id::visible(.0))]
    Malformed(String),
}

impl Region {
    /// Reads a region.
    ///
    /// # Errors
    /// When it is not of the form `xx-name-1`, or the name of the global endpoint.
    pub fn parse(text: &str) -> Result<Self, RegionError> {
        if matches!(text, "aws-global" | "global") {
            return Err(RegionError::Global(text.to_owned()));
        }
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
        let parts: Vec<&str> = text.split('-').collect();
        let good = match parts.as_slice() {
            [names @ .., number] if names.len() >= 2 => {
                names.iter().all(|name| plain(name)) && number.len() == 1 && number.parse::<u8>().is_ok()
            }
            _ => false,
        };
        if good { Ok(Self(text.to_owned())) } else { Err(RegionError::Malformed(text.to_owned())) }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The base URL of `service` in this region.
    #[must_use]
    pub fn endpoint(&self, service: &str) -> String {
        let other = PARTITIONS.iter().find(|(begin, _)| self.0.starts_with(begin));
        format!("https://{service}.{}.{}", self.0, other.map_or("amazonaws.com", |(_, suffix)| suffix))
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An identity pool of Cognito, `region:guid`: the audience of its tokens. An identity in it looks the same and is their
/// subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pool {
    id: String,
    region: Region,
}

impl Pool {
    /// Reads `region:guid`.
    ///
    /// # Errors
    /// When the part before the colon is no region, or there is nothing behind it.
    pub fn parse(text: &str) -> Result<Self, RegionError> {
        let (region, guid) = text.split_once(':').unwrap_or(("", ""));
        if guid.is_empty() {
            return Err(RegionError::Malformed(text.to_owned()));
        }
        Ok(Self { id: text.to_owned(), region: Region::parse(region)? })
    }

    /// The whole id: the audience.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Where it lives.
    #[must_use]
    pub const fn region(&self) -> &Region {
        &self.region
    }
}

/// The form of the issuer that STS has for an account.
#[must_use]
pub fn sts_issuer(account_id: &str) -> String {
    format!("https://{account_id}{STS_ISSUER_END}")
}

/// True for the issuer of an account: `https://ID.tokens.sts.global.api.aws`.
#[must_use]
pub fn is_sts_issuer(issuer: &str) -> bool {
    let id = issuer.strip_prefix("https://").and_then(|rest| rest.strip_suffix(STS_ISSUER_END));
    id.is_some_and(|id| !id.is_empty() && !id.contains(['/', '.']))
}

/// The subject of STS: the role itself and never its session, since the name of a session changes. What of it is not known
/// stands in braces.
///
/// A session's own ARN, `arn:aws:sts::1:assumed-role/NAME/SESSION`, does not hold the path of the role.
#[must_use]
pub fn sts_subject(principal: Option<&str>) -> String {
    let Some(arn) = principal else { return "arn:aws:iam::{account}:role/{role}".to_owned() };
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    match parts.as_slice() {
        ["arn", partition, "sts", _, account, resource] => {
            match resource.split('/').collect::<Vec<_>>()[..] {
                ["assumed-role", role, _session] => {
                    format!("arn:{partition}:iam::{account}:role/{{path}}{role}")
                }
                _ => arn.to_owned(),
            }
        }
        _ => arn.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_nothing_that_could_lead_to_another_host() {
        for good in ["eu-west-1", "us-gov-east-1", "ap-southeast-4", "cn-north-1"] {
            assert!(Region::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "eu-west-1.evil.example",
            "EU-WEST-1",
            "eu-west-1/",
            "eu--1",
            "eu-west-12",
            "-west-1",
            "west-1",
        ] {
            assert!(matches!(Region::parse(bad), Err(RegionError::Malformed(_))), "{bad}");
        }
        assert!(matches!(Region::parse("aws-global"), Err(RegionError::Global(_))));
    }

    #[test]
    fn services_of_china_and_of_the_sovereign_cloud_have_other_names() {
        let at = |region: &str| Region::parse(region).unwrap().endpoint("sts");
        assert_eq!(at("eu-west-1"), "https://sts.eu-west-1.amazonaws.com");
        assert_eq!(at("cn-north-1"), "https://sts.cn-north-1.amazonaws.com.cn");
        assert_eq!(at("eusc-de-east-1"), "https://sts.eusc-de-east-1.amazonaws.eu");
    }

    #[test]
    fn a_pool_knows_its_region() {
        let pool = Pool::parse("eu-west-1:11111111-2222-3333-4444-555555555555").unwrap();
        assert_eq!((pool.region().as_str(), pool.id().len()), ("eu-west-1", 46));
        assert!(Pool::parse("eu-west-1").is_err() && Pool::parse("eu-west-1:").is_err());
    }

    #[test]
    fn the_subject_is_the_role_and_not_its_session() {
        let role = "arn:aws:iam::123456789012:role/team/deploy";
        assert_eq!(sts_subject(Some(role)), role);
        assert_eq!(
            sts_subject(Some("arn:aws:sts::123456789012:assumed-role/deploy/i-0abc")),
            "arn:aws:iam::123456789012:role/{path}deploy"
        );
        assert_eq!(sts_subject(None), "arn:aws:iam::{account}:role/{role}");
    }

    #[test]
    fn an_account_has_an_issuer_of_its_own_without_a_slash() {
        assert!(is_sts_issuer(&sts_issuer("abc123-def456")));
        for bad in
            ["https://.tokens.sts.global.api.aws", "https://a.tokens.sts.global.api.aws/", COGNITO_ISSUER]
        {
            assert!(!is_sts_issuer(bad), "{bad}");
        }
    }
}
