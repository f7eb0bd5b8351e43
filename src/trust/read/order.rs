//! Whether credentials of one identity are written one after the other.

use std::collections::BTreeMap;

use crate::trust::{Draft, Home, Value, WriteOrder};

/// Calls the only credential of an identity serial: nothing else is written beside it.
pub(super) fn settle(drafts: &mut [Draft]) {
    let mut siblings: BTreeMap<String, usize> = BTreeMap::new();
    for parent in drafts.iter().filter_map(parent) {
        *siblings.entry(parent).or_default() += 1;
    }
    for draft in drafts {
        let alone = parent(draft).is_some_and(|parent| siblings.get(&parent) == Some(&1));
        if draft.writing.order == WriteOrder::Concurrent && (alone || draft.home != Home::ManagedIdentity) {
            draft.writing.order = WriteOrder::Serial;
        }
    }
}

fn parent(draft: &Draft) -> Option<String> {
    draft.parent.as_ref().map(|parent| Value::to_string(&parent.value))
}
