//! The text with the smallest edit distance among many, found without measuring most of them.
//!
//! A text falls apart into a beginning and an ending. Its distance to another text is the least that the two cost together, over all
//! places at which the other can be cut. Texts that end alike share the costs of the ending; those that begin alike, most costs of the
//! beginning. A beginning that costs too much is left, and with it every longer one.

use std::collections::HashMap;

use super::subject::Kind;

/// So many texts must end alike before their ending is measured apart.
const ALIKE: usize = 64;

/// Texts, filed by kind.
#[derive(Clone, Debug, Default)]
pub(super) struct Neighbours(HashMap<Kind, Vec<Group>>);

/// Texts of one kind with one ending.
#[derive(Clone, Debug)]
struct Group {
    ending: String,
    /// In order, so that those which begin alike stand together.
    beginnings: Vec<Beginning>,
    /// How many characters the longest text has.
    longest: usize,
}

#[derive(Clone, Debug)]
struct Beginning {
    text: Box<[char]>,
    /// How many characters are those of the one before.
    shared: usize,
    at: usize,
}

/// What the best one so far is measured by: its edit, then what the caller says, then its place.
type Rank = (u32, usize, usize);

impl Neighbours {
    /// Files each text with its kind under its place.
    pub(super) fn new(texts: impl Iterator<Item = (Kind, String, usize)>) -> Self {
        let mut kinds: HashMap<Kind, Vec<(String, usize)>> = HashMap::new();
        for (kind, text, at) in texts {
            kinds.entry(kind).or_default().push((text, at));
        }
        Self(kinds.into_iter().map(|(kind, texts)| (kind, Group::all(&texts))).collect())
    }

    /// The place of the text that is nearest to `text`, among those of `kind` if any of them is admitted, else among all. Between
    /// equals the smaller `tie` decides, then the place.
    pub(super) fn nearest(
        &self,
        kind: Kind,
        text: &str,
        admits: &impl Fn(usize) -> bool,
        tie: &impl Fn(usize) -> usize,
    ) -> Option<usize> {
        let text: Vec<char> = text.chars().collect();
        let among =
            |groups| Search { text: &text, rows: none(&text), admits, tie, best: None }.nearest(groups);
        let same = self.0.get(&kind).and_then(|groups| among(groups.iter().collect()));
        same.or_else(|| among(self.0.values().flatten().collect())).map(|(.., at)| at)
    }
}

impl Group {
    fn all(texts: &[(String, usize)]) -> Vec<Self> {
        let mut alike: HashMap<&str, usize> = HashMap::new();
        for ending in texts.iter().flat_map(|(text, _)| endings(text)) {
            *alike.entry(ending).or_default() += 1;
        }
        let mut groups: HashMap<&str, Vec<(&str, usize)>> = HashMap::new();
        for (text, at) in texts {
            let mut endings = endings(text);
            let ending = endings.find(|it| alike.get(it).is_some_and(|count| *count >= ALIKE)).unwrap_or("");
            groups.entry(ending).or_default().push((text.strip_suffix(ending).unwrap_or(text), *at));
        }
        groups.into_iter().map(|(ending, beginnings)| Self::new(ending, beginnings)).collect()
    }

    fn new(ending: &str, mut beginnings: Vec<(&str, usize)>) -> Self {
        beginnings.sort_unstable();
        let mut before = "";
        let beginnings = beginnings.into_iter().map(|(text, at)| {
            let shared = before.chars().zip(text.chars()).take_while(|(one, other)| one == other).count();
            before = text;
            Beginning { text: text.chars().collect(), shared, at }
        });
        let beginnings: Vec<Beginning> = beginnings.collect();
        let longest = beginnings.iter().map(|one| one.text.len()).max().unwrap_or_default();
        Self { beginnings, ending: ending.to_owned(), longest: longest + ending.chars().count() }
    }
}

/// Every ending of `text` that begins with a colon, the longest first.
fn endings(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices(':').filter_map(|(at, _)| text.get(at..))
}

/// A search for what is nearest to `text`.
struct Search<'s, A, T> {
    text: &'s [char],
    /// The costs of the beginning that is looked at: a row for none of its characters, and one for each so far.
    rows: Vec<u32>,
    admits: &'s A,
    tie: &'s T,
    best: Option<Rank>,
}

