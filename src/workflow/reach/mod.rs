//! Every job, event and context of a repository that can ask for a token, and the subject that goes with it.

mod asks;
mod begin;
mod compare;
mod dead;
mod entry;
mod evaluate;
mod event;
mod explore;
mod facts;
mod function;
mod gathered;
mod job;
mod lookup;
mod matrix;
mod name;
mod needs;
mod partial;
mod payload;
mod queue;
mod site;
mod subject;
mod survey;
mod why;
mod world;
mod worth;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

pub use dead::unreachable;
pub use entry::{Certainty, Entry, SignIn, Token, Unreachable};
pub use facts::Facts;
pub use survey::Survey;
pub use why::WITHHELD;
pub use worth::Jobs;

use super::{
    calls::MAX_CALLS,
    model::{Work, Workflow},
    project::Project,
};
use crate::{id::GitRef, issuer::github::Event};
use explore::Analysis;
use gathered::Gathered;
use job::Link;
use world::World;

/// Ways down to a job that are followed.
const MOST_CHAINS: usize = 2_000;

/// What is asked.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Which jobs.
    pub jobs: Jobs,
    /// Only runs on this ref.
    pub reference: Option<GitRef>,
    /// As if every condition of a job or step were true.
    pub blind: bool,
    /// In a [`Survey`]: the sign-ins that no event reaches as well.
    pub unreachable: bool,
}

/// What every workflow of the project can present, in the order of paths and jobs.
#[must_use]
pub fn entries(project: &Project, facts: &Facts, wanted: &Wanted) -> Vec<Entry> {
    let called = called_paths(project, facts);
    let workflows: Vec<&Workflow> = project.workflows().filter_map(|(_, read)| read.as_ref().ok()).collect();
    let of = |workflow: &&Workflow| of_workflow(&Analysis::new(project, facts, wanted), workflow, &called);
    let found: Vec<Vec<Entry>> = workflows.par_iter().map(of).collect();
    let mut entries = Vec::new();
    let mut shared: BTreeMap<String, Gathered> = BTreeMap::new();
    // Only a called file can be reached from several workflows, so only its entries need to be compared.
    for entry in found.into_iter().flatten() {
        if called.contains(entry.workflow.as_str()) {
            shared.entry(entry.workflow.clone()).or_default().add([entry], true);
        } else {
            entries.push(entry);
        }
    }
    entries.extend(shared.into_values().flat_map(Gathered::into_entries));
    sort(&mut entries);
    entries
}

/// The order of paths and jobs.
fn sort(entries: &mut [Entry]) {
    entries.sort_by(|one, other| {
        (&one.workflow, one.job.place.span).cmp(&(&other.workflow, other.job.place.span))
    });
}

fn of_workflow(analysis: &Analysis<'_>, workflow: &Workflow, called: &BTreeSet<String>) -> Vec<Entry> {
    let mut chains = Vec::new();
    descend(analysis, workflow, &mut Vec::new(), &mut chains);
    chains.retain(|links| analysis.is_worth(links));
    let mut gathered = Gathered::default();
    for links in &chains {
        for trigger in &workflow.triggers {
            let mut worlds = World::of_trigger(trigger, analysis.facts);
            if let Some(reference) = &analysis.wanted.reference {
                worlds = worlds.into_iter().filter_map(|world| world.standing_on(reference)).collect();
            }
            gathered.add(analysis.explore(worlds, links), true);
        }
        let uncalled = workflow.call.is_some() && !called.contains(workflow.source.path());
        if let Some(event) = Event::named("workflow_call").filter(|_| uncalled) {
            let worlds = vec![World::of_unknown_caller(event, name::Name::any())];
            gathered.add(analysis.explore(worlds, links), true);
        }
    }
    gathered.into_entries()
}

/// Every way down from the jobs of `workflow` to a job with steps, or to a call that cannot be followed.
fn descend<'p>(
    analysis: &'p Analysis<'_>,
    workflow: &'p Workflow,
    above: &mut Vec<Link<'p>>,
    chains: &mut Vec<Vec<Link<'p>>>,
) {
    for job in &workflow.jobs {
        above.push(Link { workflow, job });
        let callee = match &job.work {
            Work::Steps(_) => None,
            Work::Call(call) => analysis.called(workflow, &call.uses.value),
        };
        let circle = callee.is_some_and(|callee| {
            above.iter().any(|link| std::ptr::eq(link.workflow, callee)) || above.len() > MAX_CALLS
        });
        match callee {
            Some(callee) if !circle && chains.len() < MOST_CHAINS => {
                descend(analysis, callee, above, chains);
            }
            // What lies here may not be what a call at some revision means, which need not lead back.
            Some(_) if circle && !above.iter().any(|link| link.names_revision()) => {}
            // A call that is not followed may ask for anything.
            Some(_) | None => chains.push(above.clone()),
        }
        above.pop();
    }
}

fn called_paths(project: &Project, facts: &Facts) -> BTreeSet<String> {
    let workflows = project.all_workflows();
    let calls = workflows.flat_map(|workflow| workflow.jobs.iter().map(move |job| (workflow, job)));
    let called = calls.filter_map(|(workflow, job)| match &job.work {
        Work::Call(call) => project.called(workflow, &call.uses.value, facts.prefix.repository()),
        Work::Steps(_) => None,
    });
    called.map(|called| called.source.path().to_owned()).collect()
}

#[cfg(test)]
mod tests;
