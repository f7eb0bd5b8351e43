//! Evaluates an expression in a world: what is known is computed, what is not stays a hole, and what the world leaves open
//! although it could be asked ends the attempt with a [`Split`].

use super::{
    explore::Analysis,
    facts::Facts,
    job::Memo,
    name::Answer,
    partial::{Partial, Truth},
    site::Site,
    world::{Split, World, input_key},
};
use crate::{
    id::Part,
    workflow::expression::{self, Comparison, Expr, ExprKind, Function, Template, Value},
    yaml::Node,
};

/// The outcome, or what must be asked first.
pub(super) type Asked<T> = Result<T, Split>;

const MAX_DEPTH: usize = 40;

/// Evaluates for one place in one world.
#[derive(Clone, Copy)]
pub(super) struct Evaluator<'a> {
    pub(super) analysis: &'a Analysis<'a>,
    pub(super) world: &'a World<'a>,
    pub(super) memo: &'a Memo,
    pub(super) site: Site<'a>,
    pub(super) depth: usize,
}

impl<'a> Evaluator<'a> {
    pub(super) const fn at(&self, site: Site<'a>) -> Self {
        Self { site, depth: self.depth + 1, ..*self }
    }

    /// Ends the attempt, unless the world may not be split any more.
    pub(super) fn ask(&self, split: Split) -> Asked<()> {
        if self.world.frozen { Ok(()) } else { Err(split) }
    }

    /// The value of a scalar with `${{ }}`, or of a whole collection of them.
    pub(super) fn node(&self, node: &Node) -> Asked<Partial> {
        if node.is_mapping() {
            let fields =
                node.entries().iter().map(|entry| Ok((entry.name().to_owned(), self.node(&entry.value)?)));
            return Ok(Partial::mapping(fields.collect::<Asked<_>>()?));
        }
        if node.is_sequence() {
            let items = node.items().iter().map(|item| self.node(item));
            return Ok(Partial::list(items.collect::<Asked<_>>()?));
        }
        let text = node.text().unwrap_or("");
        if !text.contains("${{") {
            return Ok(Partial::Known(plain(node)));
        }
        match self.analysis.template(node) {
            Some(template) => match &*template {
                Template::Literal(literal) => Ok(Partial::text(literal.as_str())),
                Template::Expression(expr) => self.value(expr, text),
            },
            None => Ok(Partial::Unknown(text.to_owned())),
        }
    }

    /// Whether an `if` holds; without one, whether the run has succeeded so far.
    pub(super) fn condition(&self, node: Option<&Node>, success: Truth) -> Asked<Truth> {
        let Some(node) = node.filter(|_| !self.analysis.blind) else { return Ok(success) };
        let text = node.text().unwrap_or("");
        let Some(expr) = self.analysis.condition(node) else { return Ok(Truth::Unknown) };
        self.truth(&expr, text, success)
    }

    fn truth(&self, expr: &Expr, text: &str, success: Truth) -> Asked<Truth> {
        match &expr.kind {
            ExprKind::And(operands) => {
                let mut all = Truth::Yes;
                for operand in operands {
                    all = all.and(self.truth(operand, text, success)?);
                    if all == Truth::No {
                        break;
                    }
                }
                Ok(all)
            }
            ExprKind::Or(operands) => {
                let mut any = Truth::No;
                for operand in operands {
                    any = any.or(self.truth(operand, text, success)?);
                    if any == Truth::Yes {
                        break;
                    }
                }
                Ok(any)
            }
            ExprKind::Not(operand) => Ok(self.truth(operand, text, success)?.not()),
            ExprKind::Compare { operator, left, right } => {
                let truth = self.compare(*operator, &self.value(left, text)?, &self.value(right, text)?)?;
                Ok(self.assumed(truth, slice(text, expr)))
            }
            ExprKind::Call { function: Function::Success, .. } => Ok(success),
            ExprKind::Literal(_)
            | ExprKind::Context(_)
            | ExprKind::Index { .. }
            | ExprKind::Filter(_)
            | ExprKind::Call { .. } => {
                let value = self.value(expr, text)?;
                Ok(self.assumed(value.truth(), &key_of(&value)))
            }
        }
    }

    /// The truth of something that this world has already settled, or what it was before.
    fn assumed(&self, truth: Truth, key: &str) -> Truth {
        let settled = || self.world.truths.get(&self.key(key)).map(|truth| Truth::of(*truth));
        if truth == Truth::Unknown { settled().unwrap_or(truth) } else { truth }
    }

    fn key(&self, key: &str) -> String {
        format!("{}: {key}", self.site.frame.depth())
    }

