//! Follows a script through every run that can differ: both branches of what is not known, every element of a known list.

use std::{collections::BTreeSet, rc::Rc, sync::Arc};

use super::{
    condition::Truth,
    syntax::{Node, Redirect, Script},
    world::{Flow, Function, World, distinct},
};
use crate::{
    text::{Source, Tree},
    trust::read::{
        Reading, Skipped,
        script::{Effort, Traced},
    },
};

/// More runs side by side than this are not followed.
const WORLDS_LIMIT: usize = 64;
/// Comparing is so much cheaper than following.
pub(super) const BYTES_COMPARED_AT_ONCE: usize = 32;
/// Functions that call each other deeper than this are not followed.
pub(super) const FUNCTIONS_LIMIT: usize = 16;

pub(super) struct Runner<'a> {
    pub(super) source: &'a Arc<Source>,
    pub(super) tree: &'a Tree,
    pub(super) script: Rc<Script>,
    pub(super) reading: Reading,
    /// Where the commands stand that were reached.
    pub(super) reached: BTreeSet<usize>,
    pub(super) depth: usize,
    pub(super) effort: Effort,
    /// How many files took in each other to come here.
    pub(super) sources: usize,
    /// How many take what commands print: `$(...)`, pipes, files.
    pub(super) listeners: usize,
}

impl<'a> Runner<'a> {
    pub(super) fn new(tree: &'a Tree, source: &'a Arc<Source>, script: Rc<Script>) -> Self {
        Self {
            source,
            tree,
            script,
            reading: Reading::default(),
            reached: BTreeSet::new(),
            depth: 0,
            effort: Effort::full(),
            sources: 0,
            listeners: 0,
        }
    }

    /// Runs commands whose output is taken, if it is.
    pub(super) fn heard(&mut self, is_taken: bool, list: &[Node], worlds: Vec<World>) -> Vec<World> {
        self.listeners += usize::from(is_taken);
        let worlds = self.run_list(list, worlds);
        self.listeners -= usize::from(is_taken);
        worlds
    }

    /// Runs commands one after the other in every world.
    pub(super) fn run_list(&mut self, list: &[Node], mut worlds: Vec<World>) -> Vec<World> {
        let mut ended = Vec::new();
        for node in list {
            let before = worlds.len();
            let mut next = Vec::new();
            for world in worlds {
                next.extend(self.run(node, world));
            }
            let (going, over): (Vec<_>, Vec<_>) = next.into_iter().partition(|world| world.flow == Flow::On);
            ended.extend(over);
            // One command more in each run makes none of them equal to another, most of the time.
            let is_same = matches!(node, Node::Simple(_)) && going.len() == before;
            worlds = if is_same { going } else { self.distinct(going) };
            worlds = self.limited(worlds);
        }
        worlds.extend(self.distinct(ended));
        worlds
    }

    /// Drops runs that go on like an earlier one.
    pub(super) fn distinct(&mut self, worlds: Vec<World>) -> Vec<World> {
        if self.effort.is_over() {
            return worlds;
        }
        if worlds.len() > 1 {
            let size: usize = worlds.iter().map(World::size).sum();
            self.effort.spend(size / BYTES_COMPARED_AT_ONCE);
        }
        distinct(worlds)
    }

    /// As many runs as are followed.
    pub(super) fn limited<T>(&mut self, mut worlds: Vec<T>) -> Vec<T> {
        if worlds.len() > WORLDS_LIMIT {
            worlds.truncate(WORLDS_LIMIT);
            self.skip(
                crate::text::Span::default(),
                "the script can run in more ways than are followed".to_owned(),
            );
        }
        worlds
    }

    pub(super) fn skip(&mut self, span: crate::text::Span, reason: String) {
        let skipped = Skipped { place: self.place(span), reason, broken: false };
        if !self.reading.skipped.contains(&skipped) {
            self.reading.skipped.push(skipped);
        }
    }

    pub(super) fn run(&mut self, node: &Node, mut world: World) -> Vec<World> {
        if !self.effort.step() {
            self.skip(crate::text::Span::default(), Effort::TOO_LONG.to_owned());
            return vec![world];
        }
        match node {
            Node::Simple(simple) => self.simple(simple, world),
            Node::Pipeline(stages) => self.pipeline(stages, world),
            Node::Not(inner) => self.run(inner, world),
            Node::Chain { first, rest } => {
                let after = self.chained(first, rest, world);
                self.distinct(after.into_iter().map(|(world, _)| world).collect())
            }
            Node::If { arms, otherwise } => self.conditional(arms, otherwise, world),
            Node::For { name, items, body } => self.each(name, items.as_deref(), body, world),
            Node::Loop { condition, holds, body, step } => {
                self.repeated(condition, *holds, (body, step), world)
            }
            Node::Arithmetic { word, span } => {
                drop(self.number(word, *span, &mut world));
                vec![world]
            }
            Node::Case { word, arms } => self.case(word, arms, world),
            Node::Group { body, redirects } => self.redirected(body, redirects, world),
            Node::Subshell { body, redirects } => {
                let after = self.redirected(body, redirects, world.clone());
                let outside = after.into_iter().map(|inside| World {
                    files: inside.files,
                    out: inside.out,
                    ..world.clone()
                });
                self.distinct(outside.collect())
            }
            Node::Function { name, body } => {
                let function = Function {
                    body: body.clone(),
                    path: self.source.path().to_owned(),
                    script: Rc::clone(&self.script),
                };
                world.functions.insert(name.clone(), Rc::new(function));
                vec![world]
            }
        }
    }

