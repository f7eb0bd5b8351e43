//! Flexible expressions against what is presented: one token, or a whole set of subjects.

mod cover;
mod evaluate;
mod glob;
mod union;

pub use cover::Coverage;
pub(super) use evaluate::doubt;
pub use evaluate::{Answer, Doubt, evaluate};
pub use union::{Told, cover_any};
