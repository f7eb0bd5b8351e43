//! Walks every job through every world of every trigger, and gathers what it can present.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeSet, HashMap},
    rc::Rc,
};

use super::{
    Wanted,
    entry::Entry,
    facts::Facts,
    gathered::{Gathered, together},
    job::{Attempt, Link},
    why,
    world::{RefKind, World},
};
use crate::{
    workflow::{
        Workflow,
        expression::{self, Expr, Scope, Template},
        model::{Action, Step},
        project::Project,
        sign_in::{self, Candidate},
    },
    yaml::Node,
};

/// Splits on top of each other.
const MOST_SPLITS: usize = 60;

/// Worlds in which one job is tried for one trigger before no more splits are made.
const MOST_WORLDS: usize = 2_000;

/// Expressions that are worked out for one workflow: files are written by strangers.
const MOST_WORK: usize = 1_000_000;
/// A world is so much more work than an expression.
const WORLD_WORK: usize = 10;

/// What the analysis of one workflow shares: the files, the facts, and expressions already read.
pub(super) struct Analysis<'a> {
    pub(super) project: &'a Project,
    pub(super) facts: &'a Facts,
    /// What is asked.
    pub(super) wanted: &'a Wanted,
    templates: RefCell<HashMap<usize, Option<Rc<Template>>>>,
    conditions: RefCell<HashMap<usize, Option<Rc<Expr>>>>,
    seen: RefCell<HashMap<usize, Rc<Seen>>>,
    /// How much work is left.
    left: Cell<usize>,
}

/// What is seen in a step, whatever its conditions are.
pub(super) struct Seen {
    /// The tools.
    pub(super) candidates: Vec<Candidate>,
    /// What the step gives to `ARM_USE_OIDC` for the steps behind it.
    pub(super) switch: Option<String>,
}

impl<'a> Analysis<'a> {
    pub(super) fn new(project: &'a Project, facts: &'a Facts, wanted: &'a Wanted) -> Self {
        Self {
            project,
            facts,
            wanted,
            templates: RefCell::default(),
            conditions: RefCell::default(),
            seen: RefCell::default(),
            left: Cell::new(MOST_WORK),
        }
    }

