//! What an expansion does to the value of a variable: defaults, trimming, replacing, slices.
//!
//! Source: <https://www.gnu.org/software/bash/manual/html_node/Shell-Parameter-Expansion.html>

use super::{
    run::Runner,
    syntax::{Expansion, Index, Operation, Word},
    world::World,
};
use crate::{
    text::Span,
    trust::read::script::{Traced, glob},
};

impl Runner<'_> {
    pub(super) fn expansion(&mut self, expansion: &Expansion, span: Span, world: &mut World) -> Traced {
        if let Some((items, open)) = self.listed(expansion, span, world) {
            return self.joined(expansion, items, open, span, world);
        }
        let found = self.lookup(expansion, span, world);
        self.operated(expansion, found, span, world)
    }

    /// The elements of a whole list, each changed as the expansion says; `None` where it is no list or its operation takes the whole.
    pub(super) fn listed(
        &mut self,
        expansion: &Expansion,
        span: Span,
        world: &mut World,
    ) -> Option<(Vec<Traced>, bool)> {
        let (items, open) = self.list_of(expansion, span, world)?;
        let is_empty = items.is_empty() && !open;
        match &expansion.operation {
            Operation::None | Operation::Required => Some((items, open)),
            Operation::Default { .. } => (!is_empty).then_some((items, open)),
            Operation::Alternative { word, .. } if !is_empty && !open => {
                let fields = self.fields(std::slice::from_ref(word), world);
                Some((fields.items, fields.open))
            }
            Operation::Alternative { .. } if is_empty => Some((Vec::new(), false)),
            Operation::Slice { from, length } => {
                let is_arguments = matches!(expansion.name.as_str(), "@" | "*");
                match self.slice(items.len() + usize::from(is_arguments), from, length.as_ref(), span, world)
                {
                    Some((start, end)) if !open && start >= usize::from(is_arguments) => {
                        let (start, end) =
                            (start - usize::from(is_arguments), end - usize::from(is_arguments));
                        Some((items.get(start..end)?.to_vec(), false))
                    }
                    _ => Some((vec![self.opaque(span, "a part of this list")], true)),
                }
            }
            Operation::Trim { .. } | Operation::Replace { .. } | Operation::Recase { .. } => {
                let changed = items.into_iter().map(|item| self.operated(expansion, Some(item), span, world));
                Some((changed.collect(), open))
            }
            Operation::Length if !open => Some((vec![self.counted(items.len(), span)], false)),
            Operation::Alternative { .. } | Operation::Length | Operation::Indirect | Operation::Other(_) => {
                Some((vec![self.opaque(span, "this expansion")], false))
            }
        }
    }

    fn operated(
        &mut self,
        expansion: &Expansion,
        found: Option<Traced>,
        span: Span,
        world: &mut World,
    ) -> Traced {
        let name = expansion.name.as_str();
        let is_absent = is_absent(name, world);
        let known = |runner: &Self, found: Option<Traced>| found.unwrap_or_else(|| runner.unset(name, span));
        match &expansion.operation {
            Operation::None | Operation::Required => known(self, found),
            Operation::Default { word, assigns, or_empty } => {
                let is_empty = |value: &Traced| is_absent || (*or_empty && value.is_empty());
                let is_given = |value: &Traced| value.as_hole().is_none() && !is_empty(value);
                found.filter(is_given).unwrap_or_else(|| self.default(name, word, *assigns, span, world))
            }
            Operation::Alternative { word, or_empty } => match found {
                Some(value) if value.is_empty() && (*or_empty || is_absent) => value,
                Some(value) if value.as_hole().is_none() => self.text(word, world),
                unknown => known(self, unknown),
            },
            Operation::Trim { pattern, from_end, longest } => {
                let pattern = self.pattern(pattern, world).text();
                self.trimmed(&known(self, found), pattern, (*from_end, *longest), span)
            }
            Operation::Replace { pattern, with, all } => {
                let (pattern, with) = (self.pattern(pattern, world).text(), self.text(with, world));
                self.replaced(&known(self, found), pattern, &with, *all, span)
            }
            Operation::Recase { upper, all } => self.recased(&known(self, found), *upper, *all, span),
            Operation::Length => {
                let value = known(self, found);
                let ascii = value.text().filter(|text| text.is_ascii());
                ascii.map_or_else(|| self.changed(&value, span), |text| self.counted(text.len(), span))
            }
            Operation::Slice { from, length } => {
                let value = known(self, found);
                self.cut(&value, from, length.as_ref(), span, world)
            }
            Operation::Indirect => {
                let named = found.and_then(|name| name.text()).filter(|name| is_name(name));
                let Some(named) = named else { return self.opaque(span, "an indirect expansion") };
                let inner = super::expansion::plain(named);
                self.expansion(&inner, span, world)
            }
            Operation::Other(what) => self.opaque(span, what),
        }
    }

    fn default(&mut self, name: &str, word: &Word, assigns: bool, span: Span, world: &mut World) -> Traced {
        let value = self.text(word, world);
        if assigns {
            world.set(name, value.clone());
        }
        // An empty default says nothing: the value still comes from outside.
        if value.is_empty() { self.unset(name, span) } else { value }
    }

    fn cut(
        &mut self,
        value: &Traced,
        from: &Word,
        length: Option<&Word>,
        span: Span,
        world: &mut World,
    ) -> Traced {
        let Some(text) = value.text().filter(|text| text.is_ascii()) else {
            return self.changed(value, span);
        };
        match self.slice(text.len(), from, length, span, world) {
            Some((start, end)) => value.cut(start, end),
            None => self.opaque(span, "this part"),
        }
    }

    fn counted(&self, count: usize, span: Span) -> Traced {
        Traced::literal(count.to_string(), self.place(span), span.start)
    }

    /// The first and the last of `count` that `:from:length` takes; `None` where that is not known.
    fn slice(
        &mut self,
        count: usize,
        from: &Word,
        length: Option<&Word>,
        span: Span,
        world: &mut World,
    ) -> Option<(usize, usize)> {
        let count = i64::try_from(count).ok()?;
        let from = self.number(from, span, world).ok()?;
        let start = if from < 0 { count.checked_add(from)? } else { from };
        // Beyond the text there is nothing.
        if !(0..=count).contains(&start) {
            return Some((0, 0));
        }
        let end = match length {
            None => count,
            Some(length) => match self.number(length, span, world).ok()? {
                length if length < 0 => count.checked_add(length)?,
                length => start.checked_add(length)?.min(count),
            },
        };
        (start <= end).then_some((usize::try_from(start).ok()?, usize::try_from(end).ok()?))
    }

    fn trimmed(
        &self,
        value: &Traced,
        pattern: Option<String>,
        (from_end, longest): (bool, bool),
        span: Span,
    ) -> Traced {
        let pattern = pattern.filter(|pattern| !glob::is_extended(pattern));
        let (Some(text), Some(pattern)) = (value.text(), pattern) else { return self.changed(value, span) };
        match glob::trimmed(&text, &pattern, from_end, longest) {
            Some((start, end)) => value.cut(start, end),
            None => self.changed(value, span),
        }
    }

    fn replaced(
        &self,
        value: &Traced,
        pattern: Option<String>,
        with: &Traced,
        all: bool,
        span: Span,
    ) -> Traced {
        match (value.text(), pattern) {
            // Whether `&` stands for what is replaced depends on the version of bash.
            (Some(text), Some(pattern)) if !with.marked().contains('&') => {
                let pattern = glob::plain(&pattern);
                pattern.map_or_else(
                    || self.changed(value, span),
                    |pattern| replaced(value, &text, &pattern, with, all),
                )
            }
            _ => self.changed(value, span),
        }
    }

    fn recased(&self, value: &Traced, upper: bool, all: bool, span: Span) -> Traced {
        let change = |text: &str| if upper { text.to_uppercase() } else { text.to_lowercase() };
        let marked = value.marked();
        if all {
            return value.decoded(&change(&marked));
        }
        let first = marked.chars().next().map_or(0, char::len_utf8);
        if value.cut(0, first).as_hole().is_some() {
            return self.changed(value, span);
        }
        let (head, tail) = marked.split_at(first);
        value.decoded(&(change(head) + tail))
    }
}

