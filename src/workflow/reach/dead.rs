//! Sign-ins that no event ever reaches: seen when conditions are left aside, and never otherwise.

use std::collections::BTreeSet;

use super::{Entry, Facts, Jobs, Unreachable, Wanted, entries};
use crate::{text::Span, workflow::project::Project};

/// A sign-in, by the file and the span of its step and by its job.
type Key<'a> = (&'a str, &'a str, &'a str, Span);

/// Every sign-in of the project that is in none of its `entries`: its conditions, with those of its job and its callers, are false on
/// every event.
#[must_use]
pub fn unreachable(project: &Project, facts: &Facts, alive: &[Entry]) -> Vec<Unreachable> {
    beside(alive, |wanted| entries(project, facts, wanted))
}

/// The sign-ins that `all` finds when every condition counts as true, and that none of the entries `alive` has.
pub(super) fn beside(alive: &[Entry], all: impl FnOnce(&Wanted) -> Vec<Entry>) -> Vec<Unreachable> {
    let alive: BTreeSet<Key<'_>> = alive.iter().flat_map(keys).collect();
    let places = alive.iter().map(|(_, _, path, span)| ((*path).to_owned(), *span)).collect();
    let wanted = Wanted { jobs: Jobs::SigningInElsewhere(places), blind: true, ..Wanted::default() };
    let blind = all(&wanted);
    let mut told = BTreeSet::new();
    let mut dead = Vec::new();
    for entry in &blind {
        for (sign_in, key) in entry.sign_ins.iter().zip(keys(entry)) {
            if !alive.contains(&key) && told.insert(key) {
                dead.push(Unreachable {
                    workflow: entry.workflow.clone(),
                    job: entry.job.clone(),
                    via: sign_in.via,
                    place: sign_in.place.clone(),
                });
            }
        }
    }
    dead
}

fn keys(entry: &Entry) -> impl Iterator<Item = Key<'_>> {
    entry.sign_ins.iter().map(|sign_in| {
        let (path, span) = (sign_in.place.source.path(), sign_in.place.span);
        (entry.workflow.as_str(), entry.job.value.as_str(), path, span)
    })
}
