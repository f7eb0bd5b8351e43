//! Which keys, kinds and contexts GitHub takes where in a workflow. Anything else is not ignored: the whole file is refused.
//!
//! Source: <https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax>; actions/languageservices
//! `workflow-parser/src/workflow-v1.0.json`.

use super::rule::Rule::{
    self, Any, Boolean, Condition, Either, Filled, In, List, Mapping, Null, Number, Text, Word,
};
use crate::workflow::expression::Scope;

pub(super) static WORKFLOW: Rule = Mapping {
    needed: &["on", "jobs"],
    known: &[
        ("on", ON),
        ("name", Text),
        ("description", Text),
        ("run-name", In(Scope::RUN, &Text)),
        ("defaults", Rule::keys(&[("run", RUN_DEFAULTS)])),
        ("env", In(Scope::WORKFLOW_ENV, &VALUES)),
        // Read by `Permissions`.
        ("permissions", Any),
        ("concurrency", In(Scope::RUN, &Either(&[Text, CONCURRENCY]))),
        ("jobs", Rule::open(&Either(&[JOB, CALL_JOB]))),
    ],
    rest: None,
};

/// Events are read by `trigger`.
const ON: Rule = Either(&[
    Text,
    List(&Any),
    Mapping {
        needed: &[],
        known: &[("workflow_call", Either(&[Null, CALL])), ("schedule", List(&TIME))],
        rest: Some(&Any),
    },
]);

const TIME: Rule =
    Mapping { needed: &["cron"], known: &[("cron", Filled), ("timezone", Filled)], rest: None };

const CALL: Rule = Rule::keys(&[
    ("inputs", Rule::open(&CALLED_INPUT)),
    ("secrets", Rule::open(&Either(&[Null, Rule::keys(&[("description", Text), ("required", Boolean)])]))),
    ("outputs", Rule::open(&CALLED_OUTPUT)),
]);

const CALLED_INPUT: Rule = Mapping {
    needed: &["type"],
    known: &[
        ("description", Text),
        ("type", Word(&["string", "boolean", "number"])),
        ("required", Boolean),
        ("default", In(Scope::RUN, &Text)),
    ],
    rest: None,
};

const CALLED_OUTPUT: Rule = Mapping {
    needed: &["value"],
    known: &[("description", Text), ("value", In(Scope::CALL_OUTPUT, &Text))],
    rest: None,
};

const VALUES: Rule = Rule::open(&Text);
/// Also the filters and activity types of an event.
pub(super) const ONE_OR_MORE: Rule = Either(&[Filled, List(&Filled)]);
const RUN_DEFAULTS: Rule = Rule::keys(&[("shell", Filled), ("working-directory", Filled)]);

const CONCURRENCY: Rule = Mapping {
    needed: &["group"],
    known: &[("group", Filled), ("cancel-in-progress", Boolean), ("queue", Word(&["single", "max"]))],
    rest: None,
};

const STRATEGY: Rule = Rule::keys(&[("fail-fast", Boolean), ("max-parallel", Number), ("matrix", MATRIX)]);

const MATRIX: Rule = Mapping {
    needed: &[],
    known: &[("include", List(&Rule::open(&Any))), ("exclude", List(&Rule::open(&Any)))],
    rest: Some(&List(&Any)),
};

/// A job with steps.
const JOB: Rule = Mapping {
    needed: &["runs-on"],
    known: &[
        ("needs", ONE_OR_MORE),
        ("if", In(Scope::JOB_IF, &Condition)),
        ("strategy", In(Scope::STRATEGY, &STRATEGY)),
        ("name", In(Scope::JOB, &Text)),
        ("runs-on", In(Scope::JOB, &RUNS_ON)),
        ("timeout-minutes", In(Scope::JOB, &Number)),
        ("cancel-timeout-minutes", In(Scope::JOB, &Number)),
        ("continue-on-error", In(Scope::JOB, &Boolean)),
        ("container", In(Scope::JOB, &Either(&[Text, CONTAINER]))),
        ("services", In(Scope::JOB, &Rule::open(&Either(&[Filled, CONTAINER])))),
        ("env", In(Scope::JOB_ENV, &VALUES)),
        ("environment", In(Scope::JOB, &Either(&[Text, ENVIRONMENT]))),
        ("permissions", Any),
        ("concurrency", In(Scope::JOB, &Either(&[Filled, CONCURRENCY]))),
        ("outputs", Rule::open(&In(Scope::JOB_OUTPUT, &Text))),
        ("defaults", Rule::keys(&[("run", In(Scope::JOB_DEFAULTS, &RUN_DEFAULTS))])),
        ("steps", List(&Either(&[RUN, USES, WAIT, WAIT_ALL, CANCEL, PARALLEL]))),
        ("snapshot", Either(&[Filled, SNAPSHOT])),
    ],
    rest: None,
};

