//! Parameter files of a template: each stands for one deployment.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    Parse, Template,
    deployment::{Parameters, drafts_of, evaluated},
};
use crate::{
    text::{Source, Tree},
    trust::read::{
        Reading,
        formula::{Datum, parse_json},
    },
};

/// The credentials of a template that no other template uses: once for each of its parameter files, or with its defaults.
pub(super) fn read_root(tree: &Tree, template: &Template, parse: Parse) -> Reading {
    let path = template.source.path();
    let files: Vec<(&Arc<Source>, Parameters)> =
        tree.iter().filter_map(|source| Some((source, values(tree, template, source, parse)?))).collect();
    if files.is_empty() {
        return drafts_of(tree, template, Parameters::new(), format!("{path}#"), parse);
    }
    let mut reading = Reading::default();
    for (file, values) in files {
        let name = file.path().rsplit('/').next().unwrap_or_default();
        reading.append(drafts_of(tree, template, values, format!("{path}({name})#"), parse));
    }
    reading
}

/// The values that `source` gives to the parameters of `template`; none where it is no parameter file for it.
fn values(tree: &Tree, template: &Template, source: &Arc<Source>, parse: Parse) -> Option<Parameters> {
    let path = source.path();
    if path.ends_with(".bicepparam") {
        let meant = used(source.text())?;
        let target = tree.beside(path, meant)?;
        return (target.path() == template.source.path()).then(|| evaluated(tree, &parse(source), parse));
    }
    let below = folder(template.source.path());
    if !path.ends_with(".json")
        || !path.starts_with(below)
        || !source.text().contains("eploymentParameters.json")
    {
        return None;
    }
    let Ok(Datum::Map(document)) = parse_json(source.text().trim_start_matches('\u{feff}')) else {
        return None;
    };
    let Some(Datum::Map(given)) = document.get("parameters") else { return None };
    let known =
        |name: &String| template.parameters.keys().find(|known| known.eq_ignore_ascii_case(name)).cloned();
    let mut values = BTreeMap::new();
    for (name, holder) in given {
        // A file that names a parameter this template has not belongs to another one.
        let name = known(name)?;
        if let Datum::Map(holder) = holder
            && let Some(value) = holder.get("value")
        {
            values.insert(name, value.clone());
        }
    }
    (!values.is_empty()).then_some(values)
}

/// The path behind `using`.
fn used(text: &str) -> Option<&str> {
    let line = text.lines().map(str::trim).find(|line| line.starts_with("using"))?;
    line.split('\'').nth(1)
}

fn folder(path: &str) -> &str {
    path.rfind('/').and_then(|at| path.get(..=at)).unwrap_or("")
}
