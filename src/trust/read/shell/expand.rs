//! Turns words into text in one world.

use super::{
    glob,
    run::Runner,
    syntax::{Expansion, Index, Operation, Part, Word},
    world::{Variable, World},
};
use crate::{
    text::{Place, Span},
    trust::read::script::{Piece, Traced},
};

/// What words amount to. `open`: an unknown number more may follow.
#[derive(Debug, Default)]
pub(super) struct Fields {
    pub(super) items: Vec<Traced>,
    pub(super) open: bool,
}

const BLANKS: &str = " \t\n";

impl Runner<'_> {
    pub(super) fn place(&self, span: Span) -> Place {
        Place::new(self.source, span)
    }

    /// The word as one text, never split.
    pub(super) fn text(&mut self, word: &Word, world: &mut World) -> Traced {
        let mut text = Traced::default();
        for part in &word.parts {
            text.append(self.part(part, word.span.start, world));
        }
        text
    }

    /// Every word, split where the shell would split it.
    pub(super) fn fields(&mut self, words: &[Word], world: &mut World) -> Fields {
        let mut fields = Fields::default();
        for word in words {
            self.split(word, world, &mut fields);
        }
        fields
    }

    fn split(&mut self, word: &Word, world: &mut World, fields: &mut Fields) {
        let mut current: Option<Traced> = None;
        for part in &word.parts {
            if let Part::Expansion { expansion, span, .. } = part
                && let Some((list, open)) = self.list_of(expansion, *span, world)
            {
                fields.open |= open;
                for (at, item) in list.into_iter().enumerate() {
                    if at > 0 {
                        fields.items.extend(current.take());
                    }
                    current.get_or_insert_default().append(item);
                }
                continue;
            }
            let text = self.part(part, word.span.start, world);
            if is_split(part) {
                let marked = text.marked();
                let mut pieces = text.split(BLANKS).into_iter();
                if marked.starts_with(|c| BLANKS.contains(c)) {
                    fields.items.extend(current.take());
                }
                if let Some(first) = pieces.next() {
                    current.get_or_insert_default().append(first);
                }
                for piece in pieces {
                    fields.items.extend(current.replace(piece));
                }
            } else {
                current.get_or_insert_default().append(text);
            }
        }
        fields.items.extend(current);
    }

    fn part(&mut self, part: &Part, literal: usize, world: &mut World) -> Traced {
        match part {
            Part::Text { text, span, .. } => Traced::literal(text.as_str(), self.place(*span), literal),
            Part::Expansion { expansion, span, .. } => self.expansion(expansion, *span, world),
            Part::Command { body, span, .. } => self.substitution(body, *span, world),
            Part::File { body, span } => {
                let output = self.substitution(body, *span, world);
                let path = format!("/dev/fd/{}", span.start);
                world.files.insert(path.clone(), output);
                Traced::literal(path, self.place(*span), literal)
            }
            Part::Opaque { span, what } => self.opaque(*span, what),
        }
    }

    fn opaque(&self, span: Span, what: &str) -> Traced {
        let place = self.place(span);
        Traced::hole(place.text().to_owned(), format!("{what} is not followed"), place)
    }

    fn expansion(&mut self, expansion: &Expansion, span: Span, world: &mut World) -> Traced {
        let found = self.lookup(expansion, span, world);
        match &expansion.operation {
            Operation::None | Operation::Required => {
                found.unwrap_or_else(|| self.unset(&expansion.name, span))
            }
            Operation::Default { word, assigns } => {
                if let Some(value) = found.filter(|value| !value.is_empty() && value.as_hole().is_none()) {
                    return value;
                }
                let value = self.text(word, world);
                if *assigns {
                    world.set(&expansion.name, value.clone());
                }
                // An empty default says nothing: the value still comes from outside.
                if value.is_empty() { self.unset(&expansion.name, span) } else { value }
            }
            Operation::Alternative(word) => match found {
                Some(value) if value.is_empty() => value,
                _ => self.text(word, world),
            },
            Operation::Trim { pattern, from_end, longest } => {
                let pattern = self.text(pattern, world).text();
                let value = found.unwrap_or_else(|| self.unset(&expansion.name, span));
                match (value.text(), pattern) {
                    (Some(text), Some(pattern)) => {
                        let (start, end) = glob::trimmed(&text, &pattern, *from_end, *longest);
                        value.cut(start, end)
                    }
                    _ => self.changed(&value, span),
                }
            }
            Operation::Replace { pattern, with, all } => {
                let pattern = self.text(pattern, world).text();
                let with = self.text(with, world);
                let value = found.unwrap_or_else(|| self.unset(&expansion.name, span));
                match (value.text(), pattern) {
                    (Some(text), Some(pattern)) if !pattern.contains(['*', '?', '[']) => {
                        replaced(&value, &text, &pattern, &with, *all)
                    }
                    _ => self.changed(&value, span),
                }
            }
            Operation::Lower => self.recased(found, expansion, span, |text| text.to_lowercase()),
            Operation::Upper => self.recased(found, expansion, span, |text| text.to_uppercase()),
            Operation::Other(what) => self.opaque(span, what),
        }
    }

    fn recased(
        &self,
        value: Option<Traced>,
        expansion: &Expansion,
        span: Span,
        change: impl Fn(&str) -> String,
    ) -> Traced {
        let value = value.unwrap_or_else(|| self.unset(&expansion.name, span));
        value.decoded(&change(&value.marked()))
    }

    /// A part of something that is not known is not known either, for the same reason.
    fn changed(&self, value: &Traced, span: Span) -> Traced {
        let reason = value.pieces().iter().find_map(|piece| match piece {
            Piece::Hole { reason, .. } => Some(reason.clone()),
            Piece::Text { .. } => None,
        });
        let place = self.place(span);
        let reason = reason.unwrap_or_else(|| "this expansion is not followed".to_owned());
        Traced::hole(place.text().to_owned(), reason, place)
    }

    /// The value of a variable or argument; `None` where nothing has set it.
    fn lookup(&mut self, expansion: &Expansion, span: Span, world: &mut World) -> Option<Traced> {
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
                let element = elements.iter().find(|(other, _)| Some(other) == key.as_ref());
                match element {
                    Some((_, text)) => Some(text.clone()),
                    None if key.is_none() || *open => None,
                    None => Some(Traced::default()),
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
    fn list_of(&self, expansion: &Expansion, span: Span, world: &World) -> Option<(Vec<Traced>, bool)> {
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
    fn unset(&self, name: &str, span: Span) -> Traced {
        let reason = match name {
            "@" | "*" => "the script's arguments are not known".to_owned(),
            "#" => "the number of arguments is not known".to_owned(),
            _ if name.parse::<usize>().is_ok() => format!("argument {name} has no default"),
            _ => format!("`{name}` is not set in this script"),
        };
        Traced::hole(name, reason, self.place(span))
    }

    fn substitution(&mut self, body: &[super::syntax::Node], span: Span, world: &mut World) -> Traced {
        let mut inner = world.clone();
        inner.out = Traced::default();
        inner.stdin = None;
        let worlds = self.run_list(body, vec![inner]);
        let mut outs = worlds.iter().map(|world| &world.out);
        let first = outs.next().cloned().unwrap_or_default();
        let same = outs.all(|out| out.to_string() == first.to_string());
        if let Some(inner) = worlds.into_iter().next() {
            world.files = inner.files;
        }
        if same {
            let marked = first.marked();
            return first.cut(0, marked.trim_end_matches('\n').len());
        }
        let place = self.place(span);
        Traced::hole("output", "the output depends on what the commands find", place)
    }
}

const fn is_split(part: &Part) -> bool {
    match part {
        Part::Expansion { quoted, .. } | Part::Command { quoted, .. } => !*quoted,
        Part::Text { .. } | Part::File { .. } | Part::Opaque { .. } => false,
    }
}

fn replaced(value: &Traced, text: &str, pattern: &str, with: &Traced, all: bool) -> Traced {
    let mut out = Traced::default();
    let mut at = 0;
    let limit = if all && !pattern.is_empty() { usize::MAX } else { 1 };
    for (found, _) in text.match_indices(pattern).take(limit) {
        out.append(value.cut(at, found));
        out.append(with.clone());
        at = found + pattern.len();
    }
    out.append(value.cut(at, text.len()));
    out
}
