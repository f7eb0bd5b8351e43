//! Flexible expressions: the text of `claimsMatchingExpression`, parsed, with the tables of what Entra takes.

mod expression;
mod lexer;
mod parser;
mod table;

pub use expression::{Clause, Comparand, Expression, Operator};
pub use parser::ExpressionError;
pub use table::{Complaint, IssuerRules, Wanted, issuer_rules};
