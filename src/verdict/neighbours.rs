//! The text with the smallest edit distance among many, found without measuring most of them.

use std::collections::HashMap;

use strsim::levenshtein;

use super::subject::Kind;

/// Texts that share a block are neighbours in the alphabet, so they hold much the same letters.
const BLOCK: usize = 64;

/// Texts, filed by kind.
#[derive(Clone, Debug, Default)]
pub(super) struct Neighbours(HashMap<Kind, Row>);

/// Texts of one kind, in the order of the alphabet.
#[derive(Clone, Debug, Default)]
struct Row {
    texts: Vec<Text>,
    blocks: Vec<Block>,
}

#[derive(Clone, Debug)]
struct Text {
    text: String,
    letters: Letters,
    at: usize,
}

/// The letters that all texts of a block hold at least, and those that none exceeds.
#[derive(Clone, Debug)]
struct Block {
    least: Letters,
    most: Letters,
}

/// How often each letter occurs. A prime of lanes keeps letters, digits and marks of ASCII nearly apart; the rest is padding
/// for vector instructions.
#[derive(Clone, Copy, Debug)]
struct Letters([u8; 48]);

const LANES: u32 = 37;

/// What the best one so far is measured by: its edit, then what the caller says, then its place.
type Rank = (usize, usize, usize);

impl Neighbours {
    /// Files each text with its kind under its place.
    pub(super) fn new(texts: impl Iterator<Item = (Kind, String, usize)>) -> Self {
        let mut rows: HashMap<Kind, Row> = HashMap::new();
        for (kind, text, at) in texts {
            let letters = Letters::of(&text);
            rows.entry(kind).or_default().texts.push(Text { text, letters, at });
        }
        for row in rows.values_mut() {
            row.texts.sort_by(|one, other| one.text.cmp(&other.text));
            row.blocks = row.texts.chunks(BLOCK).map(Block::of).collect();
        }
        Self(rows)
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
        let letters = Letters::of(text);
        let in_row = |row: &Row| row.nearest(text, &letters, admits, tie);
        let same = self.0.get(&kind).and_then(in_row);
        same.or_else(|| self.0.values().filter_map(in_row).min()).map(|(_, _, at)| at)
    }
}

impl Row {
    fn nearest(
        &self,
        text: &str,
        letters: &Letters,
        admits: &impl Fn(usize) -> bool,
        tie: &impl Fn(usize) -> usize,
    ) -> Option<Rank> {
        let mut best: Option<Rank> = None;
        let consider = |one: &Text, best: &mut Option<Rank>| {
            if best.is_some_and(|(edit, _, _)| letters.edits_to(&one.letters) > edit) || !admits(one.at) {
                return;
            }
            let edit = distance(text, &one.text);
            if best.is_none_or(|(least, _, _)| edit <= least) {
                let rank = (edit, tie(one.at), one.at);
                *best = Some(best.map_or(rank, |best| best.min(rank)));
            }
        };
        // The neighbours in the alphabet are near, which spares measuring most others.
        let here = self.texts.partition_point(|one| one.text.as_str() < text);
        for at in [here.checked_sub(1), Some(here)].into_iter().flatten() {
            self.texts.get(at).into_iter().for_each(|one| consider(one, &mut best));
        }
        for (block, texts) in self.blocks.iter().zip(self.texts.chunks(BLOCK)) {
            if best.is_none_or(|(edit, _, _)| block.edits_to(letters) <= edit) {
                texts.iter().for_each(|one| consider(one, &mut best));
            }
        }
        best
    }
}

impl Block {
    fn of(texts: &[Text]) -> Self {
        let fold = |choose: fn(u8, u8) -> u8| {
            let all = texts.iter().map(|one| one.letters.0);
            let merge = |one: [u8; 48], other: [u8; 48]| {
                let mut merged = one;
                merged.iter_mut().zip(other).for_each(|(slot, more)| *slot = choose(*slot, more));
                merged
            };
            Letters(all.reduce(merge).unwrap_or([0; 48]))
        };
        Self { least: fold(u8::min), most: fold(u8::max) }
    }

    /// No text of the block can be made out of one with these letters by fewer edits.
    fn edits_to(&self, letters: &Letters) -> usize {
        letters.beyond(&self.most).max(self.least.beyond(letters))
    }
}

impl Letters {
    fn of(text: &str) -> Self {
        let mut lanes = [0_u8; 48];
        for c in text.chars() {
            if let Some(lane) = lanes.get_mut((u32::from(c) % LANES) as usize) {
                *lane = lane.saturating_add(1);
            }
        }
        Self(lanes)
    }

    /// How many letters are here more often than in `other`. An edit takes away at most one of them.
    fn beyond(&self, other: &Self) -> usize {
        let more = self.0.iter().zip(&other.0).map(|(one, other)| u32::from(one.saturating_sub(*other)));
        more.sum::<u32>() as usize
    }

    /// No text with these letters can be made into one with the others by fewer edits.
    fn edits_to(&self, other: &Self) -> usize {
        self.beyond(other).max(other.beyond(self))
    }
}

/// The edit distance in characters. What both begin and end with needs no measuring.
fn distance(one: &str, other: &str) -> usize {
    let shared = one.chars().zip(other.chars()).take_while(|(one, other)| one == other);
    let start = shared.map(|(c, _)| c.len_utf8()).sum::<usize>();
    let (one, other) = (one.get(start..).unwrap_or(""), other.get(start..).unwrap_or(""));
    let shared = one.chars().rev().zip(other.chars().rev()).take_while(|(one, other)| one == other);
    let end = shared.map(|(c, _)| c.len_utf8()).sum::<usize>();
    levenshtein(one.get(..one.len() - end).unwrap_or(""), other.get(..other.len() - end).unwrap_or(""))
}
