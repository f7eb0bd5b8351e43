//! Follows functions of the script and blocks of a pipeline.

use super::{
    command::Given,
    run::{FUNCTIONS_LIMIT, Runner},
    syntax::{Argument, Block, Expression, Statement},
    value::{Value, World},
};
use crate::trust::read::script::Traced;

impl Runner<'_> {
    pub(super) fn for_each_object(
        &mut self,
        words: &[Argument],
        input: Option<Value>,
        world: &mut World,
    ) -> Value {
        let block = words.iter().find_map(|word| match word {
            Argument::Value(Expression::Block(block)) => Some(block),
            Argument::Value(_)
            | Argument::Parameter { .. }
            | Argument::Splat { .. }
            | Argument::Redirect(_) => None,
        });
        let (Some(block), Some(input)) = (block, input) else { return Value::Null };
        let mut out = Vec::new();
        for item in input.into_items() {
            let mut inner = World { out: Vec::new(), ..world.clone() };
            inner.set("_", item);
            let after = self.heard(block, inner);
            out.extend(after.into_iter().next().map(|world| world.out).unwrap_or_default());
        }
        Value::List(out)
    }

    /// A function of the script: named arguments by name, the others in the order of its parameters. One without parameters has all
    /// words in `$args`.
    pub(super) fn call(
        &mut self,
        body: &Block,
        given: Given,
        words: Vec<Traced>,
        world: &mut World,
    ) -> Value {
        if self.depth >= FUNCTIONS_LIMIT {
            return Value::Null;
        }
        self.depth += 1;
        let names = parameters(body);
        let mut inner = World { out: Vec::new(), ..world.clone() };
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
        let Some(first) = after.into_iter().next() else { return Value::Null };
        world.files = first.files;
        let mut out = first.out;
        if out.len() == 1 { out.pop().unwrap_or(Value::Null) } else { Value::List(out) }
    }
}

fn parameters(body: &Block) -> Vec<&String> {
    let named = body.iter().flat_map(|statement| match statement {
        Statement::Parameters(parameters) => parameters.as_slice(),
        Statement::Assign { .. }
        | Statement::Pipeline(_)
        | Statement::If { .. }
        | Statement::ForEach { .. }
        | Statement::Switch { .. }
        | Statement::Perhaps(_)
        | Statement::Always(_)
        | Statement::Function { .. }
        | Statement::Return(_)
        | Statement::Exit => &[],
    });
    named.map(|(name, _)| name).collect()
}
