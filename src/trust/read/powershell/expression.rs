//! Parses expressions and the words of commands.

use super::{
    parser::Parser,
    syntax::{Argument, Block, Expression, Piece},
};
use crate::text::Span;

/// Operators and members in a row: more are not followed.
pub(super) const LONGEST_CHAIN: usize = 200;

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
            } else if self.cursor.sees(".$") {
                self.cursor.bump();
                let key = self.variable().unwrap_or_else(opaque);
                let span = Span::new(start, self.cursor.at);
                value = Expression::Index { object: Box::new(value), key: Box::new(key), span };
            } else if self.cursor.sees("[") && is_indexed(&value) {
                self.cursor.bump();
                let key = self.nested(|parser| Some(parser.expression())).unwrap_or_else(opaque);
                self.skip_past(']');
                let span = Span::new(start, self.cursor.at);
                value = Expression::Index { object: Box::new(value), key: Box::new(key), span };
            } else if (self.cursor.sees("++") || self.cursor.sees("--"))
                && let Expression::Variable(name, _) = &value
            {
                let by = if self.cursor.sees("++") { 1 } else { -1 };
                self.cursor.at += 2;
                return Expression::Count { name: name.clone(), by, span: Span::new(start, self.cursor.at) };
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
                Some('(') => Expression::Listed(self.statements()),
                _ => self.bare(),
            },
            Some('$') if self.cursor.peek_second() == Some('(') => Expression::Statements(self.statements()),
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
            Some('[') => self.typed(),
            Some('0'..='9') => self.number(),
            _ => self.bare(),
        }
    }

    fn statements(&mut self) -> Block {
        self.cursor.at += 2;
        let block = self.block(')');
        self.cursor.eat(")");
        block
    }

    /// A whole number; any other word that begins with a digit is not followed.
    fn number(&mut self) -> Expression {
        let before = self.cursor;
        let digits = self.cursor.eat_while(|c| c.is_ascii_digit());
        let goes_on = self.cursor.peek().is_some_and(|c| c.is_alphanumeric() || c == '_')
            || (self.cursor.sees(".") && self.cursor.peek_second().is_some_and(|c| c.is_ascii_digit()));
        match digits.parse() {
            Ok(number) if !goes_on => Expression::Number(number),
            _ => {
                self.cursor = before;
                self.bare();
                Expression::Opaque(Span::new(before.at, self.cursor.at))
            }
        }
    }

    /// `[kind]::name(...)`, `[kind]::name` or `[kind]value`.
    fn typed(&mut self) -> Expression {
        let start = self.cursor.at;
        let kind = self.kind();
        self.skip_blanks();
        if self.cursor.eat("::") {
            let name = self.cursor.eat_while(|c| c.is_alphanumeric() || c == '_').to_ascii_lowercase();
            let arguments = if self.cursor.sees("(") { self.call() } else { Vec::new() };
            return Expression::Static { kind, name, arguments, span: Span::new(start, self.cursor.at) };
        }
        let opaque = Expression::Opaque(Span::new(start, self.cursor.at));
        let value = self.nested(|parser| Some(parser.operand())).unwrap_or(opaque);
        Expression::Cast { kind, value: Box::new(value), span: Span::new(start, self.cursor.at) }
    }

    /// The key of an entry: a word, a text or an expression.
    fn key(&mut self) -> Expression {
        let start = self.cursor.at;
        let key = match self.cursor.peek() {
            Some('$' | '"' | '\'' | '(') => self.operand(),
            _ => {
                let name = self.cursor.eat_while(|c| c != '=' && c != '\n' && c != '}').trim().to_owned();
                let span = Span::new(start, start + name.len());
                Expression::Text(vec![Piece::Plain(name, span)], span)
            }
        };
        self.skip_blanks();
        key
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
            let name = self.key();
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

/// Whether a bracket right behind it takes an element of it.
const fn is_indexed(value: &Expression) -> bool {
    matches!(
        value,
        Expression::Variable(..)
            | Expression::Text(..)
            | Expression::Member { .. }
            | Expression::Index { .. }
            | Expression::Pipeline(_)
            | Expression::Listed(_)
            | Expression::Statements(_)
    )
}
