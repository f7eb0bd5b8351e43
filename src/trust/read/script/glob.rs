//! Shell patterns on known text: `*`, `?`, `[...]`, and `\` before what is meant as it stands.

/// Larger products of pattern and text are not worked out.
const LARGEST: usize = 4_000_000;

/// Whether the whole `text` fits `pattern`; `None` where both are too long.
pub(in crate::trust::read) fn fits(pattern: &str, text: &str) -> Option<bool> {
    let text: Vec<char> = text.chars().collect();
    let reached = walk(&signs(pattern), &text)?;
    Some(reached.last() == Some(&true))
}

/// A part of a pattern.
enum Sign {
    /// `*`
    Run,
    /// `?`
    Any,
    /// `[...]`
    Class(Vec<char>),
    Plain(char),
}

fn signs(pattern: &str) -> Vec<Sign> {
    let pattern: Vec<char> = pattern.chars().collect();
    let mut signs = Vec::new();
    let mut rest = pattern.as_slice();
    while let Some((sign, behind)) = rest.split_first() {
        rest = behind;
        signs.push(match sign {
            '\\' if !behind.is_empty() => {
                let (next, after) = behind.split_first().unwrap_or((sign, behind));
                rest = after;
                Sign::Plain(*next)
            }
            '*' => Sign::Run,
            '?' => Sign::Any,
            '[' => {
                let length = behind.iter().skip(1).position(|c| *c == ']').map(|at| at + 1);
                match length.and_then(|length| behind.split_at_checked(length)) {
                    Some((class, after)) => {
                        rest = after.get(1..).unwrap_or(&[]);
                        Sign::Class(class.to_vec())
                    }
                    None => Sign::Plain('['),
                }
            }
            plain => Sign::Plain(*plain),
        });
    }
    signs
}

/// The text that a pattern without any sign stands for.
pub(in crate::trust::read) fn plain(pattern: &str) -> Option<String> {
    let plain = |sign: Sign| match sign {
        Sign::Plain(c) => Some(c),
        Sign::Run | Sign::Any | Sign::Class(_) => None,
    };
    signs(pattern).into_iter().map(plain).collect()
}

/// Whether a pattern may hold one of bash's extended forms, such as `+(...)`, which are not followed.
pub(in crate::trust::read) fn is_extended(pattern: &str) -> bool {
    let opens = |form: &str| pattern.split_once(form).is_some_and(|(_, rest)| rest.contains(')'));
    ["@(", "+(", "?(", "*(", "!("].into_iter().any(opens)
}

/// The pattern that stands for a text.
pub(in crate::trust::read) fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        if "*?[]\\".contains(c) {
            out.push('\\');
        }
        out.push(c);
        out
    })
}

/// For every place in `text`, whether what stands before it fits; `None` where that takes too long, or asks for a class such as
/// `[:space:]`, whose signs depend on the language of the machine.
fn walk(signs: &[Sign], text: &[char]) -> Option<Vec<bool>> {
    let is_odd = |sign: &Sign| matches!(sign, Sign::Class(class) if class.iter().any(|c| "[\\".contains(*c)));
    if signs.iter().any(is_odd) {
        return None;
    }
    signs.len().checked_mul(text.len()).filter(|size| *size <= LARGEST)?;
    let mut start = vec![false; text.len() + 1];
    if let Some(first) = start.first_mut() {
        *first = true;
    }
    Some(signs.iter().fold(start, |reached, sign| match sign {
        Sign::Run => spread(&reached),
        Sign::Any => shift(&reached, text, |_| true),
        Sign::Class(class) => shift(&reached, text, |c| in_class(class, c)),
        Sign::Plain(plain) => shift(&reached, text, |c| c == *plain),
    }))
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

/// What is left of `text` when the shortest or longest part at one end that fits `pattern` goes: the bytes that stay. `None` where
/// both are too long.
pub(in crate::trust::read) fn trimmed(
    text: &str,
    pattern: &str,
    from_end: bool,
    longest: bool,
) -> Option<(usize, usize)> {
    let mut characters: Vec<char> = text.chars().collect();
    let mut signs = signs(pattern);
    if from_end {
        characters.reverse();
        signs.reverse();
    }
    let fitting = walk(&signs, &characters)?;
    let count =
        if longest { fitting.iter().rposition(|fits| *fits) } else { fitting.iter().position(|fits| *fits) };
    let gone: usize = characters.iter().take(count.unwrap_or(0)).map(|c| c.len_utf8()).sum();
    Some(if from_end { (0, text.len() - gone) } else { (gone, text.len()) })
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
            assert_eq!(fits(pattern, text), Some(fit), "{pattern} {text}");
        }
    }

    #[test]
    fn trimming_takes_the_shortest_or_the_longest_part() {
        let left = |pattern, from_end, longest| {
            let (start, end) = trimmed("o/app.git.git", pattern, from_end, longest).unwrap();
            "o/app.git.git".get(start..end).unwrap()
        };
        assert_eq!(left(".git", true, false), "o/app.git");
        assert_eq!(left(".*", true, true), "o/app");
        assert_eq!(left("*/", false, true), "app.git.git");
        assert_eq!(left("*.", false, true), "git");
        assert_eq!(left("x", false, true), "o/app.git.git");
    }
}