/// A job that calls a workflow.
const CALL_JOB: Rule = Mapping {
    needed: &["uses"],
    known: &[
        ("name", In(Scope::JOB, &Text)),
        ("uses", Filled),
        ("with", Rule::open(&In(Scope::JOB, &Text))),
        ("secrets", Either(&[Rule::open(&In(Scope::JOB_ENV, &Text)), Word(&["inherit"])])),
        ("needs", ONE_OR_MORE),
        ("if", In(Scope::JOB_IF, &Condition)),
        ("permissions", Any),
        ("concurrency", In(Scope::JOB, &Either(&[Filled, CONCURRENCY]))),
        ("strategy", In(Scope::STRATEGY, &STRATEGY)),
    ],
    rest: None,
};

const RUNS_ON: Rule =
    Either(&[Filled, List(&Filled), Rule::keys(&[("group", Filled), ("labels", ONE_OR_MORE)])]);

const ENVIRONMENT: Rule = Mapping {
    needed: &["name"],
    known: &[("name", Text), ("url", In(Scope::ENVIRONMENT_URL, &Text)), ("deployment", Boolean)],
    rest: None,
};

const SNAPSHOT: Rule = Mapping {
    needed: &["image-name"],
    known: &[("image-name", Filled), ("if", In(Scope::JOB, &Text)), ("version", Filled)],
    rest: None,
};

/// A job's container, or one of its services.
const CONTAINER: Rule = Mapping {
    needed: &["image"],
    known: &[
        ("image", Filled),
        ("options", Text),
        ("env", Rule::open(&In(Scope::JOB_OUTPUT, &Text))),
        ("ports", List(&Filled)),
        ("volumes", List(&Filled)),
        ("credentials", In(Scope::CREDENTIALS, &Rule::keys(&[("username", Filled), ("password", Filled)]))),
        ("entrypoint", Text),
        ("command", Text),
    ],
    rest: None,
};

/// A step that runs a script.
const RUN: Rule = Mapping {
    needed: &["run"],
    known: &[
        ("name", In(Scope::STEP, &Text)),
        ("id", Filled),
        ("if", In(Scope::STEP_IF, &Condition)),
        ("timeout-minutes", In(Scope::STEP, &Number)),
        ("run", In(Scope::STEP, &Text)),
        ("continue-on-error", In(Scope::STEP, &Boolean)),
        ("env", In(Scope::STEP, &VALUES)),
        ("working-directory", In(Scope::STEP, &Text)),
        ("shell", Filled),
        ("background", Boolean),
    ],
    rest: None,
};

/// A step that uses an action.
const USES: Rule = Mapping {
    needed: &["uses"],
    known: &[
        ("name", In(Scope::STEP, &Text)),
        ("id", Filled),
        ("if", In(Scope::STEP_IF, &Condition)),
        ("continue-on-error", In(Scope::STEP, &Boolean)),
        ("timeout-minutes", In(Scope::STEP, &Number)),
        ("uses", Filled),
        ("with", In(Scope::STEP, &VALUES)),
        ("env", In(Scope::STEP, &VALUES)),
        ("background", Boolean),
    ],
    rest: None,
};

/// Steps that order others.
const WAIT: Rule = Mapping {
    needed: &["wait"],
    known: &[
        ("name", In(Scope::STEP, &Text)),
        ("id", Filled),
        ("continue-on-error", In(Scope::STEP, &Boolean)),
        ("wait", ONE_OR_MORE),
    ],
    rest: None,
};
const WAIT_ALL: Rule = Mapping {
    needed: &["wait-all"],
    known: &[
        ("name", In(Scope::STEP, &Text)),
        ("id", Filled),
        ("continue-on-error", In(Scope::STEP, &Boolean)),
        ("wait-all", Either(&[Null, Boolean])),
    ],
    rest: None,
};
const CANCEL: Rule = Mapping {
    needed: &["cancel"],
    known: &[
        ("name", In(Scope::STEP, &Text)),
        ("id", Filled),
        ("continue-on-error", In(Scope::STEP, &Boolean)),
        ("cancel", Filled),
    ],
    rest: None,
};
const PARALLEL: Rule =
    Mapping { needed: &["parallel"], known: &[("parallel", List(&Either(&[RUN, USES])))], rest: None };

/// The steps of a composite action.
///
/// Source: actions/languageservices `workflow-parser/src/action-v1.0.json`.
pub(super) static COMPOSITE: Rule =
    In(Scope::COMPOSITE_STEP, &List(&Either(&[COMPOSITE_RUN, COMPOSITE_USES])));

const COMPOSITE_RUN: Rule = Mapping {
    needed: &["run", "shell"],
    known: &[
        ("name", Text),
        ("id", Filled),
        ("if", In(Scope::COMPOSITE_IF, &Condition)),
        ("run", Text),
        ("shell", Text),
        ("env", VALUES),
        ("continue-on-error", Boolean),
        ("working-directory", Text),
    ],
    rest: None,
};

const COMPOSITE_USES: Rule = Mapping {
    needed: &["uses"],
    known: &[
        ("name", Text),
        ("id", Filled),
        ("if", In(Scope::COMPOSITE_IF, &Condition)),
        ("uses", Filled),
        ("with", VALUES),
        ("env", VALUES),
        ("continue-on-error", Boolean),
    ],
    rest: None,
};
