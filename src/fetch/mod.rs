//! Pure requests out, pure answers in, and one driver that asks again: one file per service.

mod arm;
mod az;
mod cloud;
mod driver;
mod exchange;
mod graph;
mod issuer;
mod listing;
pub mod source;

pub use arm::identity_credentials;
pub use az::{AzError, az_token};
pub use cloud::{CloudLookupError, cloud};
pub use driver::{Tried, Unanswered};
pub use exchange::{ExchangeError, Granted, exchange};
pub use graph::application_credentials;
pub use issuer::issuer_documents;
pub use listing::{ListingError, Unlisted};
