//! Reads Bicep: credentials of managed identities, and of applications through the Microsoft Graph extension.
//!
//! The parser is tolerant: what it does not know it passes over, and what it cannot work out becomes a hole.

mod collection;
mod cursor;
mod expression;
mod literal;
mod operator;
mod statement;

use std::{collections::BTreeSet, sync::Arc};

use super::{
    Format, Reading,
    template::{Target, Template, read_root},
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
    read_used(tree, source, &mut BTreeSet::new()).without_repeats()
}

/// A file that others use as a module is read as they use it; one that nobody uses, with its own defaults.
fn read_used(tree: &Tree, source: &Arc<Source>, seen: &mut BTreeSet<String>) -> Reading {
    if !seen.insert(source.path().to_owned()) {
        return Reading::default();
    }
    let template = parse(source);
    let callers: Vec<&Arc<Source>> = tree.iter().filter(|caller| uses(tree, caller, source)).collect();
    if callers.is_empty() {
        return read_root(tree, &template, parse);
    }
    let mut files = BTreeSet::new();
    reachable(tree, &template, &mut files);
    let mut reading = Reading::default();
    for caller in callers {
        let mut through = read_used(tree, caller, seen);
        through.drafts.retain(|draft| files.contains(draft.place.source.path()));
        through.skipped.retain(|skipped| files.contains(skipped.place.source.path()));
        reading.append(through);
    }
    reading
}

fn uses(tree: &Tree, caller: &Arc<Source>, module: &Arc<Source>) -> bool {
    let name = module.path().rsplit('/').next().unwrap_or_default();
    let text = caller.text();
    caller.path().ends_with(".bicep")
        && caller.path() != module.path()
        && text.contains("module ")
        && text.contains(name)
        && modules(tree, &parse(caller)).any(|used| used.path() == module.path())
}

fn modules<'a>(tree: &'a Tree, template: &Template) -> impl Iterator<Item = &'a Arc<Source>> {
    template.modules.iter().filter_map(move |module| match &module.target {
        Target::File(path) => tree.beside(template.source.path(), path),
        Target::Inner(_) | Target::Outer(_) => None,
    })
}

/// The paths of a template and of all modules below it.
fn reachable(tree: &Tree, template: &Template, files: &mut BTreeSet<String>) {
    if !files.insert(template.source.path().to_owned()) {
        return;
    }
    for module in modules(tree, template) {
        reachable(tree, &parse(module), files);
    }
}

#[cfg(test)]
mod tests;
