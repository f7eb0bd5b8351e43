//! How two subjects differ: each taken apart into what its issuer built it from, then compared part by part.

mod blank;
mod compare;
mod form;
mod github;
mod rewrite;

pub(super) use blank::differ_by_blanks;
pub(super) use compare::differences;
pub use form::{Form, Kind};
pub(super) use rewrite::{context_words, environment_in_place_of_ref};
