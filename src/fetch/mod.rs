//! Pure requests out, pure answers in, and one driver that asks again: one file per service.

mod cloud;
mod driver;
mod exchange;
mod github;

pub use cloud::{CloudLookupError, cloud};
pub use driver::{Tried, Unanswered};
pub use exchange::{ExchangeError, Granted, exchange};
pub use github::{GithubError, github_request_token, github_token, offers_github_token};
