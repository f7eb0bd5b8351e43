//! `--baseline`: old debt that is known and not told again.

use std::{collections::BTreeMap, path::Path};

use anyhow::{Context as _, ensure};
use serde::{Deserialize, Serialize};

use crate::{cli::Context, lint::Finding};

const SCHEMA: &str = "fedcred.baseline.v1";
const LIMIT: u64 = 16 * 1024 * 1024;

/// The file: how often each finding is known.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(super) struct Baseline {
    schema: String,
    findings: BTreeMap<String, usize>,
}

/// Reads the file, or knows nothing without one.
///
/// # Errors
/// When the file is missing or no baseline.
pub(super) fn read(context: &Context<'_>, file: Option<&Path>) -> anyhow::Result<Baseline> {
    let Some(file) = file else { return Ok(Baseline::default()) };
    let shown = file.display();
    let bytes =
        context.host.files.read(file, LIMIT).with_context(|| format!("cannot read the baseline {shown}"))?;
    let baseline: Baseline =
        serde_json::from_slice(&bytes).with_context(|| format!("{shown} is no baseline"))?;
    ensure!(
        baseline.schema == SCHEMA,
        "{shown} is no baseline of this version: write it anew with --write-baseline"
    );
    Ok(baseline)
}

/// Writes the findings as a new baseline.
///
/// # Errors
/// When the file cannot be written.
pub(super) fn write(context: &Context<'_>, file: &Path, findings: &[Finding]) -> anyhow::Result<()> {
    let mut baseline = Baseline { schema: SCHEMA.to_owned(), findings: BTreeMap::new() };
    for finding in findings {
        *baseline.findings.entry(finding.identity()).or_default() += 1;
    }
    let text = format!("{}\n", serde_json::to_string_pretty(&baseline)?);
    let shown = file.display();
    context.host.files.rewrite(file, text.as_bytes()).with_context(|| format!("cannot write {shown}"))?;
    context.host.console.err(&format!("{} findings written to {shown}\n", findings.len()));
    Ok(())
}

impl Baseline {
    /// Leaves the findings that are not known; of equal ones as many as are known are dropped. Returns how many known ones were not found.
    pub(super) fn retain_new(mut self, findings: &mut Vec<Finding>) -> usize {
        findings.retain(|finding| match self.findings.get_mut(&finding.identity()) {
            Some(left) if *left > 0 => {
                *left -= 1;
                false
            }
            Some(_) | None => true,
        });
        self.findings.values().sum()
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        cli::{self, Exit},
        host::{Files, Host, Stream},
    };

    const BAD: &str = r#"[{"name": "deploy", "issuer": "https://i.example", "subject": "repo:octo/app:ref:refs/heads/*",
        "audiences": ["api://AzureADTokenExchange"]}]"#;

    fn run(host: &Host, words: &[&str]) -> Exit {
        cli::run(["fedcred", "lint"].into_iter().chain(words.iter().copied()).map(Into::into), host)
    }

    #[test]
    fn what_the_baseline_knows_is_not_told_again_even_on_another_line() {
        let host = Host { files: Files::fake([("a.json", BAD)]), ..Host::fake() };
        assert_eq!(run(&host, &["--write-baseline", "debt"]), Exit::Yes);
        host.files.rewrite("a.json".as_ref(), format!("\n\n{BAD}").as_bytes()).unwrap();
        assert_eq!(run(&host, &["--baseline", "debt"]), Exit::Yes);
        let other = BAD.replace("heads/*", "tags/*");
        host.files.rewrite("a.json".as_ref(), other.as_bytes()).unwrap();
        assert_eq!(run(&host, &["--baseline", "debt"]), Exit::No);
        assert!(host.console.written(Stream::Err).contains("findings of the baseline that are gone: 1;"));
    }

    #[test]
    fn a_baseline_that_is_none_is_asked_wrongly() {
        let host = Host { files: Files::fake([("a.json", BAD), ("b", "{}")]), ..Host::fake() };
        assert_eq!(run(&host, &["--baseline", "b"]), Exit::AskedWrongly);
        assert_eq!(run(&host, &["--baseline", "c"]), Exit::AskedWrongly);
        assert!(host.console.written(Stream::Err).contains("cannot read the baseline c"));
    }
}
