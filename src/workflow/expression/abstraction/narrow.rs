//! Conditions: whether they hold, and what follows for named paths when they do.

use super::{AbstractContext, Fact, Truth, evaluate};
use crate::workflow::expression::Expr;

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
    Condition { truth: evaluate(expr, context).truth(), facts: Vec::new() }
}
