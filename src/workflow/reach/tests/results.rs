//! What is known about the result of another job.

use super::{one, presented};

fn with(first: &str, condition: &str) -> Vec<String> {
    one(&format!(
        "on: {{push: {{branches: [main]}}}}\njobs:\n  a: {{{first}runs-on: x, steps: [{{run: x}}]}}\n  b: {{needs: a, if: \"{condition}\", runs-on: x, LOGIN}}\n"
    ))
}

#[test]
fn a_job_that_waits_for_success_sees_nothing_else() {
    let must = ["b push ref:refs/heads/main"];
    assert_eq!(with("", "needs.a.result == 'success'"), must);
    assert_eq!(with("", "needs.a.result != 'failure' && success()"), must);
    assert_eq!(with("", "needs.a.result == 'failure'"), [""; 0]);
    assert_eq!(with("if: vars.A, ", "needs.a.result == 'success'"), ["b push ref:refs/heads/main may"]);
}

#[test]
fn a_job_that_runs_is_not_skipped_and_one_that_may_run_may_be() {
    let may = ["b push ref:refs/heads/main may"];
    assert_eq!(with("", "always() && needs.a.result == 'skipped'"), [""; 0]);
    assert_eq!(with("", "always() && needs.a.result != 'skipped'"), ["b push ref:refs/heads/main"]);
    assert_eq!(with("", "always() && needs.a.result == 'succeeded'"), [""; 0]);
    assert_eq!(with("", "always() && needs.a.result == 'failure'"), may);
    assert_eq!(with("", "failure() && needs.a.result == 'failure'"), may);
    assert_eq!(with("if: vars.A, ", "always() && needs.a.result == 'skipped'"), may);
    assert_eq!(
        with("if: false, ", "always() && needs.a.result == 'skipped'"),
        ["b push ref:refs/heads/main"]
    );
}

#[test]
fn a_job_that_waits_is_skipped_where_the_one_before_it_fails() {
    let chain = "on: {push: {branches: [main]}}\njobs:
  z: {runs-on: x, steps: [{run: x}]}
  a: {needs: z, runs-on: x, steps: [{run: x}]}
  b: {needs: a, if: \"always() && needs.a.result == 'skipped'\", runs-on: x, LOGIN}\n";
    assert_eq!(one(chain), ["b push ref:refs/heads/main may"]);
}

#[test]
fn a_result_that_a_caller_hands_over_is_that_of_the_callers_job() {
    let caller = "on: {push: {branches: [main]}}\npermissions: {id-token: write}\njobs:
  a: {if: vars.A, runs-on: x, steps: [{run: x}]}
  c: {needs: a, if: always(), uses: ./.github/workflows/l.yml, with: {r: '${{ needs.a.result }}'}}\n";
    let called = "on: {workflow_call: {inputs: {r: {type: string}}}}\njobs:
  a: {runs-on: x, steps: [{run: x}]}
  b: {if: inputs.r == 'skipped', runs-on: x, LOGIN}\n";
    assert_eq!(presented(&[("w", caller), ("l", called)]), ["b push ref:refs/heads/main may"]);
}
