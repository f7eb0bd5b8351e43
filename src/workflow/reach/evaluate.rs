//! Evaluates an expression in a world: what is known is computed, what is not stays a hole, and what the world leaves open
//! although it could be asked ends the attempt with a [`Split`].

use super::{
    explore::Analysis,
    job::{Memo, calls_success},
    partial::{Partial, Truth},
    site::Site,
    world::{Split, World},
};
use crate::{
    id::Part,
    workflow::expression::{Comparison, Expr, ExprKind, Function, Template, Value},
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
    /// How many jobs wait for the one whose needs are looked at.
    pub(super) waits: usize,
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
        let Some(node) = node.filter(|_| !self.analysis.wanted.blind) else { return Ok(success) };
        let text = node.text().unwrap_or("");
        let Some(expr) = self.analysis.condition(node) else { return Ok(Truth::Unknown) };
        self.truth(&expr, text, success)
    }

    /// Whether something goes before that may fail, whatever is expected of it: a step, or a job that is waited for.
    pub(super) fn may_fail_before(&self) -> bool {
        let site = &self.site;
        site.step.is_some() || site.inside.is_some() || !site.frame.job.needs.is_empty()
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
            ExprKind::Not(operand) => {
                let truth = self.truth(operand, text, success)?.not();
                let may_differ = truth == Truth::No && calls_success(operand) && self.may_fail_before();
                Ok(if may_differ { Truth::Unknown } else { truth })
            }
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
        // Letter case means nothing to a name, nor to the comparison of texts.
        format!("{}: {}", self.site.frame.depth(), key.to_lowercase())
    }

    /// The truth where a value hangs on it: the world is split if nobody knows.
    pub(super) fn decided(&self, value: &Partial, name: &str) -> Asked<Truth> {
        let truth = self.assumed(value.truth(), name);
        if truth == Truth::Unknown {
            self.ask(Split::Truth(self.key(name)))?;
        }
        Ok(truth)
    }

    pub(super) fn value(&self, expr: &Expr, text: &str) -> Asked<Partial> {
        let unknown = || Partial::Unknown(slice(text, expr).to_owned());
        Ok(match &expr.kind {
            _ if self.depth > MAX_DEPTH || !self.analysis.spend(1) => unknown(),
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

    pub(super) fn index(&self, of: Partial, key: &Partial, written: &str) -> Asked<Partial> {
        let Some(known) = key.known() else { return self.member(&of, key, written) };
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

    /// What lies under a key that is not known: one of the members, or null where it names none of them.
    fn member(&self, of: &Partial, key: &Partial, written: &str) -> Asked<Partial> {
        let unknown = || Partial::Unknown(written.to_owned());
        let Some(fields) = of.fields() else { return Ok(unknown()) };
        for (name, value) in fields {
            let truth = self.compare(Comparison::Equal, key, &Partial::text(name.as_str()))?;
            let same = truth.known().map_or_else(unknown, Partial::Known);
            match self.decided(&same, &format!("{} == '{name}'", key_of(key)))? {
                Truth::Yes => return Ok(value),
                Truth::No => {}
                Truth::Unknown => return Ok(unknown()),
            }
        }
        Ok(if matches!(of, Partial::Fields(_, true)) { unknown() } else { Partial::null() })
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

pub(super) fn slice<'t>(text: &'t str, expr: &Expr) -> &'t str {
    text.get(expr.span.start..expr.span.end).unwrap_or("").trim()
}

/// What an unknown value is called when the world remembers how it was settled.
pub(super) fn key_of(value: &Partial) -> String {
    let shown = value.parts().into_iter().map(|part| match part {
        Part::Text(text) => text,
        Part::RefName => "{ref}".to_owned(),
        Part::Hole(name) => name,
    });
    shown.collect()
}
