//! Ids that Entra gives out: tenants and clients.

use std::{fmt, str::FromStr};

use thiserror::Error;

/// A GUID in its text form, kept as written and compared without regard to letter case.
#[derive(Clone, Debug)]
pub struct Guid(String);

/// Why a text is no id.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum IdError {
    /// Not 8-4-4-4-12 hexadecimal digits.
    #[error("`{0}` is not a GUID such as 11111111-2222-3333-4444-555555555555")]
    NotAGuid(String),
    /// Neither a GUID nor a domain name.
    #[error("`{0}` is neither a tenant GUID nor a domain such as contoso.onmicrosoft.com")]
    NotATenant(String),
}

impl Guid {
    /// The text as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PartialEq for Guid {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for Guid {}

impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Guid {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut lengths = [8, 4, 4, 4, 12].into_iter();
        let mut groups = text.split('-');
        let good = groups.by_ref().zip(lengths.by_ref()).all(|(group, length)| {
            group.len() == length && group.bytes().all(|byte| byte.is_ascii_hexdigit())
        });
        if good && text.len() == 36 && lengths.next().is_none() {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError::NotAGuid(text.to_owned()))
        }
    }
}

/// The application (client) id of an application or managed identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientId(Guid);

impl ClientId {
    /// The text as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl FromStr for ClientId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The directory (tenant) id: a GUID or one of the tenant's domains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TenantId(String);

impl TenantId {
    /// The text as written; safe inside a URL path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for TenantId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let domain = text.contains('.')
            && !text.starts_with('.')
            && !text.contains("..")
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
        if domain || text.parse::<Guid>().is_ok() {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError::NotATenant(text.to_owned()))
        }
    }
}

impl fmt::Display for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guid_has_five_groups_of_hexadecimal_digits() {
        assert!("11111111-2222-3333-4444-555555555555".parse::<ClientId>().is_ok());
        for bad in [
            "",
            "11111111-2222-3333-4444",
            "11111111-2222-3333-4444-55555555555g",
            "111111112222333344445555555555555555",
        ] {
            assert_eq!(bad.parse::<ClientId>(), Err(IdError::NotAGuid(bad.to_owned())));
        }
    }

    #[test]
    fn a_tenant_is_a_guid_or_a_domain_and_nothing_that_changes_a_url() {
        assert!("contoso.onmicrosoft.com".parse::<TenantId>().is_ok());
        for bad in ["", "contoso", "../x.y", "a.b/c", "a.b?c"] {
            assert!(bad.parse::<TenantId>().is_err(), "{bad}");
        }
    }
}
