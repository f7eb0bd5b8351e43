//! What a token of a managed identity says, and which tokens that Entra itself issued can be presented to it at all.
//!
//! Source: <https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity>;
//! the texts of AADSTS700222, AADSTS700226 and AADSTS700229.

use super::Presented;
use crate::id::CLOUDS;

/// The tenant in an issuer of Entra's second version, `https://AUTHORITY/TENANT/v2.0`.
#[must_use]
pub fn entra_tenant(issuer: &str) -> Option<&str> {
    let (authority, rest) = issuer.strip_prefix("https://")?.split_once('/')?;
    let known = CLOUDS.iter().any(|cloud| cloud.authority == authority || cloud.aliases.contains(&authority));
    let tenant = rest.strip_suffix("/v2.0").filter(|tenant| !tenant.contains('/'))?;
    known.then_some(tenant)
}

/// Why a token that Entra issued cannot be presented to Entra again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// Of the first version (`https://sts.windows.net/TENANT/`): made for another resource than the exchange.
    FirstVersion,
    /// Of a user, not of an application alone.
    User,
    /// Of an application that is no managed identity.
    Application,
}

impl Unusable {
    /// The code that Entra answers.
    #[must_use]
    pub const fn code(self) -> u32 {
        match self {
            Self::FirstVersion => 700_222,
            Self::User => 700_229,
            Self::Application => 700_226,
        }
    }

    /// Looks at a token. `None` where Entra did not issue it, where it is usable, and where the claims do not tell.
    #[must_use]
    pub fn of(presented: &Presented) -> Option<Self> {
        let issuer = presented.issuer.as_str();
        if issuer.starts_with("https://sts.windows.net/") {
            return Some(Self::FirstVersion);
        }
        entra_tenant(issuer)?;
        // A service connection of Azure Pipelines is issued by Entra too, and accepted.
        if presented.subject.as_str().starts_with("/eid1/") {
            return None;
        }
        match presented.claim("idtyp") {
            Some("app") if presented.claim("xms_mirid").is_none() => Some(Self::Application),
            Some("user") => Some(Self::User),
            None if presented.claim("scp").is_some() => Some(Self::User),
            Some(_) | None => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(issuer: &str, claims: &[(&str, &str)]) -> Option<Unusable> {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let claims = claims.iter().map(own).collect();
        Unusable::of(&Presented { claims, ..Presented::new(issuer, "s", "a") })
    }

    #[test]
    fn only_the_token_of_a_managed_identity_is_usable() {
        let entra = "https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0";
        assert_eq!(of(entra, &[("idtyp", "app"), ("xms_mirid", "/subscriptions/x")]), None);
        assert_eq!(of(entra, &[("idtyp", "app")]), Some(Unusable::Application));
        assert_eq!(of(entra, &[("scp", "user_impersonation")]), Some(Unusable::User));
        assert_eq!(
            of("https://sts.windows.net/72f988bf-86f1-41af-91ab-2d7cd011db47/", &[]),
            Some(Unusable::FirstVersion)
        );
        assert_eq!(of("https://token.actions.githubusercontent.com", &[("idtyp", "app")]), None);
    }

    #[test]
    fn the_tenant_is_read_from_the_issuer_of_any_cloud() {
        assert_eq!(entra_tenant("https://login.microsoftonline.us/t/v2.0"), Some("t"));
        assert_eq!(entra_tenant("https://login.microsoftonline.com/t/v2.0/"), None);
        assert_eq!(entra_tenant("https://login.example.com/t/v2.0"), None);
    }
}