impl<A: Fn(usize) -> bool, T: Fn(usize) -> usize> Search<'_, A, T> {
    /// Looks again and again, each time at what costs a little more, so that little is looked at which costs much.
    fn nearest(mut self, groups: Vec<&Group>) -> Option<Rank> {
        let groups: Vec<(&Group, Costs)> =
            groups.into_iter().map(|group| (group, Costs::of(&group.ending, self.text))).collect();
        let mut limit = at_least(self.text, &groups)?;
        for step in 8.. {
            let complete = groups.iter().fold(true, |complete, (group, costs)| {
                let limit = self.best.map_or(limit, |(edit, ..)| edit);
                self.look_at(group, costs, limit) && complete
            });
            if complete || self.best.is_some() {
                break;
            }
            limit += step / 8;
        }
        self.best
    }

    /// Looks at what costs no more than `limit`. Whether that was the whole group.
    fn look_at(&mut self, group: &Group, costs: &Costs, mut limit: u32) -> bool {
        let mut complete = true;
        let mut too_far = None;
        for beginning in &group.beginnings {
            if too_far.is_some_and(|characters| beginning.shared >= characters) {
                continue;
            }
            too_far = self.measure(beginning, &costs.floor, limit);
            let edit = least(self.row(), &costs.behind);
            let within = too_far.is_none() && edit <= limit;
            complete &= within;
            if within && (self.admits)(beginning.at) {
                let rank = (edit, (self.tie)(beginning.at), beginning.at);
                self.best = Some(self.best.map_or(rank, |best| best.min(rank)));
                limit = edit;
            }
        }
        complete
    }

    /// Adds the rows of `beginning` to those that it shares with the one before. Returns how many of its characters are enough to cost
    /// more than `limit`, whatever follows.
    fn measure(&mut self, beginning: &Beginning, floor: &[u32], limit: u32) -> Option<usize> {
        let width = self.text.len() + 1;
        self.rows.truncate((beginning.shared + 1) * width);
        let mut known = beginning.shared;
        while least(self.row(), floor) <= limit {
            let c = beginning.text.get(known)?;
            let end = self.rows.len();
            self.rows.extend_from_within(end - width..);
            let (above, row) = self.rows.split_at_mut(end);
            next_row(above.rchunks(width).next().unwrap_or_default(), row, *c, self.text.iter().copied());
            known += 1;
        }
        Some(known)
    }

    /// The row of the last character so far.
    fn row(&self) -> &[u32] {
        self.rows.rchunks(self.text.len() + 1).next().unwrap_or_default()
    }
}

/// What an ending costs, for each place at which the text can be cut.
struct Costs {
    behind: Vec<u32>,
    /// What it costs at this place or a later one, whichever is the least.
    floor: Vec<u32>,
}

impl Costs {
    fn of(ending: &str, text: &[char]) -> Self {
        let mut behind = none(text);
        for c in ending.chars().rev() {
            next_row(&behind.clone(), &mut behind, c, text.iter().rev().copied());
        }
        behind.reverse();
        let mut floor = behind.clone();
        let mut least = u32::MAX;
        for cost in floor.iter_mut().rev() {
            least = least.min(*cost);
            *cost = least;
        }
        Self { behind, floor }
    }
}

/// What every text of the groups costs at least: what the longest lacks is an edit each, so that a text which nothing comes near is
/// not looked for in small steps. `None` where there is no group.
fn at_least(text: &[char], groups: &[(&Group, Costs)]) -> Option<u32> {
    let longest = groups.iter().map(|(group, _)| group.longest).max()?;
    let lacking = u32::try_from(text.len().saturating_sub(longest)).unwrap_or(u32::MAX / 2);
    let least = groups.iter().filter_map(|(_, costs)| costs.floor.first()).min().copied()?;
    Some(least.max(lacking))
}

/// What no characters cost against each beginning of `text`.
fn none(text: &[char]) -> Vec<u32> {
    (0..).take(text.len() + 1).collect()
}

/// The least sum over all places.
fn least(row: &[u32], costs: &[u32]) -> u32 {
    row.iter().zip(costs).map(|(one, other)| one + other).min().unwrap_or_default()
}

/// Writes the costs with one more character `c`.
///
/// Source: Wagner and Fischer, The String-to-String Correction Problem, Journal of the ACM 21 (1974).
fn next_row(row: &[u32], next: &mut [u32], c: char, text: impl Iterator<Item = char>) {
    let mut left = row.first().map_or(0, |first| first + 1);
    let mut cells = next.iter_mut();
    cells.next().into_iter().for_each(|cell| *cell = left);
    for (((cell, diagonal), above), other) in cells.zip(row).zip(row.iter().skip(1)).zip(text) {
        left = (left + 1).min(above + 1).min(diagonal + u32::from(c != other));
        *cell = left;
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};
    use strsim::levenshtein;

    use super::*;

    fn text() -> impl Strategy<Value = String> {
        prop_oneof![3 => "[ab\u{e9}]{0,4}:main", 2 => "[abc]{0,5}", 1 => "[ab:]{0,3}:[ab]{0,2}:prod"]
    }

    #[test]
    fn the_search_for_a_long_text_begins_at_what_the_longest_lacks() {
        let group = Group::new(":main", vec![("a", 0), ("abc", 1)]);
        let text: Vec<char> = "x".repeat(1000).chars().collect();
        let costs = Costs::of(":main", &text);
        assert_eq!(at_least(&text, &[(&group, costs)]), Some(992));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]
        #[test]
        fn the_nearest_is_what_measuring_each_would_find(
            texts in vec(text(), 0..300), wanted in text(), odd in any::<bool>(),
        ) {
            let filed = texts.iter().cloned().enumerate();
            let kind = |text: &str| if text.ends_with(":prod") { Kind::Environment } else { Kind::Other(0) };
            let neighbours = Neighbours::new(filed.map(|(at, text)| (kind(&text), text, at)));
            let admits = |at: usize| !odd || at % 2 == 1;
            let tie = |at: usize| at % 3;
            let rank = |at: &usize| (levenshtein(&wanted, &texts[*at]), tie(*at), *at);
            let all = || (0..texts.len()).filter(|at| admits(*at));
            let same = all().filter(|at| kind(&texts[*at]) == kind(&wanted)).min_by_key(rank);
            let found = neighbours.nearest(kind(&wanted), &wanted, &admits, &tie);
            prop_assert_eq!(found, same.or_else(|| all().min_by_key(rank)));
        }
    }
}
