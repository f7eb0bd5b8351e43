//! Texts with interpolations and directives: `${...}`, `%{ if }`, `%{ for }`, and the strip marks `~`.

use hcl_edit::template::{Directive, Element, ForDirective, IfDirective, Strip, Template};

use super::convert::formula;
use crate::{
    text::Span,
    trust::read::formula::{Choice, Comprehension, Formula, Gather, Kind},
};

/// The pieces of a template, in order.
pub(super) fn pieces(template: &Template, span: Span) -> Vec<Formula> {
    let mut pieces = Vec::new();
    let mut strip_next = false;
    for element in template.iter() {
        let (mut piece, first, last) = match element {
            Element::Literal(text) => {
                (Formula::new(span, Kind::Text(text.value().clone())), Strip::None, Strip::None)
            }
            Element::Interpolation(part) => (formula(&part.expr, span), part.strip, part.strip),
            Element::Directive(directive) => match directive.as_ref() {
                Directive::If(branch) => {
                    (choice(branch, span), branch.if_expr.strip, branch.endif_expr.strip)
                }
                Directive::For(rule) => (repeat(rule, span), rule.for_expr.strip, rule.endfor_expr.strip),
            },
        };
        if strip_next && matches!(element, Element::Literal(_)) {
            trim_start(&mut piece);
        }
        if before(first)
            && let Some(previous) = pieces.last_mut()
        {
            trim_end(previous);
        }
        strip_next = after(last);
        pieces.push(piece);
    }
    pieces
}

fn choice(branch: &IfDirective, span: Span) -> Formula {
    let closing = branch.endif_expr.strip;
    let middle = branch.else_expr.as_ref().map_or(closing, |other| other.strip);
    let yes = body(&branch.if_expr.template, after(branch.if_expr.strip), before(middle), span);
    let no = branch.else_expr.as_ref().map_or_else(
        || Formula::new(span, Kind::Text(String::new())),
        |other| body(&other.template, after(other.strip), before(closing), span),
    );
    let condition = formula(&branch.if_expr.cond_expr, span);
    Formula::new(span, Kind::Choice(Box::new(Choice { condition, yes, no })))
}

fn repeat(rule: &ForDirective, span: Span) -> Formula {
    let head = &rule.for_expr;
    Formula::new(
        span,
        Kind::For(Box::new(Comprehension {
            key_name: head.key_var.as_ref().map(|name| name.value().to_string()),
            value_name: head.value_var.value().to_string(),
            over: formula(&head.collection_expr, span),
            key: None,
            value: body(&head.template, after(head.strip), before(rule.endfor_expr.strip), span),
            condition: None,
            gather: Gather::Joined,
        })),
    )
}

fn body(template: &Template, start: bool, end: bool, span: Span) -> Formula {
    let mut pieces = pieces(template, span);
    if let (true, Some(first)) = (start, pieces.first_mut()) {
        trim_start(first);
    }
    if let (true, Some(last)) = (end, pieces.last_mut()) {
        trim_end(last);
    }
    Formula::new(span, Kind::Template(pieces))
}

const fn before(strip: Strip) -> bool {
    matches!(strip, Strip::Start | Strip::Both)
}

const fn after(strip: Strip) -> bool {
    matches!(strip, Strip::End | Strip::Both)
}

fn trim_start(piece: &mut Formula) {
    if let Kind::Text(text) = &mut piece.kind {
        *text = text.trim_start().to_owned();
    }
}

fn trim_end(piece: &mut Formula) {
    if let Kind::Text(text) = &mut piece.kind {
        *text = text.trim_end().to_owned();
    }
}
