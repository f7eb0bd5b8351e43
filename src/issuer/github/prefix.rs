//! The segment that names the repository: by names alone, or with the numbers that never change.

use std::{fmt, str::FromStr};

use thiserror::Error;

use crate::id::{Part, RepositoryIds, RepositoryName};

/// Why a text is no prefix.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum PrefixError {
    /// Neither of the two forms.
    #[error("`{0}` is not a subject prefix such as repo:octo/app or repo:octo@1/app@2")]
    NotAPrefix(String),
}

/// What stands for `repo` in a subject.
///
/// Source: `sub_claim_prefix` of <https://docs.github.com/rest/actions/oidc>; the numbers are always in this segment
/// and nowhere else, <https://docs.github.com/actions/reference/security/oidc>.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Prefix {
    /// `repo:OWNER/NAME`.
    Names(RepositoryName),
    /// `repo:OWNER@OWNER_ID/NAME@ID`, the immutable form.
    Ids(RepositoryName, RepositoryIds),
    /// `repo:OWNER/NAME`, because nobody said which form the repository has.
    Assumed(RepositoryName),
    /// Not known; the name of the hole, such as `caller`.
    Hole(String),
}

impl Prefix {
    /// The repository, unless it is a hole.
    #[must_use]
    pub const fn repository(&self) -> Option<&RepositoryName> {
        match self {
            Self::Names(name) | Self::Ids(name, _) | Self::Assumed(name) => Some(name),
            Self::Hole(_) => None,
        }
    }

    /// The numbers, where they are part of the subject.
    #[must_use]
    pub const fn ids(&self) -> Option<RepositoryIds> {
        match self {
            Self::Ids(_, ids) => Some(*ids),
            Self::Names(_) | Self::Assumed(_) | Self::Hole(_) => None,
        }
    }

    /// The pieces of the segment, beginning with `repo:`.
    #[must_use]
    pub fn parts(&self) -> Vec<Part> {
        match self {
            Self::Names(_) | Self::Ids(..) | Self::Assumed(_) => vec![Part::Text(self.to_string())],
            Self::Hole(name) => vec![Part::Text("repo:".to_owned()), Part::Hole(name.clone())],
        }
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Names(name) | Self::Assumed(name) => write!(f, "repo:{name}"),
            Self::Ids(name, ids) => {
                write!(f, "repo:{}@{}/{}@{}", name.owner(), ids.owner, name.name(), ids.repository)
            }
            Self::Hole(name) => write!(f, "repo:{{{name}}}"),
        }
    }
}

impl FromStr for Prefix {
    type Err = PrefixError;

    /// Reads `sub_claim_prefix` as GitHub's API returns it.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || PrefixError::NotAPrefix(text.to_owned());
        let (owner, name) =
            text.strip_prefix("repo:").and_then(|rest| rest.split_once('/')).ok_or_else(bad)?;
        let join = |owner: &str, name: &str| format!("{owner}/{name}").parse().map_err(|_| bad());
        match (owner.split_once('@'), name.split_once('@')) {
            (None, None) => Ok(Self::Names(join(owner, name)?)),
            (Some((owner, owner_id)), Some((name, id))) => {
                let ids = RepositoryIds {
                    owner: number(owner_id).ok_or_else(bad)?,
                    repository: number(id).ok_or_else(bad)?,
                };
                Ok(Self::Ids(join(owner, name)?, ids))
            }
            _ => Err(bad()),
        }
    }
}

/// A decimal number as GitHub writes it: digits alone, no leading zero.
fn number(text: &str) -> Option<u64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    text.parse().ok().filter(|_| plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_read_and_written_alike() {
        for text in ["repo:octo/app", "repo:octo@1/app.rs@1360340997", "repo:o-1/r-2"] {
            assert_eq!(text.parse::<Prefix>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn half_a_number_is_no_prefix() {
        for bad in
            ["octo/app", "repo:octo@1/app", "repo:octo/app@2", "repo:o@1/r@x", "repo:o@1/r@02", "repo:o"]
        {
            assert_eq!(bad.parse::<Prefix>(), Err(PrefixError::NotAPrefix(bad.into())));
        }
    }
}
