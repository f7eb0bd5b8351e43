//! Scalars that hold `${{ }}`, and conditions, which are expressions without it.

use super::{Expr, ExprKind, Function, Scope, SyntaxError, SyntaxProblem, Value, parse};
use crate::text::Span;

/// What a scalar's text is.
#[derive(Clone, Debug, PartialEq)]
pub enum Template {
    /// Plain text.
    Literal(String),
    /// An expression; text around it has become a call of `format`. Spans are in bytes of the scalar's text.
    Expression(Expr),
}

const OPEN: &str = "${{";

/// Reads the text of a scalar.
///
/// A single segment that is a quoted text is that text; several segments become `format('...{0}...', ...)`.
///
/// Source: actions/runner `src/Sdk/WorkflowParser/ObjectTemplating/TemplateReader.cs` (`ParseScalar`).
///
/// # Errors
/// An expression that is not closed, is empty, or cannot be read.
pub fn template(text: &str, scope: &Scope<'_>) -> Result<Template, SyntaxError> {
    let segments = segments(text, scope)?;
    match segments.as_slice() {
        [] => Ok(Template::Literal(text.to_owned())),
        [Segment::Text(literal)] => Ok(Template::Literal((*literal).to_owned())),
        [Segment::Expression(Expr { kind: ExprKind::Literal(Value::String(literal)), .. })] => {
            Ok(Template::Literal(literal.to_string()))
        }
        [Segment::Expression(expr)] => Ok(Template::Expression(expr.clone())),
        _ => Ok(Template::Expression(formatted(segments, text.len()))),
    }
}

/// Reads the text of an `if`, with or without `${{ }}`. Without a status function it becomes `success() && (...)`.
///
/// Source: actions/runner `WorkflowTemplateConverter.cs` (`ConvertToIfCondition`).
///
/// # Errors
/// As for [`template`].
pub fn condition(text: &str, scope: &Scope<'_>) -> Result<Expr, SyntaxError> {
    let expr = match text.contains(OPEN).then(|| template(text, scope)).transpose()? {
        Some(Template::Expression(expr)) => expr,
        Some(Template::Literal(literal)) => {
            let whole = |error: SyntaxError| SyntaxError { span: Span::new(0, text.len()), ..error };
            parse(&literal, scope).map_err(whole)?
        }
        None => parse(text, scope)?,
    };
    let blank = expr.kind == ExprKind::Literal(Value::Null) && text.trim().is_empty();
    let span = expr.span;
    let success = Expr { kind: ExprKind::Call { function: Function::Success, arguments: Vec::new() }, span };
    if blank {
        return Ok(success);
    }
    if expr.has_status_function() {
        return Ok(expr);
    }
    let operands = match expr {
        Expr { kind: ExprKind::And(operands), .. } => std::iter::once(success).chain(operands).collect(),
        other => vec![success, other],
    };
    Ok(Expr { kind: ExprKind::And(operands), span })
}

enum Segment<'a> {
    Text(&'a str),
    Expression(Expr),
}

fn segments<'a>(text: &'a str, scope: &Scope<'_>) -> Result<Vec<Segment<'a>>, SyntaxError> {
    let mut segments = Vec::new();
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find(OPEN)) {
        let start = at + found;
        if let Some(before) = text.get(at..start).filter(|before| !before.is_empty()) {
            segments.push(Segment::Text(before));
        }
        let inside = start + OPEN.len();
        let body = text.get(inside..).unwrap_or("");
        let Some(length) = closing(body) else {
            return Err(SyntaxError {
                problem: SyntaxProblem::NotClosed,
                span: Span::new(start, text.len()),
            });
        };
        at = inside + length + 2;
        let body = body.get(..length).unwrap_or("");
        if body.trim().is_empty() {
            return Err(SyntaxError { problem: SyntaxProblem::Empty, span: Span::new(start, at) });
        }
        let expr = parse(body, scope);
        let mut expr = expr.map_err(|error| SyntaxError { span: moved(error.span, inside), ..error })?;
        shift(&mut expr, inside);
        segments.push(Segment::Expression(expr));
    }
    if let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty() && !segments.is_empty()) {
        segments.push(Segment::Text(rest));
    }
    Ok(segments)
}

