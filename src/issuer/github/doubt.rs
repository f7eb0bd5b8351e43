//! What a prediction does not know, and what it took for granted, each as a value that can say itself.

use std::fmt;

use super::event::Event;
use crate::id::{GitRef, RepositoryName};

/// A reason why the subject is not one exact text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// The event's context is not known from any published token.
    Event(&'static Event),
    /// Nobody knows how GitHub writes these characters in the value of this key.
    Characters {
        /// The key: `environment`, `ref`, or a claim of the template.
        key: String,
        /// The characters, each once.
        characters: String,
    },
    /// The template leaves the repository out, and the repository has the form with numbers.
    ///
    /// Source: Azure/azure-dev prepends `sub_claim_prefix` all the same; the documentation puts the numbers "in the
    /// `repo` segment". No such token has been published.
    Repository,
    /// The template asks for a claim of the environment, and the job names none: no token is issued.
    NoEnvironment(String),
    /// A fact that was not given.
    Missing(String),
}

impl Doubt {
    /// The name of the hole.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Event(_) => "context",
            Self::Repository => "repo",
            Self::Characters { key, .. } | Self::NoEnvironment(key) | Self::Missing(key) => key,
        }
    }
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Event(event) if event.name == "workflow_call" => {
                f.write_str("a called workflow has the repository, the event and the ref of its caller")
            }
            Self::Event(event) => {
                write!(f, "no token of a `{}` run has been published, so its context is not known", event.name)
            }
            Self::Characters { key, characters } => {
                let quoted: Vec<_> = characters.chars().map(|c| format!("`{}`", shown(c))).collect();
                write!(f, "how GitHub writes {} in `{key}` is not known", quoted.join(" "))
            }
            Self::Repository => f.write_str(
                "whether GitHub puts the repository with its numbers before a template that leaves it out is not known",
            ),
            Self::NoEnvironment(key) => write!(
                f,
                "the template asks for `{key}`, but the job names no environment, so GitHub issues no token"
            ),
            Self::Missing(name) => f.write_str(missing(name)),
        }
    }
}

/// A blank by its code point, since it cannot be seen between backticks.
fn shown(c: char) -> String {
    if c.is_whitespace() || c.is_control() { format!("U+{:04X}", u32::from(c)) } else { c.to_string() }
}

fn missing(name: &str) -> &'static str {
    match name {
        "ref" => "the ref of the run was not given",
        "default branch" => "the default branch of the repository was not given",
        "tag" => "the tag of the release was not given",
        "number" => "the number of the pull request was not given",
        "merge group" => "every run of a merge queue has a ref of its own",
        "repository" => "the repository was not given",
        _ => "the template asks for this claim, and its value was not given",
    }
}

/// Something the prediction took for granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assumption {
    /// The subject has names alone, because neither the numbers nor the prefix were given.
    NameForm(RepositoryName),
    /// The repository has no numbers in its subjects, so that a template without the repository is simply written out.
    NoNumbers,
    /// No token of this event was seen; its neighbours in the documentation decide.
    LikeItsNeighbours(&'static Event),
    /// The ref was taken as given, although the event's runs have another kind.
    RefAsGiven(&'static Event, GitRef),
    /// The template has a key that GitHub does not offer.
    UsableKey(String),
}

impl fmt::Display for Assumption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // Source: the default since 2026-07-15, github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens.
            Self::NameForm(name) => write!(
                f,
                "the subject names {name} without numbers; a repository created, renamed or transferred after \
                 2026-07-15, or opted in, presents repo:{}@OWNER_ID/{}@REPOSITORY_ID",
                name.owner(),
                name.name()
            ),
            Self::NoNumbers => f.write_str(
                "the repository presents no numbers; where it does, whether GitHub puts them before a template that leaves \
                 the repository out is not known",
            ),
            Self::LikeItsNeighbours(event) => {
                write!(
                    f,
                    "a `{}` run presents its ref, as events like it do; no token has been published",
                    event.name
                )
            }
            Self::RefAsGiven(event, reference) => {
                write!(
                    f,
                    "the run has {reference}, although a `{}` run usually has another kind of ref",
                    event.name
                )
            }
            Self::UsableKey(key) => write!(f, "GitHub accepts `{key}` in a template, which it may not"),
        }
    }
}
