//! Why a file could not be read as YAML.

use crate::text::Place;

/// The first thing that is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
pub struct Error {
    /// What is wrong.
    pub problem: Problem,
    /// Where.
    pub place: Place,
    /// The other place that belongs to it: the first of two equal keys.
    pub related: Option<Place>,
}

/// What can be wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// It is not YAML; the parser's words.
    #[error("not valid YAML: {0}")]
    Syntax(String),
    /// A comment directly behind something else.
    #[error("put a blank before the `#` of this comment")]
    CommentTooClose,
    /// A line of a quoted text that begins too far left.
    #[error("indent this line of the quoted text further than the key or dash that it belongs to")]
    QuotedLine,
    /// More characters than allowed.
    #[error("the file has more than {limit} characters")]
    TooLong {
        /// Characters allowed.
        limit: usize,
    },
    /// Collections contain each other too deeply.
    #[error("the file nests more than {limit} levels deep")]
    TooDeep {
        /// Levels allowed.
        limit: usize,
    },
    /// Too many nodes, counted after aliases are replayed.
    #[error("the file has more than {limit} nodes once aliases are replayed")]
    TooManyNodes {
        /// Nodes allowed.
        limit: usize,
    },
    /// Too much text, counted after aliases are replayed.
    #[error("the file has more than {limit} bytes of text once aliases are replayed")]
    TooMuchText {
        /// Bytes allowed.
        limit: usize,
    },
    /// An alias without an anchor before it.
    #[error("no anchor `&{name}` stands before this alias")]
    UnknownAnchor {
        /// The name after `*`.
        name: String,
    },
    /// An alias inside the node that its anchor names.
    #[error("this alias lies inside the node that it stands for")]
    AliasInsideItself,
    /// Two keys of one mapping are the same.
    #[error("`{key}` is already defined")]
    DuplicateKey {
        /// The second key as written.
        key: String,
    },
    /// A sequence or mapping used as a key.
    #[error("a key must be a scalar")]
    KeyNotScalar,
    /// A second document after `---`.
    #[error("only one document is read, a second one starts here")]
    SecondDocument,
    /// A tag that is not one of the five scalar tags.
    #[error("unexpected tag `{tag}`")]
    UnknownTag {
        /// The tag, resolved.
        tag: String,
    },
    /// A quoted or block scalar with a tag that wants a plain one.
    #[error("a quoted or block scalar cannot have the tag `!!{tag}`")]
    StyleForTag {
        /// The tag's short name.
        tag: &'static str,
    },
    /// Text that the tag does not allow.
    #[error("`{text}` is not valid for the tag `!!{tag}`")]
    ValueForTag {
        /// The tag's short name.
        tag: &'static str,
        /// The scalar's text.
        text: String,
    },
}
