//! The judge: would Entra accept what is presented, and if not, why, and what would make it accept.

mod cause;
mod claims;
mod describe;
pub mod flexible;
mod fragments;
mod index;
mod judge;
mod nearest;
mod neighbours;
mod platform;
mod shelves;
mod subject;
mod suggest;
mod trusted;

pub use crate::refusal::Claim;
pub use cause::{Cause, Difference};
pub use describe::{describe, describe_unknown};
pub use judge::{Refused, Verdict, judge};
pub use subject::{Form, Kind};
pub use suggest::{Change, Commands, Fix, credential_for, name_for, suggest};
pub use trusted::{Decision, Rejected, Trusted};
