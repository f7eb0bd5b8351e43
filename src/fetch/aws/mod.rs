//! The services of AWS that stand between a workload there and its token: credentials, STS, Cognito.
//!
//! The signer is our own: `reqsign-aws-v4` 3.3 brings 17 crates, among them a second SHA-2 and an XML reader, for what are a
//! hundred lines over `ring` here.

mod call;
mod cognito;
mod credentials;
mod metadata;
pub mod signature;
mod sts;

pub use call::ServiceError;
pub use cognito::{CognitoError, Login, LoginError, developer_token};
pub use credentials::{Credentials, CredentialsError, Origin, RegionLookupError, credentials, region};
pub use metadata::MetadataError;
pub use sts::{DEFAULT_LIFETIME, LIFETIMES, StsError, web_identity_token};
