//! Modules of the public Bicep registry that are handed whole credentials in a parameter.

use super::{Module, Target, deployment::Deployment, turns::Turn};
use crate::{
    text::Located,
    trust::{
        Draft, Home, Value,
        read::{
            body::Body,
            formula::{Datum, Formula, Kind},
        },
    },
};

/// The module of a user-assigned identity, and its parameter. It writes the credentials one after the other.
///
/// Source: Azure/bicep-registry-modules, `avm/res/managed-identity/user-assigned-identity`.
const MODULE: &str = "avm/res/managed-identity/user-assigned-identity";
const PARAMETER: &str = "federatedIdentityCredentials";

/// The credentials that the module is handed; none for other modules.
pub(super) fn read(deployment: &Deployment<'_>, module: &Module, turn: &Turn) -> Vec<Draft> {
    let Target::File(path) = &module.target else { return Vec::new() };
    let handed = module.parameters.as_ref().and_then(|written| written.entry(PARAMETER));
    let Some(list) = handed.filter(|_| path.contains(MODULE)) else { return Vec::new() };
    let Datum::List(items) = deployment.value(list, turn) else { return Vec::new() };
    let draft =
        |(index, item): (usize, &Datum)| draft(deployment, (module, turn), item_at(list, index), item);
    items.iter().enumerate().map(draft).collect()
}

fn draft(
    deployment: &Deployment<'_>,
    (module, turn): (&Module, &Turn),
    written: &Formula,
    item: &Datum,
) -> Draft {
    let source = &deployment.template.source;
    let place = written.inside(source);
    let mut draft = Draft::new(place.clone(), Home::ManagedIdentity);
    let parent = format!("{}{}{}", deployment.address, module.symbol, turn.index);
    draft.parent = Some(Located::new(Value::known(parent), place));
    let place_of = |path: &[&str]| {
        let found = path.iter().try_fold(written, |formula, key| formula.entry(key)).unwrap_or(written);
        found.inside(source)
    };
    Body::new(item, &place_of).fill(&mut draft);
    draft
}

/// Where an item of the list is written: itself, or the body of the loop that makes it.
fn item_at(list: &Formula, index: usize) -> &Formula {
    if let Kind::List(items) = &list.kind {
        items.get(index).unwrap_or(list)
    } else if let Kind::For(rule) = &list.kind {
        &rule.value
    } else {
        list
    }
}
