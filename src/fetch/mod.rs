//! Pure requests out, pure answers in, and one driver that asks again: one file per service.

mod cloud;
mod driver;
mod exchange;
pub mod source;

pub use cloud::{CloudLookupError, cloud};
pub use driver::{Tried, Unanswered};
pub use exchange::{ExchangeError, Granted, exchange};
