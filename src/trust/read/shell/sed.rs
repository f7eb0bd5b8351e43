//! `sed`: `s` commands whose pattern is plain text, on standard input, on files, and in place.

use super::{run::Runner, syntax::Simple, world::World};
use crate::trust::read::script::Traced;

/// One `s` command.
struct Substitution {
    pattern: String,
    with: Traced,
    all: bool,
}

/// The words of a `sed`.
#[derive(Default)]
struct Given {
    in_place: bool,
    scripts: Vec<Traced>,
    files: Vec<Traced>,
    is_plain: bool,
}

impl Runner<'_> {
    /// What `sed` prints; files that it changes are changed.
    pub(super) fn edited(&mut self, arguments: &[Traced], simple: &Simple, world: &mut World) -> Traced {
        let given = words(arguments);
        let substitutions: Option<Vec<Substitution>> =
            given.scripts.iter().map(substitution).collect::<Option<_>>().filter(|_| given.is_plain);
        let change = |text: &Traced| {
            substitutions.as_ref()?.iter().try_fold(text.clone(), |text, substitution| substitution.on(&text))
        };
        if given.in_place {
            for path in &given.files {
                let text = self.file(path, world).as_ref().and_then(change);
                let text = text.unwrap_or_else(|| self.unknown(simple));
                let shown = path.to_string();
                world.files.insert(shown.trim_start_matches("./").to_owned(), text);
            }
            return Traced::default();
        }
        let text = match given.files.as_slice() {
            [] => world.stdin.clone(),
            [path] => self.file(path, world),
            _ => None,
        };
        text.as_ref().and_then(change).unwrap_or_else(|| self.unknown(simple))
    }
}

fn words(arguments: &[Traced]) -> Given {
    let mut given = Given { is_plain: true, ..Given::default() };
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let text = word.text().unwrap_or_default();
        match text.strip_prefix('-').filter(|flags| !flags.is_empty()) {
            Some("e" | "-expression") => given.scripts.extend(words.next().cloned()),
            Some(flags) if flags.starts_with('i') || flags.starts_with("-in-place") => given.in_place = true,
            // Another language of patterns, or no output.
            Some(_) => given.is_plain = false,
            None if text.is_empty() && word.text().is_some() => {}
            None if given.scripts.is_empty() => given.scripts.push(word.clone()),
            None => given.files.push(word.clone()),
        }
    }
    given
}

/// `s/pattern/text/` or `s/pattern/text/g`, with any sign for the slash.
fn substitution(script: &Traced) -> Option<Substitution> {
    let marked = script.marked();
    let rest = marked.strip_prefix('s')?;
    let sign = rest.chars().next().filter(|sign| !sign.is_alphanumeric() && *sign != '\\')?;
    let start = 1 + sign.len_utf8();
    let middle = start + marked.get(start..)?.find(sign)?;
    let behind = middle + sign.len_utf8();
    let end = behind + marked.get(behind..)?.find(sign)?;
    let flags = marked.get(end + sign.len_utf8()..)?.trim_end_matches(';');
    let pattern = script.cut(start, middle).text()?;
    let with = script.cut(behind, end);
    let is_plain = !pattern.is_empty() && !pattern.contains(['*', '.', '[', ']', '^', '$', '\\']);
    let is_kept = !with.marked().contains(['&', '\\']);
    (is_plain && is_kept && ["", "g"].contains(&flags)).then(|| Substitution {
        pattern,
        with,
        all: flags == "g",
    })
}

impl Substitution {
    /// The text behind the command; none where it changes a part of a line alone.
    fn on(&self, text: &Traced) -> Option<Traced> {
        let marked = text.marked();
        if !self.all && marked.lines().any(|line| line.matches(&self.pattern).count() > 1) {
            return None;
        }
        let mut out = Traced::default();
        let mut plain = 0;
        for (at, _) in marked.match_indices(&self.pattern) {
            out.append(text.cut(plain, at));
            out.append(self.with.clone());
            plain = at + self.pattern.len();
        }
        out.append(text.cut(plain, marked.len()));
        Some(out)
    }
}
