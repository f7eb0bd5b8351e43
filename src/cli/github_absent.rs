//! A build without GitHub's API asks GitHub for no facts.

use super::Context;
use crate::{
    fetch::{RepositoryFacts, WantedFacts},
    id::RepositoryName,
};

/// Nothing.
#[expect(clippy::unnecessary_wraps, reason = "its twin asks the network")]
pub(super) fn ask(_: &Context<'_>, _: &RepositoryName, _: WantedFacts) -> anyhow::Result<RepositoryFacts> {
    Ok(RepositoryFacts::default())
}
