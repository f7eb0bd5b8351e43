//! Blanks that YAML asks for and GitHub does not: put in before reading, and left out of every place that is told.
//!
//! Source: actions/languageservices `workflow-parser/testdata/reader/yaml-schema-sequence.yml` and `yaml-schema-string.yml`, which name both
//! as what customers rely on.

use std::{borrow::Cow, collections::BTreeMap};

use super::Problem;
use crate::text::Span;

/// Every gap means another reading of the file; nobody's file has so many.
const MOST_GAPS: usize = 16;

/// A text, and where it lacks how many blanks.
pub(super) struct Loose<'a> {
    text: &'a str,
    gaps: BTreeMap<usize, usize>,
}

impl<'a> Loose<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, gaps: BTreeMap::new() }
    }

    /// The text with all gaps filled.
    pub(super) fn filled(&self) -> Cow<'a, str> {
        if self.gaps.is_empty() {
            return Cow::Borrowed(self.text);
        }
        let mut filled = String::with_capacity(self.text.len() + self.gaps.values().sum::<usize>());
        let mut last = 0;
        for (at, count) in &self.gaps {
            filled.push_str(self.text.get(last..*at).unwrap_or(""));
            filled.extend(std::iter::repeat_n(' ', *count));
            last = *at;
        }
        filled.push_str(self.text.get(last..).unwrap_or(""));
        Cow::Owned(filled)
    }

    /// The place in the text itself of a place in the filled one.
    pub(super) fn original(&self, span: Span) -> Span {
        if self.gaps.is_empty() {
            return span;
        }
        Span::new(self.offset(span.start), self.offset(span.end))
    }

    fn offset(&self, filled: usize) -> usize {
        let mut added = 0;
        for (at, count) in &self.gaps {
            match filled.checked_sub(at + added) {
                None => break,
                Some(behind) if behind < *count => return *at,
                Some(_) => added += count,
            }
        }
        filled - added
    }

    /// Notes the blanks whose lack is the problem at `at`; false where it is another problem.
    pub(super) fn takes(&mut self, problem: &Problem, at: usize) -> bool {
        let before = self.text.get(..at).unwrap_or("");
        let count = if *problem == Problem::CommentTooClose && before.ends_with([']', '}']) {
            1
        } else if *problem == Problem::QuotedLine {
            // Further in than anything that stands before it.
            before.lines().map(str::len).max().unwrap_or(0) + 1
        } else {
            return false;
        };
        self.gaps.len() < MOST_GAPS && self.gaps.insert(at, count).is_none()
    }
}
