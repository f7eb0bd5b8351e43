//! Follows a script through every run that can differ.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    binding::assign,
    syntax::{Block, Expression, Pipeline, Statement},
    value::{Value, World, distinct},
};
use crate::{
    text::{Place, Source, Span, Tree},
    trust::read::{Reading, Skipped, script::Effort},
};

/// What a credential costs beside its command.
const DRAFT_COST: usize = 4 * 1024;
/// More runs side by side than this are not followed.
const WORLDS_LIMIT: usize = 32;
/// Comparing is so much cheaper than following.
const BYTES_COMPARED_AT_ONCE: usize = 64;
/// Functions that call each other deeper than this are not followed.
pub(super) const FUNCTIONS_LIMIT: usize = 12;

pub(super) struct Runner<'a> {
    pub(super) source: &'a Arc<Source>,
    pub(super) tree: &'a Tree,
    pub(super) reading: Reading,
    /// Where the commands stand that were reached.
    pub(super) reached: BTreeSet<usize>,
    pub(super) depth: usize,
    pub(super) effort: Effort,
    /// Whether the file is data: PowerShell runs no commands in it.
    pub(super) is_data: bool,
    /// How many take what statements put out: functions, `$(...)`, blocks of a pipeline.
    pub(super) listeners: usize,
}

impl<'a> Runner<'a> {
    pub(super) fn new(tree: &'a Tree, source: &'a Arc<Source>) -> Self {
        Self {
            source,
            tree,
            reading: Reading::default(),
            reached: BTreeSet::new(),
            depth: 0,
            effort: Effort::full(),
            is_data: false,
            listeners: 0,
        }
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

    /// Runs statements whose output is taken.
    pub(super) fn heard(&mut self, block: &Block, world: World) -> Vec<World> {
        self.listeners += 1;
        let worlds = self.run_block(block, vec![world]);
        self.listeners -= 1;
        worlds
    }

    fn put_out(&mut self, pipeline: &Pipeline, world: &mut World) {
        let value = self.pipeline(pipeline, world);
        if self.listeners > 0 || self.is_data {
            world.out.extend(value.into_items());
        }
    }

    /// Runs statements one after the other in every world.
    pub(super) fn run_block(&mut self, block: &Block, mut worlds: Vec<World>) -> Vec<World> {
        for statement in block {
            let before = worlds.len();
            let mut next = Vec::new();
            for world in worlds {
                if world.ended {
                    next.push(world);
                } else {
                    next.extend(self.run(statement, world));
                }
            }
            // One statement more in each run makes none of them equal to another, most of the time.
            let is_same = matches!(statement, Statement::Assign { .. }) && next.len() == before;
            worlds = if is_same { next } else { self.distinct(next) };
            if worlds.len() > WORLDS_LIMIT {
                worlds.truncate(WORLDS_LIMIT);
                self.skip(Span::default(), "the script can run in more ways than are followed");
            }
        }
        worlds
    }

    /// Drops runs that know the same as an earlier one.
    fn distinct(&mut self, worlds: Vec<World>) -> Vec<World> {
        if worlds.len() < 2 || self.effort.is_over() {
            return worlds;
        }
        let size: usize = worlds.iter().map(World::size).sum();
        self.effort.spend(size * worlds.len() / BYTES_COMPARED_AT_ONCE);
        distinct(worlds)
    }

    fn run(&mut self, statement: &Statement, mut world: World) -> Vec<World> {
        if !self.effort.step() {
            self.skip(Span::default(), Effort::TOO_LONG);
            return vec![world];
        }
        match statement {
            Statement::Assign { name, key, appends, value } => {
                let value = self.pipeline(value, &mut world);
                assign(&mut world, name, key.as_deref(), *appends, value);
                vec![world]
            }
            Statement::Pipeline(pipeline) => {
                self.put_out(pipeline, &mut world);
                vec![world]
            }
            Statement::If { arms, otherwise } => self.conditional(arms, otherwise, world),
            Statement::ForEach { name, items, body } => self.each(name, items, body, world),
            Statement::Switch { value, arms } => self.switch(value, arms, world),
            Statement::Perhaps(blocks) => {
                self.effort.spend(world.size() / BYTES_COMPARED_AT_ONCE);
                let mut after = vec![world.clone()];
                for block in blocks {
                    after.extend(self.run_block(block, vec![world.clone()]));
                }
                // A loop or an arm that ends the run stands for others that do not.
                self.distinct(after)
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
                    self.put_out(value, &mut world);
                }
                world.ended = true;
                vec![world]
            }
            Statement::Exit => Vec::new(),
        }
    }

    fn conditional(&mut self, arms: &[(Pipeline, Block)], otherwise: &Block, world: World) -> Vec<World> {
        let mut open = world;
        let mut after = Vec::new();
        for (condition, body) in arms {
            match self.pipeline(condition, &mut open) {
                Value::Truth(true) => {
                    after.extend(self.run_block(body, vec![open]));
                    return self.distinct(after);
                }
                Value::Truth(false) => {}
                Value::Null | Value::Text(_) | Value::List(_) | Value::Table(_) => {
                    after.extend(self.run_block(body, vec![open.clone()]));
                }
            }
        }
        after.extend(self.run_block(otherwise, vec![open]));
        self.distinct(after)
    }

    fn switch(
        &mut self,
        value: &Pipeline,
        arms: &[(Option<Expression>, Block)],
        mut world: World,
    ) -> Vec<World> {
        let outer = world.variables.get("_").cloned();
        let items = self.pipeline(value, &mut world).into_items();
        let mut worlds = vec![world];
        for item in items {
            let mut next = Vec::new();
            for mut world in worlds {
                world.set("_", item.clone());
                next.extend(self.choose(&item, arms, world));
            }
            worlds = self.distinct(next);
        }
        for world in &mut worlds {
            match &outer {
                Some(outer) => drop(world.variables.insert("_".to_owned(), outer.clone())),
                None => drop(world.variables.remove("_")),
            }
        }
        worlds
    }

    /// The arms whose value is `item`, else `default`; where a value is not known, each arm by itself.
    fn choose(&mut self, item: &Value, arms: &[(Option<Expression>, Block)], mut world: World) -> Vec<World> {
        let place = self.place(Span::default());
        let wanted = item.clone().into_text(&place).text();
        let mut fits = Vec::new();
        let mut default = None;
        for (pattern, body) in arms {
            let Some(pattern) = pattern else {
                default = Some(body);
                continue;
            };
            let value = self.value(pattern, &mut world).into_text(&place).text();
            let same = wanted.as_ref().zip(value).map(|(one, other)| one.eq_ignore_ascii_case(&other));
            fits.push((same, body));
        }
        if fits.iter().all(|(same, _)| same.is_some()) {
            let chosen: Vec<&Block> =
                fits.iter().filter(|(same, _)| *same == Some(true)).map(|(_, body)| *body).collect();
            let chosen = if chosen.is_empty() { default.into_iter().collect() } else { chosen };
            return chosen.into_iter().fold(vec![world], |worlds, body| self.run_block(body, worlds));
        }
        let possible = fits.iter().filter(|(same, _)| *same != Some(false)).map(|(_, body)| *body);
        let mut after = Vec::new();
        for body in possible.chain(default) {
            after.extend(self.run_block(body, vec![world.clone()]));
        }
        if default.is_none() {
            after.push(world);
        }
        self.distinct(after)
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
