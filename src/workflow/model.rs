//! A workflow file as typed values that remember where they were written. Expressions are still text.

use std::sync::Arc;

use super::{Filter, Permissions};
use crate::{
    issuer::github::Event,
    text::{Located, Place, Source},
    yaml::Node,
};

/// A workflow file.
#[derive(Clone, Debug)]
pub struct Workflow {
    /// The file.
    pub source: Arc<Source>,
    /// `name`, or the path where it has none.
    pub name: String,
    /// What starts it, in the order of the file; `workflow_call` is not among them.
    pub triggers: Vec<Trigger>,
    /// `on.workflow_call`, if other workflows may call it.
    pub call: Option<Call>,
    /// `permissions`.
    pub permissions: Option<Permissions>,
    /// `env`.
    pub env: Variables,
    /// `defaults.run.working-directory`.
    pub folder: Option<Node>,
    /// The jobs in the order of the file.
    pub jobs: Vec<Job>,
}

impl Workflow {
    /// The job of that id, letter case aside.
    #[must_use]
    pub fn job(&self, id: &str) -> Option<&Job> {
        self.jobs.iter().find(|job| job.id.eq_ignore_ascii_case(id))
    }

    /// What remains of the file once its jobs have been worked out: the events that a filter of branches or tags narrows.
    pub(super) fn without_jobs(self) -> Self {
        let bare = |trigger: Trigger| Trigger {
            types: Vec::new(),
            inputs: Vec::new(),
            crons: Vec::new(),
            ..trigger
        };
        let is_narrowed = |trigger: &Trigger| trigger.branches.is_some() || trigger.tags.is_some();
        let mut triggers: Vec<_> = self.triggers.into_iter().filter(is_narrowed).map(bare).collect();
        triggers.shrink_to_fit();
        Self {
            source: self.source,
            name: String::new(),
            triggers,
            call: None,
            permissions: None,
            env: Variables::default(),
            folder: None,
            jobs: Vec::new(),
        }
    }
}

/// One event of `on`.
#[derive(Clone, Debug)]
pub struct Trigger {
    /// The row of the table of events.
    pub event: &'static Event,
    /// Where it was written.
    pub place: Place,
    /// The activity types that start a run; empty where all do or the event has none.
    pub types: Vec<String>,
    /// `branches` or `branches-ignore`.
    pub branches: Option<Filter>,
    /// `tags` or `tags-ignore`.
    pub tags: Option<Filter>,
    /// What a person may fill in; of `workflow_dispatch` alone.
    pub inputs: Vec<Input>,
    /// `cron` of each entry of `schedule`, which starts runs of its own.
    pub crons: Vec<String>,
}

/// `on.workflow_call`.
#[derive(Clone, Debug)]
pub struct Call {
    /// Where it was written.
    pub place: Place,
    /// What a caller hands over.
    pub inputs: Vec<Input>,
    /// The secrets that a caller names, and whether it must.
    pub secrets: Vec<(String, bool)>,
    /// What a caller gets back.
    pub outputs: Variables,
}

/// An input of a dispatch, a call or an action.
#[derive(Clone, Debug)]
pub struct Input {
    /// Its name; names are compared without regard to letter case.
    pub name: String,
    /// Where it was written.
    pub place: Place,
    /// What it may hold.
    pub kind: InputKind,
    /// Whether it must be given.
    pub required: bool,
    /// What it holds when it is not given.
    pub default: Option<Node>,
}

/// What an input may hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InputKind {
    /// Any text.
    Text,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// One of these.
    Choice(Vec<String>),
    /// The name of one of the repository's environments.
    Environment,
}

/// A mapping of names to texts with expressions.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    /// The entries in the order of the file.
    pub entries: Vec<(String, Node)>,
    /// Whether the mapping or a part of it is an expression, so that more names may exist.
    pub open: bool,
}

impl Variables {
    /// The value under `name`, letter case aside.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.entries.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, node)| node)
    }
}

/// A job.
#[derive(Clone, Debug)]
pub struct Job {
    /// The key under `jobs`.
    pub id: String,
    /// Where the key stands.
    pub place: Place,
    /// The jobs it waits for.
    pub needs: Vec<Located<String>>,
    /// `if`.
    pub condition: Option<Node>,
    /// The name of the environment.
    pub environment: Option<Node>,
    /// `permissions`.
    pub permissions: Option<Permissions>,
    /// `env`.
    pub env: Variables,
    /// `container.env`, which processes see and expressions do not.
    pub container: Variables,
    /// `outputs`.
    pub outputs: Variables,
    /// `strategy.matrix`, or the whole `strategy` where that is one expression.
    pub matrix: Option<Node>,
    /// Whether `matrix` is the whole `strategy`.
    pub is_strategy: bool,
    /// `defaults.run.working-directory`.
    pub folder: Option<Node>,
    /// What it does.
    pub work: Work,
}

/// What a job does.
#[derive(Clone, Debug)]
pub enum Work {
    /// It runs steps.
    Steps(Vec<Step>),
    /// It calls another workflow.
    Call(CallSite),
}

/// A job that calls another workflow.
#[derive(Clone, Debug)]
pub struct CallSite {
    /// `uses` as written.
    pub uses: Located<String>,
    /// `with`.
    pub with: Variables,
    /// `secrets`.
    pub secrets: Secrets,
}

/// Which secrets a called workflow sees.
#[derive(Clone, Debug)]
pub enum Secrets {
    /// All of the caller's, under their own names.
    Inherit,
    /// These alone, under new names.
    Mapped(Variables),
}

/// A step that runs something; `parallel` blocks are already unfolded, and steps that only wait are left out.
#[derive(Clone, Debug)]
pub struct Step {
    /// Where it was written.
    pub place: Place,
    /// `if`.
    pub condition: Option<Node>,
    /// `env`.
    pub env: Variables,
    /// What it runs.
    pub action: Action,
}

/// What a step runs.
#[derive(Clone, Debug)]
pub enum Action {
    /// `uses` with its inputs.
    Uses {
        /// The reference as written.
        uses: Located<String>,
        /// `with`.
        with: Variables,
    },
    /// `run`.
    Run {
        /// The script.
        script: Node,
        /// `working-directory`.
        folder: Option<Node>,
    },
}
