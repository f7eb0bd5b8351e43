//! `--fix`: the changes that findings carry, shown as a diff and written into the files.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use similar::TextDiff;

use crate::{
    cli::Context,
    lint::{Edit, Finding},
};

/// A file and what it becomes.
#[derive(Debug)]
pub(super) struct Change {
    path: PathBuf,
    before: String,
    after: String,
    edits: usize,
}

/// Every file that the findings' edits change. Of edits that overlap the first one counts.
pub(super) fn changes(root: &Path, findings: &[Finding]) -> Vec<Change> {
    let mut files: BTreeMap<&str, Vec<&Edit>> = BTreeMap::new();
    for edit in findings.iter().flat_map(|finding| &finding.edits) {
        files.entry(edit.place.source.path()).or_default().push(edit);
    }
    files.into_iter().filter_map(|(path, edits)| change(root.join(path), edits)).collect()
}

fn change(path: PathBuf, mut edits: Vec<&Edit>) -> Option<Change> {
    let before = edits.first()?.place.source.text().to_owned();
    edits.sort_by_key(|edit| edit.place.span);
    let (mut after, mut done, mut count) = (String::new(), 0, 0);
    for edit in edits {
        let span = edit.place.span;
        if span.start < done {
            continue;
        }
        after.push_str(before.get(done..span.start)?);
        after.push_str(&edit.text);
        (done, count) = (span.end, count + 1);
    }
    after.push_str(before.get(done..)?);
    Some(Change { path, before, after, edits: count })
}

/// Shows the changes as a diff on standard error and, unless `dry`, writes them.
///
/// # Errors
/// When a file changed since it was read, or cannot be written; files written before stay written.
pub(super) fn apply(context: &Context<'_>, changes: &[Change], dry: bool) -> anyhow::Result<()> {
    for change in changes {
        let shown = change.path.display().to_string();
        let diff = TextDiff::from_lines(&change.before, &change.after);
        let text = diff.unified_diff().context_radius(2).header(&shown, &shown).to_string();
        context.host.console.err(&text);
        if !dry {
            write(context, change).with_context(|| format!("cannot change {shown}"))?;
        }
    }
    let edits: usize = changes.iter().map(|change| change.edits).sum();
    let done = if dry { "would change" } else { "changed" };
    context.host.console.err(&format!("{done} {edits} values in {} files\n", changes.len()));
    Ok(())
}

fn write(context: &Context<'_>, change: &Change) -> anyhow::Result<()> {
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
        assert!(talk.contains("changed 2 values in 1 files"), "{talk}");
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
}
