//! Why a credential does not take a token: every cause, its id, its rank, and its one-line title.

use std::{borrow::Cow, fmt};

use crate::refusal::Claim;

/// A cause of a refusal. The order is the order in which causes are named when several hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// The identity has no credential at all.
    NoCredentials,
    /// The issuers differ by a slash at the end.
    IssuerSlash,
    /// The issuers differ by blank, control or invisible characters.
    IssuerWhitespace,
    /// One issuer names an enterprise, the other does not or names another.
    IssuerEnterprise,
    /// The issuer is another one.
    IssuerUnknown,
    /// The audiences belong to different clouds.
    AudienceCloud,
    /// The audience is another one.
    AudienceOther,
    /// The subjects differ by blank, control or invisible characters.
    SubjectWhitespace,
    /// The configured subject says `pull-request`, which no token does.
    SubjectHyphenPullRequest,
    /// The configured subject has the withdrawn form `owner-1/name-2`.
    SubjectIdsHyphen,
    /// The configured subject holds `*` or `?`, which are literal characters.
    SubjectWildcard,
    /// The subjects differ by how a character is escaped, such as `:` against `%3A`.
    SubjectEncoding,
    /// The configured subject has a form that no issuer emits.
    SubjectMalformed,
    /// One side follows another template than the other.
    SubjectTemplate,
    /// The token carries ids, the credential names alone.
    SubjectIdsMissing,
    /// The credential carries ids, the token names alone.
    SubjectIdsExtra,
    /// Another owner.
    SubjectOwner,
    /// Another repository.
    SubjectRepository,
    /// The token names an environment, the credential a branch, a tag or pull requests.
    SubjectEnvironmentForRef,
    /// The credential names an environment, the token a branch, a tag or a pull request.
    SubjectRefForEnvironment,
    /// The token comes from a pull request, the credential names a branch or a tag.
    SubjectPullRequest,
    /// The credential is for pull requests, the token comes from a branch or a tag.
    SubjectNotPullRequest,
    /// The token comes from a merge queue, whose ref changes with every run.
    SubjectMergeQueue,
    /// A tag against a branch, or another tag.
    SubjectTag,
    /// Another branch.
    SubjectBranch,
    /// Another environment.
    SubjectEnvironmentName,
    /// Another value of a claim that only a template brings in.
    SubjectClaim,
    /// A flexible expression does not hold.
    SubjectExpression,
    /// Another subject, and no more can be told.
    SubjectOther,
    /// The subjects differ by letter case alone.
    SubjectCase,
}

/// Cause, id and title, in the order of the enum.
static ROWS: [(Cause, &str, &str); 30] = [
    (Cause::NoCredentials, "no-credentials", "the identity has no credential at all"),
    (Cause::IssuerSlash, "issuer-slash", "the issuers differ by a slash at the end"),
    (Cause::IssuerWhitespace, "issuer-whitespace", "the issuers differ by characters that cannot be seen"),
    (Cause::IssuerEnterprise, "issuer-enterprise", "the issuers differ by the name of an enterprise"),
    (Cause::IssuerUnknown, "issuer-unknown", "no credential trusts this issuer"),
    (Cause::AudienceCloud, "audience-cloud", "the audience belongs to another cloud"),
    (Cause::AudienceOther, "audience-other", "the token was made for another audience"),
    (Cause::SubjectWhitespace, "subject-whitespace", "the subjects differ by characters that cannot be seen"),
    (
        Cause::SubjectHyphenPullRequest,
        "subject-hyphen-pull-request",
        "the credential says `pull-request`; tokens say `pull_request`",
    ),
    (Cause::SubjectIdsHyphen, "subject-ids-hyphen", "the credential has the withdrawn form of ids"),
    (Cause::SubjectWildcard, "subject-wildcard", "a wildcard in a subject is a literal character"),
    (Cause::SubjectEncoding, "subject-encoding", "the subjects differ by how a character is escaped"),
    (Cause::SubjectMalformed, "subject-malformed", "no token has a subject of the configured form"),
    (Cause::SubjectTemplate, "subject-template", "token and credential follow different subject templates"),
    (
        Cause::SubjectIdsMissing,
        "subject-ids-missing",
        "the token carries the ids of owner and repository, the credential does not",
    ),
    (
        Cause::SubjectIdsExtra,
        "subject-ids-extra",
        "the credential carries the ids of owner and repository, the token does not",
    ),
    (Cause::SubjectOwner, "subject-owner", "the credential trusts another owner"),
    (Cause::SubjectRepository, "subject-repository", "the credential trusts another repository"),
    (
        Cause::SubjectEnvironmentForRef,
        "subject-environment-for-ref",
        "the job names an environment, the credential trusts a ref",
    ),
    (
        Cause::SubjectRefForEnvironment,
        "subject-ref-for-environment",
        "the credential trusts an environment, the job names none",
    ),
    (
        Cause::SubjectPullRequest,
        "subject-pull-request",
        "the run is for a pull request, the credential trusts a ref",
    ),
    (
        Cause::SubjectNotPullRequest,
        "subject-not-pull-request",
        "the credential trusts pull requests, the run is not for one",
    ),
    (
        Cause::SubjectMergeQueue,
        "subject-merge-queue",
        "the run is for a merge queue, whose ref is never the same",
    ),
    (Cause::SubjectTag, "subject-tag", "the tag is not the one that the credential trusts"),
    (Cause::SubjectBranch, "subject-branch", "the branch is not the one that the credential trusts"),
    (
        Cause::SubjectEnvironmentName,
        "subject-environment-name",
        "the environment is not the one that the credential trusts",
    ),
    (Cause::SubjectClaim, "subject-claim", "a claim in the templated subject differs"),
    (Cause::SubjectExpression, "subject-expression", "the flexible expression does not hold"),
    (Cause::SubjectOther, "subject-other", "the subjects differ"),
    (Cause::SubjectCase, "subject-case", "the subjects differ by letter case alone"),
];

