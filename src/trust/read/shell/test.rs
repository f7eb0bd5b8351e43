//! Works out tests: `[ ... ]`, `[[ ... ]]`, `test ...`.

use regex::bytes::RegexBuilder;

use super::{
    condition::Truth,
    run::Runner,
    syntax::{Part, Simple, Word},
    world::{Variable, World},
};
use crate::{
    text::Span,
    trust::read::script::{Traced, glob},
};

/// The longest test that is worked out.
const MOST_WORDS: usize = 100;
/// Most bytes of a prepared pattern, and what it costs to prepare one.
const PATTERN_SIZE: usize = 256 * 1024;
const PATTERN_COST: usize = 8 * 1024;

impl Runner<'_> {
    /// The truth of `[ ... ]`, `[[ ... ]]`, `test ...`, `true`, `false`; `None` for other commands.
    pub(super) fn test(&mut self, simple: &Simple, world: &mut World) -> Option<Truth> {
        let name = self.source.slice(simple.words.first()?.span).to_owned();
        let inner = match name.as_str() {
            "true" | ":" => return Some(Truth::Yes),
            "false" => return Some(Truth::No),
            "[" | "[[" => simple.words.get(1..simple.words.len().saturating_sub(1))?,
            "test" => simple.words.get(1..)?,
            _ => return None,
        };
        let mut words: Vec<Traced> = Vec::new();
        for word in inner {
            let sign = words.last().and_then(Traced::text).unwrap_or_default();
            let is_double = name == "[[";
            let text = match sign.as_str() {
                "=" | "==" | "!=" if is_double => self.pattern(word, world),
                "=" | "==" | "!=" => {
                    let text = self.text(word, world);
                    text.decoded(&glob::escaped(&text.marked()))
                }
                "=~" if is_double => {
                    words.pop();
                    let left = words.pop().unwrap_or_default();
                    let truth = self.matched(&left, word, simple.span, world);
                    words.push(self.shown(truth, simple.span));
                    continue;
                }
                "-eq" | "-ne" | "-lt" | "-le" | "-gt" | "-ge" if is_double => {
                    let right = self.text(word, world);
                    let at = words.len().saturating_sub(2);
                    if let Some(left) = words.get_mut(at) {
                        *left = self.reckoned(left, simple.span, world);
                    }
                    self.reckoned(&right, simple.span, world)
                }
                _ => self.text(word, world),
            };
            match Self::is_one_word(word, &text).filter(|_| !is_double) {
                Some(false) if text.is_empty() => {}
                Some(false) => return Some(Truth::Unknown),
                Some(true) | None => words.push(text),
            }
        }
        Some(compare(&words))
    }

    /// Whether what is not quoted stays one word for a command: it goes where it is empty, and is split at blanks.
    fn is_one_word(word: &Word, text: &Traced) -> Option<bool> {
        let is_bare = |part: &Part| {
            matches!(part, Part::Expansion { quoted: false, .. } | Part::Command { quoted: false, .. })
        };
        let text = text.text().filter(|_| word.parts.iter().all(is_bare))?;
        Some(!text.is_empty() && !text.contains(char::is_whitespace))
    }

    /// An operand of `[[ ... -eq ... ]]`, which is arithmetic.
    fn reckoned(&self, text: &Traced, span: Span, world: &mut World) -> Traced {
        match self.number_of(text, span, world) {
            Ok(number) => Traced::literal(number.to_string(), self.place(span), span.start),
            Err(reason) => Traced::hole("number", reason, self.place(span)),
        }
    }

    /// A truth as the word that a test takes for it.
    fn shown(&self, truth: Truth, span: Span) -> Traced {
        match truth {
            Truth::Yes => Traced::literal("1", self.place(span), span.start),
            Truth::No => Traced::default(),
            Truth::Unknown => Traced::hole("match", "this pattern is not followed", self.place(span)),
        }
    }

    /// `left =~ pattern`, and what it leaves in `BASH_REMATCH`.
    ///
    /// Where the two ends are fixed and nothing is left to choose, POSIX and the regex crate find the same groups.
    fn matched(&mut self, left: &Traced, word: &Word, span: Span, world: &mut World) -> Truth {
        let hole = Traced::hole("BASH_REMATCH", "what `=~` found is not followed", self.place(span));
        let unknown = Variable::Array { elements: vec![("0".to_owned(), hole)], open: true };
        world.variables.insert("BASH_REMATCH".to_owned(), unknown);
        let is_quoted = word.parts.iter().any(|part| match part {
            Part::Text { quoted, text, span } => {
                let is_escaped = self.source.slice(*span).starts_with('\\');
                *quoted && !is_escaped && !text.chars().all(|c| c.is_alphanumeric() || "/:_- ".contains(c))
            }
            Part::Expansion { quoted, .. } | Part::Command { quoted, .. } => *quoted,
            Part::File { .. } | Part::Arithmetic { .. } => true,
        });
        let pattern = self.regex(word, world).filter(|_| !is_quoted);
        let known = left.text().filter(|text| text.is_ascii());
        let (Some(pattern), Some(known)) = (pattern, known) else { return Truth::Unknown };
        let built = RegexBuilder::new(&pattern)
            .unicode(false)
            .dot_matches_new_line(true)
            .size_limit(PATTERN_SIZE)
            .build();
        let Ok(regex) = built else { return Truth::Unknown };
        let Some(found) = regex.captures(known.as_bytes()) else { return Truth::No };
        let is_fixed = pattern.starts_with('^') && pattern.ends_with('$') && !pattern.contains('|');
        if is_fixed {
            let group = |at: usize| {
                found.get(at).map_or_else(Traced::default, |group| left.cut(group.start(), group.end()))
            };
            let elements = (0..found.len()).map(|at| (at.to_string(), group(at))).collect();
            world.variables.insert("BASH_REMATCH".to_owned(), Variable::Array { elements, open: false });
        }
        Truth::Yes
    }

    /// The pattern, if both languages mean the same by it.
    fn regex(&mut self, word: &Word, world: &mut World) -> Option<String> {
        let mut pattern = String::new();
        for part in &word.parts {
            let text = match part {
                // A backslash that the word has lost.
                Part::Text { text, span, quoted: true } if self.source.slice(*span).starts_with('\\') => {
                    format!("\\{text}")
                }
                Part::Text { text, .. } => text.clone(),
                Part::Expansion { .. }
                | Part::Command { .. }
                | Part::File { .. }
                | Part::Arithmetic { .. } => {
                    let part = Word { parts: vec![part.clone()], span: word.span };
                    self.text(&part, world).text()?
                }
            };
            pattern.push_str(&text);
        }
        let escapes = pattern.split('\\').skip(1);
        let is_plain = escapes.into_iter().all(|rest| rest.starts_with(|c: char| c.is_ascii_punctuation()));
        let is_odd = ["(?", "*?", "+?", "??", "}?", "-[", "&&", "--", "~~", "[["]
            .iter()
            .any(|odd| pattern.replace("[[:", "[:").contains(odd));
        let in_class = pattern
            .split('[')
            .skip(1)
            .any(|class| class.split(']').next().is_some_and(|class| class.contains('\\')));
        (is_plain && !is_odd && !in_class && pattern.is_ascii() && self.effort.spend(PATTERN_COST))
            .then_some(pattern)
    }
}

