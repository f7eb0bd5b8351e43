//! Calls for which no run starts, and actions without end.

use super::{super::*, one, presented, project};
use crate::issuer::github::Prefix;

#[test]
fn a_workflow_whose_call_does_not_fit_never_runs() {
    let called = "on: {workflow_call: {inputs: {e: {type: string, required: true}}}}
jobs: {d: {runs-on: x, permissions: {id-token: write, contents: read}, environment: '${{ inputs.e }}', LOGIN}}";
    let with = |permissions: &str, with: &str| {
        let text = format!(
            "on: push\npermissions: {{{permissions}}}\njobs: {{c: {{uses: ./.github/workflows/d.yml, with: {{{with}}}}}}}\n"
        );
        presented(&[("w", &text), ("d", called)])
    };
    assert_eq!(with("id-token: write, contents: read", "e: x"), ["d push environment:x"]);
    assert_eq!(with("contents: read", "e: x"), ["d push environment:x without token"]);
    let only = |found: Vec<String>| found.into_iter().find(|line| line.starts_with("refused")).unwrap();
    assert!(only(with("contents: read", "")).contains("requires the input `e`"));
    assert!(only(with("id-token: write", "e: x")).contains("asks for `contents: read`"));
    assert!(only(with("id-token: write, contents: read", "")).contains("requires the input `e`"));
    assert!(only(with("id-token: write, contents: read", "e: x, f: y")).contains("declares no input `f`"));
}

#[test]
fn where_a_called_job_may_not_have_its_token_no_other_job_of_the_run_has_one() {
    let called = "on: workflow_call\njobs: {d: {runs-on: x, permissions: {id-token: write}, LOGIN}}";
    let with = |granted: &str| {
        let text = format!(
            "on: {{push: {{branches: [main]}}}}\npermissions: {{{granted}}}\njobs:\n  c: {{uses: ./.github/workflows/d.yml}}\n  \
             e: {{runs-on: x, permissions: {{id-token: write}}, LOGIN}}\n  f: {{uses: x/y/.github/workflows/f.yml@v1, permissions: \
             {{id-token: write}}}}\n"
        );
        presented(&[("w", &text), ("d", called)])
    };
    let main = "push ref:refs/heads/main";
    assert_eq!(
        with("id-token: write"),
        [format!("d {main}"), format!("e {main}"), "f push {context} may".into()]
    );
    let without = [format!("d {main} without token"), format!("e {main} without token")];
    assert_eq!(with(""), [&without[..], &["f push {context} may without token".into()]].concat());
}

#[test]
fn a_workflow_that_calls_itself_never_runs() {
    let text = "on: [push, workflow_call]\njobs:\n  c: {uses: ./.github/workflows/w.yml}\n  d: {runs-on: x, LOGIN}\n";
    assert_eq!(one(text), ["refused calls go more than 10 deep"]);
}

#[test]
fn an_action_that_uses_itself_many_times_is_looked_at_once() {
    let uses = "{uses: ./a}, ".repeat(50);
    let action = format!("runs: {{using: composite, steps: [{uses}]}}");
    let workflow = "on: push\npermissions: {id-token: write}\njobs: {j: {runs-on: x, steps: [{uses: ./a}]}}";
    assert_eq!(presented(&[("w", workflow), ("a/action.yml", &action)]), [""; 0]);
}

#[test]
fn a_workflow_with_more_combinations_than_are_worked_out_says_so() {
    let values = "[1, 2, 3, 4]";
    let matrix = format!("{{a: {values}, b: {values}, c: {values}, d: {values}, e: {values}}}");
    let jobs: String = (0..60)
        .map(|at| format!("  j{at}: {{runs-on: x, strategy: {{matrix: {matrix}}}, environment: '${{{{ matrix.a }}}}', LOGIN}}\n"))
        .collect();
    let text = format!("on: push\npermissions: {{id-token: write}}\njobs:\n{jobs}");
    let found = entries(
        &project(&[("w", &text)]),
        &Facts::new(Prefix::Assumed("o/r".parse().unwrap())),
        &Wanted::default(),
    );
    let told = |entry: &&Entry| entry.assumed.iter().any(|it| it.contains("more combinations"));
    assert!(!told(&&found[0]) && told(&found.last().unwrap()));
}
