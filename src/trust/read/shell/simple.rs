//! Follows simple commands: assignments, declarations, and calls that create credentials.

use std::collections::{BTreeMap, HashMap};

use super::{
    run::Runner,
    syntax::{Assigned, Assignment, Redirect, Simple},
    world::{Variable, World},
};
use crate::trust::read::{
    Reading,
    script::{Call, Traced, read_call},
};

/// What a credential costs beside its command.
const DRAFT_COST: usize = 4 * 1024;

impl Runner<'_> {
    pub(super) fn simple(&mut self, simple: &Simple, mut world: World) -> Vec<World> {
        let words = self.fields(&simple.words, &mut world);
        let program = words.items.first().and_then(Traced::text).unwrap_or_default();
        let declares = matches!(program.as_str(), "local" | "export" | "declare" | "typeset" | "readonly");
        if program.is_empty() || declares {
            let own = program == "local" || (matches!(program.as_str(), "declare" | "typeset"));
            self.declare(&words.items, simple, own, &mut world);
            for assignment in &simple.assignments {
                if own {
                    world.hide(&assignment.name);
                }
                self.assign(assignment, &mut world);
            }
            return vec![self.passed_on(simple, world)];
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
        let mut worlds = match program.as_str() {
            "source" | "." => self.sourced(words.items.get(1), simple.span, world),
            _ => self.command(&program, &words, simple, &for_command, world),
        };
        if simple.redirects.iter().any(is_input) {
            worlds.iter_mut().for_each(|world| world.stdin.clone_from(&stdin));
        }
        worlds
    }

    /// `$(< file)` gives what the file holds.
    fn passed_on(&mut self, simple: &Simple, mut world: World) -> World {
        if simple.redirects.iter().any(|redirect| matches!(redirect, Redirect::In(_)))
            && simple.words.is_empty()
            && simple.assignments.is_empty()
        {
            let stdin = world.stdin.clone();
            self.feed(&simple.redirects, &mut world);
            let out = std::mem::replace(&mut world.stdin, stdin).unwrap_or_else(|| self.unknown(simple));
            self.emit(out, &simple.redirects, &mut world);
        }
        world
    }

    /// Keeps what is new: a loop may come to the same credential twice.
    pub(super) fn keep(&mut self, found: Reading) {
        for draft in found.drafts {
            self.effort.spend(DRAFT_COST);
            if !self.reading.drafts.contains(&draft) {
                self.reading.drafts.push(draft);
            }
        }
        for skipped in found.skipped {
            if !self.reading.skipped.contains(&skipped) {
                self.reading.skipped.push(skipped);
            }
        }
    }

    fn assign(&mut self, assignment: &Assignment, world: &mut World) {
        let Assignment { name, key, appends, value } = assignment;
        match (value, key) {
            (Assigned::Word(word), None) => {
                let new = self.text(word, world);
                let old = match world.variables.get(name) {
                    Some(Variable::Text(old)) if *appends => Some(old.clone()),
                    Some(Variable::Array { elements, .. }) => {
                        let first = elements.iter().find(|(key, _)| key == "0");
                        let old = first.map(|(_, text)| text.clone()).filter(|_| *appends);
                        let new = self.kept_as(name, old, new, world);
                        self.put(name, vec![("0".to_owned(), new)], true, false, world);
                        return;
                    }
                    _ => None,
                };
                let new = self.kept_as(name, old, new, world);
                world.set(name, new);
            }
            (Assigned::Word(word), Some(key)) => {
                let key = self.subscript(name, key, world);
                let mut new = self.text(word, world);
                if *appends
                    && let Some(Variable::Array { elements, .. }) = world.variables.get(name)
                    && let Some((_, old)) = elements.iter().find(|(other, _)| *other == key)
                {
                    let mut sum = old.clone();
                    sum.append(new);
                    new = sum;
                }
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
        let mut places: HashMap<String, usize> =
            elements.iter().enumerate().map(|(at, (key, _))| (key.clone(), at)).collect();
        let numbers = elements.iter().filter_map(|(key, _)| key.parse::<usize>().ok());
        let mut next = numbers.max().map_or(0, |last| last.saturating_add(1));
        for (key, text) in new {
            let key = if key.is_empty() { next.to_string() } else { key };
            if let Ok(number) = key.parse::<usize>() {
                next = number.saturating_add(1);
            }
            match places.get(&key).and_then(|at| elements.get_mut(*at)) {
                Some((_, old)) => *old = text,
                None => {
                    places.insert(key.clone(), elements.len());
                    elements.push((key, text));
                }
            }
        }
        // The elements of a list stand in the order of their numbers.
        if elements.iter().all(|(key, _)| key.parse::<usize>().is_ok()) {
            elements.sort_by_key(|(key, _)| key.parse::<usize>().unwrap_or_default());
        }
        world.variables.insert(name.to_owned(), Variable::Array { elements, open });
    }
}

/// Whether a redirect gives a command its input.
const fn is_input(redirect: &Redirect) -> bool {
    match redirect {
        Redirect::In(_) | Redirect::Text(_) | Redirect::Here(_) => true,
        Redirect::Out { .. } | Redirect::Away => false,
    }
}
