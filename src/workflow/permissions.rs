//! Whether a job may ask for a token: `id-token` at the workflow, the job, and the callers.
//!
//! Source: actions/runner `WorkflowTemplateConverter.cs`, `PermissionsHelper.cs`, `Permissions.cs`;
//! <https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#permissions>.

use super::{Error, Problem};
use crate::{text::Place, yaml::Node};

/// What one `permissions` key says about `id-token`. A scope that a mapping does not list is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permissions {
    /// Whether it grants `id-token: write`. `read-all` gives `read`, which yields no token.
    pub id_token: bool,
    /// Where it was written.
    pub place: Place,
}

impl Permissions {
    /// Reads the value of a `permissions` key.
    pub(super) fn read(node: &Node) -> Result<Self, Error> {
        let place = node.used_at();
        let unexpected = |node: &Node| {
            let value = node.text().unwrap_or("").to_owned();
            Error::new(Problem::Unexpected { value }, node.place())
        };
        let id_token = match node.text() {
            Some("write-all") => true,
            Some("read-all") => false,
            Some(_) if node.is_null() => false,
            Some(_) => return Err(unexpected(node)),
            None if node.is_mapping() => {
                match scopes(node)?.get("id-token").map(|value| (value.text(), value)) {
                    None | Some((Some("none"), _)) => false,
                    Some((Some("write"), _)) => true,
                    Some((_, value)) => return Err(unexpected(value)),
                }
            }
            None => {
                let (key, wanted, found) = ("permissions".into(), "a mapping or text", node.kind_name());
                return Err(Error::new(Problem::Kind { key, wanted, found }, place));
            }
        };
        Ok(Self { id_token, place })
    }
}

/// The mapping itself, once every scope has one of the words that GitHub knows.
fn scopes(node: &Node) -> Result<&Node, Error> {
    let known = |value: &Node| matches!(value.text(), Some("read" | "write" | "none"));
    match node.entries().iter().find(|entry| !known(&entry.value)) {
        None => Ok(node),
        Some(entry) => {
            let value = entry.value.text().unwrap_or("").to_owned();
            Err(Error::new(Problem::Unexpected { value }, entry.value.place()))
        }
    }
}

/// Whether a job can have a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Grant {
    /// `id-token: write` holds.
    Granted,
    /// It does not, because the job or the workflow states permissions without it, or nobody states any.
    Withheld,
    /// A called workflow asks for more than its caller grants, so that the run does not start.
    Exceeds,
    /// A called workflow asks for it and no caller states permissions: only the permissive default of the repository lets it run.
    OnlyByDefault,
}

/// What one level of the chain from the first caller to the job states.
#[derive(Clone, Copy, Debug)]
pub struct Level<'a> {
    /// The workflow's permissions.
    pub workflow: Option<&'a Permissions>,
    /// The job's permissions, which replace the workflow's.
    pub job: Option<&'a Permissions>,
}

/// The outcome for the last level of a chain of calls; the first level is the workflow that the event started.
///
/// Nothing stated anywhere means the default of the repository, which carries no `id-token`. A called workflow that states nothing
/// inherits what its caller states, and one that asks for more than that stops the run.
#[must_use]
pub fn effective<'a>(levels: impl IntoIterator<Item = Level<'a>>) -> Grant {
    let mut levels = levels.into_iter();
    let first = levels.next().and_then(Level::stated);
    levels.fold(first, Level::below).unwrap_or(Grant::Withheld)
}

impl Level<'_> {
    fn stated(self) -> Option<Grant> {
        let stated = self.job.or(self.workflow)?;
        Some(if stated.id_token { Grant::Granted } else { Grant::Withheld })
    }

    /// What is left of `caller` for this level; `None` where nobody has stated anything so far.
    fn below(caller: Option<Grant>, level: Self) -> Option<Grant> {
        let asks = [level.job, level.workflow].into_iter().flatten().any(|stated| stated.id_token);
        match caller {
            Some(Grant::Exceeds) => Some(Grant::Exceeds),
            Some(Grant::Withheld) if asks => Some(Grant::Exceeds),
            None | Some(Grant::OnlyByDefault) if asks => Some(Grant::OnlyByDefault),
            None | Some(Grant::Granted | Grant::Withheld | Grant::OnlyByDefault) => level.stated().or(caller),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Source, Span};

    fn says(text: &str) -> Option<Permissions> {
        let source = Source::new("w.yml", text);
        if text == "-" {
            return None;
        }
        let node = crate::yaml::parse(&source).unwrap();
        Some(Permissions::read(&node).unwrap())
    }

    fn outcome(levels: &[(&str, &str)]) -> Grant {
        let read: Vec<_> = levels.iter().map(|(workflow, job)| (says(workflow), says(job))).collect();
        effective(read.iter().map(|(workflow, job)| Level { workflow: workflow.as_ref(), job: job.as_ref() }))
    }

    #[test]
    fn a_job_replaces_what_its_workflow_says() {
        for (workflow, job, grant) in [
            ("-", "-", Grant::Withheld),
            ("id-token: write", "-", Grant::Granted),
            ("id-token: write", "contents: read", Grant::Withheld),
            ("{}", "id-token: write", Grant::Granted),
            ("read-all", "-", Grant::Withheld),
            ("write-all", "-", Grant::Granted),
        ] {
            assert_eq!(outcome(&[(workflow, job)]), grant, "{workflow} / {job}");
        }
    }

    #[test]
    fn a_called_workflow_inherits_and_may_not_exceed() {
        for (caller, called, grant) in [
            ("id-token: write", "-", Grant::Granted),
            ("id-token: write", "contents: read", Grant::Withheld),
            ("contents: read", "id-token: write", Grant::Exceeds),
            ("contents: read", "-", Grant::Withheld),
            ("-", "id-token: write", Grant::OnlyByDefault),
            ("-", "-", Grant::Withheld),
        ] {
            assert_eq!(outcome(&[(caller, "-"), (called, "-")]), grant, "{caller} > {called}");
            assert_eq!(outcome(&[("-", caller), ("-", called)]), grant, "{caller} > {called}");
        }
    }

    #[test]
    fn id_token_is_write_or_none() {
        let source = Source::new("w.yml", "id-token: read");
        let error = Permissions::read(&crate::yaml::parse(&source).unwrap()).unwrap_err();
        assert_eq!(error.problem, Problem::Unexpected { value: "read".into() });
        assert_eq!(error.place.span, Span::new(10, 14));
    }
}
