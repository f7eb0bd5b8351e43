//! Ordered lists of filter patterns: the last one that matches decides.

use super::{Pattern, PatternError};

/// An ordered list of filter patterns. The last pattern that matches a name decides; a name that none matches is not admitted.
///
/// Source: reusable `run-on-specific-branches-or-tags4` in github/docs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternList {
    pub(super) patterns: Vec<Pattern>,
}

impl PatternList {
    /// The list of a key such as `branches`.
    ///
    /// # Errors
    /// When a pattern breaks the syntax; the number is its place in the list, from 0.
    pub fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, (usize, PatternError)> {
        let parse = |(at, text)| Pattern::parse(text).map_err(|error| (at, error));
        let patterns = texts.into_iter().enumerate().map(parse).collect::<Result<_, _>>()?;
        Ok(Self { patterns })
    }

    /// The list of a key such as `branches-ignore`: everything but what these match.
    ///
    /// Assumed: a `!` inside such a list takes a name back in, as nektos/act does; the documentation is silent.
    ///
    /// # Errors
    /// As [`PatternList::parse`].
    pub fn parse_ignored<'a>(
        texts: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, (usize, PatternError)> {
        let Self { patterns } = Self::parse(texts)?;
        let negated = patterns.into_iter().map(Pattern::negated);
        Ok(Self { patterns: std::iter::once(Pattern::starting_with("")).chain(negated).collect() })
    }

    /// The list that admits every name.
    #[must_use]
    pub fn everything() -> Self {
        Self { patterns: vec![Pattern::starting_with("")] }
    }

    /// The list of these patterns.
    #[must_use]
    pub const fn of(patterns: Vec<Pattern>) -> Self {
        Self { patterns }
    }

    /// Whether the list admits this very name.
    #[must_use]
    pub fn admits(&self, name: &str) -> bool {
        self.decides(|pattern| pattern.matches(name))
    }

    /// Whether the list might admit a name that differs from this one by ASCII letter case alone.
    ///
    /// Negative patterns are left aside, so the answer may be yes too often.
    #[must_use]
    pub fn may_admit_ignoring_case(&self, name: &str) -> bool {
        self.positives().any(|pattern| pattern.matches_ignoring_case(name))
    }

    /// Whether the list does not admit this name, and a negative pattern matches it, ASCII letter case aside.
    #[must_use]
    pub fn takes_away(&self, name: &str) -> bool {
        let matches = |pattern: &Pattern| pattern.is_negative() && pattern.matches_ignoring_case(name);
        !self.admits(name) && self.patterns.iter().any(matches)
    }

    /// Whether a literal negative pattern takes away this name or one that differs by ASCII letter case alone.
    #[must_use]
    pub fn names_away(&self, name: &str) -> bool {
        let named = |pattern: &Pattern| pattern.literal().is_some_and(|own| own.eq_ignore_ascii_case(name));
        self.patterns.iter().any(|pattern| pattern.is_negative() && named(pattern))
    }

    /// Whether the last patterns take away every name that begins with `start`; `false` where that is not certain.
    #[must_use]
    pub fn takes_away_start(&self, start: &str) -> bool {
        let last = self.patterns.iter().rev().take_while(|pattern| pattern.is_negative());
        last.into_iter().any(|pattern| pattern.is_start() && start.starts_with(&pattern.start()))
    }

    fn decides(&self, matches: impl Fn(&Pattern) -> bool) -> bool {
        self.patterns.iter().rev().find(|pattern| matches(pattern)).is_some_and(|last| !last.is_negative())
    }

    /// The patterns without `!`, in their order.
    pub fn positives(&self) -> impl Iterator<Item = &Pattern> {
        self.patterns.iter().filter(|pattern| !pattern.is_negative())
    }

    /// A name that has the form of `pattern` and that the list admits. `None` does not prove that there is none, unless the pattern
    /// is literal.
    #[must_use]
    pub fn witness(&self, pattern: &Pattern) -> Option<String> {
        pattern.samples().into_iter().find(|name| pattern.matches(name) && self.admits(name))
    }

