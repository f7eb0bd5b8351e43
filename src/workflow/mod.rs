//! Who can ask for a token: workflow files read, their conditions worked out, and every subject that a job can present.

mod action;
pub mod calls;
mod error;
pub mod expression;
mod filter;
pub mod model;
mod parse;
mod permissions;
pub mod project;
pub mod reach;
mod reference;
pub mod sign_in;
mod wanted;

pub use action::LocalAction;
pub use error::{Error, Problem};
pub use filter::Filter;
pub use model::Workflow;
pub use permissions::{Access, Grant, Level, Permissions, effective, excess};
pub use reference::AtHand;
