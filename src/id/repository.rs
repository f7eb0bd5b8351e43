//! Names inside GitHub: repositories with their numbers, environments, refs.

use std::{fmt, str::FromStr};

use thiserror::Error;

/// Why a text is no GitHub name.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum NameError {
    /// Not `owner/name`.
    #[error("`{0}` is not a repository such as octo/app")]
    NotARepository(String),
    /// Empty text.
    #[error("an environment name cannot be empty; leave it out when the job has none")]
    EmptyEnvironment,
    /// Not a full ref.
    #[error("`{0}` is not a full ref such as refs/heads/main or refs/tags/v1")]
    NotARef(String),
}

/// A repository, `owner/name`, in the letter case in which it was given.
///
/// GitHub puts its own stored spelling into tokens, whatever was typed elsewhere.
/// Source: `repo:` uses GitHub's canonical casing, Azure/login#515.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RepositoryName {
    text: String,
    slash: usize,
}

impl RepositoryName {
    /// The part before the slash.
    #[must_use]
    pub fn owner(&self) -> &str {
        self.text.get(..self.slash).unwrap_or("")
    }

    /// The part behind the slash.
    #[must_use]
    pub fn name(&self) -> &str {
        self.text.get(self.slash + 1..).unwrap_or("")
    }

    /// `owner/name`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl FromStr for RepositoryName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || NameError::NotARepository(text.to_owned());
        let slash = text.find('/').ok_or_else(bad)?;
        let (owner, name) = text.split_once('/').ok_or_else(bad)?;
        let plain = |part: &str| !part.is_empty() && !part.contains([':', '@', '/', ' ']);
        if plain(owner) && plain(name) { Ok(Self { text: text.to_owned(), slash }) } else { Err(bad()) }
    }
}

impl fmt::Display for RepositoryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The numbers of a repository and its owner, as in the claims `repository_id` and `repository_owner_id`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RepositoryIds {
    /// `repository_owner_id`.
    pub owner: u64,
    /// `repository_id`.
    pub repository: u64,
}

/// The name of an environment as typed in the workflow file; never empty.
///
/// An empty name means that the job has no environment.
/// Source: actions/runner `ConvertToActionEnvironmentReference`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EnvironmentName(String);

impl EnvironmentName {
    /// The text as typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for EnvironmentName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() { Err(NameError::EmptyEnvironment) } else { Ok(Self(text.to_owned())) }
    }
}

impl fmt::Display for EnvironmentName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a ref names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefKind {
    /// `refs/heads/...`
    Branch,
    /// `refs/tags/...`
    Tag,
    /// `refs/pull/...`
    PullRequest,
    /// Anything else below `refs/`.
    Other,
}

/// A full git ref, `refs/...`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GitRef(String);

impl GitRef {
    /// The ref of a branch.
    #[must_use]
    pub fn branch(name: &str) -> Self {
        Self(format!("refs/heads/{name}"))
    }

    /// The full text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What it names.
    #[must_use]
    pub fn kind(&self) -> RefKind {
        self.split().0
    }

    /// The text behind `refs/heads/`, `refs/tags/` or `refs/pull/`, as in `GITHUB_REF_NAME`.
    #[must_use]
    pub fn short(&self) -> &str {
        self.split().1
    }

    fn split(&self) -> (RefKind, &str) {
        const KINDS: [(&str, RefKind); 4] = [
            ("refs/heads/", RefKind::Branch),
            ("refs/tags/", RefKind::Tag),
            ("refs/pull/", RefKind::PullRequest),
            ("refs/", RefKind::Other),
        ];
        KINDS
            .into_iter()
            .find_map(|(start, kind)| Some((kind, self.0.strip_prefix(start)?)))
            .unwrap_or((RefKind::Other, &self.0))
    }
}

impl FromStr for GitRef {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let named = text.strip_prefix("refs/").and_then(|rest| rest.split_once('/'));
        if named.is_some_and(|(kind, name)| !kind.is_empty() && !name.is_empty()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NameError::NotARef(text.to_owned()))
        }
    }
}

impl fmt::Display for GitRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_is_two_names_and_one_slash() {
        let repository: RepositoryName = "Octo-Org/app.rs".parse().unwrap();
        assert_eq!((repository.owner(), repository.name()), ("Octo-Org", "app.rs"));
        for bad in ["", "octo", "/app", "octo/", "octo/app/x", "octo@1/app@2", "https://github.com/o/r"] {
            assert!(bad.parse::<RepositoryName>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_ref_must_be_written_in_full() {
        assert_eq!("refs/heads/a/b".parse::<GitRef>().unwrap().short(), "a/b");
        assert_eq!("refs/tags/v1".parse::<GitRef>().unwrap().kind(), RefKind::Tag);
        for bad in ["main", "refs/heads/", "refs/heads", "heads/main"] {
            assert!(bad.parse::<GitRef>().is_err(), "{bad}");
        }
    }
}
