//! What Entra has been told: drafts as files say them, credentials that satisfy every limit.

mod credential;
mod draft;
pub mod flexible;
mod limit;
pub mod read;
mod this_repository;
mod writing;

pub use credential::{Credential, Matcher, violations_of_one_identity};
pub use draft::{Draft, Home, TextPart, Value};
pub use limit::{CREDENTIALS_LIMIT, Field, SetViolation, TEXT_LIMIT, Violation};
pub use writing::{Provider, WriteOrder, Writing};
