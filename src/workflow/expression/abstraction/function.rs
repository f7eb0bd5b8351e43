//! Functions of abstract values.

use super::{
    AbstractContext, AbstractValue, Case, Kind, Piece, Truth,
    compare::{bools, equal, truth},
    text::{self, text_case},
};
use crate::workflow::expression::{EvaluationProblem, Function, Status, Value, call};

/// The most combinations of arguments that are tried one by one.
const COMBINATIONS: usize = 2048;

/// The results that a call can have; `name` is what an unknown result is called.
pub(super) fn apply(
    function: Function,
    arguments: &[AbstractValue],
    name: &str,
    context: &AbstractContext,
) -> AbstractValue {
    let status = |wanted: Status| {
        let is = || context.status.iter().map(move |status| *status == wanted);
        bools(is().any(|is| is), is().any(|is| !is))
    };
    match function {
        Function::Always => AbstractValue::exact(true),
        Function::Success => status(Status::Success),
        Function::Failure => status(Status::Failure),
        Function::Cancelled => status(Status::Cancelled),
        Function::HashFiles => hole(name),
        Function::Contains | Function::StartsWith | Function::EndsWith => each(arguments, name, |cases| {
            let found = test(function, cases);
            bools(found != Truth::False, found != Truth::True).cases
        }),
        Function::Format => each(arguments, name, |cases| format(cases, name)),
        Function::Join | Function::ToJson => {
            each(arguments, name, |cases| exact(function, cases, || hole(name)))
        }
        Function::FromJson | Function::Case => {
            each(arguments, name, |cases| exact(function, cases, || AbstractValue::unknown(name)))
        }
    }
}

/// A text that is not known.
fn hole(name: &str) -> AbstractValue {
    AbstractValue { cases: vec![Case::Text(vec![Piece::Hole(name.to_owned())])] }
}

/// The union over every combination of cases; too many are one unknown.
fn each(arguments: &[AbstractValue], name: &str, result: impl Fn(&[&Case]) -> Vec<Case>) -> AbstractValue {
    let count = arguments.iter().try_fold(1_usize, |count, argument| count.checked_mul(argument.cases.len()));
    if count.is_none_or(|count| count > COMBINATIONS) {
        return AbstractValue::unknown(name);
    }
    let mut combinations: Vec<Vec<&Case>> = vec![Vec::new()];
    for argument in arguments {
        combinations = combinations
            .into_iter()
            .flat_map(|before| argument.cases.iter().map(move |case| [before.clone(), vec![case]].concat()))
            .collect();
    }
    AbstractValue::of(combinations.iter().flat_map(|cases| result(cases)))
}

/// The result where every argument is exact, nothing where the call fails, else `otherwise`.
fn exact(function: Function, cases: &[&Case], otherwise: impl Fn() -> AbstractValue) -> Vec<Case> {
    match cases.iter().map(|case| case.as_exact().cloned()).collect::<Option<Vec<Value>>>() {
        Some(values) => call(function, &values).map(Case::Exact).into_iter().collect(),
        None => otherwise().cases,
    }
}

fn test(function: Function, cases: &[&Case]) -> Truth {
    let [subject, part] = cases else { return Truth::Maybe };
    match (subject, part) {
        (Case::Exact(subject), Case::Exact(part)) => {
            let holds = call(function, &[subject.clone(), part.clone()]);
            match holds {
                // Items that are collections are compared by identity.
                Ok(Value::Bool(false)) if !subject.is_primitive() && !part.is_primitive() => Truth::Maybe,
                Ok(value) => truth(value.is_truthy()),
                Err(_) => Truth::Maybe,
            }
        }
        (Case::Exact(Value::Array(array)), part) if function == Function::Contains => {
            let found = || array.items.iter().map(|item| equal(&Case::Exact(item.clone()), part));
            Truth::of(found().any(|truth| truth != Truth::False), found().all(|truth| truth != Truth::True))
        }
        (Case::Text(pieces), Case::Exact(part)) if part.is_primitive() => {
            let part = part.to_text();
            let test = if function == Function::StartsWith {
                text::starts_with
            } else if function == Function::EndsWith {
                text::ends_with
            } else {
                text::contains
            };
            test(pieces, &part)
        }
        (Case::Object(_), _) => Truth::False,
        (Case::Exact(_) | Case::Text(_) | Case::Unknown { .. }, _) => Truth::Maybe,
    }
}

/// The pieces of `format`: exact where everything is, nothing where it fails.
fn format(cases: &[&Case], name: &str) -> Vec<Case> {
    let Some((first, arguments)) = cases.split_first() else { return Vec::new() };
    let Some(pattern) = first.as_exact() else {
        return vec![Case::Text(vec![Piece::Hole(name.to_owned())])];
    };
    if cases.iter().all(|case| case.as_exact().is_some()) {
        return exact(Function::Format, cases, AbstractValue::default);
    }
    // Each argument leaves a mark that cannot occur in the pattern; the text is then cut at the marks.
    let mark = |at: usize| format!("\u{0}{at}\u{0}");
    let marked = |(at, case): (usize, &&Case)| match case.as_exact() {
        Some(value) => value.clone(),
        None => Value::from(mark(at)),
    };
    let values: Vec<Value> =
        std::iter::once(pattern.clone()).chain(arguments.iter().enumerate().map(marked)).collect();
    if values.iter().enumerate().any(|(at, value)| {
        cases.get(at).is_some_and(|case| case.as_exact().is_some()) && value.to_text().contains('\u{0}')
    }) {
        return vec![Case::Text(vec![Piece::Hole(name.to_owned())])];
    }
    match call(Function::Format, &values) {
        Ok(text) => vec![cut(&text.to_text(), arguments)],
        Err(EvaluationProblem::TooLarge { .. }) => vec![Case::Text(vec![Piece::Hole(name.to_owned())])],
        Err(_) => Vec::new(),
    }
}

fn cut(marked: &str, arguments: &[&Case]) -> Case {
    let pieces = marked.split('\u{0}').enumerate().flat_map(|(at, part)| {
        let argument =
            (at % 2 == 1).then(|| part.parse::<usize>().ok().and_then(|at| arguments.get(at))).flatten();
        argument.map_or_else(|| vec![Piece::Literal(part.to_owned())], |case| case.to_pieces())
    });
    text_case(pieces.collect())
}

/// What is left of a value where it is truthy, or where it is not.
pub(super) fn where_truthy(case: &Case, wanted: bool) -> Vec<Case> {
    let exact = |values: &[Value]| values.iter().cloned().map(Case::Exact).collect::<Vec<_>>();
    match (case, wanted) {
        (Case::Exact(value), _) if value.is_truthy() == wanted => vec![case.clone()],
        (Case::Exact(_), _) | (Case::Object(_), false) => Vec::new(),
        (Case::Text(_) | Case::Object(_), true) | (Case::Unknown { kind: Kind::Any, .. }, true) => {
            vec![case.clone()]
        }
        (Case::Text(_), false) if case.truth() == Truth::True => Vec::new(),
        (Case::Text(_), false) => exact(&[Value::from("")]),
        (Case::Unknown { name, kind: Kind::Text }, true) => vec![Case::Text(vec![Piece::Hole(name.clone())])],
        (Case::Unknown { kind: Kind::Text, .. }, false) => exact(&[Value::Null, Value::from("")]),
        (Case::Unknown { kind: Kind::Any, .. }, false) => exact(&[
            Value::Null,
            Value::Bool(false),
            Value::Number(0.0),
            Value::Number(f64::NAN),
            Value::from(""),
        ]),
    }
}
