//! Turns words into text in one world.

use super::{
    run::Runner,
    syntax::{Expansion, Operation, Part, Word},
    world::World,
};
use crate::{
    text::{Place, Span},
    trust::read::script::{Piece, Traced, glob},
};

/// What words amount to. `open`: an unknown number more may follow.
#[derive(Debug, Default)]
pub(super) struct Fields {
    pub(super) items: Vec<Traced>,
    pub(super) open: bool,
}

/// What it costs to copy a variable.
const VARIABLE_COST: usize = 16;

/// What each word of a list costs.
const ITEM_COST: usize = 64;

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
                let list = self.afforded(list, fields, *span);
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
                let words = self.afforded(text.split(BLANKS), fields, word.span);
                let mut pieces = words.into_iter();
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

    /// The items, unless following them takes more than is left: then nobody knows how many there are.
    fn afforded(&mut self, items: Vec<Traced>, fields: &mut Fields, span: Span) -> Vec<Traced> {
        if self.effort.spend(items.len() * ITEM_COST) {
            return items;
        }
        fields.open = true;
        vec![Traced::too_long(self.place(span))]
    }

    fn part(&mut self, part: &Part, literal: usize, world: &mut World) -> Traced {
        let text = self.followed(part, literal, world);
        self.effort.spend(text.cost());
        text
    }

    fn followed(&mut self, part: &Part, literal: usize, world: &mut World) -> Traced {
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
                self.trimmed(&value, pattern, (*from_end, *longest), span)
            }
            Operation::Replace { pattern, with, all } => {
                let pattern = self.text(pattern, world).text();
                let with = self.text(with, world);
                let value = found.unwrap_or_else(|| self.unset(&expansion.name, span));
                self.replaced(&value, pattern, &with, *all, span)
            }
            Operation::Lower => self.recased(found, expansion, span, |text| text.to_lowercase()),
            Operation::Upper => self.recased(found, expansion, span, |text| text.to_uppercase()),
            Operation::Other(what) => self.opaque(span, what),
        }
    }

    fn trimmed(
        &self,
        value: &Traced,
        pattern: Option<String>,
        (from_end, longest): (bool, bool),
        span: Span,
    ) -> Traced {
        let (Some(text), Some(pattern)) = (value.text(), pattern) else { return self.changed(value, span) };
        match glob::trimmed(&text, &pattern, from_end, longest) {
            Some((start, end)) => value.cut(start, end),
            None => self.changed(value, span),
        }
    }

    fn replaced(
        &self,
        value: &Traced,
        pattern: Option<String>,
        with: &Traced,
        all: bool,
        span: Span,
    ) -> Traced {
        match (value.text(), pattern) {
            (Some(text), Some(pattern)) if !pattern.contains(['*', '?', '[']) => {
                replaced(value, &text, &pattern, with, all)
            }
            _ => self.changed(value, span),
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
    pub(super) fn changed(&self, value: &Traced, span: Span) -> Traced {
        let reason = value.pieces().iter().find_map(|piece| match piece {
            Piece::Hole { reason, .. } => Some(reason.clone()),
            Piece::Text { .. } => None,
        });
        let place = self.place(span);
        let reason = reason.unwrap_or_else(|| "this expansion is not followed".to_owned());
        Traced::hole(place.text().to_owned(), reason, place)
    }

    fn substitution(&mut self, body: &[super::syntax::Node], span: Span, world: &mut World) -> Traced {
        self.effort.spend(world.variables.len() * VARIABLE_COST);
        let mut inner = world.clone();
        inner.out = Traced::default();
        inner.stdin = None;
        let worlds = self.heard(true, body, vec![inner]);
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
    if !all && let Some(rest) = pattern.strip_prefix(['#', '%']) {
        let from_start = pattern.starts_with('#');
        let kept = if from_start { text.strip_prefix(rest) } else { text.strip_suffix(rest) };
        let Some(kept) = kept else { return value.clone() };
        if from_start {
            out.append(with.clone());
            out.append(value.cut(rest.len(), text.len()));
        } else {
            out.append(value.cut(0, kept.len()));
            out.append(with.clone());
        }
        return out;
    }
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
