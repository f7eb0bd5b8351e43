//! Parses compound statements: `if`, `foreach`, functions with their parameters, `try`, `switch`.

use super::{
    parser::Parser,
    syntax::{Block, Expression, Loop, Statement, Switch},
};

impl Parser<'_> {
    pub(super) fn conditional(&mut self) -> Statement {
        let mut arms = Vec::new();
        let mut otherwise = Vec::new();
        loop {
            let keyword = self.keyword();
            match keyword.as_str() {
                "if" if arms.is_empty() => {}
                "elseif" if !arms.is_empty() => {}
                "else" if !arms.is_empty() => {
                    self.take(&keyword);
                    otherwise = self.braces().unwrap_or_default();
                    break;
                }
                _ => break,
            }
            self.take(&keyword);
            let condition = self.parenthesis();
            arms.push((condition, self.braces().unwrap_or_default()));
            let before = self.cursor;
            self.skip_lines();
            if !self.keyword().starts_with("else") {
                self.cursor = before;
                break;
            }
        }
        Statement::If { arms, otherwise }
    }

    pub(super) fn each(&mut self) -> Statement {
        self.take("foreach");
        self.cursor.eat("(");
        self.skip_lines();
        let name = match self.variable() {
            Some(Expression::Variable(name, _)) => name,
            _ => String::new(),
        };
        self.skip_lines();
        if self.keyword() == "in" {
            self.take("in");
        }
        let items = self.pipeline();
        self.skip_past(')');
        Statement::ForEach { name, items, body: self.braces().unwrap_or_default() }
    }

    pub(super) fn function(&mut self) -> Statement {
        let name = self.cursor.eat_while(|c| !c.is_whitespace() && c != '(' && c != '{').to_ascii_lowercase();
        self.skip_lines();
        let parameters = if self.cursor.sees("(") { self.parameters() } else { Vec::new() };
        let mut body = vec![Statement::Parameters(parameters)];
        body.extend(self.braces().unwrap_or_default());
        Statement::Function { name, body }
    }

    /// `([type]$Name = default, ...)`.
    pub(super) fn parameters(&mut self) -> Vec<(String, Option<Expression>)> {
        let mut found = Vec::new();
        self.cursor.eat("(");
        loop {
            self.skip_lines();
            match self.cursor.peek() {
                None => return found,
                Some(')') => {
                    self.cursor.bump();
                    return found;
                }
                Some('[') => self.skip_type(),
                Some('$') => {
                    let Some(Expression::Variable(name, _)) = self.variable() else {
                        self.cursor.bump();
                        continue;
                    };
                    self.skip_lines();
                    let default = self.cursor.eat("=").then(|| {
                        self.skip_lines();
                        self.operand()
                    });
                    found.push((name, default));
                }
                Some(_) => {
                    self.cursor.bump();
                }
            }
        }
    }

    /// The type in the brackets at the cursor, in lower case.
    pub(super) fn kind(&mut self) -> String {
        let start = self.cursor.at;
        self.skip_type();
        let kind = self.cursor.slice(start, self.cursor.at);
        let kind = kind.strip_prefix('[').unwrap_or(kind);
        kind.strip_suffix(']').unwrap_or(kind).trim().to_ascii_lowercase()
    }

    /// `[...]` at the cursor, brackets and texts inside it included.
    pub(super) fn skip_type(&mut self) {
        let mut depth = 0_usize;
        while let Some(c) = self.cursor.peek() {
            match c {
                '\'' => drop(self.single()),
                '"' => drop(self.nested(|parser| Some(parser.double()))),
                _ => drop(self.cursor.bump()),
            }
            match c {
                '[' => depth += 1,
                ']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                return;
            }
        }
    }

    pub(super) fn tried(&mut self) -> Statement {
        self.take("try");
        let mut blocks: Vec<Block> = self.braces().into_iter().collect();
        loop {
            let before = self.cursor;
            self.skip_lines();
            let keyword = self.keyword();
            if keyword != "catch" && keyword != "finally" {
                self.cursor = before;
                return Statement::Always(blocks);
            }
            self.take(&keyword);
            while self.cursor.sees("[") {
                self.skip_type();
                self.skip_lines();
            }
            let block = self.braces();
            // What a `catch` does is what happens when the credential is not there.
            blocks.extend(block.filter(|_| keyword == "finally"));
        }
    }

    /// `while (...) {}`, `for (first; condition; step) {}`, `do {} while (...)`, `do {} until (...)`.
    pub(super) fn repeated(&mut self, keyword: &str) -> Statement {
        self.take(keyword);
        let mut found = Loop {
            first: Vec::new(),
            condition: Vec::new(),
            holds: true,
            is_asked_last: keyword == "do",
            step: Vec::new(),
            body: Vec::new(),
        };
        match keyword {
            "do" => {
                found.body = self.braces().unwrap_or_default();
                self.skip_lines();
                let asked = self.keyword();
                self.take(&asked);
                found.holds = asked != "until";
                found.condition = self.parenthesis();
            }
            "for" => {
                self.cursor.eat("(");
                let mut parts = [Vec::new(), Vec::new(), Vec::new()];
                for part in &mut parts {
                    self.skip_blanks();
                    *part = match self.cursor.peek() {
                        Some(';' | ')') => Vec::new(),
                        _ => self.nested(Self::statement).into_iter().collect(),
                    };
                    self.skip_blanks();
                    self.cursor.eat(";");
                }
                self.skip_past(')');
                let [first, condition, step] = parts;
                found.condition = match condition.into_iter().next() {
                    Some(Statement::Pipeline(condition)) => condition,
                    _ => Vec::new(),
                };
                (found.first, found.step) = (first, step);
                found.body = self.braces().unwrap_or_default();
            }
            _ => {
                found.condition = self.parenthesis();
                found.body = self.braces().unwrap_or_default();
            }
        }
        Statement::Loop(Box::new(found))
    }

    pub(super) fn switch(&mut self) -> Statement {
        self.take("switch");
        let mut operator = "eq";
        while self.cursor.sees("-") {
            self.cursor.bump();
            let word = self.cursor.eat_while(|c| !c.is_whitespace() && c != '(').to_ascii_lowercase();
            operator = match word.as_str() {
                "wildcard" => "like",
                "regex" => "match",
                "casesensitive" => "ceq",
                "exact" => "eq",
                _ => "",
            };
            self.skip_lines();
        }
        let value = self.parenthesis();
        Statement::Switch(Switch { value, operator, arms: self.arms() })
    }

    fn arms(&mut self) -> Vec<(Option<Expression>, Block)> {
        let mut arms = Vec::new();
        self.skip_lines();
        if !self.cursor.eat("{") {
            return arms;
        }
        loop {
            self.skip_lines();
            let start = self.cursor.at;
            let pattern = match self.cursor.peek() {
                None => return arms,
                Some('}') => {
                    self.cursor.bump();
                    return arms;
                }
                Some('{') => Some(Expression::Block(self.braces().unwrap_or_default())),
                Some(_) if self.keyword() == "default" => {
                    self.take("default");
                    None
                }
                Some('$' | '(' | '"' | '\'') => Some(self.operand()),
                Some(_) => Some(self.bare()),
            };
            match self.braces() {
                Some(body) => arms.push((pattern, body)),
                None if self.cursor.at == start => drop(self.cursor.bump()),
                None => {}
            }
        }
    }
}
