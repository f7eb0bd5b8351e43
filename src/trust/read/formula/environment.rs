//! Works an expression out: names come from a scope and from what encloses the expression, the rest is arithmetic.

use std::{collections::BTreeMap, sync::Arc};

use crate::text::{Place, Source};

use super::{Arguments, Call, Choice, Datum, Formula, Fuel, Hole, Kind, Step, Trouble, Written, operation};

/// What a language knows: its names and its functions.
pub(crate) trait Scope {
    /// The value that `root` and its first steps mean, and how many steps that took. None for a name nobody knows.
    fn resolve(
        &self,
        env: &Environment<'_>,
        root: &Formula,
        name: &str,
        steps: &[Step<'_>],
    ) -> Option<Resolved>;

    /// Whether `a.B` is also the member `b`.
    fn ignores_case(&self) -> bool;

    /// Why it is not known how `piece` is written within a text; none where it is.
    fn unwritten(&self, piece: &Datum) -> Option<&'static str>;

    /// Calls the function `name`.
    fn call(&self, env: &Environment<'_>, name: &str, arguments: &Arguments) -> Result<Datum, Trouble>;

    /// Whether calling `name` asks to see the arguments before they are worked out; `Some` is the answer.
    fn call_lazily(&self, env: &Environment<'_>, formula: &Formula, call: &Call) -> Option<Datum>;
}

/// A value and the number of steps that led to it.
pub(crate) struct Resolved {
    pub(crate) datum: Datum,
    pub(crate) taken: usize,
}

const DEEPEST: usize = 120;

/// Where an expression is worked out.
pub(crate) struct Environment<'a> {
    pub(crate) scope: &'a dyn Scope,
    pub(crate) source: &'a Arc<Source>,
    pub(crate) fuel: &'a Fuel,
    pub(crate) depth: usize,
    /// Whether a text fails where a piece of it does, which `try` must know.
    strict: bool,
    bound: Option<Bound<'a>>,
}

#[derive(Clone, Copy)]
struct Bound<'a> {
    name: &'a str,
    datum: &'a Datum,
    outer: Option<&'a Bound<'a>>,
}

impl<'a> Environment<'a> {
    /// A fresh one for expressions of `source`.
    pub(crate) const fn new(
        scope: &'a dyn Scope,
        source: &'a Arc<Source>,
        fuel: &'a Fuel,
        depth: usize,
    ) -> Self {
        Self { scope, source, fuel, depth, strict: false, bound: None }
    }

    /// The same, where a text fails as a whole when a piece of it does.
    pub(crate) const fn strictly(&self) -> Self {
        Environment { strict: true, bound: self.bound, ..*self }
    }

    /// The same with `name` bound to `datum`.
    pub(crate) const fn with<'b>(&'b self, name: &'b str, datum: &'b Datum) -> Environment<'b>
    where
        'a: 'b,
    {
        let outer = self.bound.as_ref();
        Environment {
            scope: self.scope,
            source: self.source,
            fuel: self.fuel,
            depth: self.depth,
            strict: self.strict,
            bound: Some(Bound { name, datum, outer }),
        }
    }

    /// The value of an expression of another file of the same scope; nothing that is bound here is seen there.
    pub(crate) fn elsewhere(&self, written: &Written) -> Datum {
        let plain = Environment::new(self.scope, &written.source, self.fuel, self.depth + 1);
        Environment { strict: self.strict, ..plain }.evaluate(&written.formula)
    }

