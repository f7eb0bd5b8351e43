//! The GitHub a repository lives on: who signs its tokens, and the audience they carry unless another is asked for.
//!
//! Source: <https://docs.github.com/enterprise-cloud@latest/actions/reference/security/oidc>, the issuer of an enterprise,
//! and the pages of the same name for GHE.com and GitHub Enterprise Server.

use crate::id::{Audience, Issuer};

const CLOUD: &str = "https://token.actions.githubusercontent.com";

/// A GitHub. Names are as in the issuer, without slashes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Instance {
    /// github.com.
    Cloud,
    /// An enterprise on github.com whose tokens name it in the issuer.
    Enterprise {
        /// The slug of the enterprise.
        slug: String,
    },
    /// GHE.com, `SUBDOMAIN.ghe.com`.
    DataResidency {
        /// The part before `.ghe.com`.
        subdomain: String,
        /// Whether the tokens repeat it as the enterprise's slug.
        slug: bool,
    },
    /// GitHub Enterprise Server.
    Server {
        /// The host name.
        host: String,
    },
}

impl Instance {
    /// The claim `iss`. It never ends in a slash.
    ///
    /// Source: the value that Entra prints in AADSTS70021, Azure/login#175.
    #[must_use]
    pub fn issuer(&self) -> Issuer {
        Issuer::new(match self {
            Self::Cloud => CLOUD.to_owned(),
            Self::Enterprise { slug } => format!("{CLOUD}/{slug}"),
            Self::DataResidency { subdomain, slug: false } => {
                format!("https://token.actions.{subdomain}.ghe.com")
            }
            Self::DataResidency { subdomain, slug: true } => {
                format!("https://token.actions.{subdomain}.ghe.com/{subdomain}")
            }
            Self::Server { host } => format!("https://{host}/_services/token"),
        })
    }

    /// The instance that signs as `issuer`, if that is an issuer of GitHub. Compared byte for byte.
    #[must_use]
    pub fn of(issuer: &Issuer) -> Option<Self> {
        let rest = issuer.as_str().strip_prefix("https://")?;
        let candidate = Self::guess(rest)?;
        (candidate.issuer() == *issuer).then_some(candidate)
    }

    /// The instance whose web pages are at `server`, such as the runner's `GITHUB_SERVER_URL`. Whether an enterprise puts its
    /// slug into the issuer cannot be seen there.
    #[must_use]
    pub fn at(server: &str) -> Option<Self> {
        let host = server.strip_prefix("https://")?.trim_end_matches('/');
        if host.is_empty() || host.contains('/') {
            return None;
        }
        Some(match (host, host.strip_suffix(".ghe.com")) {
            ("github.com", _) => Self::Cloud,
            (_, Some(subdomain)) => Self::DataResidency { subdomain: subdomain.to_owned(), slug: false },
            (_, None) => Self::Server { host: host.to_owned() },
        })
    }

    fn guess(rest: &str) -> Option<Self> {
        if let Some(host) = rest.strip_suffix("/_services/token") {
            return (!host.is_empty() && !host.contains('/')).then(|| Self::Server { host: host.to_owned() });
        }
        let (host, slug) = rest.split_once('/').map_or((rest, None), |(host, slug)| (host, Some(slug)));
        if slug.is_some_and(|slug| slug.is_empty() || slug.contains('/')) {
            return None;
        }
        let host = host.strip_prefix("token.actions.")?;
        match (host.strip_suffix(".ghe.com"), slug) {
            (Some(subdomain), slug) => {
                Some(Self::DataResidency { subdomain: subdomain.to_owned(), slug: slug.is_some() })
            }
            (None, Some(slug)) => Some(Self::Enterprise { slug: slug.to_owned() }),
            (None, None) => Some(Self::Cloud),
        }
    }

    /// The claim `aud` of a token for which no audience was asked.
    #[must_use]
    pub fn default_audience(&self, owner: &str) -> Audience {
        Audience::new(match self {
            Self::Cloud | Self::Enterprise { .. } => format!("https://github.com/{owner}"),
            // Assumed: like the server's, since the documentation names its own host only there.
            Self::DataResidency { subdomain, .. } => format!("https://{subdomain}.ghe.com/{owner}"),
            Self::Server { host } => format!("https://{host}/{owner}"),
        })
    }

    /// Whether a subject can carry the numbers of repository and owner; `None` where nobody has said.
    ///
    /// Source: the changelog of 2026-04-23 names github.com alone; the REST schema of GHES 3.19 lacks the fields.
    #[must_use]
    pub const fn has_id_form(&self) -> Option<bool> {
        match self {
            Self::Cloud | Self::Enterprise { .. } => Some(true),
            Self::DataResidency { .. } => None,
            Self::Server { .. } => Some(false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_instance_is_known_by_its_issuer() {
        let all = [
            Instance::Cloud,
            Instance::Enterprise { slug: "octo-inc".into() },
            Instance::DataResidency { subdomain: "octo".into(), slug: false },
            Instance::DataResidency { subdomain: "octo".into(), slug: true },
            Instance::Server { host: "git.octo.example".into() },
        ];
        for instance in all {
            assert_eq!(Instance::of(&instance.issuer()).as_ref(), Some(&instance));
        }
    }

    #[test]
    fn the_server_of_a_job_names_its_issuer() {
        let issuer = |server| Instance::at(server).map(|instance| instance.issuer().to_string());
        assert_eq!(issuer("https://github.com").as_deref(), Some(CLOUD));
        assert_eq!(issuer("https://octo.ghe.com").as_deref(), Some("https://token.actions.octo.ghe.com"));
        assert_eq!(
            issuer("https://git.octo.test/").as_deref(),
            Some("https://git.octo.test/_services/token")
        );
        assert_eq!(issuer("http://git.octo.test"), None);
    }

    #[test]
    fn a_slash_too_many_is_nobody() {
        for odd in [
            "https://token.actions.githubusercontent.com/",
            "https://token.actions.githubusercontent.com/a/b",
            "http://token.actions.githubusercontent.com",
            "https://token.actions.octo.ghe.com/other",
            "https://git.octo.example/_services/token/",
            "https://token.actions.example",
        ] {
            assert_eq!(Instance::of(&Issuer::new(odd)), None, "{odd}");
        }
    }
}
