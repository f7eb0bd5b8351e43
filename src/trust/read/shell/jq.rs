//! `jq -n --arg name value '{...}'`: a body built from arguments; and `jq .`, which passes one on.

use super::world::{Variable, World};
use crate::trust::read::script::Traced;

/// The body, if the filter is one object made of constants, arguments and texts with arguments inside.
pub(super) fn build(arguments: &[Traced], world: &World) -> Option<Traced> {
    let mut named: Vec<(String, Traced, bool)> = Vec::new();
    let mut filter = None;
    let mut from_nothing = false;
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match word.text().as_deref() {
            Some(kind @ ("--arg" | "--argjson")) => {
                let name = words.next().and_then(Traced::text)?;
                named.push((name, words.next()?.clone(), kind == "--argjson"));
            }
            Some(flags) if flags.starts_with('-') => {
                from_nothing |= flags == "--null-input" || (!flags.starts_with("--") && flags.contains('n'));
            }
            _ if filter.is_none() => filter = Some(word),
            _ => {}
        }
    }
    let filter =
        filter.filter(|filter| from_nothing && filter.marked().trim_start().starts_with(['{', '[']))?;
    let find = |name: &str| -> Option<(Traced, bool)> {
        let given = named.iter().find(|(other, _, _)| other == name);
        given.map(|(_, value, json)| (value.clone(), *json))
    };
    let environment = |name: &str| match world.variables.get(name) {
        Some(Variable::Text(text)) => Some(text.clone()),
        Some(Variable::Array { .. }) | None => None,
    };
    Some(
        Builder {
            filter,
            text: filter.marked(),
            find: &find,
            environment: &environment,
            out: Traced::default(),
        }
        .run(),
    )
}

/// `jq .` and its like: the JSON on standard input as it is.
pub(super) fn passed(arguments: &[Traced], world: &World) -> Option<Traced> {
    let words: Option<Vec<String>> = arguments.iter().map(Traced::text).collect();
    let mut filters = Vec::new();
    for word in words? {
        match word.strip_prefix('-') {
            Some("-compact-output" | "-raw-output" | "-monochrome-output" | "-sort-keys") => {}
            Some(flags) if !flags.is_empty() && flags.chars().all(|flag| "crMSe".contains(flag)) => {}
            Some(_) => return None,
            None => filters.push(word),
        }
    }
    if filters == ["."] { world.stdin.clone() } else { None }
}

struct Builder<'a> {
    filter: &'a Traced,
    text: String,
    find: &'a dyn Fn(&str) -> Option<(Traced, bool)>,
    environment: &'a dyn Fn(&str) -> Option<Traced>,
    out: Traced,
}

impl Builder<'_> {
    fn run(mut self) -> Traced {
        let mut plain = 0;
        let mut in_text = false;
        let text = std::mem::take(&mut self.text);
        let mut characters = text.char_indices();
        while let Some((at, c)) = characters.next() {
            let behind = text.get(at..).unwrap_or("");
            let length = match c {
                '"' => {
                    in_text = !in_text;
                    continue;
                }
                '\\' if in_text && behind.starts_with("\\($") => behind.find(')').map(|end| end + 1),
                '\\' if in_text => {
                    characters.next();
                    continue;
                }
                '$' if !in_text => Some(1 + name_length(behind.get(1..).unwrap_or(""))),
                _ => continue,
            };
            let Some(length) = length.filter(|length| *length > 1) else { continue };
            self.out.append(self.filter.cut(plain, at));
            let name = behind.get(..length).unwrap_or("").trim_matches(['\\', '(', ')', '$']);
            self.value(name, at, in_text);
            plain = at + length;
            while characters.as_str().len() + plain > text.len() {
                characters.next();
            }
        }
        self.out.append(self.filter.cut(plain, text.len()));
        self.out
    }

    fn value(&mut self, name: &str, at: usize, in_text: bool) {
        let of_environment = name.strip_prefix("ENV.").and_then(|name| (self.environment)(name));
        let found = of_environment.map(|value| (value, false)).or_else(|| (self.find)(name));
        let (value, json) = found.unwrap_or_else(|| {
            let place = self.filter.cut(at, at + 1).place(&fallback(self.filter));
            (Traced::hole(name, format!("`${name}` has no `--arg`"), place), false)
        });
        let quote = || self.filter.cut(at, at + 1).decoded("\"");
        if json || in_text {
            self.out.append(value);
        } else {
            let (open, close) = (quote(), quote());
            self.out.append(open);
            self.out.append(value);
            self.out.append(close);
        }
    }
}

fn fallback(text: &Traced) -> crate::text::Place {
    let nowhere = crate::text::Place::new(&crate::text::Source::new("", ""), crate::text::Span::default());
    text.place(&nowhere)
}

fn name_length(text: &str) -> usize {
    text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.')).unwrap_or(text.len())
}
