//! Facts about paths: all of them at once, or one set or another.

use super::{AbstractValue, Fact};

/// The most paths that are followed.
const MOST: usize = 64;

/// Facts that hold together, at most one for each path.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Facts {
    pub(super) all: Vec<Fact>,
}

impl Facts {
    /// That the value at `path` is one of `value`.
    pub(super) fn one(path: &[&str], value: AbstractValue) -> Self {
        let path = path.iter().map(|name| (*name).to_owned()).collect();
        Self { all: vec![Fact { path, value }] }
    }

    /// These facts and then `later` ones, which were found where these hold and so take their place.
    pub(super) fn and(&self, later: &Self) -> Self {
        let kept = self.all.iter().filter(|fact| !later.all.iter().any(|other| other.same_path(fact)));
        Self { all: kept.chain(&later.all).take(MOST).cloned().collect() }
    }

    /// What holds whichever of the two holds.
    pub(super) fn or(&self, other: &Self) -> Self {
        let both = self.all.iter().filter_map(|fact| {
            let other = other.all.iter().find(|other| other.same_path(fact))?;
            let value = fact.value.clone().or(other.value.clone());
            (value.cases.len() >= fact.value.cases.len().min(AbstractValue::MOST))
                .then(|| Fact { path: fact.path.clone(), value })
        });
        Self { all: both.collect() }
    }
}

impl Fact {
    fn same_path(&self, other: &Self) -> bool {
        self.path.len() == other.path.len()
            && self.path.iter().zip(&other.path).all(|(left, right)| left.eq_ignore_ascii_case(right))
    }
}
