//! Text that a script puts together, each piece with the place it was written, holes included.

use std::{collections::HashMap, rc::Rc};

use crate::{
    text::{Located, Place, Span},
    trust::Value,
};

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::trust::read) enum Piece {
    /// Known text.
    Text {
        text: String,
        /// Where it is written; longer than the text where characters are escaped.
        place: Place,
        /// Which literal it is a piece of: pieces of one literal have the same number.
        literal: usize,
    },
    /// Not known.
    Hole { name: String, reason: String, place: Place },
}

impl Piece {
    /// The bytes that stand for it in a marked text.
    const fn length(&self) -> usize {
        match self {
            Self::Text { text, .. } => text.len(),
            Self::Hole { .. } => MARK.len_utf8(),
        }
    }

    const fn place(&self) -> &Place {
        match self {
            Self::Text { place, .. } | Self::Hole { place, .. } => place,
        }
    }
}

/// A text as a list of pieces. Copies share them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::trust::read) struct Traced {
    pieces: Rc<Vec<Piece>>,
    /// The bytes of the marked text.
    length: usize,
}

/// Longer texts are not followed.
const MOST_BYTES: usize = 256 * 1024;
/// Nor are texts of more pieces.
const MOST_PIECES: usize = 4_000;

/// Stands for a hole in a marked text; no script holds this private character.
const MARK: char = '\u{10fffd}';

impl Traced {
    pub(in crate::trust::read) fn literal(text: impl Into<String>, place: Place, literal: usize) -> Self {
        Self::of(vec![Piece::Text { text: text.into(), place, literal }])
    }

    pub(in crate::trust::read) fn hole(
        name: impl Into<String>,
        reason: impl Into<String>,
        place: Place,
    ) -> Self {
        Self::of(vec![Piece::Hole { name: name.into(), reason: reason.into(), place }])
    }

    fn of(pieces: Vec<Piece>) -> Self {
        let length = pieces.iter().map(Piece::length).sum();
        Self { pieces: Rc::new(pieces), length }
    }

    /// A text that is too long to be followed, as a hole.
    pub(in crate::trust::read) fn too_long(place: Place) -> Self {
        let hole = Self::hole("text", "the text is too long to be followed", place);
        Self { length: usize::MAX, ..hole }
    }

    /// The bytes of the marked text, and some for each piece: what it costs to copy the text.
    pub(in crate::trust::read) fn cost(&self) -> usize {
        if self.length == usize::MAX { 1 } else { self.length + self.pieces.len() * size_of::<Piece>() }
    }

    pub(in crate::trust::read) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Puts `other` behind this text. What becomes too long is a hole and stays one.
    pub(in crate::trust::read) fn append(&mut self, other: Self) {
        if self.pieces.is_empty() {
            *self = other;
            return;
        }
        let length = self.length.saturating_add(other.length);
        let place = || self.pieces.iter().chain(other.pieces.iter()).map(Piece::place).next().cloned();
        if length > MOST_BYTES || self.pieces.len() + other.pieces.len() > MOST_PIECES {
            if self.length < usize::MAX
                && let Some(place) = place()
            {
                *self = Self::too_long(place);
            }
            return;
        }
        self.length = length;
        Rc::make_mut(&mut self.pieces).extend(other.pieces.iter().cloned());
    }

    /// The text with every `from` replaced, unless it becomes too long.
    pub(in crate::trust::read) fn replaced(&self, from: &str, to: &str, place: &Place) -> Self {
        let text = self.marked();
        if text.len() + text.matches(from).count() * to.len() > MOST_BYTES {
            return Self::too_long(place.clone());
        }
        self.decoded(&text.replace(from, to))
    }

    /// The text, if all of it is known.
    pub(in crate::trust::read) fn text(&self) -> Option<String> {
        let texts = self.pieces.iter().map(|piece| match piece {
            Piece::Text { text, .. } => Some(text.as_str()),
            Piece::Hole { .. } => None,
        });
        texts.collect()
    }

    pub(in crate::trust::read) fn is_empty(&self) -> bool {
        self.text().is_some_and(|text| text.is_empty())
    }

    /// The name and the reason, if the text is one hole and nothing else.
    pub(in crate::trust::read) fn as_hole(&self) -> Option<(&str, &str)> {
        let mut solid =
            self.pieces.iter().filter(|piece| !matches!(piece, Piece::Text { text, .. } if text.is_empty()));
        match (solid.next(), solid.next()) {
            (Some(Piece::Hole { name, reason, .. }), None) => Some((name, reason)),
            _ => None,
        }
    }

    /// Why a part of it is not known, where one is not.
    pub(in crate::trust::read) fn reason(&self) -> Option<&str> {
        self.pieces.iter().find_map(|piece| match piece {
            Piece::Hole { reason, .. } => Some(reason.as_str()),
            Piece::Text { .. } => None,
        })
    }

    /// The same hole under the name of the variable that now holds it; anything else is left alone.
    pub(in crate::trust::read) fn renamed(mut self, variable: &str) -> Self {
        if self.as_hole().is_some() {
            for piece in Rc::make_mut(&mut self.pieces) {
                if let Piece::Hole { name, .. } = piece {
                    variable.clone_into(name);
                }
            }
        }
        self
    }

    /// The text with a private character for every hole; offsets in it are those of [`Traced::cut`].
    pub(in crate::trust::read) fn marked(&self) -> String {
        self.pieces.iter().fold(String::new(), |mut out, piece| {
            match piece {
                Piece::Text { text, .. } => out.push_str(text),
                Piece::Hole { .. } => out.push(MARK),
            }
            out
        })
    }

