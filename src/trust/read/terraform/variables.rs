//! Variable files at a root module: which apply by themselves, and which stand for one deployment each.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    instance::Instance,
    module::{self, Module},
    workspace::{Workspace, folder_of},
};
use crate::{
    text::Source,
    trust::read::formula::{Datum, Environment, parse_json},
};

/// Values for the variables of a root module.
#[derive(Debug, Default)]
pub(super) struct Assignment {
    /// The file that stands for this deployment; none where only files apply that Terraform loads by itself.
    pub(super) file: Option<String>,
    pub(super) values: BTreeMap<String, Datum>,
}

/// One assignment for every deployment of `root`.
///
/// Terraform loads `terraform.tfvars` and `*.auto.tfvars` of the root folder by itself. Any other variable file, there or
/// in a folder below without a module of its own (`env/dev/terraform.tfvars`), is passed by hand: one deployment each.
pub(super) fn assignments(workspace: &Workspace<'_>, root: &Module) -> Vec<Assignment> {
    let (mut own, mut last, mut by_hand) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
    for source in workspace.files_of(&root.folder).filter(|source| is_variable_file(source.path())) {
        let mut values = read(workspace, root, source);
        values.retain(|name, _| root.variables.contains_key(name));
        if loads_itself(source.path(), &root.folder) {
            // `*.auto.tfvars` is loaded last, whatever the order of the names.
            let automatic = source.path().contains(".auto.tfvars");
            if automatic { &mut last } else { &mut own }.extend(values);
        } else if !values.is_empty() {
            by_hand.push((source.path(), values));
        }
    }
    own.append(&mut last);
    if by_hand.is_empty() {
        return vec![Assignment { file: None, values: own }];
    }
    let merged = |(path, values): (&str, BTreeMap<String, Datum>)| {
        let prefix = if root.folder.is_empty() { 0 } else { root.folder.len() + 1 };
        let mut all = own.clone();
        all.extend(values);
        Assignment { file: path.get(prefix..).map(str::to_owned), values: all }
    };
    by_hand.into_iter().map(merged).collect()
}

fn is_variable_file(path: &str) -> bool {
    path.ends_with(".tfvars") || path.ends_with(".tfvars.json")
}

fn loads_itself(path: &str, root: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".json");
    folder_of(path) == root && (name == "terraform.tfvars" || name.ends_with(".auto.tfvars"))
}

fn read(workspace: &Workspace<'_>, root: &Module, source: &Arc<Source>) -> BTreeMap<String, Datum> {
    if source.path().ends_with(".json") {
        return match parse_json(source.text()) {
            Ok(Datum::Map(values)) => values,
            _ => BTreeMap::new(),
        };
    }
    let Ok(body) = module::parse(source) else { return BTreeMap::new() };
    let plain = Instance {
        workspace,
        module: root,
        inputs: BTreeMap::new(),
        address: String::new(),
        root: root.folder.clone(),
        level: 0,
        fuel: workspace.fuel,
    };
    let env = Environment::new(&plain, source, workspace.fuel, 0);
    module::attributes(source, &body)
        .into_iter()
        .map(|(name, written)| (name, env.elsewhere(&written)))
        .collect()
}
