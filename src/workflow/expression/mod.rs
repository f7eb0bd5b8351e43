//! GitHub's expression language: read, and evaluated over known values.
//!
//! The language follows actions/runner `src/Sdk/Expressions` and the conformance suites of actions/languageservices. Errors are
//! values with spans in bytes of the text that was read.

mod call;
mod compare;
mod context;
mod error;
mod evaluate;
mod function;
mod json;
mod number;
mod parse;
mod scope;
mod template;
mod token;
mod tree;
mod value;

pub use call::call;
pub use compare::{Order, equals, ordered};
pub use context::{Context, Status};
pub use error::{EvaluationError, EvaluationProblem, SyntaxError, SyntaxProblem};
pub use evaluate::evaluate;
pub use function::Function;
pub use json::{from_json, to_json};
pub use number::{format_number, parse_number};
pub use parse::parse;
pub use scope::{Names, Scope};
pub use template::{Template, condition, template};
pub use tree::{Comparison, Expr, ExprKind};
pub use value::{Array, Object, Value};
