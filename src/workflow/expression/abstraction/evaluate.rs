//! Evaluation over abstract values: the value and, in the same pass, what follows where it is truthy or not.

use super::{
    AbstractContext, AbstractObject, AbstractValue, Case, Kind, Rest, Truth,
    compare::compare,
    fact::Facts,
    function::{apply, where_truthy},
    narrow,
};
use crate::workflow::expression::{Comparison, Expr, ExprKind, Function, Value};

/// Every value that `expr` can have in the runs that `context` stands for.
#[must_use]
pub fn evaluate(expr: &Expr, context: &AbstractContext) -> AbstractValue {
    outcome(expr, context).value
}

/// A value, and the facts where it is truthy and where it is not; `None` where that cannot be.
pub(super) struct Outcome {
    pub(super) value: AbstractValue,
    pub(super) truthy: Option<Facts>,
    pub(super) falsy: Option<Facts>,
}

impl Outcome {
    /// The outcome whose facts are those that `facts` finds; they are asked for only where they matter.
    pub(super) fn new(value: AbstractValue, facts: impl Fn(bool) -> Option<Facts>) -> Self {
        let truth = value.truth();
        let truthy = (truth != Truth::False).then(|| facts(true)).flatten();
        let falsy = (truth != Truth::True).then(|| facts(false)).flatten();
        Self { value, truthy, falsy }
    }

    /// An outcome from which nothing follows.
    fn plain(value: AbstractValue) -> Self {
        Self::new(value, |_| Some(Facts::default()))
    }
}

/// The name of an unknown result: the path, else the function.
fn name(expr: &Expr) -> String {
    match (&expr.kind, expr.path()) {
        (_, Some(path)) => path.join("."),
        (ExprKind::Call { function, .. }, None) => format!("{}(...)", function.name()),
        (ExprKind::Filter(of) | ExprKind::Index { of, .. }, None) => format!("{}.*", name(of)),
        (
            ExprKind::Literal(_)
            | ExprKind::Context(_)
            | ExprKind::Not(_)
            | ExprKind::Compare { .. }
            | ExprKind::And(_)
            | ExprKind::Or(_),
            None,
        ) => "expression".to_owned(),
    }
}

pub(super) fn outcome(expr: &Expr, context: &AbstractContext) -> Outcome {
    match &expr.kind {
        ExprKind::Literal(value) => Outcome::plain(AbstractValue::exact(value.clone())),
        ExprKind::Context(name) => Outcome::plain(context.value(name)),
        ExprKind::Index { of, key } => {
            let value = index(&evaluate(of, context), &evaluate(key, context), &name(expr));
            narrow::of_path(expr, value, context)
        }
        ExprKind::Filter(of) => Outcome::plain(filter(&evaluate(of, context), &name(expr))),
        ExprKind::Not(operand) => {
            let Outcome { value, truthy, falsy } = outcome(operand, context);
            let truth = value.truth();
            let empty = value.cases.is_empty();
            let value = super::compare::bools(truth != Truth::True && !empty, truth != Truth::False);
            Outcome { value, truthy: falsy, falsy: truthy }
        }
        ExprKind::Compare { operator, left, right } => comparison(*operator, left, right, context),
        ExprKind::And(operands) => chain(operands, context, false),
        ExprKind::Or(operands) => chain(operands, context, true),
        ExprKind::Call { function: Function::Case, arguments } => Outcome::plain(case(arguments, context)),
        ExprKind::Call { function, arguments } => {
            let values: Vec<_> = arguments.iter().map(|argument| evaluate(argument, context)).collect();
            let value = apply(*function, &values, &name(expr), context);
            narrow::of_call(*function, arguments, &values, value, context)
        }
    }
}

fn comparison(operator: Comparison, left: &Expr, right: &Expr, context: &AbstractContext) -> Outcome {
    let values = (evaluate(left, context), evaluate(right, context));
    let value = compare(operator, &values.0, &values.1);
    match operator {
        Comparison::Equal => narrow::of_equality((left, right), &values, value, context, true),
        Comparison::NotEqual => narrow::of_equality((left, right), &values, value, context, false),
        Comparison::Less | Comparison::LessOrEqual | Comparison::Greater | Comparison::GreaterOrEqual => {
            Outcome::plain(value)
        }
    }
}

