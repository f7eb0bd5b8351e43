//! Follows loops: every element of a known list, every round while the condition is known, and one round for all others.

use super::{
    run::Runner,
    syntax::{Block, Loop, Pipeline},
    value::Value,
    world::{Flow, World},
};
use crate::trust::read::script::Traced;

/// Rounds that are followed one by one.
const ROUNDS: usize = 100;

impl Runner<'_> {
    pub(super) fn each(
        &mut self,
        name: &str,
        items: &Pipeline,
        body: &Block,
        mut world: World,
    ) -> Vec<World> {
        let items = self.pipeline(items, &mut world);
        if matches!(&items, Value::Text(text) if text.as_hole().is_some()) {
            world.set(name, items);
            return self.any_rounds(body, world);
        }
        let mut worlds = vec![world];
        for item in items.into_items() {
            for world in worlds.iter_mut().filter(|world| world.flow == Flow::On) {
                world.set(name, item.clone());
            }
            worlds = self.round(body, worlds);
            if worlds.iter().all(|world| world.flow != Flow::On) {
                break;
            }
        }
        settled(worlds)
    }

    pub(super) fn repeated(&mut self, found: &Loop, world: World) -> Vec<World> {
        let mut worlds = self.run_block(&found.first, vec![world]);
        let mut over = Vec::new();
        for round in 0..ROUNDS {
            let mut going = Vec::new();
            for mut world in worlds {
                if world.flow != Flow::On {
                    over.push(world);
                } else if round == 0 && found.is_asked_last {
                    going.push(world);
                } else {
                    match self.holds(found, &mut world) {
                        Some(true) => going.push(world),
                        Some(false) => over.push(world),
                        None => {
                            over.push(world.clone());
                            over.extend(self.any_rounds(&found.body, world));
                        }
                    }
                }
            }
            if going.is_empty() {
                return self.distinct(settled(over));
            }
            worlds = self.round(&found.body, going);
            let (going, ended): (Vec<_>, Vec<_>) =
                worlds.into_iter().partition(|world| world.flow == Flow::On);
            over.extend(ended);
            worlds = self.run_block(&found.step, going);
            worlds = self.distinct(worlds);
        }
        for world in worlds {
            over.extend(self.any_rounds(&found.body, world));
        }
        self.distinct(settled(over))
    }

    fn holds(&mut self, found: &Loop, world: &mut World) -> Option<bool> {
        if found.condition.is_empty() {
            return Some(true);
        }
        self.pipeline(&found.condition, world).truth().map(|truth| truth == found.holds)
    }

    /// One round; runs that have left the loop keep their flow.
    fn round(&mut self, body: &Block, worlds: Vec<World>) -> Vec<World> {
        let mut worlds = self.run_block(body, worlds);
        for world in &mut worlds {
            if world.flow == Flow::Continue {
                world.flow = Flow::On;
            }
        }
        self.distinct(worlds)
    }

    /// Any number of rounds: what a round changes is not known in the next one.
    pub(super) fn any_rounds(&mut self, body: &Block, world: World) -> Vec<World> {
        let first = self.round(body, vec![world.clone()]);
        let mut changed = world.clone();
        for after in &first {
            for (name, value) in &after.variables {
                let is_kept = world.variables.get(name).is_none_or(|old| old.is_like(value));
                if !is_kept {
                    let reason = format!("a loop sets `{name}` anew in each round");
                    let place = self.place(crate::text::Span::default());
                    changed.set(name, Value::Text(Traced::hole(name.as_str(), reason, place)));
                }
            }
        }
        let is_changed = changed
            .variables
            .iter()
            .any(|(name, value)| !world.variables.get(name).is_some_and(|old| old.is_like(value)));
        settled(if is_changed { self.round(body, vec![changed]) } else { first })
    }
}

/// Runs that broke out of a loop go on behind it.
fn settled(mut worlds: Vec<World>) -> Vec<World> {
    for world in &mut worlds {
        if matches!(world.flow, Flow::Break | Flow::Continue) {
            world.flow = Flow::On;
        }
    }
    worlds
}
