//! What repositories of a few lines present: each is a sentence about GitHub.

mod calls;
mod default;
mod environment;
mod matrix;
mod refs;
mod results;
mod tools;

use super::*;
use crate::{
    issuer::github::Prefix,
    text::{Source, Tree},
};

const LOGIN: &str = "steps: [{uses: azure/login@v2, with: {client-id: a, tenant-id: b}}]";

/// The files with `LOGIN` put in. One whose path has no folder is a workflow.
fn project(files: &[(&str, &str)]) -> Project {
    let mut tree = Tree::default();
    for (path, text) in files {
        let path =
            if path.contains('/') { (*path).to_owned() } else { format!(".github/workflows/{path}.yml") };
        tree.insert(Source::new(path, text.replace("LOGIN", LOGIN)));
    }
    Project::read(tree)
}

/// The files with `LOGIN` put in, explored: `job event subject`, then what is odd about it.
fn presented(files: &[(&str, &str)]) -> Vec<String> {
    presented_with(files, Some("main"))
}

/// The same where this is the default branch.
fn presented_with(files: &[(&str, &str)], default: Option<&str>) -> Vec<String> {
    let mut project = project(files);
    let facts = Facts {
        default_branch: default.map(str::to_owned),
        ..Facts::new(Prefix::Assumed("o/r".parse().unwrap()))
    };
    project.check_calls(facts.prefix.repository());
    let refused = project.errors().map(|error| format!("refused {}", error.problem)).collect::<Vec<_>>();
    let shown = |entry: &Entry| {
        let subject = entry.shape.to_string().replace("repo:o/r:", "");
        let may = if entry.certainty == Certainty::May { " may" } else { "" };
        let token = match entry.token {
            Token::Available => "",
            Token::NoPermission | Token::NoStart | Token::Template => " without token",
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

#[test]
fn a_ref_that_a_condition_or_an_environment_names_is_told_apart_from_the_rest() {
    let prod = "on: {push: {branches: [main, 'rel/**']}}\njobs:\n  a: {runs-on: x, environment: \"${{ github.ref == 'refs/heads/main' && 'prod' || '' }}\", LOGIN}\n";
    assert_eq!(one(prod), ["a push environment:prod", "a push ref:refs/heads/rel/** may"]);
    let tag = "on: {push: {tags: ['v*', '!v0*']}}\njobs: {a: {if: \"startsWith(github.ref, 'refs/heads/')\", runs-on: x, LOGIN}, b: {if: github.ref_type == 'tag', runs-on: x, LOGIN}}\n";
    assert_eq!(one(tag), ["b push ref:refs/tags/v* may"]);
    let ignored = "on: {push: {branches-ignore: [main, 'dependabot/**']}}\njobs: {a: {if: github.ref == 'refs/heads/main', runs-on: x, LOGIN}, b: {runs-on: x, LOGIN}, c: {if: github.ref_name == 'dependabot/x', runs-on: x, LOGIN}}\n";
    assert_eq!(one(ignored), ["b push ref:refs/heads/** may"]);
}

#[test]
fn events_that_stand_on_the_default_branch_are_decided_by_its_name() {
    for event in [
        "workflow_run: {workflows: [x], branches: [dev]}",
        "repository_dispatch: ",
        "schedule: [{cron: '0 1 * * *'}]",
        "issue_comment: ",
        "check_suite: ",
    ] {
        let text = format!(
            "on: {{{event}}}\njobs: {{a: {{if: github.ref == 'refs/heads/main', runs-on: x, LOGIN}}, b: {{if: github.ref == 'refs/heads/dev', runs-on: x, LOGIN}}}}\n"
        );
        let found = one(&text);
        assert_eq!(found.len(), 1, "{event}: {found:?}");
        assert!(found[0].starts_with("a ") && found[0].ends_with(" ref:refs/heads/main"), "{found:?}");
    }
}

#[test]
fn each_entry_of_a_schedule_starts_runs_of_its_own() {
    let with = |rest: &str| {
        one(&format!(
            "on: {{schedule: [{{cron: '0 1 * * *'}}, {{cron: '0 2 * * 1', timezone: Europe/Oslo}}]}}\njobs: {{a: {{runs-on: x, {rest}, LOGIN}}}}\n"
        ))
    };
    assert_eq!(with("if: github.event.schedule == '0 1 * * *'"), ["a schedule ref:refs/heads/main"]);
    assert_eq!(with("if: github.event.schedule == '0 3 * * *'"), [""; 0]);
    assert_eq!(
        with("environment: \"${{ github.event.schedule == '0 1 * * *' && 'night' || 'week' }}\""),
        ["a schedule environment:night", "a schedule environment:week"]
    );
}

#[test]
fn a_pull_request_stands_on_its_own_ref_unless_it_is_merged() {
    let text = |types: &str| {
        format!(
            "on: {{pull_request: {{types: [{types}], branches: [main]}}}}\njobs: {{a: {{if: github.ref == 'refs/heads/main', runs-on: x, LOGIN}}, b: {{if: github.event.pull_request.merged, runs-on: x, LOGIN}}, c: {{if: github.base_ref == 'dev', runs-on: x, LOGIN}}}}\n"
        )
    };
    assert!(one(&text("opened")).is_empty());
    assert_eq!(one(&text("closed")), ["a pull_request pull_request may", "b pull_request pull_request may"]);
    let target = "on: pull_request_target\njobs: {a: {if: github.ref == 'refs/heads/main', runs-on: x, LOGIN}, b: {if: github.event.pull_request.head.repo.fork, runs-on: x, LOGIN}}\n";
    assert_eq!(one(target), ["a pull_request_target pull_request", "b pull_request_target pull_request may"]);
    let fork = "on: pull_request\njobs: {b: {if: github.event.pull_request.head.repo.fork, runs-on: x, LOGIN}, c: {if: github.event.pull_request.head.repo.full_name == github.repository, runs-on: x, LOGIN}}\n";
    assert_eq!(one(fork), ["c pull_request pull_request"]);
}

#[test]
fn releases_queues_and_deployments_have_refs_of_their_own() {
    let text = "on: {release: {types: [published]}, merge_group: {branches: [main]}, deployment_status: , create: , registry_package: }\njobs: {a: {runs-on: x, LOGIN}}\n";
    assert_eq!(
        one(text),
        [
            "a release ref:refs/tags/** may",
            "a merge_group ref:refs/heads/gh-readonly-queue/main/** may",
            "a deployment_status {context}",
            "a create ref:refs/heads/** may",
            "a create ref:refs/tags/** may",
            "a registry_package ref:refs/heads/** may",
            "a registry_package ref:refs/tags/** may",
        ]
    );
}

#[test]
fn a_matrix_from_another_job_leaves_a_hole_and_a_constant_one_its_rows() {
    let text = "on: pull_request\njobs:\n  m: {runs-on: x, outputs: {l: '[\"a\",\"b\"]', r: '${{ steps.x.outputs.y }}'}, steps: [{run: x}]}\n  a: {needs: m, runs-on: x, strategy: {matrix: {e: '${{ fromJSON(needs.m.outputs.l) }}'}}, environment: '${{ matrix.e }}', LOGIN}\n  b: {needs: m, runs-on: x, strategy: {matrix: {e: '${{ fromJSON(needs.m.outputs.r) }}'}}, environment: '${{ matrix.e }}', LOGIN}\n  c: {needs: m, runs-on: x, strategy: {matrix: {e: [p, q, ''], exclude: [{e: q}], include: [{e: r}]}}, environment: '${{ matrix.e }}', LOGIN}\n";
    assert_eq!(
        one(text),
        [
            "a pull_request environment:a",
            "a pull_request environment:b",
            "b pull_request environment:{matrix.e}",
            "c pull_request environment:p",
            "c pull_request pull_request",
            "c pull_request environment:r",
        ]
    );
}

#[test]
fn nobody_filled_in_an_input_of_a_push() {
    let text = "on: {push: {branches: [main]}, workflow_dispatch: {inputs: {e: {type: choice, options: [dev, prod]}, go: {type: boolean}}}}\njobs: {a: {runs-on: x, environment: \"${{ inputs.e || 'dev' }}\", LOGIN}, b: {if: inputs.go, runs-on: x, environment: x, LOGIN}}\n";
    assert_eq!(
        one(text),
        [
            "a push environment:dev",
            "a workflow_dispatch environment:dev may",
            "a workflow_dispatch environment:prod may",
            "b workflow_dispatch environment:x may",
        ]
    );
}

#[test]
fn what_goes_before_may_fail_whatever_is_expected_of_it() {
    let of = |needs: &str, condition: &str| {
        one(&format!(
            "on: pull_request\njobs:\n  a: {{runs-on: x, steps: [{{run: x}}]}}\n  b: {{{needs}if: \"{condition}\", runs-on: x, LOGIN}}\n"
        ))
    };
    for condition in
        ["!success()", "success() == false", "!(success() && github.event_name == 'pull_request')"]
    {
        assert_eq!(of("needs: a, ", condition), ["b pull_request pull_request may"], "{condition}");
        assert_eq!(of("", condition), [""; 0], "{condition}");
    }
    assert_eq!(of("needs: a, ", "success()"), ["b pull_request pull_request"]);
}

#[test]
fn an_included_row_that_may_match_none_is_a_row_of_its_own_too() {
    let text = "on: pull_request\njobs: {a: {runs-on: x, strategy: {matrix: {e: [p], include: [{e: '${{ vars.I }}', u: z}]}}, environment: '${{ matrix.e }}', LOGIN}}\n";
    assert_eq!(one(text), ["a pull_request environment:p", "a pull_request environment:{vars.I}"]);
}

#[test]
fn variables_that_an_expression_inserts_may_be_any() {
    let text = "on: pull_request\njobs: {a: {runs-on: x, env: {'${{ insert }}': '${{ fromJSON(vars.J) }}'}, steps: [{run: terraform plan}]}}\n";
    assert_eq!(one(text), ["a pull_request pull_request may"]);
}

#[test]
fn two_calls_of_one_workflow_give_back_what_each_was_asked_for() {
    let called = "on: {workflow_call: {inputs: {go: {type: string}}, outputs: {e: {value: '${{ jobs.x.outputs.e }}'}}}}
jobs: {x: {if: \"inputs.go == 'yes'\", runs-on: x, outputs: {e: prod}, steps: [{run: x}]}}\n";
    let caller = "on: {push: {branches: [main]}}\npermissions: {id-token: write}\njobs:
  p1: {uses: ./.github/workflows/c.yml, with: {go: 'no'}}
  p2: {uses: ./.github/workflows/c.yml, with: {go: 'yes'}}
  go: {needs: [p1, p2], runs-on: x, environment: \"${{ needs.p1.outputs.e || needs.p2.outputs.e || 'dev' }}\", LOGIN}\n";
    assert_eq!(presented(&[("w", caller), ("c", called)]), ["go push environment:prod"]);
}

#[test]
fn a_call_at_a_revision_is_not_held_against_the_file_of_today() {
    let today = "on: {workflow_call: {inputs: {fresh: {type: string, required: true}}}}\njobs: {x: {runs-on: x, steps: [{run: x}]}}\n";
    let caller = "on: {push: {branches: [main]}}\npermissions: {id-token: write}\njobs:
  c: {uses: o/r/.github/workflows/c.yml@v1, with: {old: x}}
  go: {runs-on: x, LOGIN}\n";
    assert_eq!(presented(&[("w", caller), ("c", today)]), ["go push ref:refs/heads/main"]);
    let own = "on: {push: {branches: [main]}, workflow_call: {}}\npermissions: {id-token: write}\njobs: {c: {uses: o/r/.github/workflows/w.yml@v1}}\n";
    assert_eq!(presented(&[("w", own)]), ["c push {context} may"]);
}

#[test]
fn success_beside_another_reason_to_run_does_not_mean_that_all_succeeded() {
    let text = "on: {push: {branches: [main]}}\njobs:
  a: {if: vars.A, runs-on: x, outputs: {e: prod}, steps: [{run: x}]}
  b: {needs: a, if: \"success() || needs.a.result == 'skipped'\", runs-on: x, environment: \"${{ needs.a.outputs.e || 'dev' }}\", LOGIN}\n";
    assert_eq!(one(text), ["b push environment:prod may", "b push environment:dev may"]);
}

#[test]
fn an_included_row_that_may_match_leaves_open_what_it_would_add() {
    let text = "on: pull_request\njobs: {a: {runs-on: x, strategy: {matrix: {e: [p], include: [{e: '${{ vars.I }}', n: prod}]}}, environment: \"${{ matrix.n || 'dev' }}\", LOGIN}}\n";
    let found = one(text);
    assert!(found.iter().any(|entry| entry.contains("environment:{matrix.n}")), "{found:?}");
    assert!(found.iter().any(|entry| entry.contains("environment:prod")), "{found:?}");
}

#[test]
fn a_merge_key_is_a_key_like_any_other_in_a_matrix_and_refused_in_a_job() {
    let matrix = "on: pull_request\njobs: {a: {runs-on: x, strategy: {matrix: {include: [&b {e: dev}, {<<: *b, e: prod}]}}, environment: '${{ matrix.e }}', LOGIN}}\n";
    assert_eq!(one(matrix), ["a pull_request environment:dev", "a pull_request environment:prod"]);
    let job = "on: pull_request\njobs: {a: &a {runs-on: x, LOGIN}, b: {<<: *a}}\n";
    assert!(one(job).first().unwrap().starts_with("refused "), "{:?}", one(job));
}
