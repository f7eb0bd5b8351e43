//! Parses operators: what binds tighter, and what stands before and between operands.
//!
//! Source: `TokenFlags` in PowerShell/PowerShell `engine/parser/token.cs`.

use super::{expression::LONGEST_CHAIN, parser::Parser, syntax::Expression};
use crate::text::Span;

/// The operators that are words; those of no other number compare, split, join and replace.
const WORDS: [(&str, u8); 10] = [
    ("and", 1),
    ("or", 1),
    ("xor", 1),
    ("band", 2),
    ("bor", 2),
    ("bxor", 2),
    ("bnot", 2),
    ("shl", 2),
    ("shr", 2),
    ("f", 12),
];

impl Parser<'_> {
    pub(super) fn expression(&mut self) -> Expression {
        let condition = self.climb(0);
        let before = self.cursor;
        self.skip_blanks();
        if self.cursor.at > before.at && self.cursor.sees("? ") {
            self.cursor.bump();
            let yes = self.nested(|parser| Some(parser.climb(0)));
            self.skip_blanks();
            if self.cursor.eat(":")
                && let Some(yes) = yes
                && let Some(no) = self.nested(|parser| Some(parser.expression()))
            {
                return Expression::Choice { condition: condition.into(), yes: yes.into(), no: no.into() };
            }
        }
        self.cursor = before;
        condition
    }

    /// Operands joined by operators that bind at least so tight.
    fn climb(&mut self, least: u8) -> Expression {
        let start = self.cursor.at;
        let mut left = self.unary();
        let mut length = 0;
        loop {
            let before = self.cursor;
            self.skip_blanks();
            let Some((operator, tightness)) = self.operator().filter(|(_, tightness)| *tightness >= least)
            else {
                self.cursor = before;
                return left;
            };
            self.skip_lines();
            let right = self.climb(tightness + 1);
            let span = Span::new(start, self.cursor.at);
            length += 1;
            left = if length > LONGEST_CHAIN {
                Expression::Opaque(span)
            } else {
                Expression::Binary { operator, left: Box::new(left), right: Box::new(right), span }
            };
        }
    }

    fn unary(&mut self) -> Expression {
        self.skip_blanks();
        let start = self.cursor.at;
        let keyword = self.keyword();
        let sign = match keyword.as_str() {
            word @ ("-not" | "-join") => word,
            _ if self.cursor.sees("!") => "!",
            _ if self.cursor.sees("-") && !self.cursor.sees("--") && !keyword.starts_with("--") => "-",
            _ => return self.operand_list(),
        };
        if sign == "-" && self.cursor.peek_second().is_some_and(char::is_alphabetic) {
            return self.operand_list();
        }
        self.cursor.at += sign.len();
        let empty = || Expression::Opaque(Span::new(start, start));
        let inner = Box::new(self.nested(|parser| Some(parser.unary())).unwrap_or_else(empty));
        let span = Span::new(start, self.cursor.at);
        match sign {
            "-" => {
                let left = Box::new(Expression::Number(0));
                Expression::Binary { operator: "-".to_owned(), left, right: inner, span }
            }
            "-join" => {
                let right = Box::new(Expression::Text(Vec::new(), span));
                Expression::Binary { operator: "join".to_owned(), left: inner, right, span }
            }
            _ => Expression::Not(inner),
        }
    }

    fn operator(&mut self) -> Option<(String, u8)> {
        for (sign, tightness) in [("..", 13), ("??", 7), ("*", 10), ("/", 10), ("%", 10), ("+", 9)] {
            let is_other =
                self.cursor.rest().get(sign.len()..).is_some_and(|rest| rest.starts_with(['=', '+']));
            if self.cursor.sees(sign) && !is_other {
                self.cursor.at += sign.len();
                return Some((sign.to_owned(), tightness));
            }
        }
        if !self.cursor.sees("-") || self.cursor.sees("--") || self.cursor.sees("-=") {
            return None;
        }
        self.cursor.bump();
        let word = self.cursor.eat_while(char::is_alphabetic).to_ascii_lowercase();
        if word.is_empty() {
            return Some(("-".to_owned(), 9));
        }
        let tightness = WORDS.iter().find(|(name, _)| *name == word).map_or(5, |(_, tightness)| *tightness);
        Some((word, tightness))
    }
}
