//! The keys of issuers other than the emulated ones, fetched as Entra fetches them; from this machine only.

use http::Request;
use jsonwebtoken::jwk::JwkSet;
use serde::{Deserialize, de::DeserializeOwned};
use url::{Host as UrlHost, Url};

use super::{refused::Refused, world::World};
use crate::host::Limits;

#[derive(Deserialize)]
struct Configuration {
    issuer: String,
    jwks_uri: String,
}

/// The key set of `issuer`, through its discovery document.
pub(super) async fn keys(world: &World, issuer: &str) -> Result<JwkSet, Refused> {
    let unreachable =
        || Refused::new(50_166, format!("Request to External OIDC endpoint failed for issuer '{issuer}'."));
    let url = format!("{issuer}/.well-known/openid-configuration");
    let configuration: Configuration = document(world, &url).await.ok_or_else(unreachable)?;
    if configuration.issuer != issuer {
        return Err(unreachable());
    }
    document(world, &configuration.jwks_uri).await.ok_or_else(unreachable)
}

async fn document<T: DeserializeOwned>(world: &World, url: &str) -> Option<T> {
    if !is_loopback(url) {
        return None;
    }
    let request = Request::get(url).header("accept", "application/json").body(Vec::new()).ok()?;
    let answer = world.http().send(request, &Limits::default()).await.ok()?;
    if answer.status().is_success() { serde_json::from_slice(answer.body()).ok() } else { None }
}

/// True for a URL that cannot leave this machine.
pub(super) fn is_loopback(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    match url.host() {
        Some(UrlHost::Domain(name)) => name == "localhost",
        Some(UrlHost::Ipv4(address)) => address.is_loopback(),
        Some(UrlHost::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_asked() {
        for near in ["http://127.0.0.1:1/a", "https://localhost:8443", "http://[::1]/"] {
            assert!(is_loopback(near), "{near}");
        }
        for far in
            ["https://example.com", "http://localhost.example.com", "http://10.0.0.1", "file:///etc", "x"]
        {
            assert!(!is_loopback(far), "{far}");
        }
    }
}
