//! Parses a flexible expression: `claims['name'] operator 'comparand'`, joined by `and`.
//!
//! Source: <https://learn.microsoft.com/entra/workload-id/workload-identities-flexible-federated-identity-credentials>.
//! There is no `or`, no `not` and no parenthesis.
//! Assumed: any blanks may stand between the words; all published examples have single spaces.

use std::vec::IntoIter;

use thiserror::Error;

use super::{
    expression::{Clause, Comparand, Operator},
    lexer::{Token, tokens},
};
use crate::text::Span;

/// Why a text is no flexible expression. Spans count bytes inside the text.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ExpressionError {
    /// Nothing but blanks.
    #[error("the expression is empty")]
    Empty,
    /// Something else stands where a part was expected.
    #[error("expected {expected}, found `{found}`")]
    Unexpected {
        /// What should stand there.
        expected: &'static str,
        /// What stands there.
        found: String,
        /// Where.
        span: Span,
    },
    /// The text ends too early.
    #[error("expected {expected}, found the end")]
    Ended {
        /// What should stand there.
        expected: &'static str,
        /// The end of the text.
        span: Span,
    },
    /// A quote without its end.
    #[error("the quote is never closed")]
    Unclosed {
        /// From the quote to the end.
        span: Span,
    },
    /// A word where an operator was expected.
    #[error("`{word}` is no operator; there are `eq` and `matches`")]
    UnknownOperator {
        /// The word.
        word: String,
        /// Where.
        span: Span,
    },
}

impl ExpressionError {
    /// Where the parser stopped, inside the expression's text.
    #[must_use]
    pub const fn span(&self) -> Span {
        match self {
            Self::Empty => Span::new(0, 0),
            Self::Unexpected { span, .. }
            | Self::Ended { span, .. }
            | Self::Unclosed { span }
            | Self::UnknownOperator { span, .. } => *span,
        }
    }
}

/// Parses the clauses of `text`.
pub(super) fn clauses(text: &str) -> Result<Vec<Clause>, ExpressionError> {
    let mut parser = Parser { text, tokens: tokens(text).into_iter() };
    if parser.tokens.len() == 0 {
        return Err(ExpressionError::Empty);
    }
    let mut found = vec![parser.clause()?];
    while parser.tokens.len() > 0 {
        parser.word("and", "`and` or the end")?;
        found.push(parser.clause()?);
    }
    Ok(found)
}

struct Parser<'a> {
    text: &'a str,
    tokens: IntoIter<(Token, Span)>,
}

impl<'a> Parser<'a> {
    fn clause(&mut self) -> Result<Clause, ExpressionError> {
        let start = self.word("claims", "`claims['...']`")?;
        self.exactly(&Token::Open, "`[`")?;
        let claim = self.quoted("the claim's name in single quotes")?;
        self.exactly(&Token::Close, "`]`")?;
        let (operator, operator_span) = self.operator()?;
        let comparand = self.quoted("a text in single quotes")?;
        Ok(Clause {
            claim: claim.text,
            claim_span: claim.span,
            operator,
            operator_span,
            span: Span::new(start.start, comparand.span.end + 1),
            comparand,
        })
    }

    fn operator(&mut self) -> Result<(Operator, Span), ExpressionError> {
        let (token, span) = self.next("`eq` or `matches`")?;
        let word = self.slice(span);
        if token != Token::Word {
            return Err(self.unexpected("`eq` or `matches`", span));
        }
        Operator::ALL
            .into_iter()
            .find(|operator| operator.as_str() == word)
            .map(|operator| (operator, span))
            .ok_or_else(|| ExpressionError::UnknownOperator { word: word.to_owned(), span })
    }

    fn quoted(&mut self, expected: &'static str) -> Result<Comparand, ExpressionError> {
        match self.next(expected)? {
            (Token::Quoted { text, doubled }, span) => {
                Ok(Comparand { text, has_doubled_quote: doubled, span })
            }
            (Token::Unclosed, span) => Err(ExpressionError::Unclosed { span }),
            (Token::Word | Token::Open | Token::Close | Token::Other, span) => {
                Err(self.unexpected(expected, span))
            }
        }
    }

