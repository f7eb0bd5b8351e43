//! Follows a script through every run that can differ.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    syntax::{Block, Expression, Pipeline, Stage, Statement, Target},
    value::Value,
    world::{Flow, World, distinct},
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
    /// What the last `-match` found.
    pub(super) matched: Option<Value>,
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
            matched: None,
            listeners: 0,
        }
    }

    pub(super) fn place(&self, span: Span) -> Place {
        Place::new(self.source, span)
    }

    pub(super) fn skip(&mut self, span: Span, reason: impl Into<String>) {
        let skipped = Skipped { place: self.place(span), reason: reason.into(), broken: false };
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
        if matches!(pipeline.as_slice(), [Stage::Expression(Expression::Count { .. })]) {
            return;
        }
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
                if world.flow != Flow::On {
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
    pub(super) fn distinct(&mut self, worlds: Vec<World>) -> Vec<World> {
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
            Statement::Assign { targets, operator, value } => {
                self.assigned(targets, operator.as_deref(), value, world)
            }
            Statement::Pipeline(pipeline) => {
                self.put_out(pipeline, &mut world);
                vec![world]
            }
            Statement::If { arms, otherwise } => self.conditional(arms, otherwise, world),
            Statement::ForEach { name, items, body } => self.each(name, items, body, world),
            Statement::Switch(switch) => self.switch(switch, world),
            Statement::Loop(found) => {
                self.effort.spend(world.size() / BYTES_COMPARED_AT_ONCE);
                self.repeated(found, world)
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
                world.flow = Flow::Ended;
                vec![world]
            }
            Statement::Break => vec![World { flow: Flow::Break, ..world }],
            Statement::Continue => vec![World { flow: Flow::Continue, ..world }],
            Statement::Exit => Vec::new(),
        }
    }

    /// Every way through `$a = if ...` gives its own value.
    fn assigned(
        &mut self,
        targets: &[Target],
        operator: Option<&str>,
        value: &Pipeline,
        mut world: World,
    ) -> Vec<World> {
        if let [Stage::Expression(Expression::Statements(block))] = value.as_slice() {
            let outer = std::mem::take(&mut world.out);
            let mut worlds = self.heard(block, world);
            for world in &mut worlds {
                let value = Value::of(std::mem::replace(&mut world.out, outer.clone()));
                self.bind(targets, operator, value, world);
            }
            return worlds;
        }
        let value = self.pipeline(value, &mut world);
        self.bind(targets, operator, value, &mut world);
        vec![world]
    }

    fn conditional(&mut self, arms: &[(Pipeline, Block)], otherwise: &Block, world: World) -> Vec<World> {
        let mut open = world;
        let mut after = Vec::new();
        for (condition, body) in arms {
            match self.pipeline(condition, &mut open).truth() {
                Some(true) => {
                    after.extend(self.run_block(body, vec![open]));
                    return self.distinct(after);
                }
                Some(false) => {}
                None => {
                    after.extend(self.run_block(body, vec![open.clone()]));
                }
            }
        }
        after.extend(self.run_block(otherwise, vec![open]));
        self.distinct(after)
    }
}
