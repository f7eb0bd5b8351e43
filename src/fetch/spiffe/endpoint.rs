//! Where the Workload API is: `SPIFFE_ENDPOINT_SOCKET`, as the standard writes it.
//!
//! Source: <https://spiffe.io/docs/latest/spiffe-specs/spiffe_workload_endpoint/>, section 4.

use std::{net::IpAddr, path::PathBuf};

use thiserror::Error;
use url::{Host as UrlHost, Url};

use crate::host::Socket;

/// Why a text names no endpoint.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error(
    "SPIFFE_ENDPOINT_SOCKET is `{}`: {why}; it looks like unix:///run/spire/agent.sock or tcp://127.0.0.1:8081",
    crate::id::visible(.text)
)]
pub struct EndpointError {
    /// The text.
    pub text: String,
    /// What is wrong with it.
    pub why: &'static str,
}

/// Reads an endpoint.
///
/// # Errors
/// When it is neither `unix:` with an absolute path nor `tcp:` with an address and a port.
pub fn endpoint(text: &str) -> Result<Socket, EndpointError> {
    let bad = |why| EndpointError { text: text.to_owned(), why };
    let url = Url::parse(text).map_err(|_| bad("it is no URI"))?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(bad("it has a query or a fragment"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(bad("it has a user"));
    }
    match url.scheme() {
        "unix" if url.host().is_some() => {
            Err(bad("two slashes stand before a host; a path has one or three"))
        }
        "unix" if !url.path().starts_with('/') || url.path() == "/" => Err(bad("its path is not absolute")),
        "unix" => Ok(Socket::Unix(PathBuf::from(url.path()))),
        "tcp" => tcp(&url).ok_or_else(|| bad("it needs an IP address and a port, and no path")),
        _ => Err(bad("its scheme is neither unix nor tcp")),
    }
}

fn tcp(url: &Url) -> Option<Socket> {
    let address: IpAddr = match url.host()? {
        // Of a scheme that it does not know the crate leaves addresses as names.
        UrlHost::Domain(name) => name.parse().ok()?,
        UrlHost::Ipv4(address) => address.into(),
        UrlHost::Ipv6(address) => address.into(),
    };
    if !matches!(url.path(), "" | "/") {
        return None;
    }
    Some(Socket::Tcp((address, url.port()?).into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_of_endpoint_are_read_as_the_standard_writes_them() {
        let unix = Socket::Unix("/run/spire/agent.sock".into());
        assert_eq!(endpoint("unix:///run/spire/agent.sock"), Ok(unix.clone()));
        assert_eq!(endpoint("unix:/run/spire/agent.sock"), Ok(unix));
        let tcp = |text: &str| Socket::Tcp(text.parse().unwrap());
        assert_eq!(endpoint("tcp://127.0.0.1:8081"), Ok(tcp("127.0.0.1:8081")));
        assert_eq!(endpoint("tcp://[::1]:8081"), Ok(tcp("[::1]:8081")));
        for bad in [
            "/run/spire/agent.sock",
            "unix://run/spire/agent.sock",
            "unix:agent.sock",
            "unix:///",
            "unix:///a?b",
            "tcp://127.0.0.1",
            "tcp://localhost:8081",
            "tcp://127.0.0.1:8081/a",
            "https://127.0.0.1:8081",
            "tcp://user@127.0.0.1:8081",
        ] {
            assert!(endpoint(bad).is_err(), "{bad}");
        }
    }
}
