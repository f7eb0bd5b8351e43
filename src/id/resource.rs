//! The resource id of a user-assigned managed identity.

use std::{fmt, str::FromStr};

use thiserror::Error;

/// A user-assigned managed identity, `/subscriptions/S/resourceGroups/G/providers/Microsoft.ManagedIdentity/userAssignedIdentities/N`,
/// as written. Azure compares such ids without regard to letter case.
///
/// Source: <https://learn.microsoft.com/rest/api/managedidentity/user-assigned-identities/get>.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManagedIdentityId(String);

/// Why a text is no such id.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error(
    "`{0}` is not the resource id of a user-assigned managed identity, which is \
/subscriptions/SUBSCRIPTION/resourceGroups/GROUP/providers/Microsoft.ManagedIdentity/userAssignedIdentities/NAME"
)]
pub struct ResourceError(String);

impl ManagedIdentityId {
    /// The text as written; safe inside a URL path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name of the identity, without what it lies in.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(_, name)| name)
    }
}

impl FromStr for ManagedIdentityId {
    type Err = ResourceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts: Vec<&str> = text.split('/').collect();
        let ["", subscriptions, subscription, groups, group, providers, provider, kind, name] =
            parts.as_slice()
        else {
            return Err(ResourceError(text.to_owned()));
        };
        let words = [
            (subscriptions, "subscriptions"),
            (groups, "resourceGroups"),
            (providers, "providers"),
            (provider, "Microsoft.ManagedIdentity"),
            (kind, "userAssignedIdentities"),
        ];
        let worded = words.iter().all(|(word, wanted)| word.eq_ignore_ascii_case(wanted));
        if worded && [subscription, group, name].into_iter().all(|part| is_plain(part)) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ResourceError(text.to_owned()))
        }
    }
}

/// Resource groups may hold letters of any language, parentheses and dots; what would end or leave a path segment may not.
///
/// Source: <https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules>.
fn is_plain(part: &str) -> bool {
    let good = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '(' | ')');
    !part.is_empty() && part != "." && part != ".." && part.chars().all(good)
}

impl fmt::Display for ManagedIdentityId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_kept_as_written_and_nothing_else_is_one() {
        let id = "/subscriptions/s-1/resourcegroups/g.1_(x)/providers/microsoft.managedidentity/userassignedidentities/me";
        let read: ManagedIdentityId = id.parse().unwrap();
        assert_eq!((read.as_str(), read.name()), (id, "me"));
        for bad in [
            "",
            "me",
            &id.replace("/g.1_(x)/", "/../"),
            &id.replace("/g.1_(x)/", "/g?x/"),
            &id.replace("managedidentity", "storage"),
            &format!("{id}/federatedIdentityCredentials/x"),
            &format!("https://management.azure.com{id}"),
        ] {
            assert!(bad.parse::<ManagedIdentityId>().is_err(), "{bad}");
        }
    }
}
