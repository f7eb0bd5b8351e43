//! The addresses of one cloud at run time: a row of the table, or what an ARM endpoint's metadata names.

use std::net::IpAddr;

use serde_json::Value;
use thiserror::Error;
use url::{Host, Url};

use crate::id::{Audience, CLOUDS, Cloud};

/// Where to sign in, what to ask for, and the audience that the exchange expects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints {
    /// The cloud's name, or the base URL it was asked for by.
    pub name: String,
    /// Base URL of the authority, without a trailing slash.
    pub authority: Url,
    /// The audience that a federated token needs here, where a source names one.
    pub audience: Option<Audience>,
    /// Base URL of Azure Resource Manager, without a trailing slash.
    pub arm: Option<String>,
    /// Base URL of Microsoft Graph, without a trailing slash.
    pub graph: Option<String>,
}

/// Why a cloud is not usable.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum CloudError {
    /// Neither a name of the table nor a URL.
    #[error(
        "`{0}` is no cloud: give AzureCloud, AzureUSGovernment, AzureChinaCloud or another name of the table, or the base URL of an ARM endpoint"
    )]
    Unknown(String),
    /// Not a URL at all.
    #[error("`{0}` is not a URL")]
    NotAUrl(String),
    /// Neither TLS nor this machine.
    #[error("`{0}` must begin with https://; http:// is accepted for this machine alone")]
    NotSecure(String),
    /// The metadata lacks what signing in needs.
    #[error("the metadata of `{0}` does not name a login endpoint")]
    NoAuthority(String),
}

impl Endpoints {
    /// The row of the table as endpoints.
    ///
    /// # Errors
    /// Never for the rows there are; a test holds them to it.
    pub fn of(cloud: &Cloud) -> Result<Self, CloudError> {
        Ok(Self {
            name: cloud.name.to_owned(),
            authority: secure(&format!("https://{}", cloud.authority))?,
            audience: cloud.audience.map(Audience::new),
            arm: cloud.arm.map(str::to_owned),
            graph: cloud.graph.map(str::to_owned),
        })
    }

    /// Where the metadata of the ARM endpoint `base` lies.
    ///
    /// # Errors
    /// When `base` is no URL, or neither https nor loopback.
    pub fn metadata_url(base: &str) -> Result<Url, CloudError> {
        let base = secure(base)?;
        let text =
            format!("{}/metadata/endpoints?api-version=2022-09-01", base.as_str().trim_end_matches('/'));
        Url::parse(&text).map_err(|_| CloudError::NotAUrl(text))
    }

    /// Reads the metadata of the ARM endpoint `base`: one cloud, or a list of them.
    ///
    /// The audience is that of the known cloud with the same authority, else the public one's.
    /// Assumed: a private cloud expects the public audience, because the metadata does not name one.
    ///
    /// # Errors
    /// When no login endpoint is named, or it is not secure.
    pub fn from_metadata(base: &str, metadata: &Value) -> Result<Self, CloudError> {
        let missing = || CloudError::NoAuthority(base.to_owned());
        let cloud = match metadata.as_array() {
            Some(clouds) => clouds.iter().find(|cloud| serves(cloud, base)).or(clouds.first()),
            None => Some(metadata),
        };
        let cloud = cloud.ok_or_else(missing)?;
        let login =
            cloud.pointer("/authentication/loginEndpoint").and_then(Value::as_str).ok_or_else(missing)?;
        let authority = secure(login)?;
        let text = |name: &str| Some(bare(cloud.get(name)?.as_str()?));
        let known = CLOUDS.iter().find(|cloud| authority.host_str().is_some_and(|host| is_of(cloud, host)));
        Ok(Self {
            name: base.to_owned(),
            audience: known.unwrap_or(Cloud::public()).audience.map(Audience::new),
            arm: Some(text("resourceManager").unwrap_or_else(|| bare(base))),
            graph: text("microsoftGraphResourceId"),
            authority,
        })
    }

    /// The same cloud with another authority (`AZURE_AUTHORITY_HOST`); a bare host means https.
    ///
    /// # Errors
    /// When it is no URL, or neither https nor loopback.
    pub fn with_authority(self, authority: &str) -> Result<Self, CloudError> {
        let url =
            if authority.contains("://") { authority.to_owned() } else { format!("https://{authority}") };
        Ok(Self { authority: secure(&url)?, ..self })
    }

    /// The scope that asks for this cloud's resource manager.
    #[must_use]
    pub fn default_scope(&self) -> Option<String> {
        Some(format!("{}/.default", self.arm.as_ref()?))
    }
}

fn bare(url: &str) -> String {
    url.trim_end_matches('/').to_owned()
}

fn serves(cloud: &Value, base: &str) -> bool {
    let arm = cloud.get("resourceManager").and_then(Value::as_str);
    arm.is_some_and(|arm| bare(arm).eq_ignore_ascii_case(&bare(base)))
}

fn is_of(cloud: &Cloud, host: &str) -> bool {
    cloud.authority == host || cloud.aliases.contains(&host)
}

/// A URL that credentials may be sent to.
fn secure(text: &str) -> Result<Url, CloudError> {
    let url = Url::parse(text).map_err(|_| CloudError::NotAUrl(text.to_owned()))?;
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        _ => Err(CloudError::NotSecure(text.to_owned())),
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table_is_usable() {
        for cloud in CLOUDS {
            assert_eq!(Endpoints::of(cloud).unwrap().authority.host_str(), Some(cloud.authority));
        }
        let scope = Endpoints::of(Cloud::public()).unwrap().default_scope();
        assert_eq!(scope.as_deref(), Some("https://management.azure.com/.default"));
    }

    #[test]
    fn metadata_names_the_authority_and_the_known_one_brings_its_audience() {
        let metadata = serde_json::json!([
            {"resourceManager": "https://other.test/", "authentication": {"loginEndpoint": "https://x.test"}},
            {"resourceManager": "https://arm.test/", "authentication": {"loginEndpoint": "https://login.microsoftonline.us/"},
             "microsoftGraphResourceId": "https://graph.test/"}
        ]);
        let cloud = Endpoints::from_metadata("https://arm.test", &metadata).unwrap();
        assert_eq!(cloud.audience.unwrap().as_str(), "api://AzureADTokenExchangeUSGov");
        assert_eq!(cloud.graph.as_deref(), Some("https://graph.test"));
        assert_eq!(cloud.arm.as_deref(), Some("https://arm.test"));
        let empty = Endpoints::from_metadata("https://arm.test", &serde_json::json!([]));
        assert_eq!(empty, Err(CloudError::NoAuthority("https://arm.test".into())));
    }

    #[test]
    fn plain_http_is_for_this_machine_alone() {
        for good in ["http://127.0.0.1:8080", "http://localhost:1/", "http://[::1]:2"] {
            assert!(Endpoints::metadata_url(good).is_ok(), "{good}");
        }
        for bad in ["http://example.test", "ftp://127.0.0.1", "http://localhost.example.test"] {
            assert_eq!(Endpoints::metadata_url(bad), Err(CloudError::NotSecure(bad.into())));
        }
        let public = Endpoints::of(Cloud::public()).unwrap();
        assert!(public.clone().with_authority("http://evil.test").is_err());
        assert_eq!(public.with_authority("login.test").unwrap().authority.as_str(), "https://login.test/");
    }
}
