//! Bicep's operators between two values and how strongly they bind.

use crate::trust::read::formula::Operator;

/// Longer marks stand before those they begin with.
const OPERATORS: [(&str, Operator, usize); 16] = [
    ("??", Operator::Else, 0),
    ("||", Operator::Or, 1),
    ("&&", Operator::And, 2),
    ("==", Operator::Equal, 3),
    ("!=", Operator::Different, 3),
    ("=~", Operator::Alike, 3),
    ("!~", Operator::Unlike, 3),
    ("<=", Operator::LessEqual, 4),
    (">=", Operator::GreaterEqual, 4),
    ("<", Operator::Less, 4),
    (">", Operator::Greater, 4),
    ("+", Operator::Plus, 5),
    ("-", Operator::Minus, 5),
    ("*", Operator::Times, 6),
    ("/", Operator::Over, 6),
    ("%", Operator::Modulo, 6),
];

/// The operator that `rest` begins with.
pub(super) fn at(rest: &str) -> Option<(&'static str, Operator, usize)> {
    OPERATORS.into_iter().find(|(mark, ..)| rest.starts_with(mark))
}
