//! Any workflow and any local action are previewed and judged by every rule; every place lies inside its file.
#![no_main]

#[path = "shared/files.rs"]
mod files;

use std::collections::BTreeMap;

use fedcred::{
    issuer::github::Prefix,
    lint,
    report::{Style, terminal},
    text::{Source, Tree},
    trust::read::read_all,
    workflow::{
        project::Project,
        reach::{self, Facts, Wanted},
    },
};
use files::inside;
use libfuzzer_sys::fuzz_target;

const TRUSTED: &str = "credentials:
  - {name: a, issuer: 'https://token.actions.githubusercontent.com', subject: 'repo:o/r:ref:refs/heads/main', audiences: ['api://AzureADTokenExchange']}
  - {name: b, issuer: 'https://token.actions.githubusercontent.com', subject: 'repo:o/r:environment:prod', audiences: ['api://AzureADTokenExchange']}
";

fuzz_target!(|text: &str| {
    let project = Project::read(files::tree(&files::files(".github/workflows/w.yml", text)));
    project.errors().for_each(|error| inside(&error.place));
    for known in [false, true] {
        let mut facts = Facts::new("repo:o/r".parse::<Prefix>().expect("a prefix"));
        facts.default_branch = known.then(|| "main".to_owned());
        facts.environments = known.then(|| vec!["prod".to_owned()]);
        let entries = reach::entries(&project, &facts, &Wanted::default());
        let unreachable = reach::unreachable(&project, &facts, &entries);
        for entry in &entries {
            inside(&entry.job.place);
            entry.why.iter().for_each(|why| inside(&why.place));
            entry.called_from.iter().for_each(|call| inside(&call.place));
            entry.sign_ins.iter().for_each(|sign_in| inside(&sign_in.place));
            assert!(!entry.shape.to_string().is_empty());
        }
        unreachable.iter().for_each(|one| inside(&one.place));
        judge(&project, &facts, &entries, &unreachable);
    }
});

fn judge(project: &Project, facts: &Facts, entries: &[reach::Entry], unreachable: &[reach::Unreachable]) {
    let mut tree = Tree::default();
    tree.insert(Source::new("a.yml", TRUSTED));
    let drafts = read_all(&tree).drafts;
    let facts = lint::Facts {
        identities: vec![lint::Identity::only(drafts.iter().collect())],
        entries,
        unreachable,
        project: Some(project),
        prefix: Some(facts.prefix.clone()),
        default_branch: facts.default_branch.clone(),
        claims: BTreeMap::new(),
        ..lint::Facts::of_credentials(&drafts)
    };
    let findings = lint::run(lint::ALL, &facts);
    for finding in &findings {
        finding.diagnostic.labels.iter().for_each(|label| inside(&label.place));
    }
    let diagnostics: Vec<_> = findings.into_iter().map(|finding| finding.diagnostic).collect();
    assert_eq!(terminal::render(&diagnostics, &Style::plain()).is_empty(), diagnostics.is_empty());
}
