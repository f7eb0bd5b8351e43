//! How a value is written inside a subject: `:` as `%3A`, everything else as it is, as far as anybody knows.
//!
//! Source: any `:` within a value becomes `%3A`, <https://docs.github.com/actions/reference/security/oidc>; the text is
//! shown for GitHub Enterprise Server above 3.18 only, so older servers presumably keep the colon.

use std::{borrow::Cow, fmt::Write as _};

use crate::id::Part;

/// A way to write what GitHub does not document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Escape {
    /// Only `:` is escaped. Assumed: no source names any other escape.
    ColonOnly,
    /// Everything that [`is_settled`] leaves open is percent-encoded too, the other thing GitHub could do.
    Percent,
}

impl Escape {
    /// `text` as it stands in a subject, in the value of `key`.
    #[must_use]
    pub fn text<'a>(self, key: &str, text: &'a str) -> Cow<'a, str> {
        let kept = |c: char| c != ':' && (self == Self::ColonOnly || is_settled(key, c));
        if text.chars().all(kept) {
            return Cow::Borrowed(text);
        }
        Cow::Owned(text.chars().fold(String::new(), |mut out, c| {
            if kept(c) {
                out.push(c);
            } else {
                percent(&mut out, c);
            }
            out
        }))
    }

    /// The pieces of a value as they stand in a subject.
    #[must_use]
    pub fn parts(self, key: &str, parts: &[Part]) -> Vec<Part> {
        let escaped = parts.iter().map(|part| match part {
            Part::Text(text) => Part::Text(self.text(key, text).into_owned()),
            Part::RefName | Part::Hole(_) => part.clone(),
        });
        escaped.collect()
    }
}

fn percent(out: &mut String, c: char) {
    for byte in c.encode_utf8(&mut [0; 4]).bytes() {
        // Writing to a string cannot fail.
        let _ = write!(out, "%{byte:02X}");
    }
}

/// Whether it is known how GitHub writes this character in the value of `key`.
///
/// Letters, digits, `-`, `.`, `_` and `/` were seen unchanged, and so was `@` in the refs of workflow files. Blanks, `%`,
/// other punctuation, `@` elsewhere and everything beyond ASCII were never seen in a published token.
#[must_use]
pub fn is_settled(key: &str, c: char) -> bool {
    let at_sign = c == '@' && matches!(key, "job_workflow_ref" | "workflow_ref");
    c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '/' | ':') || at_sign
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colon_is_escaped_and_a_slash_is_not() {
        assert_eq!(Escape::ColonOnly.text("environment", "Production:V1"), "Production%3AV1");
        assert_eq!(Escape::Percent.text("ref", "refs/heads/a_b-c.d"), "refs/heads/a_b-c.d");
    }

    #[test]
    fn what_is_not_known_has_two_spellings() {
        assert_eq!(Escape::ColonOnly.text("environment", "Prod (Ü)"), "Prod (Ü)");
        assert_eq!(Escape::Percent.text("environment", "Prod (Ü)"), "Prod%20%28%C3%9C%29");
    }

    #[test]
    fn the_at_sign_is_settled_only_behind_a_workflow_file() {
        assert!(is_settled("job_workflow_ref", '@'));
        assert!(!is_settled("ref", '@'));
    }
}
