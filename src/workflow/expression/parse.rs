//! Builds the tree: names are checked where they stand, depth and length are limited.

use super::{
    Comparison, Expr, ExprKind, Function, Scope, SyntaxError, SyntaxProblem, Value,
    token::{Token, TokenKind, tokens},
};
use crate::text::Span;

/// Source: actions/runner `ExpressionConstants.cs` (`MaxDepth`, `MaxLength`).
const MAX_DEPTH: usize = 50;
const MAX_LENGTH: usize = 21_000;

/// Reads one expression, without `${{` and `}}`. A blank text is null.
///
/// # Errors
/// The first token that cannot stand where it is, an unknown name, or a limit.
pub fn parse(text: &str, scope: &Scope<'_>) -> Result<Expr, SyntaxError> {
    let whole = Span::new(0, text.len());
    if text.len() > MAX_LENGTH && text.encode_utf16().count() > MAX_LENGTH {
        return Err(SyntaxError { problem: SyntaxProblem::TooLong { limit: MAX_LENGTH }, span: whole });
    }
    let tokens = tokens(text);
    if tokens.is_empty() {
        return Ok(Expr::literal(Value::Null, whole));
    }
    let mut parser = Parser { text, scope, tokens: &tokens, at: 0, nesting: 0 };
    let (expr, _) = parser.or()?;
    match parser.peek() {
        None => Ok(expr),
        Some(_) => Err(parser.unexpected()),
    }
}

struct Parser<'a> {
    text: &'a str,
    scope: &'a Scope<'a>,
    tokens: &'a [Token],
    at: usize,
    nesting: usize,
}

