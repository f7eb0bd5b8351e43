//! Parses single commands: simple ones with their assignments and redirects, and the compound ones.

use super::{
    parser::{Parser, Pending},
    syntax::{Assigned, Assignment, List, Node, Part, Redirect, Simple, Word},
    word::Until,
};
use crate::text::Span;

/// Commands whose arguments are assignments.
const DECLARING: [&str; 6] = ["local", "export", "declare", "typeset", "readonly", "setenv"];

impl Parser<'_> {
    pub(super) fn command(&mut self) -> Option<Node> {
        self.cursor.skip_blanks();
        if self.cursor.sees("((") {
            self.skip_to("))");
            return Some(Node::Group { body: Vec::new(), redirects: self.redirects() });
        }
        if self.cursor.eat("(") {
            let body = self.list(&[]);
            self.close(")");
            return Some(Node::Subshell { body, redirects: self.redirects() });
        }
        match self.reserved() {
            "{" => {
                self.cursor.bump();
                let body = self.list(&["}"]);
                self.expect("}");
                Some(Node::Group { body, redirects: self.redirects() })
            }
            "if" => Some(self.conditional()),
            "for" | "select" => Some(self.each()),
            "while" | "until" => Some(self.repeated()),
            "case" => Some(self.case()),
            "function" => {
                self.take_reserved();
                self.cursor.skip_blanks();
                let name = self.reserved().to_owned();
                self.cursor.at += name.len();
                self.function(name)
            }
            "[[" => Some(self.test()),
            name if self.is_function(name) => {
                let name = name.to_owned();
                self.cursor.at += name.len();
                self.function(name)
            }
            _ => self.simple(),
        }
    }

    fn is_function(&self, name: &str) -> bool {
        let behind = self.cursor.rest().get(name.len()..).unwrap_or("").trim_start_matches([' ', '\t']);
        let plain = |c: char| c.is_alphanumeric() || "_-:.".contains(c);
        !name.is_empty()
            && name.chars().all(plain)
            && behind
                .strip_prefix('(')
                .is_some_and(|rest| rest.trim_start_matches([' ', '\t']).starts_with(')'))
    }

    fn take_reserved(&mut self) {
        self.cursor.at += self.reserved().len();
    }

    fn expect(&mut self, word: &str) {
        self.skip_lines();
        if self.reserved() == word {
            self.cursor.at += word.len();
        } else {
            let at = self.cursor.at;
            self.script.strays.push(Span::new(at, at));
        }
    }

    fn function(&mut self, name: String) -> Option<Node> {
        self.cursor.skip_blanks();
        if self.cursor.eat("(") {
            self.skip_to(")");
        }
        self.skip_lines();
        let body: List = self.nested(Self::command).into_iter().collect();
        Some(Node::Function { name, body })
    }

    fn conditional(&mut self) -> Node {
        let mut arms = Vec::new();
        let mut otherwise = Vec::new();
        loop {
            match self.reserved() {
                "if" | "elif" => {
                    self.take_reserved();
                    let condition = self.list(&["then"]);
                    self.expect("then");
                    arms.push((condition, self.list(&["elif", "else", "fi"])));
                }
                "else" => {
                    self.take_reserved();
                    otherwise = self.list(&["fi"]);
                }
                _ => break,
            }
            self.skip_lines();
        }
        self.expect("fi");
        self.redirects();
        Node::If { arms, otherwise }
    }

    fn each(&mut self) -> Node {
        self.take_reserved();
        self.cursor.skip_blanks();
        let name = self.cursor.name().to_owned();
        self.cursor.at += name.len();
        let mut items = None;
        if name.is_empty() && self.cursor.eat("((") {
            self.skip_to("))");
            items = Some(Vec::new());
        }
        self.skip_lines();
        if self.reserved() == "in" {
            self.take_reserved();
            items = Some(self.words());
        }
        let body = self.body();
        self.redirects();
        Node::For { name, items, body }
    }

    fn words(&mut self) -> Vec<Word> {
        let mut words = Vec::new();
        loop {
            self.cursor.skip_blanks();
            match self.cursor.peek() {
                None | Some('\n' | ';' | '&' | '|' | '(' | ')' | '#') => return words,
                Some(_) => {
                    let before = self.cursor.at;
                    words.push(self.word(Until::Blank));
                    if self.cursor.at == before {
                        return words;
                    }
                }
            }
        }
    }

    fn body(&mut self) -> List {
        self.skip_lines();
        if self.reserved() == "{" {
            self.cursor.bump();
            let body = self.list(&["}"]);
            self.expect("}");
            return body;
        }
        self.expect("do");
        let body = self.list(&["done"]);
        self.expect("done");
        body
    }

    fn repeated(&mut self) -> Node {
        self.take_reserved();
        let condition = self.list(&["do"]);
        let body = self.body();
        Node::Loop { condition, body, redirects: self.redirects() }
    }

    fn case(&mut self) -> Node {
        self.take_reserved();
        self.cursor.skip_blanks();
        let word = self.word(Until::Blank);
        self.skip_lines();
        self.expect("in");
        let mut arms = Vec::new();
        loop {
            self.skip_lines();
            if self.cursor.peek().is_none() || self.reserved() == "esac" {
                break;
            }
            let before = self.cursor.at;
            arms.push(self.arm());
            if self.cursor.at == before {
                break;
            }
        }
        self.expect("esac");
        self.redirects();
        Node::Case { word, arms }
    }

    fn arm(&mut self) -> (Vec<Word>, List) {
        self.cursor.eat("(");
        let mut patterns = Vec::new();
        loop {
            self.cursor.skip_blanks();
            patterns.push(self.word(Until::Blank));
            self.cursor.skip_blanks();
            if !self.cursor.eat("|") {
                break;
            }
        }
        self.close(")");
        let body = self.list(&["esac"]);
        for end in [";;&", ";;", ";&"] {
            if self.cursor.eat(end) {
                break;
            }
        }
        (patterns, body)
    }

    /// `[[ ... ]]` as a simple command whose operators are words.
    fn test(&mut self) -> Node {
        let start = self.cursor.at;
        let mut words = Vec::new();
        loop {
            self.cursor.skip_blanks();
            if self.cursor.peek() == Some('\n') {
                self.line_break();
                continue;
            }
            let before = self.cursor.at;
            let word = self.word(Until::Blank);
            if self.cursor.at == before {
                let sign = self.cursor.eat_while(|c| ";&|()<>".contains(c)).to_owned();
                if sign.is_empty() {
                    break;
                }
                let span = Span::new(before, self.cursor.at);
                words.push(Word { parts: vec![Part::Text { text: sign, span, quoted: false }], span });
                continue;
            }
            let closes = self.cursor.slice(before, self.cursor.at) == "]]";
            words.push(word);
            if closes {
                break;
            }
        }
        Node::Simple(Simple { words, span: Span::new(start, self.cursor.at), ..Simple::default() })
    }

    fn simple(&mut self) -> Option<Node> {
        let mut simple = Simple::default();
        let start = self.cursor.at;
        let mut end = start;
        loop {
            self.cursor.skip_blanks();
            let before = self.cursor.at;
            match self.redirect() {
                Some(redirect) => simple.redirects.extend(redirect),
                None => match self.cursor.peek() {
                    None | Some('\n' | ';' | '&' | '|' | ')' | '(') => break,
                    Some('#') => break,
                    Some(_) => self.argument(&mut simple),
                },
            }
            end = self.cursor.at;
            if end == before {
                break;
            }
        }
        simple.span = Span::new(start, end);
        let empty = simple.words.is_empty() && simple.assignments.is_empty() && simple.redirects.is_empty();
        (!empty).then_some(Node::Simple(simple))
    }

    fn argument(&mut self, simple: &mut Simple) {
        let declaring = simple
            .words
            .first()
            .is_some_and(|word| DECLARING.contains(&self.cursor.slice(word.span.start, word.span.end)));
        if (simple.words.is_empty() || declaring)
            && let Some(assignment) = self.assignment()
        {
            simple.assignments.push(assignment);
        } else {
            simple.words.push(self.word(Until::Blank));
        }
    }

    fn assignment(&mut self) -> Option<Assignment> {
        let before = self.cursor;
        let name = self.cursor.name().to_owned();
        self.cursor.at += name.len();
        let mut key = None;
        if !name.is_empty() && self.cursor.eat("[") {
            key = Some(self.word(Until::Bracket));
            self.cursor.eat("]");
        }
        let appends = self.cursor.eat("+=");
        if name.is_empty() || !(appends || self.cursor.eat("=")) {
            self.cursor = before;
            return None;
        }
        let value = if self.cursor.eat("(") {
            Assigned::Array(self.nested(Self::elements))
        } else {
            Assigned::Word(self.word(Until::Blank))
        };
        Some(Assignment { name, key, appends, value })
    }

    fn elements(&mut self) -> Vec<(Option<Word>, Word)> {
        let mut found = Vec::new();
        loop {
            self.skip_lines();
            if self.cursor.eat(")") || self.cursor.peek().is_none() {
                return found;
            }
            let before = self.cursor.at;
            let key = self.cursor.eat("[").then(|| self.word(Until::Bracket));
            if key.is_some() {
                self.cursor.eat("]");
                self.cursor.eat("=");
            }
            found.push((key, self.word(Until::Blank)));
            if self.cursor.at == before {
                return found;
            }
        }
    }

    /// A redirect at the cursor: `None` when there is none, `Some(None)` when it does not matter.
    pub(super) fn redirect(&mut self) -> Option<Option<Redirect>> {
        let before = self.cursor;
        let number = self.cursor.eat_while(|c| c.is_ascii_digit());
        let both = number.is_empty() && self.cursor.sees("&>");
        if both {
            self.cursor.bump();
        }
        if !self.cursor.sees("<") && !self.cursor.sees(">")
            || self.cursor.sees("<(")
            || self.cursor.sees(">(")
        {
            self.cursor = before;
            return None;
        }
        let minds = matches!(number, "" | "0" | "1");
        for tabs in ["<<-", "<<"] {
            if !self.cursor.sees("<<<") && self.cursor.eat(tabs) {
                return Some(Some(self.here(tabs == "<<-")));
            }
        }
        let sign =
            ["<<<", ">>", ">|", ">&", "<&", "<>", ">", "<"].into_iter().find(|sign| self.cursor.eat(sign))?;
        self.cursor.skip_blanks();
        let word = self.word(Until::Blank);
        Some(match sign {
            "<<<" => Some(Redirect::Text(word)),
            ">>" if minds => Some(Redirect::Out { file: word, appends: true }),
            ">" | ">|" if minds => Some(Redirect::Out { file: word, appends: false }),
            "<" if minds => Some(Redirect::In(word)),
            _ => None,
        })
    }

    fn here(&mut self, tabs: bool) -> Redirect {
        self.cursor.skip_blanks();
        let word = self.word(Until::Blank);
        let quoted = |part: &Part| matches!(part, Part::Text { quoted: true, .. });
        let end = word.parts.iter().filter_map(|part| match part {
            Part::Text { text, .. } => Some(text.as_str()),
            Part::Expansion { .. } | Part::Command { .. } | Part::File { .. } | Part::Opaque { .. } => None,
        });
        let number = self.script.documents.len();
        self.pending.push(Pending {
            number,
            end: end.collect(),
            verbatim: word.parts.iter().any(quoted),
            tabs,
        });
        self.script.documents.push(Word::default());
        Redirect::Here(number)
    }
}
