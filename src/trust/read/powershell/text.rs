//! Parses texts: quotes, here-strings, interpolation, and bare words.

use super::{
    parser::Parser,
    syntax::{Expression, Piece},
};
use crate::text::Span;

/// What may stand before the name of a variable without making it another one.
const SCOPES: [&str; 6] = ["script", "global", "local", "private", "using", "variable"];

impl Parser<'_> {
    /// `'...'`; a doubled quote is one.
    pub(super) fn single(&mut self) -> Expression {
        let start = self.cursor.at;
        self.cursor.bump();
        let mut pieces = Vec::new();
        loop {
            let from = self.cursor.at;
            let text = self.cursor.eat_while(|c| c != '\'').to_owned();
            pieces.push(Piece::Plain(text, Span::new(from, self.cursor.at)));
            let quote = self.cursor.at;
            self.cursor.eat("'");
            if !self.cursor.eat("'") {
                return Expression::Text(pieces, Span::new(start, self.cursor.at));
            }
            pieces.push(Piece::Plain("'".into(), Span::new(quote, self.cursor.at)));
        }
    }

    /// `"..."`.
    pub(super) fn double(&mut self) -> Expression {
        let start = self.cursor.at;
        self.cursor.bump();
        let mut pieces = Vec::new();
        while let Some(c) = self.cursor.peek() {
            let at = self.cursor.at;
            if c == '"' {
                self.cursor.bump();
                if !self.cursor.eat("\"") {
                    break;
                }
                pieces.push(Piece::Plain("\"".into(), Span::new(at, self.cursor.at)));
            } else {
                self.piece(c, &mut pieces, "\n", |c| c == '"');
            }
        }
        Expression::Text(pieces, Span::new(start, self.cursor.at))
    }

    /// `@'...'@` and `@"..."@`, whose ends stand at the beginning of a line.
    pub(super) fn here(&mut self, quote: char) -> Expression {
        let start = self.cursor.at;
        self.cursor.eat_while(|c| c != '\n');
        self.cursor.eat("\n");
        let outer = self.cursor.end;
        let end = format!("\n{quote}@");
        let rest = self.cursor.rest();
        // The line break before the end is no part of the text; an empty text has none.
        let empty = rest.starts_with(end.trim_start());
        let length = if empty { 0 } else { rest.find(&end).unwrap_or(rest.len()) };
        self.cursor.end = self.cursor.at + length;
        let mut pieces = Vec::new();
        if quote == '\'' {
            let text = self.cursor.rest().trim_end_matches('\r').to_owned();
            pieces.push(Piece::Plain(text, Span::new(self.cursor.at, self.cursor.end)));
        } else {
            while let Some(c) = self.cursor.peek() {
                self.piece(c, &mut pieces, "\n", |_| false);
            }
        }
        self.cursor.at = self.cursor.end;
        self.cursor.end = outer;
        self.cursor.eat(if empty { end.trim_start() } else { &end });
        Expression::Text(pieces, Span::new(start, self.cursor.at))
    }

    /// One piece of a text in which variables count; `line_break` is what a back-tick at the end of a line stands for. Between quotes
    /// the line break stays.
    ///
    /// Source: `ScanStringExpandable` and `Backtick` in PowerShell/PowerShell `engine/parser/tokenizer.cs`.
    fn piece(&mut self, c: char, pieces: &mut Vec<Piece>, line_break: &str, stops: impl Fn(char) -> bool) {
        let start = self.cursor.at;
        match c {
            '`' => {
                self.cursor.bump();
                let escaped = match self.cursor.bump() {
                    Some('n') => "\n".to_owned(),
                    Some('t') => "\t".to_owned(),
                    Some('r') => "\r".to_owned(),
                    Some('\n') => line_break.to_owned(),
                    None => String::new(),
                    Some(other) => other.to_string(),
                };
                pieces.push(Piece::Plain(escaped, Span::new(start, self.cursor.at)));
            }
            '$' => match self.interpolated() {
                Some(expression) => pieces.push(Piece::Expression(expression)),
                None => {
                    self.cursor.bump();
                    pieces.push(Piece::Plain("$".into(), Span::new(start, self.cursor.at)));
                }
            },
            _ => {
                let taken = self.cursor.eat_while(|c| c != '`' && c != '$' && !stops(c)).to_owned();
                if taken.is_empty() {
                    self.cursor.bump();
                }
                pieces.push(Piece::Plain(taken, Span::new(start, self.cursor.at)));
            }
        }
    }

    /// `$name`, `${name}`, `$env:NAME` or `$(...)` at the cursor.
    fn interpolated(&mut self) -> Option<Expression> {
        if self.cursor.sees("$(") {
            self.cursor.at += 2;
            let block = self.nested(|parser| parser.block(')'));
            self.cursor.eat(")");
            return Some(Expression::Statements(block));
        }
        self.variable()
    }

    /// A variable at the cursor; its name loses its scope, but not `env:` or another drive: `$repo:ref` is no `$repo`.
    ///
    /// Source: <https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_variables>, "variable names that
    /// include special characters", and `ScanVariable` in PowerShell/PowerShell `engine/parser/tokenizer.cs`.
    pub(super) fn variable(&mut self) -> Option<Expression> {
        let before = self.cursor;
        self.cursor.bump();
        let mut name = if self.cursor.eat("{") {
            let name = self.cursor.eat_while(|c| c != '}').to_owned();
            self.cursor.eat("}");
            name
        } else {
            let mut name = self.cursor.eat_while(|c| c.is_alphanumeric() || c == '_').to_owned();
            if name.is_empty() && (self.cursor.eat("_") || self.cursor.eat("?")) {
                "_".clone_into(&mut name);
            }
            let scoped = self.cursor.sees(":")
                && self.cursor.peek_second().is_some_and(|c| c.is_alphanumeric() || c == '_');
            if scoped && !name.is_empty() {
                name.push_str(self.cursor.eat_while(|c| c.is_alphanumeric() || c == '_' || c == ':'));
            }
            name
        };
        if name.is_empty() {
            self.cursor = before;
            return None;
        }
        name.make_ascii_lowercase();
        let bare = match name.split_once(':') {
            Some((scope, bare)) if SCOPES.contains(&scope) => bare.to_owned(),
            _ => name,
        };
        Some(Expression::Variable(bare, Span::new(before.at, self.cursor.at)))
    }

    /// A word without quotes, in which variables count and quotes may stand.
    pub(super) fn bare(&mut self) -> Expression {
        let start = self.cursor.at;
        let mut pieces = Vec::new();
        while let Some(c) = self.cursor.peek() {
            match c {
                '"' => pieces.push(Piece::Expression(self.double())),
                '\'' => pieces.push(Piece::Expression(self.single())),
                ' ' | '\t' | '\r' | '\n' | ';' | '|' | ')' | '}' | '(' | '{' | ',' => break,
                _ => self.piece(c, &mut pieces, "", |c| " \t\r\n;|)}({,\"'".contains(c)),
            }
        }
        Expression::Text(pieces, Span::new(start, self.cursor.at))
    }
}
