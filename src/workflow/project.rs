//! All workflow and action files of a repository, read beforehand, and what they refer to.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::{
    Error, LocalAction, Problem, Workflow,
    calls::{self, MAX_CALLS},
    model::Work,
    reference::{AtHand, called_path, normal},
    wanted::{stands_alone, want},
};
use crate::{
    id::RepositoryName,
    text::{Place, Source, Span, Tree},
};

/// The folder of workflow files; folders below it do not count.
pub const WORKFLOWS: &str = ".github/workflows";

/// The files of a repository that bear on who can ask for a token.
#[derive(Debug, Default)]
pub struct Project {
    tree: Tree,
    at_hand: AtHand,
    workflows: BTreeMap<String, Result<Workflow, Error>>,
    actions: BTreeMap<String, Result<LocalAction, Error>>,
    /// Where the workflow files of other repositories begin: `owner/name/`.
    others: BTreeSet<String>,
    /// The paths of workflows of which no run starts for want of an `id-token`.
    without_start: BTreeSet<String>,
}

impl Project {
    /// Reads the workflow and action files of `tree`. A file that cannot be read does not stop the others.
    #[must_use]
    pub fn read(tree: Tree) -> Self {
        let mut project = Self { tree, ..Self::default() };
        project.refresh(|_, (): &mut ()| false);
        project
    }

    /// The same; `work_out` is called with each workflow that stands alone, whose jobs are then dropped. It adds to what was made of
    /// some of those before it; all such sums are returned, in the order of the paths.
    pub fn read_by<T: Default + Send>(
        tree: Tree,
        at_hand: AtHand,
        work_out: impl Fn(&Workflow, &mut T) + Sync,
    ) -> (Self, Vec<T>) {
        let mut project = Self { tree, at_hand, ..Self::default() };
        let known = project.at_hand.clone();
        let sums = project.refresh(|workflow, sum| {
            let alone = stands_alone(workflow, &known);
            if alone {
                work_out(workflow, sum);
            }
            alone
        });
        (project, sums)
    }

    /// Reads the workflow at `path` again where its jobs were dropped.
    pub fn restore(&mut self, path: &str) {
        if let Some(Ok(workflow)) = self.workflows.get_mut(path)
            && workflow.jobs.is_empty()
            && let Ok(again) = Workflow::parse(&workflow.source)
        {
            *workflow = again;
        }
    }

    /// Reads every workflow again whose jobs were dropped.
    pub fn restore_all(&mut self) {
        let paths: Vec<String> = self.workflows.keys().cloned().collect();
        paths.iter().for_each(|path| self.restore(path));
    }

    /// Holds a workflow file at `path` whose text nobody can have, and why.
    pub fn without_text(&mut self, path: &str, reason: String) {
        let place = Place::new(&Source::new(path, String::new()), Span::default());
        self.workflows.insert(path.to_owned(), Err(Error::new(Problem::NoText(reason), place)));
    }

