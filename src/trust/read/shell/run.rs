//! Follows a script through every run that can differ: both branches of what is not known, every element of a known list.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
    sync::Arc,
};

use super::{
    condition::Truth,
    glob,
    syntax::{Assigned, Assignment, Node, Part, Redirect, Script, Simple, Word},
    world::{Flow, Variable, World, behind_unknown_loop, distinct},
};
use crate::{
    text::{Source, Tree},
    trust::read::{
        Reading, Skipped,
        script::{Call, Traced, read_call},
    },
};

/// More runs side by side than this are not followed.
const WORLDS_LIMIT: usize = 32;
/// More commands than this are not followed.
const STEPS_LIMIT: usize = 20_000;
/// Functions that call each other deeper than this are not followed.
pub(super) const FUNCTIONS_LIMIT: usize = 16;

pub(super) struct Runner<'a> {
    pub(super) source: &'a Arc<Source>,
    pub(super) tree: &'a Tree,
    pub(super) script: &'a Script,
    pub(super) reading: Reading,
    /// Where the commands stand that were reached.
    pub(super) reached: BTreeSet<usize>,
    pub(super) depth: usize,
    steps: usize,
}

impl<'a> Runner<'a> {
    pub(super) fn new(tree: &'a Tree, source: &'a Arc<Source>, script: &'a Script) -> Self {
        Self {
            source,
            tree,
            script,
            reading: Reading::default(),
            reached: BTreeSet::new(),
            depth: 0,
            steps: 0,
        }
    }

    /// Runs commands one after the other in every world.
    pub(super) fn run_list(&mut self, list: &[Node], mut worlds: Vec<World>) -> Vec<World> {
        let mut ended = Vec::new();
        for node in list {
            let mut next = Vec::new();
            for world in worlds {
                next.extend(self.run(node, world));
            }
            let (going, over): (Vec<_>, Vec<_>) = next.into_iter().partition(|world| world.flow == Flow::On);
            ended.extend(over);
            worlds = self.limited(distinct(going));
        }
        worlds.extend(distinct(ended));
        worlds
    }

    fn limited(&mut self, mut worlds: Vec<World>) -> Vec<World> {
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
        let skipped = Skipped { place: self.place(span), reason };
        if !self.reading.skipped.contains(&skipped) {
            self.reading.skipped.push(skipped);
        }
    }

