//! Every rule, one line each.

mod concurrent_identity_writes;
mod duplicate_trust;
mod environment_secret_without_environment;
mod event_name_as_branch;
mod hyphenated_pull_request;
mod id_form_on_name_repository;
mod incomplete_credential;
mod invalid_credential_name;
mod invalid_flexible_expression;
mod malformed_subject;
mod merge_queue_without_trust;
mod missing_id_token_permission;
mod name_form_on_id_repository;
mod old_azurerm_provider;
mod overlong_value;
mod placeholder_in_credential;
mod pull_request_target_trust;
mod template_needs_environment;
mod too_many_credentials;
mod trailing_slash_issuer;
mod uncovered_ref_family;
mod unmatched_subject;
mod unpinned_flexible_expression;
mod unreachable_credential;
mod unreachable_login;
mod unreadable_workflow;
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
    &environment_secret_without_environment::RULE,
    &event_name_as_branch::RULE,
    &hyphenated_pull_request::RULE,
    &id_form_on_name_repository::RULE,
    &incomplete_credential::RULE,
    &invalid_credential_name::RULE,
    &invalid_flexible_expression::RULE,
    &malformed_subject::RULE,
    &merge_queue_without_trust::RULE,
    &missing_id_token_permission::RULE,
    &name_form_on_id_repository::RULE,
    &old_azurerm_provider::RULE,
    &overlong_value::RULE,
    &placeholder_in_credential::RULE,
    &pull_request_target_trust::RULE,
    &template_needs_environment::RULE,
    &too_many_credentials::RULE,
    &trailing_slash_issuer::RULE,
    &uncovered_ref_family::RULE,
    &unmatched_subject::RULE,
    &unpinned_flexible_expression::RULE,
    &unreachable_credential::RULE,
    &unreachable_login::RULE,
    &unreadable_workflow::RULE,
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
