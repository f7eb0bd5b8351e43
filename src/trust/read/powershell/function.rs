//! Follows functions of the script.

use std::collections::BTreeSet;

use super::{
    command::Given,
    run::{FUNCTIONS_LIMIT, Runner},
    syntax::{Block, Statement},
    value::Value,
    world::{World, agreed},
};
use crate::{text::Span, trust::read::script::Traced};

impl Runner<'_> {
    /// A function of the script: named arguments by name, the others in the order of its parameters. One without parameters has all
    /// words in `$args`.
    pub(super) fn call(
        &mut self,
        body: &Block,
        given: Given,
        words: Vec<Traced>,
        span: Span,
        world: &mut World,
    ) -> Value {
        if self.depth >= FUNCTIONS_LIMIT {
            return Value::Null;
        }
        self.depth += 1;
        let names = parameters(body);
        let mut inner = World { out: Vec::new(), shared: BTreeSet::new(), ..world.clone() };
        for name in &names {
            inner.variables.remove(*name);
        }
        let free = names.iter().filter(|name| !given.named.iter().any(|(other, _)| other == **name));
        let positional: Vec<(String, Value)> =
            free.map(|name| (*name).clone()).zip(given.plain.iter().cloned()).collect();
        for (name, value) in given.named.into_iter().chain(positional) {
            inner.set(&name, value);
        }
        if names.is_empty() {
            inner.set("args", Value::List(words.into_iter().map(Value::Text).collect()));
        }
        let after = self.heard(body, inner);
        self.depth -= 1;
        let Some(after) = agreed(after, &self.place(span)) else { return Value::Null };
        world.files = after.files;
        for name in after.shared {
            if let Some(value) = after.variables.get(&name) {
                world.variables.insert(name.clone(), value.clone());
            }
            world.shared.insert(name);
        }
        Value::of(after.out)
    }
}

fn parameters(body: &Block) -> Vec<&String> {
    let named = body.iter().flat_map(|statement| match statement {
        Statement::Parameters(parameters) => parameters.as_slice(),
        Statement::Assign { .. }
        | Statement::Pipeline(_)
        | Statement::If { .. }
        | Statement::ForEach { .. }
        | Statement::Switch(_)
        | Statement::Loop(_)
        | Statement::Always(_)
        | Statement::Function { .. }
        | Statement::Return(_)
        | Statement::Break
        | Statement::Continue
        | Statement::Exit => &[],
    });
    named.map(|(name, _)| name).collect()
}
