//! Parses words: quotes, escapes, expansions, substitutions.

use super::{
    parser::Parser,
    syntax::{Part, Word},
};
use crate::text::Span;

/// Longer arithmetic is not followed.
const LONGEST_ARITHMETIC: usize = 1000;

/// What ends a word or a piece of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Until {
    /// Blank or operator.
    Blank,
    /// The closing double quote.
    Quote,
    /// The closing brace of an expansion; `true` inside double quotes.
    Brace(bool),
    /// A slash or the closing brace.
    Slash,
    /// `]`.
    Bracket,
    /// The end of a here-document.
    End,
    /// Blank: a regular expression.
    Space,
}

impl Until {
    /// Whether blanks and single quotes are plain text, as inside double quotes.
    const fn is_quoted(self) -> bool {
        match self {
            Self::Quote | Self::Brace(true) | Self::End => true,
            Self::Blank | Self::Brace(false) | Self::Slash | Self::Bracket | Self::Space => false,
        }
    }

    fn stops(self, c: char) -> bool {
        match self {
            Self::Blank => c.is_whitespace() || ";&|()<>".contains(c),
            Self::Quote => c == '"',
            Self::Brace(_) => c == '}',
            Self::Slash => c == '/' || c == '}',
            Self::Bracket => c == ']',
            Self::End => false,
            Self::Space => c.is_whitespace(),
        }
    }
}

