//! `--fix`: the changes that findings carry, shown as a diff and written into the files.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use similar::TextDiff;

use crate::{
    cli::{Context, repository::Checkout},
    lint::{Edit, Finding},
};

/// A file and what it becomes.
#[derive(Debug)]
pub(super) struct Change<'a> {
    path: PathBuf,
    before: &'a str,
    after: String,
    edits: Vec<&'a Edit>,
}

/// Every file that the findings' edits change. Two findings may ask for the same edit; of others that touch each other the first one counts.
///
/// Files of `checkouts` are other repositories' and stay as they are.
pub(super) fn changes<'a>(root: &Path, checkouts: &[Checkout], findings: &'a [Finding]) -> Vec<Change<'a>> {
    let mut files: BTreeMap<&str, Vec<&Edit>> = BTreeMap::new();
    let elsewhere =
        |edit: &Edit| checkouts.iter().any(|checkout| checkout.within(edit.place.source.path()).is_some());
    for edit in findings.iter().flat_map(|finding| &finding.edits).filter(|edit| !elsewhere(edit)) {
        files.entry(edit.place.source.path()).or_default().push(edit);
    }
    files.into_iter().filter_map(|(path, edits)| change(root.join(path), edits)).collect()
}

fn change(path: PathBuf, mut edits: Vec<&Edit>) -> Option<Change<'_>> {
    let before = edits.first()?.place.source.text();
    edits.sort_by_key(|edit| edit.place.span);
    let (mut after, mut done) = (String::new(), 0);
    let mut made: Vec<&Edit> = Vec::new();
    for edit in edits {
        let span = edit.place.span;
        if span.start < done || made.last().is_some_and(|last| last.place.span == span) {
            continue;
        }
        after.push_str(before.get(done..span.start)?);
        after.push_str(&edit.text);
        done = span.end;
        made.push(edit);
    }
    after.push_str(before.get(done..)?);
    Some(Change { path, before, after, edits: made })
}

/// True when the finding has edits and `changes` make all of them.
pub(super) fn mends(changes: &[Change<'_>], finding: &Finding) -> bool {
    let made = |edit: &Edit| changes.iter().any(|change| change.edits.contains(&edit));
    !finding.edits.is_empty() && finding.edits.iter().all(made)
}

/// Shows the changes as a diff on standard error and, unless `dry`, writes them.
///
/// # Errors
/// When some file changed since it was read, or cannot be written; the others are written.
pub(super) fn apply(context: &Context<'_>, changes: &[Change<'_>], dry: bool) -> anyhow::Result<()> {
    let (mut values, mut files) = (0, 0);
    for change in changes {
        let shown = change.path.display().to_string();
        let diff = TextDiff::from_lines(change.before, change.after.as_str());
        let text = diff.unified_diff().context_radius(2).header(&shown, &shown).to_string();
        context.host.console.err(&text);
        match if dry { Ok(()) } else { write(context, change) } {
            Ok(()) => (values, files) = (values + change.edits.len(), files + 1),
            Err(error) => context.host.console.err(&format!("error: cannot change {shown}: {error:#}\n")),
        }
    }
    let done = if dry { "would change" } else { "changed" };
    context.host.console.err(&format!("{done} {} in {}\n", counted(values, "value"), counted(files, "file")));
    anyhow::ensure!(
        files == changes.len(),
        "{} could not be changed",
        counted(changes.len() - files, "file")
    );
    Ok(())
}