    /// The workflow that `uses` in `caller` means, if it lies among the files.
    pub(super) fn called(&self, caller: &Workflow, uses: &str) -> Option<&'a Workflow> {
        self.project.called(caller, uses, self.facts.prefix.repository())
    }

    /// The same files, facts and expressions for another question.
    pub(super) fn asked<'b>(self, wanted: &'b Wanted) -> Analysis<'b>
    where
        'a: 'b,
    {
        Analysis { wanted, left: Cell::new(MOST_WORK), ..self }
    }

    /// The expression of a scalar with `${{ }}`; `None` where it cannot be read.
    pub(super) fn template(&self, node: &Node) -> Option<Rc<Template>> {
        let text = node.text()?;
        let read = || expression::template(text, &Scope::ANY).ok().map(Rc::new);
        self.templates.borrow_mut().entry(text.as_ptr() as usize).or_insert_with(read).clone()
    }

    /// The expression of an `if`; `None` where it cannot be read.
    pub(super) fn condition(&self, node: &Node) -> Option<Rc<Expr>> {
        let text = node.text()?;
        let read = || expression::condition(text, &Scope::ANY).ok().map(Rc::new);
        self.conditions.borrow_mut().entry(text.as_ptr() as usize).or_insert_with(read).clone()
    }

    /// What is seen in a step, and in the scripts that it runs.
    pub(super) fn seen(&self, step: &Step, folder: Option<&str>) -> Rc<Seen> {
        let key = std::ptr::from_ref(step) as usize;
        if let Some(seen) = self.seen.borrow().get(&key) {
            return Rc::clone(seen);
        }
        let mut found = sign_in::in_step(step);
        if !self.project.is_empty() {
            for path in sign_in::script_files(step) {
                let mut seen = self.project.script(&path, folder).map(sign_in::in_file).unwrap_or_default();
                // A script is run with what its caller gives to variables.
                seen.iter_mut()
                    .filter(|seen| seen.switch.is_none())
                    .for_each(|seen| seen.switch = sign_in::switched(step));
                found.extend(seen);
            }
            found.extend(self.in_own_scripts(step));
            let read = |path: &str| self.project.script(path, folder).map(AsRef::as_ref);
            found.extend(sign_in::in_configuration(step, read));
        }
        if !found.iter().all(Candidate::is_guess) {
            found.retain(|seen| !seen.is_guess());
        }
        let switch = sign_in::exported(step, sign_in::SWITCH);
        let seen = Rc::new(Seen { candidates: found, switch });
        self.seen.borrow_mut().insert(key, Rc::clone(&seen));
        seen
    }

    /// The tools seen in the scripts of a local action that has no steps.
    fn in_own_scripts(&self, step: &Step) -> Vec<Candidate> {
        let Action::Uses { uses, .. } = &step.action else { return Vec::new() };
        let action = self.project.action(&uses.value, step.place.source.path());
        let paths = action.into_iter().flat_map(|action| action.script_paths());
        paths.filter_map(|path| self.project.script(&path, None)).flat_map(sign_in::in_file).collect()
    }

    /// Everything that the last job of `links` can present in these worlds, which one event starts.
    pub(super) fn explore(&self, worlds: Vec<World<'_>>, links: &[Link<'_>]) -> Vec<Entry> {
        let budget = Cell::new(MOST_WORLDS);
        let any = |kind| worlds.iter().any(|world| world.kind == kind && world.filter.is_none());
        let unfiltered = any(RefKind::Branch) && any(RefKind::Tag);
        let mut gathered = Gathered::default();
        for world in worlds {
            gathered.add(self.in_world(&world, links, &budget, 0), true);
        }
        let mut entries = gathered.into_entries();
        if unfiltered {
            without_namesakes(&mut entries);
        }
        if self.left.get() == 0 {
            entries.iter_mut().for_each(|entry| entry.assumed.push(why::TOO_MUCH.into()));
        }
        entries
    }

    fn in_world(
        &self,
        world: &World<'_>,
        links: &[Link<'_>],
        budget: &Cell<usize>,
        depth: usize,
    ) -> Vec<Entry> {
        let split = match Attempt::new(self, world).run(links) {
            Ok(entries) => return entries,
            Err(split) => split,
        };
        let mut parts = world.split(&split, self.facts);
        match budget.get().checked_sub(parts.len()).filter(|_| depth < MOST_SPLITS && self.spend(WORLD_WORK))
        {
            Some(left) => budget.set(left),
            None => parts = vec![World { frozen: true, ..world.clone() }],
        }
        let by_event = world.is_decided_by_event(&split);
        let results = parts.iter().map(|part| self.in_world(part, links, budget, depth + 1)).collect();
        together(results, by_event)
    }

    /// Counts so much work; false when the workflow takes more than is followed. What is asked then is not known.
    pub(super) fn spend(&self, work: usize) -> bool {
        self.left.set(self.left.get().saturating_sub(work));
        self.left.get() > 0
    }
}

/// Leaves out a tag that has the name of a branch beside it: `github.ref_name == 'main'` is true for a tag `main` as well.
///
/// Assumed: who asks for a branch by its short name has no tag of that name.
fn without_namesakes(entries: &mut Vec<Entry>) {
    let branches: BTreeSet<String> = entries
        .iter()
        .filter_map(|entry| entry.reference.as_deref()?.strip_prefix("refs/heads/"))
        .filter(|name| !name.contains(['*', '{']))
        .map(str::to_owned)
        .collect();
    let tag = |entry: &Entry| entry.reference.as_deref()?.strip_prefix("refs/tags/").map(str::to_owned);
    let namesakes: BTreeSet<String> =
        entries.iter().filter_map(tag).filter(|name| branches.contains(name)).collect();
    entries.retain(|entry| tag(entry).is_none_or(|name| !namesakes.contains(&name)));
    for entry in entries {
        let name = entry.reference.as_deref().and_then(|reference| reference.strip_prefix("refs/heads/"));
        let told = name
            .filter(|name| namesakes.contains(*name))
            .map(|name| format!("no tag is called `{name}`").into());
        entry.assumed.extend(told);
    }
}
