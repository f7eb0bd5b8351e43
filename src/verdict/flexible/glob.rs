//! The language of `matches`: `*` is any run of characters, `?` exactly one, all else itself, over the whole claim.
//!
//! Source: <https://learn.microsoft.com/entra/workload-id/workload-identities-flexible-federated-identity-credentials>.

/// A comparand, ready to be walked character by character.
#[derive(Clone, Debug)]
pub(super) struct Glob {
    pieces: Vec<Piece>,
    ignore_case: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    One(char),
    AnyOne,
    AnyRun,
}

/// Which pieces may come next; the last place stands for the end. Equal states have equal futures.
pub(super) type State = Vec<bool>;

impl Glob {
    /// The language of `matches 'text'`.
    pub(super) fn wildcard(text: &str) -> Self {
        let piece = |c| match c {
            '*' => Piece::AnyRun,
            '?' => Piece::AnyOne,
            other => Piece::One(other),
        };
        Self { pieces: text.chars().map(piece).collect(), ignore_case: false }
    }

    /// The language of `eq 'text'`: this text alone.
    pub(super) fn exactly(text: &str) -> Self {
        Self { pieces: text.chars().map(Piece::One).collect(), ignore_case: false }
    }

    /// The same language without regard to letter case.
    pub(super) fn ignoring_case(&self) -> Self {
        Self { pieces: self.pieces.clone(), ignore_case: true }
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        Self::accepts_here(&self.advance_over(&self.begin(), text))
    }

    pub(super) fn begin(&self) -> State {
        let mut state = vec![false; self.pieces.len() + 1];
        if let Some(first) = state.first_mut() {
            *first = true;
        }
        self.skip_runs(state)
    }

    pub(super) fn advance_over(&self, state: &State, text: &str) -> State {
        text.chars().fold(state.clone(), |state, c| self.advance(&state, c))
    }

    pub(super) fn advance(&self, state: &State, c: char) -> State {
        let mut next = vec![false; state.len()];
        for (at, piece) in self.pieces.iter().enumerate() {
            if state.get(at) != Some(&true) {
                continue;
            }
            let reached = match piece {
                Piece::One(wanted) => self.same(*wanted, c).then_some(at + 1),
                Piece::AnyOne => Some(at + 1),
                Piece::AnyRun => Some(at),
            };
            if let Some(slot) = reached.and_then(|reached| next.get_mut(reached)) {
                *slot = true;
            }
        }
        self.skip_runs(next)
    }

    pub(super) fn accepts_here(state: &State) -> bool {
        state.last() == Some(&true)
    }

    /// The characters that this language treats apart from others.
    pub(super) fn characters(&self) -> impl Iterator<Item = char> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::One(c) => Some(*c),
            Piece::AnyOne | Piece::AnyRun => None,
        })
    }

    fn same(&self, one: char, other: char) -> bool {
        one == other || (self.ignore_case && one.to_lowercase().eq(other.to_lowercase()))
    }

    fn skip_runs(&self, mut state: State) -> State {
        for (at, piece) in self.pieces.iter().enumerate() {
            if *piece == Piece::AnyRun
                && state.get(at) == Some(&true)
                && let Some(slot) = state.get_mut(at + 1)
            {
                *slot = true;
            }
        }
        state
    }
}

#[cfg(test)]
mod tests {
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
}
