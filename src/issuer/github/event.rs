//! The table of events that start a workflow: which ref a run has, and which kind of context its subject carries.
//!
//! Source: the ref column of <https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows>.
//! Source for the context: the exact-match policies and logs named at the rows, read 2026-11-21.

use crate::id::{GitRef, Part, RefKind};

/// What the claim `ref` of a run holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefRule {
    /// The branch or the tag that was pushed, picked or created.
    BranchOrTag,
    /// The default branch.
    DefaultBranch,
    /// `refs/pull/N/merge`, or `refs/heads/BASE` once the pull request is merged.
    PullRequest,
    /// The tag of the release.
    Tag,
    /// `refs/heads/gh-readonly-queue/BASE/pr-N-SHA`, another one for every run.
    MergeQueue,
    /// The branch or tag that was deployed; empty where a bare commit was.
    Deployed,
    /// Whatever the calling run has.
    Caller,
}

impl RefRule {
    /// Whether a run can have the ref.
    #[must_use]
    pub fn admits(self, reference: &GitRef) -> bool {
        match self {
            Self::BranchOrTag => matches!(reference.kind(), RefKind::Branch | RefKind::Tag),
            Self::DefaultBranch => reference.kind() == RefKind::Branch,
            Self::PullRequest => matches!(reference.kind(), RefKind::Branch | RefKind::PullRequest),
            Self::Tag => reference.kind() == RefKind::Tag,
            Self::MergeQueue => reference.as_str().starts_with("refs/heads/gh-readonly-queue/"),
            Self::Deployed | Self::Caller => true,
        }
    }

    /// The ref as far as the rule alone tells it, with a hole for the rest.
    #[must_use]
    pub fn parts(self) -> Vec<Part> {
        let around =
            |start: &str, hole: &str| vec![Part::Text(start.to_owned()), Part::Hole(hole.to_owned())];
        match self {
            Self::BranchOrTag | Self::PullRequest | Self::Deployed | Self::Caller => {
                vec![Part::Hole("ref".to_owned())]
            }
            Self::DefaultBranch => around("refs/heads/", "default branch"),
            Self::Tag => around("refs/tags/", "tag"),
            Self::MergeQueue => around("refs/heads/gh-readonly-queue/", "merge group"),
        }
    }
}

/// Which context the default subject carries when the job names no environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContextRule {
    /// `pull_request`.
    PullRequest,
    /// `ref:` and the claim `ref`.
    Ref,
    /// Either of the two; nobody has published a token.
    PullRequestOrRef,
    /// Probably `ref:` and the claim `ref`; nobody has published a token.
    ProbablyRef,
    /// Whatever the calling run has.
    Caller,
}

/// How sure the row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Evidence {
    /// A token, a log or an exact-match policy shows it.
    Seen,
    /// GitHub documents the ref, and events of the same class were seen.
    Documented,
    /// Concluded from its neighbours.
    Inferred,
}

/// One row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// The name as in `on:` and in the claim `event_name`.
    pub name: &'static str,
    /// What the claim `ref` holds.
    pub reference: RefRule,
    /// Which context the subject carries.
    pub context: ContextRule,
    /// How sure that is.
    pub evidence: Evidence,
}

impl Event {
    /// The event of exactly that name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        EVENTS.binary_search_by(|event| event.name.cmp(name)).ok().and_then(|at| EVENTS.get(at))
    }

    /// Whether `head_ref` and `base_ref` can be filled; on every other event both are empty.
    ///
    /// Source: the token of a push against that of a pull request, <https://docs.github.com/actions/reference/security/oidc>.
    #[must_use]
    pub const fn may_have_head(&self) -> bool {
        match self.context {
            ContextRule::PullRequest | ContextRule::PullRequestOrRef | ContextRule::Caller => true,
            ContextRule::Ref | ContextRule::ProbablyRef => false,
        }
    }
}

/// An event whose run has the default branch, in the class of `schedule` and `issues`.
const fn on_default_branch(name: &'static str, evidence: Evidence) -> Event {
    Event { name, reference: RefRule::DefaultBranch, context: ContextRule::Ref, evidence }
}

