//! `fedcred preview`: every subject that each job can present, from the workflow files alone.

mod document;
mod left_out;
mod page;

use std::path::PathBuf;

use super::{
    Context, Exit,
    args::Format,
    repository::{FactArgs, Repository},
    runner::Runner,
    telling,
};
use crate::{
    diagnostic::{Diagnostic, Severity},
    host::Stream,
    id::GitRef,
    report::{github, summary},
    workflow::{
        Error, Problem,
        reach::{Entry, Jobs, Wanted},
    },
};
use document::Document;

/// Arguments of `fedcred preview`.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Nothing is run. Where GITHUB_TOKEN or GH_TOKEN is set, GitHub is asked for the default branch, the form of subjects and the \
environments, unless --offline forbids it. What nobody tells stays a hole such as {vars.ENV}; a filter \
such as feature/** stands for every ref that it admits.

Examples:
  fedcred preview
  fedcred preview --repository octo/app --default-branch main
  fedcred preview --job deploy --event push
  fedcred preview --ref refs/heads/main
  fedcred preview --checkout octo/lib=../lib
  fedcred preview --why repo:octo/app:environment:prod
  fedcred preview --format json | jq -r '.subjects[].subject' | sort -u

Exit codes: 0 answered; 2 asked wrongly (such as a job or an event that does not exist), or a workflow file cannot be read (the
others are still shown)."
)]
pub(super) struct Args {
    /// The repository's folder.
    #[arg(default_value = ".", value_name = "PATH")]
    path: PathBuf,
    #[command(flatten)]
    facts: FactArgs,
    /// Show jobs that never ask for an Azure token too.
    #[arg(long)]
    all: bool,
    /// Only this job.
    #[arg(long, value_name = "ID")]
    job: Option<String>,
    /// Only runs that this event starts.
    #[arg(long, value_name = "EVENT")]
    event: Option<String>,
    /// Only runs on this ref, such as refs/heads/main.
    #[arg(long = "ref", value_name = "REF")]
    reference: Option<GitRef>,
    /// Show which lines produce this subject.
    #[arg(long, value_name = "SUBJECT")]
    why: Option<String>,
}

pub(super) fn run(args: &Args, context: &Context<'_>) -> anyhow::Result<Exit> {
    context.allow_formats(&[Format::Human, Format::Json, Format::Github])?;
    let mut repository = Repository::read(context, &args.path, &args.facts, &wanted(args))?;
    let problems: Vec<Diagnostic> = repository.project.errors().map(unreadable).collect();
    let nothing = left_out::told(args, &mut repository, !problems.is_empty())?;
    repository.entries.retain(|entry| is_asked_for(args, entry));
    let entries = repository.entries.as_slice();
    match context.global.format {
        Format::Json => {
            context.print_json(&Document::new(repository.name(), entries))?;
            nothing.iter().for_each(|text| context.host.console.err(text));
        }
        Format::Human | Format::Github | Format::Sarif => match (&args.why, nothing) {
            (Some(subject), _) => context.print(&page::why(entries, subject, &context.style(Stream::Out)))?,
            (None, Some(nothing)) => context.print(&nothing)?,
            (None, None) => context.print(&page::page(entries, args.all))?,
        },
    }
    if let Some(runner) = Runner::of(context.host) {
        runner.summary(&summary::sheet("What the jobs present to Entra", &page::markdown(entries)))?;
        runner.output("report", &serde_json::to_string(&Document::new(repository.name(), entries))?)?;
    }
    let exit = if problems.is_empty() { Exit::Yes } else { Exit::AskedWrongly };
    let told = [left_out::by_workflows(&repository.project), problems].concat();
    match context.global.format {
        _ if told.is_empty() => {}
        Format::Github => context.host.console.err(&github::annotations(&told)),
        Format::Human | Format::Json | Format::Sarif => telling::tell(context, Stream::Err, &told)?,
    }
    Ok(exit)
}

fn wanted(args: &Args) -> Wanted {
    let jobs = if args.all { Jobs::All } else { Jobs::SigningIn };
    Wanted { jobs, reference: args.reference.clone(), ..Wanted::default() }
}

fn is_asked_for(args: &Args, entry: &Entry) -> bool {
    args.job.as_ref().is_none_or(|job| left_out::is_of(entry, job))
        && args.event.as_ref().is_none_or(|event| entry.trigger == event)
}

fn unreadable(error: &Error) -> Diagnostic {
    let is_here = !matches!(error.problem, Problem::NoText(_));
    let what = if is_here { "GitHub would not run this file" } else { "this file cannot be read" };
    let title = format!("{what}: {error}");
    let told = Diagnostic::new("unreadable-workflow", Severity::Error, title);
    match &error.related {
        Some(part) if error.has_part() => told.at(error.place.clone(), "").at(part.clone(), "this part"),
        Some(other) => told.at(error.place.clone(), "here").at(other.clone(), "and here"),
        None => told.at(error.place.clone(), "here"),
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        cli::{self, Exit},
        host::{Env, Files, Host, Stream},
    };

    const GOOD: &str = "on: {push: {branches: [main, 'release/*']}, workflow_dispatch: }
permissions: {id-token: write}
jobs:
  go:
    runs-on: x
    steps: [{uses: azure/login@v2, with: {client-id: '${{ secrets.ID }}', tenant-id: '${{ vars.T }}'}}]
";

    fn run(files: &[(&str, &str)], words: &[&str]) -> (Exit, Host) {
        let host = Host { files: Files::fake(files.iter().copied()), ..Host::fake() };
        let words = ["fedcred", "preview"].iter().chain(words).map(Into::into);
        (cli::run(words.collect::<Vec<std::ffi::OsString>>(), &host), host)
    }

    #[test]
    fn every_subject_stands_under_its_job_with_what_it_depends_on() {
        let (exit, host) = run(&[(".github/workflows/w.yml", GOOD)], &["--subject-prefix", "repo:o/r"]);
        assert_eq!(exit, Exit::Yes);
        let page = host.console.written(Stream::Out);
        for line in [
            "  go: azure/login as secrets.ID",
            "    push               repo:o/r:ref:refs/heads/main",
            "    push               repo:o/r:ref:refs/heads/release/*  any ref that main, release/* admits",
            "    workflow_dispatch  repo:o/r:ref:refs/tags/**          any such ref",
        ] {
            assert!(page.lines().any(|found| found == line), "{line}\n{page}");
        }
    }

    #[test]
    fn a_folder_without_workflow_files_is_told_from_one_whose_jobs_ask_for_nothing() {
        let talk = |path: &str, words: &[&str]| {
            let (exit, host) =
                run(&[(path, "on: push\njobs: {a: {runs-on: x, steps: [{run: x}]}}\n")], words);
            assert_eq!(exit, Exit::Yes);
            host.console.written(Stream::Err)
        };
        assert_eq!(talk("w.yml", &[]), "there is no workflow file in ./.github/workflows\n");
        assert_eq!(talk("w.yml", &["--quiet"]), "");
        assert_eq!(talk(".github/workflows/w.yml", &[]), "");
    }

    #[test]
    fn a_file_that_cannot_be_opened_does_not_take_the_others_along() {
        let long = "#".repeat(5_000_000);
        let files = [(".github/workflows/a.yml", long.as_str()), (".github/workflows/w.yml", GOOD)];
        let (exit, host) = run(&files, &["--subject-prefix", "repo:o/r"]);
        assert_eq!(exit, Exit::AskedWrongly);
        assert!(host.console.written(Stream::Out).contains("repo:o/r:ref:refs/heads/main"));
        let talk = host.console.written(Stream::Err);
        assert!(talk.contains("this file cannot be read: longer than 4194304 bytes"), "{talk}");
        assert!(talk.contains(".github/workflows/a.yml"), "{talk}");
    }

    #[test]
    fn a_job_with_several_callers_and_identities_names_them_all() {
        let caller = |name: &str, event: &str| {
            format!(
                "on: {event}\npermissions: {{id-token: write}}\njobs: {{{name}: {{uses: ./.github/workflows/d.yml, with: {{id: {name}}}}}}}\n"
            )
        };
        let called = "on: {workflow_call: {inputs: {id: {type: string}}}}
jobs: {go: {runs-on: x, environment: '${{ inputs.id }}', steps: [{uses: azure/login@v2, with: {client-id: '${{ inputs.id }}', tenant-id: t}}]}}
";
        let (a, b) = (caller("a", "push"), caller("b", "workflow_dispatch"));
        let files = [
            (".github/workflows/a.yml", a.as_str()),
            (".github/workflows/b.yml", b.as_str()),
            (".github/workflows/d.yml", called),
        ];
        let page = run(&files, &["--repository", "o/r"]).1.console.written(Stream::Out);
        let line = "  go: azure/login as a, azure/login as b, called from .github/workflows/a.yml: a and .github/workflows/b.yml: b";
        assert!(page.lines().any(|found| found == line), "{page}");
    }

    #[test]
    fn one_subject_that_several_callers_lead_to_names_them_all() {
        let caller = "on: {push: {branches: [main]}}\npermissions: {id-token: write}\njobs: {a: {uses: ./.github/workflows/d.yml}, b: {uses: ./.github/workflows/d.yml}}\n";
        let called = "on: workflow_call\njobs: {go: {runs-on: x, steps: [{uses: azure/login@v2, with: {client-id: i, tenant-id: t}}]}}\n";
        let files = [(".github/workflows/a.yml", caller), (".github/workflows/d.yml", called)];
        let page = run(&files, &["--repository", "o/r"]).1.console.written(Stream::Out);
        assert!(
            page.contains(", called from .github/workflows/a.yml: a and .github/workflows/a.yml: b\n"),
            "{page}"
        );
        let (_, host) = run(&files, &["--repository", "o/r", "--format", "json"]);
        let document: serde_json::Value = serde_json::from_str(&host.console.written(Stream::Out)).unwrap();
        let entry = &document["subjects"][0];
        assert_eq!(entry["called_from"][0]["job"], ".github/workflows/a.yml: a");
        assert_eq!(entry["also_called_from"][0][0]["job"], ".github/workflows/a.yml: b");
        assert_eq!(document["subjects"].as_array().unwrap().len(), 1);
    }

    #[test]
    fn the_part_of_an_expression_that_is_wrong_is_shown_inside_it() {
        let told = |text: &str| run(&[(".github/workflows/w.yml", text)], &[]).1.console.written(Stream::Err);
        let expression = told("on: push\njobs: {a: {runs-on: x, environment: '${{ env.E }}'}}\n");
        assert!(expression.contains(" this part\n") && !expression.contains("and here"), "{expression}");
        let twice = told("on: push\njobs: {a: {runs-on: x, runs-on: y}}\n");
        assert!(twice.contains("and here") && !twice.contains("this part"), "{twice}");
    }

    #[test]
    fn a_broken_file_is_told_and_the_others_are_still_shown() {
        let files = [(".github/workflows/a.yml", "on: push\njobs: [\n"), (".github/workflows/w.yml", GOOD)];
        let (exit, host) = run(&files, &["--repository", "o/r", "--format", "json"]);
        assert_eq!(exit, Exit::AskedWrongly);
        let document: serde_json::Value = serde_json::from_str(&host.console.written(Stream::Out)).unwrap();
        assert_eq!(document["subjects"].as_array().unwrap().len(), 4);
        assert_eq!(document["subjects"][0]["sign_ins"][0]["client_id"], "secrets.ID");
        assert!(host.console.written(Stream::Err).contains(".github/workflows/a.yml"));
    }

    #[test]
    fn a_called_workflow_of_another_repository_is_read_from_its_checkout() {
        let caller = "on: {push: {branches: [main]}}\npermissions: {id-token: write}\njobs: {c: {uses: X/Lib/.github/workflows/d.yml@v1, secrets: inherit}}\n";
        let called =
            GOOD.replace("{push: {branches: [main, 'release/*']}, workflow_dispatch: }", "workflow_call");
        let files = [(".github/workflows/w.yml", caller), ("lib/.github/workflows/d.yml", called.as_str())];
        let shown = |more: &[&str]| {
            let words = [&["--repository", "o/r"], more].concat();
            run(&files, &words).1.console.written(Stream::Out)
        };
        assert!(shown(&[]).contains("repo:o/r:{context}"), "{}", shown(&[]));
        assert!(shown(&[]).contains("--checkout OWNER/NAME=PATH"));
        let found = shown(&["--checkout", "x/lib=lib"]);
        assert!(
            found.contains("go: azure/login as ") && found.contains("repo:o/r:ref:refs/heads/main"),
            "{found}"
        );
    }

    #[test]
    fn an_action_of_this_or_another_repository_at_hand_is_read_although_it_is_named_in_full() {
        let using = |uses: &str| {
            format!(
                "on: {{push: {{branches: [main]}}}}\npermissions: {{id-token: write}}\njobs: {{a: {{runs-on: x, steps: [{{uses: {uses}}}]}}}}\n"
            )
        };
        let login =
            "runs: {using: composite, steps: [{uses: azure/login@v2, with: {client-id: a, tenant-id: b}}]}\n";
        let nested = "runs: {using: composite, steps: [{uses: X/Lib/more@v1}]}\n";
        let shown = |uses: &str, words: &[&str]| {
            let text = using(uses);
            let files = [
                (".github/workflows/w.yml", text.as_str()),
                (".github/actions/az/action.yml", login),
                ("lib/az/action.yml", login),
                ("lib/nested/action.yml", nested),
                ("lib/more/action.yml", "runs: {using: composite, steps: [{uses: $/az}]}\n"),
                ("x/lib/az/action.yml", "runs: {using: composite, steps: []}\n"),
            ];
            run(&files, &[&["--repository", "o/r"], words].concat()).1.console.written(Stream::Out)
        };
        let main = "    push  repo:o/r:ref:refs/heads/main\n";
        let own = shown("O/r/.github/actions/az@v1", &[]);
        assert!(own.contains(main) && own.contains("O/r/.github/actions/az@v1 is what"), "{own}");
        assert!(shown("x/lib/az@v1", &["--checkout", "x/lib=lib"]).contains(main));
        assert!(shown("x/lib/nested@v1", &["--checkout", "x/lib=lib"]).contains(main));
        for uses in ["x/lib/az@v1", "x/library/az@v1", "o/r@v1", "o/rest/.github/actions/az@v1"] {
            assert!(shown(uses, &[]).starts_with("no job asks"), "{uses}");
        }
    }

    fn subjects(files: &[(&str, &str)]) -> Vec<String> {
        let (_, host) = run(files, &["--repository", "o/r", "--format", "json"]);
        let document: serde_json::Value = serde_json::from_str(&host.console.written(Stream::Out)).unwrap();
        let entries = document["subjects"].as_array().unwrap();
        entries.iter().map(|entry| entry["subject"].as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn a_short_name_in_a_condition_means_the_branch_and_not_a_tag_of_that_name() {
        let text = GOOD.replace("    runs-on", "    if: github.ref_name == 'main'\n    runs-on");
        let any =
            text.replace("{push: {branches: [main, 'release/*']}, workflow_dispatch: }", "workflow_dispatch");
        let both = text.replace(", workflow_dispatch: ", "").replace("'release/*'", "x], tags: [main");
        assert_eq!(subjects(&[(".github/workflows/w.yml", &any)]), ["repo:o/r:ref:refs/heads/main"]);
        let named = ["repo:o/r:ref:refs/heads/main", "repo:o/r:ref:refs/tags/main"];
        assert_eq!(subjects(&[(".github/workflows/w.yml", &both)]), named);
    }

    #[test]
    fn terraform_signs_in_where_its_provider_says_so() {
        let text = "on: pull_request\npermissions: {id-token: write}\njobs:\n  go:\n    runs-on: x\n    steps:\n      \
            - run: |\n          cd infra\n          terraform plan\n";
        let provider = |value| format!("provider \"azurerm\" {{\n  use_oidc = {value}\n}}\n");
        let with = |path, value| subjects(&[(".github/workflows/w.yml", text), (path, &provider(value))]);
        assert_eq!(with("infra/providers.tf", "true"), ["repo:o/r:pull_request"]);
        assert_eq!(with("infra/providers.tf", "var.oidc"), [""; 0]);
        assert_eq!(with("other/providers.tf", "true"), [""; 0]);
    }

    #[test]
    fn inside_a_job_the_summary_shows_a_table_and_the_report_is_an_output() {
        let files = [(".github/workflows/a.yml", "on: push\njobs: [\n"), (".github/workflows/w.yml", GOOD)];
        let variables = [
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_OUTPUT", "o"),
            ("GITHUB_STEP_SUMMARY", "s"),
            ("INPUT_MODE", "preview"),
        ];
        let host = Host { files: Files::fake(files), env: Env::fake(variables), ..Host::fake() };
        assert_eq!(cli::run(["fedcred", "action", "main"].map(Into::into), &host), Exit::AskedWrongly);
        let file = |path: &str| String::from_utf8(host.files.read(path.as_ref(), 1 << 20).unwrap()).unwrap();
        assert!(file("s").contains("### What the jobs present to Entra"), "{}", file("s"));
        assert!(file("s").contains("| `.github/workflows/w.yml` | `go` | push | `repo:"), "{}", file("s"));
        assert!(file("o").starts_with("report<<fedcred_value\n{\"schema\":\"fedcred.preview.v1\""));
        assert!(host.console.written(Stream::Err).starts_with("::error file=.github/workflows/a.yml"));
    }

    #[test]
    fn a_ref_narrows_families_to_one_subject() {
        let words = ["--subject-prefix", "repo:o/r", "--ref", "refs/heads/release/1", "--format", "json"];
        let (_, host) = run(&[(".github/workflows/w.yml", GOOD)], &words);
        let document: serde_json::Value = serde_json::from_str(&host.console.written(Stream::Out)).unwrap();
        let subjects = document["subjects"].as_array().unwrap();
        assert!(subjects.iter().all(|entry| entry["subject"] == "repo:o/r:ref:refs/heads/release/1"));
        assert_eq!(subjects.len(), 2);
    }

    #[test]
    fn a_run_on_the_ref_of_a_pull_request_has_not_merged_it() {
        let on = "{pull_request: {types: [opened, closed]}}";
        let text = GOOD.replace("{push: {branches: [main, 'release/*']}, workflow_dispatch: }", on);
        let text = text.replace(
            "    runs-on",
            "    environment: \"${{ github.ref == 'refs/heads/main' && 'prod' || 'plan' }}\"\n    runs-on",
        );
        let words = ["--repository", "o/r", "--ref", "refs/pull/1/merge"];
        let page = run(&[(".github/workflows/w.yml", &text)], &words).1.console.written(Stream::Out);
        assert!(page.contains("environment:plan") && !page.contains("environment:prod"), "{page}");
    }

    #[test]
    fn facts_come_from_the_flag_then_the_configuration_then_git() {
        let text = GOOD.replace(
            "{push: {branches: [main, 'release/*']}, workflow_dispatch: }",
            "{schedule: [{cron: x}]}",
        );
        let git = [
            (".git/config", "[remote \"origin\"]\nurl = https://github.com/git/r.git\n"),
            (".git/refs/remotes/origin/HEAD", "ref: refs/remotes/origin/trunk\n"),
        ];
        let mut files = vec![(".github/workflows/w.yml", text.as_str())];
        files.extend(git);
        let shown = |files: &[(&str, &str)], words: &[&str]| run(files, words).1.console.written(Stream::Out);
        assert!(shown(&files, &[]).contains("repo:git/r:ref:refs/heads/trunk"));
        assert!(shown(&files, &["--repository", "o/r"]).contains("repo:o/r:ref:refs/heads/{default branch}"));
        files.push((".github/fedcred.yml", "repository: {name: cfg/r, default-branch: main}"));
        assert!(shown(&files, &[]).contains("repo:cfg/r:ref:refs/heads/main"));
        assert!(shown(&files, &["--default-branch", "b"]).contains("repo:cfg/r:ref:refs/heads/b"));
    }
}
