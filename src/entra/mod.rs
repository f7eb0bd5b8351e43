//! The exchange as values: which cloud is asked, what is sent, what the answer says, and when to ask again.

mod endpoints;
mod request;
mod response;
mod retry;

pub use endpoints::{CloudError, Endpoints};
pub use request::{Exchange, token_endpoint};
pub use response::{Answer, Grant, Unreadable, read};
pub use retry::{Backoff, Patience, Trouble, retry_after};
