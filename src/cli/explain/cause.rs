//! What each cause of a refusal means and what to do about it: the long form of the ids that `check`, `login` and `lint` print.

use crate::{refusal::Claim, verdict::Cause};

/// The long form of a cause.
#[derive(Debug)]
pub(super) struct Meaning {
    /// The cause.
    pub(super) cause: Cause,
    /// Why it happens.
    pub(super) why: &'static str,
    /// What to do.
    pub(super) fix: &'static str,
}

impl Meaning {
    /// The code that Entra answers with, where the claim alone decides.
    pub(super) fn code(&self) -> u32 {
        match self.cause.claim() {
            _ if self.cause == Cause::SubjectCase => 7_002_138,
            _ if self.cause == Cause::SubjectExpression => 7_002_131,
            None => 70_025,
            Some(Claim::Issuer) => 700_211,
            Some(Claim::Audience) => 700_212,
            Some(Claim::Subject) => 700_213,
        }
    }
}

/// The long form of the cause of that id.
pub(super) fn named(id: &str) -> Option<&'static Meaning> {
    MEANINGS.iter().find(|meaning| meaning.cause.as_str() == id)
}

const fn row(cause: Cause, why: &'static str, fix: &'static str) -> Meaning {
    Meaning { cause, why, fix }
}

