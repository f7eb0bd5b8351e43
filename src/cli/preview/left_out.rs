//! What is left out: by the filters of a preview where nothing remains, and by those of a workflow that admit nothing.

use std::collections::BTreeSet;

use anyhow::bail;

use super::{Args, is_asked_for, wanted};
use crate::{
    cli::repository::Repository,
    diagnostic::{Diagnostic, Severity},
    id::visible,
    issuer::github::Event,
    workflow::{
        Workflow,
        project::Project,
        reach::{Entry, Wanted, entries},
    },
};

/// Whether `job` presents the entry or calls the workflow of the job that does, letter case aside.
pub(super) fn is_of(entry: &Entry, job: &str) -> bool {
    let callers = entry.calls().flatten().filter_map(|caller| Some(caller.value.rsplit_once(": ")?.1));
    std::iter::once(entry.job.value.as_str()).chain(callers).any(|name| name.eq_ignore_ascii_case(job))
}

/// What to say where the filters leave nothing; `None` where something is left or there is no filter.
///
/// # Errors
/// When a job or an event is asked for that does not exist. A job may lie in a file that is `broken`, so that it is no error then.
pub(super) fn told(args: &Args, repository: &mut Repository, broken: bool) -> anyhow::Result<Option<String>> {
    let filters = filters(args);
    if filters.is_empty() || repository.entries.iter().any(|entry| is_asked_for(args, entry)) {
        return Ok(None);
    }
    repository.project.restore_all();
    let workflows: Vec<&Workflow> =
        repository.project.workflows().filter_map(|(_, read)| read.as_ref().ok()).collect();
    if let Some(event) = args.event.as_ref().filter(|event| Event::named(event).is_none()) {
        let triggers = workflows.iter().flat_map(|workflow| &workflow.triggers);
        let names = listed(triggers.map(|trigger| trigger.event.name));
        bail!("{} is no event of GitHub; the workflows start on {names}", visible(event));
    }
    if let Some(job) = args.job.as_ref().filter(|_| !broken) {
        let names = || workflows.iter().flat_map(|workflow| &workflow.jobs).map(|job| job.id.as_str());
        let known = names().any(|name| name.eq_ignore_ascii_case(job));
        if !known && !repository.entries.iter().any(|entry| is_of(entry, job)) {
            bail!("no workflow has a job {}; the jobs are {}", visible(job), listed(names()));
        }
    }
    let all = entries(&repository.project, &repository.facts, &Wanted { reference: None, ..wanted(args) });
    let hint = if args.all { "" } else { "--all shows jobs that ask for no Azure token too\n" };
    let jobs = listed(all.iter().map(|entry| entry.job.value.as_str()));
    let events = listed(all.iter().map(|entry| entry.trigger));
    Ok(Some(match all.len() {
        0 => format!("nothing is left with {filters}, and nothing without\n{hint}"),
        1 => format!("nothing is left with {filters}\nleft out: one subject, of {jobs} on {events}\n{hint}"),
        n => format!("nothing is left with {filters}\nleft out: {n} subjects, of {jobs} on {events}\n{hint}"),
    }))
}

/// The filters of workflows that admit no branch or tag at all.
pub(super) fn by_workflows(project: &Project) -> Vec<Diagnostic> {
    let workflows = project.workflows().filter_map(|(_, read)| read.as_ref().ok());
    let triggers = workflows.flat_map(|workflow| &workflow.triggers);
    let filters =
        triggers.flat_map(|trigger| [&trigger.branches, &trigger.tags].map(|filter| (trigger, filter)));
    let empty = filters.filter_map(|(trigger, filter)| Some((trigger, filter.as_ref()?)));
    let told = empty.filter(|(_, filter)| filter.list.admits_nothing()).map(|(trigger, filter)| {
        let title = format!("no `{}` starts a run by this filter, which admits nothing", trigger.event.name);
        let told = Diagnostic::new("", Severity::Note, title).at(filter.place.clone(), "");
        match filter.list.positives().next() {
            None => told.help("add a pattern without `!`, such as '**', before the others"),
            Some(_) => told,
        }
    });
    told.collect()
}

