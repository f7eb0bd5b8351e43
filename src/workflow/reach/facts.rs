//! What is known about the repository beside its files.

use crate::{
    id::{Part, RepositoryName},
    issuer::github::{Prefix, Template},
    workflow::AtHand,
};

/// Facts about a repository; what is not known is a hole, never a guess.
#[derive(Clone, Debug)]
pub struct Facts {
    /// How subjects name the repository.
    pub prefix: Prefix,
    /// The default branch.
    pub default_branch: Option<String>,
    /// The template of the subject.
    pub template: Template,
    /// The environments of the repository.
    pub environments: Option<Vec<String>>,
    /// The number of the repository, which some templates ask for.
    pub repository_id: Option<u64>,
    /// The number of its owner.
    pub owner_id: Option<u64>,
    /// Other repositories whose files are at hand.
    pub checkouts: Vec<RepositoryName>,
}

impl Facts {
    /// Nothing but the repository's segment.
    #[must_use]
    pub fn new(prefix: Prefix) -> Self {
        Self {
            prefix,
            default_branch: None,
            template: Template::default(),
            environments: None,
            repository_id: None,
            owner_id: None,
            checkouts: Vec::new(),
        }
    }

    /// The repositories whose files are at hand.
    pub(super) fn at_hand(&self) -> AtHand {
        AtHand { own: self.prefix.repository().cloned(), others: self.checkouts.clone() }
    }

    /// The name of the hole that stands for the default branch.
    pub const DEFAULT_BRANCH: &'static str = "default branch";
}

/// The default branch as parts of a text.
pub(super) fn branch_parts(name: Option<&str>) -> Vec<Part> {
    vec![
        name.map_or_else(|| Part::Hole(Facts::DEFAULT_BRANCH.to_owned()), |name| Part::Text(name.to_owned())),
    ]
}
