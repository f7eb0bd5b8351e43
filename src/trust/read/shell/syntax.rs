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
        /// What the condition is while the loop goes on.
        holds: bool,
        body: List,
        /// What happens behind each round: `for ((...; ...; step))`.
        step: List,
    },
    Case {
        word: Word,
        arms: Vec<Arm>,
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
    /// `((...))`.
    Arithmetic {
        word: Word,
        span: Span,
    },
}

/// An arm of `case`.
#[derive(Clone, Debug, Default)]
pub(super) struct Arm {
    pub(super) patterns: Vec<Word>,
    pub(super) body: List,
    pub(super) end: End,
}

/// What happens behind an arm of `case`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum End {
    /// `;;`
    #[default]
    Leave,
    /// `;&`: the next body runs too.
    Fall,
    /// `;;&`: the next patterns are tried too.
    Test,
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
    /// `$((...))`.
    Arithmetic {
        word: Word,
        span: Span,
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
    /// `[@]`.
    All,
    /// `[*]`.
    Star,
    At(Word),
    /// `!name[@]`.
    Keys,
}

/// What is done to a variable's value.
#[derive(Clone, Debug, Default)]
pub(super) enum Operation {
    #[default]
    None,
    /// `:-`, `-`, `:=`, `=`; `or_empty` with the colon.
    Default { word: Word, assigns: bool, or_empty: bool },
    /// `:+`, `+`.
    Alternative { word: Word, or_empty: bool },
    /// `:?`, `?`.
    Required,
    /// `#`, `##`, `%`, `%%`.
    Trim { pattern: Word, from_end: bool, longest: bool },
    /// `/`, `//`.
    Replace { pattern: Word, with: Word, all: bool },
    /// `,`, `,,`, `^` and `^^`.
    Recase { upper: bool, all: bool },
    /// `${#name}`.
    Length,
    /// `:from:length`.
    Slice { from: Word, length: Option<Word> },
    /// `${!name}`.
    Indirect,
    /// Whatever else there is.
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
