//! Which parts of `github.event` a payload has, by event. A part that another event has is null here.
//!
//! Source: <https://docs.github.com/webhooks/webhook-events-and-payloads>.

/// A part, and the events whose payloads have it.
type Row = (&'static str, &'static [&'static str]);

const PULL: &[&str] =
    &["pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment"];

static ROWS: &[Row] = &[
    ("after", &["push", "pull_request", "pull_request_target"]),
    ("alert", &[]),
    ("assignee", &["issues", "pull_request", "pull_request_target"]),
    ("base_ref", &["push"]),
    ("before", &["push", "pull_request", "pull_request_target"]),
    ("branches", &["status"]),
    (
        "changes",
        &[
            "issues",
            "issue_comment",
            "pull_request",
            "pull_request_target",
            "label",
            "milestone",
            "release",
            "discussion",
        ],
    ),
    ("check_run", &["check_run", "deployment", "deployment_status"]),
    ("check_suite", &["check_suite"]),
    ("client_payload", &["repository_dispatch"]),
    ("comment", &["issue_comment", "pull_request_review_comment", "discussion_comment"]),
    ("commits", &["push"]),
    ("compare", &["push"]),
    ("created", &["push"]),
    ("deleted", &["push"]),
    ("deployment", &["deployment", "deployment_status"]),
    ("deployment_status", &["deployment_status"]),
    ("discussion", &["discussion", "discussion_comment"]),
    ("forced", &["push"]),
    ("forkee", &["fork"]),
    ("head_commit", &["push", "merge_group"]),
    ("inputs", &["workflow_dispatch"]),
    ("issue", &["issues", "issue_comment"]),
    ("label", &["issues", "pull_request", "pull_request_target", "label", "discussion"]),
    ("master_branch", &["create"]),
    ("merge_group", &["merge_group"]),
    ("milestone", &["milestone", "issues", "pull_request", "pull_request_target"]),
    ("number", &["pull_request", "pull_request_target"]),
    ("pages", &["gollum"]),
    ("pull_request", PULL),
    ("pusher", &["push"]),
    ("ref", &["push", "create", "delete", "workflow_dispatch"]),
    ("ref_type", &["create", "delete"]),
    ("registry_package", &["registry_package"]),
    ("release", &["release"]),
    ("requested_reviewer", &["pull_request", "pull_request_target"]),
    ("review", &["pull_request_review"]),
    ("schedule", &["schedule"]),
    ("workflow", &["workflow_run", "workflow_dispatch", "schedule"]),
    ("workflow_run", &["workflow_run"]),
];

/// Events whose payloads have no `action`.
const WITHOUT_ACTION: &[&str] = &[
    "create",
    "delete",
    "deployment",
    "deployment_status",
    "fork",
    "gollum",
    "page_build",
    "public",
    "push",
    "schedule",
    "status",
    "workflow_dispatch",
];

/// Whether the payload of `event` has this part; `None` where that is not known.
pub(super) fn has(event: &str, part: &str) -> Option<bool> {
    if part.eq_ignore_ascii_case("action") {
        return Some(!WITHOUT_ACTION.contains(&event));
    }
    let row = ROWS.iter().find(|(name, _)| name.eq_ignore_ascii_case(part));
    row.map(|(_, events)| events.contains(&event))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dispatch_has_no_pull_request_and_everybody_has_a_repository() {
        assert_eq!(has("workflow_dispatch", "pull_request"), Some(false));
        assert_eq!(has("pull_request_target", "pull_request"), Some(true));
        assert_eq!(has("push", "action"), Some(false));
        assert_eq!(has("push", "repository"), None);
        assert!(ROWS.is_sorted());
    }
}
