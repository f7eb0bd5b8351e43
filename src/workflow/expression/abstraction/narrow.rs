//! Conditions: whether they hold, and what follows for named paths when they do.

use super::{
    AbstractContext, AbstractValue, Case, Fact, Kind, Piece, Truth,
    compare::equal,
    context::without_start,
    evaluate::{Outcome, outcome},
    fact::Facts,
    function::where_truthy,
    text::{self, text_case},
};
use crate::workflow::expression::{Expr, Function, Value, parse_number};

/// Whether a condition holds, and what is known once it does.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// Whether it holds.
    pub truth: Truth,
    /// What follows when it holds, all of it at once; for [`AbstractContext::assume`].
    pub facts: Vec<Fact>,
}

/// Whether `expr` is truthy, and what follows for paths such as `github.ref` when it is.
#[must_use]
pub fn condition(expr: &Expr, context: &AbstractContext) -> Condition {
    let Outcome { value, truthy, .. } = outcome(expr, context);
    match truthy {
        Some(facts) => Condition { truth: value.truth(), facts: facts.all },
        None => Condition { truth: Truth::False, facts: Vec::new() },
    }
}

/// A path read as a condition.
pub(super) fn of_path(expr: &Expr, value: AbstractValue, context: &AbstractContext) -> Outcome {
    let path = expr.path();
    Outcome::new(value, |wanted| match &path {
        Some(path) => kept(path, context, &|case| where_truthy(case, wanted)),
        None => Some(Facts::default()),
    })
}

/// `left == right`, or `!=` where `equal` is false.
pub(super) fn of_equality(
    (left, right): (&Expr, &Expr),
    values: &(AbstractValue, AbstractValue),
    value: AbstractValue,
    context: &AbstractContext,
    equal: bool,
) -> Outcome {
    Outcome::new(value, |wanted| {
        let first = equality_facts(left, &values.1, context, wanted == equal)?;
        let second = equality_facts(right, &values.0, context, wanted == equal)?;
        Some(first.and(&second))
    })
}

fn equality_facts(
    side: &Expr,
    other: &AbstractValue,
    context: &AbstractContext,
    wanted: bool,
) -> Option<Facts> {
    let Some(path) = side.path() else { return Some(Facts::default()) };
    // To differ from a value that may be this or that says nothing about either.
    let different = match other.cases.as_slice() {
        [only] => std::slice::from_ref(only),
        _ => &[],
    };
    kept(&path, context, &|case| if wanted { equal_to(case, other) } else { different_from(case, different) })
}

/// `startsWith(path, 'text')` and `contains(list, path)`.
pub(super) fn of_call(
    function: Function,
    arguments: &[Expr],
    values: &[AbstractValue],
    value: AbstractValue,
    context: &AbstractContext,
) -> Outcome {
    Outcome::new(value, |wanted| call_facts(function, arguments, values, context, wanted))
}

fn call_facts(
    function: Function,
    arguments: &[Expr],
    values: &[AbstractValue],
    context: &AbstractContext,
    wanted: bool,
) -> Option<Facts> {
    let nothing = Some(Facts::default());
    let ([first, second], [list, prefix]) = (arguments, values) else { return nothing };
    if function == Function::StartsWith
        && let (Some(path), Some(prefix)) =
            (first.path(), prefix.as_exact().filter(|value| value.is_primitive()))
    {
        let prefix = prefix.to_text();
        return kept(&path, context, &|case| begins(case, &prefix, wanted));
    }
    if function == Function::Contains
        && let (Some(Value::Array(items)), Some(path)) = (list.as_exact(), second.path())
    {
        let items = AbstractValue::of(items.items.iter().cloned().map(Case::Exact));
        return kept(&path, context, &|case| {
            if wanted { equal_to(case, &items) } else { different_from(case, &items.cases) }
        });
    }
    nothing
}

/// The facts when only what `keep` leaves of each case is possible at `path`; `None` where nothing is left.
fn kept(path: &[&str], context: &AbstractContext, keep: &dyn Fn(&Case) -> Vec<Case>) -> Option<Facts> {
    let canonical: Vec<String> = path.iter().map(|name| name.to_ascii_lowercase()).collect();
    let refs = context.at(&["github", "ref"]);
    let known = !refs.cases.iter().any(|case| matches!(case, Case::Unknown { .. }));
    match canonical.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["github", "ref_name"] if known => {
            changed(&["github", "ref"], &refs, &|case| by_name(case, keep), context)
        }
        ["github", "ref_type"] if known => {
            changed(&["github", "ref"], &refs, &|case| by_type(case, keep), context)
        }
        whole @ ["github", "ref"] => changed(whole, &refs, keep, context),
        _ => changed(path, &context.at(path), keep, context),
    }
}

