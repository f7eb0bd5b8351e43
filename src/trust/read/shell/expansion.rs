//! Parses the inside of `${...}`.

use super::{
    parser::Parser,
    syntax::{Expansion, Index, Operation, Part},
    word::Until,
};
use crate::text::Span;

/// `$name`.
pub(super) const fn plain(name: String) -> Expansion {
    Expansion { name, index: Index::None, operation: Operation::None }
}

impl Parser<'_> {
    /// Parses from behind `${` up to, but not including, its `}`.
    pub(super) fn braced(&mut self, quoted: bool) -> Expansion {
        if self.cursor.sees("#") && self.cursor.peek_second() != Some('}') {
            self.cursor.bump();
            let mut expansion = plain(self.parameter());
            if self.cursor.eat("[") {
                expansion.index = self.index();
            }
            return Expansion { operation: Operation::Length, ..expansion };
        }
        let indirect = self.cursor.eat("!");
        let mut expansion = plain(self.parameter());
        if self.cursor.eat("[") {
            expansion.index = self.index();
        }
        match (indirect, &expansion.index) {
            (true, Index::All | Index::Star) => expansion.index = Index::Keys,
            (true, Index::None) if self.cursor.sees("}") => expansion.operation = Operation::Indirect,
            (true, _) => expansion.operation = Operation::Other("an indirect expansion"),
            (false, _) => expansion.operation = self.operation(quoted),
        }
        expansion
    }

    fn parameter(&mut self) -> String {
        let name = self.cursor.name();
        if !name.is_empty() {
            self.cursor.at += name.len();
            return name.to_owned();
        }
        let digits = self.cursor.eat_while(|c| c.is_ascii_digit());
        if !digits.is_empty() {
            return digits.to_owned();
        }
        match self.cursor.peek() {
            Some(c) if "@*#?$!-".contains(c) => {
                self.cursor.bump();
                c.to_string()
            }
            _ => String::new(),
        }
    }

    fn index(&mut self) -> Index {
        let word = self.word(Until::Bracket);
        self.cursor.eat("]");
        match self.cursor.slice(word.span.start, word.span.end) {
            "@" => Index::All,
            "*" => Index::Star,
            _ => Index::At(word),
        }
    }

    fn operation(&mut self, quoted: bool) -> Operation {
        let brace = Until::Brace(quoted);
        for sign in [":-", ":=", "-", "="] {
            if self.cursor.eat(sign) {
                let (assigns, or_empty) = (sign.ends_with('='), sign.starts_with(':'));
                return Operation::Default { word: self.word(brace), assigns, or_empty };
            }
        }
        for sign in [":+", "+"] {
            if self.cursor.eat(sign) {
                return Operation::Alternative { word: self.word(brace), or_empty: sign.starts_with(':') };
            }
        }
        if self.cursor.eat(":?") || self.cursor.eat("?") {
            self.word(brace);
            return Operation::Required;
        }
        for (sign, from_end, longest) in
            [("##", false, true), ("#", false, false), ("%%", true, true), ("%", true, false)]
        {
            if self.cursor.eat(sign) {
                return Operation::Trim { pattern: self.word(Until::Brace(false)), from_end, longest };
            }
        }
        if self.cursor.sees("/") {
            self.cursor.bump();
            let all = self.cursor.eat("/");
            // A slash at the beginning belongs to the pattern.
            let first = self.cursor.at;
            let is_slash = all && self.cursor.eat("/");
            let mut pattern = self.word(Until::Slash);
            if is_slash {
                let span = Span::new(first, first + 1);
                pattern.parts.insert(0, Part::Text { text: "/".to_owned(), span, quoted: true });
            }
            let with = if self.cursor.eat("/") { self.word(brace) } else { super::syntax::Word::default() };
            return Operation::Replace { pattern, with, all };
        }
        if self.cursor.eat(":") {
            return self.slice();
        }
        self.change_of_case()
    }

    /// `from` or `from:length`, up to the brace.
    fn slice(&mut self) -> Operation {
        let Some(length) = self.enclosed("", "}") else { return Operation::Other("this part") };
        let text = self.cursor.slice(self.cursor.at, self.cursor.at + length);
        let from = text.find(':').unwrap_or(length);
        let start = self.within(from);
        let length = self.cursor.eat(":").then(|| self.within(length - from - 1));
        Operation::Slice { from: start, length }
    }

    fn change_of_case(&mut self) -> Operation {
        for (sign, upper, all) in
            [(",,", false, true), ("^^", true, true), (",", false, false), ("^", true, false)]
        {
            if self.cursor.eat(sign) {
                return if self.cursor.sees("}") {
                    Operation::Recase { upper, all }
                } else {
                    Operation::Other("this expansion")
                };
            }
        }
        if self.cursor.sees("}") { Operation::None } else { Operation::Other("this expansion") }
    }
}