impl Cause {
    /// Every cause, in the order in which they are named.
    pub fn all() -> impl Iterator<Item = Self> {
        ROWS.iter().map(|(cause, _, _)| *cause)
    }

    /// The stable id.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        ROWS.get(self as usize).map_or("", |(_, id, _)| id)
    }

    /// What is wrong, in one line.
    #[must_use]
    pub fn title(self) -> &'static str {
        ROWS.get(self as usize).map_or("", |(_, _, title)| title)
    }

    /// The claim at fault; none where there is no credential at all.
    #[must_use]
    pub fn claim(self) -> Option<Claim> {
        match self.as_str().split('-').next() {
            Some("issuer") => Some(Claim::Issuer),
            Some("audience") => Some(Claim::Audience),
            Some("subject") => Some(Claim::Subject),
            _ => None,
        }
    }

    /// Whether it lies in the subject.
    #[must_use]
    pub fn is_about_subject(self) -> bool {
        self.claim() == Some(Claim::Subject)
    }

    /// Whether a credential with this defect can serve nobody who means the same thing, so that changing it takes nothing from anyone.
    #[must_use]
    pub const fn makes_useless(self) -> bool {
        match self {
            Self::IssuerSlash
            | Self::IssuerWhitespace
            | Self::AudienceCloud
            | Self::AudienceOther
            | Self::SubjectWhitespace
            | Self::SubjectHyphenPullRequest
            | Self::SubjectIdsHyphen
            | Self::SubjectWildcard
            | Self::SubjectEncoding
            | Self::SubjectMalformed
            | Self::SubjectCase => true,
            Self::NoCredentials
            | Self::IssuerEnterprise
            | Self::IssuerUnknown
            | Self::SubjectTemplate
            | Self::SubjectIdsMissing
            | Self::SubjectIdsExtra
            | Self::SubjectOwner
            | Self::SubjectRepository
            | Self::SubjectEnvironmentForRef
            | Self::SubjectRefForEnvironment
            | Self::SubjectPullRequest
            | Self::SubjectNotPullRequest
            | Self::SubjectMergeQueue
            | Self::SubjectTag
            | Self::SubjectBranch
            | Self::SubjectEnvironmentName
            | Self::SubjectClaim
            | Self::SubjectExpression
            | Self::SubjectOther => false,
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One place in which a token and a credential differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The claim it lies in.
    pub claim: Claim,
    /// The part of the claim: `environment`, `owner`, the key of a template, ...
    pub segment: Cow<'static, str>,
    /// What the token says there.
    pub presented: String,
    /// What the credential says there.
    pub configured: String,
    /// Why they differ.
    pub cause: Cause,
}

impl Difference {
    pub(super) fn new(
        segment: impl Into<Cow<'static, str>>,
        presented: impl Into<String>,
        configured: impl Into<String>,
        cause: Cause,
    ) -> Self {
        Self {
            claim: cause.claim().unwrap_or(Claim::Subject),
            segment: segment.into(),
            presented: presented.into(),
            configured: configured.into(),
            cause,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_all_causes_stand_in_their_order() {
        assert!(Cause::all().enumerate().all(|(at, cause)| cause as usize == at));
        let ids: std::collections::BTreeSet<_> = Cause::all().map(Cause::as_str).collect();
        assert_eq!(ids.len(), Cause::SubjectCase as usize + 1);
        assert_eq!(Cause::SubjectCase.claim(), Some(Claim::Subject));
        assert_eq!(Cause::NoCredentials.claim(), None);
    }
}
