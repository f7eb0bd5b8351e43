//! All modules of a tree, who calls whom, and the variable files at the roots.

use std::{cell::OnceCell, collections::BTreeMap};

use super::{
    copies::Copy,
    instance::Instance,
    module::{Block, Module, is_configuration},
    variables,
};
use crate::{
    text::{Source, Tree},
    trust::read::formula::Fuel,
};

/// The folders of a tree that hold configuration.
pub(super) struct Workspace<'a> {
    pub(super) tree: &'a Tree,
    modules: BTreeMap<String, OnceCell<Module>>,
    pub(super) fuel: &'a Fuel,
}

const DEEPEST_CALL: usize = 8;
const MOST_INSTANCES: usize = 500;
/// What a use of a module costs beside its inputs.
const CALL_COST: usize = 50;

impl<'a> Workspace<'a> {
    /// The workspace of `tree`; folders are parsed when they are needed.
    pub(super) fn new(tree: &'a Tree, fuel: &'a Fuel) -> Self {
        let folders = tree.iter().filter(|source| is_configuration(source.path()));
        let modules = folders.map(|source| (folder_of(source.path()).to_owned(), OnceCell::new())).collect();
        Self { tree, modules, fuel }
    }

    /// The module in `folder`.
    pub(super) fn module(&self, folder: &str) -> Option<&Module> {
        let (folder, cell) = self.modules.get_key_value(folder)?;
        Some(cell.get_or_init(|| Module::parse(self.tree, folder)))
    }

    /// Every use of the module in `folder`: by its callers, else as a root with its variable files. None where every call is
    /// known to make no copy.
    pub(super) fn instances(&'a self, folder: &str, level: usize) -> Vec<Instance<'a>> {
        let Some(module) = self.module(folder).filter(|_| level < DEEPEST_CALL) else { return Vec::new() };
        let (mut instances, mut is_off) = (Vec::new(), false);
        let callers = self.modules.keys().filter(|caller| self.may_call(caller, folder));
        for caller in callers.filter(|caller| self.calls(caller, folder)) {
            let outers = self.instances(caller, level + 1);
            is_off |= outers.is_empty() && level + 1 < DEEPEST_CALL;
            for outer in outers {
                let calls = outer.module.calls.iter();
                for call in calls.filter(|call| called(call, caller).as_deref() == Some(folder)) {
                    let copies = outer.copies(call, 0);
                    is_off |= copies.is_empty();
                    instances.extend(copies.iter().filter_map(|copy| self.child(&outer, call, copy, 0)));
                }
            }
            if instances.len() > MOST_INSTANCES {
                self.fuel.cut();
                instances.truncate(MOST_INSTANCES);
            }
        }
        if instances.is_empty() && (!is_off || self.fuel.was_short()) {
            self.roots(module)
        } else {
            instances
        }
    }

    /// The module that `call` of `outer` uses, with its inputs; none where the source is not among the files.
    pub(super) fn child<'b>(
        &'b self,
        outer: &Instance<'_>,
        call: &Block,
        copy: &Copy,
        depth: usize,
    ) -> Option<Instance<'b>> {
        let module =
            self.module(&called(call, &outer.module.folder)?).filter(|_| self.fuel.burn(CALL_COST))?;
        let inputs = call
            .attributes
            .keys()
            .filter(|name| {
                !["source", "version", "providers", "for_each", "count", "depends_on"]
                    .contains(&name.as_str())
            })
            .filter_map(|name| Some((name.clone(), outer.attribute(call, name, copy, depth)?)))
            .collect();
        let index = if copy.index.is_empty() { String::new() } else { format!("[{}]", copy.index) };
        let address = format!("{}module.{}{index}.", outer.address, call.label(0));
        let (root, level) = (outer.root.clone(), outer.level + 1);
        Some(Instance { workspace: self, module, inputs, address, root, level, fuel: self.fuel })
    }

    /// A cheap look before a folder is parsed: a caller names the last part of the called folder.
    fn may_call(&self, caller: &str, folder: &str) -> bool {
        if caller == folder {
            return false;
        }
        let last = folder.rsplit('/').next().unwrap_or(folder);
        self.tree.in_folder(caller).any(|source| {
            let text = source.text();
            is_configuration(source.path())
                && text.contains("module")
                && (text.contains(last) || text.contains(".."))
        })
    }

    /// Whether a block of `caller` names `folder`; callers of other modules need not be followed.
    fn calls(&self, caller: &str, folder: &str) -> bool {
        let names = |call: &Block| called(call, caller).as_deref() == Some(folder);
        self.module(caller).is_some_and(|module| module.calls.iter().any(names))
    }

    fn roots(&'a self, module: &'a Module) -> Vec<Instance<'a>> {
        variables::assignments(self, module)
            .into_iter()
            .map(|assignment| {
                let folder =
                    if module.folder.is_empty() { String::new() } else { format!("{}/", module.folder) };
                let label = assignment.file.map_or_else(String::new, |file| format!("{file}:"));
                Instance {
                    workspace: self,
                    module,
                    inputs: assignment.values,
                    address: format!("{folder}{label}"),
                    root: module.folder.clone(),
                    level: 0,
                    fuel: self.fuel,
                }
            })
            .collect()
    }

    /// The files below `folder` that belong to no other module.
    pub(super) fn files_of(&self, folder: &str) -> impl Iterator<Item = &std::sync::Arc<Source>> {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        self.tree.iter().filter(move |source| {
            let inner = folder_of(source.path());
            source.path().starts_with(&prefix)
                && (inner == prefix.trim_end_matches('/') || !self.modules.contains_key(inner))
        })
    }
}

/// The folder that a call with a local source means, resolved against the caller's folder.
fn called(call: &Block, caller: &str) -> Option<String> {
    let source = call.attributes.get("source")?.formula.literal()?;
    if !source.starts_with("./") && !source.starts_with("../") {
        return None;
    }
    let mut parts: Vec<&str> = caller.split('/').filter(|part| !part.is_empty()).collect();
    for part in source.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// The folder of a path; empty at the root.
pub(super) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}
