//! The characters of a Bicep file: where the parser stands, what it skips, names and marks.

use crate::text::Span;

/// A position in a text, moved forward only.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Bytes behind.
    pub(super) const fn at(&self) -> usize {
        self.at
    }

    /// What lies ahead.
    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    /// The next character.
    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Takes the next character.
    pub(super) fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    /// Moves `bytes` forward, to the start of a character.
    pub(super) fn skip(&mut self, bytes: usize) {
        self.at = (self.at + bytes).min(self.text.len());
        while !self.text.is_char_boundary(self.at) {
            self.at += 1;
        }
    }

    /// Goes to the end: nothing more can be understood.
    pub(super) const fn give_up(&mut self) {
        self.at = self.text.len();
    }

    /// Takes `mark` if it is next.
    pub(super) fn eat(&mut self, mark: &str) -> bool {
        let found = self.rest().starts_with(mark);
        if found {
            self.at += mark.len();
        }
        found
    }

    /// From `start` to here.
    pub(super) const fn span(&self, start: usize) -> Span {
        Span::new(start, self.at)
    }

    /// Skips spaces and comments on this line.
    pub(super) fn blanks(&mut self) {
        loop {
            let rest = self.rest();
            if rest.starts_with([' ', '\t', '\u{feff}']) {
                self.next();
            } else if rest.starts_with("//") {
                self.skip(rest.find(['\r', '\n']).unwrap_or(rest.len()));
            } else if rest.starts_with("/*") {
                self.skip(rest.find("*/").map_or(rest.len(), |end| end + 2));
            } else {
                return;
            }
        }
    }

    /// Skips spaces, comments and line ends.
    pub(super) fn space(&mut self) {
        loop {
            self.blanks();
            if !self.rest().starts_with(['\r', '\n']) {
                return;
            }
            self.next();
        }
    }

    /// Skips spaces, comments, line ends and commas between items.
    pub(super) fn separators(&mut self) {
        loop {
            self.space();
            if !self.eat(",") {
                return;
            }
        }
    }

    /// A name, if one is next.
    pub(super) fn name(&mut self) -> Option<&'a str> {
        let rest = self.rest();
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let name = rest
            .get(..length)
            .filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'))?;
        self.at += length;
        Some(name)
    }

    /// Whether the name `word` is next.
    pub(super) fn sees(&self, word: &str) -> bool {
        let mut ahead = *self;
        ahead.name() == Some(word)
    }
}