    pub(super) fn run(&mut self, node: &Node, mut world: World) -> Vec<World> {
        self.steps += 1;
        if self.steps > STEPS_LIMIT {
            self.skip(
                crate::text::Span::default(),
                "the script is too long to be followed to its end".to_owned(),
            );
            return vec![world];
        }
        match node {
            Node::Simple(simple) => self.simple(simple, world),
            Node::Pipeline(stages) => self.pipeline(stages, world),
            Node::Not(inner) => self.run(inner, world),
            Node::Both { first, second, if_failed } => {
                let tried = self.tried(first, world);
                let mut after = Vec::new();
                for (world, truth) in tried {
                    if world.flow != Flow::On {
                        after.push(world);
                        continue;
                    }
                    if truth != Truth::from(!*if_failed) {
                        after.push(world.clone());
                    }
                    if truth != Truth::from(*if_failed) {
                        after.extend(self.run(second, world));
                    }
                }
                distinct(after)
            }
            Node::If { arms, otherwise } => self.conditional(arms, otherwise, world),
            Node::For { name, items, body } => self.each(name, items.as_deref(), body, world),
            Node::Loop { condition, body, redirects } => self.repeated(condition, body, redirects, world),
            Node::Case { word, arms } => self.case(word, arms, world),
            Node::Group { body, redirects } => self.redirected(body, redirects, world),
            Node::Subshell { body, redirects } => {
                let after = self.redirected(body, redirects, world.clone());
                for inside in after {
                    world.files.extend(inside.files);
                    world.out = inside.out;
                }
                vec![world]
            }
            Node::Function { name, body } => {
                world.functions.insert(name.clone(), Rc::new(body.clone()));
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
            open = distinct(refused);
        }
        for world in open {
            after.extend(self.run_list(otherwise, vec![world]));
        }
        distinct(after)
    }

    fn each(&mut self, name: &str, items: Option<&[Word]>, body: &[Node], mut world: World) -> Vec<World> {
        let items = match items {
            Some(words) => self.fields(words, &mut world),
            None => {
                let all = super::expansion::plain("@".to_owned());
                let part = Part::Expansion {
                    expansion: Box::new(all),
                    span: crate::text::Span::default(),
                    quoted: true,
                };
                self.fields(&[Word { parts: vec![part], span: crate::text::Span::default() }], &mut world)
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
        settle(worlds)
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
        distinct(after)
    }

    fn repeated(
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
        settle(worlds)
    }

    fn case(&mut self, word: &Word, arms: &[(Vec<Word>, Vec<Node>)], mut world: World) -> Vec<World> {
        let subject = self.text(word, &mut world);
        let mut after = Vec::new();
        let mut admits_all = false;
        for (patterns, body) in arms {
            for pattern in patterns {
                let literal = self.text(pattern, &mut world);
                let Some(text) = literal.text() else { continue };
                match (subject.text(), subject.as_hole()) {
                    (Some(known), _) if glob::fits(&text, &known) => return self.run_list(body, vec![world]),
                    (Some(_), _) => {}
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
        distinct(after)
    }

    fn pipeline(&mut self, stages: &[Node], mut world: World) -> Vec<World> {
        let outer = std::mem::take(&mut world.out);
        let stdin = world.stdin.clone();
        let mut worlds = vec![world];
        for (at, stage) in stages.iter().enumerate() {
            if at > 0 {
                for world in &mut worlds {
                    world.stdin = Some(std::mem::take(&mut world.out));
                }
            }
            worlds = self.run_list(std::slice::from_ref(stage), worlds);
        }
        for world in &mut worlds {
            let mut out = outer.clone();
            out.append(std::mem::take(&mut world.out));
            world.out = out;
            world.stdin.clone_from(&stdin);
            // Every stage runs in a shell of its own: it can neither leave the script nor a loop.
            world.flow = Flow::On;
        }
        worlds
    }

    fn redirected(&mut self, body: &[Node], redirects: &[Redirect], mut world: World) -> Vec<World> {
        let outer = std::mem::take(&mut world.out);
        let stdin = world.stdin.clone();
        self.feed(redirects, &mut world);
        let mut worlds = self.run_list(body, vec![world]);
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
                    let script = self.script;
                    if let Some(body) = script.documents.get(*number) {
                        world.stdin = Some(self.text(body, world));
                    }
                }
                Redirect::Text(word) => world.stdin = Some(self.text(word, world)),
                Redirect::In(word) => {
                    let path = self.text(word, world).to_string();
                    world.stdin = world.files.get(&path).cloned();
                }
                Redirect::Out { .. } => {}
            }
        }
    }

    /// Takes what a command wrote: to a file, or to where the world writes.
    pub(super) fn emit(&mut self, out: Traced, redirects: &[Redirect], world: &mut World) {
        let file = redirects.iter().rev().find_map(|redirect| match redirect {
            Redirect::Out { file, appends } => Some((file, *appends)),
            Redirect::In(_) | Redirect::Text(_) | Redirect::Here(_) => None,
        });
        let Some((file, appends)) = file else {
            world.out.append(out);
            return;
        };
        let path = self.text(file, world).to_string();
        let content = world.files.entry(path).or_default();
        if !appends {
            *content = Traced::default();
        }
        content.append(out);
    }

    fn simple(&mut self, simple: &Simple, mut world: World) -> Vec<World> {
        let words = self.fields(&simple.words, &mut world);
        let program = words.items.first().and_then(Traced::text).unwrap_or_default();
        let declares = matches!(program.as_str(), "local" | "export" | "declare" | "typeset" | "readonly");
        if program.is_empty() || declares {
            let own = program == "local" || (matches!(program.as_str(), "declare" | "typeset"));
            self.declare(&words.items, own, &mut world);
            for assignment in &simple.assignments {
                if own {
                    world.hide(&assignment.name);
                }
                self.assign(assignment, &mut world);
            }
            return vec![world];
        }
        let stdin = world.stdin.clone();
        self.feed(&simple.redirects, &mut world);
        let mut for_command = BTreeMap::new();
        for Assignment { name, value, .. } in &simple.assignments {
            if let Assigned::Word(word) = value {
                for_command.insert(name.clone(), self.text(word, &mut world));
            }
        }
        let call = Call {
            words: &words.items,
            place: self.place(simple.span),
            stdin: world.stdin.as_ref(),
            files: &world.files,
            tree: self.tree,
            script: self.source,
        };
        if let Some(found) = read_call(&call) {
            self.reached.insert(simple.span.start);
            self.keep(found);
        }
        let mut worlds = self.command(&program, &words, simple, &for_command, world);
        for world in &mut worlds {
            world.stdin.clone_from(&stdin);
        }
        worlds
    }

    /// Keeps what is new: a loop may come to the same credential twice.
    fn keep(&mut self, found: Reading) {
        for draft in found.drafts {
            let told = |other: &crate::trust::Draft| {
                other.place == draft.place && format!("{other:?}") == format!("{draft:?}")
            };
            if !self.reading.drafts.iter().any(told) {
                self.reading.drafts.push(draft);
            }
        }
        for skipped in found.skipped {
            if !self.reading.skipped.contains(&skipped) {
                self.reading.skipped.push(skipped);
            }
        }
    }

    fn declare(&mut self, words: &[Traced], own: bool, world: &mut World) {
        for name in words.iter().skip(1).filter_map(Traced::text).filter(|name| !name.starts_with('-')) {
            if own {
                world.hide(&name);
                world.variables.insert(name, Variable::Text(Traced::default()));
            }
        }
    }

    fn assign(&mut self, assignment: &Assignment, world: &mut World) {
        let Assignment { name, key, appends, value } = assignment;
        match (value, key) {
            (Assigned::Word(word), None) => {
                let new = self.text(word, world);
                match (appends, world.variables.get_mut(name)) {
                    (true, Some(Variable::Text(old))) => old.append(new),
                    _ => world.set(name, new),
                }
            }
            (Assigned::Word(word), Some(key)) => {
                let key = self.text(key, world).to_string();
                let new = self.text(word, world);
                self.put(name, vec![(key, new)], true, false, world);
            }
            (Assigned::Array(elements), _) => {
                let mut new = Vec::new();
                let mut open = false;
                for (key, word) in elements {
                    let fields = self.fields(std::slice::from_ref(word), world);
                    open |= fields.open;
                    let key = key.as_ref().map(|key| self.text(key, world).to_string());
                    new.extend(fields.items.into_iter().map(|item| (key.clone().unwrap_or_default(), item)));
                }
                self.put(name, new, *appends, open, world);
            }
        }
    }

    /// Puts elements into an array; an empty key means the next number.
    fn put(&self, name: &str, new: Vec<(String, Traced)>, appends: bool, more: bool, world: &mut World) {
        let (mut elements, mut open) = match world.variables.remove(name) {
            Some(Variable::Array { elements, open }) if appends => (elements, open),
            Some(Variable::Text(text)) if appends && !text.is_empty() => {
                (vec![("0".to_owned(), text)], false)
            }
            _ => (Vec::new(), false),
        };
        open |= more;
        for (key, text) in new {
            let key = if key.is_empty() { elements.len().to_string() } else { key };
            elements.retain(|(other, _)| *other != key);
            elements.push((key, text));
        }
        world.variables.insert(name.to_owned(), Variable::Array { elements, open });
    }
}

/// Runs that broke out of a loop go on behind it.
fn settle(worlds: Vec<World>) -> Vec<World> {
    let settled = worlds.into_iter().map(|mut world| {
        if matches!(world.flow, Flow::Break | Flow::Continue) {
            world.flow = Flow::On;
        }
        world
    });
    distinct(settled.collect())
}
