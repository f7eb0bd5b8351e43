//! What a script knows at one point of one possible run: variables, arguments, files, output.

use std::{
    collections::{BTreeMap, HashSet},
    hash::{DefaultHasher, Hash as _, Hasher as _},
    rc::Rc,
};

use super::syntax::{List, Script};
use crate::{text::Place, trust::read::script::Traced};

/// The value of a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Variable {
    Text(Traced),
    /// Elements by key; the keys of a list are its numbers. `open`: there may be more that are not known.
    Array {
        elements: Vec<(String, Traced)>,
        open: bool,
    },
}

impl Variable {
    /// Whether both hold the same texts.
    fn says(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(one), Self::Text(other)) => one.to_string() == other.to_string(),
            (Self::Array { elements, open }, Self::Array { elements: others, open: is_open }) => {
                open == is_open
                    && elements.len() == others.len()
                    && elements.iter().zip(others).all(|((key, text), (name, other))| {
                        key == name && text.to_string() == other.to_string()
                    })
            }
            (Self::Text(_) | Self::Array { .. }, _) => false,
        }
    }
}

/// A function and the file that defines it: its places lie there.
#[derive(Debug)]
pub(super) struct Function {
    pub(super) body: List,
    pub(super) path: String,
    pub(super) script: Rc<Script>,
}

/// How a run goes on behind a command.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Flow {
    #[default]
    On,
    /// So many loops are left.
    Break(u8),
    /// The loop so many around begins its next round.
    Continue(u8),
    Return,
    Exit,
}

/// What a variable makes of every text that it is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    Lower,
    Upper,
    /// It stands for another one.
    Reference,
    /// Its keys are texts.
    Map,
}

/// One possible run.
#[derive(Clone, Debug, Default)]
pub(super) struct World {
    pub(super) variables: BTreeMap<String, Variable>,
    pub(super) kinds: BTreeMap<String, Kind>,
    /// The arguments of the function that runs; `None` for the script's own, which nobody knows.
    pub(super) arguments: Option<Vec<Traced>>,
    pub(super) files: BTreeMap<String, Traced>,
    pub(super) functions: BTreeMap<String, Rc<Function>>,
    pub(super) out: Traced,
    pub(super) stdin: Option<Traced>,
    pub(super) flow: Flow,
    /// What `local` has hidden, innermost function last.
    pub(super) hidden: Vec<BTreeMap<String, Option<Variable>>>,
}

impl World {
    pub(super) fn set(&mut self, name: &str, value: Traced) {
        let value = if name.bytes().all(|byte| byte.is_ascii_digit()) { value } else { value.renamed(name) };
        self.variables.insert(name.to_owned(), Variable::Text(value));
    }

    /// Remembers what `name` was before the function that runs made it its own.
    pub(super) fn hide(&mut self, name: &str) {
        if let Some(hidden) = self.hidden.last_mut() {
            hidden.entry(name.to_owned()).or_insert_with(|| self.variables.get(name).cloned());
        }
    }

    pub(super) fn unhide(&mut self) {
        for (name, value) in self.hidden.pop().unwrap_or_default() {
            match value {
                Some(value) => self.variables.insert(name, value),
                None => self.variables.remove(&name),
            };
        }
    }

    /// Gives every variable that holds the unknown with this `reason` the known `value`.
    pub(super) fn learn(&mut self, reason: &str, value: &Traced) {
        for variable in self.variables.values_mut() {
            if let Variable::Text(text) = variable
                && text.as_hole().is_some_and(|(_, other)| other == reason)
            {
                text.clone_from(value);
            }
        }
        for argument in self.arguments.iter_mut().flatten() {
            if argument.as_hole().is_some_and(|(_, other)| other == reason) {
                argument.clone_from(value);
            }
        }
    }

    /// Two runs with the same signature go on alike.
    pub(super) fn signature(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        let mut part = |name: &str, text: &Traced| {
            name.hash(&mut hasher);
            text.sign(&mut hasher);
        };
        part(&format!("{:?}", self.flow), &self.out);
        for (name, variable) in &self.variables {
            match variable {
                Variable::Text(text) => part(name, text),
                Variable::Array { elements, .. } => {
                    part(name, &Traced::default());
                    elements.iter().for_each(|(key, text)| part(key, text));
                }
            }
        }
        self.files.iter().for_each(|(path, text)| part(path, text));
        self.arguments.iter().flatten().for_each(|text| part("", text));
        self.stdin.iter().for_each(|text| part("<", text));
        hasher.finish()
    }

    /// About how many bytes it knows.
    pub(super) fn size(&self) -> usize {
        let variables = self.variables.values().map(|variable| match variable {
            Variable::Text(text) => text.cost(),
            Variable::Array { elements, .. } => elements.iter().map(|(_, text)| text.cost()).sum(),
        });
        let others = self.files.values().chain(self.arguments.iter().flatten()).map(Traced::cost);
        variables.chain(others).sum::<usize>() + self.out.cost()
    }
}

/// Drops runs that go on like an earlier one.
pub(super) fn distinct(worlds: Vec<World>) -> Vec<World> {
    if worlds.len() < 2 {
        return worlds;
    }
    let mut seen = HashSet::new();
    worlds.into_iter().filter(|world| seen.insert(world.signature())).collect()
}

/// What is known behind a loop that ran an unknown number of times: what was known before it stays, since a default counts as the
/// value; what was empty or unset takes the value that the loop gives it.
pub(super) fn behind_unknown_loop(before: &World, rounds: &[World]) -> World {
    let mut after = before.clone();
    let kept = |variable: Option<&Variable>| match variable {
        Some(Variable::Text(text)) => !text.is_empty(),
        Some(Variable::Array { elements, .. }) => !elements.is_empty(),
        None => false,
    };
    for round in rounds {
        for (name, value) in &round.variables {
            if !kept(before.variables.get(name)) && !kept(after.variables.get(name)) {
                after.variables.insert(name.clone(), opened(value));
            }
        }
        after.files.extend(round.files.iter().map(|(path, text)| (path.clone(), text.clone())));
        if after.out.is_empty() {
            after.out.clone_from(&round.out);
        }
    }
    after
}

/// Makes a hole of every variable that one of the rounds has changed; whether there is one.
pub(super) fn changed_by(rounds: &[World], world: &mut World, place: &Place) -> bool {
    let mut changed = Vec::new();
    for (name, old) in &world.variables {
        let is_kept = |round: &World| round.variables.get(name).is_some_and(|new| new.says(old));
        if !rounds.iter().all(is_kept) {
            changed.push(name.clone());
        }
    }
    for name in &changed {
        let reason = format!("a loop sets `{name}` anew in each round");
        world.set(name, Traced::hole(name.as_str(), reason, place.clone()));
    }
    !changed.is_empty()
}

fn opened(value: &Variable) -> Variable {
    match value {
        Variable::Text(_) => value.clone(),
        Variable::Array { elements, .. } => Variable::Array { elements: elements.clone(), open: true },
    }
}
