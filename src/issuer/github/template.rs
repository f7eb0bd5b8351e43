//! The list of claims that an owner has chosen for the subject, and which of several lists is in force.
//!
//! Source: `include_claim_keys` and `use_default` of <https://docs.github.com/rest/actions/oidc>.

use std::{fmt, str::FromStr};

use thiserror::Error;

/// Why a list of keys is no template.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum TemplateError {
    /// No key, or nothing between two commas.
    #[error("a template is a list of claim names such as repo,context; `{0}` has an empty one")]
    Empty(String),
    /// A key twice.
    #[error("the template names `{0}` twice")]
    Twice(String),
    /// A key that the API would refuse.
    #[error("`{0}` is no claim name: only letters, digits and underscores are allowed")]
    Name(String),
}

/// The keys of a subject, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    keys: Vec<String>,
}

impl Default for Template {
    /// `repo`, `context`, which is what GitHub does when nobody chose anything.
    fn default() -> Self {
        Self { keys: vec!["repo".to_owned(), "context".to_owned()] }
    }
}

impl Template {
    /// Takes the keys in order.
    ///
    /// # Errors
    /// Where GitHub's API would refuse the list: it is empty, a key repeats, or a key is no name.
    pub fn new(keys: impl IntoIterator<Item = String>) -> Result<Self, TemplateError> {
        let mut kept: Vec<String> = Vec::new();
        for key in keys {
            let named = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            match () {
                () if key.is_empty() => return Err(TemplateError::Empty(kept.join(","))),
                () if !named => return Err(TemplateError::Name(key)),
                () if kept.contains(&key) => return Err(TemplateError::Twice(key)),
                () => kept.push(key),
            }
        }
        if kept.is_empty() { Err(TemplateError::Empty(String::new())) } else { Ok(Self { keys: kept }) }
    }

    /// The keys in order.
    #[must_use]
    pub fn keys(&self) -> &[String] {
        &self.keys
    }

    /// Whether a subject made from it names the repository, with its numbers where it has them.
    #[must_use]
    pub fn names_repository(&self) -> bool {
        self.keys.iter().any(|key| is_repository(key))
    }

    /// Whether a subject made from it holds the context.
    #[must_use]
    pub fn holds_context(&self) -> bool {
        self.keys.iter().any(|key| key == "context")
    }

    /// Whether a subject made from it holds anything but the repository and the context.
    #[must_use]
    pub fn asks_for_claims(&self) -> bool {
        self.keys.iter().any(|key| !is_repository(key) && key != "context")
    }

    /// The template that GitHub uses, given what the repository and its organisation say.
    ///
    /// A repository that says nothing, or `use_default: true`, has the default form whatever the organisation chose; the
    /// organisation's list counts only for a repository with `use_default: false` and no keys of its own.
    /// Source: <https://docs.github.com/actions/reference/security/oidc>, Azure/azure-dev#7705.
    #[must_use]
    pub fn in_force(repository: Option<&Customization>, organization: Option<&Self>) -> Self {
        let chosen = match repository {
            None | Some(Customization { use_default: true, .. }) => None,
            Some(Customization { template: Some(own), .. }) => Some(own),
            Some(Customization { template: None, .. }) => organization,
        };
        chosen.cloned().unwrap_or_default()
    }
}

/// What a repository says about its subjects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customization {
    /// `use_default`.
    pub use_default: bool,
    /// `include_claim_keys`; ignored by GitHub where `use_default` is true.
    pub template: Option<Template>,
}

/// Whether the key stands for the repository; both are written `repo:` in the subject.
///
/// Source: `["repository","environment","job_workflow_ref"]` in Azure/accelerator-bootstrap-modules gives `repo:OWNER/NAME:...`.
pub(super) fn is_repository(key: &str) -> bool {
    matches!(key, "repo" | "repository")
}

/// Whether GitHub offers the claim for templates at all.
///
/// Source: PaloAltoNetworks/github-oidc-utils lists the keys that cannot be used.
pub(super) fn is_usable(key: &str) -> bool {
    !matches!(key, "aud" | "sha" | "enterprise" | "enterprise_id" | "ref_protected")
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.keys.join(","))
    }
}

impl FromStr for Template {
    type Err = TemplateError;

    /// Reads keys separated by commas.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::new(text.split(',').map(str::to_owned)).map_err(|error| match error {
            TemplateError::Empty(_) => TemplateError::Empty(text.to_owned()),
            TemplateError::Twice(_) | TemplateError::Name(_) => error,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Template {
        text.parse().unwrap()
    }

    #[test]
    fn an_organisation_alone_changes_nothing() {
        let organization = keys("repository_owner");
        let of = |use_default, template| Customization { use_default, template };
        let in_force = |own: Option<&Customization>| Template::in_force(own, Some(&organization)).to_string();
        assert_eq!(in_force(None), "repo,context");
        assert_eq!(in_force(Some(&of(true, Some(keys("actor"))))), "repo,context");
        assert_eq!(in_force(Some(&of(false, Some(keys("actor"))))), "actor");
        assert_eq!(in_force(Some(&of(false, None))), "repository_owner");
    }

    #[test]
    fn a_list_that_the_api_refuses_is_no_template() {
        assert_eq!("repo,,context".parse::<Template>(), Err(TemplateError::Empty("repo,,context".into())));
        assert_eq!("repo,repo".parse::<Template>(), Err(TemplateError::Twice("repo".into())));
        assert_eq!("repo, context".parse::<Template>(), Err(TemplateError::Name(" context".into())));
    }
}
