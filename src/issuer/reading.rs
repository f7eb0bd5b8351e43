//! Whose token it is, and what its subject means: read off issuer and subject alone.

use super::{
    Connection, Presented, ServiceAccount, Unusable,
    aws::{COGNITO_ISSUER, is_sts_issuer},
    entra_tenant, github, google,
    spiffe::SpiffeId,
};

/// Who issued a token, as far as its issuer and subject tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// A GitHub.
    Github(github::Instance),
    /// A Kubernetes cluster: namespace and name of the service account.
    Kubernetes {
        /// The namespace.
        namespace: String,
        /// The name of the service account.
        name: String,
        /// Whether the issuer ends in a slash, which the credential then needs too.
        slash: bool,
    },
    /// Google Cloud: the account's unique id.
    Google {
        /// The mail address of the account, where the token has it.
        email: Option<String>,
    },
    /// A service connection of Azure Pipelines.
    AzurePipelines(Connection),
    /// STS of an AWS account, for a role.
    AwsRole,
    /// Cognito, for an identity of the pool that is the audience.
    Cognito,
    /// A SPIFFE workload of this trust domain.
    Spiffe {
        /// The trust domain.
        domain: String,
    },
    /// A managed identity, or something else that Entra issued.
    Entra {
        /// The tenant.
        tenant: String,
        /// Why Entra does not take its own token, where that can be seen.
        unusable: Option<Unusable>,
    },
}

impl Reading {
    /// Reads what is presented. `None` for an issuer that is not known.
    #[must_use]
    pub fn of(presented: &Presented) -> Option<Self> {
        let (issuer, subject) = (presented.issuer.as_str(), presented.subject.as_str());
        if let Some(instance) = github::Instance::of(&presented.issuer) {
            return Some(Self::Github(instance));
        }
        if let Some(connection) = Connection::read(subject).filter(|one| one.is_issued_by(issuer)) {
            return Some(Self::AzurePipelines(connection));
        }
        if let Some(account) = ServiceAccount::read(subject) {
            let (namespace, name) = (account.namespace.to_owned(), account.name.to_owned());
            return Some(Self::Kubernetes { namespace, name, slash: issuer.ends_with('/') });
        }
        if is_sts_issuer(issuer) {
            return Some(Self::AwsRole);
        }
        if issuer == COGNITO_ISSUER {
            return Some(Self::Cognito);
        }
        if SpiffeId::parse(subject).is_ok() {
            let domain = subject.split('/').nth(2).unwrap_or_default().to_owned();
            return Some(Self::Spiffe { domain });
        }
        if issuer == google::ISSUER {
            return Some(Self::Google { email: presented.claim("email").map(str::to_owned) });
        }
        let unusable = Unusable::of(presented);
        let first = issuer.strip_prefix("https://sts.windows.net/").map(|rest| rest.trim_end_matches('/'));
        let tenant = entra_tenant(issuer).or(first)?.to_owned();
        Some(Self::Entra { tenant, unusable })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(issuer: &str, subject: &str) -> Option<Reading> {
        Reading::of(&Presented::new(issuer, subject, "api://AzureADTokenExchange"))
    }

    #[test]
    fn every_issuer_is_known_by_what_it_presents() {
        assert!(matches!(
            read("https://token.actions.githubusercontent.com", "x"),
            Some(Reading::Github(github::Instance::Cloud))
        ));
        assert!(matches!(
            read("https://oidc.example/1/", "system:serviceaccount:shop:api"),
            Some(Reading::Kubernetes { slash: true, .. })
        ));
        assert_eq!(
            read("https://1.tokens.sts.global.api.aws", "arn:aws:iam::1:role/a"),
            Some(Reading::AwsRole)
        );
        assert_eq!(read("https://cognito-identity.amazonaws.com", "eu-west-1:1"), Some(Reading::Cognito));
        assert_eq!(
            read("https://oidc.example.org", "spiffe://example.org/ns/prod"),
            Some(Reading::Spiffe { domain: "example.org".into() })
        );
        assert_eq!(read("https://accounts.google.com", "1"), Some(Reading::Google { email: None }));
        assert!(matches!(
            read("https://vstoken.dev.azure.com/1", "sc://o/p/c"),
            Some(Reading::AzurePipelines(Connection::Named { .. }))
        ));
        let entra = "https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0";
        assert!(matches!(read(entra, "s"), Some(Reading::Entra { unusable: None, .. })));
        assert!(matches!(
            read("https://sts.windows.net/72f988bf-86f1-41af-91ab-2d7cd011db47/", "s"),
            Some(Reading::Entra { unusable: Some(Unusable::FirstVersion), .. })
        ));
        assert_eq!(read("https://issuer.example", "s"), None);
    }
}
