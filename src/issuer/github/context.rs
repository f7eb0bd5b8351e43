//! The context of a subject: the environment, else the pull request, else the ref.
//!
//! Source: the example subjects of <https://docs.github.com/actions/reference/security/oidc>, where every later form holds
//! only for a job without an environment.

use super::{
    escape::Escape,
    event::{ContextRule, Event},
};
use crate::id::Part;

/// What stands for `context` in a subject. Pieces are unescaped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Context {
    /// `environment:NAME`, the name as typed in the workflow file.
    Environment(Vec<Part>),
    /// `pull_request`.
    PullRequest,
    /// `ref:REF`, the ref in full.
    Ref(Vec<Part>),
    /// Not known; the name of the hole.
    Hole(String),
}

impl Context {
    /// The context of a job: its environment wins, else the event decides.
    ///
    /// `environment` is `None`, or known to be empty, for a job without one: an empty name means no environment.
    /// Source: actions/runner `ConvertToActionEnvironmentReference`.
    #[must_use]
    pub fn of(environment: Option<Vec<Part>>, event: &Event, reference: Vec<Part>) -> Self {
        match environment {
            Some(name) if !is_empty(&name) => Self::Environment(name),
            _ => match event.context {
                ContextRule::PullRequest => Self::PullRequest,
                ContextRule::Ref => Self::Ref(reference),
                ContextRule::PullRequestOrRef | ContextRule::ProbablyRef | ContextRule::Caller => {
                    Self::Hole("context".to_owned())
                }
            },
        }
    }

    /// The name of the environment, if the context is one.
    #[must_use]
    pub fn environment(&self) -> Option<&[Part]> {
        match self {
            Self::Environment(name) => Some(name),
            Self::PullRequest | Self::Ref(_) | Self::Hole(_) => None,
        }
    }

    /// The pieces as they stand in a subject.
    #[must_use]
    pub fn parts(&self, escape: Escape) -> Vec<Part> {
        let labelled = |key: &str, value: &[Part]| {
            let mut parts = vec![Part::Text(format!("{key}:"))];
            parts.extend(escape.parts(key, value));
            parts
        };
        match self {
            Self::Environment(name) => labelled("environment", name),
            Self::PullRequest => vec![Part::Text("pull_request".to_owned())],
            Self::Ref(reference) => labelled("ref", reference),
            Self::Hole(name) => vec![Part::Hole(name.clone())],
        }
    }
}

fn is_empty(parts: &[Part]) -> bool {
    parts.iter().all(|part| matches!(part, Part::Text(text) if text.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Vec<Part> {
        vec![Part::Text(text.to_owned())]
    }

    #[test]
    fn an_environment_hides_the_pull_request_and_the_ref() {
        let event = Event::named("pull_request").unwrap();
        let context = Context::of(Some(text("prod")), event, text("refs/pull/1/merge"));
        assert_eq!(context, Context::Environment(text("prod")));
    }

    #[test]
    fn an_empty_environment_is_none() {
        let event = Event::named("push").unwrap();
        assert_eq!(
            Context::of(Some(text("")), event, text("refs/heads/x")),
            Context::Ref(text("refs/heads/x"))
        );
    }
}
