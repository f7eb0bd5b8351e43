//! Pure requests out, pure answers in, and one driver that asks again: one file per service.

mod arm;
pub mod aws;
mod az;
mod cloud;
mod driver;
mod exchange;
#[cfg(feature = "github-api")]
mod github_api;
mod github_facts;
mod graph;
mod issuer;
mod listing;
pub mod source;
pub mod spiffe;
mod unlisted;

pub use arm::identity_credentials;
pub use az::{AzError, az_token};
pub use cloud::{CloudLookupError, cloud};
pub use driver::{Tried, Unanswered};
pub use exchange::{ExchangeError, Granted, exchange};
#[cfg(feature = "github-api")]
pub use github_api::repository_facts;
pub use github_facts::{GithubApiError, RepositoryFacts, WantedFacts};
pub use graph::application_credentials;
pub use issuer::issuer_documents;
pub use unlisted::{ListingError, Unlisted};
