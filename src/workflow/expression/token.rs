//! Splits the text of an expression into tokens, as GitHub's own lexer does.

use super::number::parse_number;
use crate::text::Span;

/// A piece of the text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind {
    Open,
    Close,
    OpenIndex,
    CloseIndex,
    Comma,
    Dot,
    Star,
    /// `!`, `&&`, `<=` and so on.
    Operator(&'static str),
    Number(f64),
    Text(String),
    Null,
    Bool(bool),
    /// A name behind a dot.
    Property,
    /// A name before `(`.
    Function,
    /// Any other name.
    Name,
    /// What cannot be a token.
    Unexpected,
}

/// Every token of `text`, up to and with the first unexpected one.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut lexer = Lexer { text, at: 0, tokens: Vec::new() };
    while let Some(token) = lexer.next() {
        let stop = token.kind == TokenKind::Unexpected;
        lexer.tokens.push(token);
        if stop {
            break;
        }
    }
    lexer.tokens
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    tokens: Vec<Token>,
}

const TWO: [&str; 6] = ["!=", ">=", "<=", "==", "&&", "||"];
const ONE: [&str; 3] = ["!", ">", "<"];

impl Lexer<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn next(&mut self) -> Option<Token> {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
        let first = self.rest().chars().next()?;
        let token = match first {
            '(' => self.take(1, TokenKind::Open),
            ')' => self.take(1, TokenKind::Close),
            '[' => self.take(1, TokenKind::OpenIndex),
            ']' => self.take(1, TokenKind::CloseIndex),
            ',' => self.take(1, TokenKind::Comma),
            '*' => self.take(1, TokenKind::Star),
            '\'' => self.text_token(),
            '!' | '>' | '<' | '=' | '&' | '|' => self.operator(),
            '.' if !self.number_may_follow() => self.take(1, TokenKind::Dot),
            '.' | '-' | '+' | '0'..='9' => self.number(),
            _ => self.name(first),
        };
        Some(token)
    }

    fn take(&mut self, length: usize, kind: TokenKind) -> Token {
        let start = self.at;
        self.at += length;
        Token { kind, span: Span::new(start, self.at) }
    }

    /// A dot begins a number where an operand is wanted, else it reads a property.
    fn number_may_follow(&self) -> bool {
        self.tokens.last().is_none_or(|token| {
            matches!(
                token.kind,
                TokenKind::Comma | TokenKind::Open | TokenKind::OpenIndex | TokenKind::Operator(_)
            )
        })
    }

    fn operator(&mut self) -> Token {
        let rest = self.rest();
        let found = TWO.iter().chain(&ONE).copied().find(|operator| rest.starts_with(operator));
        match found {
            Some(operator) => self.take(operator.len(), TokenKind::Operator(operator)),
            None => {
                let length = 1 + word(rest.get(1..).unwrap_or(""), false);
                self.take(length, TokenKind::Unexpected)
            }
        }
    }

    fn number(&mut self) -> Token {
        let rest = self.rest();
        let length = 1 + word(rest.get(1..).unwrap_or(""), true);
        let number = parse_number(rest.get(..length).unwrap_or(""));
        self.take(length, if number.is_nan() { TokenKind::Unexpected } else { TokenKind::Number(number) })
    }

    fn text_token(&mut self) -> Token {
        let rest = self.rest();
        let mut value = String::new();
        let mut chars = rest.char_indices().skip(1).peekable();
        while let Some((at, char)) = chars.next() {
            if char == '\'' && chars.next_if(|(_, next)| *next == '\'').is_none() {
                return self.take(at + 1, TokenKind::Text(value));
            }
            value.push(char);
        }
        let length = rest.len();
        self.take(length, TokenKind::Unexpected)
    }

    fn name(&mut self, first: char) -> Token {
        let rest = self.rest();
        let length = first.len_utf8() + word(rest.get(first.len_utf8()..).unwrap_or(""), false);
        let (name, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
        let property = self.tokens.last().is_some_and(|token| token.kind == TokenKind::Dot);
        let kind = match name {
            _ if !legal(name) => TokenKind::Unexpected,
            _ if property => TokenKind::Property,
            "null" => TokenKind::Null,
            "true" => TokenKind::Bool(true),
            "false" => TokenKind::Bool(false),
            "NaN" => TokenKind::Number(f64::NAN),
            "Infinity" => TokenKind::Number(f64::INFINITY),
            _ if behind.trim_start().starts_with('(') => TokenKind::Function,
            _ => TokenKind::Name,
        };
        self.take(length, kind)
    }
}

/// How many bytes of `text` belong to the token before it.
fn word(text: &str, dots: bool) -> usize {
    let boundary = |char: char| {
        char.is_whitespace()
            || matches!(char, '(' | '[' | ')' | ']' | ',' | '!' | '>' | '<' | '=' | '&' | '|')
            || (char == '.' && !dots)
    };
    text.find(boundary).unwrap_or(text.len())
}

/// `[a-zA-Z_][a-zA-Z0-9_-]*`
fn legal(name: &str) -> bool {
    let starts = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    starts && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}
