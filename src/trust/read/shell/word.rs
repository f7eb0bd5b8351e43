//! Parses words: quotes, escapes, expansions, substitutions.

use super::{
    parser::Parser,
    syntax::{Part, Word},
};
use crate::text::Span;

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
}

impl Until {
    /// Whether blanks and single quotes are plain text, as inside double quotes.
    const fn is_quoted(self) -> bool {
        match self {
            Self::Quote | Self::Brace(true) | Self::End => true,
            Self::Blank | Self::Brace(false) | Self::Slash | Self::Bracket => false,
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
        if self.cursor.eat("((") {
            self.skip_to("))");
            return Part::Opaque { span: Span::new(start, self.cursor.at), what: "arithmetic" };
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

    fn ansi(&mut self) -> Part {
        self.cursor.bump();
        let start = self.cursor.at;
        let mut decoded = String::new();
        while let Some(c) = self.cursor.peek().filter(|c| *c != '\'') {
            self.cursor.bump();
            if c != '\\' {
                decoded.push(c);
                continue;
            }
            match self.cursor.bump() {
                Some('n') => decoded.push('\n'),
                Some('t') => decoded.push('\t'),
                Some('r') => decoded.push('\r'),
                Some(c @ ('\\' | '\'' | '"' | '?')) => decoded.push(c),
                Some(other) => decoded.extend(['\\', other]),
                None => {}
            }
        }
        let span = Span::new(start, self.cursor.at);
        self.cursor.eat("'");
        text(&decoded, span, true)
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
        same @ (Part::File { .. } | Part::Opaque { .. }) => same,
    }
}
