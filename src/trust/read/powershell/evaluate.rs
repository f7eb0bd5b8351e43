//! Works out expressions in one world.

use super::{
    run::Runner,
    syntax::{Expression, Piece, Pipeline, Stage},
    value::{Value, World},
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
            Expression::Table(entries) => Value::Table(
                entries.iter().map(|(name, value)| (name.clone(), self.value(value, world))).collect(),
            ),
            Expression::Pipeline(pipeline) => self.pipeline(pipeline, world),
            Expression::Statements(block) => {
                let inner = World { out: Vec::new(), ..world.clone() };
                let outs = self.heard(block, inner);
                let mut out = outs.into_iter().next().map(|world| world.out).unwrap_or_default();
                if out.len() == 1 { out.pop().unwrap_or(Value::Null) } else { Value::List(out) }
            }
            Expression::Member { object, name, arguments, span } => {
                let object = self.value(object, world);
                self.member(object, name, arguments.as_deref(), *span, world)
            }
            Expression::Index { object, key, span } => {
                let object = self.value(object, world);
                let key = self.value(key, world).into_text(&self.place(*span)).text();
                self.element(object, key.as_deref(), *span)
            }
            Expression::Binary { operator, left, right, span } => {
                let left = self.value(left, world);
                let right = self.value(right, world);
                self.binary(operator, left, right, *span)
            }
            Expression::Not(inner) => match self.value(inner, world) {
                Value::Truth(known) => Value::Truth(!known),
                unknown @ (Value::Null | Value::Text(_) | Value::List(_) | Value::Table(_)) => unknown,
            },
            Expression::Block(_) => Value::Null,
            Expression::Opaque(span) => Value::Text(self.unknown(*span, "this expression is not followed")),
        }
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

    fn member(
        &mut self,
        object: Value,
        name: &str,
        arguments: Option<&[Expression]>,
        span: Span,
        world: &mut World,
    ) -> Value {
        let Some(arguments) = arguments else {
            let listed = || object.listed(name, &self.place(span));
            let found = object.get(name).cloned().or_else(listed);
            return found.unwrap_or_else(|| Value::Text(self.part_of(&object, span)));
        };
        if arguments.is_empty()
            && let Some(listed) = object.listed(name, &self.place(span))
        {
            return listed;
        }
        let mut given = Vec::new();
        for argument in arguments {
            given.push(self.value(argument, world).into_text(&self.place(span)).text());
        }
        let Value::Text(text) = object else {
            return Value::Text(self.unknown(span, "this call is not followed"));
        };
        match (name.to_ascii_lowercase().as_str(), given.as_slice()) {
            ("trim" | "tostring", []) => Value::Text(text),
            ("tolower" | "tolowerinvariant", []) => Value::Text(text.decoded(&text.marked().to_lowercase())),
            ("toupper" | "toupperinvariant", []) => Value::Text(text.decoded(&text.marked().to_uppercase())),
            // Quotes are escaped for the way to az and unescaped on it.
            ("replace", [Some(from), Some(_)]) if from == "\"" => Value::Text(text),
            ("replace", [Some(from), Some(to)]) if !from.is_empty() => {
                Value::Text(text.replaced(from, to, &self.place(span)))
            }
            ("split", [Some(separator)]) => {
                Value::List(text.split(separator).into_iter().map(Value::Text).collect())
            }
            _ => Value::Text(self.unknown(span, "this call is not followed")),
        }
    }

    /// A property of something that is not known is not known for the same reason.
    fn part_of(&self, object: &Value, span: Span) -> Traced {
        let reason = match object {
            Value::Text(text) => text.as_hole().map(|(_, reason)| reason.to_owned()),
            Value::Null | Value::Truth(_) | Value::List(_) | Value::Table(_) => None,
        };
        self.unknown(span, reason.as_deref().unwrap_or("the object has no such property here"))
    }

    fn element(&self, object: Value, key: Option<&str>, span: Span) -> Value {
        let found = match (&object, key) {
            (Value::Table(_), Some(key)) => object.get(key).cloned(),
            (Value::List(items), Some(key)) => {
                key.parse::<usize>().ok().and_then(|at| items.get(at).cloned())
            }
            _ => None,
        };
        found.unwrap_or_else(|| Value::Text(self.part_of(&object, span)))
    }

    fn binary(&self, operator: &str, left: Value, right: Value, span: Span) -> Value {
        let place = self.place(span);
        match (operator, left, right) {
            ("+", Value::List(mut items), more) => {
                items.extend(more.into_items());
                Value::List(items)
            }
            ("+", Value::Table(left), Value::Table(right)) => Value::joined(left, right),
            ("+", left, right) => {
                let mut text = left.into_text(&place);
                text.append(right.into_text(&place));
                Value::Text(text)
            }
            ("f", format, values) => {
                Value::Text(self.formatted(&format.into_text(&place), &values.into_items(), span))
            }
            ("eq" | "ieq" | "ceq" | "ne" | "ine" | "cne", left, right) => {
                let (left, right) = (left.into_text(&place).text(), right.into_text(&place).text());
                match (left, right) {
                    (Some(left), Some(right)) => {
                        Value::Truth(left.eq_ignore_ascii_case(&right) == operator.ends_with("eq"))
                    }
                    _ => Value::Null,
                }
            }
            ("join", left, right) => Value::Text(joined(left, &right.into_text(&place), &place)),
            // Quotes are escaped for the way to az and unescaped on it.
            ("replace", Value::Text(text), Value::List(pair)) if matches!(pair.first(), Some(Value::Text(from)) if from.text().as_deref() == Some("\"")) => {
                Value::Text(text)
            }
            ("split", Value::Text(text), Value::Text(separator)) => {
                let separator = separator.text().unwrap_or_default();
                Value::List(text.split(&separator).into_iter().map(Value::Text).collect())
            }
            ("as" | "is", left, _) => left,
            // A condition that is not worked out has no truth.
            (
                "and" | "or" | "like" | "match" | "notmatch" | "notlike" | "gt" | "lt" | "ge" | "le" | "in"
                | "contains",
                _,
                _,
            ) => Value::Null,
            _ => Value::Text(self.unknown(span, "this expression is not followed")),
        }
    }
}

/// `list -join separator`.
fn joined(list: Value, separator: &Traced, place: &crate::text::Place) -> Traced {
    let mut text = Traced::default();
    for (at, item) in list.into_items().into_iter().enumerate() {
        if at > 0 {
            text.append(separator.clone());
        }
        text.append(item.into_text(place));
    }
    text
}
