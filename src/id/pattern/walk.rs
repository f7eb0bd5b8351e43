//! Reading a name character by character against a whole pattern list, so that two languages can be compared.

use std::collections::BTreeSet;

use super::{PatternList, token};

/// How far every pattern of a list has come behind some characters. Equal walks have equal futures.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Walk {
    alive: Vec<Vec<bool>>,
}

impl PatternList {
    /// The walk before the first character.
    #[must_use]
    pub fn begin(&self) -> Walk {
        Walk { alive: self.patterns.iter().map(|pattern| token::begin(&pattern.tokens)).collect() }
    }

    /// The walk behind one more character.
    #[must_use]
    pub fn advance(&self, walk: &Walk, c: char) -> Walk {
        let patterns = self.patterns.iter().zip(&walk.alive);
        Walk {
            alive: patterns
                .map(|(pattern, alive)| token::advance(&pattern.tokens, alive, c, false))
                .collect(),
        }
    }

    /// Whether the list admits the name read so far.
    #[must_use]
    pub fn admits_here(&self, walk: &Walk) -> bool {
        let ended = self.patterns.iter().zip(&walk.alive).rev();
        ended
            .filter(|(_, alive)| alive.last() == Some(&true))
            .map(|(pattern, _)| !pattern.is_negative())
            .next()
            .unwrap_or(false)
    }

    /// Characters that some pattern treats apart from others. Any two other characters, a slash aside, are treated alike, as
    /// are any two inside one range.
    #[must_use]
    pub fn characters(&self) -> BTreeSet<char> {
        self.patterns.iter().flat_map(|pattern| token::characters(&pattern.tokens)).collect()
    }
}

impl Walk {
    /// How many pieces the patterns have.
    #[must_use]
    pub fn size(&self) -> usize {
        self.alive.iter().map(Vec::len).sum()
    }

    /// Whether no further character can lead to an admitted name.
    #[must_use]
    pub fn is_dead(&self) -> bool {
        self.alive.iter().all(|alive| !alive.contains(&true))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn walking_answers_as_admitting_does(
            patterns in proptest::collection::vec("!?[ab/*]{1,4}", 1..4),
            name in "[ab/]{0,5}"
        ) {
            if let Ok(list) = PatternList::parse(patterns.iter().map(String::as_str)) {
                let walk = name.chars().fold(list.begin(), |walk, c| list.advance(&walk, c));
                prop_assert_eq!(list.admits_here(&walk), list.admits(&name));
            }
        }
    }
}