    /// Whether it has no files at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tree.iter().next().is_none()
    }

    /// Adds files that [`Project::wanted`] asked for.
    pub fn add(&mut self, files: impl IntoIterator<Item = std::sync::Arc<Source>>) {
        files.into_iter().for_each(|file| self.tree.insert(file));
        self.refresh(|_, (): &mut ()| false);
    }

    /// Reads what is new. A workflow that is `done` loses its jobs.
    fn refresh<T: Default + Send>(&mut self, done: impl Fn(&Workflow, &mut T) -> bool + Sync) -> Vec<T> {
        let name = |path: &str| path.rsplit_once('/').map_or("", |(_, name)| name).to_owned();
        let new: Vec<_> = self
            .tree
            .iter()
            .filter(|source| {
                let path = source.path();
                let workflow =
                    path.contains(WORKFLOWS) && (path.ends_with(".yml") || path.ends_with(".yaml"));
                workflow && !self.workflows.contains_key(path)
            })
            .collect();
        let read = new.par_iter().fold(<(Vec<_>, T)>::default, |(mut all, mut sum), source| {
            let read = match Workflow::parse(source) {
                Ok(workflow) if done(&workflow, &mut sum) => Ok(workflow.without_jobs()),
                read => read,
            };
            all.push((source.path().to_owned(), read));
            (all, sum)
        });
        let mut sums = Vec::new();
        for (all, sum) in read.collect::<Vec<_>>() {
            let folders = all.iter().filter_map(|(path, _)| path.split_once(WORKFLOWS));
            self.others.extend(folders.map(|(folder, _)| folder.to_owned()).filter(|it| !it.is_empty()));
            self.workflows.extend(all);
            sums.push(sum);
        }
        let actions = self.tree.iter().filter(|source| {
            matches!(name(source.path()).as_str(), "action.yml" | "action.yaml")
                || matches!(source.path(), "action.yml" | "action.yaml")
        });
        for source in actions {
            let folder = source.path().rsplit_once('/').map_or("", |(folder, _)| folder);
            if !self.actions.contains_key(folder) {
                self.actions.insert(folder.to_owned(), LocalAction::parse(source));
            }
        }
        sums
    }

    /// Refuses the workflows of which no run starts because a call does not fit.
    ///
    /// One that lacks `id-token` is kept, since the job itself is told that it gets no token.
    pub fn check_calls(&mut self, repository: Option<&RepositoryName>) {
        // What a call at some revision means is not what lies here, so that nothing is refused for it.
        let find = |caller: &Workflow, uses: &str| {
            self.called(caller, uses, repository).filter(|_| !uses.contains('@'))
        };
        let workflows = self.workflows.iter().filter_map(|(path, read)| Some((path, read.as_ref().ok()?)));
        let checked: Vec<(String, Result<Option<Error>, Error>)> = workflows
            .map(|(path, workflow)| (path.clone(), calls::check(workflow, &find, MAX_CALLS)))
            .filter(|(_, stopped)| !matches!(stopped, Ok(None)))
            .collect();
        for (path, stopped) in checked {
            match stopped {
                Ok(_) => drop(self.without_start.insert(path)),
                Err(error) => drop(self.workflows.insert(path, Err(error))),
            }
        }
    }

    /// Whether runs of the workflow at `path` start. Where one of its called jobs asks for the `id-token` that the caller withholds,
    /// they do not, and no other job of the run gets a token either.
    #[must_use]
    pub fn starts(&self, path: &str) -> bool {
        !self.without_start.contains(path)
    }

    /// The workflow files of the repository itself, with their paths.
    pub fn workflows(&self) -> impl Iterator<Item = (&str, &Result<Workflow, Error>)> {
        let own = self.workflows.iter().filter(|(path, _)| path.starts_with(WORKFLOWS));
        own.map(|(path, read)| (path.as_str(), read))
    }

    /// The workflows that could be read, those of other repositories among them.
    pub(super) fn all_workflows(&self) -> impl Iterator<Item = &Workflow> {
        self.workflows.values().filter_map(|read| read.as_ref().ok())
    }

    /// What is wrong with files that could not be read, in the order of their paths.
    pub fn errors(&self) -> impl Iterator<Item = &Error> {
        let workflows = self.workflows.values().filter_map(|read| read.as_ref().err());
        workflows.chain(self.actions.values().filter_map(|read| read.as_ref().err()))
    }

    /// The workflow that `uses` in `caller` means, if it lies in this tree.
    #[must_use]
    pub fn called(
        &self,
        caller: &Workflow,
        uses: &str,
        repository: Option<&RepositoryName>,
    ) -> Option<&Workflow> {
        let path = called_path(caller, uses, repository)?;
        let read = self.workflows.get(&path).or_else(|| {
            let (folder, name) = path.split_once(WORKFLOWS)?;
            let folder = self.others.iter().find(|other| other.eq_ignore_ascii_case(folder))?;
            self.workflows.get(&format!("{folder}{WORKFLOWS}{name}"))
        });
        read?.as_ref().ok()
    }

    /// The action that `uses` in the file `from` means, if it lies in this tree.
    ///
    /// `$/` is the repository of the file; `./` is what the job has checked out, which is taken to be this repository. What lies here may
    /// not be what a name with a revision means.
    #[must_use]
    pub fn action(&self, uses: &str, from: &str) -> Option<&LocalAction> {
        let folder = self.at_hand.action(uses, self.folder_of(from))?;
        self.actions.get(&folder)?.as_ref().ok()
    }

    /// Where the repository of a file begins in this tree: nothing for our own, `owner/name/` for another one.
    fn folder_of<'p>(&self, path: &'p str) -> &'p str {
        let read = self.others.iter().map(|folder| folder.trim_end_matches('/'));
        let mut known = read.chain(self.at_hand.others.iter().map(RepositoryName::as_str));
        let within = |name: &str| {
            let (head, rest) = path.split_at_checked(name.len())?;
            (head.eq_ignore_ascii_case(name) && rest.starts_with('/'))
                .then(|| path.get(..=name.len()))
                .flatten()
        };
        known.find_map(within).unwrap_or("")
    }

    /// The script file that a step names, looked for from the root and from the step's folder.
    #[must_use]
    pub fn script(&self, path: &str, folder: Option<&str>) -> Option<&std::sync::Arc<Source>> {
        let inside = folder.and_then(|folder| self.tree.get(&normal(&format!("{folder}/{path}"))));
        inside.or_else(|| self.tree.get(&normal(path)))
    }

    /// Paths of files that are referred to and were not read; they need not exist. Those of a called workflow in another repository begin
    /// with `owner/name/`.
    #[must_use]
    pub fn wanted(&self) -> BTreeSet<String> {
        let workflows = self.workflows.values().filter_map(|read| read.as_ref().ok());
        let jobs = workflows.flat_map(|workflow| workflow.jobs.iter().map(move |job| (workflow, job)));
        let mut wanted = BTreeSet::new();
        for (workflow, job) in jobs {
            let own = self.folder_of(workflow.source.path());
            match &job.work {
                Work::Steps(steps) => {
                    steps.iter().for_each(|step| {
                        want(step, [&job.folder, &workflow.folder], own, &self.at_hand, &mut wanted)
                    });
                }
                Work::Call(site) => {
                    let path = called_path(workflow, &site.uses.value, None);
                    wanted.extend(path.filter(|path| !path.starts_with(WORKFLOWS)));
                }
            }
        }
        for action in self.actions.values().filter_map(|read| read.as_ref().ok()) {
            wanted.extend(action.script_paths());
            let own = self.folder_of(action.source.path());
            for step in action.steps.iter().flatten() {
                want(step, [&None, &None], own, &self.at_hand, &mut wanted);
            }
        }
        wanted.retain(|path| self.tree.get(path).is_none());
        wanted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_step_refers_to_is_wanted_until_it_is_there() {
        let text =
            "on: push\njobs: {a: {runs-on: x, steps: [{uses: ./act}, {run: ./go.sh, working-directory: d}]}}";
        let mut tree = Tree::default();
        tree.insert(Source::new(".github/workflows/w.yml", text));
        let mut project = Project::read(tree);
        let wanted: Vec<_> = project.wanted().into_iter().collect();
        assert_eq!(wanted, ["act/action.yaml", "act/action.yml", "d/go.sh", "go.sh"]);
        project
            .add([Source::new("act/action.yml", "runs: {using: composite, steps: [{run: x, shell: sh}]}")]);
        assert!(project.action("./act", ".github/workflows/w.yml").unwrap().steps.is_some());
    }
}
