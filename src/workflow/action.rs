//! Composite actions: an `action.yml` whose steps run inside the calling job.

use std::sync::Arc;

use super::{
    Error,
    model::{Input, Step},
    parse,
};
use crate::{
    text::Source,
    yaml::{self, Node, Options},
};

/// An action's definition file.
#[derive(Clone, Debug)]
pub struct LocalAction {
    /// The file.
    pub source: Arc<Source>,
    /// What the step hands over.
    pub inputs: Vec<Input>,
    /// The steps of a composite action; `None` for any other kind.
    pub steps: Option<Vec<Step>>,
}

impl LocalAction {
    /// Reads an `action.yml`.
    ///
    /// # Errors
    /// The first thing for which GitHub would refuse the file, as far as it is checked.
    pub fn parse(source: &Arc<Source>) -> Result<Self, Error> {
        let root = yaml::read(source, &Options::workflow())?.root;
        let runs = root.get("runs").ok_or_else(|| parse::missing("runs", &root))?;
        let composite = runs.get("using").and_then(Node::text) == Some("composite");
        Ok(Self {
            source: Arc::clone(source),
            inputs: parse::inputs(root.get("inputs"))?,
            steps: composite.then(|| parse::composite(runs)).transpose()?,
        })
    }
}
