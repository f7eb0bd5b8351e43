//! Which issuer's form a subject follows, and what kind of context it names.

use super::github::{Context, GitHub};
use crate::id::Guid;

/// A subject recognised by its form. What is not recognised is a form of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form<'a>(Shape<'a>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape<'a> {
    /// GitHub Actions.
    GitHub(GitHub<'a>),
    /// Any other form: its name and its named parts.
    Other(OtherForm, Vec<(&'static str, &'a str)>),
}

/// Forms of other issuers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum OtherForm {
    Kubernetes,
    GitLab,
    HcpTerraform,
    AzurePipelines,
    Structured,
    Spiffe,
    Aws,
    Number,
    Guid,
    Unknown,
}

/// What kind of run a subject speaks of, as near as it can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A job in an environment.
    Environment,
    /// A run on a branch.
    Branch,
    /// A run on a tag.
    Tag,
    /// A run of a merge queue.
    MergeQueue,
    /// A run for a pull request.
    PullRequest,
    /// Anything else, told apart by the issuer's form.
    Other(u8),
}

impl<'a> Form<'a> {
    /// Recognises `subject`.
    #[must_use]
    pub fn of(subject: &'a str) -> Self {
        Self(GitHub::parse(subject).map_or_else(|| other(subject), Shape::GitHub))
    }

    /// The kind of run. In a subject that follows no form it is guessed from the words in it.
    #[must_use]
    pub fn kind(&self, subject: &str) -> Kind {
        match &self.0 {
            Shape::GitHub(form) => form.context.map_or_else(|| guess(subject), |context| kind(&context)),
            Shape::Other(OtherForm::Unknown, _) => guess(subject),
            Shape::Other(form, _) => Kind::Other(*form as u8),
        }
    }

    /// Whether GitHub Actions could have written this very text.
    #[must_use]
    pub fn is_github(&self) -> bool {
        match &self.0 {
            Shape::GitHub(form) => form.is_sound(),
            Shape::Other(..) => false,
        }
    }

    pub(super) const fn shape(&self) -> &Shape<'a> {
        &self.0
    }
}

fn kind(context: &Context<'_>) -> Kind {
    match context {
        Context::Environment(_) => Kind::Environment,
        Context::Branch(_) => Kind::Branch,
        Context::Tag(_) => Kind::Tag,
        Context::MergeQueue(_) => Kind::MergeQueue,
        Context::PullRequest(_) => Kind::PullRequest,
        Context::Ref(text) if text.starts_with("refs/pull/") => Kind::PullRequest,
        Context::Ref(_) => Kind::Branch,
    }
}

fn guess(subject: &str) -> Kind {
    const WORDS: [(&str, Kind); 8] = [
        ("environment", Kind::Environment),
        ("gh-readonly-queue", Kind::MergeQueue),
        ("pull", Kind::PullRequest),
        ("refs/tags", Kind::Tag),
        (":tag", Kind::Tag),
        ("heads", Kind::Branch),
        ("branch", Kind::Branch),
        (":ref", Kind::Branch),
    ];
    let lower = subject.to_lowercase();
    let found = WORDS.into_iter().find(|(word, _)| lower.contains(word));
    found.map_or(Kind::Other(OtherForm::Unknown as u8), |(_, kind)| kind)
}

/// Source: the subject forms in <https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust> and, for GitLab and
/// HCP Terraform, in their own pages on OIDC.
fn other(subject: &str) -> Shape<'_> {
    const STARTS: [(&str, OtherForm); 6] = [
        ("project_path:", OtherForm::GitLab),
        ("organization:", OtherForm::HcpTerraform),
        ("/eid1/", OtherForm::Structured),
        ("spiffe://", OtherForm::Spiffe),
        ("arn:aws", OtherForm::Aws),
        ("system:serviceaccount:", OtherForm::Unknown),
    ];
    let lower = subject.to_ascii_lowercase();
    if let Some(parts) = service_account(subject) {
        return Shape::Other(OtherForm::Kubernetes, parts);
    }
    if lower.starts_with("sc://") || lower.starts_with("p://") {
        return Shape::Other(OtherForm::AzurePipelines, pipeline(subject));
    }
    let form = match STARTS.iter().find(|(start, _)| lower.starts_with(start)) {
        Some((_, form)) => *form,
        None if !subject.is_empty() && subject.bytes().all(|byte| byte.is_ascii_digit()) => OtherForm::Number,
        None if subject.parse::<Guid>().is_ok() => OtherForm::Guid,
        None => OtherForm::Unknown,
    };
    Shape::Other(form, Vec::new())
}

/// `system:serviceaccount:NAMESPACE:NAME`, and nothing behind it.
fn service_account(subject: &str) -> Option<Vec<(&'static str, &str)>> {
    let mut tokens = subject.split(':');
    let (system, kind) = (tokens.next()?, tokens.next()?);
    let (namespace, name) = (tokens.next()?, tokens.next()?);
    let fits = system.eq_ignore_ascii_case("system") && kind.eq_ignore_ascii_case("serviceaccount");
    (fits && tokens.next().is_none() && !namespace.is_empty() && !name.is_empty())
        .then(|| vec![("namespace", namespace), ("service-account", name)])
}

fn pipeline(subject: &str) -> Vec<(&'static str, &str)> {
    let (scheme, rest) = subject.split_once("://").unwrap_or(("", subject));
    let names = ["organization", "project", "connection"];
    std::iter::once(("kind", scheme)).chain(names.into_iter().zip(rest.splitn(3, '/'))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind_of(subject: &str) -> Kind {
        Form::of(subject).kind(subject)
    }

    #[test]
    fn kinds_are_told_even_from_broken_text() {
        assert_eq!(kind_of("repo:o/r:environment/prod"), Kind::Environment);
        assert_eq!(kind_of("repo:o/r:refs/tags/v1"), Kind::Tag);
        assert_eq!(kind_of("repo:o/r:ref:refs/heads/gh-readonly-queue/main/pr-1-abc"), Kind::MergeQueue);
        assert_eq!(kind_of("repo:o/r:pull-request"), Kind::PullRequest);
        assert_ne!(kind_of("system:serviceaccount:ns:sa"), kind_of("spiffe://td/x"));
    }
}