fn changed(
    path: &[&str],
    value: &AbstractValue,
    keep: &dyn Fn(&Case) -> Vec<Case>,
    context: &AbstractContext,
) -> Option<Facts> {
    let left = AbstractValue::of(value.cases.iter().flat_map(keep));
    match left.cases.as_slice() {
        [] => None,
        _ if left == *value || !can_be_set(path, &left, context) => Some(Facts::default()),
        _ => Some(Facts::one(path, left)),
    }
}

/// A path through something that may be no object tells about its end only where that is not null.
fn can_be_set(path: &[&str], value: &AbstractValue, context: &AbstractContext) -> bool {
    let objects = (1..path.len()).filter_map(|length| path.get(..length)).all(|parent| {
        let parent = context.at(parent);
        matches!(parent.cases.as_slice(), [Case::Object(_)])
    });
    let null = |case: &Case| match case {
        Case::Exact(value) => *value == Value::Null,
        Case::Unknown { .. } => true,
        Case::Text(_) | Case::Object(_) => false,
    };
    objects || !value.cases.iter().any(null)
}

const STARTS: [&str; 3] = ["refs/heads/", "refs/tags/", "refs/pull/"];

fn by_name(case: &Case, keep: &dyn Fn(&Case) -> Vec<Case>) -> Vec<Case> {
    let found = STARTS.iter().find_map(|start| Some((start, without_start(case, start)?)));
    let Some((start, name)) = found else { return vec![case.clone()] };
    let whole = |name: &Case| {
        let start = Piece::Literal((*start).to_owned());
        text_case(std::iter::once(start).chain(name.to_pieces()).collect())
    };
    keep(&name).iter().map(whole).collect()
}

fn by_type(case: &Case, keep: &dyn Fn(&Case) -> Vec<Case>) -> Vec<Case> {
    let types = [("refs/heads/", "branch"), ("refs/tags/", "tag")];
    let found = types.iter().find(|(start, _)| without_start(case, start).is_some());
    let possible = found.is_none_or(|(_, name)| !keep(&Case::Exact(Value::from(*name))).is_empty());
    if possible { vec![case.clone()] } else { Vec::new() }
}

/// What is left of a case where it equals `other`.
fn equal_to(case: &Case, other: &AbstractValue) -> Vec<Case> {
    let candidates = other.cases.iter().filter(|other| equal(case, other) != Truth::False);
    candidates.flat_map(|other| equal_to_case(case, other)).collect()
}

fn equal_to_case(case: &Case, other: &Case) -> Vec<Case> {
    let exact = |text: &str| vec![Case::Exact(Value::from(text))];
    match (case, other) {
        (Case::Text(pieces), Case::Exact(Value::String(text))) if text::can_be_exactly(pieces, text) => {
            exact(text)
        }
        (Case::Unknown { kind: Kind::Text, .. }, Case::Exact(Value::String(text))) if text.is_empty() => {
            vec![Case::Exact(Value::Null), Case::Exact(Value::from(""))]
        }
        (Case::Unknown { kind: Kind::Text, .. }, Case::Exact(Value::String(text))) => exact(text),
        // A text that is no number equals nothing but a text.
        (Case::Unknown { kind: Kind::Any, .. }, Case::Exact(Value::String(text)))
            if parse_number(text).is_nan() =>
        {
            exact(text)
        }
        (Case::Exact(_) | Case::Text(_) | Case::Object(_) | Case::Unknown { .. }, _) => vec![case.clone()],
    }
}

/// What is left of a case where it equals none of `others`.
fn different_from(case: &Case, others: &[Case]) -> Vec<Case> {
    let mut left = case.clone();
    for other in others {
        match (&left, other) {
            (Case::Exact(_), other) if equal(&left, other) == Truth::True => return Vec::new(),
            (Case::Text(pieces), Case::Exact(Value::String(wanted))) => left = text::without(pieces, wanted),
            (Case::Exact(_) | Case::Text(_) | Case::Object(_) | Case::Unknown { .. }, _) => {}
        }
    }
    vec![left]
}

/// What is left of a case where it begins with `prefix`, or where it does not.
fn begins(case: &Case, prefix: &str, wanted: bool) -> Vec<Case> {
    match (case, wanted) {
        (Case::Exact(value), _) => {
            let holds = crate::workflow::expression::call(
                Function::StartsWith,
                &[value.clone(), Value::from(prefix)],
            );
            let agrees = holds.is_ok_and(|holds| holds.is_truthy() == wanted);
            if agrees { vec![case.clone()] } else { Vec::new() }
        }
        (Case::Text(pieces), _) => match (text::starts_with(pieces, prefix), wanted) {
            (Truth::True, true) | (Truth::False, false) => vec![case.clone()],
            (Truth::False, true) | (Truth::True, false) => Vec::new(),
            (Truth::Maybe, true) => text::beginning(pieces, prefix).into_iter().collect(),
            (Truth::Maybe, false) => vec![text::not_beginning(pieces, prefix)],
        },
        (Case::Object(_), true) => Vec::new(),
        (Case::Object(_), false) | (Case::Unknown { .. }, _) => vec![case.clone()],
    }
}