    fn conditional(
        &mut self,
        arms: &[(Vec<Node>, Vec<Node>)],
        otherwise: &[Node],
        world: World,
    ) -> Vec<World> {
        let mut open = vec![world];
        let mut after = Vec::new();
        for (condition, body) in arms {
            let mut refused = Vec::new();
            for world in open {
                for (world, truth) in self.tested(condition, world) {
                    if truth != Truth::Yes {
                        refused.push(world.clone());
                    }
                    if truth != Truth::No {
                        after.extend(self.run_list(body, vec![world]));
                    }
                }
            }
            open = self.distinct(refused);
        }
        for world in open {
            after.extend(self.run_list(otherwise, vec![world]));
        }
        self.distinct(after)
    }

    fn pipeline(&mut self, stages: &[Node], mut world: World) -> Vec<World> {
        let outer = std::mem::take(&mut world.out);
        let before = world.clone();
        let mut worlds = vec![world];
        for (at, stage) in stages.iter().enumerate() {
            if at > 0 {
                for world in &mut worlds {
                    let inside = std::mem::take(world);
                    *world = World { files: inside.files, stdin: Some(inside.out), ..before.clone() };
                }
            }
            let is_taken = at + 1 < stages.len();
            worlds = self.heard(is_taken, std::slice::from_ref(stage), worlds);
        }
        // Every stage runs in a shell of its own: what it sets, and whether it leaves, stays there.
        let is_own = !self.keeps_last_stage();
        let outside = worlds.into_iter().map(|inside| {
            let mut out = outer.clone();
            out.append(inside.out);
            let stdin = before.stdin.clone();
            match is_own {
                true => World { files: inside.files, out, stdin, ..before.clone() },
                false => World { out, stdin, flow: Flow::On, ..World { out: Traced::default(), ..inside } },
            }
        });
        let outside = outside.collect();
        self.distinct(outside)
    }

    /// Whether the last command of a pipeline runs in the script's own shell.
    ///
    /// Source: <https://zsh.sourceforge.io/FAQ/zshfaq03.html>, 3.8; `lastpipe` of bash is off by default.
    fn keeps_last_stage(&self) -> bool {
        let first = self.source.text().lines().next().unwrap_or_default();
        let path = self.source.path();
        ["zsh", "ksh"].iter().any(|shell| {
            path.ends_with(&format!(".{shell}")) || (first.starts_with("#!") && first.contains(shell))
        })
    }

    fn redirected(&mut self, body: &[Node], redirects: &[Redirect], mut world: World) -> Vec<World> {
        let outer = std::mem::take(&mut world.out);
        let stdin = world.stdin.clone();
        self.feed(redirects, &mut world);
        let mut worlds = self.heard(goes_to_a_file(redirects), body, vec![world]);
        for world in &mut worlds {
            let out = std::mem::replace(&mut world.out, outer.clone());
            world.stdin.clone_from(&stdin);
            self.emit(out, redirects, world);
        }
        worlds
    }

    /// Gives a command its standard input.
    pub(super) fn feed(&mut self, redirects: &[Redirect], world: &mut World) {
        for redirect in redirects {
            match redirect {
                Redirect::Here(number) => {
                    let script = Rc::clone(&self.script);
                    if let Some(body) = script.documents.get(*number) {
                        world.stdin = Some(self.text(body, world));
                    }
                }
                Redirect::Text(word) => {
                    let mut text = self.text(word, world);
                    text.append(Traced::literal("\n", self.place(word.span), word.span.start));
                    world.stdin = Some(text);
                }
                Redirect::In(word) => {
                    let path = self.text(word, world);
                    world.stdin = self.file(&path, world);
                }
                Redirect::Out { .. } | Redirect::Away => {}
            }
        }
    }

    /// Takes what a command wrote: to a file, or to where the world writes.
    pub(super) fn emit(&mut self, out: Traced, redirects: &[Redirect], world: &mut World) {
        let file = redirects.iter().rev().find_map(|redirect| match redirect {
            Redirect::Out { file, appends } => Some(Some((file, *appends))),
            Redirect::Away => Some(None),
            Redirect::In(_) | Redirect::Text(_) | Redirect::Here(_) => None,
        });
        let Some(file) = file else {
            if self.listeners > 0 {
                world.out.append(out);
            }
            return;
        };
        let Some((file, appends)) = file else { return };
        let path = self.text(file, world).to_string();
        if path == "/dev/null" || path == "/dev/stderr" || path == "/dev/tty" {
            return;
        }
        let content = world.files.entry(path).or_default();
        if !appends {
            *content = Traced::default();
        }
        content.append(out);
    }
}

/// Whether the output goes to a file.
pub(super) fn goes_to_a_file(redirects: &[Redirect]) -> bool {
    redirects.iter().any(|redirect| matches!(redirect, Redirect::Out { .. }))
}
