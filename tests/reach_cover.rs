//! The preview forgets nothing: whatever a random run of a random workflow presents is a member of the previewed set.

use fedcred::{
    id::{
        Part, SubjectShape,
        pattern::{Pattern, PatternList},
    },
    issuer::github::Prefix,
    text::{Source, Tree},
    workflow::{
        expression::{Context, Object, Scope, Status, Template, Value, condition, evaluate, template},
        project::Project,
        reach::{Facts, Wanted, entries},
    },
};
use proptest::{prelude::*, sample::select};

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
    "''",
    "prod",
    "${{ inputs.env }}",
    "${{ inputs.env || 'dev' }}",
    "${{ CONDITION && 'a' || 'b' }}",
    "${{ CONDITION && 'a' || inputs.env }}",
    "${{ github.ref_name }}",
    "env-${{ inputs.name }}",
    "${{ inputs.name || vars.A || 'none' }}",
    "${{ vars.A && format('{0}-{1}', vars.A, github.event_name) || 'none' }}",
    "${{ case(github.ref == 'refs/heads/main', 'prod', startsWith(github.ref, 'refs/tags/'), 'tags', 'test') }}",
];

const ON: &str = "on:
  push: {PUSH}
  pull_request: {types: [opened, closed], branches: [main, 'release/*']}
  pull_request_target:
  schedule: [{cron: '0 0 * * *'}]
  release:
  merge_group: {branches: [main]}
  workflow_dispatch:
    inputs:
      env: {type: choice, options: [dev, prod]}
      flag: {type: boolean}
      name: {type: string, default: x}
";

const PUSHES: &[&str] = &[
    "",
    "branches: [main, dev, 'feature/**', '!feature/old']",
    "branches-ignore: ['feature/**']",
    "tags: ['v*'], branches: ['**']",
    "tags-ignore: [v1]",
    "paths: [a]",
];

const NAMES: &[&str] = &["main", "dev", "feature/a", "feature/old", "feature", "v1", "v2", "x/y"];

/// A run as it happens.
#[derive(Clone, Debug)]
struct Run {
    event: &'static str,
    name: &'static str,
    tag: bool,
    merged: bool,
    env: &'static str,
    flag: bool,
    text: &'static str,
    var: &'static str,
}

impl Run {
    fn reference(&self) -> String {
        match self.event {
            "push" | "workflow_dispatch" if self.tag => format!("refs/tags/{}", self.name),
            "push" | "workflow_dispatch" => format!("refs/heads/{}", self.name),
            "release" => format!("refs/tags/{}", self.name),
            "pull_request" if self.merged => "refs/heads/main".to_owned(),
            "pull_request" => "refs/pull/7/merge".to_owned(),
            "merge_group" => "refs/heads/gh-readonly-queue/main/pr-7-abc".to_owned(),
            _ => "refs/heads/main".to_owned(),
        }
    }

    /// Whether the filter of `push` lets the run happen.
    fn happens(&self, push: &str) -> bool {
        if self.event != "push" {
            return true;
        }
        let list = |texts: &[&str]| PatternList::parse(texts.iter().copied()).unwrap();
        match (push, self.tag) {
            ("" | "paths: [a]", _) => true,
            (text, false) if text.starts_with("branches: [main") => {
                list(&["main", "dev", "feature/**", "!feature/old"]).admits(self.name)
            }
            (text, false) if text.starts_with("branches-ignore") => !self.name.starts_with("feature/"),
            (text, tag) if text.starts_with("tags: ") => !tag || list(&["v*"]).admits(self.name),
            (text, true) if text.starts_with("tags-ignore") => self.name != "v1",
            _ => false,
        }
    }

