//! A deployment template, whether written in Bicep or as ARM JSON: parameters, variables, resources, modules.

mod assignment;
mod collection;
mod deployment;
mod function;
mod import;
mod lazy;
mod object;
mod part;
mod published;
mod resource;
mod sequence;
mod turns;
mod used;

pub(super) use import::Import;
pub(super) use lazy::{argument_of, copy_index_of};
pub(super) use used::read_used;

use std::{collections::BTreeMap, sync::Arc};

use super::formula::Formula;
use crate::text::{Source, Span};

/// One template.
#[derive(Clone, Debug)]
pub(super) struct Template {
    pub(super) source: Arc<Source>,
    /// Parameters and their defaults.
    pub(super) parameters: BTreeMap<String, Option<Formula>>,
    pub(super) variables: BTreeMap<String, Formula>,
    /// Functions of the template's own: the names of their arguments, and what they return.
    pub(super) functions: BTreeMap<String, (Vec<String>, Formula)>,
    pub(super) imports: Vec<Import>,
    pub(super) outputs: BTreeMap<String, Formula>,
    pub(super) resources: Vec<Resource>,
    pub(super) modules: Vec<Module>,
    /// Where the file is nested more deeply than is followed; what stands behind is not read.
    pub(super) too_deep: Option<Span>,
}

impl Template {
    /// A template of `source` that holds nothing yet.
    pub(super) fn new(source: &Arc<Source>) -> Self {
        Self {
            source: Arc::clone(source),
            parameters: BTreeMap::new(),
            variables: BTreeMap::new(),
            functions: BTreeMap::new(),
            imports: Vec::new(),
            outputs: BTreeMap::new(),
            resources: Vec::new(),
            modules: Vec::new(),
            too_deep: None,
        }
    }

    /// The resource called `symbol`.
    pub(super) fn resource(&self, symbol: &str) -> Option<&Resource> {
        self.resources.iter().find(|resource| resource.symbol == symbol)
    }
}

/// One resource, or one per element of a collection.
#[derive(Clone, Debug)]
pub(super) struct Resource {
    /// The name that the template has for it; in ARM templates without such names, a number.
    pub(super) symbol: String,
    /// The type as written, with or without version; a child's may be its last part alone.
    pub(super) kind: String,
    pub(super) span: Span,
    /// The resource it is written in.
    pub(super) within: Option<String>,
    pub(super) existing: bool,
    pub(super) condition: Option<Formula>,
    pub(super) repeat: Option<Repeat>,
    /// The object with name, parent, properties.
    pub(super) body: Formula,
}

/// A loop around a resource or a module.
#[derive(Clone, Debug)]
pub(super) struct Repeat {
    pub(super) item: String,
    pub(super) position: Option<String>,
    pub(super) over: Formula,
    /// Whether one is made after the other.
    pub(super) serial: bool,
}

/// A template within a template.
#[derive(Clone, Debug)]
pub(super) struct Module {
    pub(super) symbol: String,
    pub(super) span: Span,
    pub(super) target: Target,
    /// The values of its parameters.
    pub(super) parameters: Option<Formula>,
    pub(super) condition: Option<Formula>,
    pub(super) repeat: Option<Repeat>,
}

/// What a module means.
#[derive(Clone, Debug)]
pub(super) enum Target {
    /// A path as written.
    File(String),
    /// A template written in place, with names of its own.
    Inner(Box<Template>),
    /// A template written in place that uses the names around it.
    Outer(Box<Template>),
}

/// Parses the file at a path, for modules.
pub(super) type Parse = fn(&Arc<Source>) -> Template;
