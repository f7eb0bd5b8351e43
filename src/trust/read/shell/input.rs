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
                    let items = line.split(&format!("{ifs}\n"));
                    let open = line.text().is_none();
                    let numbered = items.into_iter().enumerate().map(|(at, item)| (at.to_string(), item));
                    Variable::Array { elements: numbered.collect(), open }
                }
                None => Variable::Array { elements: vec![("0".to_owned(), asked(&name))], open: true },
            };
            world.variables.insert(name, variable);
            return;
        }
        let mut items =
            line.as_ref().map(|line| if ifs.is_empty() { vec![line.clone()] } else { line.split(&ifs) });
        for (at, name) in names.iter().enumerate() {
            let last = at + 1 == names.len();
            let value = match (&mut items, &line) {
                (None, _) | (_, None) => asked(name),
                (Some(_), Some(line)) if last && at == 0 => trimmed(line, &ifs),
                (Some(items), Some(_)) if items.is_empty() => Traced::default(),
                (Some(items), Some(_)) => items.remove(0),
            };
            world.set(name, value);
        }
    }

    pub(super) fn mapfile(&mut self, arguments: &[Traced], simple: &Simple, world: &mut World) {
        let name = arguments.iter().rev().filter_map(Traced::text).find(|word| !word.starts_with('-'));
        let name = name.unwrap_or_else(|| "MAPFILE".to_owned());
        let lines = world.stdin.take().filter(|text| text.text().is_some()).map(|text| text.split("\n"));
        let open = lines.is_none();
        let lines = lines.unwrap_or_else(|| vec![self.unknown(simple)]);
        let elements = lines.into_iter().enumerate().map(|(at, line)| (at.to_string(), line)).collect();
        world.variables.insert(name, Variable::Array { elements, open });
    }
}

fn trimmed(line: &Traced, blanks: &str) -> Traced {
    let marked = line.marked();
    let start = marked.len() - marked.trim_start_matches(|c| blanks.contains(c)).len();
    let end = marked.trim_end_matches(|c| blanks.contains(c)).len();
    line.cut(start, end.max(start))
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
