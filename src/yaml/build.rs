//! Builds the tree from events: replays aliases, refuses equal keys, keeps the limits.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use super::{
    Comment, Document, Entry, Error, Kind, Node, Options, Problem, Scalar, Style, Tag,
    event::{Event, Events, Properties},
    loose::Loose,
};
use crate::text::{Place, Source, Span};

const CORE: &str = "tag:yaml.org,2002:";

/// Reads the only document of `source`.
pub(super) fn document(source: &Arc<Source>, options: &Options) -> Result<Document, Error> {
    let mut loose = Loose::new(source.text());
    loop {
        let builder = Builder {
            source,
            options,
            open: Vec::new(),
            anchors: HashMap::new(),
            total: Weight::default(),
            root: None,
            comments: Vec::new(),
        };
        match builder.run(&loose) {
            Err(error) if options.loose_blanks && loose.takes(&error.problem, error.place.span.start) => {}
            read => return read,
        }
    }
}

/// How much a node costs once aliases are replayed.
#[derive(Clone, Copy, Default)]
struct Weight {
    nodes: usize,
    text: usize,
    height: usize,
}

struct Builder<'a> {
    source: &'a Arc<Source>,
    options: &'a Options,
    open: Vec<Open>,
    /// Complete anchored nodes; an anchor whose node is still open is missing.
    anchors: HashMap<usize, (Node, Weight)>,
    total: Weight,
    root: Option<Node>,
    comments: Vec<Comment>,
}

/// A collection whose end has not been seen.
struct Open {
    start: Span,
    flow: bool,
    anchor: Option<usize>,
    weight: Weight,
    content: Content,
}

enum Content {
    Items(Vec<Node>),
    Entries { entries: Vec<Entry>, seen: BTreeMap<String, Span>, key: Option<Node> },
}

type Done<T> = Result<T, Error>;

