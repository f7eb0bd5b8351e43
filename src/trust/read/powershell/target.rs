//! Parses assignments: a value and what it is given to.

use super::{
    parser::Parser,
    syntax::{Expression, Piece, Pipeline, Stage, Statement, Target},
};
use crate::text::Span;

impl Parser<'_> {
    pub(super) fn assignment_or_pipeline(&mut self) -> Option<Statement> {
        let before = self.cursor;
        let mut kind = String::new();
        while self.cursor.sees("[") {
            kind = self.kind();
            self.skip_blanks();
        }
        if self.cursor.sees("$")
            && self.may_be_assigned()
            && let Some((targets, operator)) = self.targets(&kind)
        {
            self.skip_lines();
            // `$a = $b = ...`: the inner one happens first.
            let again = self.cursor.sees("$") && self.may_be_assigned();
            let inner = again.then(|| self.nested(Self::assignment_or_pipeline)).flatten();
            let value = match inner {
                Some(Statement::Assign { targets: inner, operator, value }) => {
                    let name = inner.first().map(|target| target.name.clone()).unwrap_or_default();
                    let given = Expression::Variable(name, Span::new(before.at, self.cursor.at));
                    let assigned = Statement::Assign { targets: inner, operator, value };
                    let given = Statement::Pipeline(vec![Stage::Expression(given)]);
                    vec![Stage::Expression(Expression::Statements(vec![assigned, given]))]
                }
                Some(Statement::Pipeline(value)) => value,
                _ => self.given(),
            };
            return Some(Statement::Assign { targets, operator, value });
        }
        self.cursor = before;
        let pipeline = self.pipeline();
        (!pipeline.is_empty()).then_some(Statement::Pipeline(pipeline))
    }

    /// The value of an assignment: a pipeline, or a statement.
    fn given(&mut self) -> Pipeline {
        let keyword = self.keyword();
        if !["if", "switch", "foreach", "for", "while", "do", "try"].contains(&keyword.as_str()) {
            return self.pipeline();
        }
        let statement = self.nested(Self::statement);
        vec![Stage::Expression(Expression::Statements(statement.into_iter().collect()))]
    }

    /// Variables joined by commas, and the sign behind them.
    fn targets(&mut self, kind: &str) -> Option<(Vec<Target>, Option<String>)> {
        let mut targets = Vec::new();
        loop {
            let start = self.cursor.at;
            let Some(Expression::Variable(name, span)) = self.variable() else { return None };
            let written = self.cursor.slice(start, span.end).to_ascii_lowercase();
            let is_shared = ["script:", "global:"].iter().any(|scope| written.contains(scope));
            let path = self.path();
            targets.push(Target { name, path, is_shared, kind: kind.to_owned() });
            self.skip_blanks();
            if !self.cursor.eat(",") {
                break;
            }
            self.skip_blanks();
        }
        for operator in ["??", "+", "-", "*", "/", "%"] {
            if self.cursor.eat(&format!("{operator}=")) {
                return Some((targets, Some(operator.to_owned())));
            }
        }
        (!self.cursor.sees("==") && self.cursor.eat("=")).then_some((targets, None))
    }

    /// Whether an assignment sign follows the variable at the cursor and its key. A look ahead: to parse the key and then to go back
    /// takes twice the time at each level of nesting.
    fn may_be_assigned(&self) -> bool {
        let line = self.cursor.rest().split('\n').next().unwrap_or("");
        let name =
            line.find(|c: char| !(c.is_alphanumeric() || "$_:.?{}, ".contains(c))).unwrap_or(line.len());
        let behind = line.get(name..).unwrap_or("");
        let mut depth = 0_usize;
        let end = behind.find(|c: char| {
            match c {
                '[' => depth += 1,
                ']' => depth = depth.saturating_sub(1),
                _ => return depth == 0 && !(c.is_alphanumeric() || "_. ".contains(c)),
            }
            false
        });
        let sign = behind.get(end.unwrap_or(behind.len())..).unwrap_or("").trim_start();
        // The sign may stand on the next line behind a `.
        sign.starts_with(['=', '`'])
            || ["<#", "+=", "-=", "*=", "/=", "%="].iter().any(|start| sign.starts_with(start))
    }

    /// `.name` and `[key]`, one behind the other.
    fn path(&mut self) -> Vec<Expression> {
        let mut path = Vec::new();
        loop {
            let start = self.cursor.at;
            if self.cursor.eat(".") {
                let name = self.cursor.eat_while(|c| c.is_alphanumeric() || c == '_').to_owned();
                let span = Span::new(start, self.cursor.at);
                path.push(Expression::Text(vec![Piece::Plain(name, span)], span));
            } else if self.cursor.eat("[") {
                let opaque = || Expression::Opaque(Span::new(start, start));
                path.push(self.nested(|parser| Some(parser.expression())).unwrap_or_else(opaque));
                self.skip_past(']');
            } else {
                return path;
            }
        }
    }
}
