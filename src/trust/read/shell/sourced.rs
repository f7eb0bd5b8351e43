//! What a script takes from other files: `source FILE`, and templates that `envsubst` fills.

use std::rc::Rc;

use super::{
    parser,
    run::Runner,
    syntax::Simple,
    world::{Flow, Variable, World},
};
use crate::{
    text::{Place, Span},
    trust::read::script::{Cursor, Effort, Traced, content, file_beside},
};

/// Files that take in each other deeper than this are not followed.
const SOURCES_LIMIT: usize = 3;

impl Runner<'_> {
    /// `source FILE`: what it sets and defines is here too.
    pub(super) fn sourced(&mut self, path: Option<&Traced>, span: Span, mut world: World) -> Vec<World> {
        let Some(path) = path else { return vec![world] };
        let found = file_beside(self.tree, self.source, path);
        let Some(source) = found.filter(|_| self.sources < SOURCES_LIMIT) else {
            let reason = match found {
                Some(_) => format!("`{path}` is not followed: too many files take in each other"),
                None => format!("`{path}` is not among the files"),
            };
            unset(&mut world, &reason, &self.place(span));
            self.skip(span, format!("{reason}; what it sets and creates is not known"));
            return vec![world];
        };
        let script = parser::parse(source.text());
        let script = Rc::new(script);
        let mut inner = Runner::new(self.tree, source, Rc::clone(&script));
        inner.sources = self.sources + 1;
        inner.listeners = self.listeners;
        self.effort.spend(source.text().len());
        inner.effort = std::mem::replace(&mut self.effort, Effort::full());
        let mut worlds = inner.run_list(&script.list, vec![world]);
        if let Some(span) = script.too_deep {
            inner.skip(span, Cursor::TOO_DEEP.to_owned());
        }
        self.effort = std::mem::replace(&mut inner.effort, Effort::full());
        self.keep(inner.reading);
        for world in &mut worlds {
            if world.flow == Flow::Return {
                world.flow = Flow::On;
            }
        }
        worlds
    }

    /// The text of a file that the script wrote, or that the repository holds.
    pub(super) fn file(&mut self, path: &Traced, world: &World) -> Option<Traced> {
        let shown = path.to_string();
        let written = world.files.get(&shown).or_else(|| world.files.get(shown.trim_start_matches("./")));
        let text = written.cloned().or_else(|| file_beside(self.tree, self.source, path).map(content))?;
        self.effort.spend(text.cost()).then_some(text)
    }

    /// `envsubst`: the variables in its input, or those alone that its argument names.
    pub(super) fn substituted(&self, only: Option<&Traced>, simple: &Simple, world: &World) -> Traced {
        let Some(text) = &world.stdin else { return self.unknown(simple) };
        let only = only.map(ToString::to_string);
        let marked = text.marked();
        let mut out = Traced::default();
        let mut plain = 0;
        for (at, _) in marked.match_indices('$') {
            let rest = marked.get(at + 1..).unwrap_or("");
            let inner = rest.strip_prefix('{').unwrap_or(rest);
            let length = inner.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(inner.len());
            let name = inner.get(..length).unwrap_or("");
            let braced = inner.len() < rest.len();
            let closed = !braced || inner.get(length..).is_some_and(|rest| rest.starts_with('}'));
            let wanted = only.as_ref().is_none_or(|only| names(only, name));
            if at < plain || name.is_empty() || !closed || !wanted {
                continue;
            }
            out.append(text.cut(plain, at));
            out.append(match world.variables.get(name) {
                Some(Variable::Text(value)) => value.clone(),
                Some(Variable::Array { .. }) | None => {
                    Traced::hole(name, format!("`{name}` is not set in this script"), self.place(simple.span))
                }
            });
            plain = at + 1 + length + if braced { 2 } else { 0 };
        }
        out.append(text.cut(plain, marked.len()));
        out
    }

    /// `tr A-Z a-z` and its like; anything else is not followed.
    pub(super) fn translated(&self, arguments: &[Traced], simple: &Simple, world: &World) -> Traced {
        let sets: Vec<String> = arguments.iter().filter_map(Traced::text).collect();
        let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
        let text = world.stdin.as_ref().and_then(|text| Some((text, text.text()?)));
        let upper = ["A-Z", "[A-Z]", "[:upper:]"];
        let lower = ["a-z", "[a-z]", "[:lower:]"];
        match (text, sets.as_slice()) {
            (Some((text, known)), [from, to]) if upper.contains(from) && lower.contains(to) => {
                text.decoded(&known.to_ascii_lowercase())
            }
            (Some((text, known)), [from, to]) if lower.contains(from) && upper.contains(to) => {
                text.decoded(&known.to_ascii_uppercase())
            }
            // One sign for another, or none.
            (Some((text, known)), [from, to]) if is_sign(from) && is_sign(to) => {
                text.decoded(&known.replace(from, to))
            }
            (Some((text, known)), ["-d", from]) if is_sign(from) => text.decoded(&known.replace(from, "")),
            _ => self.unknown(simple),
        }
    }
}

/// Whether a set of `tr` is one sign that means itself.
fn is_sign(set: &str) -> bool {
    set.len() == 1 && set != "\\"
}

/// What was set before a file that cannot be followed may be another value behind it. Each has a reason of its own: a test of one
/// tells nothing of another.
pub(super) fn unset(world: &mut World, reason: &str, place: &Place) {
    for (name, variable) in &mut world.variables {
        let hide = |text: &mut Traced| {
            if text.as_hole().is_none() {
                *text = Traced::hole(name, format!("{reason}, and may set `{name}`"), place.clone());
            }
        };
        match variable {
            Variable::Text(text) => hide(text),
            Variable::Array { elements, open } => {
                elements.iter_mut().for_each(|(_, text)| hide(text));
                *open = true;
            }
        }
    }
}

/// Whether the list of `envsubst`, such as `$A ${B}`, holds `name`.
fn names(list: &str, name: &str) -> bool {
    list.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|word| word == name)
}
