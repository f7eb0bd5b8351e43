//! Evaluation where everything is known.

use super::{Context, EvaluationError, EvaluationProblem, Expr, ExprKind, Function, Status, Value, call};
use crate::text::Span;

/// The value of `expr`.
///
/// # Errors
/// A function that fails on its arguments, or whose answer is not known.
pub fn evaluate(expr: &Expr, context: &Context) -> Result<Value, EvaluationError> {
    match &expr.kind {
        ExprKind::Literal(value) => Ok(value.clone()),
        ExprKind::Context(name) => Ok(context.value(name)),
        ExprKind::Index { of, key } => Ok(evaluate(of, context)?.index(&evaluate(key, context)?)),
        ExprKind::Filter(of) => Ok(evaluate(of, context)?.filter()),
        ExprKind::Not(operand) => Ok(Value::Bool(!evaluate(operand, context)?.is_truthy())),
        ExprKind::Compare { operator, left, right } => {
            let (left, right) = (evaluate(left, context)?, evaluate(right, context)?);
            Ok(Value::Bool(operator.holds(&left, &right)))
        }
        ExprKind::And(operands) => first(operands, context, false),
        ExprKind::Or(operands) => first(operands, context, true),
        ExprKind::Call { function: Function::Case, arguments } => case(arguments, context),
        ExprKind::Call { function, arguments } => apply(*function, arguments, expr.span, context),
    }
}

/// The first operand whose truth is `wanted`, else the last.
fn first(operands: &[Expr], context: &Context, wanted: bool) -> Result<Value, EvaluationError> {
    let mut value = Value::Null;
    for operand in operands {
        value = evaluate(operand, context)?;
        if value.is_truthy() == wanted {
            break;
        }
    }
    Ok(value)
}

/// The value behind the first true condition; the others are not evaluated.
///
/// Source: actions/runner commit 651077689 (2025-12-17).
fn case(arguments: &[Expr], context: &Context) -> Result<Value, EvaluationError> {
    for pair in arguments.chunks(2) {
        match pair {
            [condition, value] => match evaluate(condition, context)? {
                Value::Bool(true) => return evaluate(value, context),
                Value::Bool(false) => {}
                Value::Null | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
                    return Err(EvaluationError {
                        problem: EvaluationProblem::CaseNotBoolean,
                        span: condition.span,
                    });
                }
            },
            [default] => return evaluate(default, context),
            _ => {}
        }
    }
    Ok(Value::Null)
}

fn apply(
    function: Function,
    arguments: &[Expr],
    span: Span,
    context: &Context,
) -> Result<Value, EvaluationError> {
    let values =
        arguments.iter().map(|argument| evaluate(argument, context)).collect::<Result<Vec<_>, _>>()?;
    let value = match (function, context.status) {
        (Function::Always, _) => Ok(Value::Bool(true)),
        (Function::Success, Some(status)) => Ok(Value::Bool(status == Status::Success)),
        (Function::Failure, Some(status)) => Ok(Value::Bool(status == Status::Failure)),
        (Function::Cancelled, Some(status)) => Ok(Value::Bool(status == Status::Cancelled)),
        (function, _) => call(function, &values),
    };
    value.map_err(|problem| EvaluationError { problem, span })
}
