//! Whether the credentials of one identity are written one after the other: by `dependsOn`, by reference, by a serial loop.

use std::collections::{BTreeMap, BTreeSet};

use super::{deployment::Deployment, resource::Made};
use crate::trust::{
    Home, WriteOrder,
    read::formula::{Call, Datum, Formula, Kind},
};

/// Sets the order of every credential of a managed identity.
pub(super) fn settle(deployment: &Deployment<'_>, made: &mut [Made<'_>]) {
    let before = predecessors(deployment, made);
    let keys: Vec<(Option<String>, String)> =
        made.iter().map(|one| (parent(one), one.resource.symbol.clone())).collect();
    let verdicts: Vec<bool> = made
        .iter()
        .zip(&keys)
        .map(|(one, (parent, symbol))| {
            let siblings = || keys.iter().filter(|(other, _)| parent.is_some() && other == parent);
            let parallel_turns = siblings().filter(|(_, other)| other == symbol).count() > 1
                && one.resource.repeat.as_ref().is_some_and(|repeat| !repeat.serial);
            let unordered = siblings().any(|(_, other)| {
                other != symbol && !reaches(&before, symbol, other) && !reaches(&before, other, symbol)
            });
            parallel_turns || unordered
        })
        .collect();
    for (one, concurrent) in made.iter_mut().zip(verdicts) {
        if one.draft.home == Home::ManagedIdentity {
            one.draft.writing.order = if concurrent { WriteOrder::Concurrent } else { WriteOrder::Serial };
        }
    }
}

fn parent(made: &Made<'_>) -> Option<String> {
    made.draft.parent.as_ref().map(|parent| parent.value.to_string())
}

/// For every symbol, the symbols that are written before it.
fn predecessors(deployment: &Deployment<'_>, made: &[Made<'_>]) -> BTreeMap<String, BTreeSet<String>> {
    let mut before: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for one in made {
        let mut names = BTreeSet::new();
        mentioned(&one.resource.body, &mut names);
        if let Some(Datum::List(texts)) =
            one.resource.body.entry("dependsOn").map(|list| deployment.value(list, &one.turn))
        {
            let texts: Vec<String> =
                texts.iter().filter_map(Datum::to_value).map(|value| value.to_string()).collect();
            names.extend(
                made.iter()
                    .filter(|other| texts.iter().any(|text| means(text, other)))
                    .map(|other| other.resource.symbol.clone()),
            );
        }
        before.entry(one.resource.symbol.clone()).or_default().extend(names);
    }
    before
}

/// Whether an entry of `dependsOn` in an ARM template means this credential: by its symbol, its loop, or its name.
fn means(text: &str, made: &Made<'_>) -> bool {
    let name = made.draft.name.as_ref().map(|name| name.value.to_string()).unwrap_or_default();
    let last = text.rsplit('/').next().unwrap_or(text);
    let child = text.to_ascii_lowercase().contains("federatedidentitycredentials")
        || !text.contains('/')
        || text.contains(&name);
    text == made.resource.symbol || (child && !name.is_empty() && last == name)
}

fn reaches(before: &BTreeMap<String, BTreeSet<String>>, from: &str, to: &str) -> bool {
    let (mut open, mut seen) = (vec![from], BTreeSet::new());
    while let Some(symbol) = open.pop() {
        for next in before.get(symbol).into_iter().flatten() {
            if next == to {
                return true;
            }
            if seen.insert(next.as_str()) {
                open.push(next);
            }
        }
    }
    false
}

/// Every name in a formula.
fn mentioned(formula: &Formula, names: &mut BTreeSet<String>) {
    let mut both = |left: &Formula, right: &Formula| {
        mentioned(left, names);
        mentioned(right, names);
    };
    match &formula.kind {
        Kind::Name(name) => drop(names.insert(name.clone())),
        Kind::Member(inner, _)
        | Kind::Not(inner)
        | Kind::Minus(inner)
        | Kind::Spread(inner)
        | Kind::Lambda(_, inner) => {
            mentioned(inner, names);
        }
        Kind::Index(left, right) | Kind::Splat(left, right) => both(left, right),
        Kind::Binary(_, sides) => both(&sides.0, &sides.1),
        Kind::Object(entries) => entries.iter().for_each(|(key, value)| both(key, value)),
        Kind::Template(items) | Kind::List(items) | Kind::Call(Call { arguments: items, .. }) => {
            items.iter().for_each(|item| mentioned(item, names));
        }
        Kind::Choice(choice) => {
            both(&choice.yes, &choice.no);
            mentioned(&choice.condition, names);
        }
        Kind::For(rule) => both(&rule.over, &rule.value),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::Opaque => {}
    }
}
