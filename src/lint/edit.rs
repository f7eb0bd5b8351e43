//! A change to a file that mends a finding: one literal replaced by another, everything around it untouched.

use crate::text::{Place, Span};

/// Replaces the text at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty to insert.
    pub place: Place,
    /// What stands there afterwards.
    pub text: String,
}

impl Edit {
    /// Replaces the value `old`, written at `place`, by `new`.
    ///
    /// `None` where that is not safe: the place does not hold `old` letter for letter exactly once (it is composed, escaped,
    /// or comes from elsewhere), or `new` holds a character that some format would have to escape.
    #[must_use]
    pub fn literal(place: &Place, old: &str, new: &str) -> Option<Self> {
        let mut at = place.text().match_indices(old);
        let (start, _) = at.next()?;
        let plain = |c: char| c.is_ascii_alphanumeric() || " -_./:@*+,=%".contains(c);
        if old.is_empty() || at.next().is_some() || !new.chars().all(plain) {
            return None;
        }
        let start = place.span.start + start;
        let span = Span::new(start, start + old.len());
        Some(Self { place: Place::new(&place.source, span), text: new.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Source;

    #[test]
    fn only_a_literal_that_stands_there_whole_is_replaced() {
        let source = Source::new("a.tf", r#"issuer = "https://x/""#);
        let place = Place::new(&source, Span::new(9, 21));
        let edit = Edit::literal(&place, "https://x/", "https://x").unwrap();
        assert_eq!(edit.place.text(), "https://x/");
        assert_eq!(Edit::literal(&place, "https://y/", "https://y"), None);
        assert_eq!(Edit::literal(&place, "https://x/", "a\"b"), None);
        assert_eq!(Edit::literal(&place, "/", ""), None);
    }
}
