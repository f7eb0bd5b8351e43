//! The parts of a PowerShell script, as far as they matter for following values.

use crate::text::Span;

/// Statements in order.
pub(super) type Block = Vec<Statement>;

/// A statement.
#[derive(Clone, Debug)]
pub(super) enum Statement {
    /// `$a = ...`, `$a.b += ...`, `$a, $b = ...`; the operator is what stands before the sign.
    Assign {
        targets: Vec<Target>,
        operator: Option<String>,
        value: Pipeline,
    },
    Pipeline(Pipeline),
    If {
        arms: Vec<(Pipeline, Block)>,
        otherwise: Block,
    },
    ForEach {
        name: String,
        items: Pipeline,
        body: Block,
    },
    Switch(Switch),
    Loop(Box<Loop>),
    /// Blocks that run one after the other.
    Always(Vec<Block>),
    Function {
        name: String,
        body: Block,
    },
    Parameters(Vec<(String, Option<Expression>)>),
    Return(Option<Pipeline>),
    Break,
    Continue,
    Exit,
}

/// An arm for each value that it may have; the arm without one is `default`.
#[derive(Clone, Debug)]
pub(super) struct Switch {
    pub(super) value: Pipeline,
    /// How a value is compared with that of an arm; nothing where that is not followed.
    pub(super) operator: &'static str,
    pub(super) arms: Vec<(Option<Expression>, Block)>,
}

/// `while`, `do` and `for`.
#[derive(Clone, Debug)]
pub(super) struct Loop {
    pub(super) first: Block,
    /// None where there is none: `for (;;)`.
    pub(super) condition: Pipeline,
    /// What the condition is while the loop goes on.
    pub(super) holds: bool,
    /// Whether the body runs before the condition is asked.
    pub(super) is_asked_last: bool,
    pub(super) step: Block,
    pub(super) body: Block,
}

/// A variable, or what a path of keys leads to in it.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) name: String,
    pub(super) path: Vec<Expression>,
    /// Whether the variable is that of the script: `$script:name`.
    pub(super) is_shared: bool,
    /// The type before it, in lower case.
    pub(super) kind: String,
}

/// Stages joined by `|`.
pub(super) type Pipeline = Vec<Stage>;

/// One stage.
#[derive(Clone, Debug)]
pub(super) enum Stage {
    Expression(Expression),
    Command { words: Vec<Argument>, span: Span },
}

/// A word of a command.
#[derive(Clone, Debug)]
pub(super) enum Argument {
    /// `-Name` or `-Name:value`; the value behind a blank is the next word.
    Parameter {
        name: String,
        value: Option<Expression>,
    },
    Value(Expression),
    /// `@name`.
    Splat {
        name: String,
        text: Expression,
    },
    /// `> file`.
    Redirect(Expression),
}

/// An expression.
#[derive(Clone, Debug)]
pub(super) enum Expression {
    /// Pieces that are put together as one text.
    Text(Vec<Piece>, Span),
    Variable(String, Span),
    Number(i64),
    Array(Vec<Self>),
    Table(Vec<(Self, Self)>),
    Pipeline(Box<Pipeline>),
    /// The statements of `$(...)`.
    Statements(Block),
    /// The statements of `@(...)`: a list, whatever they give.
    Listed(Block),
    Member {
        object: Box<Self>,
        name: String,
        arguments: Option<Vec<Self>>,
        span: Span,
    },
    Index {
        object: Box<Self>,
        key: Box<Self>,
        span: Span,
    },
    Binary {
        operator: String,
        left: Box<Self>,
        right: Box<Self>,
        span: Span,
    },
    Not(Box<Self>),
    /// `condition ? yes : no`.
    Choice {
        condition: Box<Self>,
        yes: Box<Self>,
        no: Box<Self>,
    },
    /// `$name++`; what it gives is the number before it.
    Count {
        name: String,
        by: i64,
        span: Span,
    },
    /// `[kind]value`.
    Cast {
        kind: String,
        value: Box<Self>,
        span: Span,
    },
    /// `[kind]::name(...)`.
    Static {
        kind: String,
        name: String,
        arguments: Vec<Self>,
        span: Span,
    },
    Block(Block),
    /// Something that is not followed.
    Opaque(Span),
}

/// A piece of a text.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    Plain(String, Span),
    Expression(Expression),
}
