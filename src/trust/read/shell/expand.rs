//! Turns words into text in one world.

use super::{
    braces,
    input::cells,
    operation::is_star,
    run::Runner,
    syntax::{Node, Part, Word},
    world::{Variable, World},
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

    /// The word as a pattern: between quotes the signs of patterns are plain.
    pub(super) fn pattern(&mut self, word: &Word, world: &mut World) -> Traced {
        let mut pattern = Traced::default();
        for part in &word.parts {
            let text = self.part(part, word.span.start, world);
            let is_quoted = match part {
                Part::Text { quoted, .. } | Part::Expansion { quoted, .. } | Part::Command { quoted, .. } => {
                    *quoted
                }
                Part::File { .. } | Part::Arithmetic { .. } => true,
            };
            pattern.append(if is_quoted { text.decoded(&glob::escaped(&text.marked())) } else { text });
        }
        pattern
    }

    /// Every word, split where the shell would split it.
    pub(super) fn fields(&mut self, words: &[Word], world: &mut World) -> Fields {
        let mut fields = Fields::default();
        for word in words {
            let Some(expanded) = braces::expanded(word) else {
                fields.open = true;
                fields.items.push(Traced::too_long(self.place(word.span)));
                continue;
            };
            for word in &expanded {
                let paths = self.paths(word, world);
                if paths.is_empty() {
                    self.split(word, world, &mut fields);
                } else {
                    let paths = self.afforded(paths, &mut fields, word.span);
                    fields.items.extend(paths);
                }
            }
        }
        fields
    }

    fn split(&mut self, word: &Word, world: &mut World, fields: &mut Fields) {
        let mut current: Option<Traced> = None;
        let mut is_gone = false;
        for part in &word.parts {
            if let Part::Expansion { expansion, span, quoted } = part
                && !(*quoted && is_star(expansion))
                && let Some((list, open)) = self.listed(expansion, *span, world)
            {
                fields.open |= open;
                is_gone |= list.is_empty() && !open;
                let list = self.afforded(list, fields, *span);
                for (at, item) in list.into_iter().enumerate() {
                    if at > 0 {
                        fields.items.extend(current.take());
                    }
                    if *quoted {
                        current.get_or_insert_default().append(item);
                    } else {
                        self.pieces(&item, *span, world, fields, &mut current);
                    }
                }
                continue;
            }
            let text = self.part(part, word.span.start, world);
            if is_split(part) {
                self.pieces(&text, word.span, world, fields, &mut current);
            } else {
                current.get_or_insert_default().append(text);
            }
        }
        // `"${none[@]}"` is no word at all.
        fields.items.extend(current.filter(|text| !(is_gone && text.is_empty())));
    }

    /// Splits a text where `IFS` says; its first piece belongs to the word before it.
    fn pieces(
        &mut self,
        text: &Traced,
        span: Span,
        world: &World,
        fields: &mut Fields,
        current: &mut Option<Traced>,
    ) {
        let marks = match world.variables.get("IFS") {
            None => BLANKS.to_owned(),
            Some(Variable::Text(marks)) if marks.text().is_some() => marks.marked(),
            Some(_) => {
                fields.open = true;
                fields.items.push(self.opaque(span, "`IFS`"));
                return;
            }
        };
        let blanks: String = marks.chars().filter(|c| BLANKS.contains(*c)).collect();
        let words = if blanks == marks { text.split(&marks) } else { cells(text, &marks, usize::MAX) };
        let words = if marks.is_empty() && !text.is_empty() { vec![text.clone()] } else { words };
        let marked = text.marked();
        let words = self.afforded(words, fields, span);
        if marked.starts_with(|c| blanks.contains(c)) {
            fields.items.extend(current.take());
        }
        for (at, piece) in words.into_iter().enumerate() {
            if at > 0 {
                fields.items.extend(current.take());
            }
            current.get_or_insert_default().append(piece);
        }
        if marked.ends_with(|c| marks.contains(c)) {
            fields.items.extend(current.take());
        }
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
            Part::Command { body, span, .. } => {
                let output = self.output_of(body, *span, world);
                let marked = output.marked();
                output.cut(0, marked.trim_end_matches('\n').len())
            }
            Part::File { body, span } => {
                let output = self.output_of(body, *span, world);
                let path = format!("/dev/fd/{}", span.start);
                world.files.insert(path.clone(), output);
                Traced::literal(path, self.place(*span), literal)
            }
            Part::Arithmetic { word, span } => self.calculated(word, *span, world),
        }
    }

    pub(super) fn opaque(&self, span: Span, what: &str) -> Traced {
        let place = self.place(span);
        Traced::hole(place.text().to_owned(), format!("{what} is not followed"), place)
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

    fn output_of(&mut self, body: &[Node], span: Span, world: &mut World) -> Traced {
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
            return first;
        }
        let place = self.place(span);
        Traced::hole("output", "the output depends on what the commands find", place)
    }
}

const fn is_split(part: &Part) -> bool {
    match part {
        Part::Expansion { quoted, .. } | Part::Command { quoted, .. } => !*quoted,
        Part::Text { .. } | Part::File { .. } | Part::Arithmetic { .. } => false,
    }
}
