//! Every rule, one line each.

mod concurrent_identity_writes;
mod duplicate_trust;
mod hyphenated_pull_request;
mod incomplete_credential;
mod invalid_credential_name;
mod invalid_flexible_expression;
mod old_azurerm_provider;
mod overlong_value;
mod placeholder_in_credential;
mod too_many_credentials;
mod trailing_slash_issuer;
mod unpinned_flexible_expression;
mod unsupported_region;
mod whitespace_in_credential;
mod wildcard_subject;
mod withdrawn_id_form;
mod wrong_audience;

use super::Rule;

/// Every rule, by id.
pub static ALL: &[&Rule] = &[
    &concurrent_identity_writes::RULE,
    &duplicate_trust::RULE,
    &hyphenated_pull_request::RULE,
    &incomplete_credential::RULE,
    &invalid_credential_name::RULE,
    &invalid_flexible_expression::RULE,
    &old_azurerm_provider::RULE,
    &overlong_value::RULE,
    &placeholder_in_credential::RULE,
    &too_many_credentials::RULE,
    &trailing_slash_issuer::RULE,
    &unpinned_flexible_expression::RULE,
    &unsupported_region::RULE,
    &whitespace_in_credential::RULE,
    &wildcard_subject::RULE,
    &withdrawn_id_form::RULE,
    &wrong_audience::RULE,
];

/// The rule of that id.
#[must_use]
pub fn named(id: &str) -> Option<&'static Rule> {
    ALL.iter().find(|rule| rule.id == id).copied()
}
