//! Where a value was written: sources, spans, and the files a reader may follow into.

use std::{collections::BTreeMap, fmt, sync::Arc};

/// A file or another input as it was read: a path as shown to people, and its text.
#[derive(PartialEq, Eq)]
pub struct Source {
    path: Box<str>,
    text: Box<str>,
}

impl Source {
    /// Wraps `text` read from `path`. The path is relative to the repository, with forward slashes.
    #[must_use]
    pub fn new(path: impl Into<Box<str>>, text: impl Into<Box<str>>) -> Arc<Self> {
        Arc::new(Self { path: path.into(), text: text.into() })
    }

    /// The path as shown to people.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of `span`; empty where the span lies outside this source or splits a character.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.start..span.end).unwrap_or("")
    }

    /// Line and column of the byte `offset`, which is moved back to the text's end and to a character's start.
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let before = self.before(offset);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Position {
            line: before.bytes().filter(|byte| *byte == b'\n').count() + 1,
            column: before.get(line_start..).unwrap_or("").chars().count() + 1,
        }
    }

    fn before(&self, offset: usize) -> &str {
        let mut end = offset.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        self.text.get(..end).unwrap_or("")
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Source({})", self.path)
    }
}

/// A range of bytes in one source, `start..end`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset behind the last byte.
    pub end: usize,
}

impl Span {
    /// The range `start..end`.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }
}

/// A line and a column, both counted from 1; the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// A span together with the source it lies in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The source.
    pub source: Arc<Source>,
    /// The range inside it.
    pub span: Span,
}

impl Place {
    /// The place of `span` in `source`.
    #[must_use]
    pub fn new(source: &Arc<Source>, span: Span) -> Self {
        Self { source: Arc::clone(source), span }
    }

    /// Where the place begins.
    #[must_use]
    pub fn start(&self) -> Position {
        self.source.position(self.span.start)
    }

    /// Where the place ends.
    #[must_use]
    pub fn end(&self) -> Position {
        self.source.position(self.span.end)
    }

    /// The text written there.
    #[must_use]
    pub fn text(&self) -> &str {
        self.source.slice(self.span)
    }
}

impl fmt::Display for Place {
    /// `path:line:column`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Position { line, column } = self.start();
        write!(f, "{}:{line}:{column}", self.source.path)
    }
}

/// A value and the place it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Where it was written.
    pub place: Place,
}

impl<T> Located<T> {
    /// `value`, written at `place`.
    #[must_use]
    pub const fn new(value: T, place: Place) -> Self {
        Self { value, place }
    }

    /// The same place with another value.
    #[must_use]
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Located<U> {
        Located { value: change(self.value), place: self.place }
    }
}

/// Files read beforehand, by their path relative to the repository with forward slashes.
///
/// A reader takes a tree and an entry path and does no I/O, because modules, variable files, `@file` arguments, called
/// workflows and local actions lie in other files.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    files: BTreeMap<Box<str>, Arc<Source>>,
}

impl Tree {
    /// Adds a source under its own path.
    pub fn insert(&mut self, source: Arc<Source>) {
        self.files.insert(source.path().into(), source);
    }

    /// The source at `path`. `./a`, `a/../b` and `a//b` are resolved first; a path that leaves the tree has no source.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Arc<Source>> {
        self.files.get(path).or_else(|| self.files.get(normal(path)?.as_str()))
    }

    /// The source at `path` as written in the file `from`: relative to that file's folder.
    #[must_use]
    pub fn beside(&self, from: &str, path: &str) -> Option<&Arc<Source>> {
        let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
        self.get(&format!("{folder}/{path}"))
    }

    /// Every source, in the order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Source>> {
        self.files.values()
    }

    /// The sources that lie directly in `folder` (no trailing slash; the root is empty).
    pub fn in_folder<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a Arc<Source>> {
        self.iter().filter(move |source| {
            let parent = source.path().rsplit_once('/').map_or("", |(parent, _)| parent);
            parent == folder
        })
    }
}

fn normal(path: &str) -> Option<String> {
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_start_at_one() {
        let source = Source::new("a.yml", "é: x\nb: y");
        assert_eq!(source.position(0), Position { line: 1, column: 1 });
        assert_eq!(source.position(2), Position { line: 1, column: 2 });
        assert_eq!(source.position(1), Position { line: 1, column: 1 });
        assert_eq!(source.position(6), Position { line: 2, column: 1 });
        assert_eq!(source.position(999), Position { line: 2, column: 5 });
    }

    #[test]
    fn a_tree_resolves_relative_paths_and_never_leaves_itself() {
        let mut tree = Tree::default();
        tree.insert(Source::new("infra/modules/fic/main.tf", "m"));
        assert!(tree.beside("infra/main.tf", "./modules/../modules/fic/main.tf").is_some());
        assert!(tree.beside("infra/main.tf", "../../etc/passwd").is_none());
        assert_eq!(tree.in_folder("infra/modules/fic").count(), 1);
        assert_eq!(tree.in_folder("infra").count(), 0);
    }
}
