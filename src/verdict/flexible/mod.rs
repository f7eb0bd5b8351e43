//! Flexible expressions against what is presented: one token, or a whole set of subjects.

mod cover;
mod evaluate;
mod glob;

pub use cover::{Coverage, cover};
pub use evaluate::{Answer, Doubt, evaluate};
