//! What repositories of a few lines present: each is a sentence about GitHub.

use super::*;
use crate::{
    issuer::github::Prefix,
    text::{Source, Tree},
};

const LOGIN: &str = "steps: [{uses: azure/login@v2, with: {client-id: a, tenant-id: b}}]";

/// The files with `LOGIN` put in, explored: `job event subject`, then what is odd about it.
fn presented(files: &[(&str, &str)]) -> Vec<String> {
    let mut tree = Tree::default();
    for (path, text) in files {
        let path =
            if path.contains('/') { (*path).to_owned() } else { format!(".github/workflows/{path}.yml") };
        tree.insert(Source::new(path, text.replace("LOGIN", LOGIN)));
    }
    let mut project = Project::read(tree);
    let facts = Facts {
        default_branch: Some("main".to_owned()),
        ..Facts::new(Prefix::Assumed("o/r".parse().unwrap()))
    };
    project.check_calls(facts.prefix.repository());
    let refused = project.errors().map(|error| format!("refused {}", error.problem)).collect::<Vec<_>>();
    let shown = |entry: &Entry| {
        let subject = entry.shape.to_string().replace("repo:o/r:", "");
        let may = if entry.certainty == Certainty::May { " may" } else { "" };
        let token = match entry.token {
            Token::Available => "",
            Token::NoPermission | Token::Template => " without token",
        };
        format!("{} {} {subject}{may}{token}", entry.job.value, entry.trigger)
    };
    let found = entries(&project, &facts, &Wanted::default());
    refused.into_iter().chain(found.iter().map(shown)).collect()
}

/// One workflow that may ask for tokens.
fn one(text: &str) -> Vec<String> {
    presented(&[("w", &format!("permissions: {{id-token: write}}\n{text}"))])
}

#[test]
fn what_a_called_workflow_gives_back_names_the_environment_of_a_later_job() {
    let called = "on: {workflow_call: {outputs: {e: {value: '${{ jobs.x.outputs.e }}'}, none: {value: ''}}}}
jobs: {x: {runs-on: x, outputs: {e: prod}, steps: [{run: y}]}}";
    let caller = |output: &str| {
        format!(
            "on: push\npermissions: {{id-token: write}}\njobs:\n  first: {{uses: ./.github/workflows/c.yml}}\n  go: {{needs: first, \
             runs-on: x, environment: '${{{{ needs.first.outputs.{output} }}}}', LOGIN}}\n"
        )
    };
    let with = |output: &str| presented(&[("w", &caller(output)), ("c", called)]);
    assert_eq!(with("e"), ["go push environment:prod"]);
    assert_eq!(with("none"), ["go push ref:refs/heads/** may", "go push ref:refs/tags/** may"]);
    assert_eq!(with("missing"), with("none"));
}

#[test]
fn a_job_that_may_be_skipped_hands_over_nothing_to_one_that_runs_anyway() {
    let text = |condition: &str| {
        format!(
            "on: {{push: {{branches: [main]}}}}\njobs:\n  a: {{if: vars.A, runs-on: x, outputs: {{e: prod}}, steps: [{{run: x}}]}}\n  \
             b: {{needs: a, {condition}runs-on: x, environment: '${{{{ needs.a.outputs.e }}}}', LOGIN}}\n"
        )
    };
    assert_eq!(one(&text("")), ["b push environment:prod may"]);
    assert_eq!(
        one(&text("if: always(), ")),
        ["b push environment:prod may", "b push ref:refs/heads/main may"]
    );
}

#[test]
fn a_called_workflow_that_is_not_at_hand_is_unknown_unless_the_caller_withholds_the_token() {
    let caller = |permissions: &str| {
        format!("on: push\n{permissions}jobs: {{c: {{uses: x/lib/.github/workflows/d.yml@v1}}}}\n")
    };
    let with = |permissions: &str| presented(&[("w", &caller(permissions))]);
    assert_eq!(with("permissions: {id-token: write}\n"), ["c push {context} may"]);
    assert_eq!(with(""), ["c push {context} may"]);
    assert!(with("permissions: {contents: read}\n").is_empty());
}

#[test]
fn a_called_workflow_of_another_repository_is_followed_where_it_lies_on_disk() {
    let caller = "on: {push: {branches: [main]}}\npermissions: {id-token: write}\njobs: {c: {uses: X/Lib/.github/workflows/d.yml@v1}}\n";
    let called = "on: [workflow_call, push]\njobs: {d: {uses: ./.github/workflows/e.yml}}\n";
    let deeper = "on: workflow_call\njobs: {e: {runs-on: x, steps: [{uses: $/act}]}}\n";
    let action =
        "runs: {using: composite, steps: [{uses: azure/login@v2, with: {client-id: a, tenant-id: b}}]}";
    let files = [
        ("w", caller),
        ("x/lib/.github/workflows/d.yml", called),
        ("x/lib/.github/workflows/e.yml", deeper),
        ("x/lib/act/action.yml", action),
    ];
    assert_eq!(presented(&files), ["e push ref:refs/heads/main"]);
}
