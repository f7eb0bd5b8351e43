//! Templates that others use as a module: they are read as they are used.

use std::{collections::BTreeSet, sync::Arc};

use super::{Parse, Target, Template, assignment::read_root};
use crate::{
    text::{Source, Tree},
    trust::read::Reading,
};

/// A file that others use as a module is read as they use it; one that nobody uses, with its own defaults.
pub(in crate::trust::read) fn read_used(tree: &Tree, source: &Arc<Source>, parse: Parse) -> Reading {
    through_callers(tree, source, parse, &mut BTreeSet::new()).without_repeats()
}

fn through_callers(tree: &Tree, source: &Arc<Source>, parse: Parse, seen: &mut BTreeSet<String>) -> Reading {
    if !seen.insert(source.path().to_owned()) {
        return Reading::default();
    }
    let template = parse(source);
    let callers: Vec<&Arc<Source>> = tree.iter().filter(|caller| uses(tree, caller, source, parse)).collect();
    if callers.is_empty() {
        return read_root(tree, &template, parse);
    }
    let mut files = BTreeSet::new();
    reachable(tree, &template, parse, &mut files);
    let mut reading = Reading::default();
    for caller in callers {
        let mut through = through_callers(tree, caller, parse, seen);
        through.drafts.retain(|draft| files.contains(draft.place.source.path()));
        through.skipped.retain(|skipped| files.contains(skipped.place.source.path()));
        reading.append(through);
    }
    reading
}

/// A cheap look at the text comes first.
fn uses(tree: &Tree, caller: &Arc<Source>, module: &Arc<Source>, parse: Parse) -> bool {
    let name = module.path().rsplit('/').next().unwrap_or_default();
    let (path, text) = (caller.path(), caller.text());
    let refers = (path.ends_with(".bicep") && text.contains("module "))
        || (path.ends_with(".json") && text.contains("relativePath"));
    refers
        && path != module.path()
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
fn reachable(tree: &Tree, template: &Template, parse: Parse, files: &mut BTreeSet<String>) {
    if !files.insert(template.source.path().to_owned()) {
        return;
    }
    for module in modules(tree, template) {
        reachable(tree, &parse(module), parse, files);
    }
}
