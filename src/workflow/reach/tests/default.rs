//! Where nobody says which branch is the default one.

use super::presented_with;

fn one(text: &str) -> Vec<String> {
    presented_with(&[("w", &format!("permissions: {{id-token: write}}\n{text}"))], None)
}

#[test]
fn what_holds_for_one_default_branch_alone_is_not_certain() {
    let with = |rest: &str| {
        one(&format!(
            "on: {{schedule: [{{cron: '0 1 * * *'}}]}}\njobs: {{a: {{runs-on: x, {rest}, LOGIN}}}}\n"
        ))
    };
    assert_eq!(with("if: github.ref == 'refs/heads/main'"), ["a schedule ref:refs/heads/main may"]);
    assert_eq!(with("if: github.event_name == 'schedule'"), ["a schedule ref:refs/heads/{default branch}"]);
    assert_eq!(
        with("environment: \"${{ github.ref_name == 'main' && 'prod' || 'dev' }}\""),
        ["a schedule environment:prod may", "a schedule environment:dev may"]
    );
    assert_eq!(
        with("environment: \"${{ github.ref_name == 'main' && 'prod' || 'prod' }}\""),
        ["a schedule environment:prod"]
    );
}
