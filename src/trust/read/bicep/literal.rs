//! Bicep's texts: `'...'` with escapes and `${...}`, and `'''...'''` as written.

use super::expression::Parser;
use crate::trust::read::formula::{Formula, Kind};

impl Parser<'_> {
    /// The text that begins here.
    pub(super) fn text(&mut self) -> Kind {
        if self.cursor.eat("'''") {
            return self.raw();
        }
        self.cursor.eat("'");
        let mut pieces = Vec::new();
        let (mut piece, mut start) = (String::new(), self.cursor.at());
        loop {
            if self.cursor.eat("${") {
                self.piece(&mut pieces, &mut piece, start);
                start = self.embedded(&mut pieces);
                continue;
            }
            match self.cursor.next() {
                None | Some('\'' | '\n') => break,
                Some('\\') => piece.extend(self.escape()),
                Some(other) => piece.push(other),
            }
        }
        self.piece(&mut pieces, &mut piece, start);
        match pieces.as_slice() {
            [] => Kind::Text(String::new()),
            [Formula { kind: Kind::Text(text), .. }] => Kind::Text(text.clone()),
            _ => Kind::Template(pieces),
        }
    }

    fn piece(&self, pieces: &mut Vec<Formula>, piece: &mut String, start: usize) {
        if !piece.is_empty() {
            pieces.push(Formula::new(self.cursor.span(start), Kind::Text(std::mem::take(piece))));
        }
    }

    /// The expression behind `${`, up to its brace; where the text goes on.
    fn embedded(&mut self, pieces: &mut Vec<Formula>) -> usize {
        pieces.push(self.expression());
        self.cursor.space();
        self.cursor.eat("}");
        self.cursor.at()
    }

    fn raw(&mut self) -> Kind {
        let rest = self.cursor.rest();
        let end = rest.find("'''").unwrap_or(rest.len());
        let text = rest.get(..end).unwrap_or("");
        self.cursor.skip((end + 3).min(rest.len()));
        let text = text.strip_prefix("\r\n").or_else(|| text.strip_prefix('\n')).unwrap_or(text);
        Kind::Text(text.to_owned())
    }

    /// `$'''...${x}'''`; more dollars before it are as many before each brace.
    pub(super) fn dollars(&mut self) -> Kind {
        let rest = self.cursor.rest();
        let count = rest.find(|c| c != '$').unwrap_or(rest.len());
        self.cursor.skip(count);
        if !self.cursor.eat("'''") {
            return Kind::Opaque;
        }
        let _ = self.cursor.eat("\r\n") || self.cursor.eat("\n");
        let (mut pieces, mark) = (Vec::new(), format!("{}{{", "$".repeat(count)));
        let (mut piece, mut start) = (String::new(), self.cursor.at());
        while !self.cursor.eat("'''") {
            if self.cursor.eat(&mark) {
                self.piece(&mut pieces, &mut piece, start);
                start = self.embedded(&mut pieces);
                continue;
            }
            let Some(next) = self.cursor.next() else { break };
            piece.push(next);
        }
        self.piece(&mut pieces, &mut piece, start);
        Kind::Template(pieces)
    }

    fn escape(&mut self) -> Option<char> {
        Some(match self.cursor.next()? {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => return self.code_point(),
            other => other,
        })
    }

    /// `{1f600}` behind `\u`.
    fn code_point(&mut self) -> Option<char> {
        let rest = self.cursor.rest().strip_prefix('{')?;
        let (digits, _) = rest.split_once('}')?;
        self.cursor.skip(digits.len() + 2);
        u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)
    }
}
