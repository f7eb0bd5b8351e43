//! The syntax tree.

use super::{Function, Value};
use crate::text::Span;

/// An expression and the part of the text it was read from.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it was written, in bytes of the text that was read.
    pub span: Span,
}

/// The kinds of expression.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// A constant.
    Literal(Value),
    /// A context such as `github`, as written.
    Context(String),
    /// `of.key` or `of[key]`.
    Index {
        /// The collection.
        of: Box<Expr>,
        /// The key; a text literal for `of.key`.
        key: Box<Expr>,
    },
    /// `of.*` or `of[*]`.
    Filter(Box<Expr>),
    /// `!operand`
    Not(Box<Expr>),
    /// `left == right` and its like.
    Compare {
        /// Which comparison.
        operator: Comparison,
        /// The left side.
        left: Box<Expr>,
        /// The right side.
        right: Box<Expr>,
    },
    /// `a && b && ...`: the first operand that is not truthy, else the last.
    And(Vec<Expr>),
    /// `a || b || ...`: the first operand that is truthy, else the last.
    Or(Vec<Expr>),
    /// A function call.
    Call {
        /// Which function.
        function: Function,
        /// What it is given.
        arguments: Vec<Expr>,
    },
}

/// The comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Expr {
    /// A constant written at `span`.
    #[must_use]
    pub const fn literal(value: Value, span: Span) -> Self {
        Self { kind: ExprKind::Literal(value), span }
    }

    /// The parts one level below.
    #[must_use]
    pub fn children(&self) -> Vec<&Self> {
        match &self.kind {
            ExprKind::Literal(_) | ExprKind::Context(_) => Vec::new(),
            ExprKind::Index { of, key } => vec![of, key],
            ExprKind::Filter(of) | ExprKind::Not(of) => vec![of],
            ExprKind::Compare { left, right, .. } => vec![left, right],
            ExprKind::And(operands) | ExprKind::Or(operands) => operands.iter().collect(),
            ExprKind::Call { arguments, .. } => arguments.iter().collect(),
        }
    }

    /// Whether `wanted` holds here or anywhere below.
    pub fn any(&self, wanted: &impl Fn(&Self) -> bool) -> bool {
        wanted(self) || self.children().into_iter().any(|child| child.any(wanted))
    }

    /// Whether a status function is called anywhere in it.
    #[must_use]
    pub fn has_status_function(&self) -> bool {
        self.any(&|part| matches!(&part.kind, ExprKind::Call { function, .. } if function.is_status()))
    }

    /// The dotted path such as `github.event.action`, if it is a context with literal text keys only.
    #[must_use]
    pub fn path(&self) -> Option<Vec<&str>> {
        if let ExprKind::Context(name) = &self.kind {
            return Some(vec![name]);
        }
        let ExprKind::Index { of, key } = &self.kind else { return None };
        let ExprKind::Literal(Value::String(name)) = &key.kind else { return None };
        let mut path = of.path()?;
        path.push(name);
        Some(path)
    }

    /// Every path that is read somewhere in it, longest form, in the order of the text.
    #[must_use]
    pub fn paths(&self) -> Vec<Vec<&str>> {
        self.path()
            .map_or_else(|| self.children().into_iter().flat_map(Self::paths).collect(), |path| vec![path])
    }
}