/// Whether an argument is asked for behind the last one that is given.
fn is_absent(name: &str, world: &World) -> bool {
    let count = world.arguments.as_ref().map(Vec::len);
    count.zip(name.parse::<usize>().ok()).is_some_and(|(count, number)| number > count)
}

/// Whether an expansion gives one word for every element even between quotes.
pub(super) const fn is_star(expansion: &Expansion) -> bool {
    matches!(expansion.index, Index::Star) || matches!(expansion.name.as_bytes(), b"*")
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn replaced(value: &Traced, text: &str, pattern: &str, with: &Traced, all: bool) -> Traced {
    let mut out = Traced::default();
    if !all && let Some(rest) = pattern.strip_prefix(['#', '%']) {
        let from_start = pattern.starts_with('#');
        let kept = if from_start { text.strip_prefix(rest) } else { text.strip_suffix(rest) };
        let Some(kept) = kept else { return value.clone() };
        if from_start {
            out.append(with.clone());
            out.append(value.cut(rest.len(), text.len()));
        } else {
            out.append(value.cut(0, kept.len()));
            out.append(with.clone());
        }
        return out;
    }
    if pattern.is_empty() {
        return value.clone();
    }
    let mut at = 0;
    let limit = if all { usize::MAX } else { 1 };
    for (found, _) in text.match_indices(pattern).take(limit) {
        out.append(value.cut(at, found));
        out.append(with.clone());
        at = found + pattern.len();
    }
    out.append(value.cut(at, text.len()));
    out
}