    fn context(&self) -> Context {
        let reference = self.reference();
        let short = reference.splitn(3, '/').nth(2).unwrap_or("").to_owned();
        let dispatched = self.event == "workflow_dispatch";
        let texts: Object =
            [("env", self.env), ("flag", if self.flag { "true" } else { "false" }), ("name", self.text)]
                .into_iter()
                .collect();
        let typed: Object = [
            ("env", Value::from(self.env)),
            ("flag", Value::Bool(self.flag)),
            ("name", Value::from(self.text)),
        ]
        .into_iter()
        .collect();
        let mut event = Object::default();
        event.insert("repository", [("default_branch", "main")].into_iter().collect::<Object>());
        if dispatched {
            event.insert("inputs", texts);
        }
        if self.event.starts_with("pull_request") {
            event.insert(
                "pull_request",
                [("merged", Value::Bool(self.merged))].into_iter().collect::<Object>(),
            );
            event.insert("action", if self.merged { "closed" } else { "opened" });
        }
        if self.event == "release" || self.event == "merge_group" {
            event.insert("action", "something");
        }
        let mut github: Object =
            [("event_name", self.event), ("ref", &reference), ("ref_name", &short)].into_iter().collect();
        github.insert("ref_type", if reference.starts_with("refs/tags/") { "tag" } else { "branch" });
        github.insert("event", event);
        let mut values = Object::default();
        values.insert("github", github);
        values.insert("inputs", if dispatched { Value::from(typed) } else { Value::Null });
        values.insert("vars", [("A", self.var)].into_iter().collect::<Object>());
        Context { values, status: Some(Status::Success) }
    }

    /// The subject, or nothing where the job does not run.
    fn subject(&self, when: &str, environment: &str) -> Option<String> {
        let context = self.context();
        if !evaluate(&condition(when, &Scope::ANY).unwrap(), &context).ok()?.is_truthy() {
            return None;
        }
        let name = match template(environment.trim_matches('\''), &Scope::ANY).unwrap() {
            Template::Literal(literal) => literal,
            Template::Expression(expr) => evaluate(&expr, &context).ok()?.to_text().into_owned(),
        };
        let part = match name.as_str() {
            "" if self.event.starts_with("pull_request") => "pull_request".to_owned(),
            "" => format!("ref:{}", self.reference()),
            name => format!("environment:{name}"),
        };
        Some(format!("repo:o/r:{part}"))
    }
}

fn is_member(shape: &SubjectShape, subject: &str) -> bool {
    match shape {
        SubjectShape::Exact(exact) => exact.as_str() == subject,
        SubjectShape::Family(family) => fits(&family.parts, subject, &|name| {
            let list = PatternList::parse(family.patterns.iter().map(String::as_str)).unwrap();
            Pattern::parse(&family.pattern).unwrap().matches(name) && list.admits(name)
        }),
        SubjectShape::Unknown(parts) => fits(parts, subject, &|_| true),
    }
}

/// Whether `subject` is the text of `parts` with anything in the holes and a good name in place of the ref.
fn fits(parts: &[Part], subject: &str, good: &dyn Fn(&str) -> bool) -> bool {
    match parts.split_first() {
        None => subject.is_empty(),
        Some((Part::Text(text), rest)) => {
            subject.strip_prefix(text.as_str()).is_some_and(|tail| fits(rest, tail, good))
        }
        Some((hole, rest)) => (0..=subject.len()).filter(|at| subject.is_char_boundary(*at)).any(|at| {
            let (inner, tail) = subject.split_at(at);
            (!matches!(hole, Part::RefName) || good(inner)) && fits(rest, tail, good)
        }),
    }
}

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
    let events = select(
        &[
            "push",
            "pull_request",
            "pull_request_target",
            "schedule",
            "release",
            "merge_group",
            "workflow_dispatch",
        ][..],
    );
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
        let when_written = when.replace('\'', "''");
        let step = "steps: [{uses: azure/login@v2, with: {client-id: a, tenant-id: b}}]";
        let written = if environment == "''" { environment.clone() } else { format!("\"{}\"", environment.replace('"', "\\\"")) };
        let text = format!(
            "{}permissions: {{id-token: write}}\njobs:\n  j:\n    runs-on: x\n    if: '{when_written}'\n    environment: {written}\n    {step}\n",
            ON.replace("PUSH", push)
        );
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
            prop_assert!(found || emptied, "{subject} of {run:?} is not among\n{:#?}\nfor\n{text}",
                previewed.iter().map(|entry| format!("{} {}", entry.trigger, entry.shape)).collect::<Vec<_>>());
        }
    }
}
