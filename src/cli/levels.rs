//! `rules` and `ignore` of the configuration: how loud each rule is, and which findings are meant.

use super::config::{Config, Ignore};
use crate::lint::{self, Finding, Rule};

/// Fails for a rule that does not exist, since a misspelt name would silence nothing.
///
/// # Errors
/// Names the place in the configuration and the nearest rule.
pub(super) fn check(config: &Config) -> anyhow::Result<()> {
    let rules = config.rules.iter().map(|(rule, _)| rule);
    for rule in rules.chain(config.ignore.iter().map(|ignore| &ignore.rule)) {
        anyhow::ensure!(lint::named(&rule.value).is_some(), "{}: {}", rule.place, unknown(&rule.value));
    }
    Ok(())
}

/// Drops what the configuration turns off or ignores, and sets the severities it asks for. Returns the entries of `ignore` that met nothing.
pub(super) fn apply<'c>(config: &'c Config, findings: &mut Vec<Finding>) -> Vec<&'c Ignore> {
    let mut unused: Vec<&Ignore> = config.ignore.iter().collect();
    findings.retain_mut(|finding| {
        let level = config.rules.iter().find(|(rule, _)| rule.value == finding.rule.id);
        match level {
            Some((_, None)) => return false,
            Some((_, Some(severity))) => finding.diagnostic.severity = *severity,
            None => {}
        }
        unused.retain(|ignore| !covers(ignore, finding));
        !config.ignore.iter().any(|ignore| covers(ignore, finding))
    });
    unused
}

fn covers(ignore: &Ignore, finding: &Finding) -> bool {
    let path = finding.diagnostic.labels.first().map(|label| label.place.source.path());
    let same = |wanted: &Option<String>, actual: Option<&str>| {
        wanted.as_deref().is_none_or(|wanted| actual == Some(wanted))
    };
    ignore.rule.value == finding.rule.id
        && same(&ignore.path, path)
        && same(&ignore.job, finding.job.as_deref())
        && same(&ignore.subject, finding.subject.as_deref())
}

/// What to say of a rule that does not exist: the nearest one.
pub(super) fn unknown(name: &str) -> String {
    let near = |rule: &&&Rule| strsim::damerau_levenshtein(rule.id, name);
    match lint::ALL.iter().min_by_key(near) {
        Some(rule) => format!("there is no rule `{name}`; did you mean `{}`?", rule.id),
        None => format!("there is no rule `{name}`"),
    }
}
