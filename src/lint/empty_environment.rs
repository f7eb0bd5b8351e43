//! A job whose environment may turn out to be empty, which is as good as none.

use super::Facts;
use crate::{
    id::{Part, SubjectShape},
    issuer::github::{ContextRule, Event},
    workflow::reach::Entry,
};

impl Facts<'_> {
    /// What the entry presents where the value that is to name its environment is empty. `None` where it cannot be: part of the name is
    /// known, or the subject holds no context.
    ///
    /// Source: actions/runner, `WorkflowTemplateConverter.ConvertToActionEnvironmentReference`.
    #[must_use]
    pub fn without_environment(&self, entry: &Entry) -> Option<Entry> {
        let SubjectShape::Unknown(parts) = &entry.shape else { return None };
        let name = entry.environment.as_deref()?.strip_prefix('{')?.strip_suffix('}')?;
        let at = parts.iter().position(|part| *part == Part::Hole(name.to_owned()))?;
        let Part::Text(before) = parts.get(at.checked_sub(1)?)? else { return None };
        let before = before.strip_suffix("environment:").filter(|_| self.template.holds_context())?;
        let reference = entry.reference.as_deref().filter(|reference| !reference.contains('{'));
        let context = match (Event::named(entry.trigger)?.context, reference) {
            (ContextRule::PullRequest, _) => vec![Part::Text(format!("{before}pull_request"))],
            (ContextRule::Ref, Some(reference)) => vec![Part::Text(format!("{before}ref:{reference}"))],
            (ContextRule::Ref | ContextRule::ProbablyRef, _) => {
                vec![Part::Text(format!("{before}ref:")), Part::Hole("github.ref".to_owned())]
            }
            (ContextRule::PullRequestOrRef | ContextRule::Caller, _) => {
                vec![Part::Text(before.to_owned()), Part::Hole("context".to_owned())]
            }
        };
        let mut parts = parts.clone();
        parts.splice(at - 1..=at, context);
        Some(Entry { shape: SubjectShape::from_parts(parts), environment: None, ..entry.clone() })
    }
}