    /// Whether no name can be both of the form of `pattern` and admitted; `false` where that is not certain.
    #[must_use]
    pub fn shuts_out(&self, pattern: &Pattern) -> bool {
        let behind = self.patterns.iter().skip_while(|other| *other != pattern).skip(1);
        let taken = |other: &Pattern| {
            other.is_negative() && (other.is_start() && pattern.start().starts_with(&other.start()))
        };
        match pattern.literal() {
            Some(name) => !self.admits(&name),
            None => behind.fold(false, |out, other| {
                if other.is_negative() {
                    out || taken(other)
                } else {
                    let (one, other) = (pattern.start(), other.start());
                    out && !one.starts_with(&other) && !other.starts_with(&one)
                }
            }),
        }
    }

    /// Whether it admits no name, since it has no pattern without `!` or takes every one back; `false` where that is not certain.
    ///
    /// Source: gamecon-cz/gamecon#855 and nektos/act `pkg/workflowpattern`, for a list that only takes away.
    #[must_use]
    pub fn admits_nothing(&self) -> bool {
        self.positives().all(|pattern| self.shuts_out(pattern))
    }

    /// The same list without `name`.
    #[must_use]
    pub fn without(&self, name: &str) -> Self {
        self.and(Pattern::exactly(name).negated())
    }

    /// The same list with one more pattern behind all others.
    #[must_use]
    pub fn and(&self, pattern: Pattern) -> Self {
        Self { patterns: self.patterns.iter().cloned().chain([pattern]).collect() }
    }

    /// What the list admits of the names that begin with `start`, where `pattern` (one of the list) admits all of them at first.
    #[must_use]
    pub fn narrowed(&self, pattern: &Pattern, start: &str) -> Self {
        let behind = self.patterns.iter().skip_while(|other| *other != pattern).skip(1);
        let kept = behind.skip_while(|other| !other.is_negative()).cloned();
        Self { patterns: std::iter::once(Pattern::starting_with(start)).chain(kept).collect() }
    }

    /// The patterns as written.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        self.patterns.iter().map(|pattern| pattern.as_str().to_owned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(texts: &[&str]) -> PatternList {
        PatternList::parse(texts.iter().copied()).unwrap()
    }

    #[test]
    fn the_last_match_decides() {
        let releases = list(&["releases/**", "!releases/**-alpha"]);
        assert!(releases.admits("releases/10"));
        assert!(!releases.admits("releases/10-alpha"));
        assert!(!releases.admits("main"));
        assert!(list(&["a*", "!ab", "ab"]).admits("ab"));
        assert!(!list(&["!main"]).admits("dev"));
    }

    #[test]
    fn an_ignore_list_is_everything_but() {
        let list = PatternList::parse_ignored(["dependabot/**", "!dependabot/x"]).unwrap();
        assert_eq!(list.texts(), ["**", "!dependabot/**", "dependabot/x"]);
        assert!(list.admits("main") && list.admits("dependabot/x") && !list.admits("dependabot/y"));
    }

    #[test]
    fn a_pattern_taken_back_whole_is_shut_out() {
        let list = list(&["main", "feature/**", "!feature/**", "!main", "v*"]);
        let shut: Vec<bool> = list.positives().map(|pattern| list.shuts_out(pattern)).collect();
        assert_eq!(shut, [true, true, false]);
        assert!(!list.admits_nothing());

        for texts in [&["!x"][..], &["main", "!main"], &["**", "!**"]] {
            assert!(super::PatternList::parse(texts.iter().copied()).unwrap().admits_nothing(), "{texts:?}");
        }
    }

    #[test]
    fn what_a_wider_pattern_gives_back_is_not_shut_out() {
        let list = list(&["feature/**", "!feature/**", "**"]);
        assert!(list.admits("feature/x") && !list.positives().any(|pattern| list.shuts_out(pattern)));
    }

    #[test]
    fn narrowing_keeps_what_is_taken_away_later() {
        let all = PatternList::parse_ignored(["release/old"]).unwrap();
        let first = all.positives().next().unwrap();
        let narrow = all.narrowed(first, "release/");
        assert_eq!(narrow.texts(), ["release/**", "!release/old"]);
        assert!(!narrow.admits("main"));
        assert_eq!(all.witness(first).as_deref(), Some("x"));
    }
}
