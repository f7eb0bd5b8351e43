//! Reads Terraform configuration: the credentials of one file, for every use of the module it belongs to.

mod collection;
mod conform;
mod convert;
mod copies;
mod directive;
mod files;
mod format;
mod function;
mod instance;
mod json;
mod lists;
mod module;
mod object;
mod overriding;
pub(super) mod planned;
mod resource;
mod variables;
mod workspace;
mod written;

use std::sync::Arc;

use instance::Instance;
use module::{Block, is_configuration, replacement};
use workspace::{Workspace, folder_of};

use super::{Format, Reading, Skipped, formula::Fuel, order};
use crate::text::{Place, Source, Span, Tree};

/// Terraform configuration.
pub(super) const FORMAT: Format = Format { name: "Terraform configuration", refers: true, accepts, read };

fn accepts(path: &str, text: &str) -> bool {
    let calls = || ["module \"", "\"module\""].iter().any(|word| text.contains(word));
    is_configuration(path) && (mentions_credentials(text) || text.contains(resource::COMMAND) || calls())
}

fn mentions_credentials(text: &str) -> bool {
    text.contains("federated_identity_credential")
        || text.to_ascii_lowercase().contains("federatedidentitycredentials")
}

/// The credentials that the resources of this file make, and those of the local modules it calls.
fn read(tree: &Tree, source: &Arc<Source>) -> Reading {
    if let Some(other) = replacement(tree, source.path()) {
        let place = Place::new(source, Span::new(0, 0));
        return Reading::skip(place, format!("OpenTofu reads {} in its place", other.path()));
    }
    let fuel = Fuel::full();
    let workspace = Workspace::new(tree, &fuel);
    let folder = folder_of(source.path());
    let mut reading = Reading::default();
    let instances = workspace.instances(folder, 0);
    if let Some(module) = workspace.module(folder).filter(|_| instances.is_empty()) {
        let own = module.resources.iter().filter(|block| block.place.source == *source);
        reading.skipped.extend(own.filter_map(resource::unused));
    }
    for instance in instances {
        reading.append(own(&instance, source));
        for call in instance.module.calls.iter().filter(|call| call.place.source == *source) {
            reading.append(called(&workspace, &instance, call));
        }
    }
    if let Some(module) = workspace.module(folder) {
        reading.skipped.extend(module.broken.iter().filter(|broken| broken.place.source == *source).cloned());
    }
    order::settle(&mut reading.drafts);
    if fuel.was_short() {
        reading.append(Reading::skip(Place::new(source, Span::default()), Fuel::SHORT));
    }
    reading.without_repeats()
}

/// What the resources of `source` make in one use of its module.
fn own(instance: &Instance<'_>, source: &Arc<Source>) -> Reading {
    let mut reading = Reading::default();
    for block in instance.module.resources.iter().filter(|block| block.place.source == *source) {
        reading.append(resource::read(instance, block));
    }
    reading
}

/// What a called module makes, with the modules it calls in turn.
fn called(workspace: &Workspace<'_>, outer: &Instance<'_>, call: &Block) -> Reading {
    let mut reading = Reading::default();
    for copy in outer.copies(call, 0) {
        let Some(child) = workspace.child(outer, call, &copy, 0).filter(|child| child.level < 8) else {
            reading.skipped.extend(foreign(call).filter(|_| !workspace.fuel.was_short()));
            return reading;
        };
        for block in &child.module.resources {
            reading.append(resource::read(&child, block));
        }
        for inner in &child.module.calls {
            reading.append(self::called(workspace, &child, inner));
        }
    }
    reading
}

/// A module from elsewhere that seems to be given credentials to make.
fn foreign(call: &Block) -> Option<Skipped> {
    let written = call.place.text().to_ascii_lowercase();
    let suspicious = ["federat", "subject", "token.actions.githubusercontent.com"]
        .iter()
        .any(|word| written.contains(word));
    let source = call
        .attributes
        .get("source")
        .and_then(|source| source.formula.literal())
        .unwrap_or("a source unknown here");
    suspicious.then(|| Skipped {
        broken: false,
        place: call.place.clone(),
        reason: format!(
            "module.{} comes from {source}, whose credentials are not among these files",
            call.label(0)
        ),
    })
}

#[cfg(test)]
mod tests;
