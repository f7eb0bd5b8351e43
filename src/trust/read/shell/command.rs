//! Parses compound commands: `if`, `for`, `while`, `case`, functions, groups, tests.

use super::{
    parser::Parser,
    syntax::{Arm, End, List, Node, Part, Simple, Word},
    word::Until,
};
use crate::text::Span;

impl Parser<'_> {
    pub(super) fn command(&mut self) -> Option<Node> {
        self.cursor.skip_blanks();
        if self.cursor.sees("((")
            && let Some(length) = self.enclosed("((", "))")
        {
            let start = self.cursor.at;
            self.cursor.at += 2;
            let word = self.within(length);
            self.cursor.at += 2;
            let node = Node::Arithmetic { word, span: Span::new(start, self.cursor.at) };
            return Some(self.redirected(node));
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

    /// A compound command with the redirects behind it.
    fn redirected(&mut self, node: Node) -> Node {
        let redirects = self.redirects();
        if redirects.is_empty() { node } else { Node::Group { body: vec![node], redirects } }
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
        self.redirected(Node::If { arms, otherwise })
    }

    fn each(&mut self) -> Node {
        self.take_reserved();
        self.cursor.skip_blanks();
        let name = self.cursor.name().to_owned();
        self.cursor.at += name.len();
        if name.is_empty()
            && self.cursor.sees("((")
            && let Some(length) = self.enclosed("((", "))")
        {
            return self.counting(length);
        }
        let mut items = None;
        self.skip_lines();
        if self.reserved() == "in" {
            self.take_reserved();
            items = Some(self.words());
        }
        let body = self.body();
        self.redirected(Node::For { name, items, body })
    }

    /// `((first; condition; step))` and the body behind it.
    fn counting(&mut self, length: usize) -> Node {
        self.cursor.at += 2;
        let text = self.cursor.slice(self.cursor.at, self.cursor.at + length);
        let lengths: Vec<usize> = text.split(';').map(str::len).collect();
        let mut parts = Vec::new();
        for length in lengths {
            let start = self.cursor.at;
            let mut word = self.within(length);
            let span = Span::new(start, self.cursor.at);
            // Without a condition the loop goes on.
            if parts.len() == 1 && self.cursor.slice(start, start + length).trim().is_empty() {
                word.parts.push(Part::Text { text: "1".to_owned(), span, quoted: true });
            }
            parts.push(vec![Node::Arithmetic { word, span }]);
            self.cursor.eat(";");
        }
        self.cursor.eat("))");
        let body = self.body();
        let mut parts = parts.into_iter();
        let first = parts.next().unwrap_or_default();
        let condition = parts.next().unwrap_or_default();
        let step = parts.next().unwrap_or_default();
        let found = Node::Loop { condition, holds: true, body, step };
        Node::Group { body: first.into_iter().chain([found]).collect(), redirects: self.redirects() }
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
        let holds = self.reserved() == "while";
        self.take_reserved();
        let condition = self.list(&["do"]);
        let body = self.body();
        self.redirected(Node::Loop { condition, holds, body, step: Vec::new() })
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
        self.redirected(Node::Case { word, arms })
    }

    fn arm(&mut self) -> Arm {
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
        let ends = [(";;&", End::Test), (";;", End::Leave), (";&", End::Fall)];
        let end = ends.into_iter().find(|(sign, _)| self.cursor.eat(sign)).map_or(End::Leave, |(_, end)| end);
        Arm { patterns, body, end }
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
            let matches = words
                .last()
                .is_some_and(|word: &Word| self.cursor.slice(word.span.start, word.span.end) == "=~");
            let word = self.word(if matches { Until::Space } else { Until::Blank });
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
}
