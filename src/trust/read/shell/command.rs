//! Parses compound commands: `if`, `for`, `while`, `case`, functions, groups, tests.

use super::{
    parser::Parser,
    syntax::{Assigned, Assignment, List, Node, Part, Simple, Word},
    word::Until,
};
use crate::text::Span;

impl Parser<'_> {
    pub(super) fn command(&mut self) -> Option<Node> {
        self.cursor.skip_blanks();
        if self.cursor.sees("((") {
            let start = self.cursor.at;
            self.skip_to("))");
            let body = self.counted(Span::new(start, self.cursor.at)).collect();
            return Some(Node::Group { body, redirects: self.redirects() });
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

    /// `((i += 2))`: what it sets is not known behind it.
    fn counted(&self, span: Span) -> impl Iterator<Item = Node> {
        let text = self.cursor.slice(span.start, span.end);
        let names = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let is_set = text.replace("==", "").replace("!=", "").contains('=')
            || text.contains("++")
            || text.contains("--");
        let named = names.filter(move |name| is_set && name.starts_with(|c: char| !c.is_ascii_digit()));
        named.map(move |name| {
            let value = Assigned::Word(arithmetic(span));
            let assignment = Assignment { name: name.to_owned(), key: None, appends: false, value };
            Node::Simple(Simple { assignments: vec![assignment], span, ..Simple::default() })
        })
    }

    fn each(&mut self) -> Node {
        self.take_reserved();
        self.cursor.skip_blanks();
        let mut name = self.cursor.name().to_owned();
        self.cursor.at += name.len();
        let mut items = None;
        let start = self.cursor.at;
        if name.is_empty() && self.cursor.eat("((") {
            name = self.cursor.rest().trim_start().to_owned();
            name.truncate(name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(0));
            self.skip_to("))");
            items = Some(vec![arithmetic(Span::new(start, self.cursor.at))]);
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
}

fn arithmetic(span: Span) -> Word {
    Word { parts: vec![Part::Opaque { span, what: "arithmetic" }], span }
}
