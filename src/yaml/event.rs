//! The only file that knows the parser crate: its events, turned into ours.

use granit_parser::{
    ErrorKind, Event as Foreign, Parser, ScalarStyle, ScanError, StrInput, Tag as ForeignTag,
};

use super::{Options, Problem, Style};
use crate::text::Span;

/// What the tree is built from.
pub(super) enum Event {
    /// A document begins.
    Document,
    /// A scalar.
    Scalar { text: Box<str>, style: Style, node: Properties },
    /// A sequence begins.
    Sequence { flow: bool, node: Properties },
    /// A mapping begins.
    Mapping { flow: bool, node: Properties },
    /// The innermost collection ends.
    End,
    /// A copy of the node with this anchor.
    Alias(usize),
    /// An alias that names no anchor.
    UnknownAlias(String),
    /// A comment.
    Comment(Box<str>),
}

impl Event {
    /// The same event with its tag elsewhere.
    pub(super) fn with_tag_at(mut self, place: impl Fn(Span) -> Span) -> Self {
        if let Self::Scalar { node, .. } | Self::Sequence { node, .. } | Self::Mapping { node, .. } =
            &mut self
            && let Some((_, span)) = &mut node.tag
        {
            *span = place(*span);
        }
        self
    }
}

/// What may stand before a node.
pub(super) struct Properties {
    /// The anchor's number, from 1 in each file.
    pub(super) anchor: Option<usize>,
    /// The resolved tag, and where it was written.
    pub(super) tag: Option<(String, Span)>,
}

/// The events of one text.
pub(super) struct Events<'a> {
    parser: Parser<'a, StrInput<'a>>,
    source: &'a str,
}

impl<'a> Events<'a> {
    pub(super) fn new(text: &'a str, options: &Options) -> Self {
        let options = granit_parser::options! {
            emit_unresolved_aliases: true,
            // The file's length bounds them; a long block of comments is not an error.
            max_buffered_comment_events: options.max_characters,
        };
        Self { parser: Parser::new_from_str_with_options(text, options), source: text }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the crate's enum may grow; other events carry no node"
    )]
    fn translate(&self, event: Foreign<'a>, at: granit_parser::Span) -> Option<(Event, Span)> {
        let event = match event {
            Foreign::DocumentStart(..) => Event::Document,
            Foreign::Scalar(text, style, anchor, tag) => {
                // The crate writes `~` where nothing is written.
                let nothing = style == ScalarStyle::Plain && span(at).start == span(at).end;
                let text = if nothing {
                    "".into()
                } else {
                    self.without_invented_break(&text, style, span(at).end).into()
                };
                Event::Scalar { text, style: ours(style), node: properties(anchor, tag.as_deref(), at) }
            }
            Foreign::SequenceStart(style, anchor, tag) => {
                Event::Sequence { flow: flow(style), node: properties(anchor, tag.as_deref(), at) }
            }
            Foreign::MappingStart(style, anchor, tag) => {
                Event::Mapping { flow: flow(style), node: properties(anchor, tag.as_deref(), at) }
            }
            Foreign::SequenceEnd | Foreign::MappingEnd => Event::End,
            Foreign::Alias(anchor) => Event::Alias(anchor),
            Foreign::UnresolvedAlias(name) => Event::UnknownAlias(name.into_owned()),
            Foreign::Comment(text, _) => Event::Comment(text.into()),
            _ => return None,
        };
        Some((event, span(at)))
    }

    /// The crate ends a block scalar with a line break even where the file ends without one.
    fn without_invented_break<'t>(&self, text: &'t str, style: ScalarStyle, end: usize) -> &'t str {
        let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let cut = block && end == self.source.len() && !self.source.ends_with(['\n', '\r']);
        if cut { text.strip_suffix('\n').unwrap_or(text) } else { text }
    }

    fn failure(&self, error: &ScanError) -> (Problem, Span) {
        let at = error.marker().byte_offset().unwrap_or(self.source.len()).min(self.source.len());
        let kind = error.kind();
        let problem = if *kind == ErrorKind::CommentNotSeparated {
            Problem::CommentTooClose
        } else if *kind == ErrorKind::InvalidQuotedScalarIndent {
            Problem::QuotedLine
        } else {
            Problem::Syntax(kind.to_string())
        };
        (problem, Span::new(at, at))
    }
}

impl Iterator for Events<'_> {
    type Item = Result<(Event, Span), (Problem, Span)>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.parser.next_event()? {
                Err(error) => return Some(Err(self.failure(&error))),
                Ok((event, at)) => {
                    if let Some(event) = self.translate(event, at) {
                        return Some(Ok(event));
                    }
                }
            }
        }
    }
}

const fn ours(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::Plain => Style::Plain,
        ScalarStyle::SingleQuoted => Style::SingleQuoted,
        ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
        ScalarStyle::Literal => Style::Literal,
        ScalarStyle::Folded => Style::Folded,
    }
}

fn flow(style: granit_parser::StructureStyle) -> bool {
    style == granit_parser::StructureStyle::Flow
}

fn properties(anchor: usize, tag: Option<&ForeignTag>, at: granit_parser::Span) -> Properties {
    let tag = tag.map(|tag| {
        let (handle, suffix) = tag.parts();
        (format!("{handle}{suffix}"), at.tag_span().map_or_else(|| span(at), span))
    });
    Properties { anchor: (anchor != 0).then_some(anchor), tag }
}

fn span(at: granit_parser::Span) -> Span {
    let start = at.start.byte_offset().unwrap_or(0);
    Span::new(start, at.end.byte_offset().unwrap_or(start).max(start))
}