const fn row(name: &'static str, reference: RefRule, context: ContextRule, evidence: Evidence) -> Event {
    Event { name, reference, context, evidence }
}

/// Every event, sorted by name.
pub static EVENTS: &[Event] = {
    use ContextRule::{Caller, ProbablyRef, PullRequest, PullRequestOrRef, Ref};
    use Evidence::{Documented, Inferred, Seen};
    &[
        on_default_branch("branch_protection_rule", Documented),
        on_default_branch("check_run", Documented),
        on_default_branch("check_suite", Documented),
        row("create", RefRule::BranchOrTag, Ref, Inferred),
        on_default_branch("delete", Inferred),
        // The ref is empty where a bare commit was deployed; what the subject says then is unknown.
        row("deployment", RefRule::Deployed, ProbablyRef, Inferred),
        row("deployment_status", RefRule::Deployed, ProbablyRef, Inferred),
        on_default_branch("discussion", Documented),
        on_default_branch("discussion_comment", Documented),
        on_default_branch("fork", Documented),
        on_default_branch("gollum", Documented),
        on_default_branch("image_version", Documented),
        on_default_branch("issue_comment", Documented),
        // Source: DataDog/datadog-ci self.issue-labeler.sts.yaml.
        on_default_branch("issues", Seen),
        on_default_branch("label", Documented),
        // Source: an AADSTS7002131 text that prints the queue's ref.
        row("merge_group", RefRule::MergeQueue, Ref, Seen),
        // Source: the code-freeze policy of DataDog/dd-trace-go.
        on_default_branch("milestone", Seen),
        on_default_branch("page_build", Documented),
        on_default_branch("project", Documented),
        on_default_branch("project_card", Documented),
        on_default_branch("project_column", Documented),
        on_default_branch("public", Documented),
        // Source: octo-sts/app verify-prod.sts.yaml; merged and closed: DataDog/dd-trace-rb add-milestone-to-pull-requests.
        row("pull_request", RefRule::PullRequest, PullRequest, Seen),
        row("pull_request_review", RefRule::PullRequest, PullRequestOrRef, Inferred),
        row("pull_request_review_comment", RefRule::PullRequest, PullRequestOrRef, Inferred),
        // The subject is that of a pull request although the ref is a branch. Before GHES 3.20 the ref is the base branch.
        // Source: octo-sts/action use-action.sts.yaml, DataDog/dd-trace-py self.backport.create-pr.sts.yaml.
        row("pull_request_target", RefRule::DefaultBranch, PullRequest, Seen),
        row("push", RefRule::BranchOrTag, Ref, Seen),
        row("registry_package", RefRule::BranchOrTag, Ref, Inferred),
        // Source: DataDog/dd-trace-dotnet self.auto_create_version_bump_pr.
        row("release", RefRule::Tag, Ref, Seen),
        // Source: DataDog/dd-trace-rb self.update-images.
        on_default_branch("repository_dispatch", Seen),
        // Source: mregni/BoardGameTracker audit notes.
        on_default_branch("schedule", Seen),
        on_default_branch("status", Documented),
        on_default_branch("watch", Documented),
        // Source: <https://docs.github.com/actions/how-tos/reuse-automations/reuse-workflows>, Azure/login#453.
        row("workflow_call", RefRule::Caller, Caller, Documented),
        // Source: Azure/login#296.
        row("workflow_dispatch", RefRule::BranchOrTag, Ref, Seen),
        // The default branch, not the branch of the run that triggered it. Source: DataDog/dd-trace-go.
        on_default_branch("workflow_run", Seen),
    ]
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_so_that_every_row_is_found() {
        assert!(EVENTS.is_sorted_by(|a, b| a.name < b.name));
        assert!(EVENTS.iter().all(|event| Event::named(event.name) == Some(event)));
        assert_eq!(Event::named("Push"), None);
    }

    #[test]
    fn pull_request_target_has_a_branch_and_the_subject_of_a_pull_request() {
        let event = Event::named("pull_request_target").unwrap();
        assert_eq!((event.reference, event.context), (RefRule::DefaultBranch, ContextRule::PullRequest));
    }
}
