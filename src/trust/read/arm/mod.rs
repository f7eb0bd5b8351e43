//! Reads ARM templates: resources in a list or by name, children, copy loops, nested templates, `[expressions]`.

mod expression;
mod node;
mod parse;

use std::sync::Arc;

use super::{Format, Reading, Skipped, template};
use crate::text::{Source, Tree};

pub(super) use parse::parse;

/// ARM template JSON.
pub(super) const FORMAT: Format = Format { name: "ARM template", refers: true, accepts, read };

fn accepts(path: &str, text: &str) -> bool {
    let named = path.ends_with(".json") || path.ends_with(".jsonc");
    named
        && text.contains("eploymentTemplate.json")
        && text.to_ascii_lowercase().contains("federatedidentitycredentials")
}

fn read(tree: &Tree, source: &Arc<Source>) -> Reading {
    match parse(source) {
        Ok(_) => template::read_used(tree, source, super::bicep::parse),
        Err((place, reason)) => {
            Reading { drafts: Vec::new(), skipped: vec![Skipped { place, reason, broken: true }] }
        }
    }
}

#[cfg(test)]
mod tests;
