//! Decides conditions as far as they are known.

use std::collections::HashSet;

use super::{
    run::{BYTES_COMPARED_AT_ONCE, Runner},
    syntax::{Assigned, Link, Node, Part, Simple},
    world::{Flow, World},
};
use crate::trust::read::script::Traced;

/// Whether a command succeeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Truth {
    Yes,
    No,
    Unknown,
}

impl From<bool> for Truth {
    fn from(known: bool) -> Self {
        if known { Self::Yes } else { Self::No }
    }
}

impl Truth {
    pub(super) const fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
        }
    }
}

impl Runner<'_> {
    /// Runs a condition's commands; the last one decides.
    pub(super) fn tested(&mut self, condition: &[Node], world: World) -> Vec<(World, Truth)> {
        let Some((last, first)) = condition.split_last() else { return vec![(world, Truth::Unknown)] };
        let worlds = self.run_list(first, vec![world]);
        worlds.into_iter().flat_map(|world| self.tried(last, world)).collect()
    }

    /// Runs one command and says whether it succeeds.
    pub(super) fn tried(&mut self, node: &Node, mut world: World) -> Vec<(World, Truth)> {
        match node {
            Node::Simple(simple) => match self.test(simple, &mut world) {
                Some(truth) => vec![(world, truth)],
                None => {
                    let truth = self.succeeds(simple, &world);
                    self.run(node, world).into_iter().map(|world| (world, truth)).collect()
                }
            },
            Node::Group { body, redirects } if redirects.is_empty() => self.tested(body, world),
            Node::Not(inner) => {
                self.tried(inner, world).into_iter().map(|(world, truth)| (world, truth.not())).collect()
            }
            Node::Chain { first, rest } => self.chained(first, rest, world),
            Node::Arithmetic { word, span } => {
                let number = self.number(word, *span, &mut world);
                vec![(world, number.map_or(Truth::Unknown, |number| Truth::from(number != 0)))]
            }
            Node::Pipeline(_)
            | Node::If { .. }
            | Node::For { .. }
            | Node::Loop { .. }
            | Node::Case { .. }
            | Node::Group { .. }
            | Node::Subshell { .. }
            | Node::Function { .. } => {
                self.run(node, world).into_iter().map(|world| (world, Truth::Unknown)).collect()
            }
        }
    }

    /// Whether a command that always does the same succeeds.
    fn succeeds(&self, simple: &Simple, world: &World) -> Truth {
        let Some(name) = simple.words.first().map(|word| self.source.slice(word.span)) else {
            let is_plain = simple.assignments.iter().all(|assignment| match &assignment.value {
                Assigned::Word(word) => word.parts.iter().all(|part| !matches!(part, Part::Command { .. })),
                Assigned::Array(_) => false,
            });
            return if is_plain && simple.redirects.is_empty() { Truth::Yes } else { Truth::Unknown };
        };
        let mut texts = simple.words.iter().skip(1).map(|word| self.source.slice(word.span));
        match name {
            _ if world.functions.contains_key(name) => Truth::Unknown,
            "echo" | "printf" | "export" | "local" | "declare" | "readonly" | "unset" | "set" => Truth::Yes,
            // A line that does not end is taken, and the end of the text is told.
            "read" if texts.all(|word| !word.starts_with("-d")) && simple.redirects.is_empty() => {
                let text = world.stdin.as_ref().and_then(Traced::text);
                text.map_or(Truth::Unknown, |text| text.contains('\n').into())
            }
            _ => Truth::Unknown,
        }
    }

    /// Runs `first && second || third` from left to right, and says whether the whole succeeds.
    pub(super) fn chained(&mut self, first: &Node, rest: &[Link], world: World) -> Vec<(World, Truth)> {
        let mut tried = self.tried(first, world);
        for Link { if_failed, node } in rest {
            let decides = Truth::from(*if_failed);
            let mut after = Vec::new();
            for (world, truth) in tried {
                if world.flow != Flow::On {
                    after.push((world, truth));
                    continue;
                }
                if truth != Truth::from(!*if_failed) {
                    after.push((world.clone(), if truth == decides { truth } else { Truth::Unknown }));
                }
                if truth != decides {
                    after.extend(self.tried(node, world));
                }
            }
            let mut seen = HashSet::new();
            after.retain(|(world, truth)| seen.insert((world.signature(), *truth)));
            self.effort
                .spend(after.iter().map(|(world, _)| world.size()).sum::<usize>() / BYTES_COMPARED_AT_ONCE);
            tried = self.limited(after);
        }
        tried
    }
}
