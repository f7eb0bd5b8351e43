//! What a script knows at one point of one possible run.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use super::{syntax::Block, value::Value};
use crate::{text::Place, trust::read::script::Traced};

/// What is said where several ways through a block do not agree.
const DEPENDS: &str = "it depends on what the script finds";

/// How a run goes on behind a statement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum Flow {
    #[default]
    On,
    Break,
    Continue,
    /// The function that runs, or the script, has ended.
    Ended,
}

/// One possible run.
#[derive(Clone, Debug, Default)]
pub(super) struct World {
    /// Variables by their names in lower case.
    pub(super) variables: BTreeMap<String, Value>,
    pub(super) functions: BTreeMap<String, Block>,
    /// Parameters without a default: whoever calls gives them.
    pub(super) asked: BTreeSet<String>,
    pub(super) files: BTreeMap<String, Traced>,
    pub(super) flow: Flow,
    /// The variables of the script that a function has set.
    pub(super) shared: BTreeSet<String>,
    /// What the function that runs gives back.
    pub(super) out: Vec<Value>,
}

impl World {
    /// About how many bytes it knows.
    pub(super) fn size(&self) -> usize {
        let values = self.variables.values().chain(&self.out).map(Value::cost);
        values.chain(self.files.values().map(Traced::cost)).sum()
    }

    /// Two runs with the same signature go on alike.
    fn signature(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.flow.hash(&mut hasher);
        self.out.iter().for_each(|value| value.sign(&mut hasher));
        for (name, value) in &self.variables {
            name.hash(&mut hasher);
            value.sign(&mut hasher);
        }
        for (path, text) in &self.files {
            path.hash(&mut hasher);
            text.sign(&mut hasher);
        }
        hasher.finish()
    }

    pub(super) fn set(&mut self, name: &str, value: Value) {
        let value = match value {
            Value::Text(text) if name != "_" => Value::Text(text.renamed(name)),
            same @ (Value::Null
            | Value::Truth(_)
            | Value::Number(_)
            | Value::Text(_)
            | Value::List(_)
            | Value::Table(_)) => same,
        };
        self.variables.insert(name.to_owned(), value);
    }
}

/// Drops runs that know the same as an earlier one.
pub(super) fn distinct(worlds: Vec<World>) -> Vec<World> {
    let mut seen = HashSet::new();
    worlds.into_iter().filter(|world| seen.insert(world.signature())).collect()
}

/// What every one of the runs knows: what they do not agree on is a hole. `None` where no run goes on.
pub(super) fn agreed(worlds: Vec<World>, place: &Place) -> Option<World> {
    let mut worlds = worlds.into_iter();
    let mut first = worlds.next()?;
    let hole = |name: &str| Value::Text(Traced::hole(name, DEPENDS, place.clone()));
    for other in worlds {
        for (name, value) in &mut first.variables {
            if !other.variables.get(name).is_some_and(|known| known.is_like(value)) {
                *value = hole(name);
            }
        }
        for name in other.variables.into_keys() {
            first.variables.entry(name.clone()).or_insert_with(|| hole(&name));
        }
        for (path, text) in &mut first.files {
            if other.files.get(path).map(ToString::to_string) != Some(text.to_string()) {
                *text = Traced::hole(path.as_str(), DEPENDS, place.clone());
            }
        }
        if !Value::List(other.out).is_like(&Value::List(first.out.clone())) {
            first.out = vec![hole("output")];
        }
        first.shared.extend(other.shared);
        first.functions.extend(other.functions);
    }
    Some(first)
}
