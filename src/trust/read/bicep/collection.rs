//! Bicep's lists, loops and objects, with the resources nested in them.

use super::expression::Parser;
use crate::trust::read::formula::{Comprehension, Formula, Gather, Kind};

impl Parser<'_> {
    /// Expressions up to `end`, which is taken too.
    pub(super) fn items(&mut self, end: &str) -> Vec<Formula> {
        let mut items = Vec::new();
        loop {
            self.cursor.separators();
            if self.cursor.eat(end) || self.cursor.rest().is_empty() {
                return items;
            }
            let start = self.cursor.at();
            if self.cursor.eat("...") {
                let inner = Box::new(self.expression());
                items.push(Formula::new(self.cursor.span(start), Kind::Spread(inner)));
            } else {
                items.push(self.expression());
            }
            if self.cursor.at() == start {
                self.cursor.next();
            }
        }
    }

    pub(super) fn list(&mut self) -> Kind {
        let mut ahead = self.cursor;
        ahead.eat("[");
        ahead.space();
        if ahead.sees("for") {
            self.cursor = ahead;
            return self.repeat();
        }
        self.cursor.eat("[");
        Kind::List(self.items("]"))
    }

    /// `for item in list: value]`, `for (item, index) in list: if (condition) value]`.
    fn repeat(&mut self) -> Kind {
        self.cursor.name();
        self.cursor.space();
        let (value_name, key_name) = if self.cursor.eat("(") {
            let items = self.items(")");
            let mut names = items.iter().filter_map(Formula::name).map(str::to_owned);
            (names.next(), names.next())
        } else {
            (self.cursor.name().map(str::to_owned), None)
        };
        self.cursor.space();
        if self.cursor.sees("in") {
            self.cursor.name();
        }
        let over = self.expression();
        self.cursor.space();
        self.cursor.eat(":");
        let (condition, value) = self.conditional();
        self.cursor.space();
        self.cursor.eat("]");
        let (key, gather) = (None, Gather::Single);
        let value_name = value_name.unwrap_or_default();
        Kind::For(Box::new(Comprehension { key_name, value_name, over, key, value, condition, gather }))
    }

    /// `if (condition) value`, or the value alone.
    pub(super) fn conditional(&mut self) -> (Option<Formula>, Formula) {
        self.cursor.space();
        if !self.cursor.sees("if") {
            return (None, self.expression());
        }
        self.cursor.name();
        self.cursor.space();
        let start = self.cursor.at();
        let condition = self.group();
        let condition = Formula::new(self.cursor.span(start), condition);
        (Some(condition), self.expression())
    }

    pub(super) fn object(&mut self) -> Kind {
        self.cursor.eat("{");
        let mut entries = Vec::new();
        loop {
            self.cursor.separators();
            if self.cursor.eat("}") || self.cursor.rest().is_empty() {
                return Kind::Object(entries);
            }
            let before = self.cursor.at();
            self.entry(&mut entries);
            if self.cursor.at() == before {
                self.cursor.next();
            }
        }
    }

    fn entry(&mut self, entries: &mut Vec<(Formula, Formula)>) {
        let start = self.cursor.at();
        if self.cursor.eat("...") {
            let inner = self.expression();
            let spread = Formula::new(inner.span, Kind::Null);
            entries.push((Formula::new(inner.span, Kind::Spread(Box::new(spread))), inner));
            return;
        }
        if self.cursor.peek() == Some('@') || self.is_nested() {
            self.nested.push(self.cursor);
            self.skip_nested();
            return;
        }
        let key = if self.cursor.peek() == Some('\'') {
            let kind = self.text();
            Formula::new(self.cursor.span(start), kind)
        } else {
            match self.cursor.name() {
                Some(name) => Formula::new(self.cursor.span(start), Kind::Text(name.to_owned())),
                None => return,
            }
        };
        self.cursor.space();
        if self.cursor.eat(":") {
            let value = self.expression();
            entries.push((key, value));
        }
    }

    /// Whether a nested resource is next: `resource symbol 'type'`.
    fn is_nested(&self) -> bool {
        let mut ahead = self.cursor;
        if ahead.name() != Some("resource") {
            return false;
        }
        ahead.blanks();
        ahead.name().is_some() && {
            ahead.blanks();
            ahead.peek() == Some('\'')
        }
    }

    /// Moves over decorators and a nested resource, to be parsed as a statement later.
    fn skip_nested(&mut self) {
        while self.cursor.eat("@") {
            self.expression();
            self.cursor.space();
        }
        let outer = std::mem::take(&mut self.nested);
        self.cursor.name();
        self.cursor.blanks();
        self.cursor.name();
        self.expression();
        self.cursor.blanks();
        if self.cursor.sees("existing") {
            self.cursor.name();
        }
        self.cursor.space();
        if self.cursor.eat("=") {
            self.conditional();
        }
        self.nested = outer;
    }
}
