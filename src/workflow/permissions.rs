//! Whether a job may ask for a token: `permissions` at the workflow, the job, and the callers.
//!
//! Source: actions/runner `WorkflowTemplateConverter.cs`, `PermissionsHelper.cs`, `Permissions.cs`;
//! <https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#permissions>.

use super::{Error, Problem};
use crate::{text::Place, yaml::Node};

/// What a scope is given; a scope that a mapping does not list is given nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// Nothing.
    None,
    /// Reading.
    Read,
    /// Reading and writing.
    Write,
}

impl Access {
    fn of(word: &str) -> Option<Self> {
        match word {
            "none" => Some(Self::None),
            "read" => Some(Self::Read),
            "write" => Some(Self::Write),
            _ => None,
        }
    }

    /// The word as in a workflow.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

const TOKEN: &str = "id-token";

/// Every scope, and what may be given to it beside nothing.
static SCOPES: &[(&str, &[Access])] = {
    const ANY: &[Access] = &[Access::Read, Access::Write];
    &[
        ("actions", ANY),
        ("artifact-metadata", ANY),
        ("attestations", ANY),
        ("checks", ANY),
        ("code-quality", ANY),
        ("contents", ANY),
        ("copilot-requests", &[Access::Write]),
        ("deployments", ANY),
        ("discussions", ANY),
        ("drives", ANY),
        (TOKEN, &[Access::Write]),
        ("issues", ANY),
        ("models", &[Access::Read]),
        ("packages", ANY),
        ("pages", ANY),
        ("pull-requests", ANY),
        ("repository-projects", ANY),
        ("security-events", ANY),
        ("statuses", ANY),
        ("vulnerability-alerts", &[Access::Read]),
    ]
};

/// The scopes for which `read-all` and `write-all` are held against a caller.
///
/// Source: the document `errors-reusable-workflow-permissions-not-allowed-request-read-all-allowed-none` of actions/languageservices.
const OF_ALL: [&str; 13] = [
    "actions",
    "checks",
    "contents",
    "deployments",
    "discussions",
    "issues",
    "packages",
    "pages",
    "pull-requests",
    "repository-projects",
    "statuses",
    "security-events",
    TOKEN,
];

/// What one `permissions` key says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permissions {
    stated: Stated,
    /// Where it was written.
    pub place: Place,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Stated {
    /// `read-all` or `write-all`.
    All(Access),
    Listed(Vec<(&'static str, Access)>),
}

impl Permissions {
    /// Reads the value of a `permissions` key.
    pub(super) fn read(node: &Node) -> Result<Self, Error> {
        let place = node.used_at();
        let stated = match node.text() {
            Some("write-all") => Stated::All(Access::Write),
            Some("read-all") => Stated::All(Access::Read),
            Some(_) => return Err(unexpected(node)),
            None if node.is_mapping() => Stated::Listed(scopes(node)?),
            None => {
                let (key, wanted, found) = ("permissions".into(), "a mapping or text", node.kind_name());
                return Err(Error::new(Problem::Kind { key, wanted, found }, place));
            }
        };
        Ok(Self { stated, place })
    }

    /// Whether it grants `id-token: write`. `read-all` gives `read`, which yields no token.
    #[must_use]
    pub fn id_token(&self) -> bool {
        self.access(TOKEN) == Access::Write
    }

    fn access(&self, scope: &str) -> Access {
        match &self.stated {
            Stated::All(access) => *access,
            Stated::Listed(scopes) => {
                scopes.iter().find(|(name, _)| *name == scope).map_or(Access::None, |(_, access)| *access)
            }
        }
    }

    /// The scopes for which this asks for more than `allowed` gives, with what it asks for.
    fn beyond(&self, allowed: &Self) -> Vec<(&'static str, Access)> {
        let all = matches!(self.stated, Stated::All(_));
        let scopes = SCOPES.iter().filter(|(scope, _)| !all || OF_ALL.contains(scope));
        let asked = scopes.map(|(scope, _)| (*scope, self.access(scope)));
        asked.filter(|(scope, access)| *access > allowed.access(scope)).collect()
    }
}

/// The scopes of a mapping, once every one is known and has a word that GitHub allows there.
fn scopes(node: &Node) -> Result<Vec<(&'static str, Access)>, Error> {
    let scope = |entry: &crate::yaml::Entry| {
        let known = SCOPES.iter().find(|(name, _)| *name == entry.name());
        let (name, possible) = known.ok_or_else(|| unexpected(&entry.key))?;
        let access = entry.value.text().and_then(Access::of);
        let access = access.filter(|access| *access == Access::None || possible.contains(access));
        access.map(|access| (*name, access)).ok_or_else(|| unexpected(&entry.value))
    };
    node.entries().iter().map(scope).collect()
}

fn unexpected(node: &Node) -> Error {
    let value = node.text().unwrap_or("").to_owned();
    Error::new(Problem::Unexpected { value }, node.used_at())
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

impl<'a> Level<'a> {
    fn stated(self) -> Option<&'a Permissions> {
        self.job.or(self.workflow)
    }

    /// Both are held against the caller, even where the job's replace the workflow's.
    fn asked(self) -> impl Iterator<Item = &'a Permissions> {
        [self.workflow, self.job].into_iter().flatten()
    }
}

/// The first level that asks for more than the levels above it grant: its place in the chain, and the scopes with what is asked for.
///
/// Where no caller states anything, the default of the repository decides, which nobody knows here.
#[must_use]
pub fn excess<'a>(
    levels: impl IntoIterator<Item = Level<'a>>,
) -> Option<(usize, Vec<(&'static str, Access)>)> {
    let mut allowed: Option<&Permissions> = None;
    for (depth, level) in levels.into_iter().enumerate() {
        if let Some(allowed) = allowed.filter(|_| depth > 0) {
            let beyond = level.asked().map(|asked| asked.beyond(allowed)).find(|beyond| !beyond.is_empty());
            if let Some(beyond) = beyond {
                return Some((depth, beyond));
            }
        }
        allowed = level.stated().or(allowed);
    }
    None
}

/// The outcome for the last level of a chain of calls; the first level is the workflow that the event started.
///
/// Nothing stated anywhere means the default of the repository, which carries no `id-token`. A called workflow that states nothing
/// inherits what its caller states, and one that asks for more than that stops the run.
#[must_use]
pub fn effective<'a>(levels: impl IntoIterator<Item = Level<'a>>) -> Grant {
    let levels: Vec<Level<'a>> = levels.into_iter().collect();
    if excess(levels.iter().copied()).is_some() {
        return Grant::Exceeds;
    }
    let mut allowed: Option<&Permissions> = None;
    let mut by_default = false;
    for (depth, level) in levels.iter().enumerate() {
        by_default |= depth > 0 && allowed.is_none() && level.asked().any(Permissions::id_token);
        allowed = level.stated().or(allowed);
    }
    match (allowed.is_some_and(Permissions::id_token), by_default) {
        (true, false) => Grant::Granted,
        (true, true) => Grant::OnlyByDefault,
        (false, _) => Grant::Withheld,
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
            ("{id-token: write, contents: read}", "contents: read", Grant::Withheld),
            ("contents: read", "id-token: write", Grant::Exceeds),
            ("contents: read", "-", Grant::Withheld),
            ("-", "id-token: write", Grant::OnlyByDefault),
            ("-", "-", Grant::Withheld),
            ("id-token: write", "{id-token: write, contents: read}", Grant::Exceeds),
            ("{id-token: write, contents: read}", "write-all", Grant::Exceeds),
            ("write-all", "{id-token: write, contents: read}", Grant::Granted),
            ("{}", "read-all", Grant::Exceeds),
        ] {
            assert_eq!(outcome(&[(caller, "-"), (called, "-")]), grant, "{caller} > {called}");
            assert_eq!(outcome(&[("-", caller), ("-", called)]), grant, "{caller} > {called}");
        }
    }

    #[test]
    fn what_is_asked_for_in_vain_is_named_with_its_level() {
        let read = ["{id-token: write, contents: read}", "-", "contents: write"].map(says);
        let levels = read.iter().map(|stated| Level { workflow: stated.as_ref(), job: None });
        assert_eq!(excess(levels), Some((2, vec![("contents", Access::Write)])));
    }

    #[test]
    fn a_scope_is_known_and_has_a_word_of_its_own() {
        for (text, wrong) in [
            ("id_token: write", "id_token"),
            ("models: write", "write"),
            ("contents: ", ""),
            ("contents: ~", "~"),
        ] {
            let error =
                Permissions::read(&crate::yaml::parse(&Source::new("w.yml", text)).unwrap()).unwrap_err();
            assert_eq!(error.problem, Problem::Unexpected { value: wrong.into() }, "{text}");
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
