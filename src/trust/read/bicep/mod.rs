//! Reads Bicep: credentials of managed identities, and of applications through the Microsoft Graph extension.
//!
//! The parser is tolerant: what it does not know it passes over, and what it cannot work out becomes a hole.

mod collection;
mod cursor;
mod expression;
mod literal;
mod operator;
mod statement;

use std::sync::Arc;

use super::{
    Format, Reading,
    template::{Template, read_used},
};
use crate::text::{Source, Tree};

/// Bicep.
pub(super) const FORMAT: Format = Format { name: "Bicep", refers: true, accepts, read };

fn accepts(path: &str, text: &str) -> bool {
    path.ends_with(".bicep")
        && (text.contains("module ") || text.to_ascii_lowercase().contains("federatedidentitycredentials"))
}

/// The template of a Bicep file, a parameter file, or an ARM template that a module names.
pub(super) fn parse(source: &Arc<Source>) -> Template {
    if source.path().ends_with(".json") {
        return super::arm::parse(source).unwrap_or_else(|_| Template::new(source));
    }
    let mut template = Template::new(source);
    statement::parse(&mut template);
    template
}

fn read(tree: &Tree, source: &Arc<Source>) -> Reading {
    read_used(tree, source, parse)
}

#[cfg(test)]
mod tests;
