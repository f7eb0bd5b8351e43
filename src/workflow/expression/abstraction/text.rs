//! Texts of which only some pieces are known: whether they can equal, begin, end or contain something.

use super::{Case, Piece, Truth};
use crate::{
    id::pattern::{Pattern, PatternList},
    workflow::expression::{Value, value::fold},
};

/// Longer texts are not searched; they may match.
const LONGEST: usize = 512;

/// The case of a text: exact where every piece is literal; neighbouring literals become one.
pub(super) fn text_case(pieces: Vec<Piece>) -> Case {
    let mut merged: Vec<Piece> = Vec::new();
    for piece in pieces {
        match (merged.last_mut(), piece) {
            (_, Piece::Literal(text)) if text.is_empty() => {}
            (Some(Piece::Literal(before)), Piece::Literal(text)) => before.push_str(&text),
            (_, piece) => merged.push(piece),
        }
    }
    match merged.as_slice() {
        [] => Case::Exact(Value::from("")),
        [Piece::Literal(text)] => Case::Exact(Value::from(text.as_str())),
        _ => Case::Text(merged),
    }
}

fn folded(text: &str) -> String {
    fold(text).collect()
}

/// Whether the text can be `wanted`, letter case aside.
pub(super) fn can_be(pieces: &[Piece], wanted: &str) -> bool {
    wanted.len() > LONGEST || fits(pieces, wanted, &|part, text| folded(part) == folded(text), &may_admit)
}

/// Whether the text can be `wanted` as it is spelled.
pub(super) fn can_be_exactly(pieces: &[Piece], wanted: &str) -> bool {
    wanted.len() <= LONGEST && fits(pieces, wanted, &|part, text| part == text, &PatternList::admits)
}

/// Whether `wanted` can be cut so that each piece fits its part.
fn fits(
    pieces: &[Piece],
    wanted: &str,
    same: &impl Fn(&str, &str) -> bool,
    admits: &impl Fn(&PatternList, &str) -> bool,
) -> bool {
    let Some((first, rest)) = pieces.split_first() else { return wanted.is_empty() };
    let cut = |at: usize| wanted.split_at_checked(at);
    match first {
        Piece::Literal(text) => {
            let length: usize = wanted.chars().take(text.chars().count()).map(char::len_utf8).sum();
            cut(length).is_some_and(|(part, behind)| same(part, text) && fits(rest, behind, same, admits))
        }
        Piece::Hole(_) if rest.is_empty() => true,
        Piece::Filtered { list, .. } if rest.is_empty() => admits(list, wanted),
        Piece::Hole(_) => {
            (0..=wanted.len()).filter_map(cut).any(|(_, behind)| fits(rest, behind, same, admits))
        }
        Piece::Filtered { list, .. } => (0..=wanted.len())
            .filter_map(cut)
            .any(|(part, behind)| admits(list, part) && fits(rest, behind, same, admits)),
    }
}

/// Whether the list may admit the name in some spelling. A name that it takes away as spelled is taken to be away.
fn may_admit(list: &PatternList, name: &str) -> bool {
    let spelled = list.positives().any(|pattern| pattern.matches(name));
    list.admits(name) || !name.is_ascii() || (!spelled && list.may_admit_ignoring_case(name))
}

/// Whether the text converts to a number other than NaN in some run.
pub(super) fn can_be_number(pieces: &[Piece]) -> bool {
    let numeric =
        |char: char| char.is_alphanumeric() || char.is_whitespace() || matches!(char, '.' | '+' | '-');
    pieces.iter().all(|piece| match piece {
        Piece::Literal(text) => text.chars().all(numeric),
        Piece::Hole(_) | Piece::Filtered { .. } => true,
    })
}

/// Whether the text begins with `prefix`, letter case aside.
pub(super) fn starts_with(pieces: &[Piece], prefix: &str) -> Truth {
    let wanted = folded(prefix);
    let mut rest = wanted.as_str();
    for piece in pieces {
        if rest.is_empty() {
            return Truth::True;
        }
        match piece {
            Piece::Literal(text) => {
                let text = folded(text);
                if text.starts_with(rest) {
                    return Truth::True;
                }
                let Some(behind) = rest.strip_prefix(text.as_str()) else { return Truth::False };
                rest = behind;
            }
            Piece::Hole(_) => return Truth::Maybe,
            Piece::Filtered { list, .. } => return family_starts_with(list, rest),
        }
    }
    Truth::of(rest.is_empty(), !rest.is_empty())
}

