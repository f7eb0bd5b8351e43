//! Shell patterns on known text: `*`, `?`, `[...]`.

/// Whether the whole `text` fits `pattern`.
pub(super) fn fits(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let mut reached = vec![false; text.len() + 1];
    if let Some(first) = reached.first_mut() {
        *first = true;
    }
    let mut rest = pattern.as_slice();
    while let Some((sign, behind)) = rest.split_first() {
        let (next, behind) = match sign {
            '*' => (spread(&reached), behind),
            '[' => {
                let length = behind.iter().skip(1).position(|c| *c == ']').map(|at| at + 1);
                match length.and_then(|length| behind.split_at_checked(length)) {
                    Some((class, after)) => {
                        (shift(&reached, &text, |c| in_class(class, c)), after.get(1..).unwrap_or(&[]))
                    }
                    None => (shift(&reached, &text, |c| c == '['), behind),
                }
            }
            '?' => (shift(&reached, &text, |_| true), behind),
            plain => (shift(&reached, &text, |c| c == *plain), behind),
        };
        reached = next;
        rest = behind;
    }
    reached.last() == Some(&true)
}

/// Every place at or behind one that was reached.
fn spread(reached: &[bool]) -> Vec<bool> {
    let mut any = false;
    reached
        .iter()
        .map(|here| {
            any |= here;
            any
        })
        .collect()
}

fn shift(reached: &[bool], text: &[char], wanted: impl Fn(char) -> bool) -> Vec<bool> {
    std::iter::once(false).chain(reached.iter().zip(text).map(|(here, c)| *here && wanted(*c))).collect()
}

fn in_class(class: &[char], c: char) -> bool {
    let negated = matches!(class.first(), Some('!' | '^'));
    let class = if negated { class.get(1..).unwrap_or(&[]) } else { class };
    let ranged = class.windows(3).any(|range| match range {
        [from, '-', to] => (*from..=*to).contains(&c),
        _ => false,
    });
    (ranged || class.contains(&c)) != negated
}

/// What is left of `text` when the shortest or longest part at one end that fits `pattern` goes: the bytes that stay.
pub(super) fn trimmed(text: &str, pattern: &str, from_end: bool, longest: bool) -> (usize, usize) {
    let cuts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    let fitting = cuts.filter(|at| {
        let part = if from_end { text.get(*at..) } else { text.get(..*at) };
        part.is_some_and(|part| fits(pattern, part))
    });
    let cut = if from_end == longest { fitting.min() } else { fitting.max() };
    match (cut, from_end) {
        (Some(cut), true) => (0, cut),
        (Some(cut), false) => (cut, text.len()),
        (None, _) => (0, text.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_whole_texts() {
        for (pattern, text, fit) in [
            ("*", "", true),
            ("--org=*", "--org=x", true),
            ("prod*", "preprod", false),
            ("[a-c]?", "bz", true),
            ("[!a]x", "ax", false),
            ("[", "[", true),
        ] {
            assert_eq!(fits(pattern, text), fit, "{pattern} {text}");
        }
    }

    #[test]
    fn trimming_takes_the_shortest_or_the_longest_part() {
        let left = |pattern, from_end, longest| {
            let (start, end) = trimmed("o/app.git.git", pattern, from_end, longest);
            "o/app.git.git".get(start..end).unwrap()
        };
        assert_eq!(left(".git", true, false), "o/app.git");
        assert_eq!(left(".*", true, true), "o/app");
        assert_eq!(left("*/", false, true), "app.git.git");
        assert_eq!(left("*.", false, true), "git");
        assert_eq!(left("x", false, true), "o/app.git.git");
    }
}
