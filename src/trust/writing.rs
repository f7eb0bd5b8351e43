//! How a definition will be written to Azure: by which provider version, in which region, in which order.

use crate::text::Located;

use super::Value;

/// What a definition says beside the credential itself, for the rules about creating it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Writing {
    /// The Terraform provider that creates it.
    pub provider: Option<Provider>,
    /// The region of the managed identity that owns it, as written (`westeurope`, `West Europe`).
    pub region: Option<Located<Value>>,
    /// Whether the other credentials of the same identity may be written at the same moment.
    pub order: WriteOrder,
}

impl Writing {
    /// Nothing is said.
    pub const UNSTATED: Self = Self { provider: None, region: None, order: WriteOrder::Unstated };
}

/// A Terraform provider as a configuration requires it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// `azurerm`, `azuread`, `azapi` or `msgraph`.
    pub name: Box<str>,
    /// The version constraint as written (`~> 3.0`), or the version that a lock file pins; none means a current one.
    pub version: Option<Located<Box<str>>>,
}

/// Whether the credentials of one identity are written one after the other.
///
/// Source: <https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations>, concurrent writes
/// under one managed identity are answered with 409.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WriteOrder {
    /// The definition has no order: a listing, a state file, or another format without one.
    #[default]
    Unstated,
    /// One after the other, or there is only one.
    Serial,
    /// The definition lets a sibling under the same identity be written at the same moment.
    Concurrent,
}
