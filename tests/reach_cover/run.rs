//! One run of a workflow as it happens, and whether a set of subjects holds what it presents.

use fedcred::{
    id::{
        Part, SubjectShape,
        pattern::{Pattern, PatternList},
    },
    workflow::expression::{Context, Object, Scope, Status, Template, Value, condition, evaluate, template},
};

/// The triggers of every such workflow; `PUSH` stands for the filters of `push`.
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

/// The paths of contexts to which a run gives a value.
#[expect(dead_code, reason = "the property test writes its own expressions")]
pub(crate) const PATHS: &[&str] = &[
    "github.event_name",
    "github.ref",
    "github.ref_name",
    "github.ref_type",
    "github.event.action",
    "github.event.inputs.env",
    "github.event.inputs.name",
    "github.event.pull_request.merged",
    "github.event.repository.default_branch",
    "inputs.env",
    "inputs.flag",
    "inputs.name",
    "vars.A",
];

/// The events that a run can have.
pub(crate) const EVENTS: &[&str] = &[
    "push",
    "pull_request",
    "pull_request_target",
    "schedule",
    "release",
    "merge_group",
    "workflow_dispatch",
];

/// The names of its branch or tag.
pub(crate) const NAMES: &[&str] = &["main", "dev", "feature/a", "feature/old", "feature", "v1", "v2", "x/y"];

/// A run as it happens.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) event: &'static str,
    pub(crate) name: &'static str,
    pub(crate) tag: bool,
    pub(crate) merged: bool,
    pub(crate) env: &'static str,
    pub(crate) flag: bool,
    pub(crate) text: &'static str,
    pub(crate) var: &'static str,
}

/// A workflow of one job that signs in under the condition `when`, in `environment`.
pub(crate) fn workflow(when: &str, environment: &str, push: &str) -> String {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let step = "steps: [{uses: azure/login@v2, with: {client-id: a, tenant-id: b}}]";
    format!(
        "{}permissions: {{id-token: write}}\njobs:\n  j:\n    runs-on: x\n    if: {}\n    environment: {}\n    {step}\n",
        ON.replace("PUSH", push),
        quoted(when),
        quoted(environment)
    )
}

impl Run {
    /// One run for each pair of bytes, and one of every event.
    #[expect(dead_code, reason = "the property test draws its own runs")]
    pub(crate) fn chosen_by(bytes: &str) -> Vec<Self> {
        let pairs = bytes.as_bytes().chunks(2).take(16).map(|pair| (pair[0], *pair.last().unwrap_or(&0)));
        let every = (0..).zip(EVENTS).map(|(at, _)| (at, at));
        pairs.chain(every).map(|(one, other)| Self::numbered(usize::from(one), usize::from(other))).collect()
    }

    fn numbered(one: usize, other: usize) -> Self {
        let event = EVENTS[one % EVENTS.len()];
        let is = |bit: usize| other >> bit & 1 == 1;
        Self {
            event,
            name: NAMES[other % NAMES.len()],
            tag: is(3),
            merged: is(4) && event == "pull_request",
            env: ["dev", "prod"][one / 7 % 2],
            flag: is(5),
            text: ["x", "secret", "other", ""][one / 14 % 4],
            var: ["", "y", "z"][one / 56 % 3],
        }
    }

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
    pub(crate) fn happens(&self, push: &str) -> bool {
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
    pub(crate) fn subject(&self, when: &str, environment: &str) -> Option<String> {
        let context = self.context();
        if !evaluate(&condition(when, &Scope::ANY).unwrap(), &context).ok()?.is_truthy() {
            return None;
        }
        let name = match template(environment, &Scope::ANY).unwrap() {
            Template::Literal(literal) => literal,
            Template::Expression(expr) => evaluate(&expr, &context).ok()?.to_text().into_owned(),
        };
        let part = match name.as_str() {
            "" if self.event.starts_with("pull_request") => "pull_request".to_owned(),
            "" => format!("ref:{}", self.reference()),
            name => format!("environment:{}", name.replace(':', "%3A")),
        };
        Some(format!("repo:o/r:{part}"))
    }
}

/// Whether the set holds this subject.
pub(crate) fn is_member(shape: &SubjectShape, subject: &str) -> bool {
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
