//! The table of clouds: where each signs in, what it is asked for, and the audience its exchange expects.
//!
//! Source: azure-cli-core `cloud.py`, msal `authority.py`, MSAL.NET `KnownCloudConfiguration`
//! (AzureAD/microsoft-authentication-library-for-dotnet), read 2026-11-21. A field that no source names is `None`.

/// One row of the table. URLs have no trailing slash unless the service's own resource id has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cloud {
    /// The name that az uses, or ours where az has none.
    pub name: &'static str,
    /// Host of the token endpoint.
    pub authority: &'static str,
    /// Other hosts of the same authority.
    pub aliases: &'static [&'static str],
    /// The audience a federated token needs in this cloud.
    pub audience: Option<&'static str>,
    /// Base URL of Azure Resource Manager.
    pub arm: Option<&'static str>,
    /// Base URL of Microsoft Graph.
    pub graph: Option<&'static str>,
}

const PUBLIC: Cloud = Cloud {
    name: "AzureCloud",
    authority: "login.microsoftonline.com",
    aliases: &["login.windows.net", "login.microsoft.com", "sts.windows.net"],
    audience: Some("api://AzureADTokenExchange"),
    arm: Some("https://management.azure.com"),
    graph: Some("https://graph.microsoft.com"),
};

/// Every cloud known, the public one first.
pub static CLOUDS: &[Cloud] = &[
    PUBLIC,
    Cloud {
        name: "AzureUSGovernment",
        authority: "login.microsoftonline.us",
        aliases: &["login.usgovcloudapi.net"],
        audience: Some("api://AzureADTokenExchangeUSGov"),
        arm: Some("https://management.usgovcloudapi.net"),
        graph: Some("https://graph.microsoft.us"),
    },
    Cloud {
        name: "AzureChinaCloud",
        authority: "login.partner.microsoftonline.cn",
        aliases: &["login.chinacloudapi.cn"],
        audience: Some("api://AzureADTokenExchangeChina"),
        arm: Some("https://management.chinacloudapi.cn"),
        graph: Some("https://microsoftgraph.chinacloudapi.cn"),
    },
    Cloud {
        name: "AzureBleuCloud",
        authority: "login.sovcloud-identity.fr",
        aliases: &[],
        audience: Some("api://AzureADTokenExchangeFrance"),
        arm: Some("https://management.sovcloud-api.fr"),
        graph: Some("https://graph.svc.sovcloud.fr"),
    },
    Cloud {
        name: "Delos",
        authority: "login.sovcloud-identity.de",
        aliases: &[],
        audience: Some("api://AzureADTokenExchangeGermany"),
        arm: None,
        graph: None,
    },
    Cloud {
        name: "GovSG",
        authority: "login.sovcloud-identity.sg",
        aliases: &[],
        audience: None,
        arm: None,
        graph: None,
    },
    Cloud {
        name: "USNat",
        authority: "login.microsoftonline.eaglex.ic.gov",
        aliases: &[],
        audience: Some("api://AzureADTokenExchangeUSNat"),
        arm: None,
        graph: None,
    },
    Cloud {
        name: "USSec",
        authority: "login.microsoftonline.scloud",
        aliases: &[],
        audience: Some("api://AzureADTokenExchangeUSSec"),
        arm: None,
        graph: None,
    },
];

impl Cloud {
    /// The cloud of that name, in any letter case.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        CLOUDS.iter().find(|cloud| cloud.name.eq_ignore_ascii_case(name))
    }

    /// The public cloud.
    #[must_use]
    pub const fn public() -> &'static Self {
        const { &PUBLIC }
    }

    /// The cloud whose exchange expects this audience.
    #[must_use]
    pub fn of_audience(audience: &str) -> Option<&'static Self> {
        CLOUDS.iter().find(|cloud| cloud.audience == Some(audience))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_public_cloud_stands_first_and_names_are_unique() {
        assert_eq!(Cloud::public().name, "AzureCloud");
        for (at, cloud) in CLOUDS.iter().enumerate() {
            assert!(CLOUDS.iter().skip(at + 1).all(|other| other.name != cloud.name
                && other.authority != cloud.authority
                && (other.audience.is_none() || other.audience != cloud.audience)));
        }
        assert_eq!(Cloud::named("azurechinacloud").unwrap().name, "AzureChinaCloud");
    }
}
