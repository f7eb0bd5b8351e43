//! Brace expansion: `{a,b}` and `{1..3}` make several words of one.
//!
//! Source: <https://www.gnu.org/software/bash/manual/html_node/Brace-Expansion.html>

use super::syntax::{Part, Word};
use crate::text::Span;

/// More words of one are not followed.
const MOST_WORDS: usize = 200;

/// Nor are longer words with braces.
const LONGEST: usize = 1000;

/// A character outside quotes and where it stands, or any other part of a word.
#[derive(Clone, Copy)]
enum Atom<'w> {
    Plain(char, Span),
    Part(&'w Part),
}

/// The words that bash makes of one; nothing where there are too many.
pub(super) fn expanded(word: &Word) -> Option<Vec<Word>> {
    let is_open = |part: &Part| matches!(part, Part::Text { text, quoted: false, .. } if text.contains('{'));
    if !word.parts.iter().any(is_open) {
        return Some(vec![word.clone()]);
    }
    let mut atoms = Vec::new();
    for part in &word.parts {
        match part {
            Part::Text { text, span, quoted: false } if text.len() == span.end - span.start => {
                atoms.extend(text.char_indices().map(|(at, c)| {
                    let start = span.start + at;
                    Atom::Plain(c, Span::new(start, start + c.len_utf8()))
                }));
            }
            other @ (Part::Text { .. }
            | Part::Expansion { .. }
            | Part::Command { .. }
            | Part::File { .. }
            | Part::Arithmetic { .. }) => atoms.push(Atom::Part(other)),
        }
    }
    if atoms.len() > LONGEST {
        return None;
    }
    let words = alternatives(&atoms)?;
    Some(words.into_iter().map(|atoms| Word { parts: parts(&atoms), span: word.span }).collect())
}

fn alternatives<'w>(atoms: &[Atom<'w>]) -> Option<Vec<Vec<Atom<'w>>>> {
    for (at, atom) in atoms.iter().enumerate() {
        if !is(atom, '{') {
            continue;
        }
        let Some((choices, length)) = choices(atoms.get(at + 1..)?) else { continue };
        let rest = alternatives(atoms.get(at + 1 + length..)?)?;
        let mut words = Vec::new();
        for choice in choices {
            for inner in alternatives(&choice)? {
                for rest in &rest {
                    let before = atoms.get(..at)?;
                    words.push([before, inner.as_slice(), rest.as_slice()].concat());
                }
            }
            if words.len() > MOST_WORDS {
                return None;
            }
        }
        return Some(words);
    }
    Some(vec![atoms.to_vec()])
}

/// What stands between the braces, and how long it is with the closing one; nothing where it is no list and no range.
fn choices<'w>(atoms: &[Atom<'w>]) -> Option<(Vec<Vec<Atom<'w>>>, usize)> {
    let mut depth = 0_usize;
    let mut found = vec![Vec::new()];
    for (at, atom) in atoms.iter().enumerate() {
        match atom {
            Atom::Plain('}', _) if depth == 0 => {
                let found = if found.len() > 1 { found } else { range(found.first()?)? };
                return Some((found, at + 1));
            }
            Atom::Plain(',', _) if depth == 0 => {
                found.push(Vec::new());
                continue;
            }
            Atom::Plain('{', _) => depth += 1,
            Atom::Plain('}', _) => depth -= 1,
            Atom::Plain(..) | Atom::Part(_) => {}
        }
        found.last_mut()?.push(*atom);
    }
    None
}

/// `1..3`, `01..10..2` or `a..c`.
fn range<'w>(atoms: &[Atom<'w>]) -> Option<Vec<Vec<Atom<'w>>>> {
    let (mut text, mut hull) = (String::new(), None);
    for atom in atoms {
        let Atom::Plain(c, span) = atom else { return None };
        text.push(*c);
        let first: Span = *hull.get_or_insert(*span);
        hull = Some(Span::new(first.start, span.end));
    }
    let ends: Vec<&str> = text.split("..").collect();
    let (first, last, step) = match ends.as_slice() {
        [first, last] => (*first, *last, 1),
        [first, last, step] => (*first, *last, step.parse::<i64>().ok()?.checked_abs()?.max(1)),
        _ => return None,
    };
    let letter = |text: &str| <[u8; 1]>::try_from(text.as_bytes()).ok().filter(|[c]| c.is_ascii_alphabetic());
    let (from, to, width, is_letter) = match (letter(first), letter(last)) {
        (Some([first]), Some([last])) => (i64::from(first), i64::from(last), 0, true),
        _ => {
            let is_padded = |text: &str| {
                text.trim_start_matches('-').len() > 1 && text.trim_start_matches('-').starts_with('0')
            };
            let is_wide = is_padded(first) || is_padded(last);
            let width = if is_wide { first.len().max(last.len()) } else { 0 };
            (first.parse().ok()?, last.parse::<i64>().ok()?, width, false)
        }
    };
    let count = from.abs_diff(to) / step.unsigned_abs();
    let count = usize::try_from(count).ok().filter(|count| *count < MOST_WORDS)?;
    let direction = if from > to { -step } else { step };
    let mut number = from;
    let mut items = Vec::new();
    for _ in 0..=count {
        let shown = match u8::try_from(number) {
            Ok(letter) if is_letter => char::from(letter).to_string(),
            _ => format!("{number:0width$}"),
        };
        let span = hull?;
        items.push(shown.chars().map(|c| Atom::Plain(c, span)).collect());
        number = number.wrapping_add(direction);
    }
    Some(items)
}

fn is(atom: &Atom<'_>, wanted: char) -> bool {
    matches!(atom, Atom::Plain(c, _) if *c == wanted)
}

fn parts(atoms: &[Atom<'_>]) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for atom in atoms {
        match atom {
            Atom::Part(part) => parts.push((*part).clone()),
            Atom::Plain(c, place) => match parts.last_mut() {
                Some(Part::Text { text, span, quoted: false })
                    if span.end == place.start || *span == *place =>
                {
                    text.push(*c);
                    *span = Span::new(span.start, place.end.max(span.end));
                }
                _ => parts.push(Part::Text { text: c.to_string(), span: *place, quoted: false }),
            },
        }
    }
    parts
}
