//! Turns HCL expressions into formulas.

use hcl_edit::{
    Decorated, Span as _,
    expr::{
        BinaryOperator, Expression, ForExpr, FuncCall, FuncName, ObjectKey, Traversal, TraversalOperator,
        UnaryOperator,
    },
};

use super::directive;
use crate::{
    text::Span,
    trust::read::formula::{Call, Choice, Comprehension, Formula, Gather, Kind, Operator},
};

/// From here on a floating-point number would change the digits.
const LARGEST: f64 = 9_007_199_254_740_992.0;

/// The formula of `expression`; `outer` is the span of what holds it, for parts that know no span.
pub(super) fn formula(expression: &Expression, outer: Span) -> Formula {
    let span = expression.span().map_or(outer, |range| Span::new(range.start, range.end));
    let inner = |expression: &Expression| formula(expression, span);
    let boxed = |expression: &Expression| Box::new(formula(expression, span));
    let kind = match expression {
        Expression::Null(_) => Kind::Null,
        Expression::Bool(yes) => Kind::Bool(*yes.value()),
        Expression::Number(number) => match (number.value().as_u64(), number.value().as_f64()) {
            (_, Some(small)) if small.abs() < LARGEST => Kind::Number(small),
            (Some(large), _) => Kind::Text(large.to_string()),
            _ => Kind::Opaque,
        },
        Expression::String(text) => Kind::Text(text.value().clone()),
        Expression::Array(items) => Kind::List(items.iter().map(inner).collect()),
        Expression::Object(object) => {
            Kind::Object(object.iter().map(|(name, value)| (key(name, span), inner(value.expr()))).collect())
        }
        Expression::StringTemplate(template) => Kind::Template(directive::pieces(template, span)),
        Expression::HeredocTemplate(heredoc) => Kind::Template(directive::pieces(&heredoc.template, span)),
        Expression::Parenthesis(parenthesis) => return inner(parenthesis.inner()),
        Expression::Variable(name) => Kind::Name(name.value().to_string()),
        Expression::Conditional(choice) => Kind::Choice(Box::new(Choice {
            condition: inner(&choice.cond_expr),
            yes: inner(&choice.true_expr),
            no: inner(&choice.false_expr),
        })),
        Expression::FuncCall(call) => Kind::Call(function(call, span)),
        Expression::Traversal(traversal) => return chain(traversal, span),
        Expression::UnaryOp(operation) => match operation.operator.value() {
            UnaryOperator::Neg => Kind::Minus(boxed(&operation.expr)),
            UnaryOperator::Not => Kind::Not(boxed(&operation.expr)),
        },
        Expression::BinaryOp(operation) => Kind::Binary(
            operator(*operation.operator.value()),
            Box::new((inner(&operation.lhs_expr), inner(&operation.rhs_expr))),
        ),
        Expression::ForExpr(rule) => comprehension(rule, span),
    };
    Formula::new(span, kind)
}

fn key(key: &ObjectKey, span: Span) -> Formula {
    match key {
        ObjectKey::Ident(name) => Formula::new(span, Kind::Text(name.value().to_string())),
        ObjectKey::Expression(Expression::Variable(name)) => {
            Formula::new(span, Kind::Text(name.value().to_string()))
        }
        ObjectKey::Expression(expression) => formula(expression, span),
    }
}

fn function(call: &FuncCall, span: Span) -> Call {
    Call {
        name: name(&call.name),
        arguments: call.args.iter().map(|argument| formula(argument, span)).collect(),
        expand: call.args.expand_final(),
    }
}

/// The name with its namespace; `core::` is that of Terraform's own functions, which go without one.
fn name(name: &FuncName) -> String {
    let spaces: Vec<&str> = name.namespace.iter().map(|space| space.value().as_str()).collect();
    match spaces.as_slice() {
        [] | ["core"] => name.name.value().to_string(),
        spaces => format!("{}::{}", spaces.join("::"), name.name.value()),
    }
}

fn chain(traversal: &Traversal, span: Span) -> Formula {
    follow(formula(&traversal.expr, span), &traversal.operators, span)
}

fn follow(start: Formula, operators: &[Decorated<TraversalOperator>], span: Span) -> Formula {
    let mut whole = start;
    for (at, operator) in operators.iter().enumerate() {
        let target = Box::new(whole);
        let kind = match operator.value() {
            TraversalOperator::GetAttr(name) => Kind::Member(target, name.value().to_string()),
            TraversalOperator::Index(index) => Kind::Index(target, Box::new(formula(index, span))),
            TraversalOperator::LegacyIndex(index) => {
                let index = Kind::Text(index.value().to_string());
                Kind::Index(target, Box::new(Formula::new(span, index)))
            }
            TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => {
                let behind = operators.get(at + 1..).unwrap_or_default();
                let (each, all) = behind.split_at(reach(operator.value(), behind));
                let tail = follow(Formula::new(span, Kind::Name("*".into())), each, span);
                return follow(Formula::new(span, Kind::Splat(target, Box::new(tail))), all, span);
            }
        };
        whole = Formula::new(span, kind);
    }
    whole.span = span;
    whole
}

/// How many steps behind a splat are taken from every element: all behind `[*]`, the attributes behind `.*`.
///
/// Source: <https://developer.hashicorp.com/terraform/language/expressions/splat#legacy-attribute-only-splat-expressions>.
fn reach(splat: &TraversalOperator, behind: &[Decorated<TraversalOperator>]) -> usize {
    let attribute =
        |step: &&Decorated<TraversalOperator>| matches!(step.value(), TraversalOperator::GetAttr(_));
    let all = matches!(splat, TraversalOperator::FullSplat(_));
    if all { behind.len() } else { behind.iter().take_while(attribute).count() }
}

fn comprehension(rule: &ForExpr, span: Span) -> Kind {
    Kind::For(Box::new(Comprehension {
        key_name: rule.intro.key_var.as_ref().map(|name| name.value().to_string()),
        value_name: rule.intro.value_var.value().to_string(),
        over: formula(&rule.intro.collection_expr, span),
        key: rule.key_expr.as_ref().map(|key| formula(key, span)),
        value: formula(&rule.value_expr, span),
        condition: rule.cond.as_ref().map(|condition| formula(&condition.expr, span)),
        gather: if rule.grouping { Gather::Grouped } else { Gather::Single },
    }))
}

const fn operator(operator: BinaryOperator) -> Operator {
    match operator {
        BinaryOperator::Eq => Operator::Equal,
        BinaryOperator::NotEq => Operator::Different,
        BinaryOperator::LessEq => Operator::LessEqual,
        BinaryOperator::GreaterEq => Operator::GreaterEqual,
        BinaryOperator::Less => Operator::Less,
        BinaryOperator::Greater => Operator::Greater,
        BinaryOperator::Plus => Operator::Plus,
        BinaryOperator::Minus => Operator::Minus,
        BinaryOperator::Mul => Operator::Times,
        BinaryOperator::Div => Operator::Over,
        BinaryOperator::Mod => Operator::Modulo,
        BinaryOperator::And => Operator::And,
        BinaryOperator::Or => Operator::Or,
    }
}
