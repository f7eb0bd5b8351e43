//! Evaluation over abstract values.

use super::{AbstractContext, AbstractValue};
use crate::workflow::expression::Expr;

/// Every value that `expr` can have in the runs that `context` stands for.
#[must_use]
pub fn evaluate(expr: &Expr, context: &AbstractContext) -> AbstractValue {
    let _ = context;
    AbstractValue::unknown(expr.path().unwrap_or_default().join("."))
}

pub(super) fn index(of: &AbstractValue, key: &AbstractValue, name: &str) -> AbstractValue {
    let _ = (of, key);
    AbstractValue::unknown(name)
}
