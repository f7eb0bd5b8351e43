//! Parses Bicep's expressions. What it does not understand becomes opaque; it never fails and always moves on.

use super::{cursor::Cursor, operator};
use crate::{
    text::Span,
    trust::read::formula::{Call, Choice, Formula, Kind, Operator},
};

/// A parser of expressions; resources nested in objects are handed to whoever parses statements.
#[derive(Debug)]
pub(super) struct Parser<'a> {
    pub(super) cursor: Cursor<'a>,
    /// Where resources nested in the last objects begin, behind the word `resource`.
    pub(super) nested: Vec<Cursor<'a>>,
    depth: usize,
    /// Where the file is nested more deeply than is followed; what stands behind is not read.
    pub(super) too_deep: Option<Span>,
}

const DEEPEST: usize = 60;

impl<'a> Parser<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { cursor: Cursor::new(text), nested: Vec::new(), depth: 0, too_deep: None }
    }

    /// The next expression, behind any spaces and line ends.
    pub(super) fn expression(&mut self) -> Formula {
        self.cursor.space();
        let start = self.cursor.at();
        self.depth += 1;
        let formula = if self.depth > DEEPEST { self.give_up(start) } else { self.choice(start) };
        self.depth -= 1;
        formula
    }

    fn give_up(&mut self, start: usize) -> Formula {
        self.too_deep.get_or_insert(Span::new(start, start));
        self.cursor.give_up();
        Formula::new(self.cursor.span(start), Kind::Opaque)
    }

    fn choice(&mut self, start: usize) -> Formula {
        let condition = self.binary(0);
        if !self.ahead(|rest| rest.starts_with('?') && !rest.starts_with("??")) {
            return condition;
        }
        self.cursor.space();
        self.cursor.eat("?");
        let yes = self.expression();
        self.cursor.space();
        self.cursor.eat(":");
        let no = self.expression();
        Formula::new(self.cursor.span(start), Kind::Choice(Box::new(Choice { condition, yes, no })))
    }

    /// Whether what follows, line ends included, satisfies `test`.
    fn ahead(&self, test: impl Fn(&str) -> bool) -> bool {
        let mut ahead = self.cursor;
        ahead.space();
        test(ahead.rest())
    }

    fn binary(&mut self, level: usize) -> Formula {
        let start = self.cursor.at();
        let mut left = self.unary();
        loop {
            let mut ahead = self.cursor;
            ahead.space();
            let Some((mark, operator, strength)) =
                operator::at(ahead.rest()).filter(|found| found.2 >= level)
            else {
                return left;
            };
            ahead.skip(mark.len());
            ahead.space();
            self.cursor = ahead;
            let right = self.binary(strength + 1);
            left = Formula::new(self.cursor.span(start), Kind::Binary(operator, Box::new((left, right))));
        }
    }

    fn unary(&mut self) -> Formula {
        self.cursor.space();
        let start = self.cursor.at();
        self.depth += 1;
        let formula = if self.depth > DEEPEST {
            self.give_up(start)
        } else if self.cursor.eat("!") {
            let inner = Box::new(self.unary());
            Formula::new(self.cursor.span(start), Kind::Not(inner))
        } else if self.cursor.eat("-") {
            let inner = Box::new(self.unary());
            Formula::new(self.cursor.span(start), Kind::Minus(inner))
        } else {
            self.postfix(start)
        };
        self.depth -= 1;
        formula
    }

    fn postfix(&mut self, start: usize) -> Formula {
        let mut target = self.primary();
        loop {
            if self.cursor.rest().starts_with("!=") || self.cursor.rest().starts_with("!~") {
                return target;
            }
            if self.cursor.eat("!") {
                continue;
            }
            let kind = if self.cursor.eat("::") || self.cursor.eat(".?") {
                self.member(target, true)
            } else if self.cursor.eat(".") {
                self.member(target, false)
            } else if self.cursor.eat("[?") || self.cursor.eat("[") {
                let index = self.expression();
                self.cursor.space();
                self.cursor.eat("]");
                Kind::Index(Box::new(target), Box::new(index))
            } else {
                return target;
            };
            target = Formula::new(self.cursor.span(start), kind);
        }
    }

    fn member(&mut self, target: Formula, optional: bool) -> Kind {
        let Some(name) = self.cursor.name() else { return Kind::Opaque };
        if self.cursor.eat("(") {
            let owner = target.name().unwrap_or_default().to_owned();
            let arguments = self.items(")");
            return Kind::Call(Call { name: format!("{owner}.{name}"), arguments, expand: false });
        }
        let span = target.span;
        let member = Kind::Member(Box::new(target), name.to_owned());
        if !optional {
            return member;
        }
        let null = Formula::new(span, Kind::Null);
        Kind::Binary(Operator::Else, Box::new((Formula::new(self.cursor.span(span.start), member), null)))
    }

    fn primary(&mut self) -> Formula {
        let start = self.cursor.at();
        let kind = match self.cursor.peek() {
            Some('\'') => self.text(),
            Some('$') => self.dollars(),
            Some('{') => self.object(),
            Some('[') => self.list(),
            Some('(') => self.group(),
            Some(c) if c.is_ascii_digit() => self.number(),
            _ => self.word(),
        };
        Formula::new(self.cursor.span(start), kind)
    }

    fn number(&mut self) -> Kind {
        let rest = self.cursor.rest();
        let length = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        self.cursor.skip(length);
        rest.get(..length).and_then(|digits| digits.parse().ok()).map_or(Kind::Opaque, Kind::Number)
    }

    fn word(&mut self) -> Kind {
        let Some(name) = self.cursor.name() else {
            if !self.cursor.rest().starts_with(['}', ']', ')', ',', ':', '\n', '\r']) {
                self.cursor.next();
            }
            return Kind::Opaque;
        };
        match name {
            "true" => return Kind::Bool(true),
            "false" => return Kind::Bool(false),
            "null" => return Kind::Null,
            _ => {}
        }
        if self.cursor.eat("(") {
            let arguments = self.items(")");
            return Kind::Call(Call { name: name.to_owned(), arguments, expand: false });
        }
        let mut ahead = self.cursor;
        ahead.blanks();
        if ahead.eat("=>") {
            self.cursor = ahead;
            return Kind::Lambda(vec![name.to_owned()], Box::new(self.expression()));
        }
        Kind::Name(name.to_owned())
    }

    /// `(expression)` or `(a, b) => expression`.
    pub(super) fn group(&mut self) -> Kind {
        self.cursor.eat("(");
        let items = self.items(")");
        let mut ahead = self.cursor;
        ahead.blanks();
        if ahead.eat("=>") {
            self.cursor = ahead;
            let names = items.iter().filter_map(Formula::name).map(str::to_owned).collect();
            return Kind::Lambda(names, Box::new(self.expression()));
        }
        match <[Formula; 1]>::try_from(items) {
            Ok([one]) => one.kind,
            Err(_) => Kind::Opaque,
        }
    }
}