/// Every cause. The facts are those of the codes and the rules, whose pages name the sources.
static MEANINGS: &[Meaning] = &[
    row(
        Cause::NoCredentials,
        "The identity has no credential at all: none was made, or it was made on another application or identity.",
        "Check the client id, then create the credential that `fedcred check` prints.",
    ),
    row(
        Cause::IssuerSlash,
        "GitHub's issuer never ends in a slash. With one the configured issuer is another text.",
        "Take the slash away from the issuer of the credential.",
    ),
    row(
        Cause::IssuerWhitespace,
        "A blank, a line end or an invisible character came along when the issuer was pasted.",
        "Copy the issuer again, from the output of `fedcred check`.",
    ),
    row(
        Cause::IssuerEnterprise,
        "An enterprise can put its name behind the issuer of all its tokens. From then on every credential needs it.",
        "Give the credential exactly the issuer that the token has.",
    ),
    row(
        Cause::IssuerUnknown,
        "The token comes from another place than every credential expects: another GitHub, another cluster, another tool.",
        "Create a credential with the issuer of the token, on the identity that the job signs in to.",
    ),
    row(
        Cause::AudienceCloud,
        "Every cloud has an exchange audience of its own, and the token was made for that of another cloud.",
        "Set the cloud, or the audience, of the sign-in to that of the tenant.",
    ),
    row(
        Cause::AudienceOther,
        "The token was made for another receiver. In the public cloud the exchange takes `api://AzureADTokenExchange`.",
        "Ask for the token with the audience that the credential has.",
    ),
    row(
        Cause::SubjectWhitespace,
        "A blank, a line end or an invisible character came along when the subject was pasted.",
        "Copy the subject again, from the output of `fedcred check`.",
    ),
    row(
        Cause::SubjectHyphenPullRequest,
        "Some pages print `pull-request`. Tokens say `pull_request`.",
        "Write `pull_request` in the credential.",
    ),
    row(
        Cause::SubjectIdsHyphen,
        "GitHub withdrew the form `owner-1/name-2` within a day, because a repository of that name could claim it.",
        "Write `@` before each number, as in `repo:octo@1/app@2:...`.",
    ),
    row(
        Cause::SubjectWildcard,
        "A classic credential knows no patterns: `*` and `?` are plain characters, and no token has them.",
        "Trust an environment, or each branch by itself, or on an application use a flexible expression.",
    ),
    row(
        Cause::SubjectEncoding,
        "GitHub writes a colon inside a value as `%3A`. One side does, the other does not.",
        "Copy the subject that the token has, `%3A` and all.",
    ),
    row(
        Cause::SubjectMalformed,
        "The configured subject is no form that any token has: a bare branch, a URL, a text that a shell damaged.",
        "Write the whole subject, as `fedcred subject` prints it.",
    ),
    row(
        Cause::SubjectTemplate,
        "The repository or its organisation customised the subject, and the credential has another form; or the reverse.",
        "Give the credential the subject of the token; `fedcred subject --template KEYS` computes it.",
    ),
    row(
        Cause::SubjectIdsMissing,
        "Repositories created, renamed or transferred after 2026-07-15 have the numbers of owner and repository in the subject.",
        "Give the credential the form with numbers, `repo:OWNER@OWNER_ID/NAME@ID:...`, as the token has it.",
    ),
    row(
        Cause::SubjectIdsExtra,
        "The credential has the form with numbers, which the portal writes, but the repository still presents names alone.",
        "Give the credential the form with names, or switch immutable subjects on for the repository.",
    ),
    row(
        Cause::SubjectOwner,
        "The credential is for a repository of another owner; it may have been transferred, or the owner renamed.",
        "Give the credential the owner that the token names.",
    ),
    row(
        Cause::SubjectRepository,
        "The credential is for another repository of the same owner; this one may have been renamed.",
        "Give the credential the repository that the token names.",
    ),
    row(
        Cause::SubjectEnvironmentForRef,
        "A job that names an environment presents the environment, whatever its event and its branch are.",
        "Trust `environment:NAME`, or take `environment:` out of the job.",
    ),
    row(
        Cause::SubjectRefForEnvironment,
        "The credential is for an environment, but the job names none, so it presents its branch, its tag or its pull request.",
        "Add `environment: NAME` to the job, or trust what the job presents.",
    ),
    row(
        Cause::SubjectPullRequest,
        "A run for a pull request presents `pull_request`, not the branch; `pull_request_target` does so too.",
        "Trust `pull_request` if every pull request may sign in; otherwise use an environment with reviewers.",
    ),
    row(
        Cause::SubjectNotPullRequest,
        "The credential is for pull requests, but the run was started by a push, a schedule or by hand.",
        "Create one more credential for the branch or the tag, or let the job name an environment.",
    ),
    row(
        Cause::SubjectMergeQueue,
        "Every run of a merge queue has a branch of its own, `gh-readonly-queue/...`, that never comes again.",
        "Let the job name an environment, or on an application use a flexible expression.",
    ),
    row(
        Cause::SubjectTag,
        "The run is for a tag, and the credential trusts a branch or another tag.",
        "Let the job name an environment: tags change with every release.",
    ),
    row(
        Cause::SubjectBranch,
        "The run is for another branch than the one that is trusted. A called workflow runs on the branch of its caller.",
        "Create one more credential for the branch, or let the job name an environment.",
    ),
    row(
        Cause::SubjectEnvironmentName,
        "The job names another environment than the one that is trusted.",
        "Create one more credential for the environment, or correct the name in the job.",
    ),
    row(
        Cause::SubjectClaim,
        "The subject is customised, and one of the claims in it differs, such as the branch behind `job_workflow_ref`.",
        "Give the credential the value of the token; a called workflow is named as its `uses:` writes it.",
    ),
    row(
        Cause::SubjectExpression,
        "The flexible expression of the credential does not hold for the claims of the token.",
        "See which comparison fails with `fedcred check`, and change that one.",
    ),
    row(
        Cause::SubjectOther,
        "The subjects differ, and in no way that has a name.",
        "Compare both values as `fedcred check` prints them.",
    ),
    row(
        Cause::SubjectCase,
        "The subjects are equal but for upper and lower case. The environment is written as the workflow file types it.",
        "Write the subject in the letter case of the token, or the environment in that of the credential.",
    ),
];

/// Every cause that can be asked for.
pub(super) fn ids() -> impl Iterator<Item = &'static str> {
    MEANINGS.iter().map(|meaning| meaning.cause.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refusal::explain;

    #[test]
    fn every_cause_is_explained_in_its_order_and_its_code_is_known() {
        assert!(MEANINGS.iter().map(|meaning| meaning.cause).eq(Cause::all()));
        assert!(MEANINGS.iter().all(|meaning| explain(meaning.code()).is_some()));
    }
}
