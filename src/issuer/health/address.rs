//! The addresses of an issuer, and whether Entra can reach them.

use std::net::IpAddr;

use serde_json::Value;
use url::{Host, Url};

use super::{Check, Document};
use crate::id::{Issuer, visible};

/// "Request to External OIDC endpoint failed". Source: Azure/azure-workload-identity#642.
const UNREACHABLE: Option<u32> = Some(50_166);

/// Endings of names that no public resolver knows. Source: RFC 6761, RFC 6762, RFC 8375, and the cluster domain of Kubernetes.
const PRIVATE_ENDINGS: [&str; 8] =
    ["local", "internal", "test", "invalid", "home.arpa", "lan", "corp", "svc"];

/// Where the discovery document of `issuer` is; `None` where no address follows from it that may be asked.
///
/// Source: OpenID Connect Discovery 1.0, section 4.1, which takes one slash off the end.
#[must_use]
pub fn configuration_url(issuer: &Issuer) -> Option<Url> {
    let bare = issuer.as_str().strip_suffix('/').unwrap_or(issuer.as_str());
    secure(&format!("{bare}/.well-known/openid-configuration"))
}

/// Where the keys are, as the discovery document says; `None` where it names no address that may be asked.
#[must_use]
pub fn keys_url(configuration: &Value) -> Option<Url> {
    secure(configuration.get("jwks_uri")?.as_str()?)
}

/// https, or http on this machine.
fn secure(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let plain = url.scheme() == "http" && nearness(&url) == Nearness::ThisMachine;
    (url.scheme() == "https" || plain).then_some(url)
}

/// How far away a host is, as far as its name tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Nearness {
    ThisMachine,
    PrivateNetwork,
    Public,
}

fn nearness(url: &Url) -> Nearness {
    let address = match url.host() {
        Some(Host::Domain("localhost")) => return Nearness::ThisMachine,
        Some(Host::Domain(name)) => {
            let ends = |ending: &&str| name.ends_with(&format!(".{ending}"));
            let private = !name.contains('.') || PRIVATE_ENDINGS.iter().any(ends);
            return if private { Nearness::PrivateNetwork } else { Nearness::Public };
        }
        Some(Host::Ipv4(address)) => IpAddr::V4(address),
        Some(Host::Ipv6(address)) => IpAddr::V6(address),
        None => return Nearness::PrivateNetwork,
    };
    let private = match address {
        IpAddr::V4(address) => address.is_private() || address.is_link_local(),
        IpAddr::V6(address) => address.is_unique_local() || address.is_unicast_link_local(),
    };
    match (address.is_loopback(), private) {
        (true, _) => Nearness::ThisMachine,
        (false, true) => Nearness::PrivateNetwork,
        (false, false) => Nearness::Public,
    }
}

/// What the text of the issuer tells by itself.
pub(super) fn checks(issuer: &Issuer) -> Vec<Check> {
    let shown = visible(issuer.as_str());
    let Ok(url) = Url::parse(issuer.as_str()) else {
        let bad = Check::bad("https", format!("`{shown}` is no URL"), UNREACHABLE);
        return vec![bad, Check::skipped("public")];
    };
    let https = if url.query().is_some() || url.fragment().is_some() {
        Check::bad("https", format!("`{shown}` has a query or a fragment; an issuer has none"), UNREACHABLE)
    } else {
        match (url.scheme(), nearness(&url)) {
            ("https", _) => Check::good("https", format!("`{shown}`")),
            ("http", Nearness::ThisMachine) => {
                Check::doubtful("https", format!("`{shown}` is not https; only this machine may be asked so"))
            }
            (scheme, _) => Check::bad("https", format!("`{shown}` is {scheme}, not https"), UNREACHABLE),
        }
    };
    vec![https, public(&url)]
}

fn public(url: &Url) -> Check {
    let host = url.host_str().unwrap_or_default();
    match nearness(url) {
        Nearness::Public => Check::good("public", format!("the name of {host} is public")),
        Nearness::ThisMachine => {
            Check::doubtful("public", format!("{host} is this machine; Entra cannot reach it"))
        }
        Nearness::PrivateNetwork => Check::bad(
            "public",
            format!("{host} is a name or address of a private network; Entra reads from the internet"),
            UNREACHABLE,
        ),
    }
}

/// Whether a document was read.
pub(super) fn read(name: &'static str, document: Option<&Document>) -> Check {
    match document {
        Some(Ok(_)) => Check::good(name, "read"),
        Some(Err(why)) => Check::bad(name, format!("cannot be read: {why}"), UNREACHABLE),
        None => Check::skipped(name),
    }
}

/// The document must name the issuer byte for byte.
///
/// Source: OpenID Connect Discovery 1.0, section 4.3. With which code Entra refuses is not known.
pub(super) fn same_issuer(issuer: &Issuer, configuration: &Value) -> Check {
    let Some(published) = configuration.get("issuer").and_then(Value::as_str) else {
        return Check::bad("issuer", "the discovery document names no issuer", None);
    };
    if published == issuer.as_str() {
        return Check::good("issuer", "the discovery document names the same issuer");
    }
    let slash = published.trim_end_matches('/') == issuer.as_str().trim_end_matches('/');
    let hint = if slash { "; they differ by the slash at the end" } else { "" };
    let (published, asked) = (visible(published), visible(issuer.as_str()));
    Check::bad("issuer", format!("the discovery document names `{published}`, not `{asked}`{hint}"), None)
}

/// The discovery document must say where the keys are.
pub(super) fn keys_address(configuration: &Value) -> Check {
    let named = configuration.get("jwks_uri").and_then(Value::as_str);
    match (named, keys_url(configuration)) {
        (None, _) => Check::bad("keys-address", "the discovery document has no `jwks_uri`", UNREACHABLE),
        (Some(named), None) => {
            Check::bad("keys-address", format!("`{}` is not an https address", visible(named)), UNREACHABLE)
        }
        (Some(named), Some(url)) => match nearness(&url) {
            Nearness::Public => Check::good("keys-address", format!("`{}`", visible(named))),
            Nearness::ThisMachine => {
                Check::doubtful("keys-address", format!("`{}` is on this machine", visible(named)))
            }
            Nearness::PrivateNetwork => Check::bad(
                "keys-address",
                format!("`{}` is in a private network; Entra reads from the internet", visible(named)),
                UNREACHABLE,
            ),
        },
    }
}