impl Builder<'_> {
    fn run(mut self, loose: &Loose<'_>) -> Done<Document> {
        let text = self.source.text();
        let limit = self.options.max_characters;
        if text.len() > limit && text.chars().count() > limit {
            return Err(self.error(Problem::TooLong { limit }, Span::default()));
        }
        let mut documents = 0;
        let filled = loose.filled();
        for event in Events::new(&filled, self.options) {
            let (event, span) = event.map_err(|(problem, span)| self.error(problem, loose.original(span)))?;
            let (event, span) = (event.with_tag_at(|tag| loose.original(tag)), loose.original(span));
            if matches!(event, Event::Document) {
                documents += 1;
            }
            if documents > 1 {
                return Err(self.error(Problem::SecondDocument, span));
            }
            self.take(event, span)?;
        }
        let root = self.root.take().unwrap_or_else(|| self.empty());
        Ok(Document { root, comments: self.comments })
    }

    fn take(&mut self, event: Event, span: Span) -> Done<()> {
        match event {
            Event::Document => Ok(()),
            Event::Comment(text) => {
                self.comments.push(Comment { text, place: Place::new(self.source, span) });
                Ok(())
            }
            Event::Scalar { text, style, node } => self.scalar(&text, style, &node, span),
            Event::Sequence { flow, node } => self.begin(Content::Items(Vec::new()), flow, &node, span),
            Event::Mapping { flow, node } => self.begin(Content::entries(), flow, &node, span),
            Event::End => self.end(span),
            Event::Alias(anchor) => self.replay(anchor, span),
            Event::UnknownAlias(name) => Err(self.error(Problem::UnknownAnchor { name }, span)),
        }
    }

    fn scalar(&mut self, text: &str, style: Style, node: &Properties, span: Span) -> Done<()> {
        let tag = self.tag(node)?;
        let scalar = Scalar { text: text.into(), style, tag };
        if let Some(tag) = tag.filter(|tag| *tag != Tag::Str) {
            let start = node.tag.as_ref().map_or(span.start, |(_, at)| at.start.min(span.start));
            let problem = match style {
                Style::Plain if scalar.fits(tag) => None,
                Style::Plain => Some(Problem::ValueForTag { tag: tag.name(), text: text.to_owned() }),
                Style::SingleQuoted | Style::DoubleQuoted | Style::Literal | Style::Folded => {
                    Some(Problem::StyleForTag { tag: tag.name() })
                }
            };
            if let Some(problem) = problem {
                return Err(self.error(problem, Span::new(start, span.end.max(start))));
            }
        }
        let weight = Weight { nodes: 1, text: text.len(), height: 0 };
        let scalar = self.node(Kind::Scalar(scalar), span);
        self.complete(scalar, weight, node.anchor, span)
    }

    /// The tag of a scalar; a collection may only be tagged as what it is.
    fn tag(&self, node: &Properties) -> Done<Option<Tag>> {
        let Some((tag, span)) = &node.tag else { return Ok(None) };
        match tag.strip_prefix(CORE).unwrap_or(if tag == "!" { "str" } else { "" }) {
            "str" => Ok(Some(Tag::Str)),
            "bool" => Ok(Some(Tag::Bool)),
            "int" => Ok(Some(Tag::Int)),
            "float" => Ok(Some(Tag::Float)),
            "null" => Ok(Some(Tag::Null)),
            _ => Err(self.error(Problem::UnknownTag { tag: tag.clone() }, *span)),
        }
    }

    fn begin(&mut self, content: Content, flow: bool, node: &Properties, start: Span) -> Done<()> {
        let odd =
            node.tag.as_ref().filter(|(tag, _)| tag != "!" && tag.strip_prefix(CORE) != Some(content.tag()));
        if let Some((tag, span)) = odd {
            return Err(self.error(Problem::UnknownTag { tag: tag.clone() }, *span));
        }
        self.check_depth(1, start)?;
        let weight = Weight { nodes: 1, text: 0, height: 1 };
        self.open.push(Open { start, flow, anchor: node.anchor, weight, content });
        self.spend(weight, start)
    }

    fn end(&mut self, end: Span) -> Done<()> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let last = if open.flow { end.end } else { open.content.last_end().unwrap_or(open.start.end) };
        let span = Span::new(open.start.start, last.max(open.start.start));
        let kind = match open.content {
            Content::Items(items) => Kind::Sequence(items.into()),
            Content::Entries { entries, .. } => Kind::Mapping(entries.into()),
        };
        let node = self.node(kind, span);
        self.anchor(open.anchor, &node, open.weight);
        self.attach(node, open.weight, span)
    }

    fn replay(&mut self, anchor: usize, span: Span) -> Done<()> {
        let Some((node, weight)) = self.anchors.get(&anchor).cloned() else {
            return Err(self.error(Problem::AliasInsideItself, span));
        };
        self.check_depth(weight.height, span)?;
        self.spend(weight, span)?;
        self.attach(Node { alias: Some(span), ..node }, weight, span)
    }

    fn complete(&mut self, node: Node, weight: Weight, anchor: Option<usize>, span: Span) -> Done<()> {
        self.spend(weight, span)?;
        self.anchor(anchor, &node, weight);
        self.attach(node, weight, span)
    }

    fn anchor(&mut self, anchor: Option<usize>, node: &Node, weight: Weight) {
        if let Some(anchor) = anchor {
            self.anchors.insert(anchor, (node.clone(), weight));
        }
    }

    fn check_depth(&self, height: usize, span: Span) -> Done<()> {
        let limit = self.options.max_depth;
        let problem = (self.open.len() + height > limit).then_some(Problem::TooDeep { limit });
        problem.map_or(Ok(()), |problem| Err(self.error(problem, span)))
    }

    fn spend(&mut self, weight: Weight, span: Span) -> Done<()> {
        self.total.nodes += weight.nodes;
        self.total.text += weight.text;
        let (nodes, text) = (self.options.max_nodes, self.options.max_text);
        if self.total.nodes > nodes {
            return Err(self.error(Problem::TooManyNodes { limit: nodes }, span));
        }
        if self.total.text > text {
            return Err(self.error(Problem::TooMuchText { limit: text }, span));
        }
        Ok(())
    }

    /// Puts a complete node where it belongs: the top, the open sequence, or the open mapping as key or value.
    fn attach(&mut self, node: Node, weight: Weight, used: Span) -> Done<()> {
        let ignore_case = self.options.keys_ignore_case;
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        open.weight.add(weight);
        let refused = match &mut open.content {
            Content::Items(items) => {
                items.push(node);
                None
            }
            Content::Entries { entries, seen, key } => match key.take() {
                Some(key) => {
                    entries.push(Entry { key, value: node });
                    None
                }
                None => {
                    let refused = refuse_key(&node, seen, used, ignore_case);
                    *key = Some(node);
                    refused
                }
            },
        };
        let Some((problem, first)) = refused else { return Ok(()) };
        let related = first.map(|span| Place::new(self.source, span));
        Err(Error { related, ..self.error(problem, used) })
    }

    fn node(&self, kind: Kind, span: Span) -> Node {
        Node { kind, span, alias: None, source: Arc::clone(self.source) }
    }

    fn empty(&self) -> Node {
        self.node(Kind::Scalar(Scalar { text: "".into(), style: Style::Plain, tag: None }), Span::default())
    }

    fn error(&self, problem: Problem, span: Span) -> Error {
        Error { problem, place: Place::new(self.source, span), related: None }
    }
}

impl Weight {
    fn add(&mut self, child: Self) {
        self.nodes += child.nodes;
        self.text += child.text;
        self.height = self.height.max(child.height + 1);
    }
}

impl Content {
    const fn entries() -> Self {
        Self::Entries { entries: Vec::new(), seen: BTreeMap::new(), key: None }
    }

    const fn tag(&self) -> &'static str {
        match self {
            Self::Items(_) => "seq",
            Self::Entries { .. } => "map",
        }
    }

    fn last_end(&self) -> Option<usize> {
        let node = match self {
            Self::Items(items) => items.last()?,
            Self::Entries { entries, .. } => &entries.last()?.value,
        };
        Some(node.alias.unwrap_or(node.span).end)
    }
}

/// Why `key` may not stand in this mapping, with the place of the key it repeats.
fn refuse_key(
    key: &Node,
    seen: &mut BTreeMap<String, Span>,
    used: Span,
    ignore_case: bool,
) -> Option<(Problem, Option<Span>)> {
    let Some(text) = key.text() else { return Some((Problem::KeyNotScalar, None)) };
    let name = if ignore_case { text.to_uppercase() } else { text.to_owned() };
    let first = seen.insert(name, used)?;
    Some((Problem::DuplicateKey { key: text.to_owned() }, Some(first)))
}
