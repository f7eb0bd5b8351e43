//! Follows the cmdlets that choose, order and change what comes through a pipeline.

use super::{
    command::Given,
    run::Runner,
    syntax::{Argument, Block, Expression},
    value::Value,
    world::{Flow, World, agreed},
};
use crate::text::Span;

impl Runner<'_> {
    /// `ForEach-Object { ... }`, `ForEach-Object -Begin { } -Process { } -End { }`, `ForEach-Object Property`.
    pub(super) fn for_each_object(
        &mut self,
        words: &[Argument],
        input: Option<Value>,
        span: Span,
        world: &mut World,
    ) -> Value {
        let input = input.unwrap_or(Value::Null);
        let blocks = blocks_of(words);
        if blocks.is_empty() {
            let name = words.iter().find_map(|word| match word {
                Argument::Value(value) => self.value(value, world).into_text(&self.place(span)).text(),
                Argument::Parameter { .. } | Argument::Splat { .. } | Argument::Redirect(_) => None,
            });
            let found = name.and_then(|name| input.property(&name.to_ascii_lowercase(), &self.place(span)));
            return found.unwrap_or_else(|| Value::Text(self.part_of(&input, span)));
        }
        let named = |wanted: &str| blocks.iter().find(|(name, _)| *name == wanted).map(|(_, block)| *block);
        let mut plain =
            blocks.iter().filter(|(name, _)| name.is_empty() || *name == "parallel").map(|(_, block)| *block);
        let count = plain.clone().count();
        let begin = named("begin").or_else(|| if count > 1 { plain.next() } else { None });
        let process = named("process").or_else(|| plain.next());
        let end = named("end").or_else(|| plain.next());
        let mut out = Vec::new();
        if let Some(begin) = begin {
            out.extend(self.inside(begin, world));
        }
        if let Some(process) = process {
            out.extend(self.each_item(process, input, world));
        }
        if let Some(end) = end {
            out.extend(self.inside(end, world));
        }
        Value::List(out)
    }

    /// What a block puts out for every item; what is not known may be any number of items.
    pub(super) fn each_item(&mut self, block: &Block, input: Value, world: &mut World) -> Vec<Value> {
        let outer = world.variables.get("_").cloned();
        let is_open = matches!(&input, Value::Text(text) if text.as_hole().is_some());
        let mut out = Vec::new();
        for item in input.into_items() {
            world.set("_", item);
            if is_open {
                let before = World { out: Vec::new(), ..world.clone() };
                self.listeners += 1;
                let after = self.any_rounds(block, before);
                self.listeners -= 1;
                if let Some(after) = agreed(after, &self.place(Span::default())) {
                    // However many there are, they are not known.
                    out.extend(after.out.first().map(|_| Value::Text(self.unknown(Span::default(), OPEN))));
                    *world = World { out: std::mem::take(&mut world.out), flow: Flow::On, ..after };
                }
            } else {
                out.extend(self.inside(block, world));
            }
        }
        match outer {
            Some(outer) => drop(world.variables.insert("_".to_owned(), outer)),
            None => drop(world.variables.remove("_")),
        }
        out
    }

    /// `Where-Object { ... }` and `Where-Object Property -eq value`.
    pub(super) fn where_object(
        &mut self,
        words: &[Argument],
        input: Option<Value>,
        span: Span,
        world: &mut World,
    ) -> Value {
        let input = input.unwrap_or(Value::Null);
        if let Some((_, block)) = blocks_of(words).first() {
            return self.chosen(block, input, span, world);
        }
        let given = self.given(words, world);
        let place = self.place(span);
        let compared = |name: &&(String, Value)| !["property", "value"].contains(&name.0.as_str());
        let operator = given.named.iter().find(compared);
        let property = given.get(&["property"]).or_else(|| given.plain.first());
        let property = property.and_then(|name| name.clone().into_text(&place).text());
        let right = given.get(&["value"]).cloned();
        let right = right.or_else(|| {
            operator.map(|(_, value)| value.clone()).filter(|value| *value != Value::Truth(true))
        });
        let Some(property) = property.map(|name| name.to_ascii_lowercase()) else {
            return Value::Text(self.part_of(&input, span));
        };
        self.kept(input, span, |runner, item| {
            let left = item.property(&property, &place)?;
            match (operator, &right) {
                (None, None) => left.truth(),
                (Some((operator, _)), Some(right)) => {
                    runner.binary(operator, left, right.clone(), span).truth()
                }
                _ => None,
            }
        })
    }

    /// The items for which a block holds.
    pub(super) fn chosen(&mut self, block: &Block, input: Value, span: Span, world: &mut World) -> Value {
        let outer = world.variables.get("_").cloned();
        let mut inner = world.clone();
        let kept = self.kept(input, span, |runner, item| {
            inner.set("_", item.clone());
            Value::of(runner.inside(block, &mut inner)).truth()
        });
        inner.variables.remove("_");
        inner.variables.extend(outer.map(|outer| ("_".to_owned(), outer)));
        *world = inner;
        kept
    }

    fn kept(
        &mut self,
        input: Value,
        span: Span,
        mut holds: impl FnMut(&mut Self, &Value) -> Option<bool>,
    ) -> Value {
        let mut items = Vec::new();
        for item in input.clone().into_items() {
            match holds(self, &item) {
                Some(true) => items.push(item),
                Some(false) => {}
                None => {
                    let reason = super::operator::reason_of(&input);
                    let reason = reason.unwrap_or_else(|| "which items are kept is not known".to_owned());
                    return Value::Text(self.unknown(span, &reason));
                }
            }
        }
        Value::List(items)
    }

    /// `Select-Object -First 1 -Last 1 -Skip 1 -Unique -ExpandProperty name`; columns alone change nothing here.
    pub(super) fn selected(&self, given: &Given, input: Option<Value>, span: Span) -> Value {
        const FOLLOWED: [&str; 7] = ["first", "last", "skip", "unique", "expandproperty", "property", "wait"];
        let place = self.place(span);
        let input = input.unwrap_or(Value::Null);
        let unknown = || Value::Text(self.part_of(&input, span));
        let is_followed = given.named.iter().all(|(name, _)| FOLLOWED.contains(&name.as_str()));
        let is_open = matches!(&input, Value::Text(text) if text.as_hole().is_some());
        let names = given.plain.iter().chain(given.get(&["property"])).cloned().flat_map(Value::into_items);
        if !is_followed || is_open || names.clone().any(|name| !matches!(name, Value::Text(_))) {
            return unknown();
        }
        let mut items = input.clone().into_items();
        for name in ["skip", "first", "last"] {
            let Some(count) = given.get(&[name]) else { continue };
            let Some(count) = count.clone().into_text(&place).text().and_then(|count| count.parse().ok())
            else {
                return unknown();
            };
            let length = items.len();
            match name {
                "skip" => drop(items.drain(..length.min(count))),
                "first" => items.truncate(count),
                _ => drop(items.drain(..length.saturating_sub(count))),
            }
        }
        if given.get(&["unique"]).is_some() {
            let mut seen: Vec<Value> = Vec::new();
            if items.iter().any(|item| super::operator::reason_of(item).is_some())
                || names.clone().next().is_some()
            {
                return unknown();
            }
            items.retain(|item| {
                let is_new = !seen.iter().any(|other| other.is_like(item));
                seen.extend(is_new.then(|| item.clone()));
                is_new
            });
        }
        match given.get(&["expandproperty"]).map(|name| name.clone().into_text(&place).text()) {
            None => Value::List(items),
            Some(name) => {
                let found =
                    name.and_then(|name| Value::List(items).property(&name.to_ascii_lowercase(), &place));
                found.unwrap_or_else(unknown)
            }
        }
    }

    /// `Sort-Object`, where the order does not depend on the language of the machine.
    pub(super) fn sorted(&self, given: &Given, input: Option<Value>, span: Span) -> Value {
        let place = self.place(span);
        let input = input.unwrap_or(Value::Null);
        let property = given.get(&["property"]).or_else(|| given.plain.first());
        let property = property.map(|name| name.clone().into_text(&place).text());
        let key = |item: &Value| {
            let value = match &property {
                None => item.clone(),
                Some(name) => item.property(&name.as_ref()?.to_ascii_lowercase(), &place)?,
            };
            match value {
                Value::Number(number) => Some((number, String::new())),
                Value::Text(text) => {
                    let text = text.text().filter(|text| text.bytes().all(|c| c.is_ascii_alphanumeric()))?;
                    Some((0, text.to_ascii_lowercase()))
                }
                Value::Null | Value::Truth(_) | Value::List(_) | Value::Table(_) => None,
            }
        };
        let keyed: Option<Vec<_>> =
            input.into_items().into_iter().map(|item| Some((key(&item)?, item))).collect();
        let is_followed =
            given.named.iter().all(|(name, _)| ["property", "descending", "unique"].contains(&name.as_str()));
        let Some(mut keyed) = keyed.filter(|_| is_followed) else {
            return Value::Text(self.unknown(span, "the order is not known"));
        };
        keyed.sort_by(|(one, _), (other, _)| one.cmp(other));
        if given.get(&["descending"]).is_some() {
            keyed.reverse();
        }
        if given.get(&["unique"]).is_some() {
            keyed.dedup_by(|(one, _), (other, _)| one == other);
        }
        Value::List(keyed.into_iter().map(|(_, item)| item).collect())
    }
}

/// The blocks among the words, each with its parameter.
fn blocks_of(words: &[Argument]) -> Vec<(&str, &Block)> {
    let mut name = "";
    let mut blocks = Vec::new();
    for word in words {
        match word {
            Argument::Value(Expression::Block(block)) => blocks.push((std::mem::take(&mut name), block)),
            Argument::Parameter { name: given, value: Some(Expression::Block(block)) } => {
                blocks.push((given.as_str(), block));
            }
            Argument::Parameter { name: given, .. } => name = given,
            Argument::Value(_) | Argument::Splat { .. } | Argument::Redirect(_) => name = "",
        }
    }
    blocks
}

/// Said of what comes of a list that is not known.
const OPEN: &str = "it comes from a list that is not known";