fn compare(words: &[Traced]) -> Truth {
    let sign = |word: &Traced| word.text().unwrap_or_default();
    let found = |signs: [&str; 2]| words.iter().rposition(|word| signs.contains(&sign(word).as_str()));
    if words.len() > MOST_WORDS || found(["(", ")"]).is_some() {
        return Truth::Unknown;
    }
    for (signs, decides) in [(["||", "-o"], Truth::Yes), (["&&", "-a"], Truth::No)] {
        if let Some(at) = found(signs).filter(|at| *at > 0 && at + 1 < words.len()) {
            let (left, right) = (words.get(..at), words.get(at + 1..));
            let sides = [compare(left.unwrap_or_default()), compare(right.unwrap_or_default())];
            return match sides {
                _ if sides.contains(&decides) => decides,
                _ if sides.contains(&Truth::Unknown) => Truth::Unknown,
                _ => decides.not(),
            };
        }
    }
    match words {
        [] => Truth::No,
        [value] => known(value).map_or(Truth::Unknown, |text| (!text.is_empty()).into()),
        [not, rest @ ..] if sign(not) == "!" => compare(rest).not(),
        [flag, value] if sign(flag) == "-z" => {
            known(value).map_or(Truth::Unknown, |text| text.is_empty().into())
        }
        [flag, value] if sign(flag) == "-n" => {
            known(value).map_or(Truth::Unknown, |text| (!text.is_empty()).into())
        }
        [left, operator, right] => {
            let (Some(left), Some(right)) = (known(left), known(right)) else { return Truth::Unknown };
            match sign(operator).as_str() {
                "=" | "==" => glob::fits(&right, &left).map_or(Truth::Unknown, Truth::from),
                "!=" => glob::fits(&right, &left).map_or(Truth::Unknown, |fits| Truth::from(!fits)),
                sign => compare_numbers(&left, sign, &right),
            }
        }
        _ => Truth::Unknown,
    }
}

fn compare_numbers(left: &str, sign: &str, right: &str) -> Truth {
    let number = |text: &str| text.trim().parse::<i64>();
    let (Ok(left), Ok(right)) = (number(left), number(right)) else { return Truth::Unknown };
    match sign {
        "-eq" => (left == right).into(),
        "-ne" => (left != right).into(),
        "-lt" => (left < right).into(),
        "-le" => (left <= right).into(),
        "-gt" => (left > right).into(),
        "-ge" => (left >= right).into(),
        _ => Truth::Unknown,
    }
}

/// The text, or something that is certainly not empty where a part of it is known.
fn known(value: &Traced) -> Option<String> {
    value.text()
}
