//! Two values under each other, so that the eye finds the difference.

use crate::{diagnostic::Side, id::visible};

/// A side ready to print.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Who says so.
    pub(super) name: &'static str,
    /// The value in backticks behind as many blanks as the longest name asks for, and its origin. The last of two different
    /// values has a second line that points at the difference.
    pub(super) text: String,
}

/// Lays the sides out under each other.
pub(super) fn aligned(sides: &[Side]) -> Vec<Line> {
    let longest = sides.iter().map(|side| side.name.len()).max().unwrap_or_default();
    let values: Vec<_> = sides.iter().map(|side| visible(&side.value)).collect();
    let mut lines: Vec<Line> = sides
        .iter()
        .zip(&values)
        .map(|(side, value)| {
            let indent = " ".repeat(longest - side.name.len());
            let origin = origin(side);
            Line { name: side.name, text: format!("{indent}`{value}`{origin}") }
        })
        .collect();
    if let ([first, second], Some(line), Some(side)) = (values.as_slice(), lines.last_mut(), sides.last())
        && let Some((start, length)) = difference(first, second)
    {
        let before = " ".repeat(longest - side.name.len() + 1 + start);
        line.text.push_str(&format!("\n{before}{}", "^".repeat(length)));
    }
    lines
}

fn origin(side: &Side) -> String {
    if side.origin.is_empty() { String::new() } else { format!("  ({})", visible(&side.origin)) }
}

/// Where `second` differs from `first`: the first character and how many, at least one. Nothing where they are equal, or
/// have so little in common that pointing does not help.
fn difference(first: &str, second: &str) -> Option<(usize, usize)> {
    let (first, second): (Vec<char>, Vec<char>) = (first.chars().collect(), second.chars().collect());
    if first == second {
        return None;
    }
    let start = first.iter().zip(&second).take_while(|(a, b)| a == b).count();
    let rest = first.len().min(second.len()) - start;
    let end = first.iter().rev().zip(second.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    (start > 0 || end > 0).then(|| (start, (second.len() - start - end).max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(presented: &str, configured: &str) -> String {
        let side = |name, value: &str| Side { name, value: value.into(), origin: String::new() };
        let lines = aligned(&[side("presented", presented), side("configured", configured)]);
        // The continuation is indented by whoever prints the name.
        let text = |line: &Line| line.text.replace('\n', "\n            ");
        lines.iter().map(|line| format!("{}: {}\n", line.name, text(line))).collect()
    }

    #[test]
    fn the_values_stand_under_each_other_and_the_difference_is_marked() {
        insta::assert_snapshot!(shown("repo:o/r:environment:Production", "repo:o/r:environment:production"), @"
        presented:  `repo:o/r:environment:Production`
        configured: `repo:o/r:environment:production`
                                          ^
        ");
    }

    #[test]
    fn what_is_missing_is_marked_where_it_should_be() {
        assert_eq!(difference("a/b", "a/b/"), Some((3, 1)));
        assert_eq!(difference("a/b/", "a/b"), Some((3, 1)));
        assert_eq!(difference("abab", "ab"), Some((2, 1)));
        assert_eq!(difference("x", "y"), None);
        assert_eq!(difference("same", "same"), None);
    }

    #[test]
    fn what_cannot_be_seen_is_escaped_before_it_is_aligned() {
        assert!(shown("a b", "a\u{a0}b").contains("configured: `a\\u{a0}b`"));
    }
}
