//! Terraform's rarer functions for lists and maps: sets, sums, positions, and texts from base64, of paths and of numbers.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::trust::read::formula::{Arguments, Datum, Trouble, set, without};

/// Calls a function of lists and maps.
pub(super) fn call(name: &str, arguments: &Arguments) -> Result<Datum, Trouble> {
    match name {
        "setintersection" => intersection(arguments),
        "index" => index(arguments),
        "alltrue" => truth(arguments, false),
        "anytrue" => truth(arguments, true),
        "sum" => {
            let items = Arguments::new(arguments.list(0)?.to_vec());
            (0..items.len()).map(|at| items.number(at)).sum::<Result<f64, _>>().map(Datum::Number)
        }
        "transpose" => transpose(arguments.map(0)?),
        "chunklist" => {
            let (items, size) = (arguments.list(0)?, arguments.count(1)?);
            let chunks = items.chunks(if size == 0 { items.len().max(1) } else { size });
            Ok(Datum::List(chunks.map(|chunk| Datum::List(chunk.to_vec())).collect()))
        }
        _ => scalars(name, arguments),
    }
}

fn scalars(name: &str, arguments: &Arguments) -> Result<Datum, Trouble> {
    match name {
        "abs" => Ok(Datum::Number(arguments.number(0)?.abs())),
        "ceil" => Ok(Datum::Number(arguments.number(0)?.ceil())),
        "floor" => Ok(Datum::Number(arguments.number(0)?.floor())),
        "basename" => Ok(Datum::text(last_of(&arguments.text(0)?))),
        "dirname" => Ok(Datum::text(folder_of(&arguments.text(0)?)?)),
        "base64encode" => Ok(Datum::text(STANDARD.encode(arguments.text(0)?))),
        "base64decode" => {
            let bytes = STANDARD.decode(arguments.text(0)?).map_err(|_| Trouble::Wrong)?;
            String::from_utf8(bytes).map(Datum::text).map_err(|_| Trouble::Wrong)
        }
        _ => Err(Trouble::Unsupported),
    }
}

/// An unknown element may be any of the others.
fn known(arguments: &Arguments, at: usize) -> Result<&[Datum], Trouble> {
    let items = arguments.list(at)?;
    arguments.get(at)?.first_hole().map_or(Ok(items), |hole| Err(Trouble::Unknown(hole)))
}

fn intersection(arguments: &Arguments) -> Result<Datum, Trouble> {
    let mut kept = known(arguments, 0)?.to_vec();
    for at in 1..arguments.len() {
        let outside = without(&kept, known(arguments, at)?);
        kept = without(&kept, &outside);
    }
    Ok(set(&kept))
}

#[expect(clippy::cast_precision_loss, reason = "positions in a file are small")]
fn index(arguments: &Arguments) -> Result<Datum, Trouble> {
    let (items, wanted) = (known(arguments, 0)?, arguments.get(1)?);
    if let Some(hole) = wanted.first_hole() {
        return Err(Trouble::Unknown(hole));
    }
    let found = items.iter().position(|item| item.same(wanted) == Some(true));
    found.map(|at| Datum::Number(at as f64)).ok_or(Trouble::Wrong)
}

/// `decisive` settles the answer as soon as one element has it.
fn truth(arguments: &Arguments, decisive: bool) -> Result<Datum, Trouble> {
    let items = arguments.list(0)?;
    if items.iter().any(|item| item.truth() == Some(decisive)) {
        return Ok(Datum::Bool(decisive));
    }
    match items.iter().find(|item| item.truth().is_none()) {
        Some(other) => Err(other.first_hole().map_or(Trouble::Wrong, Trouble::Unknown)),
        None => Ok(Datum::Bool(!decisive)),
    }
}

fn transpose(entries: &BTreeMap<String, Datum>) -> Result<Datum, Trouble> {
    let mut turned: BTreeMap<String, Vec<Datum>> = BTreeMap::new();
    for (key, values) in entries {
        let values = Arguments::new(vec![values.clone()]);
        for value in known(&values, 0)? {
            turned.entry(value.to_key().ok_or(Trouble::Wrong)?).or_default().push(Datum::text(key));
        }
    }
    Ok(Datum::Map(turned.into_iter().map(|(key, keys)| (key, Datum::List(keys))).collect()))
}

/// Source: <https://pkg.go.dev/path/filepath#Base>, which Terraform calls.
fn last_of(path: &str) -> &str {
    match (path, path.trim_end_matches('/')) {
        ("", _) => ".",
        (_, "") => "/",
        (_, path) => path.rsplit('/').next().unwrap_or(path),
    }
}

/// Only a path without parts that mean others.
fn folder_of(path: &str) -> Result<&str, Trouble> {
    if path.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return Err(Trouble::Unsupported);
    }
    Ok(path.rsplit_once('/').map_or(".", |(folder, _)| folder))
}
