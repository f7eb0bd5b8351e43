//! The language of `matches`: `*` is any run of characters, `?` exactly one, all else itself, over the whole claim.
//!
//! Source: <https://learn.microsoft.com/entra/workload-id/workload-identities-flexible-federated-identity-credentials>.

use std::str::Chars;

use crate::trust::{TextPart, Value};

/// A comparand, ready to be walked character by character.
#[derive(Clone, Debug)]
pub(super) struct Glob {
    pieces: Vec<Piece>,
    /// Where each alternative begins.
    starts: Vec<usize>,
    ignore_case: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    One(char),
    AnyOne,
    AnyRun,
    End,
}

/// The pieces that may come next, in rising order, each once. Equal states have equal futures.
pub(super) type State = Vec<usize>;

impl Glob {
    /// The language of `matches 'text'`.
    pub(super) fn wildcard(text: &str) -> Self {
        let piece = |c| match c {
            '*' => Piece::AnyRun,
            '?' => Piece::AnyOne,
            other => Piece::One(other),
        };
        Self::of(text.chars().map(piece))
    }

    /// The language of `eq 'text'`: this text alone.
    pub(super) fn exactly(text: &str) -> Self {
        Self::of(text.chars().map(Piece::One))
    }

    /// Every text that `value` can become: a hole stands for any run of characters.
    pub(super) fn holed(value: &Value) -> Self {
        Self::of(value.parts.iter().flat_map(|part| match part {
            TextPart::Text(text) => text.chars().map(Piece::One).collect(),
            TextPart::Hole { .. } => vec![Piece::AnyRun],
        }))
    }

    /// Everything that one of `languages` takes. None of them may ignore letter case.
    pub(super) fn any_of(languages: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Self { pieces: Vec::new(), starts: Vec::new(), ignore_case: false };
        for language in languages {
            all.starts.extend(language.starts.iter().map(|start| start + all.pieces.len()));
            all.pieces.extend(language.pieces);
        }
        all
    }

    fn of(pieces: impl Iterator<Item = Piece>) -> Self {
        Self { pieces: pieces.chain([Piece::End]).collect(), starts: vec![0], ignore_case: false }
    }

    /// The same language without regard to letter case.
    pub(super) fn ignoring_case(&self) -> Self {
        Self { ignore_case: true, ..self.clone() }
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        self.accepts_here(&self.advance_over(&self.begin(), text))
    }

    pub(super) fn begin(&self) -> State {
        self.settled(self.starts.clone())
    }

    pub(super) fn advance_over(&self, state: &State, text: &str) -> State {
        text.chars().fold(state.clone(), |state, c| self.advance(&state, c))
    }

    pub(super) fn advance(&self, state: &State, c: char) -> State {
        let reached = state.iter().filter_map(|at| match self.pieces.get(*at)? {
            Piece::One(wanted) => self.same(*wanted, c).then_some(at + 1),
            Piece::AnyOne => Some(at + 1),
            Piece::AnyRun => Some(*at),
            Piece::End => None,
        });
        self.settled(reached.collect())
    }

    pub(super) fn accepts_here(&self, state: &State) -> bool {
        state.iter().any(|at| self.pieces.get(*at) == Some(&Piece::End))
    }

    /// The characters that this language treats apart from others.
    pub(super) fn characters(&self) -> impl Iterator<Item = char> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::One(c) => Some(*c),
            Piece::AnyOne | Piece::AnyRun | Piece::End => None,
        })
    }

    fn same(&self, one: char, other: char) -> bool {
        one == other || (self.ignore_case && one.to_lowercase().eq(other.to_lowercase()))
    }

    /// A run may hold nothing: the piece behind it may come next as well.
    fn settled(&self, mut state: State) -> State {
        let mut at = 0;
        while let Some(place) = state.get(at).copied() {
            if self.pieces.get(place) == Some(&Piece::AnyRun) {
                state.push(place + 1);
            }
            at += 1;
        }
        state.sort_unstable();
        state.dedup();
        state
    }
}

/// Whether `text` is in the language of `matches 'pattern'`, with `same` telling which characters are equal. Nothing is prepared for
/// it: of several runs only the last one can still grow.
pub(super) fn matches(pattern: &str, text: &str, same: impl Fn(char, char) -> bool) -> bool {
    let (mut pattern, mut text) = (pattern.chars(), text.chars());
    // What is behind the last run, and where the run ends for now.
    let mut run: Option<(Chars<'_>, Chars<'_>)> = None;
    loop {
        let here = text.clone();
        match (pattern.next(), text.next()) {
            (None, None) => return true,
            (Some('*'), _) => {
                run = Some((pattern.clone(), here.clone()));
                text = here;
            }
            (Some(wanted), Some(c)) if wanted == '?' || same(wanted, c) => {}
            _ => {
                let Some((behind, end)) = &mut run else { return false };
                if end.next().is_none() {
                    return false;
                }
                (pattern, text) = (behind.clone(), end.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_star_runs_over_colons_and_slashes_and_the_whole_claim_must_fit() {
        let glob = Glob::wildcard("repo:o/*:ref:refs/heads/rel-?");
        assert!(glob.matches("repo:o/r:ref:refs/heads/rel-1"));
        assert!(glob.matches("repo:o/:x:ref:refs/heads/rel-é"));
        assert!(!glob.matches("repo:o/r:ref:refs/heads/rel-12"));
        assert!(!glob.matches("repo:o/r:ref:refs/heads/rel-"));
        assert!(!glob.matches("xrepo:o/r:ref:refs/heads/rel-1"));
        assert!(!glob.matches("repo:O/r:ref:refs/heads/rel-1"));
        assert!(glob.ignoring_case().matches("repo:O/r:ref:refs/heads/rel-1"));
        assert!(Glob::wildcard("**").matches(""));
        assert!(!Glob::exactly("a*").matches("ab"));
    }

    proptest! {
        #[test]
        fn a_text_fits_a_pattern_read_as_it_stands_as_it_fits_the_prepared_language(
            pattern in "[abA*?]{0,8}", text in "[abA]{0,10}",
        ) {
            let glob = Glob::wildcard(&pattern);
            prop_assert_eq!(matches(&pattern, &text, |one, other| one == other), glob.matches(&text));
            let ignoring = |one: char, other: char| one.eq_ignore_ascii_case(&other);
            prop_assert_eq!(matches(&pattern, &text, ignoring), glob.ignoring_case().matches(&text));
        }
    }

    #[test]
    fn alternatives_do_not_run_into_each_other() {
        let glob = Glob::any_of([Glob::exactly("ab"), Glob::wildcard("x*"), Glob::exactly("")]);
        for yes in ["ab", "x", "xab", ""] {
            assert!(glob.matches(yes), "{yes}");
        }
        for no in ["a", "abx", "b"] {
            assert!(!glob.matches(no), "{no}");
        }
        assert!(!Glob::any_of([]).matches(""));
    }
}
