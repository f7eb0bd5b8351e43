//! GitHub's filter pattern language, as used for branches and tags: one pattern, and ordered lists of them.
//!
//! Source: the filter pattern cheat sheet,
//! <https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet>, and
//! nektos/act `pkg/workflowpattern`.

mod list;
mod token;
mod walk;

pub use list::PatternList;
pub use walk::Walk;

use thiserror::Error;
use token::Token;

/// Why a text is no filter pattern; offsets count bytes from the start of the text.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum PatternError {
    /// Nothing, or nothing behind the `!`.
    #[error("the pattern is empty")]
    Empty,
    /// `?` or `+` with nothing to repeat.
    #[error("`{sign}` at offset {at} repeats nothing: it must stand behind a plain character or `[...]`")]
    RepeatsNothing {
        /// The quantifier.
        sign: char,
        /// Where it stands.
        at: usize,
    },
    /// `[` without `]`.
    #[error("the `[` at offset {at} is never closed")]
    OpenBracket {
        /// Where the bracket opens.
        at: usize,
    },
    /// `[]`.
    #[error("the `[]` at offset {at} admits no character")]
    EmptyBracket {
        /// Where the bracket opens.
        at: usize,
    },
    /// `[z-a]`, or a range that is not among `a-z`, `A-Z`, `0-9`.
    #[error("the range `{from}-{to}` at offset {at} is not one of a-z, A-Z or 0-9 in rising order")]
    BadRange {
        /// The first character.
        from: char,
        /// The last character.
        to: char,
        /// Where the range stands.
        at: usize,
    },
    /// `\` at the end.
    #[error("the `\\` at the end escapes nothing")]
    DanglingEscape,
}

/// One filter pattern. It matches a whole short name such as `main` or `v1.2`, letter case included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    negative: bool,
    tokens: Vec<Token>,
}

impl Pattern {
    /// Parses `text`; a leading `!` makes the pattern negative.
    ///
    /// # Errors
    /// When the text breaks the syntax of the language.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        let (negative, body) = text.strip_prefix('!').map_or((false, text), |rest| (true, rest));
        if body.is_empty() {
            return Err(PatternError::Empty);
        }
        let tokens = token::parse(body, usize::from(negative))?;
        Ok(Self { text: text.to_owned(), negative, tokens })
    }

    /// The pattern that matches this very name and nothing else.
    #[must_use]
    pub fn exactly(name: &str) -> Self {
        Self::built(escaped(name), name.chars().map(Token::plain).collect())
    }

    /// The pattern that matches every name that begins so.
    #[must_use]
    pub fn starting_with(start: &str) -> Self {
        let tokens = start.chars().map(Token::plain).chain([Token::Everything]).collect();
        Self::built(format!("{}**", escaped(start)), tokens)
    }

    fn built(text: String, tokens: Vec<Token>) -> Self {
        Self { text, negative: false, tokens }
    }

    /// The same pattern, taking away what it matches.
    #[must_use]
    pub fn negated(mut self) -> Self {
        self.text = match self.text.strip_prefix('!') {
            // A second `!` would negate it again.
            Some(rest) if rest.starts_with('!') => format!("\\{rest}"),
            Some(rest) => rest.to_owned(),
            None => format!("!{}", self.text),
        };
        self.negative = !self.negative;
        self
    }

    /// The pattern as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it stands behind a `!`.
    #[must_use]
    pub const fn is_negative(&self) -> bool {
        self.negative
    }

    /// Whether the whole `name` has the form of this pattern; the sign is left aside.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        token::matches(&self.tokens, name, false)
    }

    /// [`Pattern::matches`] without regard to ASCII letter case.
    #[must_use]
    pub fn matches_ignoring_case(&self, name: &str) -> bool {
        token::matches(&self.tokens, name, true)
    }

    /// The one name that it matches, if it has no special character.
    #[must_use]
    pub fn literal(&self) -> Option<String> {
        self.tokens.iter().map(Token::as_plain).collect()
    }

    /// What every matching name begins with.
    #[must_use]
    pub fn start(&self) -> String {
        self.tokens.iter().map_while(Token::as_plain).collect()
    }

    /// What every matching name ends with.
    #[must_use]
    pub fn end(&self) -> String {
        let plain = self.tokens.iter().rev().map_while(Token::as_plain).count();
        self.tokens.iter().skip(self.tokens.len() - plain).filter_map(Token::as_plain).collect()
    }

    /// Whether it matches exactly the names that begin with [`Pattern::start`].
    #[must_use]
    pub fn is_start(&self) -> bool {
        let plain = self.tokens.iter().take_while(|token| token.as_plain().is_some()).count();
        matches!(self.tokens.get(plain..), Some([Token::Everything]))
    }

    /// Some names that it matches, short ones first; at least one.
    #[must_use]
    pub fn samples(&self) -> Vec<String> {
        ["x", "x/y", "1", "z9"].iter().map(|fill| token::sample(&self.tokens, fill)).collect()
    }
}

