//! Parses assignments: a value and what it is given to.

use super::{
    parser::Parser,
    syntax::{Expression, Piece, Statement},
};

impl Parser<'_> {
    pub(super) fn assignment_or_pipeline(&mut self) -> Option<Statement> {
        let before = self.cursor;
        while self.cursor.sees("[") {
            self.skip_type();
            self.skip_blanks();
        }
        if self.cursor.sees("$")
            && self.may_be_assigned()
            && let Some(Expression::Variable(name, _)) = self.variable()
        {
            let key = self.member_of_target();
            self.skip_blanks();
            let appends = self.cursor.sees("+=");
            let assigns = appends || (self.cursor.sees("=") && !self.cursor.sees("=="));
            if assigns {
                self.cursor.at += if appends { 2 } else { 1 };
                self.skip_lines();
                return Some(Statement::Assign { name, key, appends, value: self.pipeline() });
            }
        }
        self.cursor = before;
        let pipeline = self.pipeline();
        (!pipeline.is_empty()).then_some(Statement::Pipeline(pipeline))
    }

    /// Whether an assignment sign follows the variable at the cursor and its key. A look ahead: to parse the key and then to go back
    /// takes twice the time at each level of nesting.
    fn may_be_assigned(&self) -> bool {
        let line = self.cursor.rest().split('\n').next().unwrap_or("");
        let name = line.find(|c: char| !(c.is_alphanumeric() || "$_:.?{}".contains(c))).unwrap_or(line.len());
        let behind = line.get(name..).unwrap_or("");
        let mut depth = 0_usize;
        let end = behind.find(|c: char| {
            match c {
                '[' => depth += 1,
                ']' => depth = depth.saturating_sub(1),
                _ => return depth == 0,
            }
            false
        });
        let sign = behind.get(end.unwrap_or(behind.len())..).unwrap_or("").trim_start();
        // The sign may stand on the next line behind a `.
        sign.starts_with(['=', '`']) || sign.starts_with("+=") || sign.starts_with("<#")
    }

    fn member_of_target(&mut self) -> Option<String> {
        if self.cursor.eat(".") {
            return Some(self.cursor.eat_while(|c| c.is_alphanumeric() || c == '_').to_owned());
        }
        if !self.cursor.eat("[") {
            return None;
        }
        let key = self.expression();
        self.skip_past(']');
        let Expression::Text(pieces, _) = key else { return Some(String::new()) };
        match pieces.as_slice() {
            [Piece::Plain(text, _)] => Some(text.clone()),
            _ => Some(String::new()),
        }
    }
}
