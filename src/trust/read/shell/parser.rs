//! Parses commands: lists, pipelines, compound commands. It takes any text: what it cannot place it passes over.
//!
//! Own code, because the crates at hand keep a word as one flat text, refuse a whole script for one construct that they do not know,
//! or give up on odd input; a reader of definitions needs the place of every literal and may lose one command, never the file.

use super::{
    syntax::{Link, List, Node, Part, Redirect, Script, Word},
    word::Until,
};
use crate::{text::Span, trust::read::script::Cursor};

/// Deeper nesting than this is not followed.
const DEPTH_LIMIT: usize = 60;

pub(super) struct Parser<'a> {
    pub(super) cursor: Cursor<'a>,
    pub(super) script: Script,
    /// Here-documents whose bodies begin behind the next line break: number, end word, whether the body is quoted, whether tabs go.
    pub(super) pending: Vec<Pending>,
    depth: usize,
}

pub(super) struct Pending {
    pub(super) number: usize,
    pub(super) end: String,
    pub(super) verbatim: bool,
    pub(super) tabs: bool,
}

/// Parses a whole script.
pub(super) fn parse(text: &str) -> Script {
    let mut parser =
        Parser { cursor: Cursor::new(text), script: Script::default(), pending: Vec::new(), depth: 0 };
    let mut list = Vec::new();
    while parser.cursor.peek().is_some() {
        list.extend(parser.list(&[]));
        parser.stray();
    }
    parser.script.list = list;
    parser.script
}

