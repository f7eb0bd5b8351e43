//! The preview forgets nothing: whatever a random run of a random workflow presents is a member of the previewed set.

#[path = "reach_cover/run.rs"]
mod run;

use fedcred::{
    issuer::github::Prefix,
    text::{Source, Tree},
    workflow::{
        project::Project,
        reach::{Facts, Wanted, entries},
    },
};
use proptest::{prelude::*, sample::select};
use run::{EVENTS, NAMES, Run, is_member, workflow};

const CONDITIONS: &[&str] = &[
    "github.event_name == 'push'",
    "github.ref == 'refs/heads/main'",
    "github.ref != 'refs/heads/main'",
    "github.ref_name == 'dev'",
    "github.ref_type == 'tag'",
    "startsWith(github.ref, 'refs/tags/')",
    "startsWith(github.ref, 'refs/heads/feature/')",
    "startsWith(github.ref_name, 'feature')",
    "contains(github.ref, 'refs/tags/v')",
    "contains(fromJSON('[\"main\", \"dev\"]'), github.ref_name)",
    "github.ref == format('refs/heads/{0}', github.event.repository.default_branch)",
    "inputs.flag",
    "inputs.env == 'prod'",
    "github.event.inputs.env",
    "github.event.inputs.name != 'x'",
    "inputs.name == 'secret'",
    "github.event.pull_request.merged == true",
    "github.event.pull_request",
    "github.event.action != 'closed'",
    "vars.A == 'y'",
    "vars.A",
    "always()",
];

const ENVIRONMENTS: &[&str] = &[
    "",
    "prod",
    "${{ inputs.env }}",
    "${{ inputs.env || 'dev' }}",
    "${{ CONDITION && 'a' || 'b' }}",
    "${{ CONDITION && 'a' || inputs.env }}",
    "${{ github.ref_name }}",
    "env-${{ inputs.name }}",
    "${{ inputs.name || vars.A || 'none' }}",
    "${{ vars.A && format('{0}-{1}', vars.A, github.event_name) || 'none' }}",
    "${{ fromJSON('{\"main\":\"prod\",\"dev\":\"\"}')[github.ref_name] }}",
    "${{ fromJSON('{\"x\":\"a\",\"y\":\"b\"}')[vars.A] || inputs.env }}",
    "${{ case(github.ref == 'refs/heads/main', 'prod', startsWith(github.ref, 'refs/tags/'), 'tags', 'test') }}",
];

const PUSHES: &[&str] = &[
    "",
    "branches: [main, dev, 'feature/**', '!feature/old']",
    "branches-ignore: ['feature/**']",
    "tags: ['v*'], branches: ['**']",
    "tags-ignore: [v1]",
    "paths: [a]",
];

fn any_condition() -> impl Strategy<Value = String> {
    let leaf = select(CONDITIONS).prop_map(str::to_owned);
    leaf.prop_recursive(3, 8, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} && {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} || {b})")),
            inner.prop_map(|a| format!("!({a})")),
        ]
    })
}

fn any_run() -> impl Strategy<Value = Run> {
    let events = select(EVENTS);
    let texts = (
        select(&["dev", "prod"][..]),
        select(&["x", "secret", "other", ""][..]),
        select(&["", "y", "z"][..]),
    );
    (events, select(NAMES), any::<[bool; 3]>(), texts).prop_map(
        |(event, name, [tag, merged, flag], (env, text, var))| Run {
            event,
            name,
            tag,
            merged: merged && event == "pull_request",
            env,
            flag,
            text,
            var,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn what_a_run_presents_was_previewed(
        when in any_condition(),
        inner in any_condition(),
        environment in select(ENVIRONMENTS),
        push in select(PUSHES),
        known_branch in any::<bool>(),
        runs in proptest::collection::vec(any_run(), 8),
    ) {
        let environment = environment.replace("CONDITION", &inner.replace("always()", "true"));
        let text = workflow(&when, &environment, push);
        let mut tree = Tree::default();
        tree.insert(Source::new(".github/workflows/w.yml", text.as_str()));
        let project = Project::read(tree);
        prop_assert_eq!(project.errors().next(), None, "{}", text);
        let mut facts = Facts::new("repo:o/r".parse::<Prefix>().unwrap());
        facts.default_branch = known_branch.then(|| "main".to_owned());
        let previewed = entries(&project, &facts, &Wanted::default());
        for run in runs.iter().filter(|run| run.happens(push)) {
            let Some(subject) = run.subject(&when, &environment) else { continue };
            let found = previewed.iter().any(|entry| entry.trigger == run.event && is_member(&entry.shape, &subject));
            // A name that is a hole is taken to be filled; the preview says so.
            let emptied = !subject.contains(":environment:") && environment.contains("inputs.name");
            // A condition that asks for the short name of a branch is taken to mean no tag; the preview says so.
            let told = format!("no tag is called `{}`", run.name);
            let namesake = run.tag && previewed.iter().any(|entry| entry.assumed.iter().any(|text| *text == told));
            prop_assert!(found || emptied || namesake, "{subject} of {run:?} is not among\n{:#?}\nfor\n{text}",
                previewed.iter().map(|entry| format!("{} {}", entry.trigger, entry.shape)).collect::<Vec<_>>());
        }
    }
}
