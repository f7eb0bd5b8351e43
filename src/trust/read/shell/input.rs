//! Follows `read` and `mapfile`: what variables take from standard input, or from whoever sits there.

use std::collections::BTreeMap;

use super::{
    run::Runner,
    syntax::Simple,
    world::{Variable, World},
};
use crate::trust::read::script::Traced;

impl Runner<'_> {
    /// `read`: from standard input where it is known, else from whoever sits there.
    pub(super) fn read(
        &mut self,
        arguments: &[Traced],
        simple: &Simple,
        for_command: &BTreeMap<String, Traced>,
        world: &mut World,
    ) {
        let (names, array, whole) = names_of_read(arguments);
        let ifs = for_command.get("IFS").and_then(Traced::text).unwrap_or_else(|| " \t\n".to_owned());
        let line = world.stdin.take().map(|text| {
            let marked = text.marked();
            let end = if whole { marked.len() } else { marked.find('\n').unwrap_or(marked.len()) };
            world.stdin = Some(text.cut((end + 1).min(marked.len()), marked.len()));
            text.cut(0, end)
        });
        let asked =
            |name: &str| Traced::hole(name, format!("`read` asks for `{name}`"), self.place(simple.span));
        if let Some(name) = array {
            let variable = match line {
                Some(line) => {
                    let items = cells(&line, &format!("{ifs}\n"), usize::MAX);
                    let open = line.text().is_none();
                    let numbered = items.into_iter().enumerate().map(|(at, item)| (at.to_string(), item));
                    Variable::Array { elements: numbered.collect(), open }
                }
                None => Variable::Array { elements: vec![("0".to_owned(), asked(&name))], open: true },
            };
            world.variables.insert(name, variable);
            return;
        }
        let mut items = line.map(|line| cells(&line, &ifs, names.len()).into_iter());
        for name in names {
            let value = items.as_mut().map_or_else(|| asked(&name), |items| items.next().unwrap_or_default());
            world.set(&name, value);
        }
    }

    pub(super) fn mapfile(&mut self, arguments: &[Traced], simple: &Simple, world: &mut World) {
        let name = arguments.iter().rev().filter_map(Traced::text).find(|word| !word.starts_with('-'));
        let name = name.unwrap_or_else(|| "MAPFILE".to_owned());
        let flags = || arguments.iter().filter_map(Traced::text).filter(|word| word.starts_with('-'));
        let is_followed = flags().all(|flag| flag == "-t");
        let is_kept = flags().next().is_none();
        let text = world.stdin.take().filter(|text| is_followed && text.text().is_some());
        let lines = text.map(|text| lines(&text, is_kept));
        let open = lines.is_none();
        let lines = lines.unwrap_or_else(|| vec![self.unknown(simple)]);
        let elements = lines.into_iter().enumerate().map(|(at, line)| (at.to_string(), line)).collect();
        world.variables.insert(name, Variable::Array { elements, open });
    }
}

/// The lines of a text, with or without the line breaks that end them.
fn lines(text: &Traced, is_kept: bool) -> Vec<Traced> {
    let mut at = 0;
    let marked = text.marked();
    let line = |line: &str| {
        let start = at;
        at += line.len();
        let line = if is_kept { line } else { line.trim_end_matches('\n') };
        text.cut(start, start + line.len())
    };
    marked.split_inclusive('\n').map(line).collect()
}

/// What `read` puts into up to `most` variables: the last one takes all that is left.
pub(super) fn cells(line: &Traced, ifs: &str, most: usize) -> Vec<Traced> {
    let marked = line.marked();
    let is_blank = |c: char| ifs.contains(c) && c.is_ascii_whitespace();
    let is_mark = |c: char| ifs.contains(c) && !c.is_ascii_whitespace();
    let mut out = Vec::new();
    let mut rest = marked.trim_start_matches(is_blank);
    while !rest.is_empty() {
        let start = marked.len() - rest.len();
        let mut field = rest.split(|c| ifs.contains(c)).next().unwrap_or_default();
        let after = rest.strip_prefix(field).unwrap_or_default().trim_start_matches(is_blank);
        rest = after.strip_prefix(is_mark).unwrap_or(after).trim_start_matches(is_blank);
        if out.len() + 1 == most && !rest.is_empty() {
            field = marked.get(start..).unwrap_or_default().trim_end_matches(is_blank);
            rest = "";
        }
        out.push(line.cut(start, start + field.len()));
    }
    out
}

/// The variables that `read` fills, the array where it fills one, and whether it reads on behind line breaks.
fn names_of_read(arguments: &[Traced]) -> (Vec<String>, Option<String>, bool) {
    let (mut names, mut array, mut whole) = (Vec::new(), None, false);
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let text = word.text().unwrap_or_default();
        let Some(flags) = text.strip_prefix('-') else {
            names.push(text);
            continue;
        };
        match flags.chars().last() {
            Some('a') => array = words.next().and_then(Traced::text),
            Some('d') => whole = words.next().is_some(),
            Some('p' | 't' | 'n' | 'N' | 'u' | 'i') => {
                words.next();
            }
            _ => {}
        }
    }
    if names.is_empty() && array.is_none() {
        names.push("REPLY".to_owned());
    }
    (names, array, whole)
}
