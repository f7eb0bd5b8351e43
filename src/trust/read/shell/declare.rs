//! Follows declarations: `local`, `export`, `declare` and what their flags do to values; and `eval`.

use super::{
    run::Runner,
    syntax::Simple,
    world::{Kind, Variable, World},
};
use crate::{text::Span, trust::read::script::Traced};

impl Runner<'_> {
    /// The names and assignments of a declaration that are given as words.
    pub(super) fn declare(&mut self, words: &[Traced], simple: &Simple, own: bool, world: &mut World) {
        let words = words.get(1..).unwrap_or_default();
        let mut kind = None;
        let mut refers = false;
        let mut names = Vec::new();
        for word in words {
            let text = word.marked();
            if let Some(flags) = text.strip_prefix(['-', '+']) {
                let is_set = text.starts_with('-');
                for flag in flags.chars() {
                    refers |= flag == 'n' && own;
                    kind = match flag {
                        'i' => Some(is_set.then_some(Kind::Number)),
                        'l' => Some(is_set.then_some(Kind::Lower)),
                        'u' => Some(is_set.then_some(Kind::Upper)),
                        'A' => Some(is_set.then_some(Kind::Map)),
                        _ => kind,
                    };
                }
                continue;
            }
            let name = text.split_once('=').map_or(text.as_str(), |(name, _)| name);
            names.push(name.trim_end_matches('+').to_owned());
            if name.len() < text.len() {
                self.declared(word, name, own, world);
            } else if own && (!world.hidden.is_empty() || !world.variables.contains_key(name)) {
                world.hide(name);
                world.variables.insert(name.to_owned(), Variable::Text(Traced::default()));
            }
        }
        names.extend(simple.assignments.iter().map(|assignment| assignment.name.clone()));
        for name in names {
            match kind {
                Some(Some(kind)) => drop(world.kinds.insert(name, kind)),
                Some(None) => drop(world.kinds.remove(&name)),
                None if refers => drop(world.kinds.insert(name, Kind::Reference)),
                None => {}
            }
        }
    }

    /// `declare "$name=value"`.
    fn declared(&mut self, word: &Traced, name: &str, own: bool, world: &mut World) {
        let start = name.len() + 1;
        let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !is_plain {
            self.sets_anything(word, world);
            return;
        }
        if own {
            world.hide(name);
        }
        world.set(name, word.cut(start, word.marked().len()));
    }

    /// `eval`: what it sets is not known behind it.
    pub(super) fn evaluated(&mut self, words: &[Traced], world: &mut World) {
        let known: Option<Vec<String>> = words.iter().map(Traced::text).collect();
        let Some(text) = known.map(|words| words.join(" ")) else {
            let word = words.iter().find(|word| word.text().is_none()).cloned().unwrap_or_default();
            self.sets_anything(&word, world);
            return;
        };
        let place = self.place(Span::default());
        for (at, _) in text.match_indices('=') {
            let before = text.get(..at).unwrap_or_default().trim_end_matches('+');
            let start = before.rfind(|c: char| !c.is_ascii_alphanumeric() && c != '_').map_or(0, |at| at + 1);
            let name = before.get(start..).unwrap_or_default();
            if !name.is_empty() {
                world.set(name, Traced::hole(name, "`eval` sets it", place.clone()));
            }
        }
    }

    /// A command that may set any variable.
    fn sets_anything(&self, word: &Traced, world: &mut World) {
        let reason = format!("`{word}` is not known");
        super::sourced::unset(world, &reason, &self.place(Span::default()));
    }

    /// What a variable of this kind makes of a text that it is given, behind `old` where that is kept.
    pub(super) fn kept_as(
        &mut self,
        name: &str,
        old: Option<Traced>,
        new: Traced,
        world: &mut World,
    ) -> Traced {
        let mut text = old.clone().unwrap_or_default();
        match world.kinds.get(name) {
            Some(Kind::Number) => {
                let place = self.place(Span::default());
                let sum = |text: &Traced| {
                    let mut sum = text.clone();
                    sum.append(Traced::literal("+", place.clone(), 0));
                    sum
                };
                let mut sum = old.as_ref().map_or_else(Traced::default, sum);
                sum.append(new);
                match self.number_of(&sum, Span::default(), world) {
                    Ok(number) => Traced::literal(number.to_string(), place, 0),
                    Err(reason) => Traced::hole(name, reason, place),
                }
            }
            Some(Kind::Reference) if old.is_some() || world.variables.contains_key(name) => {
                // It is another variable that is set, and that one is not known.
                if let Some(Variable::Text(target)) = world.variables.get(name).cloned() {
                    let place = self.place(Span::default());
                    match target.text() {
                        Some(other) if other != name => {
                            let hole = Traced::hole(other.as_str(), "a reference sets it", place);
                            world.set(&other, hole);
                        }
                        _ => self.sets_anything(&target, world),
                    }
                }
                world.variables.get(name).map_or_else(Traced::default, |variable| match variable {
                    Variable::Text(text) => text.clone(),
                    Variable::Array { .. } => Traced::default(),
                })
            }
            kind => {
                text.append(new);
                match kind {
                    Some(Kind::Lower) => text.decoded(&text.marked().to_lowercase()),
                    Some(Kind::Upper) => text.decoded(&text.marked().to_uppercase()),
                    _ => text,
                }
            }
        }
    }
}