/// The filters as they were given.
fn filters(args: &Args) -> String {
    let reference = args.reference.as_ref().map(ToString::to_string);
    let given = [("--job", &args.job), ("--event", &args.event), ("--ref", &reference)];
    let given =
        given.into_iter().filter_map(|(flag, value)| Some(format!("{flag} {}", visible(value.as_ref()?))));
    given.collect::<Vec<_>>().join(" ")
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: BTreeSet<&str> = names.collect();
    if names.is_empty() {
        "none".to_owned()
    } else {
        visible(&names.into_iter().collect::<Vec<_>>().join(", ")).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        cli::{self, Exit},
        host::{Files, Host, Stream},
    };

    const FILE: &str = "on: {push: {branches: [main]}, workflow_dispatch: }
permissions: {id-token: write}
jobs:
  lint: {runs-on: x, steps: [{run: x}]}
  go: {runs-on: x, environment: prod, steps: [{uses: azure/login@v2, with: {client-id: a, tenant-id: b}}]}
";

    fn asked(files: &[(&str, &str)], words: &[&str]) -> (Exit, String, String) {
        let host = Host { files: Files::fake(files.iter().copied()), ..Host::fake() };
        let words = ["fedcred", "preview", "--repository", "o/r"].iter().chain(words).map(Into::into);
        let exit = cli::run(words.collect::<Vec<std::ffi::OsString>>(), &host);
        (exit, host.console.written(Stream::Out), host.console.written(Stream::Err))
    }

    #[test]
    fn a_job_or_an_event_that_does_not_exist_is_asked_wrongly_and_the_others_are_named() {
        let files = [(".github/workflows/w.yml", FILE)];
        let (exit, out, err) = asked(&files, &["--job", "nosuch"]);
        assert_eq!((exit, out.as_str()), (Exit::AskedWrongly, ""));
        assert!(err.contains("no workflow has a job nosuch; the jobs are go, lint"), "{err}");
        let (exit, out, err) = asked(&files, &["--event", "Push", "--format", "json"]);
        assert_eq!((exit, out.as_str()), (Exit::AskedWrongly, ""));
        assert!(
            err.contains("Push is no event of GitHub; the workflows start on push, workflow_dispatch"),
            "{err}"
        );
        let broken = [files[0], (".github/workflows/b.yml", "jobs: [")];
        let (exit, out, err) = asked(&broken, &["--job", "nosuch"]);
        assert_eq!(exit, Exit::AskedWrongly);
        assert!(
            out.starts_with("nothing is left with --job nosuch\n") && err.contains("b.yml"),
            "{out}{err}"
        );
    }

    #[test]
    fn what_a_filter_leaves_out_is_said_where_nothing_is_left() {
        let files = [(".github/workflows/w.yml", FILE)];
        let left = "left out: 2 subjects, of go on push, workflow_dispatch\n--all shows jobs that ask for no Azure token too\n";
        for words in [&["--job", "lint"][..], &["--event", "fork"], &["--ref", "refs/pull/1/merge"]] {
            let (exit, out, _) = asked(&files, words);
            assert_eq!((exit, out), (Exit::Yes, format!("nothing is left with {}\n{left}", words.join(" "))));
            let (exit, out, err) = asked(&files, &[words, &["--format", "json"]].concat());
            assert_eq!(exit, Exit::Yes);
            assert!(out.contains("\"subjects\": []") && err.ends_with(left), "{out}{err}");
        }
        let (exit, out, _) = asked(&files, &["--job", "GO", "--event", "push"]);
        assert!(exit == Exit::Yes && out.contains("    push  repo:o/r:environment:prod\n"), "{out}");
    }

    #[test]
    fn a_workflow_whose_own_filter_admits_nothing_is_told() {
        for (event, admitted) in [
            ("push: {branches: ['!dev'], tags: [v1]}", &["ref:refs/tags/v1"][..]),
            ("push: {tags: ['!v0']}", &[]),
            ("workflow_run: {workflows: [x], branches: ['!dev']}", &[]),
            ("pull_request: {branches: [main, '!main']}", &[]),
            ("merge_group: {branches: ['!dev']}", &[]),
        ] {
            let text = FILE
                .replace("push: {branches: [main]}, workflow_dispatch: ", event)
                .replace("environment: prod, ", "");
            let (exit, out, err) = asked(&[(".github/workflows/w.yml", &text)], &[]);
            let subjects: Vec<&str> =
                out.split("repo:o/r:").skip(1).filter_map(|rest| rest.lines().next()).collect();
            assert_eq!((exit, subjects.as_slice()), (Exit::Yes, admitted), "{event}");
            assert!(err.contains("starts a run by this filter, which admits nothing"), "{event}: {err}");
            assert_eq!(err.contains("add a pattern without `!`"), event.contains("['!"), "{err}");
        }
    }

    #[test]
    fn a_calling_job_stands_for_the_jobs_that_it_calls() {
        let caller = "on: {push: {branches: [main]}}\npermissions: {id-token: write}\njobs: {c: {uses: ./.github/workflows/d.yml}, e: {uses: ./.github/workflows/d.yml}}\n";
        let called = "on: workflow_call\njobs: {go: {runs-on: x, steps: [{uses: azure/login@v2, with: {client-id: a, tenant-id: b}}]}}\n";
        let files = [(".github/workflows/w.yml", caller), (".github/workflows/d.yml", called)];
        for job in ["c", "e", "go"] {
            let (_, out, _) = asked(&files, &["--job", job]);
            assert!(out.contains("repo:o/r:ref:refs/heads/main"), "{out}");
        }
    }
}
