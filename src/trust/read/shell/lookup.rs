//! Finds the values of variables, elements and arguments in one world.

use super::{
    operation::is_star,
    run::Runner,
    syntax::{Expansion, Index, Word},
    world::{Kind, Variable, World},
};
use crate::{text::Span, trust::read::script::Traced};

impl Runner<'_> {
    /// The value of a variable or argument; `None` where nothing has set it.
    pub(super) fn lookup(&mut self, expansion: &Expansion, span: Span, world: &mut World) -> Option<Traced> {
        let name = expansion.name.as_str();
        let key = match &expansion.index {
            Index::At(word) => self.key(name, word, span, world),
            Index::None => Some("0".to_owned()),
            Index::All | Index::Star | Index::Keys => return None,
        };
        match (name, &world.arguments) {
            ("#", Some(arguments)) => {
                return Some(Traced::literal(arguments.len().to_string(), self.place(span), span.start));
            }
            ("0", _) => return Some(Traced::literal(self.source.path(), self.place(span), span.start)),
            _ => {}
        }
        if let (Ok(number), Some(arguments)) = (name.parse::<usize>(), &world.arguments) {
            let argument = number.checked_sub(1).and_then(|at| arguments.get(at));
            return Some(argument.cloned().unwrap_or_default());
        }
        match world.variables.get(name)? {
            Variable::Text(_) if world.kinds.get(name) == Some(&Kind::Reference) => {
                Some(Traced::hole(name, "it stands for another variable", self.place(span)))
            }
            Variable::Text(text) => Some(text.clone()),
            Variable::Array { elements, open } => {
                let element = |key: &str| elements.iter().find(|(other, _)| other == key);
                let value = |key: &str| Some(element(key).map(|(_, text)| text.clone()).unwrap_or_default());
                let Some(key) = key else {
                    return Some(Traced::hole(name, "this index is not followed", self.place(span)));
                };
                if element(&key).is_none() && *open { None } else { value(&key) }
            }
        }
    }

    /// The key that a subscript means: in a list the number that it amounts to.
    ///
    /// Source: <https://www.gnu.org/software/bash/manual/html_node/Arrays.html>, the subscript is an arithmetic expression.
    fn key(&mut self, name: &str, word: &Word, span: Span, world: &mut World) -> Option<String> {
        let text = self.text(word, world);
        let known = text.text();
        let is_text = |(key, _): &(String, Traced)| key.parse::<usize>().is_err();
        let last = match world.variables.get(name) {
            Some(Variable::Array { elements, .. }) if elements.iter().any(is_text) => return known,
            Some(Variable::Array { elements, .. }) => {
                elements.iter().filter_map(|(key, _)| key.parse::<i64>().ok()).max()
            }
            Some(Variable::Text(_)) | None => None,
        };
        if world.kinds.get(name) == Some(&Kind::Map) {
            return known;
        }
        // A map that another file declares has texts that are no numbers.
        let Ok(number) = self.number_of(&text, span, world) else { return known.filter(|_| last.is_none()) };
        let counted = if number < 0 { last?.checked_add(1)?.checked_add(number)? } else { number };
        (counted >= 0).then(|| counted.to_string())
    }

    /// The key of an element that is assigned.
    pub(super) fn subscript(&mut self, name: &str, word: &Word, world: &mut World) -> String {
        let key = self.key(name, word, word.span, world);
        key.unwrap_or_else(|| self.text(word, world).to_string())
    }

    /// The items as one text.
    pub(super) fn joined(
        &self,
        expansion: &Expansion,
        items: Vec<Traced>,
        open: bool,
        span: Span,
        world: &World,
    ) -> Traced {
        let is_declared = world.kinds.get(&expansion.name) == Some(&Kind::Map);
        let has_texts = match world.variables.get(&expansion.name) {
            Some(Variable::Array { elements, .. }) => {
                elements.iter().any(|(key, _)| key.parse::<usize>().is_err())
            }
            Some(Variable::Text(_)) | None => false,
        };
        if (is_declared || has_texts) && items.len() > 1 {
            return self.opaque(span, "the order of a map");
        }
        let marks = match world.variables.get("IFS") {
            Some(Variable::Text(marks)) if is_star(expansion) => match marks.text() {
                Some(marks) => marks.chars().take(1).collect(),
                None => return self.opaque(span, "`IFS`"),
            },
            _ => " ".to_owned(),
        };
        let mut text = Traced::default();
        for (at, item) in items.into_iter().enumerate() {
            if at > 0 {
                text.append(Traced::literal(marks.as_str(), self.place(span), span.start));
            }
            text.append(item);
        }
        if open { self.changed(&text, span) } else { text }
    }

    /// The elements, if the expansion is one of a whole list.
    pub(super) fn list_of(
        &self,
        expansion: &Expansion,
        span: Span,
        world: &World,
    ) -> Option<(Vec<Traced>, bool)> {
        let is_reference = world.kinds.get(&expansion.name) == Some(&Kind::Reference);
        let variable = world.variables.get(&expansion.name).filter(|_| !is_reference);
        match (&expansion.index, expansion.name.as_str(), &world.arguments) {
            (Index::None, "@" | "*", Some(arguments)) => Some((arguments.clone(), false)),
            (Index::None, "@" | "*", None) => Some((vec![self.unset("@", span)], true)),
            (Index::None | Index::At(_), _, _) => None,
            (Index::All | Index::Star, _, _) => Some(match variable {
                Some(Variable::Array { elements, open }) => {
                    (elements.iter().map(|(_, text)| text.clone()).collect(), *open)
                }
                Some(Variable::Text(text)) => (vec![text.clone()], false),
                None => (vec![self.unset(&expansion.name, span)], true),
            }),
            (Index::Keys, _, _) => Some(match variable {
                Some(Variable::Array { elements, open }) => {
                    let key = |key: &String| Traced::literal(key.as_str(), self.place(span), span.start);
                    (elements.iter().map(|(name, _)| key(name)).collect(), *open)
                }
                Some(Variable::Text(_)) | None => (vec![self.unset(&expansion.name, span)], true),
            }),
        }
    }

    /// A variable that comes from outside.
    pub(super) fn unset(&self, name: &str, span: Span) -> Traced {
        let reason = match name {
            "@" | "*" => "the script's arguments are not known".to_owned(),
            "#" => "the number of arguments is not known".to_owned(),
            _ if name.parse::<usize>().is_ok() => format!("argument {name} has no default"),
            _ => format!("`{name}` is not set in this script"),
        };
        Traced::hole(name, reason, self.place(span))
    }
}