    fn word(&mut self, wanted: &str, expected: &'static str) -> Result<Span, ExpressionError> {
        let (token, span) = self.next(expected)?;
        if token == Token::Word && self.slice(span) == wanted {
            Ok(span)
        } else {
            Err(self.unexpected(expected, span))
        }
    }

    fn exactly(&mut self, wanted: &Token, expected: &'static str) -> Result<(), ExpressionError> {
        let (token, span) = self.next(expected)?;
        if token == *wanted { Ok(()) } else { Err(self.unexpected(expected, span)) }
    }

    fn next(&mut self, expected: &'static str) -> Result<(Token, Span), ExpressionError> {
        let end = self.text.len();
        self.tokens.next().ok_or(ExpressionError::Ended { expected, span: Span::new(end, end) })
    }

    fn slice(&self, span: Span) -> &'a str {
        self.text.get(span.start..span.end).unwrap_or("")
    }

    fn unexpected(&self, expected: &'static str, span: Span) -> ExpressionError {
        ExpressionError::Unexpected { expected, found: self.slice(span).to_owned(), span }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::trust::flexible::Expression;

    #[test]
    fn clauses_keep_their_places() {
        let text = "claims['sub'] matches 'repo:o/*' and claims['repository_id'] eq '42'";
        let expression: Expression = text.parse().unwrap();
        let [first, second] = expression.clauses() else { panic!("two clauses") };
        assert_eq!((first.claim.as_str(), first.operator), ("sub", Operator::Matches));
        let at = |span: Span| text.get(span.start..span.end).unwrap();
        assert_eq!(at(first.comparand.span), "repo:o/*");
        assert_eq!(at(second.span), "claims['repository_id'] eq '42'");
        assert_eq!(at(second.operator_span), "eq");
        assert_eq!(second.comparand.text, "42");
    }

    #[test]
    fn a_doubled_quote_is_kept_and_marked() {
        let expression: Expression = "claims['sub'] eq 'it''s'".parse().unwrap();
        let comparand = &expression.clauses()[0].comparand;
        assert_eq!((comparand.text.as_str(), comparand.has_doubled_quote), ("it's", true));
    }

    #[test]
    fn what_the_language_lacks_is_named_with_its_place() {
        let or = clauses("claims['sub'] eq 'a' or claims['sub'] eq 'b'").unwrap_err();
        assert!(
            matches!(&or, ExpressionError::Unexpected { found, span, .. } if found == "or" && span.start == 21)
        );
        let like = clauses("claims['sub'] like 'a'").unwrap_err();
        assert!(matches!(like, ExpressionError::UnknownOperator { word, .. } if word == "like"));
        assert!(matches!(clauses("claims['sub'] eq 'a"), Err(ExpressionError::Unclosed { .. })));
        assert!(matches!(clauses("claims['sub'] eq"), Err(ExpressionError::Ended { .. })));
        assert!(matches!(clauses("claims[sub] eq 'a'"), Err(ExpressionError::Unexpected { .. })));
        assert_eq!(clauses(" \n"), Err(ExpressionError::Empty));
    }

    #[test]
    fn an_operator_that_is_not_public_is_kept() {
        let expression: Expression = "claims['sub'] startswith 'repo:'".parse().unwrap();
        assert_eq!(expression.clauses()[0].operator, Operator::StartsWith);
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_fall_and_spans_stay_inside(
            text in "(claims|\\[|\\]|'|and|eq|matches| |é|sub|\\PC){0,24}"
        ) {
            let spans: Vec<Span> = match clauses(&text) {
                Ok(clauses) => clauses
                    .iter()
                    .flat_map(|clause| [clause.span, clause.claim_span, clause.operator_span, clause.comparand.span])
                    .collect(),
                Err(error) => vec![error.span()],
            };
            for span in spans {
                prop_assert!(text.get(span.start..span.end).is_some(), "{span:?} in {text:?}");
            }
        }
    }
}
