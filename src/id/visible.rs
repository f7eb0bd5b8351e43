//! Shows what cannot be seen: control, invisible and look-alike blank characters as escapes.

use std::borrow::Cow;

/// `text` with every control character, invisible character and unusual blank written as `\u{...}`; `\n`, `\r` and `\t` keep their short forms.
///
/// A plain space stays as it is.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().fold(String::new(), |mut out, c| {
        if is_plain(c) {
            out.push(c);
        } else {
            out.extend(c.escape_default());
        }
        out
    }))
}

fn is_plain(c: char) -> bool {
    c == ' ' || !(c.is_control() || c.is_whitespace() || is_invisible(c))
}

/// Zero-width, directional and other format characters that leave no mark on a screen.
///
/// Source: Unicode general category Cf, <https://www.unicode.org/reports/tr44/>.
const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_escaped_and_the_rest_is_not_touched() {
        assert_eq!(visible("repo:o/r:ref:refs/heads/main"), "repo:o/r:ref:refs/heads/main");
        assert_eq!(visible("a\u{200b}b\n"), "a\\u{200b}b\\n");
        assert_eq!(visible("a\u{a0}b c"), "a\\u{a0}b c");
        assert_eq!(visible("Ümläut"), "Ümläut");
    }
}
