//! The node tree, and accessors that keep readers short.

use std::sync::Arc;

use super::{
    Style,
    scalar::{Scalar, Value},
};
use crate::text::{Located, Place, Source, Span};

/// A file's tree and its comments.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The top node; a null scalar for an empty file.
    pub root: Node,
    /// The comments in the order of the file.
    pub comments: Vec<Comment>,
}

/// A comment: the text behind `#`, and the span from `#` to the line's end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// The text behind `#`, not trimmed.
    pub text: Box<str>,
    /// Where it stands.
    pub place: Place,
}

/// A value and where it was written. Cloning is cheap.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Where its content was written; behind an alias, where the anchored node was.
    pub span: Span,
    /// Where the alias stands, if the node came through one. Its children were written at the anchor.
    pub alias: Option<Span>,
    pub(super) source: Arc<Source>,
}

/// The three kinds of node.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Text that may mean something else.
    Scalar(Scalar),
    /// A list.
    Sequence(Arc<[Node]>),
    /// Keys and values in the order they were written.
    Mapping(Arc<[Entry]>),
}

/// One key with its value. The key is a scalar.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: Node,
    /// The value.
    pub value: Node,
}

impl Entry {
    /// The key's text.
    #[must_use]
    pub fn name(&self) -> &str {
        self.key.text().unwrap_or("")
    }
}

impl Node {
    /// Where the content was written.
    #[must_use]
    pub fn place(&self) -> Place {
        Place::new(&self.source, self.span)
    }

    /// Where the value is used: the alias if there is one, else the content.
    #[must_use]
    pub fn used_at(&self) -> Place {
        Place::new(&self.source, self.alias.unwrap_or(self.span))
    }

    /// The file it lies in.
    #[must_use]
    pub const fn source(&self) -> &Arc<Source> {
        &self.source
    }

    /// The scalar, if it is one.
    #[must_use]
    pub const fn as_scalar(&self) -> Option<&Scalar> {
        match &self.kind {
            Kind::Scalar(scalar) => Some(scalar),
            Kind::Sequence(_) | Kind::Mapping(_) => None,
        }
    }

    /// What a scalar means under YAML 1.2 core.
    #[must_use]
    pub fn value(&self) -> Option<Value<'_>> {
        self.as_scalar().map(Scalar::value)
    }

    /// The text of any scalar, whatever it means: `3.10` gives `3.10`.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.as_scalar().map(|scalar| &*scalar.text)
    }

    /// The text of a scalar that means text.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self.value()? {
            Value::Str(text) => Some(text),
            Value::Null | Value::Bool(_) | Value::Number(_) => None,
        }
    }

    /// The boolean, if it means one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self.value()? {
            Value::Bool(value) => Some(value),
            Value::Null | Value::Number(_) | Value::Str(_) => None,
        }
    }

    /// The number, if it means one.
    #[must_use]
    pub fn as_number(&self) -> Option<f64> {
        match self.value()? {
            Value::Number(value) => Some(value),
            Value::Null | Value::Bool(_) | Value::Str(_) => None,
        }
    }

    /// Whether it means null, as an empty value does.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self.value(), Some(Value::Null))
    }

    /// The text of any scalar but null, with its place.
    #[must_use]
    pub fn located_text(&self) -> Option<Located<String>> {
        let text = self.text().filter(|_| !self.is_null())?;
        Some(Located::new(text.to_owned(), self.place()))
    }

    /// The entries of a mapping; nothing for anything else.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        match &self.kind {
            Kind::Mapping(entries) => entries,
            Kind::Scalar(_) | Kind::Sequence(_) => &[],
        }
    }

    /// The items of a sequence; nothing for anything else.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        match &self.kind {
            Kind::Sequence(items) => items,
            Kind::Scalar(_) | Kind::Mapping(_) => &[],
        }
    }

    /// The items of a sequence, or the node itself as the only one; nothing for null.
    #[must_use]
    pub fn one_or_many(&self) -> &[Self] {
        match &self.kind {
            Kind::Sequence(items) => items,
            Kind::Scalar(_) if self.is_null() => &[],
            Kind::Scalar(_) | Kind::Mapping(_) => std::slice::from_ref(self),
        }
    }

    /// The entry whose key is exactly `name`.
    #[must_use]
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.name() == name)
    }

    /// The value under exactly `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.entry(name).map(|entry| &entry.value)
    }

    /// The value at the end of a chain of keys.
    #[must_use]
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |node, name| node.get(name))
    }

    /// Whether it is a mapping.
    #[must_use]
    pub const fn is_mapping(&self) -> bool {
        matches!(self.kind, Kind::Mapping(_))
    }

    /// Whether it is a sequence.
    #[must_use]
    pub const fn is_sequence(&self) -> bool {
        matches!(self.kind, Kind::Sequence(_))
    }

    /// The kind in words: `a mapping`, `a sequence`, `null`, `a boolean`, `a number`, `text`.
    #[must_use]
    pub fn kind_name(&self) -> &'static str {
        match (&self.kind, self.value()) {
            (Kind::Mapping(_), _) => "a mapping",
            (Kind::Sequence(_), _) => "a sequence",
            (Kind::Scalar(_), Some(Value::Null)) => "null",
            (Kind::Scalar(_), Some(Value::Bool(_))) => "a boolean",
            (Kind::Scalar(_), Some(Value::Number(_))) => "a number",
            (Kind::Scalar(_), Some(Value::Str(_)) | None) => "text",
        }
    }

    /// The keys `<<` anywhere below. They are ordinary keys here, as on GitHub, which never merges them.
    ///
    /// Source: actions/runner#1182 (anchors are supported, merge keys are not).
    #[must_use]
    pub fn merge_keys(&self) -> Vec<&Entry> {
        let mut found = Vec::new();
        self.collect_merge_keys(&mut found);
        found
    }

    fn collect_merge_keys<'a>(&'a self, found: &mut Vec<&'a Entry>) {
        for entry in self.entries() {
            if entry.key.as_scalar().is_some_and(|key| &*key.text == "<<" && key.style == Style::Plain) {
                found.push(entry);
            }
            entry.value.collect_merge_keys(found);
        }
        self.items().iter().for_each(|item| item.collect_merge_keys(found));
    }

    /// The place of a part of a scalar's text, given in bytes of that text.
    ///
    /// Escapes, folding and indentation change the text; where the part cannot be found again without doubt, the
    /// place of the whole scalar is given.
    #[must_use]
    pub fn place_within(&self, part: Span) -> Place {
        Place::new(&self.source, self.span_within(part).unwrap_or(self.span))
    }

    fn span_within(&self, part: Span) -> Option<Span> {
        let (text, raw) = (self.text()?, self.source.slice(self.span));
        let wanted = text.get(part.start..part.end)?;
        let offset = match raw.find(text) {
            Some(at) => at + part.start,
            None => only_occurrence(raw, wanted)?,
        };
        let start = self.span.start + offset;
        Some(Span::new(start, start + wanted.len()))
    }
}

fn only_occurrence(raw: &str, wanted: &str) -> Option<usize> {
    let mut found = raw.match_indices(wanted).filter(|(_, part)| !part.is_empty());
    let (at, _) = found.next()?;
    found.next().is_none().then_some(at)
}
