//! An expression of a definition file, whatever its language: one tree for Terraform, Bicep and ARM templates.

mod arguments;
mod chain;
mod collections;
mod comprehension;
mod datum;
mod encoded;
mod environment;
mod fuel;
mod long;
mod operation;
mod texts;

pub(crate) use arguments::{Arguments, Trouble};
pub(crate) use chain::Step;
pub(crate) use collections::{flatten, key_set, merge, set, unique, without};
pub(crate) use datum::{Datum, Hole};
pub(crate) use encoded::{decode_json, json_of};
pub(crate) use environment::{Environment, Resolved, Scope};
pub(crate) use fuel::Fuel;
pub(crate) use long::LongText;
pub(crate) use texts::{
    between, change_case, join, json, parse_csv, parse_json, parse_plain_yaml, parse_yaml, percent_encoded,
    replace, split,
};

use std::sync::Arc;

use crate::text::{Place, Source, Span};

/// An expression and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Formula {
    /// Its range in the source it was parsed from.
    pub(crate) span: Span,
    /// What it is.
    pub(crate) kind: Kind,
}

/// The kinds of expressions.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    /// Texts and values in a row, one text together.
    Template(Vec<Formula>),
    Name(String),
    Member(Box<Formula>, String),
    Index(Box<Formula>, Box<Formula>),
    /// `source[*].tail`; the tail starts from the name `*`.
    Splat(Box<Formula>, Box<Formula>),
    List(Vec<Formula>),
    Object(Vec<(Formula, Formula)>),
    Call(Call),
    Choice(Box<Choice>),
    Not(Box<Formula>),
    Minus(Box<Formula>),
    Binary(Operator, Box<(Formula, Formula)>),
    For(Box<Comprehension>),
    /// `...x` inside a list or an object.
    Spread(Box<Formula>),
    Lambda(Vec<String>, Box<Formula>),
    /// What the parser does not understand.
    Opaque,
}

/// A call of a function.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Call {
    /// The name, with its namespace if it has one.
    pub(crate) name: String,
    /// The arguments as written.
    pub(crate) arguments: Vec<Formula>,
    /// Whether the last argument is a list of further arguments.
    pub(crate) expand: bool,
}

/// `condition ? yes : no`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Choice {
    pub(crate) condition: Formula,
    pub(crate) yes: Formula,
    pub(crate) no: Formula,
}

/// A list, an object or a text made from every element of a collection.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Comprehension {
    /// The name of the key or of the position.
    pub(crate) key_name: Option<String>,
    /// The name of the element.
    pub(crate) value_name: String,
    /// What is gone through.
    pub(crate) over: Formula,
    /// The key of the result: makes it an object.
    pub(crate) key: Option<Formula>,
    /// The element of the result.
    pub(crate) value: Formula,
    /// Which elements are taken.
    pub(crate) condition: Option<Formula>,
    /// What becomes of the results.
    pub(crate) gather: Gather,
}

/// What becomes of the results of a comprehension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gather {
    /// One element each.
    Single,
    /// A list for each key.
    Grouped,
    /// All joined to one text.
    Joined,
}

/// Operators between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    Different,
    /// Bicep's `=~`, which ignores case.
    Alike,
    Unlike,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    And,
    Or,
    /// Bicep's `??`.
    Else,
    Plus,
    Minus,
    Times,
    Over,
    Modulo,
}

/// An expression together with its source.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Written {
    /// The expression.
    pub(crate) formula: Formula,
    /// The file it stands in.
    pub(crate) source: Arc<Source>,
}

impl Written {
    /// Where it stands.
    pub(crate) fn place(&self) -> Place {
        Place::new(&self.source, self.formula.span)
    }
}

impl Formula {
    /// `kind` at `span`.
    pub(crate) const fn new(span: Span, kind: Kind) -> Self {
        Self { span, kind }
    }

    /// The text, where it is a literal.
    pub(crate) fn literal(&self) -> Option<&str> {
        if let Kind::Text(text) = &self.kind {
            return Some(text);
        }
        let Kind::Template(pieces) = &self.kind else { return None };
        match pieces.as_slice() {
            [] => Some(""),
            [one] => one.literal(),
            _ => None,
        }
    }

    /// The same with every span changed: for text that was parsed apart from its file.
    pub(crate) fn moved(mut self, change: &dyn Fn(Span) -> Span) -> Self {
        self.move_spans(change);
        self
    }

    fn move_spans(&mut self, change: &dyn Fn(Span) -> Span) {
        self.span = change(self.span);
        let inner = |formula: &mut Self| formula.move_spans(change);
        match &mut self.kind {
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::Name(_) | Kind::Opaque => {}
            Kind::Template(items) | Kind::List(items) | Kind::Call(Call { arguments: items, .. }) => {
                items.iter_mut().for_each(inner);
            }
            Kind::Member(one, _)
            | Kind::Not(one)
            | Kind::Minus(one)
            | Kind::Spread(one)
            | Kind::Lambda(_, one) => inner(one),
            Kind::Index(one, other) | Kind::Splat(one, other) => {
                inner(one);
                inner(other);
            }
            Kind::Object(entries) => entries.iter_mut().for_each(|(key, value)| {
                inner(key);
                inner(value);
            }),
            Kind::Choice(choice) => {
                let Choice { condition, yes, no } = choice.as_mut();
                [condition, yes, no].into_iter().for_each(inner);
            }
            Kind::Binary(_, sides) => {
                inner(&mut sides.0);
                inner(&mut sides.1);
            }
            Kind::For(rule) => {
                let Comprehension { over, key, value, condition, .. } = rule.as_mut();
                [over, value].into_iter().chain(key).chain(condition).for_each(inner);
            }
        }
    }

    /// The name, where it is nothing but a name.
    pub(crate) fn name(&self) -> Option<&str> {
        if let Kind::Name(name) = &self.kind { Some(name) } else { None }
    }

    /// The call, where it is one of `function`.
    pub(crate) fn call_of(&self, function: &str) -> Option<&Call> {
        if let Kind::Call(call) = &self.kind { Some(call).filter(|call| call.name == function) } else { None }
    }

    /// What stands before the last member or index, and that step.
    pub(crate) fn last_step(&self) -> Option<(&Self, Step<'_>)> {
        if let Kind::Member(target, name) = &self.kind {
            Some((target, Step::Member(name)))
        } else if let Kind::Index(target, index) = &self.kind {
            Some((target, Step::Index(index)))
        } else {
            None
        }
    }

    /// The value of `key` in an object literal.
    pub(crate) fn entry(&self, key: &str) -> Option<&Self> {
        let Kind::Object(entries) = &self.kind else { return None };
        entries.iter().find(|(name, _)| name.literal() == Some(key)).map(|(_, value)| value)
    }

    /// Where it is written in `source`; of a quoted text, what stands between the quotes.
    pub(crate) fn inside(&self, source: &Arc<Source>) -> Place {
        let Span { start, end } = self.span;
        let text = source.slice(self.span);
        let quoted = text.len() >= 2
            && ['"', '\''].iter().any(|quote| text.starts_with(*quote) && text.ends_with(*quote));
        let raw = text.len() >= 6 && text.starts_with("'''") && text.ends_with("'''");
        let margin = if raw { 3 } else { usize::from(quoted) };
        Place::new(source, Span::new(start + margin, end - margin))
    }
}
