//! The Workload API of SPIFFE: one call over gRPC for a JWT-SVID.
//!
//! The call is our own: the crate `spiffe` brings tonic, prost and 15 crates for what are two messages of two fields over `h2`,
//! which is in the tree already.

mod endpoint;
pub mod message;
mod workload;

pub use endpoint::{EndpointError, endpoint};
pub use workload::{METADATA, METHOD, WorkloadError, jwt_svid};