impl<'a> Parser<'a> {
    /// Runs `parse` one level deeper; beyond the limit it takes nothing.
    pub(super) fn nested<T: Default>(&mut self, parse: impl FnOnce(&mut Self) -> T) -> T {
        if self.depth >= DEPTH_LIMIT {
            self.script.too_deep.get_or_insert(Span::new(self.cursor.at, self.cursor.at));
            self.cursor.at = self.cursor.end;
            return T::default();
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    /// Commands up to one of the words `stops`, a closing bracket, `;;`, or the end; none of these is eaten.
    pub(super) fn list(&mut self, stops: &[&str]) -> List {
        let mut list = Vec::new();
        loop {
            self.skip_lines();
            let word = self.reserved();
            if self.cursor.peek().is_none()
                || self.cursor.sees(")")
                || self.cursor.sees(";;")
                || self.cursor.sees(";&")
                || (!word.is_empty() && stops.contains(&word))
            {
                return list;
            }
            let before = self.cursor.at;
            list.extend(self.and_or());
            if self.cursor.at == before {
                self.stray();
            }
        }
    }

    fn stray(&mut self) {
        let start = self.cursor.at;
        if self.cursor.bump().is_some() {
            self.script.strays.push(Span::new(start, self.cursor.at));
        }
    }

    /// Eats what may stand between commands: blanks, comments, line breaks with the here-documents behind them, `;`, `&`.
    pub(super) fn skip_lines(&mut self) {
        loop {
            self.cursor.skip_blanks();
            match self.cursor.peek() {
                Some('#') => {
                    self.cursor.eat_while(|c| c != '\n');
                }
                Some('\n') => self.line_break(),
                Some(';') if !self.cursor.sees(";;") && !self.cursor.sees(";&") => {
                    self.cursor.bump();
                }
                Some('&') if !self.cursor.sees("&&") => {
                    self.cursor.bump();
                }
                _ => return,
            }
        }
    }

    pub(super) fn line_break(&mut self) {
        self.cursor.eat("\n");
        for pending in std::mem::take(&mut self.pending) {
            let body = self.document(&pending);
            if let Some(slot) = self.script.documents.get_mut(pending.number) {
                *slot = body;
            }
        }
    }

    fn document(&mut self, pending: &Pending) -> Word {
        let start = self.cursor.at;
        let mut length = 0;
        let mut found = false;
        for line in self.cursor.rest().split_inclusive('\n') {
            let bare = line.trim_end_matches(['\n', '\r']);
            let bare = if pending.tabs { bare.trim_start_matches('\t') } else { bare };
            if bare == pending.end {
                found = true;
                break;
            }
            length += line.len();
        }
        let outer = self.cursor.end;
        self.cursor.end = start + length;
        let mut body = if pending.verbatim {
            let text = self.cursor.rest().to_owned();
            let span = Span::new(start, self.cursor.end);
            Word { parts: vec![Part::Text { text, span, quoted: true }], span }
        } else {
            self.nested(|parser| parser.word(Until::End))
        };
        if pending.tabs {
            body.parts = untabbed(body.parts);
        }
        self.cursor.at = self.cursor.end;
        self.cursor.end = outer;
        if found {
            self.cursor.eat_while(|c| c != '\n');
        }
        body
    }

    /// The word at the cursor if it could be reserved, else nothing. It is not eaten.
    pub(super) fn reserved(&self) -> &'a str {
        let rest = self.cursor.rest();
        let length =
            rest.find(|c: char| c.is_whitespace() || ";&|()<>\"'$`".contains(c)).unwrap_or(rest.len());
        rest.get(..length).unwrap_or("")
    }

    fn and_or(&mut self) -> Option<Node> {
        let first = self.pipeline()?;
        let mut rest = Vec::new();
        loop {
            self.cursor.skip_blanks();
            let if_failed = self.cursor.sees("||");
            if !if_failed && !self.cursor.sees("&&") {
                break;
            }
            self.cursor.at += 2;
            self.skip_breaks();
            let Some(node) = self.pipeline() else { break };
            rest.push(Link { if_failed, node });
        }
        Some(if rest.is_empty() { first } else { Node::Chain { first: Box::new(first), rest } })
    }

    fn pipeline(&mut self) -> Option<Node> {
        self.cursor.skip_blanks();
        let mut is_negated = false;
        while self.reserved() == "!" {
            self.cursor.bump();
            self.cursor.skip_blanks();
            is_negated = !is_negated;
        }
        let node = self.stages()?;
        Some(if is_negated { Node::Not(Box::new(node)) } else { node })
    }

    fn stages(&mut self) -> Option<Node> {
        let mut stages = vec![self.nested(Self::command)?];
        loop {
            self.cursor.skip_blanks();
            if !self.cursor.sees("|") || self.cursor.sees("||") {
                break;
            }
            self.cursor.bump();
            self.cursor.eat("&");
            self.skip_breaks();
            stages.extend(self.nested(Self::command));
        }
        if stages.len() == 1 { stages.pop() } else { Some(Node::Pipeline(stages)) }
    }

    fn skip_breaks(&mut self) {
        loop {
            self.cursor.skip_blanks();
            match self.cursor.peek() {
                Some('\n') => self.line_break(),
                Some('#') => {
                    self.cursor.eat_while(|c| c != '\n');
                }
                _ => return,
            }
        }
    }

    /// Passes over everything up to and with `end`.
    pub(super) fn skip_to(&mut self, end: &str) {
        let rest = self.cursor.rest();
        self.cursor.at += rest.find(end).map_or(rest.len(), |at| at + end.len());
    }

    /// Eats `bracket`, which should come next; what stands before it is passed over.
    pub(super) fn close(&mut self, bracket: &str) {
        self.skip_lines();
        if !self.cursor.eat(bracket) {
            let start = self.cursor.at;
            self.script.strays.push(Span::new(start, start));
        }
    }

    /// The redirects behind a compound command.
    pub(super) fn redirects(&mut self) -> Vec<Redirect> {
        let mut found = Vec::new();
        loop {
            self.cursor.skip_blanks();
            match self.redirect() {
                Some(redirect) => found.extend(redirect),
                None => return found,
            }
        }
    }
}

/// The parts of a here-document without the tabs at the beginning of its lines.
fn untabbed(parts: Vec<Part>) -> Vec<Part> {
    let mut begins = true;
    let mut kept = Vec::new();
    for part in parts {
        let Part::Text { text, span, quoted } = part else {
            begins = false;
            kept.push(part);
            continue;
        };
        let verbatim = text.len() == span.end - span.start;
        let mut at = span.start;
        for line in text.split_inclusive('\n') {
            let bare = if begins { line.trim_start_matches('\t') } else { line };
            let start = at + line.len() - bare.len();
            at += line.len();
            let span = if verbatim { Span::new(start, at) } else { span };
            kept.push(Part::Text { text: bare.to_owned(), span, quoted });
            begins = line.ends_with('\n');
        }
    }
    kept
}
