//! Parses expressions and the words of commands.

use super::{
    parser::Parser,
    syntax::{Argument, Expression, Piece},
};
use crate::text::Span;

/// Operators and members in a row: more are not followed.
const LONGEST_CHAIN: usize = 200;
/// Numbers of a range: more are not followed.
const LONGEST_RANGE: u32 = 1000;

impl Parser<'_> {
    pub(super) fn argument(&mut self) -> Argument {
        if self.cursor.sees("-")
            && !self.cursor.sees("--")
            && self.cursor.peek_second().is_some_and(char::is_alphabetic)
        {
            self.cursor.bump();
            let name = self.cursor.eat_while(|c| c.is_alphanumeric() || c == '_').to_ascii_lowercase();
            let value = self.cursor.eat(":").then(|| {
                self.skip_blanks();
                self.operand()
            });
            return Argument::Parameter { name, value };
        }
        if self.cursor.eat(">>") || self.cursor.eat(">") {
            self.skip_blanks();
            return Argument::Redirect(self.bare());
        }
        let splats =
            self.cursor.sees("@") && self.cursor.peek_second().is_some_and(|c| c.is_alphabetic() || c == '_');
        if splats {
            let before = self.cursor;
            self.cursor.bump();
            let name = self.cursor.name().to_ascii_lowercase();
            self.cursor = before;
            return Argument::Splat { name, text: self.bare() };
        }
        let plain = self.cursor.peek().is_some_and(|c| !"$@'\"({[".contains(c));
        Argument::Value(if plain { self.words() } else { self.operand_list() })
    }

    /// Bare words joined by commas.
    fn words(&mut self) -> Expression {
        let first = self.bare();
        if !self.cursor.sees(",") {
            if let Expression::Text(pieces, _) = &first
                && pieces.is_empty()
            {
                self.cursor.bump();
            }
            return first;
        }
        let mut items = vec![first];
        while self.cursor.eat(",") {
            self.skip_lines();
            items.push(self.operand());
        }
        Expression::Array(items)
    }

    /// Operands joined by commas.
    pub(super) fn operand_list(&mut self) -> Expression {
        self.skip_lines();
        let first = self.operand();
        let mut items = vec![first];
        loop {
            let before = self.cursor;
            self.skip_blanks();
            if !self.cursor.sees(",") {
                self.cursor = before;
                break;
            }
            self.cursor.bump();
            self.skip_lines();
            items.push(self.operand());
        }
        match (items.pop(), items.is_empty()) {
            (Some(only), true) => only,
            (last, _) => Expression::Array(items.into_iter().chain(last).collect()),
        }
    }

    pub(super) fn expression(&mut self) -> Expression {
        let start = self.cursor.at;
        self.skip_blanks();
        let denies = self.keyword() == "-not";
        if denies || self.cursor.eat("!") {
            if denies {
                self.cursor.at += 4;
            }
            self.skip_blanks();
            return Expression::Not(Box::new(
                self.nested(|parser| Some(parser.operand()))
                    .unwrap_or(Expression::Opaque(Span::new(start, start))),
            ));
        }
        let mut left = self.operand_list();
        let mut length = 0;
        loop {
            let before = self.cursor;
            self.skip_blanks();
            let operator = self.operator();
            if operator.is_empty() {
                self.cursor = before;
                return left;
            }
            self.skip_lines();
            let right = self.operand_list();
            let span = Span::new(start, self.cursor.at);
            length += 1;
            if length > LONGEST_CHAIN {
                left = Expression::Opaque(span);
                continue;
            }
            left = Expression::Binary { operator, left: Box::new(left), right: Box::new(right), span };
        }
    }

    fn operator(&mut self) -> String {
        if self.cursor.sees("+") && !self.cursor.sees("+=") && !self.cursor.sees("++") {
            self.cursor.bump();
            return "+".to_owned();
        }
        if !self.cursor.sees("-") || !self.cursor.peek_second().is_some_and(char::is_alphabetic) {
            return String::new();
        }
        self.cursor.bump();
        self.cursor.eat_while(char::is_alphabetic).to_ascii_lowercase()
    }

    pub(super) fn operand(&mut self) -> Expression {
        let start = self.cursor.at;
        let opaque = || Expression::Opaque(Span::new(start, start));
        let mut value = self.nested(|parser| Some(parser.primary())).unwrap_or_else(opaque);
        let mut length = 0;
        loop {
            length += 1;
            if length % LONGEST_CHAIN == 0 {
                value = Expression::Opaque(Span::new(start, self.cursor.at));
            }
            let member = self.cursor.sees(".")
                && self.cursor.peek_second().is_some_and(|c| c.is_alphabetic() || c == '_');
            if member {
                self.cursor.bump();
                let name = self.cursor.eat_while(|c| c.is_alphanumeric() || c == '_').to_owned();
                let arguments = self.cursor.sees("(").then(|| self.call());
                let span = Span::new(start, self.cursor.at);
                value = Expression::Member { object: Box::new(value), name, arguments, span };
            } else if self.cursor.sees("[")
                && matches!(
                    value,
                    Expression::Variable(..) | Expression::Member { .. } | Expression::Index { .. }
                )
            {
                self.cursor.bump();
                let key = self.nested(|parser| Some(parser.expression())).unwrap_or_else(opaque);
                self.skip_past(']');
                let span = Span::new(start, self.cursor.at);
                value = Expression::Index { object: Box::new(value), key: Box::new(key), span };
            } else if self.cursor.eat("..") {
                let last = self.nested(|parser| Some(parser.operand())).unwrap_or_else(opaque);
                value = range(&value, &last, Span::new(start, self.cursor.at));
            } else {
                return value;
            }
        }
    }

    fn call(&mut self) -> Vec<Expression> {
        self.cursor.bump();
        self.skip_lines();
        let list = if self.cursor.sees(")") {
            Vec::new()
        } else {
            match self.nested(|parser| Some(parser.expression())) {
                Some(Expression::Array(items)) => items,
                other => other.into_iter().collect(),
            }
        };
        self.skip_past(')');
        list
    }

    fn primary(&mut self) -> Expression {
        let start = self.cursor.at;
        match self.cursor.peek() {
            Some('\'') => self.single(),
            Some('"') => self.double(),
            Some('@') => match self.cursor.peek_second() {
                Some(quote @ ('"' | '\'')) => self.here(quote),
                Some('{') => self.table(),
                Some('(') => {
                    self.cursor.at += 2;
                    let block = self.block(')');
                    self.cursor.eat(")");
                    Expression::Statements(block)
                }
                _ => self.bare(),
            },
            Some('$') if self.cursor.peek_second() == Some('(') => {
                self.cursor.at += 2;
                let block = self.block(')');
                self.cursor.eat(")");
                Expression::Statements(block)
            }
            Some('$') => self.variable().unwrap_or_else(|| {
                self.cursor.bump();
                Expression::Opaque(Span::new(start, start + 1))
            }),
            Some('(') => {
                self.cursor.bump();
                self.skip_lines();
                let pipeline = self.pipeline();
                self.skip_past(')');
                Expression::Pipeline(Box::new(pipeline))
            }
            Some('{') => Expression::Block(self.braces().unwrap_or_default()),
            Some('[') => {
                self.skip_type();
                self.skip_blanks();
                if self.cursor.eat("::") {
                    self.cursor.eat_while(|c| c.is_alphanumeric() || c == '_');
                    let _: Vec<Expression> = if self.cursor.sees("(") { self.call() } else { Vec::new() };
                    return Expression::Opaque(Span::new(start, self.cursor.at));
                }
                self.primary_behind_type(start)
            }
            Some('0'..='9') => self.number(),
            _ => self.bare(),
        }
    }

    /// A number before `..`, else the whole word.
    fn number(&mut self) -> Expression {
        let before = self.cursor;
        let digits = self.cursor.eat_while(|c| c.is_ascii_digit()).to_owned();
        if !self.cursor.sees("..") {
            self.cursor = before;
            return self.bare();
        }
        let span = Span::new(before.at, self.cursor.at);
        Expression::Text(vec![Piece::Plain(digits, span)], span)
    }

    /// A cast changes nothing that matters here.
    fn primary_behind_type(&mut self, start: usize) -> Expression {
        let opaque = Expression::Opaque(Span::new(start, self.cursor.at));
        self.nested(|parser| Some(parser.operand())).unwrap_or(opaque)
    }

    fn table(&mut self) -> Expression {
        self.cursor.at += 2;
        let mut entries = Vec::new();
        loop {
            self.skip_lines();
            match self.cursor.peek() {
                None => return Expression::Table(entries),
                Some('}') => {
                    self.cursor.bump();
                    return Expression::Table(entries);
                }
                Some(_) => {}
            }
            let before = self.cursor.at;
            let name = self.cursor.eat_while(|c| c != '=' && c != '\n' && c != '}');
            let name = name.trim().trim_matches(['"', '\'']).to_owned();
            if self.cursor.eat("=") {
                self.skip_lines();
                entries.push((name, Expression::Pipeline(Box::new(self.nested(Self::pipeline)))));
            }
            if self.cursor.at == before {
                self.cursor.bump();
            }
        }
    }
}

/// The numbers `first..last`, up or down.
fn range(first: &Expression, last: &Expression, span: Span) -> Expression {
    let number = |expression: &Expression| {
        let Expression::Text(pieces, _) = expression else { return None };
        let [Piece::Plain(text, _)] = pieces.as_slice() else { return None };
        text.parse::<u32>().ok()
    };
    let (Some(first), Some(last)) = (number(first), number(last)) else { return Expression::Opaque(span) };
    if first.abs_diff(last) > LONGEST_RANGE {
        return Expression::Opaque(span);
    }
    let item = |number: u32| Expression::Text(vec![Piece::Plain(number.to_string(), span)], span);
    let up: Vec<Expression> = (first.min(last)..=first.max(last)).map(item).collect();
    Expression::Array(if first > last { up.into_iter().rev().collect() } else { up })
}
