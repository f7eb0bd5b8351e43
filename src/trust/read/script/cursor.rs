//! Reading a text character by character.

/// A position in a text that ends at `end`.
#[derive(Clone, Copy, Debug)]
pub(in crate::trust::read) struct Cursor<'a> {
    text: &'a str,
    pub(in crate::trust::read) at: usize,
    pub(in crate::trust::read) end: usize,
}

impl<'a> Cursor<'a> {
    /// What is said where a script is nested more deeply than is followed.
    pub(in crate::trust::read) const TOO_DEEP: &'static str =
        "the script is nested too deeply here; what follows is not read";

    pub(in crate::trust::read) const fn new(text: &'a str) -> Self {
        Self { text, at: 0, end: text.len() }
    }

    pub(in crate::trust::read) fn rest(&self) -> &'a str {
        self.text.get(self.at..self.end).unwrap_or("")
    }

    pub(in crate::trust::read) fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or("")
    }

    pub(in crate::trust::read) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(in crate::trust::read) fn peek_second(&self) -> Option<char> {
        self.rest().chars().nth(1)
    }

    pub(in crate::trust::read) fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    pub(in crate::trust::read) fn sees(&self, text: &str) -> bool {
        self.rest().starts_with(text)
    }

    pub(in crate::trust::read) fn eat(&mut self, text: &str) -> bool {
        let seen = self.sees(text);
        if seen {
            self.at += text.len();
        }
        seen
    }

    pub(in crate::trust::read) fn eat_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or("")
    }

    /// The name of a variable or function at the cursor, not eaten.
    pub(in crate::trust::read) fn name(&self) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
        let name = rest.get(..length).unwrap_or("");
        if name.starts_with(|c: char| c.is_ascii_digit()) { "" } else { name }
    }

    /// Eats blanks and line continuations.
    pub(in crate::trust::read) fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t' | '\r')) || self.sees("\\\n") || self.sees("\\\r\n") {
            let continued = self.peek() == Some('\\');
            self.bump();
            if continued {
                self.eat("\r");
                self.bump();
            }
        }
    }
}
