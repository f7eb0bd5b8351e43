//! Differences that an eye cannot see: blanks, control and invisible characters, letter case, escapes.

use crate::id::visible;

/// `text` without blanks, control and invisible characters.
pub(super) fn without_blanks(text: &str) -> String {
    text.chars().filter(|c| !is_blank(*c)).collect()
}

/// True for a character that leaves no mark.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || !is_plain(c)
}

/// Whether `configured` holds a blank that no issuer writes: at an end, a control or invisible character, or a blank of another kind.
pub(super) fn has_stray_blank(configured: &str) -> bool {
    configured.trim() != configured || configured.chars().any(|c| c != ' ' && is_blank(c))
}

/// True when two different texts are equal once everything invisible is gone.
pub(in crate::verdict) fn differ_by_blanks(one: &str, other: &str) -> bool {
    one != other && without_blanks(one) == without_blanks(other)
}

/// True when two texts are equal but for letter case.
pub(super) fn same_but_for_case(one: &str, other: &str) -> bool {
    one != other && one.chars().flat_map(char::to_lowercase).eq(other.chars().flat_map(char::to_lowercase))
}

/// `text` with every `%XX` replaced by its byte; an escape that is none stays as it is.
pub(super) fn decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let escape = behind.split_at_checked(2).filter(|_| *first == b'%');
        let byte = escape.and_then(|(digits, behind)| {
            let digits = std::str::from_utf8(digits).ok()?;
            Some((u8::from_str_radix(digits, 16).ok()?, behind))
        });
        let (byte, behind) = byte.unwrap_or((*first, behind));
        bytes.push(byte);
        rest = behind;
    }
    bytes
}

fn is_plain(c: char) -> bool {
    let mut buffer = [0; 4];
    matches!(visible(c.encode_utf8(&mut buffer)), std::borrow::Cow::Borrowed(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_found_and_an_inner_space_is_no_stray() {
        assert!(differ_by_blanks("repo:o/r", "repo:o/r\u{200b}"));
        assert!(!differ_by_blanks("a", "a"));
        assert!(has_stray_blank(" a") && has_stray_blank("a\u{a0}b") && has_stray_blank("a\n"));
        assert!(!has_stray_blank("repo:o/r:environment:my env"));
        assert_eq!(decoded("a%3Ab%zz%4"), b"a:b%zz%4");
    }
}
