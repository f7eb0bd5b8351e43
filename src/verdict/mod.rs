//! The judge: would Entra accept what is presented, and if not, why, and what would make it accept.

mod cause;
mod claims;
pub mod flexible;
mod judge;
mod nearest;
mod subject;
mod trusted;

pub use cause::{Cause, Difference};
pub use judge::{Refused, Verdict, judge};
pub use subject::{Form, Kind};
pub use trusted::{Decision, Rejected, Trusted};
