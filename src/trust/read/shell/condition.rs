//! Decides conditions as far as they are known.

use std::collections::HashSet;

use super::{
    run::{BYTES_COMPARED_AT_ONCE, Runner},
    syntax::{Assigned, Link, Node, Part, Simple},
    world::{Flow, World},
};
use crate::trust::read::script::{Traced, glob};

/// The longest test that is worked out.
const MOST_WORDS: usize = 100;

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
    const fn not(self) -> Self {
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

    /// The truth of `[ ... ]`, `[[ ... ]]`, `test ...`, `true`, `false`; `None` for other commands.
    fn test(&mut self, simple: &Simple, world: &mut World) -> Option<Truth> {
        let name = self.source.slice(simple.words.first()?.span).to_owned();
        let inner = match name.as_str() {
            "true" | ":" => return Some(Truth::Yes),
            "false" => return Some(Truth::No),
            "[" | "[[" => simple.words.get(1..simple.words.len().saturating_sub(1))?,
            "test" => simple.words.get(1..)?,
            _ => return None,
        };
        let words: Vec<Traced> = inner.iter().map(|word| self.text(word, world)).collect();
        Some(compare(&words))
    }
}

fn compare(words: &[Traced]) -> Truth {
    let sign = |word: &Traced| word.text().unwrap_or_default();
    let found = |signs: [&str; 2]| words.iter().rposition(|word| signs.contains(&sign(word).as_str()));
    if words.len() > MOST_WORDS || found(["(", ")"]).is_some() {
        return Truth::Unknown;
    }
    for (signs, decides) in [(["||", "-o"], Truth::Yes), (["&&", "-a"], Truth::No)] {
        if let Some(at) = found(signs).filter(|at| *at > 0 && at + 1 < words.len()) {
            let (left, right) = (words.get(..at), words.get(at + 1..));
            let sides = [compare(left.unwrap_or_default()), compare(right.unwrap_or_default())];
            return match sides {
                _ if sides.contains(&decides) => decides,
                _ if sides.contains(&Truth::Unknown) => Truth::Unknown,
                _ => decides.not(),
            };
        }
    }
    match words {
        [value] => known(value).map_or(Truth::Unknown, |text| (!text.is_empty()).into()),
        [not, rest @ ..] if sign(not) == "!" => compare(rest).not(),
        [flag, value] if sign(flag) == "-z" => {
            known(value).map_or(Truth::Unknown, |text| text.is_empty().into())
        }
        [flag, value] if sign(flag) == "-n" => {
            known(value).map_or(Truth::Unknown, |text| (!text.is_empty()).into())
        }
        [left, operator, right] => {
            let (Some(left), Some(right)) = (known(left), known(right)) else { return Truth::Unknown };
            match sign(operator).as_str() {
                "=" | "==" => glob::fits(&right, &left).map_or(Truth::Unknown, Truth::from),
                "!=" => glob::fits(&right, &left).map_or(Truth::Unknown, |fits| Truth::from(!fits)),
                sign => compare_numbers(&left, sign, &right),
            }
        }
        _ => Truth::Unknown,
    }
}

fn compare_numbers(left: &str, sign: &str, right: &str) -> Truth {
    let number = |text: &str| text.trim().parse::<i64>();
    let (Ok(left), Ok(right)) = (number(left), number(right)) else { return Truth::Unknown };
    match sign {
        "-eq" => (left == right).into(),
        "-ne" => (left != right).into(),
        "-lt" => (left < right).into(),
        "-le" => (left <= right).into(),
        "-gt" => (left > right).into(),
        "-ge" => (left >= right).into(),
        _ => Truth::Unknown,
    }
}

/// The text, or something that is certainly not empty where a part of it is known.
fn known(value: &Traced) -> Option<String> {
    value.text()
}