    /// The truth where a value hangs on it: the world is split if nobody knows.
    fn decided(&self, value: &Partial, name: &str) -> Asked<Truth> {
        let truth = self.assumed(value.truth(), name);
        if truth == Truth::Unknown {
            self.ask(Split::Truth(self.key(name)))?;
        }
        Ok(truth)
    }

    pub(super) fn value(&self, expr: &Expr, text: &str) -> Asked<Partial> {
        let unknown = || Partial::Unknown(slice(text, expr).to_owned());
        Ok(match &expr.kind {
            _ if self.depth > MAX_DEPTH => unknown(),
            ExprKind::Literal(value) => Partial::Known(value.clone()),
            ExprKind::Context(name) => self.lookup(&[name.to_lowercase()])?,
            ExprKind::Index { of, key } => {
                self.index(self.value(of, text)?, &self.value(key, text)?, slice(text, expr))?
            }
            ExprKind::Filter(of) => {
                self.value(of, text)?.known().map_or_else(unknown, |value| Partial::Known(value.filter()))
            }
            ExprKind::Not(operand) => {
                self.truth(operand, text, Truth::Yes)?.not().known().map_or_else(unknown, Partial::Known)
            }
            ExprKind::Compare { operator, left, right } => {
                let truth = self.compare(*operator, &self.value(left, text)?, &self.value(right, text)?)?;
                self.assumed(truth, slice(text, expr)).known().map_or_else(unknown, Partial::Known)
            }
            ExprKind::And(operands) => self.first(operands, text, Truth::No)?.unwrap_or_else(unknown),
            ExprKind::Or(operands) => self.first(operands, text, Truth::Yes)?.unwrap_or_else(unknown),
            ExprKind::Call { function, arguments } => {
                self.call(*function, arguments, text, slice(text, expr))?
            }
        })
    }

    /// The first operand whose truth is `wanted`, else the last; `None` where that cannot be told.
    fn first(&self, operands: &[Expr], text: &str, wanted: Truth) -> Asked<Option<Partial>> {
        let mut last = Partial::null();
        for (at, operand) in operands.iter().enumerate() {
            last = self.value(operand, text)?;
            if at + 1 == operands.len() {
                break;
            }
            match self.decided(&last, &key_of(&last))? {
                Truth::Unknown => return Ok(None),
                truth if truth == wanted => {
                    // A hole that is assumed to be falsy holds nothing.
                    return Ok(Some(if truth == Truth::No && last.known().is_none() {
                        Partial::text("")
                    } else {
                        last
                    }));
                }
                Truth::Yes | Truth::No => {}
            }
        }
        Ok(Some(last))
    }

    fn index(&self, of: Partial, key: &Partial, written: &str) -> Asked<Partial> {
        let Some(known) = key.known() else { return Ok(Partial::Unknown(written.to_owned())) };
        Ok(match of {
            Partial::Known(value) => Partial::Known(value.index(known)),
            Partial::Path(mut path) => {
                path.push(known.to_text().into_owned());
                self.lookup(&path)?
            }
            Partial::Fields(fields, open) => {
                let name = known.to_text();
                let found = fields.into_iter().find(|(field, _)| field.eq_ignore_ascii_case(&name));
                let missing = || if open { Partial::Unknown(written.to_owned()) } else { Partial::null() };
                found.map_or_else(missing, |(_, value)| value)
            }
            Partial::List(items) => {
                let place = items
                    .iter()
                    .enumerate()
                    .find(|(at, _)| Value::from(at.to_string()).to_number() == known.to_number());
                place.map_or(Partial::null(), |(_, item)| item.clone())
            }
            Partial::Unknown(name) => Partial::Unknown(format!("{name}.{}", known.to_text())),
            Partial::Text(_) => Partial::null(),
        })
    }

    fn call(&self, function: Function, arguments: &[Expr], text: &str, written: &str) -> Asked<Partial> {
        if function == Function::Case {
            return self.case(arguments, text, written);
        }
        let values =
            arguments.iter().map(|argument| self.value(argument, text)).collect::<Asked<Vec<_>>>()?;
        let known: Option<Vec<Value>> = values.iter().map(|value| value.known().cloned()).collect();
        let unknown = Partial::Unknown(written.to_owned());
        let bool =
            |truth: Truth| truth.known().map_or_else(|| Partial::Unknown(written.to_owned()), Partial::Known);
        let (first, second) = (values.first(), values.get(1));
        Ok(match (function, known) {
            (Function::Success, _) => Partial::Known(Value::Bool(true)),
            (Function::Failure | Function::Cancelled | Function::HashFiles, _) => unknown,
            (function, Some(known)) => expression::call(function, &known).map_or(unknown, Partial::Known),
            (Function::Format, None) => formatted(&values).unwrap_or(unknown),
            (Function::StartsWith, None) => bool(self.begins(first, second)?),
            (Function::EndsWith, None) => bool(ends(first, second)),
            (Function::Contains, None) => bool(self.contains(first, second)?),
            (
                Function::Join | Function::ToJson | Function::FromJson | Function::Case | Function::Always,
                None,
            ) => unknown,
        })
    }

