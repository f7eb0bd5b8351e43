//! Parses statements. It takes any text: what it cannot place it passes over.

use super::syntax::{Argument, Block, Expression, Piece, Pipeline, Stage, Statement};
use crate::{text::Span, trust::read::script::Cursor};

/// Deeper nesting than this is not followed.
const DEPTH_LIMIT: usize = 40;

pub(super) struct Parser<'a> {
    pub(super) cursor: Cursor<'a>,
    depth: usize,
    /// Where the script is nested more deeply than is followed; what stands behind is not read.
    too_deep: Option<Span>,
}

/// Parses a whole script; also where it is nested more deeply than is followed.
pub(super) fn parse(text: &str) -> (Block, Option<Span>) {
    let mut parser = Parser { cursor: Cursor::new(text), depth: 0, too_deep: None };
    parser.cursor.eat("\u{feff}");
    let mut block = Vec::new();
    while parser.cursor.peek().is_some() {
        block.extend(parser.block('\0'));
        parser.cursor.bump();
    }
    (block, parser.too_deep)
}

impl Parser<'_> {
    /// Runs `parse` one level deeper; beyond the limit it takes nothing.
    pub(super) fn nested<T: Default>(&mut self, parse: impl FnOnce(&mut Self) -> T) -> T {
        if self.depth >= DEPTH_LIMIT {
            self.too_deep.get_or_insert(Span::new(self.cursor.at, self.cursor.at));
            self.cursor.at = self.cursor.end;
            return T::default();
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    /// Statements up to `end`, which is left for the caller.
    pub(super) fn block(&mut self, end: char) -> Block {
        let mut block = Vec::new();
        loop {
            self.skip_lines();
            match self.cursor.peek() {
                None => return block,
                Some(c) if c == end => return block,
                Some(_) => {}
            }
            let before = self.cursor.at;
            block.extend(self.nested(Self::statement));
            if self.cursor.at == before {
                self.cursor.bump();
            }
        }
    }

    /// Blanks, continued lines and comments inside a line.
    pub(super) fn skip_blanks(&mut self) {
        loop {
            self.cursor.eat_while(|c| c == ' ' || c == '\t' || c == '\r');
            if self.cursor.eat("`\n") || self.cursor.eat("`\r\n") {
                continue;
            }
            if self.cursor.eat("<#") {
                let rest = self.cursor.rest();
                self.cursor.at += rest.find("#>").map_or(rest.len(), |at| at + 2);
                continue;
            }
            return;
        }
    }

    /// Everything that may stand between statements.
    pub(super) fn skip_lines(&mut self) {
        loop {
            self.skip_blanks();
            match self.cursor.peek() {
                Some('\n' | ';') => {
                    self.cursor.bump();
                }
                Some('#') => {
                    self.cursor.eat_while(|c| c != '\n');
                }
                _ => return,
            }
        }
    }

    /// The word at the cursor in lower case, not eaten.
    pub(super) fn keyword(&self) -> String {
        let rest = self.cursor.rest();
        let length =
            rest.find(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_')).unwrap_or(rest.len());
        rest.get(..length).unwrap_or("").to_ascii_lowercase()
    }

    pub(super) fn take(&mut self, keyword: &str) {
        self.cursor.at += keyword.len();
        self.skip_lines();
    }

    pub(super) fn statement(&mut self) -> Option<Statement> {
        let keyword = self.keyword();
        match keyword.as_str() {
            "if" => Some(self.conditional()),
            "foreach" => Some(self.each()),
            "function" | "filter" => {
                self.take(&keyword);
                Some(self.function())
            }
            "param" => {
                self.take(&keyword);
                Some(Statement::Parameters(self.parameters()))
            }
            "return" | "exit" | "throw" | "break" | "continue" => {
                self.cursor.at += keyword.len();
                let value = self.pipeline();
                let value = (!value.is_empty()).then_some(value);
                match keyword.as_str() {
                    "return" => Some(Statement::Return(value)),
                    "break" => Some(Statement::Break),
                    "continue" => Some(Statement::Continue),
                    _ => Some(Statement::Exit),
                }
            }
            "try" => Some(self.tried()),
            "switch" => Some(self.switch()),
            "while" | "for" | "do" => Some(self.repeated(&keyword)),
            "begin" | "process" | "end" => {
                self.take(&keyword);
                Some(Statement::Always(self.braces().into_iter().collect()))
            }
            _ => self.assignment_or_pipeline(),
        }
    }

    /// `{ ... }` at the cursor.
    pub(super) fn braces(&mut self) -> Option<Block> {
        self.skip_lines();
        if !self.cursor.eat("{") {
            return None;
        }
        let block = self.block('}');
        self.cursor.eat("}");
        Some(block)
    }

    /// `( ... )` at the cursor.
    pub(super) fn parenthesis(&mut self) -> Pipeline {
        self.skip_lines();
        if !self.cursor.eat("(") {
            return Vec::new();
        }
        self.skip_lines();
        let pipeline = self.pipeline();
        self.skip_past(')');
        pipeline
    }

    pub(super) fn skip_past(&mut self, end: char) {
        self.skip_lines();
        self.cursor.eat_while(|c| c != end && c != '\n');
        if self.cursor.peek() == Some(end) {
            self.cursor.bump();
        }
    }

    pub(super) fn pipeline(&mut self) -> Pipeline {
        let mut stages = Vec::new();
        loop {
            self.skip_blanks();
            match self.cursor.peek() {
                None | Some('\n' | ';' | ')' | '}' | '#') => return stages,
                Some(_) => {}
            }
            let before = self.cursor.at;
            stages.extend(self.stage());
            self.skip_blanks();
            if self.cursor.at == before {
                return stages;
            }
            if matches!(stages.last(), Some(Stage::Expression(_))) {
                stages.extend(self.behind_expression());
            }
            if self.cursor.sees("||") || self.cursor.sees("&&") || !self.cursor.eat("|") {
                return stages;
            }
            self.skip_lines();
        }
    }

    /// `> file` behind an expression; anything else there makes the whole something that is not followed.
    fn behind_expression(&mut self) -> Option<Stage> {
        let start = self.cursor.at;
        let word = |text: &str| {
            let span = Span::new(start, start);
            Argument::Value(Expression::Text(vec![Piece::Plain(text.to_owned(), span)], span))
        };
        if self.cursor.eat(">") {
            let appends = self.cursor.eat(">");
            self.skip_blanks();
            let mut words = vec![word("Out-File"), Argument::Value(self.bare())];
            if appends {
                words.push(Argument::Parameter { name: "append".to_owned(), value: None });
            }
            return Some(Stage::Command { words, span: Span::new(start, self.cursor.at) });
        }
        let ends = self.cursor.peek().is_none_or(|c| "\n;)}]#|&,:=".contains(c));
        (!ends).then(|| Stage::Expression(Expression::Opaque(Span::new(start, start + 1))))
    }

    fn stage(&mut self) -> Option<Stage> {
        let is_command = self.cursor.peek().is_some_and(|c| c.is_alphabetic() || "&._\\/~%?".contains(c));
        if is_command {
            self.nested(|parser| Some(parser.command()))
        } else {
            Some(Stage::Expression(self.expression()))
        }
    }

    fn command(&mut self) -> Stage {
        let start = self.cursor.at;
        if self.cursor.sees("& ") || self.cursor.sees(". ") {
            self.cursor.bump();
            self.skip_blanks();
        }
        let mut words = vec![Argument::Value(self.bare())];
        let mut end = self.cursor.at;
        loop {
            self.skip_blanks();
            let before = self.cursor.at;
            match self.cursor.peek() {
                None | Some('\n' | ';' | '|' | ')' | '}' | '#') => break,
                Some(_) => words.push(self.argument()),
            }
            if self.cursor.at == before {
                break;
            }
            end = self.cursor.at;
        }
        Stage::Command { words, span: Span::new(start, end) }
    }
}