/// `||` stops at the first truthy operand (`stop`), `&&` at the first that is not. Each operand is evaluated where those
/// before it did not stop.
fn chain(operands: &[Expr], context: &AbstractContext, stop: bool) -> Outcome {
    let mut context = context.clone();
    let mut cases = Vec::new();
    let mut passed = Some(Facts::default());
    let mut stopped: Option<Facts> = None;
    for (at, operand) in operands.iter().enumerate() {
        let Some(before) = &passed else { break };
        let Outcome { value, truthy, falsy } = outcome(operand, &context);
        let (stops, passes) = if stop { (truthy, falsy) } else { (falsy, truthy) };
        if at + 1 == operands.len() {
            cases.extend(value.cases);
        } else {
            cases.extend(value.cases.iter().flat_map(|case| where_truthy(case, stop)));
        }
        if let Some(facts) = stops {
            let facts = before.and(&facts);
            stopped = Some(stopped.map_or_else(|| facts.clone(), |stopped| stopped.or(&facts)));
        }
        if let Some(facts) = &passes {
            context = context.assume(&facts.all);
        }
        passed = passes.map(|facts| before.and(&facts));
    }
    let (truthy, falsy) = if stop { (stopped, passed) } else { (passed, stopped) };
    Outcome { value: AbstractValue::of(cases), truthy, falsy }
}

/// The values behind the conditions that can be true. A condition that is no boolean fails.
fn case(arguments: &[Expr], context: &AbstractContext) -> AbstractValue {
    let mut context = context.clone();
    let mut result = AbstractValue::default();
    for pair in arguments.chunks(2) {
        match pair {
            [condition, value] => {
                let Outcome { value: condition, truthy, falsy } = outcome(condition, &context);
                let can = |wanted: bool| {
                    condition.cases.iter().any(|case| match case {
                        Case::Exact(Value::Bool(value)) => *value == wanted,
                        Case::Unknown { kind, .. } => *kind == Kind::Any,
                        Case::Exact(_) | Case::Text(_) | Case::Object(_) => false,
                    })
                };
                if let Some(facts) = truthy.filter(|_| can(true)) {
                    result = result.or(evaluate(value, &context.assume(&facts.all)));
                }
                let Some(facts) = falsy.filter(|_| can(false)) else { break };
                context = context.assume(&facts.all);
            }
            [default] => result = result.or(evaluate(default, &context)),
            _ => {}
        }
    }
    result
}

/// `of[key]`; `name` is what an unknown result is called.
pub(super) fn index(of: &AbstractValue, key: &AbstractValue, name: &str) -> AbstractValue {
    let pairs = of.cases.iter().flat_map(|of| key.cases.iter().map(move |key| (of, key)));
    AbstractValue::of(pairs.flat_map(|(of, key)| index_case(of, key, name).cases))
}

fn index_case(of: &Case, key: &Case, name: &str) -> AbstractValue {
    match (of, key) {
        (Case::Exact(of), Case::Exact(key)) => AbstractValue::exact(of.index(key)),
        (Case::Exact(of), _) if of.is_primitive() => AbstractValue::exact(Value::Null),
        (Case::Exact(Value::Array(array)), _) if array.filtered => AbstractValue::unknown(name),
        (Case::Exact(of), _) => match of.filter() {
            Value::Array(items) => AbstractValue::one_of(items.items.iter().cloned().chain([Value::Null])),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => {
                AbstractValue::unknown(name)
            }
        },
        (Case::Text(_) | Case::Unknown { kind: Kind::Text, .. }, _) => AbstractValue::exact(Value::Null),
        (Case::Object(object), Case::Exact(key)) if key.is_primitive() => object.get(&key.to_text()),
        (Case::Object(_), Case::Exact(_)) => AbstractValue::exact(Value::Null),
        (Case::Object(object), _) => any_property(object, name),
        (Case::Unknown { name: of, .. }, Case::Exact(key)) if key.is_primitive() => {
            AbstractValue::unknown(format!("{of}.{}", key.to_text()))
        }
        (Case::Unknown { .. }, _) => AbstractValue::unknown(name),
    }
}

fn any_property(object: &AbstractObject, name: &str) -> AbstractValue {
    match object.rest {
        Rest::Missing => object
            .known
            .iter()
            .fold(AbstractValue::exact(Value::Null), |all, (_, value)| all.or(value.clone())),
        Rest::Unknown(kind) => AbstractValue { cases: vec![Case::Unknown { name: name.to_owned(), kind }] }
            .or(object.known.iter().fold(AbstractValue::default(), |all, (_, value)| all.or(value.clone()))),
    }
}

fn filter(of: &AbstractValue, name: &str) -> AbstractValue {
    AbstractValue::of(of.cases.iter().map(|case| match case {
        Case::Exact(value) => Case::Exact(value.filter()),
        Case::Text(_) | Case::Unknown { kind: Kind::Text, .. } => Case::Exact(Value::filtered(Vec::new())),
        Case::Object(_) | Case::Unknown { kind: Kind::Any, .. } => {
            Case::Unknown { name: name.to_owned(), kind: Kind::Any }
        }
    }))
}
