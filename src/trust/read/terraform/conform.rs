//! Fills in the optional attributes that a variable's type gives a default.

use std::collections::BTreeMap;

use crate::trust::read::formula::{Call, Datum, Environment, Formula, Kind, set};

/// A value of a variable with the `optional(type, default)` attributes of its type filled in.
pub(super) fn conform(env: &Environment<'_>, datum: Datum, kind: &Formula) -> Datum {
    let Kind::Call(Call { name, arguments, .. }) = &kind.kind else { return datum };
    let Some(inner) = arguments.first() else { return datum };
    match (name.as_str(), datum) {
        ("map", Datum::Map(entries)) => {
            Datum::Map(entries.into_iter().map(|(key, value)| (key, conform(env, value, inner))).collect())
        }
        ("set", Datum::List(items)) => {
            set(&items.into_iter().map(|item| conform(env, item, inner)).collect::<Vec<_>>())
        }
        ("list", Datum::List(items)) => {
            Datum::List(items.into_iter().map(|item| conform(env, item, inner)).collect())
        }
        ("optional", datum) => conform(env, datum, inner),
        ("object", Datum::Map(entries)) => Datum::Map(attributes(env, entries, inner)),
        (_, datum) => datum,
    }
}

fn attributes(
    env: &Environment<'_>,
    mut given: BTreeMap<String, Datum>,
    kinds: &Formula,
) -> BTreeMap<String, Datum> {
    let Kind::Object(kinds) = &kinds.kind else { return given };
    // An attribute that the type does not name is left out.
    let mut entries = BTreeMap::new();
    for (name, kind) in kinds {
        let Some(name) = name.literal() else { continue };
        let given = given.remove(name);
        let fallback = kind
            .call_of("optional")
            .map(|call| call.arguments.get(1).map_or(Datum::Null, |default| env.evaluate(default)));
        let value = match (given, fallback) {
            (Some(Datum::Null) | None, Some(default)) => Some(default),
            (given, _) => given,
        };
        if let Some(value) = value {
            entries.insert(name.to_owned(), conform(env, value, kind));
        }
    }
    entries
}
