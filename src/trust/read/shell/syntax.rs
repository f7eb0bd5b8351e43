//! The parts of a shell script, as far as they matter for following values.

use crate::text::Span;

/// Commands in order.
pub(super) type List = Vec<Node>;

/// A command.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Simple(Simple),
    Pipeline(Vec<Self>),
    /// `first && second || third`, as long as it is.
    Chain {
        first: Box<Self>,
        rest: Vec<Link>,
    },
    If {
        arms: Vec<(List, List)>,
        otherwise: List,
    },
    For {
        name: String,
        items: Option<Vec<Word>>,
        body: List,
    },
    Loop {
        condition: List,
        body: List,
        redirects: Vec<Redirect>,
    },
    Case {
        word: Word,
        arms: Vec<(Vec<Word>, List)>,
    },
    Group {
        body: List,
        redirects: Vec<Redirect>,
    },
    Subshell {
        body: List,
        redirects: Vec<Redirect>,
    },
    Function {
        name: String,
        body: List,
    },
    Not(Box<Self>),
}

/// A command that runs if the one before it has succeeded, or failed.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) if_failed: bool,
    pub(super) node: Node,
}

/// Assignments, words and redirects.
#[derive(Clone, Debug, Default)]
pub(super) struct Simple {
    pub(super) assignments: Vec<Assignment>,
    pub(super) words: Vec<Word>,
    pub(super) redirects: Vec<Redirect>,
    pub(super) span: Span,
}

/// `name=value`, `name+=value`, `name[key]=value` or `name=(...)`.
#[derive(Clone, Debug)]
pub(super) struct Assignment {
    pub(super) name: String,
    pub(super) key: Option<Word>,
    pub(super) appends: bool,
    pub(super) value: Assigned,
}

/// What is assigned.
#[derive(Clone, Debug)]
pub(super) enum Assigned {
    Word(Word),
    /// Elements, each with its key where one is written.
    Array(Vec<(Option<Word>, Word)>),
}

/// A redirect that matters: standard input and output.
#[derive(Clone, Debug)]
pub(super) enum Redirect {
    /// `> file` or `>> file`.
    Out { file: Word, appends: bool },
    /// `>&2`: to where nobody takes it.
    Away,
    /// `< file`.
    In(Word),
    /// `<<< word`.
    Text(Word),
    /// `<< END`; the number is that of the body.
    Here(usize),
}

/// A word: pieces that stand together.
#[derive(Clone, Debug, Default)]
pub(super) struct Word {
    pub(super) parts: Vec<Part>,
    pub(super) span: Span,
}

/// A piece of a word.
#[derive(Clone, Debug)]
pub(super) enum Part {
    Text {
        text: String,
        span: Span,
        quoted: bool,
    },
    Expansion {
        expansion: Box<Expansion>,
        span: Span,
        quoted: bool,
    },
    Command {
        body: List,
        span: Span,
        quoted: bool,
    },
    /// `<(...)`: the path of a file that holds the output.
    File {
        body: List,
        span: Span,
    },
    /// Something that is not followed, such as arithmetic.
    Opaque {
        span: Span,
        what: &'static str,
    },
}

/// `$name` or `${name...}`.
#[derive(Clone, Debug, Default)]
pub(super) struct Expansion {
    pub(super) name: String,
    pub(super) index: Index,
    pub(super) operation: Operation,
}

/// `[...]` behind a name.
#[derive(Clone, Debug, Default)]
pub(super) enum Index {
    #[default]
    None,
    /// `[@]` or `[*]`.
    All,
    At(Word),
    /// `!name[@]`.
    Keys,
}

/// What is done to a variable's value.
#[derive(Clone, Debug, Default)]
pub(super) enum Operation {
    #[default]
    None,
    /// `:-`, `-`, `:=`, `=`.
    Default {
        word: Word,
        assigns: bool,
    },
    /// `:+`, `+`.
    Alternative(Word),
    /// `:?`, `?`.
    Required,
    /// `#`, `##`, `%`, `%%`.
    Trim {
        pattern: Word,
        from_end: bool,
        longest: bool,
    },
    /// `/`, `//`.
    Replace {
        pattern: Word,
        with: Word,
        all: bool,
    },
    /// `,,` and `^^`.
    Lower,
    Upper,
    /// Length, indirection, slices and whatever else there is.
    Other(&'static str),
}

/// A script: its commands, the bodies of its here-documents, and the commands that create credentials.
#[derive(Clone, Debug, Default)]
pub(super) struct Script {
    pub(super) list: List,
    pub(super) documents: Vec<Word>,
    /// Where the parser met something that it could not place.
    pub(super) strays: Vec<Span>,
    /// Where the script is nested more deeply than is followed; what stands behind is not read.
    pub(super) too_deep: Option<Span>,
}