impl Parser<'_> {
    /// Parses a word from the cursor to what `until` names, which is left for the caller.
    pub(super) fn word(&mut self, until: Until) -> Word {
        let start = self.cursor.at;
        let mut parts = Vec::new();
        while let Some(c) = self.cursor.peek() {
            if (self.cursor.sees("<(") || self.cursor.sees(">(")) && until == Until::Blank {
                parts.push(self.process());
                continue;
            }
            if until.stops(c) {
                break;
            }
            self.part(c, until, &mut parts);
        }
        Word { parts, span: Span::new(start, self.cursor.at) }
    }

    fn part(&mut self, c: char, until: Until, parts: &mut Vec<Part>) {
        let start = self.cursor.at;
        let quoted = until.is_quoted();
        match c {
            '\'' if !quoted => parts.push(self.single()),
            '"' if until != Until::End => {
                self.cursor.bump();
                let inner = self.nested(|parser| parser.word(Until::Quote));
                self.cursor.eat("\"");
                // An empty pair of quotes is still a word.
                parts.push(text("", Span::new(start + 1, start + 1), true));
                parts.extend(inner.parts.into_iter().map(quote));
            }
            '\\' => self.escape(until, parts),
            '$' => parts.push(self.dollar(quoted)),
            '`' => parts.push(self.backticks(quoted)),
            _ => {
                let taken = self.cursor.eat_while(|c| !until.stops(c) && !"'\"\\$`<>".contains(c));
                if taken.is_empty() {
                    self.cursor.bump();
                }
                let span = Span::new(start, self.cursor.at);
                parts.push(text(self.cursor.slice(span.start, span.end), span, quoted));
            }
        }
    }

    fn single(&mut self) -> Part {
        self.cursor.bump();
        let start = self.cursor.at;
        let inside = self.cursor.eat_while(|c| c != '\'');
        let span = Span::new(start, self.cursor.at);
        self.cursor.eat("'");
        text(inside, span, true)
    }

    fn escape(&mut self, until: Until, parts: &mut Vec<Part>) {
        let start = self.cursor.at;
        self.cursor.bump();
        let next = self.cursor.bump();
        let span = Span::new(start, self.cursor.at);
        match next {
            Some('\n') => {}
            Some('\r') if self.cursor.eat("\n") => {}
            // Inside double quotes and here-documents only these are escaped; before anything else the backslash stays.
            Some(c) if until.is_quoted() && !"$`\\".contains(c) && !(c == '"' && until != Until::End) => {
                parts.push(text(self.cursor.slice(span.start, span.end), span, true));
            }
            Some(c) => parts.push(text(&c.to_string(), span, true)),
            None => {}
        }
    }

    fn dollar(&mut self, quoted: bool) -> Part {
        let start = self.cursor.at;
        self.cursor.bump();
        for (open, close) in [("((", "))"), ("[", "]")] {
            if self.cursor.sees(open)
                && let Some(length) = self.enclosed(open, close)
            {
                self.cursor.at += open.len();
                let word = self.within(length);
                self.cursor.eat(close);
                return Part::Arithmetic { word, span: Span::new(start, self.cursor.at) };
            }
        }
        if self.cursor.eat("(") {
            let body = self.nested(|parser| parser.list(&[]));
            self.close(")");
            return Part::Command { body, span: Span::new(start, self.cursor.at), quoted };
        }
        if self.cursor.eat("{") {
            let expansion = Box::new(self.nested(|parser| parser.braced(quoted)));
            self.skip_to("}");
            return Part::Expansion { expansion, span: Span::new(start, self.cursor.at), quoted };
        }
        if self.cursor.sees("'") && !quoted {
            return self.ansi();
        }
        if self.cursor.sees("\"") && !quoted {
            // `$"..."` is a translated text; without a catalogue it is the text itself.
            return text("", Span::new(start, start), true);
        }
        self.plain(start, quoted)
    }

    fn plain(&mut self, start: usize, quoted: bool) -> Part {
        let name = self.cursor.name();
        let name = if name.is_empty() {
            match self.cursor.peek() {
                Some(c) if c.is_ascii_digit() || "@*#?$!-".contains(c) => c.to_string(),
                _ => return text("$", Span::new(start, start + 1), quoted),
            }
        } else {
            name.to_owned()
        };
        self.cursor.at += name.len();
        let expansion = Box::new(super::expansion::plain(name));
        Part::Expansion { expansion, span: Span::new(start, self.cursor.at), quoted }
    }

    /// The bytes between `open` at the cursor and `close`, where the brackets between them are balanced.
    pub(super) fn enclosed(&self, open: &str, close: &str) -> Option<usize> {
        let inside = self.cursor.rest().get(open.len()..)?;
        let down = close.chars().next()?;
        let up = match down {
            ')' => '(',
            ']' => '[',
            _ => '{',
        };
        let mut depth = 0_usize;
        for (at, c) in inside.char_indices().take(LONGEST_ARITHMETIC) {
            if c == up {
                depth += 1;
            } else if c == down && depth > 0 {
                depth -= 1;
            } else if c == down {
                return inside.get(at..)?.starts_with(close).then_some(at);
            }
        }
        None
    }

    /// The next bytes as one word in which blanks are text.
    pub(super) fn within(&mut self, length: usize) -> Word {
        let outer = self.cursor.end;
        self.cursor.end = self.cursor.at + length;
        let word = self.nested(|parser| parser.word(Until::End));
        self.cursor.at = self.cursor.end;
        self.cursor.end = outer;
        word
    }

    fn ansi(&mut self) -> Part {
        self.cursor.bump();
        let start = self.cursor.at;
        let mut decoded = String::new();
        while let Some(c) = self.cursor.peek().filter(|c| *c != '\'') {
            self.cursor.bump();
            match c {
                '\\' => self.escaped(&mut decoded),
                plain => decoded.push(plain),
            }
        }
        let span = Span::new(start, self.cursor.at);
        self.cursor.eat("'");
        text(&decoded, span, true)
    }

    /// What stands behind a backslash in `$'...'`.
    ///
    /// Source: <https://www.gnu.org/software/bash/manual/html_node/ANSI_002dC-Quoting.html>
    fn escaped(&mut self, decoded: &mut String) {
        let Some(c) = self.cursor.bump() else { return };
        let (radix, most, digits) = match c {
            'x' => (16, 2, self.cursor.rest()),
            'u' => (16, 4, self.cursor.rest()),
            'U' => (16, 8, self.cursor.rest()),
            '0'..='7' => (8, 3, self.cursor.slice(self.cursor.at - 1, self.cursor.end)),
            _ => (0, 0, ""),
        };
        if radix > 0 {
            let count = digits.chars().take(most).take_while(|c| c.is_digit(radix)).count();
            let code = digits.get(..count).and_then(|digits| u32::from_str_radix(digits, radix).ok());
            // A byte beyond ASCII is a part of a character.
            let is_whole = |code: &u32| *code > 0 && (*code < 0x80 || "uU".contains(c));
            if let Some(code) = code.filter(is_whole).and_then(char::from_u32) {
                self.cursor.at += count - usize::from(radix == 8);
                decoded.push(code);
                return;
            }
        }
        match c {
            'n' => decoded.push('\n'),
            't' => decoded.push('\t'),
            'r' => decoded.push('\r'),
            'a' => decoded.push('\u{7}'),
            'b' => decoded.push('\u{8}'),
            'e' | 'E' => decoded.push('\u{1b}'),
            'f' => decoded.push('\u{c}'),
            'v' => decoded.push('\u{b}'),
            '\\' | '\'' | '"' | '?' => decoded.push(c),
            other => decoded.extend(['\\', other]),
        }
    }

    fn backticks(&mut self, quoted: bool) -> Part {
        let start = self.cursor.at;
        self.cursor.bump();
        let outer = self.cursor.end;
        let length = self.cursor.rest().find('`').unwrap_or(self.cursor.rest().len());
        self.cursor.end = self.cursor.at + length;
        let body = self.nested(|parser| parser.list(&[]));
        self.cursor.at = self.cursor.end;
        self.cursor.end = outer;
        self.cursor.eat("`");
        Part::Command { body, span: Span::new(start, self.cursor.at), quoted }
    }

    fn process(&mut self) -> Part {
        let start = self.cursor.at;
        self.cursor.bump();
        self.cursor.bump();
        let body = self.nested(|parser| parser.list(&[]));
        self.close(")");
        Part::File { body, span: Span::new(start, self.cursor.at) }
    }
}

fn text(text: &str, span: Span, quoted: bool) -> Part {
    Part::Text { text: text.to_owned(), span, quoted }
}

/// A part inside double quotes is quoted.
fn quote(part: Part) -> Part {
    match part {
        Part::Text { text, span, .. } => Part::Text { text, span, quoted: true },
        Part::Expansion { expansion, span, .. } => Part::Expansion { expansion, span, quoted: true },
        Part::Command { body, span, .. } => Part::Command { body, span, quoted: true },
        same @ (Part::File { .. } | Part::Arithmetic { .. }) => same,
    }
}