    fn case(&self, arguments: &[Expr], text: &str, written: &str) -> Asked<Partial> {
        for pair in arguments.chunks(2) {
            match pair {
                [condition, value] => {
                    let condition = self.value(condition, text)?;
                    match self.decided(&condition, &key_of(&condition))? {
                        Truth::Yes => return self.value(value, text),
                        Truth::No => {}
                        Truth::Unknown => break,
                    }
                }
                [default] => return self.value(default, text),
                _ => {}
            }
        }
        Ok(Partial::Unknown(written.to_owned()))
    }

    pub(super) fn compare(&self, operator: Comparison, left: &Partial, right: &Partial) -> Asked<Truth> {
        if let (Some(left), Some(right)) = (left.known(), right.known()) {
            return Ok(Truth::of(operator.holds(left, right)));
        }
        match operator {
            Comparison::Equal => self.equal(left, right),
            Comparison::NotEqual => Ok(self.equal(left, right)?.not()),
            Comparison::Less | Comparison::LessOrEqual | Comparison::Greater | Comparison::GreaterOrEqual => {
                Ok(Truth::Unknown)
            }
        }
    }

    fn equal(&self, left: &Partial, right: &Partial) -> Asked<Truth> {
        match (left, right) {
            (hole, Partial::Known(value)) | (Partial::Known(value), hole) => match value {
                Value::String(wanted) => self.text_is(&hole.parts(), wanted, hole),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                    Ok(Truth::Unknown)
                }
            },
            (Partial::Text(one), Partial::Text(other)) if one == other => Ok(Truth::Yes),
            _ => Ok(Truth::Unknown),
        }
    }

    /// Whether a text with holes is `wanted`.
    fn text_is(&self, parts: &[Part], wanted: &str, value: &Partial) -> Asked<Truth> {
        if let [Part::Hole(hole)] = parts
            && let Some(name) = hole.strip_prefix("inputs.").filter(|_| matches!(value, Partial::Unknown(_)))
            && self.world.dispatch_input(name).is_some()
        {
            if self.world.truths.get(&input_key(name, wanted)) == Some(&false) {
                return Ok(Truth::No);
            }
            self.ask(Split::InputIs(name.to_owned(), wanted.to_owned()))?;
            return Ok(Truth::Unknown);
        }
        let Some((hole, inner)) = around_one_hole(parts, wanted) else {
            return Ok(outer_fits(parts, wanted));
        };
        match hole {
            Part::RefName => self.answer(self.world.name.is(inner), Split::NameIs(inner.to_owned())),
            Part::Hole(name) if name == Facts::DEFAULT_BRANCH => {
                if self.world.not_default.contains(&inner.to_lowercase()) {
                    return Ok(Truth::No);
                }
                self.answer(Answer::Both, Split::DefaultIs(inner.to_owned()))
            }
            Part::Hole(_) | Part::Text(_) => Ok(Truth::Unknown),
        }
    }

    fn answer(&self, answer: Answer, split: Split) -> Asked<Truth> {
        match answer {
            Answer::Yes => Ok(Truth::Yes),
            Answer::No => Ok(Truth::No),
            Answer::Unknown => Ok(Truth::Unknown),
            Answer::Both => self.ask(split).map(|()| Truth::Unknown),
        }
    }

    fn begins(&self, text: Option<&Partial>, start: Option<&Partial>) -> Asked<Truth> {
        let (Some(text), Some(start)) = (text, start.and_then(Partial::known)) else {
            return Ok(Truth::Unknown);
        };
        let (parts, start) = (text.parts(), start.to_text());
        let (head, rest) = match parts.split_first() {
            Some((Part::Text(head), rest)) => (head.as_str(), rest),
            _ => ("", parts.as_slice()),
        };
        if head.len() >= start.len() || !begins_with(&start, head) {
            return Ok(Truth::of(begins_with(head, &start)));
        }
        let inner = start.get(head.len()..).unwrap_or("");
        match rest {
            [Part::RefName, ..] => {
                self.answer(self.world.name.begins(inner), Split::NameBegins(inner.to_owned()))
            }
            _ => Ok(Truth::Unknown),
        }
    }

    fn contains(&self, search: Option<&Partial>, item: Option<&Partial>) -> Asked<Truth> {
        let (Some(search), Some(item)) = (search, item) else { return Ok(Truth::Unknown) };
        if let Some(items) = search.items() {
            let mut any = Truth::No;
            for member in &items {
                any = any.or(self.compare(Comparison::Equal, member, item)?);
                if any == Truth::Yes {
                    break;
                }
            }
            return Ok(any);
        }
        let (Partial::Text(parts), Some(Value::String(item))) = (search, item.known()) else {
            return Ok(Truth::Unknown);
        };
        // Assumed: no branch or tag has `refs/` in its name, so that such a part can only be the beginning.
        if item.starts_with("refs/") {
            return self.begins(Some(search), Some(&Partial::text(&**item)));
        }
        let inside = |part: &Part| match part {
            Part::Text(text) => text.to_lowercase().contains(&item.to_lowercase()),
            Part::RefName | Part::Hole(_) => false,
        };
        Ok(if parts.iter().any(inside) { Truth::Yes } else { Truth::Unknown })
    }
}

