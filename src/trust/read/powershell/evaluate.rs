//! Works out expressions in one world.

use super::{
    binding::cast,
    run::Runner,
    syntax::{Block, Expression, Piece, Pipeline, Stage},
    value::Value,
    world::{World, agreed},
};
use crate::{text::Span, trust::read::script::Traced};

impl Runner<'_> {
    /// What the last stage gives.
    pub(super) fn pipeline(&mut self, pipeline: &Pipeline, world: &mut World) -> Value {
        let mut value = Value::Null;
        for (at, stage) in pipeline.iter().enumerate() {
            let input = (at > 0).then(|| std::mem::replace(&mut value, Value::Null));
            value = match stage {
                Stage::Expression(expression) => self.value(expression, world),
                Stage::Command { words, span } => self.command(words, *span, input, world),
            };
        }
        value
    }

    pub(super) fn value(&mut self, expression: &Expression, world: &mut World) -> Value {
        let value = self.followed(expression, world);
        if self.effort.spend(value.cost()) {
            value
        } else {
            Value::Text(Traced::too_long(self.place(Span::default())))
        }
    }

    fn followed(&mut self, expression: &Expression, world: &mut World) -> Value {
        match expression {
            Expression::Text(pieces, span) => Value::Text(self.text(pieces, *span, world)),
            Expression::Variable(name, span) => self.variable(name, *span, world),
            Expression::Array(items) => {
                Value::List(items.iter().flat_map(|item| self.value(item, world).into_items()).collect())
            }
            Expression::Table(entries) => self.table(entries, world),
            Expression::Pipeline(pipeline) => self.pipeline(pipeline, world),
            Expression::Number(number) => Value::Number(*number),
            Expression::Statements(block) => Value::of(self.inside(block, world)),
            Expression::Listed(block) => self.listed(block, world),
            Expression::Member { object, name, arguments, span } => {
                self.member(object, name, arguments.as_deref(), *span, world)
            }
            Expression::Index { object, key, span } => {
                let object = self.value(object, world);
                let key = self.value(key, world);
                let place = self.place(*span);
                object.at(&key, &place).unwrap_or_else(|| Value::Text(self.part_of(&object, *span)))
            }
            Expression::Binary { operator, left, right, span } => {
                let left = self.value(left, world);
                let right = self.value(right, world);
                let value = self.binary(operator, left, right, *span);
                self.set_matches(world);
                value
            }
            Expression::Not(inner) => {
                let value = self.value(inner, world);
                value.truth().map_or(value, |truth| Value::Truth(!truth))
            }
            Expression::Choice { condition, yes, no } => self.choice(condition, yes, no, world),
            Expression::Count { name, by, span } => self.counted(name, *by, *span, world),
            Expression::Cast { kind, value, span } => {
                let value = self.value(value, world);
                cast(kind, value, &self.place(*span))
            }
            Expression::Static { kind, name, arguments, span } => {
                let given = arguments.iter().map(|argument| self.value(argument, world)).collect();
                self.of_type(kind, name, given, *span)
            }
            Expression::Block(_) => Value::Null,
            Expression::Opaque(span) => Value::Text(self.unknown(*span, "this expression is not followed")),
        }
    }

    fn listed(&mut self, block: &Block, world: &mut World) -> Value {
        match self.inside(block, world).as_slice() {
            // It may be a list, or nothing.
            [Value::Text(text)] if text.as_hole().is_some() => Value::Text(text.clone()),
            items => Value::List(items.to_vec()),
        }
    }

    fn choice(
        &mut self,
        condition: &Expression,
        yes: &Expression,
        no: &Expression,
        world: &mut World,
    ) -> Value {
        let condition = self.value(condition, world);
        match condition.truth() {
            Some(true) => self.value(yes, world),
            Some(false) => self.value(no, world),
            None => condition,
        }
    }

    /// `$name++`.
    fn counted(&mut self, name: &str, by: i64, span: Span, world: &mut World) -> Value {
        let old = self.held(name, world);
        let new = self.binary("+", old.clone(), Value::Number(by), span);
        world.set(name, new);
        old
    }

    fn table(&mut self, entries: &[(Expression, Expression)], world: &mut World) -> Value {
        let place = self.place(Span::default());
        let mut table = Vec::new();
        for (key, value) in entries {
            let key = self.value(key, world).into_text(&place);
            let value = self.value(value, world);
            match key.text() {
                Some(key) => table.push((key, value)),
                None => {
                    let reason = key.reason().unwrap_or("a key of the table is not known").to_owned();
                    return Value::Text(self.unknown(Span::default(), &reason));
                }
            }
        }
        Value::Table(table)
    }

    /// What statements put out that run where they stand; where it depends on what they find, it is a hole.
    pub(super) fn inside(&mut self, block: &Block, world: &mut World) -> Vec<Value> {
        let inner = World { out: Vec::new(), ..world.clone() };
        let worlds = self.heard(block, inner);
        let Some(after) = agreed(worlds, &self.place(Span::default())) else { return Vec::new() };
        let outer = std::mem::take(&mut world.out);
        let flow = world.flow;
        let out = after.out.clone();
        *world = World { out: outer, flow, ..after };
        out
    }

    pub(super) fn unknown(&self, span: Span, reason: &str) -> Traced {
        let place = self.place(span);
        let name: String = place.text().chars().take(60).collect();
        Traced::hole(name, reason, place)
    }

    fn text(&mut self, pieces: &[Piece], span: Span, world: &mut World) -> Traced {
        let mut text = Traced::default();
        for piece in pieces {
            text.append(match piece {
                Piece::Plain(plain, at) => Traced::literal(plain.as_str(), self.place(*at), span.start),
                Piece::Expression(expression) => {
                    let place = self.place(span);
                    self.value(expression, world).into_text(&place)
                }
            });
        }
        text
    }

    fn variable(&self, name: &str, span: Span, world: &World) -> Value {
        match (name, world.variables.get(name)) {
            ("true", _) => Value::Truth(true),
            ("false", _) => Value::Truth(false),
            ("null", _) => Value::Null,
            (_, Some(value)) => value.clone(),
            (_, None) => {
                let place = self.place(span);
                let shown = place.text().trim_start_matches('$').trim_matches(['{', '}']).to_owned();
                let reason = match name.split_once(':') {
                    Some((drive, _)) if drive != "env" => {
                        let drive = shown.get(..drive.len()).unwrap_or(drive);
                        format!(
                            "PowerShell takes `${shown}` for one variable, not for `${drive}` with text behind it"
                        )
                    }
                    _ => format!("`{shown}` is not set in this script"),
                };
                Value::Text(Traced::hole(shown.as_str(), reason, place))
            }
        }
    }
}
