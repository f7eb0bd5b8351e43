//! Which rows a matrix has.

use super::one;

fn with(matrix: &str) -> Vec<String> {
    one(&format!(
        "on: {{push: {{branches: [main]}}}}\njobs: {{a: {{runs-on: x, strategy: {{matrix: {matrix}}}, environment: '${{{{ matrix.e }}}}', LOGIN}}}}\n"
    ))
}

#[test]
fn a_matrix_that_is_refused_presents_nothing() {
    let empty = "'${{ fromJSON(''[]'') }}'";
    for matrix in [
        "{}",
        "{exclude: [{e: a}]}",
        "'${{ fromJSON(''{}'') }}'",
        &format!("{{include: {empty}}}"),
        &format!("{{e: {empty}}}"),
        &format!("{{e: [a], f: {empty}, include: [{{e: b}}]}}"),
    ] {
        assert_eq!(with(matrix), [""; 0], "{matrix}");
    }
}

#[test]
fn a_matrix_whose_rows_are_all_excluded_may_run_without_one() {
    assert_eq!(with("{e: [a], exclude: [{e: a}]}"), ["a push ref:refs/heads/main may"]);
    assert_eq!(with("{e: [a], exclude: [{e: a}], include: [{e: b}]}"), ["a push environment:b"]);
}

#[test]
fn a_row_that_may_be_excluded_is_not_certain() {
    let excluded = "exclude: [{e: '${{ vars.NOT }}', f: x}]";
    assert_eq!(
        with(&format!("{{e: [a, b], f: [x], {excluded}, include: [{{e: c}}]}}")),
        ["a push environment:a may", "a push environment:b may", "a push environment:c"]
    );
    assert_eq!(with("{e: [a], exclude: '${{ fromJSON(vars.NOT) }}'}"), ["a push environment:a may"]);
    assert_eq!(with(&format!("{{e: [a], f: [y], {excluded}}}")), ["a push environment:a"]);
}
