//! Parses the inside of `${...}`.

use super::{
    parser::Parser,
    syntax::{Expansion, Index, Operation},
    word::Until,
};

/// `$name`.
pub(super) const fn plain(name: String) -> Expansion {
    Expansion { name, index: Index::None, operation: Operation::None }
}

impl Parser<'_> {
    /// Parses from behind `${` up to, but not including, its `}`.
    pub(super) fn braced(&mut self, quoted: bool) -> Expansion {
        if self.cursor.sees("#") && self.cursor.peek_second() != Some('}') {
            self.cursor.bump();
            return Expansion { operation: Operation::Other("a length"), ..plain(self.parameter()) };
        }
        let indirect = self.cursor.eat("!");
        let mut expansion = plain(self.parameter());
        if self.cursor.eat("[") {
            expansion.index = self.index();
        }
        match (indirect, &expansion.index) {
            (true, Index::All) => expansion.index = Index::Keys,
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
            "@" | "*" => Index::All,
            _ => Index::At(word),
        }
    }

    fn operation(&mut self, quoted: bool) -> Operation {
        let brace = Until::Brace(quoted);
        for sign in [":-", ":=", "-", "="] {
            if self.cursor.eat(sign) {
                return Operation::Default { word: self.word(brace), assigns: sign.ends_with('=') };
            }
        }
        if self.cursor.eat(":+") || self.cursor.eat("+") {
            return Operation::Alternative(self.word(brace));
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
            let pattern = self.word(Until::Slash);
            let with = if self.cursor.eat("/") { self.word(brace) } else { super::syntax::Word::default() };
            return Operation::Replace { pattern, with, all };
        }
        self.change_of_case()
    }

    fn change_of_case(&mut self) -> Operation {
        for (sign, operation) in [(",,", Operation::Lower), ("^^", Operation::Upper)] {
            if self.cursor.eat(sign) {
                return operation;
            }
        }
        if self.cursor.sees("}") { Operation::None } else { Operation::Other("this expansion") }
    }
}
