//! Follows loops: every element of a known list, one round of an unknown one.

use super::{
    condition::Truth,
    run::Runner,
    syntax::{Node, Part, Word},
    world::{Flow, World, behind_unknown_loop, changed_by},
};
use crate::{text::Span, trust::read::script::Traced};

/// Rounds of a loop that are followed one by one, as long as its condition is known.
const ROUNDS: usize = 100;

impl Runner<'_> {
    pub(super) fn each(
        &mut self,
        name: &str,
        items: Option<&[Word]>,
        body: &[Node],
        mut world: World,
    ) -> Vec<World> {
        let items = match items {
            Some(words) => self.fields(words, &mut world),
            None => {
                let all = super::expansion::plain("@".to_owned());
                let part = Part::Expansion { expansion: Box::new(all), span: Span::default(), quoted: true };
                self.fields(&[Word { parts: vec![part], span: Span::default() }], &mut world)
            }
        };
        let is_more = items.open && items.items.iter().all(|item| item.as_hole().is_none());
        let more = is_more
            .then(|| Traced::hole(name, "the list may hold more than is known", self.place(Span::default())));
        let mut worlds = vec![world];
        for item in items.items.into_iter().chain(more) {
            if item.as_hole().is_some() {
                worlds = self.each_unknown(name, &item, body, worlds);
                continue;
            }
            for world in worlds.iter_mut().filter(|world| world.flow == Flow::On) {
                world.set(name, item.clone());
            }
            worlds = self.round(body, &[], worlds);
            if worlds.iter().all(|world| world.flow != Flow::On) {
                break;
            }
        }
        self.settle(worlds)
    }

    fn each_unknown(&mut self, name: &str, item: &Traced, body: &[Node], worlds: Vec<World>) -> Vec<World> {
        let mut after = Vec::new();
        for world in worlds {
            if world.flow != Flow::On {
                after.push(world);
                continue;
            }
            let mut inside = world.clone();
            inside.set(name, item.clone());
            after.push(self.any_rounds(&world, vec![inside], body, &[]));
        }
        after
    }

    /// One round of a loop; runs that broke out keep their flow.
    fn round(&mut self, body: &[Node], step: &[Node], worlds: Vec<World>) -> Vec<World> {
        let (going, broken): (Vec<_>, Vec<_>) = worlds.into_iter().partition(|world| world.flow == Flow::On);
        let mut after = self.run_list(body, going);
        for world in &mut after {
            if world.flow == Flow::Continue(1) {
                world.flow = Flow::On;
            }
        }
        let (going, left): (Vec<_>, Vec<_>) = after.into_iter().partition(|world| world.flow == Flow::On);
        let mut after = if step.is_empty() { going } else { self.run_list(step, going) };
        after.extend(left);
        after.extend(broken);
        self.distinct(after)
    }

    /// A round of a loop that runs nobody knows how often, and one more for what the first has changed.
    fn any_rounds(&mut self, before: &World, inside: Vec<World>, body: &[Node], step: &[Node]) -> World {
        let kept = (self.reading.drafts.len(), self.reading.skipped.len());
        let first = self.round(body, step, inside.clone());
        if kept != (self.reading.drafts.len(), self.reading.skipped.len()) {
            let place = self.place(Span::default());
            let mut again = inside;
            for world in &mut again {
                if changed_by(&first, world, &place) {
                    self.round(body, step, vec![world.clone()]);
                }
            }
        }
        behind_unknown_loop(before, &first)
    }

    /// A loop with a condition: round by round while it is known to hold, and any number of rounds where it is not known.
    pub(super) fn repeated(
        &mut self,
        condition: &[Node],
        holds: bool,
        (body, step): (&[Node], &[Node]),
        world: World,
    ) -> Vec<World> {
        let goes_on = Truth::from(holds);
        let mut worlds = vec![world];
        let mut over = Vec::new();
        for round in 0..=ROUNDS {
            let before: Vec<u64> = worlds.iter().map(World::signature).collect();
            let mut going = Vec::new();
            for world in worlds {
                let tested = self.tested(condition, world.clone());
                let is_known = round < ROUNDS && tested.iter().all(|(_, truth)| *truth != Truth::Unknown);
                if is_known {
                    let (inside, behind): (Vec<_>, Vec<_>) =
                        tested.into_iter().partition(|(_, truth)| *truth == goes_on);
                    over.extend(behind.into_iter().map(|(world, _)| world));
                    going.extend(inside.into_iter().map(|(world, _)| world));
                    continue;
                }
                let inside =
                    tested.into_iter().filter(|(_, truth)| *truth == goes_on || *truth == Truth::Unknown);
                let inside = inside.map(|(world, _)| world).collect();
                over.push(World { stdin: None, ..self.any_rounds(&world, inside, body, step) });
            }
            if going.is_empty() {
                break;
            }
            let after = self.round(body, step, going);
            // What changes nothing goes on for ever.
            let (left, next): (Vec<_>, Vec<_>) = after
                .into_iter()
                .partition(|world| world.flow != Flow::On || before.contains(&world.signature()));
            over.extend(left);
            worlds = next;
        }
        self.settle(over)
    }

    /// Runs that broke out of a loop go on behind it.
    fn settle(&mut self, worlds: Vec<World>) -> Vec<World> {
        let settled = worlds.into_iter().map(|mut world| {
            world.flow = match world.flow {
                Flow::Break(count @ 2..) => Flow::Break(count - 1),
                Flow::Continue(count @ 2..) => Flow::Continue(count - 1),
                Flow::Break(_) | Flow::Continue(_) => Flow::On,
                same @ (Flow::On | Flow::Return | Flow::Exit) => same,
            };
            world
        });
        self.distinct(settled.collect())
    }
}
