//! Follows programs that give, choose or order lines: `seq`, `head`, `tail`, `sort`, `wc`; and `dirname`.

use super::{run::Runner, syntax::Simple, world::World};
use crate::trust::read::script::Traced;

/// Longer sequences are not followed.
const LONGEST: i64 = 1000;

impl Runner<'_> {
    /// What one of these programs prints.
    pub(super) fn lined(
        &mut self,
        program: &str,
        arguments: &[Traced],
        simple: &Simple,
        world: &World,
    ) -> Traced {
        let words: Option<Vec<String>> = arguments.iter().map(Traced::text).collect();
        let words = words.unwrap_or_default();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        if words.len() < arguments.len() {
            return self.unknown(simple);
        }
        let known = match program {
            "seq" => {
                sequence(&words).map(|text| Traced::literal(text, self.place(simple.span), simple.span.start))
            }
            "dirname" => {
                arguments.first().filter(|_| words.len() == 1).and_then(|path| folder(path, self, simple))
            }
            _ => {
                let (flags, files): (Vec<&str>, Vec<(usize, &str)>) = split(&words);
                let text = match files.as_slice() {
                    [] => world.stdin.clone(),
                    [(at, _)] => arguments.get(*at).and_then(|path| self.file(path, world)),
                    _ => None,
                };
                text.filter(|text| text.text().is_some()).and_then(|text| chosen(program, &flags, &text))
            }
        };
        known.unwrap_or_else(|| self.unknown(simple))
    }
}

/// The flags with their numbers, and the other words with their places.
fn split<'w>(words: &[&'w str]) -> (Vec<&'w str>, Vec<(usize, &'w str)>) {
    let (mut flags, mut files) = (Vec::new(), Vec::new());
    for (at, word) in words.iter().enumerate() {
        let follows =
            at.checked_sub(1).and_then(|at| words.get(at)).is_some_and(|flag| ["-n", "-c"].contains(flag));
        let number = word.strip_prefix('+').unwrap_or(word);
        let is_number = !number.is_empty() && number.bytes().all(|c| c.is_ascii_digit());
        if word.starts_with('-') || (follows && is_number) {
            flags.push(*word);
        } else {
            files.push((at, *word));
        }
    }
    (flags, files)
}

/// The numbers from the first to the last, a line each.
fn sequence(words: &[&str]) -> Option<String> {
    let (is_wide, words) = match words.split_first() {
        Some((&"-w", rest)) => (true, rest),
        _ => (false, words),
    };
    // A number that is written otherwise is printed otherwise.
    let number = |text: &str| text.parse::<i64>().ok().filter(|number| number.to_string() == text);
    let numbers: Option<Vec<i64>> = words.iter().map(|word| number(word)).collect();
    let (first, step, last) = match *numbers?.as_slice() {
        [last] => (1, 1, last),
        [first, last] => (first, 1, last),
        [first, step, last] => (first, step, last),
        _ => return None,
    };
    let is_bounded =
        [first, step, last].iter().all(|number| number.checked_abs().is_some_and(|size| size < LONGEST));
    if step == 0 || !is_bounded {
        return None;
    }
    let mut out = String::new();
    let width = if is_wide { first.to_string().len().max(last.to_string().len()) } else { 0 };
    let mut number = first;
    while (step > 0 && number <= last) || (step < 0 && number >= last) {
        out.push_str(&format!("{number:0width$}\n"));
        number += step;
    }
    Some(out)
}

fn folder(path: &Traced, runner: &Runner<'_>, simple: &Simple) -> Option<Traced> {
    let text = path.text()?;
    let whole = text.trim_end_matches('/');
    match whole.rfind('/') {
        _ if whole.is_empty() => None,
        None => Some(Traced::literal(".", runner.place(simple.span), simple.span.start)),
        Some(at) => {
            let end = whole.get(..at)?.trim_end_matches('/').len();
            (end > 0).then(|| path.cut(0, end))
        }
    }
}

/// The first of `length` lines that `head` or `tail` keeps, and the first behind the last one.
fn ends(program: &str, flags: &[&str], length: usize) -> Option<(usize, usize)> {
    let count = match flags {
        [] => "10",
        ["-n", count] => *count,
        [flag] => flag.strip_prefix("-n").or_else(|| flag.strip_prefix('-'))?,
        _ => return None,
    };
    let number: usize = count.trim_start_matches('+').parse().ok()?;
    match (program, count.starts_with('+')) {
        ("head", true) => None,
        ("head", false) => Some((0, number.min(length))),
        (_, true) => Some((number.saturating_sub(1).min(length), length)),
        (_, false) => Some((length.saturating_sub(number), length)),
    }
}

/// What `head`, `tail`, `sort`, `tac` and `wc` make of a text.
fn chosen(program: &str, flags: &[&str], text: &Traced) -> Option<Traced> {
    let marked = text.marked();
    let mut lines = Vec::new();
    let mut at = 0;
    for line in marked.split_inclusive('\n') {
        lines.push((line, text.cut(at, at + line.len())));
        at += line.len();
    }
    let is_ended = marked.is_empty() || marked.ends_with('\n');
    match (program, flags) {
        ("wc", ["-l"]) => {
            let count = marked.matches('\n').count();
            return Some(text.decoded(&format!("{count}\n")));
        }
        ("wc", ["-w"]) => {
            return Some(text.decoded(&format!("{}\n", marked.split_ascii_whitespace().count())));
        }
        ("head" | "tail", flags) => {
            let (from, to) = ends(program, flags, lines.len())?;
            lines.truncate(to);
            lines.drain(..from);
        }
        ("tac", []) if is_ended => lines.reverse(),
        ("sort", []) | ("sort", ["-u"]) if is_ended => {
            // Other signs are ordered by the language of the machine.
            let is_plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'\n';
            if !marked.bytes().all(is_plain) {
                return None;
            }
            lines.sort_by_key(|(line, _)| *line);
            if !flags.is_empty() {
                lines.dedup_by_key(|(line, _)| *line);
            }
        }
        _ => return None,
    }
    Some(lines.into_iter().fold(Traced::default(), |mut out, (_, line)| {
        out.append(line);
        out
    }))
}
