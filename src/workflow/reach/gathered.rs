//! Entries as they are found, one for each job, event and subject.

use std::{
    collections::{HashMap, HashSet},
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use super::entry::{Certainty, Entry};

/// Entries in the order in which they were found first.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    entries: Vec<Entry>,
    /// Where entries of the same hash stand.
    places: HashMap<u64, Vec<usize>>,
}

impl Gathered {
    /// Adds `found`, which is not certain unless `certain` says so.
    pub(super) fn add(&mut self, found: impl IntoIterator<Item = Entry>, certain: bool) {
        for mut entry in found {
            if !certain {
                entry.certainty = Certainty::May;
            }
            self.add_one(entry);
        }
    }

    fn add_one(&mut self, entry: Entry) {
        let places = self.places.entry(hash(&entry)).or_default();
        let place = places.iter().find(|at| self.entries.get(**at).is_some_and(|old| same(old, &entry)));
        match place.and_then(|at| self.entries.get_mut(*at)) {
            Some(old) => unite(old, entry),
            None => {
                places.push(self.entries.len());
                self.entries.push(entry);
            }
        }
    }

    pub(super) fn into_entries(self) -> Vec<Entry> {
        self.entries
    }
}

/// What worlds found that are one world together. Certain is what every one of them is certain of; where the event alone decides
/// between them, also what one of them is certain of.
pub(super) fn together(results: Vec<Vec<Entry>>, by_event: bool) -> Vec<Entry> {
    let mut sure: HashMap<u64, usize> = HashMap::new();
    for found in &results {
        let certain = found.iter().filter(|entry| entry.certainty == Certainty::Must);
        for key in certain.map(hash).collect::<HashSet<_>>() {
            *sure.entry(key).or_default() += 1;
        }
    }
    let count = results.len();
    let mut gathered = Gathered::default();
    for entry in results.into_iter().flatten() {
        let everywhere = sure.get(&hash(&entry)) == Some(&count);
        let certainty = if everywhere { Certainty::Must } else { entry.certainty };
        gathered.add([Entry { certainty, ..entry }], by_event || everywhere);
    }
    gathered.into_entries()
}

/// Whether two entries are told apart by nothing that is shown as one entry.
fn same(one: &Entry, other: &Entry) -> bool {
    one.shape == other.shape
        && one.trigger == other.trigger
        && one.job.value == other.job.value
        && one.workflow == other.workflow
}

/// The same for entries that are the same.
fn hash(entry: &Entry) -> u64 {
    let mut hasher = DefaultHasher::new();
    (&entry.shape, entry.trigger, &entry.job.value, &entry.workflow).hash(&mut hasher);
    hasher.finish()
}

fn unite(old: &mut Entry, entry: Entry) {
    old.certainty = old.certainty.max(entry.certainty);
    old.token = old.token.min(entry.token);
    if old.reference != entry.reference {
        old.reference = None;
    }
    for sign_in in entry.sign_ins {
        if !old.sign_ins.contains(&sign_in) {
            old.sign_ins.push(sign_in);
        }
    }
    for calls in std::iter::once(entry.called_from).chain(entry.also_called_from) {
        if !calls.is_empty() && calls != old.called_from && !old.also_called_from.contains(&calls) {
            old.also_called_from.push(calls);
        }
    }
    for text in entry.assumed {
        if !old.assumed.contains(&text) {
            old.assumed.push(text);
        }
    }
}
