//! Which files a step refers to.

use std::collections::BTreeSet;

use super::{
    Workflow,
    model::{Action, Job, Step, Work},
    reference::{AtHand, normal},
    sign_in,
};
use crate::yaml::Node;

/// Whether nothing but its own file decides what a workflow presents: it calls nothing, uses no file, and is not made to be called.
pub(super) fn stands_alone(workflow: &Workflow, at_hand: &AtHand) -> bool {
    let mut wanted = BTreeSet::new();
    let plain = |job: &Job| match &job.work {
        Work::Call(_) => false,
        Work::Steps(steps) => steps.iter().all(|step| {
            want(step, [&None, &None], "", at_hand, &mut wanted);
            wanted.is_empty()
        }),
    };
    workflow.call.is_none() && workflow.jobs.iter().all(plain)
}

/// Adds the files to which a step refers; `folders` are those of its job and workflow, `own` begins the paths of its repository.
pub(super) fn want(
    step: &Step,
    folders: [&Option<Node>; 2],
    own: &str,
    at_hand: &AtHand,
    wanted: &mut BTreeSet<String>,
) {
    let folder = match &step.action {
        Action::Uses { uses, .. } => {
            if let Some(folder) = at_hand.action(&uses.value, own) {
                let within = if folder.is_empty() { folder } else { format!("{folder}/") };
                wanted.extend(["action.yml", "action.yaml"].map(|name| format!("{within}{name}")));
            }
            None
        }
        Action::Run { folder, .. } => folder.as_ref().or(folders[0].as_ref()).or(folders[1].as_ref()),
    };
    let folder = folder.and_then(Node::text).map(|folder| sign_in::located(folder, step));
    for path in sign_in::script_files(step).into_iter().chain(sign_in::configuration_files(step)) {
        wanted.extend(folder.as_ref().map(|folder| normal(&format!("{folder}/{path}"))));
        wanted.insert(normal(&path));
    }
}
