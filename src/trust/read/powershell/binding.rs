//! Gives names their values: assignments and the defaults of parameters.

use super::{
    run::Runner,
    syntax::Expression,
    value::{Value, World},
};

impl Runner<'_> {
    pub(super) fn defaults(&mut self, parameters: &[(String, Option<Expression>)], world: &mut World) {
        for (name, default) in parameters {
            if world.variables.contains_key(name) {
                continue;
            }
            if let Some(default) = default {
                let value = self.value(default, world);
                // An empty default, or `$(throw ...)`, says nothing: the value still comes from outside.
                let is_empty = match &value {
                    Value::Text(text) => text.is_empty(),
                    Value::List(items) => items.is_empty(),
                    Value::Null => true,
                    Value::Truth(_) | Value::Table(_) => false,
                };
                if !is_empty {
                    world.set(name, value);
                }
            }
        }
    }
}

pub(super) fn assign(world: &mut World, name: &str, key: Option<&str>, appends: bool, value: Value) {
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
        (Some(Value::Table(old)), Value::Table(more)) => Value::joined(old, more),
        (_, value) => value,
    };
    world.set(name, value);
}
