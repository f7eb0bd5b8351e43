//! The words of the domain as types: parsed at the door, compared byte for byte, never normalised.

mod claim;
mod cloud;
mod entra;
pub mod pattern;
mod repository;
mod resource;
mod shape;
mod visible;

pub use claim::{Audience, Issuer, Subject};
pub use cloud::{CLOUDS, Cloud};
pub use entra::{ClientId, Guid, IdError, TenantId};
pub use repository::{EnvironmentName, GitRef, NameError, RefKind, RepositoryIds, RepositoryName};
pub use resource::{ManagedIdentityId, ResourceError};
pub use shape::{Family, Part, SubjectShape};
pub use visible::visible;
