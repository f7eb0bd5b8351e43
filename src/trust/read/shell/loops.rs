//! Follows loops and `case`: every element of a known list, one round of an unknown one.

use super::{
    condition::Truth,
    run::Runner,
    syntax::{Node, Part, Redirect, Word},
    world::{Flow, World, behind_unknown_loop},
};
use crate::{text::Span, trust::read::script::glob};

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
        if items.open || items.items.iter().any(|item| item.as_hole().is_some()) {
            let before = world.clone();
            let item = items.items.into_iter().find(|item| item.as_hole().is_some()).unwrap_or_default();
            world.set(name, item);
            return vec![behind_unknown_loop(&before, &self.round(body, vec![world]))];
        }
        let mut worlds = vec![world];
        for item in items.items {
            for world in &mut worlds {
                world.set(name, item.clone());
            }
            worlds = self.round(body, worlds);
            if worlds.iter().all(|world| world.flow != Flow::On) {
                break;
            }
        }
        self.settle(worlds)
    }

    /// One round of a loop; runs that broke out keep their flow.
    fn round(&mut self, body: &[Node], worlds: Vec<World>) -> Vec<World> {
        let (going, broken): (Vec<_>, Vec<_>) = worlds.into_iter().partition(|world| world.flow == Flow::On);
        let mut after = self.run_list(body, going);
        for world in &mut after {
            if world.flow == Flow::Continue {
                world.flow = Flow::On;
            }
        }
        after.extend(broken);
        self.distinct(after)
    }

    /// A loop with a condition: round by round while it is known to hold, and one more round where it is not known.
    pub(super) fn repeated(
        &mut self,
        condition: &[Node],
        body: &[Node],
        redirects: &[Redirect],
        mut world: World,
    ) -> Vec<World> {
        self.feed(redirects, &mut world);
        let reads = matches!(condition.last(), Some(Node::Simple(simple)) if simple.words.first().is_some_and(|word|
            self.source.slice(word.span) == "read"));
        let known = world.stdin.as_ref().is_some_and(|text| text.text().is_some());
        if reads && known {
            return self.each_line(condition, body, world);
        }
        for _ in 0..ROUNDS {
            let tested = self.tested(condition, world.clone());
            let inside = match tested.as_slice() {
                [(behind, Truth::No)] => return vec![World { stdin: None, ..behind.clone() }],
                [(inside, Truth::Yes)] => inside.clone(),
                _ => break,
            };
            let rounds = self.round(body, vec![inside]);
            match rounds.as_slice() {
                [after] if after.flow == Flow::On && after.signature() != world.signature() => {
                    world = after.clone();
                }
                all if all.iter().all(|world| world.flow != Flow::On) => return self.settle(rounds),
                _ => break,
            }
        }
        let before = world.clone();
        let tested = self.tested(condition, world);
        let inside: Vec<World> =
            tested.into_iter().filter(|(_, truth)| *truth != Truth::No).map(|(world, _)| world).collect();
        let rounds = self.round(body, inside);
        let mut after = behind_unknown_loop(&before, &rounds);
        after.stdin = None;
        vec![after]
    }

    fn each_line(&mut self, condition: &[Node], body: &[Node], mut world: World) -> Vec<World> {
        let lines = world.stdin.take().map(|text| text.split("\n")).unwrap_or_default();
        let mut worlds = vec![world];
        for line in lines {
            for world in &mut worlds {
                world.stdin = Some(line.clone());
            }
            let read = self.run_list(condition, worlds);
            worlds = self.round(body, read);
        }
        for world in &mut worlds {
            world.stdin = None;
        }
        self.settle(worlds)
    }

    pub(super) fn case(
        &mut self,
        word: &Word,
        arms: &[(Vec<Word>, Vec<Node>)],
        mut world: World,
    ) -> Vec<World> {
        let subject = self.text(word, &mut world);
        let mut after = Vec::new();
        let mut admits_all = false;
        for (patterns, body) in arms {
            for pattern in patterns {
                let literal = self.text(pattern, &mut world);
                let Some(text) = literal.text() else { continue };
                match (subject.text(), subject.as_hole()) {
                    (Some(known), _) => match glob::fits(&text, &known) {
                        Some(true) => return self.run_list(body, vec![world]),
                        Some(false) => {}
                        None => after.extend(self.run_list(body, vec![world.clone()])),
                    },
                    (None, Some((name, reason))) if !text.contains(['*', '?', '[']) => {
                        let mut learned = world.clone();
                        learned.learn(reason, &literal);
                        if !name.contains(' ') {
                            learned.set(name, literal.clone());
                        }
                        after.extend(self.run_list(body, vec![learned]));
                    }
                    (None, _) => {
                        admits_all |= text == "*";
                        after.extend(self.run_list(body, vec![world.clone()]));
                    }
                }
            }
        }
        if !admits_all {
            after.push(world);
        }
        self.distinct(after)
    }

    /// Runs that broke out of a loop go on behind it.
    fn settle(&mut self, worlds: Vec<World>) -> Vec<World> {
        let settled = worlds.into_iter().map(|mut world| {
            if matches!(world.flow, Flow::Break | Flow::Continue) {
                world.flow = Flow::On;
            }
            world
        });
        self.distinct(settled.collect())
    }
}
