//! Operators: comparison, logic and arithmetic, with what is unknown on either side.

use super::{Datum, Environment, Formula, Operator};

/// `!inner`.
pub(super) fn not(env: &Environment<'_>, formula: &Formula, inner: &Formula) -> Datum {
    let datum = env.evaluate(inner);
    match (datum.truth(), datum.first_hole()) {
        (Some(yes), _) => Datum::Bool(!yes),
        (None, Some(hole)) => env.hole_like(formula, &hole),
        (None, None) => env.failure(formula, "it is neither true nor false"),
    }
}

/// `-inner`.
pub(super) fn minus(env: &Environment<'_>, formula: &Formula, inner: &Formula) -> Datum {
    let datum = env.evaluate(inner);
    match (datum.number(), datum.first_hole()) {
        (Some(number), _) => Datum::Number(-number),
        (None, Some(hole)) => env.hole_like(formula, &hole),
        (None, None) => env.failure(formula, "it is no number"),
    }
}

/// `left operator right`.
pub(super) fn binary(
    env: &Environment<'_>,
    formula: &Formula,
    operator: Operator,
    sides: &(Formula, Formula),
) -> Datum {
    let left = env.evaluate(&sides.0);
    match (operator, left.truth(), &left) {
        (Operator::And, Some(false), _) => return Datum::Bool(false),
        (Operator::Or, Some(true), _) => return Datum::Bool(true),
        (Operator::Else, _, Datum::Null) => return env.evaluate(&sides.1),
        (Operator::Else, _, Datum::Hole(hole)) if hole.fails => return env.evaluate(&sides.1),
        (Operator::Else, ..) => return left,
        _ => {}
    }
    let right = env.evaluate(&sides.1);
    if let Some(known) = apply(operator, &left, &right) {
        return known;
    }
    match left.first_hole().or_else(|| right.first_hole()) {
        Some(hole) => env.hole_like(formula, &hole),
        None => env.failure(formula, "the operator does not fit these values"),
    }
}

fn apply(operator: Operator, left: &Datum, right: &Datum) -> Option<Datum> {
    Some(match operator {
        Operator::Equal => Datum::Bool(left.same(right)?),
        Operator::Different => Datum::Bool(!left.same(right)?),
        Operator::Alike => Datum::Bool(alike(left, right)?),
        Operator::Unlike => Datum::Bool(!alike(left, right)?),
        Operator::And => match (left.truth(), right.truth()) {
            (_, Some(false)) => Datum::Bool(false),
            (left, right) => Datum::Bool(left? && right?),
        },
        Operator::Or => match (left.truth(), right.truth()) {
            (_, Some(true)) => Datum::Bool(true),
            (left, right) => Datum::Bool(left? || right?),
        },
        Operator::Else => left.clone(),
        Operator::Less => Datum::Bool(left.number()? < right.number()?),
        Operator::LessEqual => Datum::Bool(left.number()? <= right.number()?),
        Operator::Greater => Datum::Bool(left.number()? > right.number()?),
        Operator::GreaterEqual => Datum::Bool(left.number()? >= right.number()?),
        Operator::Plus => Datum::Number(left.number()? + right.number()?),
        Operator::Minus => Datum::Number(left.number()? - right.number()?),
        Operator::Times => Datum::Number(left.number()? * right.number()?),
        Operator::Over => Datum::Number(left.number()? / right.number()?),
        Operator::Modulo => Datum::Number(left.number()? % right.number()?),
    })
}

fn alike(left: &Datum, right: &Datum) -> Option<bool> {
    Some(left.to_key()?.to_lowercase() == right.to_key()?.to_lowercase())
}
