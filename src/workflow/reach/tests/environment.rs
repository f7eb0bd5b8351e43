//! Which environment a job names.

use super::one;

#[test]
fn a_number_names_an_environment_as_the_expression_language_writes_it() {
    let with = |name: &str| {
        one(&format!("on: pull_request\njobs: {{a: {{runs-on: x, environment: {name}, LOGIN}}}}\n"))
    };
    assert_eq!(with("1.50"), ["a pull_request environment:1.5"]);
    assert_eq!(with("0x1F"), ["a pull_request environment:31"]);
    assert_eq!(with("'1.50'"), ["a pull_request environment:1.50"]);
    assert_eq!(with("~"), ["a pull_request pull_request"]);
    assert_eq!(with(""), ["a pull_request pull_request"]);
    assert_eq!(with("no"), ["a pull_request environment:no"]);
}

#[test]
fn an_environment_that_an_expression_gives_as_a_mapping_has_its_name() {
    let with = |row: &str| {
        one(&format!(
            "on: pull_request\njobs: {{a: {{runs-on: x, strategy: {{matrix: {{e: [{row}]}}}}, environment: '${{{{ matrix.e }}}}', LOGIN}}}}\n"
        ))
    };
    assert_eq!(with("{name: prod, url: u}"), ["a pull_request environment:prod"]);
    assert_eq!(with("{name: ''}"), ["a pull_request pull_request"]);
    assert_eq!(with("{name: '${{ vars.E }}'}"), ["a pull_request environment:{vars.E}"]);
    assert_eq!(with("{url: u}"), ["a pull_request environment:{environment.name}"]);
}

#[test]
fn the_head_of_a_pull_request_is_never_empty_and_that_of_a_push_always() {
    let with = |event: &str, environment: &str| {
        one(&format!(
            "on: {event}\njobs: {{a: {{runs-on: x, environment: \"${{{{ {environment} }}}}\", LOGIN}}}}\n"
        ))
    };
    let either = "github.head_ref || github.ref_name";
    assert_eq!(with("pull_request", either), ["a pull_request environment:{github.head_ref}"]);
    assert_eq!(with("{push: {branches: [main]}}", either), ["a push environment:main"]);
    for (event, condition) in [
        ("pull_request", "github.head_ref == ''"),
        ("pull_request", "null == github.event.pull_request"),
        ("pull_request_target", "github.event.Pull_Request == ''"),
        ("{push: {branches: [main]}}", "github.event.pull_request != null"),
    ] {
        let no = |found: Vec<String>| assert!(found.len() == 1 && found[0].ends_with(":no"), "{found:?}");
        no(with(event, &format!("{condition} && 'yes' || 'no'")));
    }
    let named = "github.head_ref == 'x' && 'yes' || 'no'";
    assert_eq!(
        with("pull_request", named),
        ["a pull_request environment:yes may", "a pull_request environment:no may"]
    );
}

#[test]
fn a_strategy_that_a_run_decides_leaves_the_environment_unknown() {
    let text = "on: pull_request\njobs:\n  a: {runs-on: x, strategy: \"${{ fromJSON(vars.S) }}\", environment: \"${{ matrix.e }}\", LOGIN}\n";
    assert_eq!(one(text), ["a pull_request environment:{matrix.e}"]);
}

#[test]
fn a_mapping_that_does_not_name_the_key_gives_no_environment() {
    let with = |event: &str, key: &str| {
        one(&format!(
            "on: {event}\njobs: {{a: {{runs-on: x, environment: \"${{{{ fromJSON('{{\\\"main\\\":\\\"prod\\\",\\\"dev\\\":\\\"test\\\"}}')[{key}] }}}}\", LOGIN}}}}\n"
        ))
    };
    assert_eq!(
        with("{push: {branches: ['**']}}", "github.ref_name"),
        ["a push environment:prod", "a push environment:test", "a push ref:refs/heads/** may"]
    );
    let settled = ["a pull_request environment:prod may", "a pull_request environment:test may"];
    let either = [&settled[..], &["a pull_request pull_request may"]].concat();
    assert_eq!(with("pull_request", "vars.STAGE"), either);
    assert_eq!(with("pull_request", "github.head_ref"), either);
    let dispatch = "{workflow_dispatch: {inputs: {stage: {type: string, default: main}}}}";
    let found = with(dispatch, "inputs.Stage");
    assert_eq!(found.iter().filter(|entry| entry.contains("environment:prod")).count(), 1, "{found:?}");
    assert_eq!(found.iter().filter(|entry| entry.contains(" ref:refs/")).count(), 2, "{found:?}");
}

#[test]
fn a_hole_is_called_as_the_expression_calls_it() {
    let with = |environment: &str| {
        one(&format!(
            "on: {{workflow_dispatch: {{inputs: {{stage: {{type: string, default: dev}}}}}}}}\njobs: {{a: {{runs-on: x, environment: \"${{{{ {environment} }}}}\", LOGIN}}}}\n"
        ))
    };
    let named = |name: &str| {
        vec![
            "a workflow_dispatch environment:dev may".to_owned(),
            format!("a workflow_dispatch environment:{{{name}}} may"),
        ]
    };
    assert_eq!(with("inputs.Stage"), named("inputs.Stage"));
    assert_eq!(with("inputs['STAGE']"), named("inputs.STAGE"));
    // Both are one input, which is the text or is not.
    assert_eq!(
        with("inputs.Stage == 'prod' && (inputs.stage == 'Prod' && 'both' || 'one') || 'none'"),
        ["a workflow_dispatch environment:none may", "a workflow_dispatch environment:both may"]
    );
}
