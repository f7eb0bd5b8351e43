//! Which steps sign in.

use super::one;

#[test]
fn an_action_whose_name_says_what_it_runs_signs_in_where_the_job_or_the_workflow_says_so() {
    let with = |workflow: &str, job: &str| {
        one(&format!(
            "on: pull_request\nenv: {{{workflow}}}\njobs: {{a: {{runs-on: x, env: {{{job}}}, steps: [{{uses: a/checkout@v4}}, {{uses: o/terraform-all-in-one@v1}}]}}}}\n"
        ))
    };
    assert_eq!(with("ARM_USE_OIDC: true", ""), ["a pull_request pull_request"]);
    assert_eq!(with("", "ARM_USE_OIDC: 'true'"), ["a pull_request pull_request"]);
    assert_eq!(with("ARM_USE_OIDC: true", "ARM_USE_OIDC: false"), [""; 0]);
    assert_eq!(with("ARM_CLIENT_ID: x", ""), [""; 0]);
}
