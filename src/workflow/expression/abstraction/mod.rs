//! Evaluation over what is only partly known, such as every run of a workflow at once.
//!
//! An [`AbstractValue`] is a union of cases and covers every value that the expression can have in any run that the
//! [`AbstractContext`] stands for. [`evaluate`] gives the values, [`condition`] gives the truth of a condition and what follows
//! for named paths when it holds; [`AbstractContext::assume`] takes that over for the rest of the job.
//!
//! Assumed: a text that is compared to a literal is spelled as the literal is, where it could as well differ by letter case alone.

mod compare;
mod context;
mod cover;
mod evaluate;
mod fact;
mod function;
mod narrow;
mod text;
mod value;

pub use context::{AbstractContext, Fact};
pub use evaluate::evaluate;
pub use narrow::{Condition, condition};
pub use value::{AbstractObject, AbstractValue, Case, Kind, Piece, Rest, Truth};