fn escaped(name: &str) -> String {
    name.chars().enumerate().fold(String::new(), |mut out, (at, c)| {
        if matches!(c, '*' | '?' | '+' | '[' | ']' | '\\') || (at == 0 && c == '!') {
            out.push('\\');
        }
        out.push(c);
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_match(pattern: &str, name: &str) -> bool {
        Pattern::parse(pattern).unwrap().matches(name)
    }

    #[test]
    fn a_pattern_negated_twice_takes_in_what_it_took_away() {
        for text in ["main", "!main", "!!", "!!x"] {
            let once = Pattern::parse(text).unwrap().negated();
            assert_eq!(Pattern::parse(once.as_str()).as_ref(), Ok(&once), "{text}");
        }
    }

    #[test]
    fn a_name_begins_and_ends_as_its_pattern_does() {
        for (pattern, start, end) in [
            ("v*-rc", "v", "-rc"),
            ("**", "", ""),
            ("main", "main", "main"),
            ("rel/ab?", "rel/a", ""),
            ("!x*y", "x", "y"),
        ] {
            let pattern = Pattern::parse(pattern).unwrap();
            assert_eq!((pattern.start().as_str(), pattern.end().as_str()), (start, end), "{pattern:?}");
        }
    }

    #[test]
    fn the_cheat_sheet_holds() {
        for (pattern, good, bad) in [
            ("feature/*", &["feature/my-branch", "feature/"][..], &["feature/a/b", "features/a"][..]),
            ("feature/**", &["feature/beta-a/my", "feature/a"], &["feature"]),
            ("main", &["main"], &["main2", "Main", "a/main"]),
            ("*", &["main", "releases"], &["a/b"]),
            ("**", &["main", "a/b", ""], &[]),
            ("*feature", &["mona-feature", "feature"], &["a/feature"]),
            ("v2*", &["v2", "v2.0"], &["v1", "v2/a"]),
            ("v[12].[0-9]+.[0-9]+", &["v1.10.1", "v2.0.0"], &["v3.0.0", "v1..1", "v1x0x0"]),
            ("*.jsx?", &["page.js", "page.jsx"], &["page.jsxx"]),
            ("[CB]at", &["Cat", "Bat"], &["cat", "at"]),
            ("[1-2]00", &["100", "200"], &["300"]),
            ("**/docs/**", &["docs/hello", "dir/docs/f", "a/b/docs/x/y"], &["xdocs/a"]),
            ("**/README.md", &["README.md", "js/README.md"], &["aREADME.md"]),
            (r"a\*b", &["a*b"], &["axb"]),
            ("x+", &["x", "xxx"], &["", "y"]),
        ] {
            for name in good {
                assert!(is_match(pattern, name), "{pattern} {name}");
            }
            for name in bad {
                assert!(!is_match(pattern, name), "{pattern} {name}");
            }
        }
    }

    #[test]
    fn broken_patterns_say_where() {
        for (text, error) in [
            ("", PatternError::Empty),
            ("!", PatternError::Empty),
            ("+a", PatternError::RepeatsNothing { sign: '+', at: 0 }),
            ("!?a", PatternError::RepeatsNothing { sign: '?', at: 1 }),
            ("a*+", PatternError::RepeatsNothing { sign: '+', at: 2 }),
            ("a??", PatternError::RepeatsNothing { sign: '?', at: 2 }),
            ("a[bc", PatternError::OpenBracket { at: 1 }),
            ("a[]", PatternError::EmptyBracket { at: 1 }),
            ("[z-a]", PatternError::BadRange { from: 'z', to: 'a', at: 1 }),
            ("[a-Z]", PatternError::BadRange { from: 'a', to: 'Z', at: 1 }),
            (r"a\", PatternError::DanglingEscape),
        ] {
            assert_eq!(Pattern::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn a_pattern_without_special_characters_is_one_name() {
        assert_eq!(Pattern::parse("release-1.0").unwrap().literal().as_deref(), Some("release-1.0"));
        assert_eq!(Pattern::parse(r"a\+b").unwrap().literal().as_deref(), Some("a+b"));
        assert_eq!(Pattern::parse("release-1.?").unwrap().literal(), None);
        let odd = Pattern::exactly("!a*b");
        assert_eq!(Pattern::parse(odd.as_str()).unwrap(), odd);
    }

    #[test]
    fn samples_have_the_form_of_their_pattern() {
        for text in ["**", "v[0-9]+.*", "a?b+/**/c", "main", "**/x"] {
            let pattern = Pattern::parse(text).unwrap();
            assert!(pattern.samples().iter().any(|name| pattern.matches(name)), "{text}");
        }
    }
}