/// An expression and how many levels it has.
type Deep = Result<(Expr, usize), SyntaxError>;

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<&'a Token> {
        let token = self.peek()?;
        self.at += 1;
        Some(token)
    }

    fn next_if(&mut self, kind: &TokenKind) -> bool {
        let found = self.peek().is_some_and(|token| token.kind == *kind);
        self.at += usize::from(found);
        found
    }

    fn written(&self, token: &Token) -> String {
        self.text.get(token.span.start..token.span.end).unwrap_or("").to_owned()
    }

    /// The error at the next token, or at the end.
    fn unexpected(&self) -> SyntaxError {
        let last =
            || self.tokens.last().map(|token| (token, SyntaxProblem::UnexpectedEnd(self.written(token))));
        let found = self.peek().map(|token| (token, SyntaxProblem::UnexpectedSymbol(self.written(token))));
        let (token, problem) = match found.or_else(last) {
            Some((token, problem)) => (token.span, problem),
            None => (Span::default(), SyntaxProblem::Empty),
        };
        SyntaxError { problem, span: token }
    }

    fn expect(&mut self, kind: &TokenKind) -> Result<(), SyntaxError> {
        if self.next_if(kind) { Ok(()) } else { Err(self.unexpected()) }
    }

    fn level(&self, kind: ExprKind, start: usize, below: usize) -> Deep {
        let end =
            self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(start, |token| token.span.end);
        let span = Span::new(start, end.max(start));
        if below >= MAX_DEPTH {
            return Err(SyntaxError { problem: SyntaxProblem::TooDeep { limit: MAX_DEPTH }, span });
        }
        Ok((Expr { kind, span }, below + 1))
    }

    fn or(&mut self) -> Deep {
        self.chain("||", Self::and, ExprKind::Or)
    }

    fn and(&mut self) -> Deep {
        self.chain("&&", Self::equality, ExprKind::And)
    }

    /// A chain of one operator is one level, however long and however grouped.
    fn chain(
        &mut self,
        operator: &'static str,
        below: fn(&mut Self) -> Deep,
        make: fn(Vec<Expr>) -> ExprKind,
    ) -> Deep {
        let start = self.start();
        let first = below(self)?;
        if !self.peek_operator(operator) {
            return Ok(first);
        }
        let mut operands = Vec::new();
        let mut depth = 0;
        flatten(first, operator, &mut operands, &mut depth);
        while self.next_if(&TokenKind::Operator(operator)) {
            flatten(below(self)?, operator, &mut operands, &mut depth);
        }
        self.level(make(operands), start, depth)
    }

    fn start(&self) -> usize {
        self.peek().map_or(self.text.len(), |token| token.span.start)
    }

    fn peek_operator(&self, operator: &'static str) -> bool {
        self.peek().is_some_and(|token| token.kind == TokenKind::Operator(operator))
    }

    fn equality(&mut self) -> Deep {
        self.comparison(&[("==", Comparison::Equal), ("!=", Comparison::NotEqual)], Self::relation)
    }

    fn relation(&mut self) -> Deep {
        let table = [
            ("<=", Comparison::LessOrEqual),
            ("<", Comparison::Less),
            (">=", Comparison::GreaterOrEqual),
            (">", Comparison::Greater),
        ];
        self.comparison(&table, Self::unary)
    }

    fn comparison(&mut self, table: &[(&'static str, Comparison)], below: fn(&mut Self) -> Deep) -> Deep {
        let start = self.start();
        let (mut left, mut depth) = below(self)?;
        while let Some((_, operator)) = table.iter().find(|(text, _)| self.peek_operator(text)) {
            self.at += 1;
            let (right, other) = below(self)?;
            let kind =
                ExprKind::Compare { operator: *operator, left: Box::new(left), right: Box::new(right) };
            (left, depth) = self.level(kind, start, depth.max(other))?;
        }
        Ok((left, depth))
    }

    fn unary(&mut self) -> Deep {
        let start = self.start();
        if !self.next_if(&TokenKind::Operator("!")) {
            return self.postfix();
        }
        let (operand, depth) = self.nested(Self::unary)?;
        self.level(ExprKind::Not(Box::new(operand)), start, depth)
    }

    /// Guards the machine's stack; groups cost no level of their own, so the bound is wider than the language's.
    fn nested(&mut self, read: fn(&mut Self) -> Deep) -> Deep {
        if self.nesting > 4 * MAX_DEPTH {
            let span = Span::new(self.start(), self.start());
            return Err(SyntaxError { problem: SyntaxProblem::TooDeep { limit: MAX_DEPTH }, span });
        }
        self.nesting += 1;
        let read = read(self);
        self.nesting -= 1;
        read
    }

    fn postfix(&mut self) -> Deep {
        let start = self.start();
        let (mut of, mut depth) = self.primary()?;
        loop {
            let (kind, below) = if self.next_if(&TokenKind::Dot) {
                self.property(of)?
            } else if self.next_if(&TokenKind::OpenIndex) {
                self.index(of)?
            } else {
                return Ok((of, depth));
            };
            (of, depth) = self.level(kind, start, depth.max(below))?;
        }
    }

    fn property(&mut self, of: Expr) -> Result<(ExprKind, usize), SyntaxError> {
        let Some(token) = self.peek() else { return Err(self.unexpected()) };
        let kind = if token.kind == TokenKind::Star {
            ExprKind::Filter(Box::new(of))
        } else if token.kind == TokenKind::Property {
            let key = Expr::literal(Value::from(self.written(token)), token.span);
            ExprKind::Index { of: Box::new(of), key: Box::new(key) }
        } else {
            return Err(self.unexpected());
        };
        self.at += 1;
        Ok((kind, 1))
    }

    fn index(&mut self, of: Expr) -> Result<(ExprKind, usize), SyntaxError> {
        let (kind, depth) = if self.next_if(&TokenKind::Star) {
            (ExprKind::Filter(Box::new(of)), 1)
        } else {
            let (key, depth) = self.nested(Self::or)?;
            (ExprKind::Index { of: Box::new(of), key: Box::new(key) }, depth)
        };
        self.expect(&TokenKind::CloseIndex)?;
        Ok((kind, depth))
    }

    fn primary(&mut self) -> Deep {
        let Some(token) = self.peek() else { return Err(self.unexpected()) };
        let literal = |value| ExprKind::Literal(value);
        let kind = match &token.kind {
            TokenKind::Open => return self.group(),
            TokenKind::Function => return self.call(token),
            TokenKind::Null => literal(Value::Null),
            TokenKind::Bool(value) => literal(Value::Bool(*value)),
            TokenKind::Number(value) => literal(Value::Number(*value)),
            TokenKind::Text(value) => literal(Value::from(value.as_str())),
            TokenKind::Name => self.context(token)?,
            TokenKind::Close
            | TokenKind::OpenIndex
            | TokenKind::CloseIndex
            | TokenKind::Comma
            | TokenKind::Dot
            | TokenKind::Star
            | TokenKind::Operator(_)
            | TokenKind::Property
            | TokenKind::Unexpected => return Err(self.unexpected()),
        };
        self.at += 1;
        self.level(kind, token.span.start, 0)
    }

    fn context(&self, token: &Token) -> Result<ExprKind, SyntaxError> {
        let name = self.written(token);
        if self.scope.allows_context(&name) {
            return Ok(ExprKind::Context(name));
        }
        Err(SyntaxError { problem: SyntaxProblem::UnknownContext(name), span: token.span })
    }

    fn group(&mut self) -> Deep {
        self.next();
        let inner = self.nested(Self::or)?;
        self.expect(&TokenKind::Close)?;
        Ok(inner)
    }

    fn call(&mut self, token: &Token) -> Deep {
        let name = self.written(token);
        let Some(function) = Function::named(&name).filter(|function| self.scope.allows_function(*function))
        else {
            return Err(SyntaxError { problem: SyntaxProblem::UnknownFunction(name), span: token.span });
        };
        self.next();
        self.expect(&TokenKind::Open)?;
        let (mut arguments, mut depth) = (Vec::new(), 0);
        if !self.next_if(&TokenKind::Close) {
            loop {
                let (argument, below) = self.nested(Self::or)?;
                arguments.push(argument);
                depth = depth.max(below);
                if !self.next_if(&TokenKind::Comma) {
                    break;
                }
            }
            self.expect(&TokenKind::Close)?;
        }
        let problem = function.arity_problem(arguments.len());
        problem.map_or(Ok(()), |problem| Err(SyntaxError { problem, span: token.span }))?;
        self.level(ExprKind::Call { function, arguments }, token.span.start, depth)
    }
}

fn flatten((expr, levels): (Expr, usize), operator: &str, operands: &mut Vec<Expr>, depth: &mut usize) {
    let (inner, below) = match expr {
        Expr { kind: ExprKind::Or(inner), .. } if operator == "||" => (inner, levels.saturating_sub(1)),
        Expr { kind: ExprKind::And(inner), .. } if operator == "&&" => (inner, levels.saturating_sub(1)),
        other => (vec![other], levels),
    };
    operands.extend(inner);
    *depth = (*depth).max(below);
}
