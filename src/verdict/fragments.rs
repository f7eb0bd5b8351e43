//! Files what asks something of a text under a part that the text must hold, so that for one token only what could take it is looked at.

use std::{cmp::Reverse, collections::HashMap};

use aho_corasick::AhoCorasick;

/// Numbers, each filed under that of its fragments which the fewest others share, whatever its letter case.
#[derive(Clone, Debug, Default)]
pub(super) struct Fragments {
    search: Option<AhoCorasick>,
    /// The numbers of each fragment that is searched for.
    filed: Vec<Vec<usize>>,
    /// Those that ask for no fragment.
    open: Vec<usize>,
}

impl Fragments {
    /// Files numbers, each with everything that a text must hold to be of interest.
    pub(super) fn new<'a, F: Iterator<Item = &'a str>>(all: impl Iterator<Item = (usize, F)>) -> Self {
        let all: Vec<(usize, Vec<String>)> = all
            .map(|(at, fragments)| (at, fragments.filter(|it| !it.is_empty()).map(folded).collect()))
            .collect();
        let mut shared: HashMap<&str, usize> = HashMap::new();
        for fragment in all.iter().flat_map(|(_, fragments)| fragments) {
            *shared.entry(fragment).or_default() += 1;
        }
        let mut fragments = Self::default();
        let mut rarest: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, held) in &all {
            let rare = |it: &&String| (shared.get(it.as_str()).copied(), Reverse(it.len()));
            match held.iter().min_by_key(rare) {
                Some(fragment) => rarest.entry(fragment).or_default().push(*at),
                None => fragments.open.push(*at),
            }
        }
        let (texts, filed): (Vec<&str>, Vec<Vec<usize>>) = rarest.into_iter().unzip();
        match AhoCorasick::new(texts) {
            Ok(search) if !filed.is_empty() => Self { search: Some(search), filed, ..fragments },
            // More than can be searched for: each is of interest.
            Ok(_) | Err(_) => Self { open: all.iter().map(|(at, _)| *at).collect(), ..fragments },
        }
    }

    /// Adds to `found` what is filed under something in `text`, which is folded, perhaps more than once and in no order.
    pub(super) fn find(&self, text: &str, found: &mut Vec<usize>) {
        found.extend(&self.open);
        let hits = self.search.iter().flat_map(|search| search.find_overlapping_iter(text));
        hits.filter_map(|hit| self.filed.get(hit.pattern().as_usize())).for_each(|at| found.extend(at));
    }
}

/// `text` without letter case, character by character, so that a part of a text folds into a part of its fold.
pub(super) fn folded(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_found_by_its_rarest_fragment_and_one_without_any_always() {
        let asked: [&[&str]; 4] = [&["repo:O", ":prod"], &["repo:o", "/a"], &["repo:o", "/A", "b"], &[""]];
        let asked = asked.iter().enumerate().map(|(at, held)| (at, held.iter().copied()));
        let fragments = Fragments::new(asked);
        let found = |text: &str| {
            let mut found = Vec::new();
            fragments.find(&folded(text), &mut found);
            found.sort_unstable();
            found
        };
        assert_eq!(found("x:PROD"), [0, 3]);
        assert_eq!(found("Repo:o/aB"), [1, 2, 3]);
        assert_eq!(found("repo:o"), [3]);
    }
}
