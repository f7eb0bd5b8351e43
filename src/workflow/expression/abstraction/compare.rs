//! Comparisons of abstract values.

use super::{AbstractValue, Case, Piece, Truth, text};
use crate::workflow::expression::{Comparison, Value, equals};

/// The results that a comparison can have.
pub(super) fn compare(operator: Comparison, left: &AbstractValue, right: &AbstractValue) -> AbstractValue {
    let (mut can_be_true, mut can_be_false) = (false, false);
    for left in &left.cases {
        for right in &right.cases {
            let truth = compare_cases(operator, left, right);
            can_be_true |= truth != Truth::False;
            can_be_false |= truth != Truth::True;
            if can_be_true && can_be_false {
                return AbstractValue::any_bool();
            }
        }
    }
    bools(can_be_true, can_be_false)
}

/// The booleans that are possible.
pub(super) fn bools(can_be_true: bool, can_be_false: bool) -> AbstractValue {
    let possible = [(can_be_true, true), (can_be_false, false)];
    AbstractValue::one_of(possible.into_iter().filter_map(|(can, value)| can.then_some(value)))
}

fn compare_cases(operator: Comparison, left: &Case, right: &Case) -> Truth {
    match operator {
        Comparison::Equal => equal(left, right),
        Comparison::NotEqual => not(equal(left, right)),
        Comparison::Less | Comparison::LessOrEqual | Comparison::Greater | Comparison::GreaterOrEqual => {
            match (left.as_exact(), right.as_exact()) {
                (Some(left), Some(right)) if left.is_primitive() || right.is_primitive() => {
                    truth(operator.holds(left, right))
                }
                _ => Truth::Maybe,
            }
        }
    }
}

pub(super) const fn truth(value: bool) -> Truth {
    if value { Truth::True } else { Truth::False }
}

pub(super) const fn not(truth: Truth) -> Truth {
    match truth {
        Truth::True => Truth::False,
        Truth::False => Truth::True,
        Truth::Maybe => Truth::Maybe,
    }
}

/// Whether two cases are equal in the language's sense. Collections are equal by identity, which is not followed here.
pub(super) fn equal(left: &Case, right: &Case) -> Truth {
    match (left, right) {
        (Case::Exact(left), Case::Exact(right)) if left.is_primitive() || right.is_primitive() => {
            truth(equals(left, right))
        }
        (Case::Exact(Value::Number(number)), _) | (_, Case::Exact(Value::Number(number)))
            if number.is_nan() =>
        {
            Truth::False
        }
        (Case::Exact(value), Case::Text(pieces)) | (Case::Text(pieces), Case::Exact(value)) => {
            can(text_can_equal(pieces, value))
        }
        (Case::Text(left), Case::Text(right)) => can(text::can_be_equal(left, right)),
        (Case::Object(_), Case::Exact(value)) | (Case::Exact(value), Case::Object(_)) => {
            can(matches!(value, Value::Object(_)))
        }
        (Case::Object(_), Case::Text(_)) | (Case::Text(_), Case::Object(_)) => Truth::False,
        (Case::Exact(_), Case::Exact(_)) | (Case::Object(_), Case::Object(_)) => Truth::Maybe,
        (Case::Unknown { .. }, _) | (_, Case::Unknown { .. }) => Truth::Maybe,
    }
}

const fn can(can: bool) -> Truth {
    if can { Truth::Maybe } else { Truth::False }
}

fn text_can_equal(pieces: &[Piece], value: &Value) -> bool {
    match value {
        Value::String(wanted) => text::can_be(pieces, wanted),
        Value::Null | Value::Bool(_) | Value::Number(_) => text::can_be_number(pieces),
        Value::Array(_) | Value::Object(_) => false,
    }
}
