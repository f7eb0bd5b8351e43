//! Parses simple commands: assignments, words and redirects.

use super::{
    parser::{Parser, Pending},
    syntax::{Assigned, Assignment, Node, Part, Redirect, Simple, Word},
    word::Until,
};
use crate::text::Span;

/// Commands whose arguments are assignments.
const DECLARING: [&str; 6] = ["local", "export", "declare", "typeset", "readonly", "setenv"];

impl Parser<'_> {
    pub(super) fn simple(&mut self) -> Option<Node> {
        let mut simple = Simple::default();
        let start = self.cursor.at;
        let mut end = start;
        loop {
            self.cursor.skip_blanks();
            let before = self.cursor.at;
            match self.redirect() {
                Some(redirect) => simple.redirects.extend(redirect),
                None => match self.cursor.peek() {
                    None | Some('\n' | ';' | '&' | '|' | ')' | '(') => break,
                    Some('#') => break,
                    Some(_) => self.argument(&mut simple),
                },
            }
            end = self.cursor.at;
            if end == before {
                break;
            }
        }
        simple.span = Span::new(start, end);
        let empty = simple.words.is_empty() && simple.assignments.is_empty() && simple.redirects.is_empty();
        (!empty).then_some(Node::Simple(simple))
    }

    fn argument(&mut self, simple: &mut Simple) {
        let declaring = simple
            .words
            .first()
            .is_some_and(|word| DECLARING.contains(&self.cursor.slice(word.span.start, word.span.end)));
        if (simple.words.is_empty() || declaring)
            && let Some(assignment) = self.assignment()
        {
            simple.assignments.push(assignment);
        } else {
            simple.words.push(self.word(Until::Blank));
        }
    }

    fn assignment(&mut self) -> Option<Assignment> {
        let before = self.cursor;
        let name = self.cursor.name().to_owned();
        self.cursor.at += name.len();
        let mut key = None;
        if !name.is_empty() && self.cursor.sees("[") && self.assigns_behind_bracket() {
            self.cursor.bump();
            key = Some(self.word(Until::Bracket));
            self.cursor.eat("]");
        }
        let appends = self.cursor.eat("+=");
        // Behind a key there is no way back.
        if !(appends || self.cursor.eat("=") || key.is_some()) || name.is_empty() {
            self.cursor = before;
            return None;
        }
        let value = if self.cursor.eat("(") {
            Assigned::Array(self.nested(Self::elements))
        } else {
            Assigned::Word(self.word(Until::Blank))
        };
        Some(Assignment { name, key, appends, value })
    }

    /// Whether the `[` at the cursor is closed and an assignment sign follows. A look ahead: to parse the key and then to go back
    /// takes twice the time at each level of nesting.
    fn assigns_behind_bracket(&self) -> bool {
        let (mut brackets, mut braces, mut quote) = (0_usize, 0_usize, None);
        let mut characters = self.cursor.rest().char_indices();
        while let Some((at, c)) = characters.next() {
            match (c, quote) {
                ('\n', _) => return false,
                ('\\', _) => drop(characters.next()),
                (_, Some(open)) if c == open => quote = None,
                (_, Some(_)) => {}
                ('"' | '\'' | '`', None) => quote = Some(c),
                ('(' | '{', None) => braces += 1,
                (')' | '}', None) => braces = braces.saturating_sub(1),
                (' ' | '\t', None) if braces == 0 => return false,
                ('[', None) => brackets += 1,
                (']', None) => {
                    brackets = brackets.saturating_sub(1);
                    if brackets == 0 {
                        let behind = self.cursor.rest().get(at + 1..).unwrap_or("");
                        return behind.starts_with('=') || behind.starts_with("+=");
                    }
                }
                _ => {}
            }
        }
        false
    }

    fn elements(&mut self) -> Vec<(Option<Word>, Word)> {
        let mut found = Vec::new();
        loop {
            self.skip_lines();
            if self.cursor.eat(")") || self.cursor.peek().is_none() {
                return found;
            }
            let before = self.cursor.at;
            let key = self.cursor.eat("[").then(|| self.word(Until::Bracket));
            if key.is_some() {
                self.cursor.eat("]");
                self.cursor.eat("=");
            }
            found.push((key, self.word(Until::Blank)));
            if self.cursor.at == before {
                return found;
            }
        }
    }

    /// A redirect at the cursor: `None` when there is none, `Some(None)` when it does not matter.
    pub(super) fn redirect(&mut self) -> Option<Option<Redirect>> {
        let before = self.cursor;
        let number = self.cursor.eat_while(|c| c.is_ascii_digit());
        let both = number.is_empty() && self.cursor.sees("&>");
        if both {
            self.cursor.bump();
        }
        if !self.cursor.sees("<") && !self.cursor.sees(">")
            || self.cursor.sees("<(")
            || self.cursor.sees(">(")
        {
            self.cursor = before;
            return None;
        }
        let minds = matches!(number, "" | "0" | "1");
        for tabs in ["<<-", "<<"] {
            if !self.cursor.sees("<<<") && self.cursor.eat(tabs) {
                return Some(Some(self.here(tabs == "<<-")));
            }
        }
        let sign =
            ["<<<", ">>", ">|", ">&", "<&", "<>", ">", "<"].into_iter().find(|sign| self.cursor.eat(sign))?;
        self.cursor.skip_blanks();
        let word = self.word(Until::Blank);
        Some(match sign {
            "<<<" => Some(Redirect::Text(word)),
            ">>" if minds => Some(Redirect::Out { file: word, appends: true }),
            ">" | ">|" if minds => Some(Redirect::Out { file: word, appends: false }),
            ">&" if minds && leaves(&word) => Some(Redirect::Away),
            "<" if minds => Some(Redirect::In(word)),
            _ => None,
        })
    }

    fn here(&mut self, tabs: bool) -> Redirect {
        self.cursor.skip_blanks();
        let word = self.word(Until::Blank);
        let quoted = |part: &Part| matches!(part, Part::Text { quoted: true, .. });
        let end = word.parts.iter().filter_map(|part| match part {
            Part::Text { text, .. } => Some(text.as_str()),
            Part::Expansion { .. } | Part::Command { .. } | Part::File { .. } | Part::Arithmetic { .. } => {
                None
            }
        });
        let number = self.script.documents.len();
        self.pending.push(Pending {
            number,
            end: end.collect(),
            verbatim: word.parts.iter().any(quoted),
            tabs,
        });
        self.script.documents.push(Word::default());
        Redirect::Here(number)
    }
}

/// Whether the output goes to another descriptor than that of standard output.
fn leaves(word: &Word) -> bool {
    let texts = word.parts.iter().map(|part| match part {
        Part::Text { text, .. } => Some(text.as_str()),
        Part::Expansion { .. } | Part::Command { .. } | Part::File { .. } | Part::Arithmetic { .. } => None,
    });
    texts.collect::<Option<String>>().is_some_and(|text| text != "1")
}