fn family_starts_with(list: &PatternList, wanted: &str) -> Truth {
    let starts: Vec<String> = list.positives().map(|pattern| folded(&pattern.start())).collect();
    let can = starts.iter().any(|start| start.starts_with(wanted) || wanted.starts_with(start.as_str()));
    let must = starts.iter().all(|start| start.starts_with(wanted));
    Truth::of(can, !must)
}

/// Whether the text ends with `suffix`, letter case aside.
pub(super) fn ends_with(pieces: &[Piece], suffix: &str) -> Truth {
    let wanted = folded(suffix);
    let Some(Piece::Literal(last)) = pieces.last() else {
        return if wanted.is_empty() { Truth::True } else { Truth::Maybe };
    };
    let last = folded(last);
    Truth::of(last.ends_with(&wanted) || wanted.ends_with(&last), !last.ends_with(&wanted))
}

/// Whether the text contains `part`, letter case aside.
pub(super) fn contains(pieces: &[Piece], part: &str) -> Truth {
    let wanted = folded(part);
    let found = pieces.iter().any(|piece| match piece {
        Piece::Literal(text) => folded(text).contains(&wanted),
        Piece::Hole(_) | Piece::Filtered { .. } => wanted.is_empty(),
    });
    if found { Truth::True } else { Truth::Maybe }
}

/// Whether the two texts can be equal, judged by how they begin.
pub(super) fn can_be_equal(left: &[Piece], right: &[Piece]) -> bool {
    let start = |pieces: &[Piece]| match pieces.first() {
        Some(Piece::Literal(text)) => folded(text),
        Some(Piece::Hole(_) | Piece::Filtered { .. }) | None => String::new(),
    };
    let (left, right) = (start(left), start(right));
    left.starts_with(&right) || right.starts_with(&left)
}

/// A text that ends in a family: what stands before it, the family's name and its list.
fn ending_family(pieces: &[Piece]) -> Option<(&str, &str, &PatternList)> {
    match pieces {
        [Piece::Filtered { name, list }] => Some(("", name, list)),
        [Piece::Literal(before), Piece::Filtered { name, list }] => Some((before, name, list)),
        _ => None,
    }
}

fn with_list(before: &str, name: &str, list: PatternList) -> Case {
    let filtered = Piece::Filtered { name: name.to_owned(), list };
    text_case(vec![Piece::Literal(before.to_owned()), filtered])
}

/// The same family without `wanted`; nothing changes where the text is no family.
pub(super) fn without(pieces: &[Piece], wanted: &str) -> Case {
    let found = ending_family(pieces).and_then(|(before, name, list)| {
        let rest = wanted.strip_prefix(before).filter(|rest| list.admits(rest))?;
        Some(with_list(before, name, list.without(rest)))
    });
    found.unwrap_or_else(|| Case::Text(pieces.to_vec()))
}

/// What is left of the text where it begins with `prefix`.
pub(super) fn beginning(pieces: &[Piece], prefix: &str) -> Option<Case> {
    let same = || Some(Case::Text(pieces.to_vec()));
    let Some((before, name, list)) = ending_family(pieces) else { return same() };
    let Some(rest) = prefix.strip_prefix(before).filter(|rest| !rest.is_empty()) else { return same() };
    restricted(list, rest).map(|list| with_list(before, name, list))
}

/// What is left of the text where it does not begin with `prefix`.
pub(super) fn not_beginning(pieces: &[Piece], prefix: &str) -> Case {
    let found = ending_family(pieces).and_then(|(before, name, list)| {
        let rest = prefix.strip_prefix(before).filter(|rest| !rest.is_empty())?;
        Some(with_list(before, name, list.and(Pattern::starting_with(rest).negated())))
    });
    found.unwrap_or_else(|| Case::Text(pieces.to_vec()))
}

/// The names of `list` that begin with `start`; possibly more, never fewer. `None` where there are none.
fn restricted(list: &PatternList, start: &str) -> Option<PatternList> {
    let kept = |text: &String| {
        let Ok(pattern) = Pattern::parse(text) else { return Some(text.clone()) };
        let begins = folded(&pattern.start());
        let wanted = folded(start);
        match () {
            () if pattern.is_negative() || begins.starts_with(&wanted) => Some(text.clone()),
            () if pattern.is_start() && wanted.starts_with(&begins) => {
                Some(Pattern::starting_with(start).as_str().to_owned())
            }
            () if wanted.starts_with(&begins) => Some(text.clone()),
            () => None,
        }
    };
    let texts: Vec<String> = list.texts().iter().filter_map(kept).collect();
    let list = PatternList::parse(texts.iter().map(String::as_str)).ok()?;
    let any = list.positives().next().is_some();
    any.then_some(list)
}
