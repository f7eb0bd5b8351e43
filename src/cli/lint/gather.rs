//! Collects what the rules look at: the files of the repository and what they amount to.

use std::path::Path;

use super::Args;
use crate::{
    cli::{Context, source},
    id::RepositoryName,
    lint::Facts,
    trust::Draft,
};

/// What was read; the facts borrow from it.
pub(super) struct Gathered {
    repository: Option<RepositoryName>,
    drafts: Vec<Draft>,
}

/// Reads the repository.
///
/// # Errors
/// When the folder cannot be read.
pub(super) fn gather(args: &Args, context: &Context<'_>) -> anyhow::Result<Gathered> {
    let root = args.path.as_deref().unwrap_or(Path::new(""));
    let reading = source::load_folder(context, root, Path::new(""))?;
    Ok(Gathered { repository: args.repository.clone(), drafts: reading.drafts })
}

impl Gathered {
    pub(super) fn facts(&self) -> Facts<'_> {
        Facts { repository: self.repository.clone(), ..Facts::of_credentials(&self.drafts) }
    }
}
