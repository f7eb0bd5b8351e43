//! The parts of a PowerShell script, as far as they matter for following values.

use crate::text::Span;

/// Statements in order.
pub(super) type Block = Vec<Statement>;

/// A statement.
#[derive(Clone, Debug)]
pub(super) enum Statement {
    Assign {
        name: String,
        key: Option<String>,
        appends: bool,
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
    /// An arm for each value that it may have; the arm without one is `default`.
    Switch {
        value: Pipeline,
        arms: Vec<(Option<Expression>, Block)>,
    },
    /// Blocks of which it is not known whether they run, or how often.
    Perhaps(Vec<Block>),
    /// Blocks that run one after the other.
    Always(Vec<Block>),
    Function {
        name: String,
        body: Block,
    },
    Parameters(Vec<(String, Option<Expression>)>),
    Return(Option<Pipeline>),
    Exit,
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
    Array(Vec<Self>),
    Table(Vec<(String, Self)>),
    Pipeline(Box<Pipeline>),
    /// The statements of `$(...)` and `@(...)`.
    Statements(Block),
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
