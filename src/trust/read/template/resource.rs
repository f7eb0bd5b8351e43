//! Makes drafts of the resources of a template that define credentials.

use super::{Resource, deployment::Deployment, turns::Turn};
use crate::{
    text::{Located, Place},
    trust::{
        Draft, Home, TextPart, Value,
        read::{
            Reading, Skipped,
            body::{Body, parent, text},
            formula::Formula,
        },
    },
};

/// A credential and what decides when it is written.
pub(super) struct Made<'a> {
    pub(super) draft: Draft,
    pub(super) resource: &'a Resource,
    pub(super) turn: Turn,
}

const IDENTITY_CHILD: &str = "microsoft.managedidentity/userassignedidentities/federatedidentitycredentials";
const APPLICATION_CHILD: &str = "microsoft.graph/applications/federatedidentitycredentials";

/// What a draft costs beside the values in it.
const DRAFT_COST: usize = 10;

/// The credentials of one resource: one for each turn of its loop.
pub(super) fn read<'a>(
    deployment: &Deployment<'_>,
    resource: &'a Resource,
    reading: &mut Reading,
) -> Vec<Made<'a>> {
    let Some(home) = home(deployment, resource).filter(|_| !resource.existing) else { return Vec::new() };
    let turns = deployment.turns(resource.repeat.as_ref());
    let place = Place::new(&deployment.template.source, resource.span);
    if turns.is_empty() && !deployment.fuel.was_short() {
        let reason = format!("{} has no copy: its collection is empty here", resource.symbol);
        reading.skipped.push(Skipped { place: place.clone(), reason, broken: false });
    }
    let kept = turns.into_iter().filter(|turn| !deployment.is_off(resource.condition.as_ref(), turn));
    kept.take_while(|_| deployment.fuel.burn(DRAFT_COST))
        .map(|turn| {
            let mut draft = Draft::new(place.clone(), home);
            fill(deployment, resource, &turn, &mut draft);
            Made { draft, resource, turn }
        })
        .collect()
}

fn fill(deployment: &Deployment<'_>, resource: &Resource, turn: &Turn, draft: &mut Draft) {
    let source = &deployment.template.source;
    let body = &resource.body;
    if let Some(written) = body.entry("name") {
        let (owner, name) = split(deployment.value(written, turn).to_value().unwrap_or_default());
        draft.name = Some(Located::new(name, written.inside(source)));
        draft.parent = owner.map(|owner| Located::new(owner, written.inside(source)));
    }
    if let Some(identity) = identity(resource) {
        let datum = deployment.value(&identity, turn);
        let place = identity.inside(source);
        draft.parent = parent(&datum, &deployment.address).map(|value| Located::new(value, place));
    }
    let place_of = |path: &[&str]| {
        let found = path.iter().try_fold(body, |formula, key| formula.entry(key)).unwrap_or(body);
        found.inside(source)
    };
    Body::new(&deployment.value(body, turn), &place_of).fill(draft);
    draft.writing.region = region(deployment, resource, turn);
}

/// The reference to the parent: the property `parent`, else the resource it is written in.
fn identity(resource: &Resource) -> Option<Formula> {
    let around = || {
        let symbol = resource.within.clone()?;
        Some(Formula::new(resource.body.span, crate::trust::read::formula::Kind::Name(symbol)))
    };
    resource.body.entry("parent").cloned().or_else(around)
}

/// The symbol of the parent, without index.
pub(super) fn parent_symbol(resource: &Resource) -> Option<String> {
    let mut formula = identity(resource)?;
    while let Some((target, _)) = formula.last_step() {
        formula = target.clone();
    }
    formula.name().map(str::to_owned)
}

fn region(deployment: &Deployment<'_>, resource: &Resource, turn: &Turn) -> Option<Located<Value>> {
    let owner = deployment.template.resource(&parent_symbol(resource)?)?;
    let written = owner.body.entry("location")?;
    text(&deployment.value(written, turn), &written.inside(&deployment.template.source))
}

/// What owns the credentials of this type; none for other types.
fn home(deployment: &Deployment<'_>, resource: &Resource) -> Option<Home> {
    match full_type(deployment, resource, 0).as_str() {
        IDENTITY_CHILD => Some(Home::ManagedIdentity),
        APPLICATION_CHILD => Some(Home::Application),
        _ => None,
    }
}

/// The type in small letters without version; a nested child's begins with its parent's.
fn full_type(deployment: &Deployment<'_>, resource: &Resource, depth: usize) -> String {
    let own = resource.kind.split('@').next().unwrap_or("").to_ascii_lowercase();
    let around = resource.within.as_ref().filter(|_| depth < 8 && !own.contains('/'));
    match around.and_then(|symbol| deployment.template.resource(symbol)) {
        Some(outer) => format!("{}/{own}", full_type(deployment, outer, depth + 1)),
        None => own,
    }
}

/// `identity/credential`: the owner and the name of a child that is written by itself.
fn split(value: Value) -> (Option<Value>, Value) {
    let slash =
        value.parts.iter().rposition(|part| matches!(part, TextPart::Text(text) if text.contains('/')));
    let Some(slash) = slash else { return (None, value) };
    let (mut owner, mut name) = (Value::default(), Value::default());
    for (at, part) in value.parts.into_iter().enumerate() {
        match (at.cmp(&slash), part) {
            (std::cmp::Ordering::Less, part) => owner.parts.push(part),
            (std::cmp::Ordering::Greater, part) => name.parts.push(part),
            (std::cmp::Ordering::Equal, TextPart::Text(text)) => {
                let (before, after) = text.rsplit_once('/').unwrap_or(("", &text));
                owner.append(some(before));
                name.append(some(after));
            }
            (std::cmp::Ordering::Equal, hole) => name.parts.push(hole),
        }
    }
    (Some(owner), name)
}

fn some(text: &str) -> Value {
    if text.is_empty() { Value::default() } else { Value::known(text) }
}
