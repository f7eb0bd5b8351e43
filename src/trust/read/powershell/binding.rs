//! Gives names their values: assignments and the defaults of parameters.

use super::{
    run::Runner,
    syntax::{Expression, Target},
    value::Value,
    world::World,
};
use crate::{
    text::{Place, Span},
    trust::read::script::Traced,
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
                    Value::Truth(_) | Value::Number(_) | Value::Table(_) => false,
                };
                if !is_empty {
                    world.set(name, value);
                    continue;
                }
            }
            world.asked.insert(name.clone());
        }
    }

    /// What a variable holds before something is added to it.
    pub(super) fn held(&self, name: &str, world: &World) -> Value {
        let asked = || {
            let reason = format!("`{name}` is not set in this script");
            let hole = Traced::hole(name, reason, self.place(Span::default()));
            if world.asked.contains(name) { Value::Text(hole) } else { Value::Null }
        };
        world.variables.get(name).cloned().unwrap_or_else(asked)
    }

    /// Gives the targets of an assignment their values: the last of several takes what is left.
    pub(super) fn bind(
        &mut self,
        targets: &[Target],
        operator: Option<&str>,
        value: Value,
        world: &mut World,
    ) {
        let [target] = targets else {
            let mut items = value.into_items().into_iter();
            for (at, target) in targets.iter().enumerate() {
                let is_hole = |item: &Value| matches!(item, Value::Text(text) if text.as_hole().is_some());
                let item = if at + 1 == targets.len() {
                    Value::of(items.by_ref().collect())
                } else {
                    items.next().unwrap_or(Value::Null)
                };
                // What is not known may be a list.
                if is_hole(&item) && items.len() == 0 && at + 1 < targets.len() {
                    items = vec![item.clone()].into_iter();
                }
                self.give(target, operator, item, world);
            }
            return;
        };
        self.give(target, operator, value, world);
    }

    fn give(&mut self, target: &Target, operator: Option<&str>, value: Value, world: &mut World) {
        let name = target.name.as_str();
        if target.is_shared {
            world.shared.insert(name.to_owned());
        }
        let place = self.place(Span::default());
        let mut path = Vec::new();
        for key in &target.path {
            path.push(self.value(key, world));
        }
        let old = match operator {
            Some(_) => path.iter().try_fold(self.held(name, world), |value, key| value.at(key, &place)),
            None => None,
        };
        let value = match operator {
            Some(operator) => self.binary(operator, old.unwrap_or(Value::Null), value, Span::default()),
            None => value,
        };
        let value = if target.path.is_empty() { cast(&target.kind, value, &place) } else { value };
        if path.is_empty() {
            world.set(name, value);
        } else if !world.variables.get_mut(name).is_some_and(|whole| whole.put(&path, value, &place)) {
            let reason = format!("a part of `{name}` is set that is not followed");
            world.set(name, Value::Text(Traced::hole(name, reason, place)));
        }
    }
}

/// What a type makes of a value; types that change nothing here are left out.
pub(super) fn cast(kind: &str, value: Value, place: &Place) -> Value {
    let is_known = match &value {
        Value::Text(text) => text.as_hole().is_none(),
        Value::Null | Value::Truth(_) | Value::Number(_) | Value::List(_) | Value::Table(_) => true,
    };
    match kind {
        "string" if !matches!(value, Value::Table(_)) => Value::Text(value.into_text(place)),
        "int" | "int32" | "int64" | "long" if is_known => match value {
            Value::Number(number) => Value::Number(number),
            other @ (Value::Null | Value::Truth(_) | Value::Text(_) | Value::List(_) | Value::Table(_)) => {
                match other.into_text(place).text().and_then(|text| text.trim().parse().ok()) {
                    Some(number) => Value::Number(number),
                    None => Value::Text(Traced::hole("number", "it is no whole number", place.clone())),
                }
            }
        },
        "bool" | "switch" => value.truth().map_or(value, Value::Truth),
        _ if is_known && (kind == "array" || kind.ends_with("[]")) => Value::List(value.into_items()),
        _ => value,
    }
}
