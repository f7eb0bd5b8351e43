//! `==`, `<` and the conversions they make first.

use std::sync::Arc;

use super::{
    Comparison, Value,
    value::{fold, same_text},
};

/// How two values are ordered by `<` and `>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// `left < right`
    Less,
    /// Neither.
    Same,
    /// `left > right`
    Greater,
    /// The kinds cannot be ordered, or one is NaN: every ordering is false.
    None,
}

/// Both sides after conversion to a common kind.
enum Pair<'a> {
    Nulls,
    Bools(bool, bool),
    Numbers(f64, f64),
    Texts(&'a str, &'a str),
    Arrays(&'a Arc<super::Array>, &'a Arc<super::Array>),
    Objects(&'a Arc<super::Object>, &'a Arc<super::Object>),
    Different,
}

/// Source: actions/runner `EvaluationResult.cs` (`CoerceTypes`): equal kinds stay, null, booleans and text become numbers.
fn pair<'a>(left: &'a Value, right: &'a Value) -> Pair<'a> {
    match (left, right) {
        (Value::Null, Value::Null) => Pair::Nulls,
        (Value::Bool(left), Value::Bool(right)) => Pair::Bools(*left, *right),
        (Value::String(left), Value::String(right)) => Pair::Texts(left, right),
        (Value::Array(left), Value::Array(right)) => Pair::Arrays(left, right),
        (Value::Object(left), Value::Object(right)) => Pair::Objects(left, right),
        _ if left.is_primitive() && right.is_primitive() => {
            Pair::Numbers(left.to_number(), right.to_number())
        }
        _ => Pair::Different,
    }
}

/// The language's `==`: text without regard to case, mixed kinds as numbers, collections by identity.
#[must_use]
pub fn equals(left: &Value, right: &Value) -> bool {
    match pair(left, right) {
        Pair::Nulls => true,
        Pair::Bools(left, right) => left == right,
        #[expect(clippy::float_cmp, reason = "the language compares doubles exactly")]
        Pair::Numbers(left, right) => left == right,
        Pair::Texts(left, right) => same_text(left, right),
        Pair::Arrays(left, right) => Arc::ptr_eq(left, right),
        Pair::Objects(left, right) => Arc::ptr_eq(left, right),
        Pair::Different => false,
    }
}

/// The language's order.
#[must_use]
pub fn ordered(left: &Value, right: &Value) -> Order {
    let order = match pair(left, right) {
        Pair::Bools(left, right) => left.cmp(&right),
        Pair::Numbers(left, right) => match left.partial_cmp(&right) {
            Some(order) => order,
            None => return Order::None,
        },
        Pair::Texts(left, right) => units(left).cmp(units(right)),
        Pair::Nulls | Pair::Arrays(..) | Pair::Objects(..) | Pair::Different => return Order::None,
    };
    match order {
        std::cmp::Ordering::Less => Order::Less,
        std::cmp::Ordering::Equal => Order::Same,
        std::cmp::Ordering::Greater => Order::Greater,
    }
}

/// .NET orders text by UTF-16 units.
fn units(text: &str) -> impl Iterator<Item = u16> {
    fold(text).flat_map(|char| {
        let mut buffer = [0; 2];
        let length = char.encode_utf16(&mut buffer).len();
        buffer.into_iter().take(length)
    })
}

impl Comparison {
    /// Whether the comparison holds.
    #[must_use]
    pub fn holds(self, left: &Value, right: &Value) -> bool {
        match self {
            Self::Equal => equals(left, right),
            Self::NotEqual => !equals(left, right),
            Self::Less => ordered(left, right) == Order::Less,
            Self::Greater => ordered(left, right) == Order::Greater,
            Self::LessOrEqual => ordered(left, right) == Order::Less || equals(left, right),
            Self::GreaterOrEqual => ordered(left, right) == Order::Greater || equals(left, right),
        }
    }
}
