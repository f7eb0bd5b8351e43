//! Cuts a flexible expression into words, quoted texts and brackets, each with its span.

use crate::text::Span;

/// What a piece of an expression is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// Letters, digits and underscores.
    Word,
    /// `[`
    Open,
    /// `]`
    Close,
    /// A quoted text; the span is that of the text inside the quotes.
    Quoted { text: String, doubled: bool },
    /// A quote that is never closed.
    Unclosed,
    /// Any other character.
    Other,
}

/// Cuts `text` into tokens. Blanks between tokens are dropped; nothing else is.
pub(super) fn tokens(text: &str) -> Vec<(Token, Span)> {
    let mut rest = text;
    let mut found = Vec::new();
    while let Some(first) = rest.chars().next() {
        let start = text.len() - rest.len();
        let (token, inner, taken) = match first {
            blank if blank.is_whitespace() => {
                rest = after(rest, blank.len_utf8());
                continue;
            }
            '[' => (Token::Open, (0, 1), 1),
            ']' => (Token::Close, (0, 1), 1),
            '\'' => quoted(rest),
            letter if is_word(letter) => {
                let length = rest.find(|other| !is_word(other)).unwrap_or(rest.len());
                (Token::Word, (0, length), length)
            }
            other => (Token::Other, (0, other.len_utf8()), other.len_utf8()),
        };
        found.push((token, Span::new(start + inner.0, start + inner.1)));
        rest = after(rest, taken);
    }
    found
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

fn after(text: &str, length: usize) -> &str {
    text.get(length..).unwrap_or("")
}

/// Reads a quoted text from the quote on. Returns the token, its inner range and how many bytes it takes.
fn quoted(rest: &str) -> (Token, (usize, usize), usize) {
    let mut text = String::new();
    let mut doubled = false;
    let mut characters = rest.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        if character != '\'' {
            text.push(character);
        } else if characters.next_if(|(_, next)| *next == '\'').is_some() {
            doubled = true;
            text.push('\'');
        } else {
            return (Token::Quoted { text, doubled }, (1, at), at + 1);
        }
    }
    (Token::Unclosed, (0, rest.len()), rest.len())
}