    /// The bytes `start..end` of the marked text.
    pub(in crate::trust::read) fn cut(&self, start: usize, end: usize) -> Self {
        let mut pieces = Vec::new();
        let mut at = 0;
        for piece in self.pieces.iter() {
            let length = piece.length();
            let (from, to) = (start.max(at), end.min(at + length));
            if from < to || (length == 0 && start <= at && at <= end) {
                pieces.extend(part(piece, from.saturating_sub(at), to.saturating_sub(at)));
            }
            at += length;
        }
        Self::of(pieces)
    }

    /// The pieces between the holes, replaced by `texts`: what a decoder made of the marked text.
    pub(in crate::trust::read) fn decoded(&self, text: &str) -> Self {
        if text == self.marked() {
            return self.clone();
        }
        let mut holes = self.pieces.iter().filter(|piece| matches!(piece, Piece::Hole { .. }));
        let known = self.pieces.iter().find(|piece| matches!(piece, Piece::Text { .. }));
        let first = known.and_then(|piece| match piece {
            Piece::Text { literal, place, .. } => Some((*literal, self.place(place))),
            Piece::Hole { .. } => None,
        });
        let mut pieces = Vec::new();
        for (at, segment) in text.split(MARK).enumerate() {
            if at > 0 {
                pieces.extend(holes.next().cloned());
            }
            if let Some((literal, place)) = &first {
                pieces.push(Piece::Text {
                    text: segment.to_owned(),
                    place: place.clone(),
                    literal: *literal,
                });
            }
        }
        Self::of(pieces)
    }

    /// Cuts at every run of characters of `separators`; known text alone is cut.
    pub(in crate::trust::read) fn split(&self, separators: &str) -> Vec<Self> {
        let marked = self.marked();
        let mut found = Vec::new();
        let mut start = None;
        for (at, c) in marked.char_indices() {
            match (separators.contains(c), start) {
                (true, Some(from)) => {
                    found.push(self.cut(from, at));
                    start = None;
                }
                (false, None) => start = Some(at),
                _ => {}
            }
        }
        found.extend(start.map(|from| self.cut(from, marked.len())));
        found
    }

    /// Where the value stands: the literal that contributes most of it, from its first to its last piece.
    pub(in crate::trust::read) fn place(&self, fallback: &Place) -> Place {
        let texts = || {
            self.pieces.iter().filter_map(|piece| match piece {
                Piece::Text { text, place, literal } if !text.is_empty() => Some((text, place, literal)),
                Piece::Text { .. } | Piece::Hole { .. } => None,
            })
        };
        let mut sizes: HashMap<usize, usize> = HashMap::new();
        for (text, _, literal) in texts() {
            *sizes.entry(*literal).or_default() += text.len();
        }
        let size = |literal: usize| sizes.get(&literal).copied().unwrap_or_default();
        // The first of the longest: `max_by_key` alone would give the last.
        let Some((_, first, literal)) = texts().rev().max_by_key(|(_, _, literal)| size(**literal)) else {
            return self.hole_place().unwrap_or(fallback).clone();
        };
        let spans = texts()
            .filter(|(_, place, other)| *other == literal && place.source == first.source)
            .map(|(_, place, _)| place.span);
        let hull = spans.reduce(|one, other| Span::new(one.start.min(other.start), one.end.max(other.end)));
        Place { span: hull.unwrap_or(first.span), source: std::sync::Arc::clone(&first.source) }
    }

    fn hole_place(&self) -> Option<&Place> {
        self.pieces.iter().find_map(|piece| match piece {
            Piece::Hole { place, .. } => Some(place),
            Piece::Text { .. } => None,
        })
    }

    /// The value for a draft.
    pub(in crate::trust::read) fn value(&self) -> Value {
        let mut value = Value::default();
        for piece in self.pieces.iter() {
            value.append(match piece {
                Piece::Text { text, .. } => Value::known(text.as_str()),
                Piece::Hole { name, reason, place } => {
                    Value::hole(name.as_str(), reason.as_str(), place.clone())
                }
            });
        }
        value
    }

    /// The value and where it stands.
    pub(in crate::trust::read) fn located(&self, fallback: &Place) -> Located<Value> {
        Located::new(self.value(), self.place(fallback))
    }
}

/// The bytes `from..to` of one piece.
fn part(piece: &Piece, from: usize, to: usize) -> Option<Piece> {
    let Piece::Text { text, place, literal } = piece else { return Some(piece.clone()) };
    let cut = text.get(from..to)?;
    let verbatim = place.text() == text;
    let span = if verbatim { Span::new(place.span.start + from, place.span.start + to) } else { place.span };
    Some(Piece::Text { text: cut.to_owned(), place: Place::new(&place.source, span), literal: *literal })
}

impl std::fmt::Display for Traced {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.value().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Source;

    #[test]
    fn a_cut_knows_its_own_place_and_the_longest_literal_is_where_a_value_stands() {
        let source = Source::new("a.sh", "OWNER=octo\nS=\"repo:$OWNER/app:pull_request\"");
        let at = |start, end| Place::new(&source, Span::new(start, end));
        let mut text = Traced::literal("repo:", at(14, 19), 1);
        text.append(Traced::literal("octo", at(6, 10), 0));
        text.append(Traced::hole("X", "why", at(19, 25)));
        text.append(Traced::literal("/app:pull_request", at(25, 42), 1));
        assert_eq!(text.to_string(), "repo:octo{X}/app:pull_request");
        assert_eq!(text.place(&at(0, 0)).span, Span::new(14, 42));
        let end = text.cut(9 + 4 + 1, 9 + 4 + 4);
        assert_eq!((end.to_string(), end.place(&at(0, 0)).text()), ("app".into(), "app"));
        assert_eq!(text.split(":").len(), 3);
    }
}
