//! A repository read and worked out at once: a file that refers to no other is done as soon as it is read, and its jobs are dropped.

use std::collections::BTreeSet;

use super::{
    Entry, Facts, Unreachable, Wanted, called_paths, dead, entries, explore::Analysis, of_workflow, sort,
};
use crate::{
    text::Tree,
    workflow::{Workflow, project::Project},
};

/// The files of a repository, and what they present.
#[derive(Debug)]
pub struct Survey {
    /// The files. Those that stand alone have lost their jobs.
    pub project: Project,
    /// What every workflow can present, in the order of paths and jobs.
    pub entries: Vec<Entry>,
    /// Sign-ins that no event ever reaches, in the same order; none unless they are wanted.
    pub unreachable: Vec<Unreachable>,
}

/// What some files present, each by itself.
#[derive(Default)]
struct Alone {
    entries: Vec<Entry>,
    unreachable: Vec<Unreachable>,
}

impl Survey {
    /// Works out what the workflow files of `tree` present. `load` adds what they refer to, once all of them are read.
    pub fn of(tree: Tree, facts: &Facts, wanted: &Wanted, load: impl FnOnce(&mut Project)) -> Self {
        let work_out = |workflow: &Workflow, sum: &mut Alone| sum.add(workflow, facts, wanted);
        let (mut project, alone) = Project::read_by(tree, facts.at_hand(), work_out);
        load(&mut project);
        let called = called_paths(&project, facts);
        called.iter().for_each(|path| project.restore(path));
        let mut entries = entries(&project, facts, wanted);
        let mut unreachable = match wanted.unreachable {
            true => super::unreachable(&project, facts, &entries),
            false => Vec::new(),
        };
        for one in alone {
            entries.extend(one.entries.into_iter().filter(|entry| !called.contains(&entry.workflow)));
            unreachable.extend(one.unreachable.into_iter().filter(|dead| !called.contains(&dead.workflow)));
        }
        sort(&mut entries);
        unreachable.sort_by(|one, other| {
            (&one.workflow, one.job.place.span).cmp(&(&other.workflow, other.job.place.span))
        });
        Self { project, entries, unreachable }
    }
}

impl Alone {
    fn add(&mut self, workflow: &Workflow, facts: &Facts, wanted: &Wanted) {
        let (others, called) = (Project::default(), BTreeSet::new());
        let analysis = Analysis::new(&others, facts, wanted);
        let entries = of_workflow(&analysis, workflow, &called);
        if wanted.unreachable {
            let elsewhere = |wanted: &Wanted| of_workflow(&analysis.asked(wanted), workflow, &called);
            self.unreachable.extend(dead::beside(&entries, elsewhere));
        }
        self.entries.extend(entries);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{text::Source, workflow::reach};

    const LOGIN: &str = "{uses: azure/login@v3, with: {client-id: a, tenant-id: b}}";

    /// `calling.yml` calls a file that does not say so; `dead.yml` and `plain.yml` stand alone; `script.yml` runs a file.
    fn tree() -> Tree {
        let job = |steps: &str| format!("{{runs-on: x, steps: [{steps}]}}");
        let never = LOGIN.replace("{uses", "{if: github.event_name == 'x', uses");
        let files = [
            ("plain", job(LOGIN)),
            ("dead", job(&format!("{never}, {LOGIN}"))),
            ("callee", job(LOGIN)),
            ("calling", "{uses: ./.github/workflows/callee.yml}".to_owned()),
            ("script", job(&format!("{{run: ./a.sh}}, {LOGIN}"))),
        ];
        let mut tree = Tree::default();
        for (name, job) in files {
            let text = format!(
                "on: {{push: {{branches: main}}, pull_request: }}\npermissions: {{id-token: write}}\njobs: {{go: {job}}}\n"
            );
            tree.insert(Source::new(format!(".github/workflows/{name}.yml"), text));
        }
        tree
    }

    #[test]
    fn files_worked_out_one_by_one_present_what_all_of_them_together_present() {
        let facts = Facts::new("repo:o/r".parse().unwrap());
        let wanted = Wanted { unreachable: true, ..Wanted::default() };
        let survey = Survey::of(tree(), &facts, &wanted, |_| ());
        let project = Project::read(tree());
        let entries = reach::entries(&project, &facts, &wanted);
        assert_eq!(survey.entries, entries);
        assert_eq!(survey.unreachable, reach::unreachable(&project, &facts, &entries));
        assert_eq!((survey.entries.len(), survey.unreachable.len()), (8, 1));
    }

    #[test]
    fn only_files_that_others_decide_keep_their_jobs() {
        let facts = Facts::new("repo:o/r".parse().unwrap());
        let survey = Survey::of(tree(), &facts, &Wanted::default(), |_| ());
        let kept = survey.project.workflows().filter(|(_, read)| !read.as_ref().unwrap().jobs.is_empty());
        let names: Vec<&str> = kept.map(|(path, _)| path.rsplit('/').next().unwrap()).collect();
        assert_eq!(names, ["callee.yml", "calling.yml", "script.yml"]);
    }
}
