//! What Entra has been told: drafts as files say them, credentials that satisfy every limit.

mod draft;
pub mod flexible;

pub use draft::{Draft, Home, TextPart, Value};