/// What a plain scalar means in the expression language.
pub(super) fn plain(node: &Node) -> Value {
    match (node.is_null(), node.as_bool(), node.as_number()) {
        (true, _, _) => Value::Null,
        (_, Some(value), _) => Value::Bool(value),
        (_, _, Some(value)) => Value::Number(value),
        _ => Value::from(node.text().unwrap_or("")),
    }
}

fn slice<'t>(text: &'t str, expr: &Expr) -> &'t str {
    text.get(expr.span.start..expr.span.end).unwrap_or("").trim()
}

/// What an unknown value is called when the world remembers how it was settled.
fn key_of(value: &Partial) -> String {
    let shown = value.parts().into_iter().map(|part| match part {
        Part::Text(text) => text,
        Part::RefName => "{ref}".to_owned(),
        Part::Hole(name) => name,
    });
    shown.collect()
}

fn begins_with(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}

fn ends_with(text: &str, end: &str) -> bool {
    let start = text.len().checked_sub(end.len());
    start.and_then(|start| text.get(start..)).is_some_and(|tail| tail.eq_ignore_ascii_case(end))
}

/// The only hole of a text, and what must stand there for the text to be `wanted`; `None` where there is none or more than one,
/// or the texts around it do not fit.
fn around_one_hole<'p, 'w>(parts: &'p [Part], wanted: &'w str) -> Option<(&'p Part, &'w str)> {
    let (before, hole, after) = match parts {
        [hole] => ("", hole, ""),
        [Part::Text(before), hole] => (before.as_str(), hole, ""),
        [hole, Part::Text(after)] => ("", hole, after.as_str()),
        [Part::Text(before), hole, Part::Text(after)] => (before.as_str(), hole, after.as_str()),
        _ => return None,
    };
    let inner = wanted.len().checked_sub(before.len() + after.len())?;
    let fits = begins_with(wanted, before) && ends_with(wanted, after);
    fits.then(|| wanted.get(before.len()..before.len() + inner)).flatten().map(|inner| (hole, inner))
}

/// Whether the known ends of a text with holes rule `wanted` out.
fn outer_fits(parts: &[Part], wanted: &str) -> Truth {
    let fits = |part: Option<&Part>, fits: fn(&str, &str) -> bool| match part {
        Some(Part::Text(text)) => fits(wanted, text),
        Some(Part::RefName | Part::Hole(_)) | None => true,
    };
    if fits(parts.first(), begins_with) && fits(parts.last(), ends_with) { Truth::Unknown } else { Truth::No }
}

fn ends(text: Option<&Partial>, end: Option<&Partial>) -> Truth {
    let (Some(Partial::Text(parts)), Some(Partial::Known(end))) = (text, end) else { return Truth::Unknown };
    match (parts.last(), end.to_text()) {
        (Some(Part::Text(tail)), end) if tail.len() >= end.len() => Truth::of(ends_with(tail, &end)),
        _ => Truth::Unknown,
    }
}

/// `format` with arguments that have holes.
fn formatted(values: &[Partial]) -> Option<Partial> {
    let Some(Value::String(pattern)) = values.first()?.known() else { return None };
    // Every argument is replaced by a mark that no text holds, so that the language's own `format` does the work.
    let marks: Vec<Value> = (0..values.len()).map(|at| Value::from(format!("\u{0}{at}\u{0}"))).collect();
    let mut arguments = vec![Value::String(pattern.clone())];
    arguments.extend(marks.into_iter().skip(1));
    let Ok(Value::String(text)) = expression::call(Function::Format, &arguments) else { return None };
    let mut parts = Vec::new();
    for (at, piece) in text.split('\u{0}').enumerate() {
        if at % 2 == 0 {
            parts.push(Part::Text(piece.to_owned()));
        } else {
            parts.extend(values.get(piece.parse::<usize>().ok()?)?.parts());
        }
    }
    Some(Partial::from_parts(parts))
}
