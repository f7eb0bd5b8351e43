//! Parses Bicep's statements: parameters, variables, functions, outputs, resources, modules; all others are passed over.

use super::{cursor::Cursor, expression::Parser};
use crate::trust::read::{
    formula::{Formula, Kind},
    template::{Import, Module, Repeat, Resource, Target, Template},
};

/// Parses a whole file into `template`; of a `.bicepparam` file, the values that `param` gives are the defaults.
pub(super) fn parse(template: &mut Template) {
    let source = std::sync::Arc::clone(&template.source);
    let mut statements = Statements { parser: Parser::new(source.text()), template, around: None };
    while !statements.parser.cursor.rest().is_empty() {
        let before = statements.parser.cursor.at();
        statements.statement();
        if statements.parser.cursor.at() == before {
            statements.parser.cursor.next();
        }
    }
    let too_deep = statements.parser.too_deep;
    template.too_deep = too_deep;
}

struct Statements<'a, 't> {
    parser: Parser<'a>,
    template: &'t mut Template,
    /// The resource whose nested resources are parsed.
    around: Option<String>,
}

impl<'a> Statements<'a, '_> {
    fn statement(&mut self) {
        let serial = self.decorators();
        let start = self.parser.cursor.at();
        match self.parser.cursor.name() {
            Some("param") => self.parameter(),
            Some("var") => self.variable(),
            Some("func") => self.function(),
            Some("output") => self.output(),
            Some("import") => self.import(),
            Some("resource") => self.resource(start, serial),
            Some("module") => self.module(start, serial),
            _ => self.pass(),
        }
    }

    /// Passes over decorators; whether one of them is `@batchSize(1)`.
    fn decorators(&mut self) -> bool {
        let mut serial = false;
        self.parser.cursor.space();
        while self.parser.cursor.eat("@") {
            let decorator = self.parser.expression();
            if let Kind::Call(call) = &decorator.kind {
                let one = call.arguments.first().is_some_and(|size| size.kind == Kind::Number(1.0));
                serial |= call.name.ends_with("batchSize") && one;
            }
            self.parser.cursor.space();
        }
        serial
    }

    fn named(&mut self) -> Option<String> {
        self.parser.cursor.blanks();
        self.parser.cursor.name().map(str::to_owned)
    }

    fn parameter(&mut self) {
        let Some(name) = self.named() else { return self.pass() };
        let start = self.parser.cursor.at();
        let given = self.reaches_value();
        let span = self.parser.cursor.span(start);
        // Of a type that may be null, null is what it is where nobody gives it.
        let kind = self.template.source.slice(span).split("//").next().unwrap_or_default();
        let nullable = kind.trim_end().ends_with('?').then(|| Formula::new(span, Kind::Null));
        let default = if given { Some(self.parser.expression()) } else { nullable };
        self.template.parameters.insert(name, default);
    }

    fn variable(&mut self) {
        let Some(name) = self.named() else { return self.pass() };
        if self.reaches_value() {
            let value = self.parser.expression();
            self.template.variables.insert(name, value);
        }
    }

    /// `import {a, b as c} from 'path'` and `import * as name from 'path'`; that of an extension is passed over.
    fn import(&mut self) {
        self.parser.cursor.blanks();
        let (mut all, mut names) = (None, Vec::new());
        if self.parser.cursor.eat("*") {
            all = self.alias();
        } else if self.parser.cursor.eat("{") {
            self.parser.cursor.separators();
            while let Some(there) = self.parser.cursor.name() {
                let here = self.alias().unwrap_or_else(|| there.to_owned());
                names.push((there.to_owned(), here));
                self.parser.cursor.separators();
            }
            self.parser.cursor.eat("}");
        }
        self.parser.cursor.space();
        if self.parser.cursor.sees("from") {
            self.parser.cursor.name();
            let path = self.quoted();
            self.template.imports.extend(path.map(|path| Import { path, all, names }));
        }
    }

    /// The name behind `as`.
    fn alias(&mut self) -> Option<String> {
        self.parser.cursor.blanks();
        if !self.parser.cursor.sees("as") {
            return None;
        }
        self.parser.cursor.name();
        self.named()
    }

    fn output(&mut self) {
        let Some(name) = self.named() else { return self.pass() };
        if self.reaches_value() {
            let value = self.parser.expression();
            self.template.outputs.insert(name, value);
        }
    }

    /// `func name(a string, b int) string => expression`.
    fn function(&mut self) {
        let Some(name) = self.named() else { return self.pass() };
        let rest = self.parser.cursor.rest();
        let Some((list, behind)) = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')) else {
            return self.pass();
        };
        let Some(arrow) = behind.find("=>").filter(|at| !behind.get(..*at).unwrap_or("").contains('\n'))
        else {
            return self.pass();
        };
        let names =
            list.split(',').filter_map(|one| one.split_whitespace().next()).map(str::to_owned).collect();
        self.parser.cursor.skip(list.len() + 2 + arrow + 2);
        let body = self.parser.expression();
        self.template.functions.insert(name, (names, body));
    }

    /// Passes over a type up to `=`; false where the line ends before it.
    fn reaches_value(&mut self) -> bool {
        let mut depth = 0_usize;
        loop {
            self.parser.cursor.blanks();
            match self.parser.cursor.peek() {
                None => return false,
                Some('\n' | '\r') if depth == 0 => {
                    let mut ahead = self.parser.cursor;
                    ahead.space();
                    // A union of types may go on behind the line end.
                    if !ahead.rest().starts_with('|') {
                        return false;
                    }
                    self.parser.cursor = ahead;
                }
                Some('=') if depth == 0 => {
                    self.parser.cursor.next();
                    return true;
                }
                Some('\'') => drop(self.parser.text()),
                Some('{' | '[' | '(') => {
                    depth += 1;
                    self.parser.cursor.next();
                }
                Some('}' | ']' | ')') => {
                    depth = depth.saturating_sub(1);
                    self.parser.cursor.next();
                }
                Some(_) => drop(self.parser.cursor.next()),
            }
        }
    }

    /// Passes over the rest of a statement that means nothing here.
    fn pass(&mut self) {
        if self.reaches_value() {
            self.parser.expression();
        }
    }

    fn resource(&mut self, start: usize, serial: bool) {
        let (Some(symbol), Some(kind)) = (self.named(), self.quoted()) else { return self.pass() };
        self.parser.cursor.blanks();
        let existing = self.parser.cursor.sees("existing");
        if existing {
            self.parser.cursor.name();
        }
        let Some(body) = self.body(serial) else { return };
        let span = self.parser.cursor.span(start);
        let nested = std::mem::take(&mut self.parser.nested);
        self.template.resources.push(Resource {
            symbol: symbol.clone(),
            kind,
            span,
            within: self.around.clone(),
            existing,
            condition: body.condition,
            repeat: body.repeat,
            body: body.value,
        });
        for inner in nested {
            self.nested(inner, &symbol);
        }
    }

    fn nested(&mut self, inner: Cursor<'a>, symbol: &str) {
        let behind = std::mem::replace(&mut self.parser.cursor, inner);
        let around = self.around.replace(symbol.to_owned());
        self.statement();
        self.around = around;
        self.parser.cursor = behind;
    }

    fn module(&mut self, start: usize, serial: bool) {
        let (Some(symbol), Some(path)) = (self.named(), self.quoted()) else { return self.pass() };
        let Some(body) = self.body(serial) else { return };
        self.parser.nested.clear();
        self.template.modules.push(Module {
            symbol,
            span: self.parser.cursor.span(start),
            target: Target::File(path),
            parameters: body.value.entry("params").cloned(),
            condition: body.condition,
            repeat: body.repeat,
        });
    }

    fn quoted(&mut self) -> Option<String> {
        self.parser.cursor.blanks();
        if self.parser.cursor.peek() != Some('\'') {
            return None;
        }
        let start = self.parser.cursor.at();
        let kind = self.parser.text();
        Formula::new(self.parser.cursor.span(start), kind).literal().map(str::to_owned)
    }

    /// `= body`, `= if (condition) body`, `= [for item in list: body]`.
    fn body(&mut self, serial: bool) -> Option<Body> {
        self.parser.cursor.space();
        if !self.parser.cursor.eat("=") {
            return None;
        }
        self.parser.nested.clear();
        let (condition, value) = self.parser.conditional();
        let span = value.span;
        Some(if let Kind::For(rule) = value.kind {
            Body {
                condition: rule.condition,
                value: rule.value,
                repeat: Some(Repeat {
                    item: rule.value_name,
                    position: rule.key_name,
                    over: rule.over,
                    serial,
                }),
            }
        } else {
            Body { condition, value: Formula::new(span, value.kind), repeat: None }
        })
    }
}

struct Body {
    condition: Option<Formula>,
    value: Formula,
    repeat: Option<Repeat>,
}
