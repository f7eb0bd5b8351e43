//! Finds the values of variables, elements and arguments in one world.

use super::{
    run::Runner,
    syntax::{Expansion, Index},
    world::{Variable, World},
};
use crate::{text::Span, trust::read::script::Traced};

impl Runner<'_> {
    /// The value of a variable or argument; `None` where nothing has set it.
    pub(super) fn lookup(&mut self, expansion: &Expansion, span: Span, world: &mut World) -> Option<Traced> {
        let name = expansion.name.as_str();
        let key = match &expansion.index {
            Index::At(word) => self.text(word, world).text(),
            Index::None => Some("0".to_owned()),
            Index::All | Index::Keys => {
                let (items, open) = self.list_of(expansion, span, world)?;
                return Some(self.joined(items, open, span));
            }
        };
        match (name, &world.arguments) {
            ("@" | "*", _) => {
                let (items, open) = self.list_of(expansion, span, world)?;
                return Some(self.joined(items, open, span));
            }
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
            Variable::Text(text) => Some(text.clone()),
            Variable::Array { elements, open } => {
                let element = |key: &str| elements.iter().find(|(other, _)| other == key);
                let value = |key: &str| Some(element(key).map(|(_, text)| text.clone()).unwrap_or_default());
                let key = key?;
                let is_list = elements.iter().all(|(other, _)| is_number(other));
                match counted(&key, elements, world) {
                    _ if element(&key).is_some() => value(&key),
                    _ if *open => None,
                    _ if !is_list => value(&key),
                    Some(key) => value(&key),
                    None => Some(Traced::hole(name, "this index is not followed", self.place(span))),
                }
            }
        }
    }

    fn joined(&self, items: Vec<Traced>, open: bool, span: Span) -> Traced {
        let mut text = Traced::default();
        for (at, item) in items.into_iter().enumerate() {
            if at > 0 {
                text.append(Traced::literal(" ", self.place(span), span.start));
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
        let variable = world.variables.get(&expansion.name);
        match (&expansion.index, expansion.name.as_str(), &world.arguments) {
            (Index::None, "@" | "*", Some(arguments)) => Some((arguments.clone(), false)),
            (Index::None, "@" | "*", None) => Some((vec![self.unset("@", span)], true)),
            (Index::None | Index::At(_), _, _) => None,
            (Index::All, _, _) => Some(match variable {
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

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_digit())
}

/// The number that an index means in a list: itself, that of a variable, or one counted from the end; `None` for other arithmetic.
///
/// Source: <https://www.gnu.org/software/bash/manual/html_node/Arrays.html>, the subscript is an arithmetic expression.
fn counted(index: &str, elements: &[(String, Traced)], world: &World) -> Option<String> {
    if is_number(index) {
        return Some(index.to_owned());
    }
    if let Some(back) = index.strip_prefix('-') {
        let last = elements.iter().filter_map(|(key, _)| key.parse::<usize>().ok()).max()?;
        return Some((last + 1).checked_sub(back.parse().ok()?)?.to_string());
    }
    match world.variables.get(index)? {
        Variable::Text(text) => text.text().filter(|text| is_number(text)),
        Variable::Array { .. } => None,
    }
}
