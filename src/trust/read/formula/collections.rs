//! What functions do with lists and maps, whose elements may be unknown.

use std::collections::{BTreeMap, HashSet};

use super::{Arguments, Datum, Trouble};

/// One list of the elements of `items`, however deeply they lie.
pub(crate) fn flatten(items: &[Datum]) -> Result<Vec<Datum>, Trouble> {
    let mut flat = Vec::new();
    for item in items {
        match item {
            Datum::List(inner) => flat.extend(flatten(inner)?),
            Datum::Hole(hole) => return Err(Trouble::Unknown(hole.clone())),
            Datum::Null | Datum::Bool(_) | Datum::Number(_) | Datum::Text(_) | Datum::Map(_) => {
                flat.push(item.clone())
            }
        }
    }
    Ok(flat)
}

/// The entries of all maps, the later ones over the earlier ones; null counts as empty.
pub(crate) fn merge(arguments: &Arguments, deep: bool) -> Result<Datum, Trouble> {
    let mut merged = BTreeMap::new();
    for at in 0..arguments.len() {
        if *arguments.get(at)? == Datum::Null {
            continue;
        }
        for (key, value) in arguments.map(at)? {
            put(&mut merged, key, value, deep);
        }
    }
    Ok(Datum::Map(merged))
}

fn put(into: &mut BTreeMap<String, Datum>, key: &str, value: &Datum, deep: bool) {
    match (into.get_mut(key), value) {
        (Some(Datum::Map(old)), Datum::Map(new)) if deep => {
            for (key, value) in new {
                put(old, key, value, deep);
            }
        }
        _ => drop(into.insert(key.to_owned(), value.clone())),
    }
}

/// The elements without repetitions, in their order.
pub(crate) fn unique(items: &[Datum]) -> Vec<Datum> {
    let (mut keys, mut unique) = (HashSet::new(), Vec::new());
    let mut others: Vec<&Datum> = Vec::new();
    for item in items {
        let is_new = match item.to_key() {
            Some(key) => keys.insert(key),
            None => !others.iter().any(|known| known.same(item) == Some(true)),
        };
        if is_new {
            unique.push(item.clone());
            others.extend(Some(item).filter(|item| item.to_key().is_none()));
        }
    }
    unique
}

/// The elements of `items` that are not among `taken`, none of which is unknown.
pub(crate) fn without(items: &[Datum], taken: &[Datum]) -> Vec<Datum> {
    let keys: HashSet<String> = taken.iter().filter_map(Datum::to_key).collect();
    let others: Vec<&Datum> = taken.iter().filter(|other| other.to_key().is_none()).collect();
    let is_taken = |item: &Datum| match item.to_key() {
        Some(key) => keys.contains(&key),
        None => others.iter().any(|other| item.same(other) == Some(true)),
    };
    items.iter().filter(|item| !is_taken(item)).cloned().collect()
}

/// The elements as a set: sorted where all are known scalars, without repetitions.
pub(crate) fn set(items: &[Datum]) -> Datum {
    let mut items = unique(items);
    if items.iter().all(|item| item.to_key().is_some()) {
        items.sort_by_key(Datum::to_key);
    }
    Datum::List(items)
}

/// The keys of a map as a list.
pub(crate) fn key_set(entries: &BTreeMap<String, Datum>) -> Datum {
    Datum::List(entries.keys().map(Datum::text).collect())
}
