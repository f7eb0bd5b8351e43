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
    /// `None` where that is not safe: a line break would go, the place holds `old` neither letter for letter exactly once nor as one quoted literal with escapes
    /// (it is composed, or comes from elsewhere), or `new` holds a character that some format would have to escape.
    #[must_use]
    pub fn literal(place: &Place, old: &str, new: &str) -> Option<Self> {
        let plain = |c: char| c.is_ascii_alphanumeric() || " -_./:@*+,=%".contains(c);
        if old.is_empty() || old == new || !new.chars().all(plain) {
            return None;
        }
        let mut at = place.text().match_indices(old);
        let span = match (at.next(), at.next()) {
            // A line break that can be seen in the file ends a heredoc or a block: it has a meaning of its own.
            (Some((start, _)), None) if !old.contains(['\n', '\r']) => {
                let start = place.span.start + start;
                Span::new(start, start + old.len())
            }
            (None, _) if is_escaped_literal(place) => place.span,
            _ => return None,
        };
        Some(Self { place: Place::new(&place.source, span), text: new.to_owned() })
    }
}

/// True for the inside of one quoted literal whose value differs from its letters by backslashes alone.
fn is_escaped_literal(place: &Place) -> bool {
    let text = place.source.text();
    let before = text.get(..place.span.start).and_then(|text| text.chars().next_back());
    let behind = text.get(place.span.end..).and_then(|text| text.chars().next());
    let quoted = before == behind && matches!(before, Some('"' | '\''));
    quoted && place.text().contains('\\') && !place.text().contains(['"', '\'', '$', '%', '{', '`', '\n'])
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
        assert_eq!(Edit::literal(&place, "https://x/", "https://x/"), None);
    }

    #[test]
    fn a_literal_with_escapes_is_replaced_whole_and_a_composed_value_is_left_alone() {
        let mended = |text: &str, inside: &str| {
            let source = Source::new("a.json", text);
            let start = text.find(inside).unwrap();
            let place = Place::new(&source, Span::new(start, start + inside.len()));
            Edit::literal(&place, "api://x\t", "api://x").map(|edit| edit.place.text().to_owned())
        };
        assert_eq!(mended(r#"["api:\/\/x\t"]"#, r"api:\/\/x\t").as_deref(), Some(r"api:\/\/x\t"));
        assert_eq!(mended(r#"a = "${local.a}\t""#, r"${local.a}\t"), None);
        assert_eq!(mended(r"a = local.a", "local.a"), None);
        let heredoc = Source::new("a.tf", "<<EOT\napi://x\nEOT\n");
        assert_eq!(Edit::literal(&Place::new(&heredoc, Span::new(6, 14)), "api://x\n", "api://x"), None);
    }
}