    /// The same for what is written outside of every binding.
    pub(crate) const fn without_bindings(&self) -> Environment<'_> {
        Environment {
            scope: self.scope,
            source: self.source,
            fuel: self.fuel,
            depth: self.depth + 1,
            strict: self.strict,
            bound: None,
        }
    }

    /// What `name` is bound to here.
    pub(crate) fn bound(&self, name: &str) -> Option<&Datum> {
        let mut next = self.bound.as_ref();
        while let Some(bound) = next {
            if bound.name == name {
                return Some(bound.datum);
            }
            next = bound.outer;
        }
        None
    }

    /// The place of an expression of this source.
    pub(crate) fn place(&self, formula: &Formula) -> Place {
        Place::new(self.source, formula.span)
    }

    /// `formula` as written, on one line.
    pub(crate) fn written(&self, formula: &Formula) -> String {
        self.source.slice(formula.span).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// `formula` as a hole.
    pub(crate) fn hole(&self, formula: &Formula, reason: impl Into<String>) -> Datum {
        Datum::Hole(Hole::new(self.written(formula), reason, self.place(formula)))
    }

    /// `formula` as a hole where evaluation itself fails.
    pub(crate) fn failure(&self, formula: &Formula, reason: impl Into<String>) -> Datum {
        Datum::Hole(Hole { fails: true, ..Hole::new(self.written(formula), reason, self.place(formula)) })
    }

    /// `formula` as a hole for the same reason as `cause`.
    pub(crate) fn hole_like(&self, formula: &Formula, cause: &Hole) -> Datum {
        Datum::Hole(Hole {
            name: self.written(formula),
            reason: cause.reason.clone(),
            place: cause.place.clone(),
            reference: cause.reference.clone(),
            known: Box::default(),
            fails: cause.fails,
        })
    }

    /// The value of `formula`.
    pub(crate) fn evaluate(&self, formula: &Formula) -> Datum {
        if self.depth > DEEPEST {
            return self.hole(formula, "it refers to itself, or is nested too deeply");
        }
        let deeper = Environment { depth: self.depth + 1, bound: self.bound, ..*self };
        let datum = if self.fuel.burn(1) { Some(deeper.step(formula)) } else { None };
        match datum.filter(|datum| !is_copied(&formula.kind) || self.fuel.burn(datum.weight())) {
            Some(datum) => datum,
            None => self.hole(formula, "working it out takes too long"),
        }
    }

    fn step(&self, formula: &Formula) -> Datum {
        match &formula.kind {
            Kind::Null => Datum::Null,
            Kind::Bool(yes) => Datum::Bool(*yes),
            Kind::Number(number) => Datum::Number(*number),
            Kind::Text(text) => Datum::text(text),
            Kind::Template(pieces) => self.template(formula, pieces),
            Kind::Name(_) | Kind::Member(..) | Kind::Index(..) => self.chain(formula),
            Kind::Splat(source, tail) => self.splat(source, tail),
            Kind::List(items) => Datum::List(items.iter().flat_map(|item| self.item(item)).collect()),
            Kind::Object(entries) => self.object(formula, entries),
            Kind::Call(call) => self.call(formula, call),
            Kind::Choice(choice) => self.choice(formula, choice),
            Kind::Not(inner) => operation::not(self, formula, inner),
            Kind::Minus(inner) => operation::minus(self, formula, inner),
            Kind::Binary(operator, sides) => operation::binary(self, formula, *operator, sides),
            Kind::For(comprehension) => self.comprehension(formula, comprehension),
            Kind::Spread(inner) => self.evaluate(inner),
            Kind::Lambda(..) => self.hole(formula, "a function is no value"),
            Kind::Opaque => self.hole(formula, "fedcred does not understand this expression"),
        }
    }

    fn template(&self, formula: &Formula, pieces: &[Formula]) -> Datum {
        if let [one] = pieces
            && !matches!(one.kind, Kind::Text(_))
        {
            return self.evaluate(one);
        }
        let texts: Vec<Datum> = pieces.iter().map(|piece| self.evaluate(piece)).collect();
        let failed = texts.iter().find(|text| self.strict && text.fails()).and_then(Datum::first_hole);
        failed.map_or_else(|| self.joined(formula, &texts), |hole| self.hole_like(formula, &hole))
    }

    fn item(&self, item: &Formula) -> Vec<Datum> {
        match (&item.kind, self.evaluate(item)) {
            (Kind::Spread(_), Datum::List(items)) => items,
            (_, datum) => vec![datum],
        }
    }

    fn object(&self, formula: &Formula, entries: &[(Formula, Formula)]) -> Datum {
        let mut map = BTreeMap::new();
        for (key, value) in entries {
            if matches!(key.kind, Kind::Spread(_)) {
                match self.evaluate(value) {
                    Datum::Map(more) => map.extend(more),
                    Datum::Hole(hole) => return self.hole_like(formula, &hole),
                    Datum::Null | Datum::Bool(_) | Datum::Number(_) | Datum::Text(_) | Datum::List(_) => {}
                }
                continue;
            }
            let name = self.evaluate(key);
            match (name.to_key(), name.first_hole()) {
                (Some(name), _) => drop(map.insert(name, self.evaluate(value))),
                (None, Some(hole)) => return self.hole_like(formula, &hole),
                (None, None) => return self.failure(formula, "a key is no text"),
            }
        }
        Datum::Map(map)
    }

    fn call(&self, formula: &Formula, call: &Call) -> Datum {
        if let Some(answer) = self.scope.call_lazily(self, formula, call) {
            return answer;
        }
        let mut arguments: Vec<Datum> =
            call.arguments.iter().map(|argument| self.evaluate(argument)).collect();
        if call.expand
            && let Some(last) = arguments.pop()
        {
            match last {
                Datum::List(more) => arguments.extend(more),
                Datum::Hole(hole) => return self.hole_like(formula, &hole),
                Datum::Null | Datum::Bool(_) | Datum::Number(_) | Datum::Text(_) | Datum::Map(_) => {}
            }
        }
        match self.scope.call(self, &call.name, &Arguments::new(arguments)) {
            Ok(datum) => datum,
            Err(Trouble::Unknown(hole)) => self.hole_like(formula, &hole),
            Err(Trouble::Unsupported) => {
                self.hole(formula, format!("fedcred does not evaluate {}()", call.name))
            }
            Err(Trouble::AtRun(reason)) => self.hole(formula, reason),
            Err(Trouble::TooLarge(reason)) => self.hole(formula, reason),
            Err(Trouble::Wrong) => {
                self.failure(formula, format!("{}() is called with something else", call.name))
            }
        }
    }

    fn choice(&self, formula: &Formula, choice: &Choice) -> Datum {
        let condition = self.evaluate(&choice.condition);
        match (condition.truth(), condition.first_hole()) {
            (Some(true), _) => self.evaluate(&choice.yes),
            (Some(false), _) => self.evaluate(&choice.no),
            (None, Some(hole)) => {
                let (yes, no) = (self.evaluate(&choice.yes), self.evaluate(&choice.no));
                if yes.same(&no) == Some(true) { yes } else { self.hole_like(formula, &hole) }
            }
            (None, None) => self.failure(formula, "the condition is neither true nor false"),
        }
    }
}

/// Whether the value is made or copied there; the others are made of values that were counted already.
const fn is_copied(kind: &Kind) -> bool {
    match kind {
        Kind::Text(_)
        | Kind::Template(_)
        | Kind::Name(_)
        | Kind::Member(..)
        | Kind::Index(..)
        | Kind::Call(_) => true,
        Kind::Null
        | Kind::Bool(_)
        | Kind::Number(_)
        | Kind::Splat(..)
        | Kind::List(_)
        | Kind::Object(_)
        | Kind::Choice(_)
        | Kind::Not(_)
        | Kind::Minus(_)
        | Kind::Binary(..)
        | Kind::For(_)
        | Kind::Spread(_)
        | Kind::Lambda(..)
        | Kind::Opaque => false,
    }
}