fn counted(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

fn write(context: &Context<'_>, change: &Change<'_>) -> anyhow::Result<()> {
    let files = &context.host.files;
    let now = files.read(&change.path, u64::MAX - 1)?;
    anyhow::ensure!(now == change.before.as_bytes(), "it is not as it was when it was read");
    Ok(files.rewrite(&change.path, change.after.as_bytes())?)
}

#[cfg(test)]
mod tests {
    use crate::{
        cli,
        host::{Files, Host, Stream},
    };

    const BAD: &str = "{\"name\": \"deploy\",\n  \"issuer\": \"https://token.actions.githubusercontent.com/\",\n  \
        \"subject\": \"repo:octo/app:pull-request\", \"audiences\": [\"api://AzureADTokenExchange\"]}\n";

    fn lint(words: &[&str]) -> (String, String) {
        let host = Host { files: Files::fake([("a.json", BAD)]), ..Host::fake() };
        let words = ["fedcred", "lint"].into_iter().chain(words.iter().copied()).map(Into::into);
        cli::run(words, &host);
        let file = host.files.read("a.json".as_ref(), 10_000).unwrap();
        (String::from_utf8(file).unwrap(), host.console.written(Stream::Err))
    }

    #[test]
    fn every_literal_is_mended_in_place_and_all_else_stays() {
        let (after, talk) = lint(&["--fix"]);
        assert_eq!(after, BAD.replace(".com/", ".com").replace("pull-request", "pull_request"));
        assert!(talk.contains("-  \"issuer\": \"https://token.actions.githubusercontent.com/\""), "{talk}");
        assert!(talk.contains("changed 2 values in 1 file"), "{talk}");
    }

    #[test]
    fn a_dry_run_shows_the_change_and_writes_nothing() {
        let (after, talk) = lint(&["--fix", "--dry-run"]);
        assert_eq!(after, BAD);
        assert!(
            talk.contains("+  \"subject\": \"repo:octo/app:pull_request\"") || talk.contains("pull_request"),
            "{talk}"
        );
    }

    #[test]
    fn after_the_fix_nothing_is_left_to_say() {
        let workflow = "on: push\npermissions:\n  contents: read\njobs:\n  deploy:\n    runs-on: x\n    environment: Production\n    \
            steps:\n      - uses: azure/login@v3\n        with: {client-id: a, tenant-id: b}\n";
        let credential = r#"{"name":"prod","issuer":"https://token.actions.githubusercontent.com/",
            "subject":"repo:octo/app:environment:production","audiences":["api://azureadtokenexchange"]}"#;
        let files = [(".github/workflows/deploy.yml", workflow), ("fic.json", credential)];
        let host = Host { files: Files::fake(files), ..Host::fake() };
        let run = |words: &[&str]| {
            let all =
                ["fedcred", "lint", "--repository", "octo/app"].into_iter().chain(words.iter().copied());
            cli::run(all.map(Into::into), &host)
        };
        assert_eq!(run(&[]), cli::Exit::No);
        // The subject can only be told apart once a token may be asked for and issuer and audience are right.
        run(&["--fix"]);
        run(&["--fix"]);
        assert_eq!(run(&[]), cli::Exit::Yes, "{}", host.console.written(Stream::Out));
        let mended = host.files.read("fic.json".as_ref(), 10_000).unwrap();
        assert!(String::from_utf8(mended).unwrap().contains("repo:octo/app:environment:Production"));
    }

    #[test]
    fn two_jobs_below_one_mapping_of_permissions_get_one_line_with_the_files_own_line_end() {
        let job = |name: &str| {
            format!(
                "  {name}:\r\n    runs-on: x\r\n    steps: [{{uses: azure/login@v3, with: {{client-id: a, tenant-id: b}}}}]\r\n"
            )
        };
        let head = "on: {push: {branches: [main]}}\r\npermissions:\r\n  contents: read\r\njobs:\r\n";
        let workflow = format!("{head}{}{}", job("a"), job("b"));
        let host = Host { files: Files::fake([(".github/workflows/w.yml", &*workflow)]), ..Host::fake() };
        let words = ["fedcred", "lint", "--repository", "octo/app", "--fix"];
        assert_eq!(cli::run(words.map(Into::into), &host), cli::Exit::Yes);
        let after = host.files.read(".github/workflows/w.yml".as_ref(), 10_000).unwrap();
        let wanted = workflow.replace("  contents", "  id-token: write\r\n  contents");
        assert_eq!(String::from_utf8(after).unwrap(), wanted);
    }

    #[test]
    fn a_value_that_two_findings_want_otherwise_is_changed_once_and_the_other_is_still_told() {
        let workflow = "on: {push: {branches: [main]}}\npermissions: {id-token: write}\njobs:\n  a:\n    runs-on: x\n    environment: Prod\n    \
            steps: [{uses: azure/login@v3, with: {client-id: a, tenant-id: b}}]\n  b:\n    runs-on: x\n    environment: PROD\n    \
            steps: [{uses: azure/login@v3, with: {client-id: a, tenant-id: b}}]\n";
        let credential = r#"{"name":"prod","issuer":"https://token.actions.githubusercontent.com",
            "subject":"repo:octo/app:environment:prod","audiences":["api://AzureADTokenExchange"]}"#;
        let files = [(".github/workflows/w.yml", workflow), ("fic.json", credential)];
        let host = Host { files: Files::fake(files), ..Host::fake() };
        let words = ["fedcred", "lint", "--repository", "octo/app", "--fix", "--rule", "unmatched-subject"];
        assert_eq!(cli::run(words.map(Into::into), &host), cli::Exit::No);
        assert!(
            host.console.written(Stream::Out).contains("job `b` presents"),
            "{}",
            host.console.written(Stream::Out)
        );
    }
}