/// Where the first `}}` outside quotes begins.
fn closing(body: &str) -> Option<usize> {
    let mut quoted = false;
    let mut last = None;
    for (at, char) in body.char_indices() {
        match char {
            '\'' => quoted = !quoted,
            '}' if !quoted && last == Some('}') => return at.checked_sub(1),
            _ => {}
        }
        last = Some(char);
    }
    None
}

fn formatted(segments: Vec<Segment<'_>>, length: usize) -> Expr {
    let mut text = String::new();
    let mut arguments = Vec::new();
    for segment in segments {
        match segment {
            Segment::Text(literal) => text.push_str(&literal.replace('{', "{{").replace('}', "}}")),
            Segment::Expression(expr) => {
                text.push_str(&format!("{{{}}}", arguments.len()));
                arguments.push(expr);
            }
        }
    }
    let span = Span::new(0, length);
    arguments.insert(0, Expr::literal(Value::from(text), span));
    Expr { kind: ExprKind::Call { function: Function::Format, arguments }, span }
}

const fn moved(span: Span, by: usize) -> Span {
    Span::new(span.start + by, span.end + by)
}

fn shift(expr: &mut Expr, by: usize) {
    expr.span = moved(expr.span, by);
    match &mut expr.kind {
        ExprKind::Literal(_) | ExprKind::Context(_) => {}
        ExprKind::Index { of, key } => [of, key].into_iter().for_each(|part| shift(part, by)),
        ExprKind::Filter(of) | ExprKind::Not(of) => shift(of, by),
        ExprKind::Compare { left, right, .. } => [left, right].into_iter().for_each(|part| shift(part, by)),
        ExprKind::And(parts) | ExprKind::Or(parts) | ExprKind::Call { arguments: parts, .. } => {
            parts.iter_mut().for_each(|part| shift(part, by));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::expression::{Context, Object, evaluate};

    fn value(text: &str) -> Value {
        let context = Context::from([("a", Value::from("A"))].into_iter().collect::<Object>());
        match template(text, &Scope::ANY).unwrap() {
            Template::Literal(literal) => Value::from(literal),
            Template::Expression(expr) => evaluate(&expr, &context).unwrap(),
        }
    }

    #[test]
    fn braces_inside_quotes_do_not_close_an_expression() {
        assert_eq!(value("x ${{ '}}' }} {y} ${{ a }}"), Value::from("x }} {y} A"));
        assert_eq!(template("${{ 'it''s }}' }}", &Scope::ANY).unwrap(), Template::Literal("it's }}".into()));
        assert_eq!(value("plain }} text"), Value::from("plain }} text"));
    }

    #[test]
    fn spans_and_errors_point_into_the_scalar() {
        let error = |text: &str| template(text, &Scope::JOB).unwrap_err();
        assert_eq!(error("env-${{ secrets.X }}").span, Span::new(8, 15));
        assert_eq!(error("a ${{ b").problem, SyntaxProblem::NotClosed);
        assert_eq!(error("a ${{  }}").problem, SyntaxProblem::Empty);
        let Template::Expression(expr) = template("é${{ github.ref }}", &Scope::JOB).unwrap() else {
            panic!()
        };
        let arguments = expr.children();
        assert_eq!(arguments[1].span, Span::new(6, 16));
    }

    #[test]
    fn a_condition_asks_for_success_unless_it_asks_for_a_status_itself() {
        let calls = |text: &str| condition(text, &Scope::JOB_IF).unwrap();
        assert!(calls("").has_status_function());
        assert!(matches!(calls("github.ref == 'x'").kind, ExprKind::And(parts) if parts.len() == 2));
        assert!(matches!(calls("${{ !cancelled() }}").kind, ExprKind::Not(_)));
        assert!(
            matches!(calls("${{ true }} && false").kind, ExprKind::And(parts) if matches!(parts[1].kind, ExprKind::Call { function: Function::Format, .. }))
        );
        assert_eq!(condition("matrix.x", &Scope::JOB_IF).unwrap_err().span, Span::new(0, 6));
    }
}
