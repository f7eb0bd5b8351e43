//! Follows a script through every run that can differ.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    syntax::{Block, Expression, Pipeline, Statement},
    value::{Value, World, distinct},
};
use crate::{
    text::{Place, Source, Span, Tree},
    trust::read::{Reading, Skipped},
};

/// More runs side by side than this are not followed.
const WORLDS_LIMIT: usize = 16;
/// More statements than this are not followed.
const STEPS_LIMIT: usize = 20_000;
/// Functions that call each other deeper than this are not followed.
pub(super) const FUNCTIONS_LIMIT: usize = 12;

pub(super) struct Runner<'a> {
    pub(super) source: &'a Arc<Source>,
    pub(super) tree: &'a Tree,
    pub(super) reading: Reading,
    /// Where the commands stand that were reached.
    pub(super) reached: BTreeSet<usize>,
    pub(super) depth: usize,
    steps: usize,
}

impl<'a> Runner<'a> {
    pub(super) fn new(tree: &'a Tree, source: &'a Arc<Source>) -> Self {
        Self { source, tree, reading: Reading::default(), reached: BTreeSet::new(), depth: 0, steps: 0 }
    }

    pub(super) fn place(&self, span: Span) -> Place {
        Place::new(self.source, span)
    }

    pub(super) fn skip(&mut self, span: Span, reason: impl Into<String>) {
        let skipped = Skipped { place: self.place(span), reason: reason.into() };
        if !self.reading.skipped.contains(&skipped) {
            self.reading.skipped.push(skipped);
        }
    }

    /// Keeps what is new: a loop may come to the same credential twice.
    pub(super) fn keep(&mut self, found: Reading) {
        for draft in found.drafts {
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

    /// Runs statements one after the other in every world.
    pub(super) fn run_block(&mut self, block: &Block, mut worlds: Vec<World>) -> Vec<World> {
        for statement in block {
            let mut next = Vec::new();
            for world in worlds {
                if world.ended {
                    next.push(world);
                } else {
                    next.extend(self.run(statement, world));
                }
            }
            worlds = distinct(next);
            if worlds.len() > WORLDS_LIMIT {
                worlds.truncate(WORLDS_LIMIT);
                self.skip(Span::default(), "the script can run in more ways than are followed");
            }
        }
        worlds
    }

    fn run(&mut self, statement: &Statement, mut world: World) -> Vec<World> {
        self.steps += 1;
        if self.steps > STEPS_LIMIT {
            self.skip(Span::default(), "the script is too long to be followed to its end");
            return vec![world];
        }
        match statement {
            Statement::Assign { name, key, appends, value } => {
                let value = self.pipeline(value, &mut world);
                assign(&mut world, name, key.as_deref(), *appends, value);
                vec![world]
            }
            Statement::Pipeline(pipeline) => {
                let value = self.pipeline(pipeline, &mut world);
                world.out.extend(value.into_items());
                vec![world]
            }
            Statement::If { arms, otherwise } => self.conditional(arms, otherwise, world),
            Statement::ForEach { name, items, body } => self.each(name, items, body, world),
            Statement::Perhaps(blocks) => {
                let mut after = vec![world.clone()];
                for block in blocks {
                    after.extend(self.run_block(block, vec![world.clone()]));
                }
                // A loop or an arm that ends the run stands for others that do not.
                distinct(after)
            }
            Statement::Always(blocks) => {
                blocks.iter().fold(vec![world], |worlds, block| self.run_block(block, worlds))
            }
            Statement::Function { name, body } => {
                world.functions.insert(name.clone(), body.clone());
                vec![world]
            }
            Statement::Parameters(parameters) => {
                self.defaults(parameters, &mut world);
                vec![world]
            }
            Statement::Return(value) => {
                if let Some(value) = value {
                    let value = self.pipeline(value, &mut world);
                    world.out.extend(value.into_items());
                }
                world.ended = true;
                vec![world]
            }
            Statement::Exit => Vec::new(),
        }
    }

    fn defaults(&mut self, parameters: &[(String, Option<Expression>)], world: &mut World) {
        for (name, default) in parameters {
            if world.variables.contains_key(name) {
                continue;
            }
            if let Some(default) = default {
                let value = self.value(default, world);
                // An empty default says nothing: the value still comes from outside.
                if !matches!(&value, Value::Text(text) if text.is_empty()) && value != Value::Null {
                    world.set(name, value);
                }
            }
        }
    }

    fn conditional(&mut self, arms: &[(Pipeline, Block)], otherwise: &Block, world: World) -> Vec<World> {
        let mut open = world;
        let mut after = Vec::new();
        for (condition, body) in arms {
            match self.pipeline(condition, &mut open) {
                Value::Truth(true) => {
                    after.extend(self.run_block(body, vec![open]));
                    return distinct(after);
                }
                Value::Truth(false) => {}
                Value::Null | Value::Text(_) | Value::List(_) | Value::Table(_) => {
                    after.extend(self.run_block(body, vec![open.clone()]));
                }
            }
        }
        after.extend(self.run_block(otherwise, vec![open]));
        distinct(after)
    }

    fn each(&mut self, name: &str, items: &Pipeline, body: &Block, mut world: World) -> Vec<World> {
        let items = self.pipeline(items, &mut world).into_items();
        let mut worlds = vec![world];
        for item in items {
            for world in &mut worlds {
                world.set(name, item.clone());
            }
            worlds = self.run_block(body, worlds);
        }
        worlds
    }
}

fn assign(world: &mut World, name: &str, key: Option<&str>, appends: bool, value: Value) {
    if let Some(key) = key {
        if let Some(Value::Table(entries)) = world.variables.get_mut(name) {
            entries.retain(|(other, _)| !other.eq_ignore_ascii_case(key));
            entries.push((key.to_owned(), value));
        }
        return;
    }
    let old = appends.then(|| world.variables.remove(name)).flatten();
    let value = match (old, value) {
        (Some(Value::Text(mut old)), Value::Text(more)) => {
            old.append(more);
            Value::Text(old)
        }
        (Some(Value::List(mut old)), more) => {
            old.extend(more.into_items());
            Value::List(old)
        }
        (_, value) => value,
    };
    world.set(name, value);
}
