//! Arithmetic of commands: `$((...))`, `((...))`, `let`, subscripts.

use super::{calculator::evaluate, run::Runner, syntax::Word, world::World};
use crate::{text::Span, trust::read::script::Traced};

/// Longer expressions are not followed.
pub(super) const LONGEST: usize = 1000;

impl Runner<'_> {
    /// The number that `word` amounts to, or why it is not known. What it sets is set; what it may set is not known behind it.
    pub(super) fn number(&mut self, word: &Word, span: Span, world: &mut World) -> Result<i64, String> {
        let text = self.text(word, world);
        self.number_of(&text, span, world)
    }

    pub(super) fn number_of(&self, text: &Traced, span: Span, world: &mut World) -> Result<i64, String> {
        let place = self.place(span);
        let known = text.text().map(|text| text.replace('"', "")).filter(|text| text.len() <= LONGEST);
        let result = match &known {
            Some(expression) => evaluate(expression, world, 0, &|number| {
                Traced::literal(number.to_string(), place.clone(), span.start)
            }),
            None => Err(text.reason().unwrap_or("this arithmetic is not followed").to_owned()),
        };
        if let Err(reason) = &result {
            for name in set_by(&text.marked()) {
                world.set(&name, Traced::hole(name.as_str(), reason.as_str(), place.clone()));
            }
        }
        result
    }

    /// `$((...))` as text.
    pub(super) fn calculated(&mut self, word: &Word, span: Span, world: &mut World) -> Traced {
        let place = self.place(span);
        match self.number(word, span, world) {
            Ok(number) => Traced::literal(number.to_string(), place, span.start),
            Err(reason) => Traced::hole(place.text().to_owned(), reason, place),
        }
    }
}

/// The names in an expression that may set them.
fn set_by(text: &str) -> Vec<String> {
    let plain = ["==", "!=", "<=", ">="].iter().fold(text.to_owned(), |text, sign| text.replace(sign, ""));
    if !(plain.contains('=') || text.contains("++") || text.contains("--")) {
        return Vec::new();
    }
    let names = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    names
        .filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'))
        .map(str::to_owned)
        .collect()
}
