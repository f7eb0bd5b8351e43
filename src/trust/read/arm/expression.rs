//! Parses the expressions of ARM templates: calls, texts in single quotes, numbers, members, indexes.

use crate::{
    text::Span,
    trust::read::formula::{Call, Formula, Kind},
};

/// Parses `text`. `base` is the offset of its first byte in the file; none where all places are `whole`.
pub(super) fn parse(text: &str, base: Option<usize>, whole: Span) -> Formula {
    let mut parser = Parser { text, at: 0, base, whole, depth: 0 };
    let formula = parser.expression();
    parser.blanks();
    if parser.at == text.len() { formula } else { Formula::new(whole, Kind::Opaque) }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    base: Option<usize>,
    whole: Span,
    depth: usize,
}

const DEEPEST: usize = 60;

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn blanks(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    fn eat(&mut self, mark: char) -> bool {
        let found = self.rest().starts_with(mark);
        if found {
            self.at += mark.len_utf8();
        }
        found
    }

    fn span(&self, start: usize) -> Span {
        self.base.map_or(self.whole, |base| Span::new(base + start, base + self.at))
    }

    fn expression(&mut self) -> Formula {
        self.blanks();
        let start = self.at;
        self.depth += 1;
        let mut target = if self.depth > DEEPEST {
            self.at = self.text.len();
            Formula::new(self.whole, Kind::Opaque)
        } else {
            let kind = self.primary();
            Formula::new(self.span(start), kind)
        };
        loop {
            let kind = if self.eat('.') {
                self.eat('?');
                match self.name() {
                    Some(name) => Kind::Member(Box::new(target), name),
                    None => Kind::Opaque,
                }
            } else if self.eat('[') {
                let index = self.expression();
                self.blanks();
                self.eat(']');
                Kind::Index(Box::new(target), Box::new(index))
            } else {
                break;
            };
            target = Formula::new(self.span(start), kind);
        }
        self.depth -= 1;
        target
    }

    fn primary(&mut self) -> Kind {
        if self.eat('\'') {
            return self.quoted();
        }
        let rest = self.rest();
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(rest.len());
        if let Some(number) = rest.get(..digits).and_then(|digits| digits.parse().ok()) {
            self.at += digits;
            return Kind::Number(number);
        }
        let Some(name) = self.name() else { return Kind::Opaque };
        if !self.eat('(') {
            return match name.as_str() {
                "true" => Kind::Bool(true),
                "false" => Kind::Bool(false),
                "null" => Kind::Null,
                _ => Kind::Opaque,
            };
        }
        let mut arguments = Vec::new();
        loop {
            self.blanks();
            if self.eat(')') || self.rest().is_empty() {
                return called(name, arguments);
            }
            let before = self.at;
            arguments.push(self.expression());
            self.blanks();
            self.eat(',');
            if self.at == before {
                return Kind::Opaque;
            }
        }
    }

    /// A text in which two quotes are one.
    fn quoted(&mut self) -> Kind {
        let mut text = String::new();
        while let Some((piece, _)) = self.rest().split_once('\'') {
            text.push_str(piece);
            self.at += piece.len() + 1;
            if !self.eat('\'') {
                return Kind::Text(text);
            }
            text.push('\'');
        }
        Kind::Opaque
    }

    fn name(&mut self) -> Option<String> {
        let rest = self.rest();
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let name = rest.get(..length).filter(|name| !name.is_empty())?;
        // A namespace of the template's own functions: `contoso.name(...)`.
        self.at += length;
        let dotted = self.rest().strip_prefix('.').and_then(|rest| {
            let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')?;
            rest.get(length..)?.starts_with('(').then(|| rest.get(..length)).flatten()
        });
        let Some(method) = dotted else { return Some(name.to_owned()) };
        self.at += method.len() + 1;
        Some(format!("{name}.{method}"))
    }
}

/// A call; of `lambda('x', ...)` a function without a name, of `lambdaVariables('x')` the name of its argument.
///
/// Source: <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-lambda>.
fn called(name: String, mut arguments: Vec<Formula>) -> Kind {
    let named = |formula: &Formula| formula.literal().map(str::to_owned);
    if name.eq_ignore_ascii_case("lambdaVariables")
        && let Some(argument) = arguments.first().and_then(named)
    {
        return Kind::Name(argument);
    }
    if name.eq_ignore_ascii_case("lambda")
        && let Some(body) = arguments.pop()
    {
        return Kind::Lambda(arguments.iter().filter_map(named).collect(), Box::new(body));
    }
    Kind::Call(Call { name, arguments, expand: false })
}
