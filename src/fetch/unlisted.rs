//! Why the credentials of an identity are not listed.

use http::StatusCode;
use thiserror::Error;

use super::driver::{Tried, Unanswered};
use crate::{entra::Unreadable, id::visible};

/// Why there is no listing.
#[derive(Debug, Error)]
pub enum ListingError {
    /// Not the right token.
    #[error(
        "{service} at {at} did not accept the token: {tried}; it must be for this service and cloud, and not have ended"
    )]
    Unaccepted {
        /// The name of the service.
        service: &'static str,
        /// The host that was asked.
        at: String,
        /// What was answered.
        tried: Box<Tried<Unlisted>>,
    },
    /// The token is right, its owner may not read.
    #[error(
        "{service} does not let this identity read the credentials of {identity}: {tried}; it needs {permission}"
    )]
    Forbidden {
        /// The name of the service.
        service: &'static str,
        /// Whose credentials they are.
        identity: String,
        /// What is needed.
        permission: &'static str,
        /// What was answered.
        tried: Box<Tried<Unlisted>>,
    },
    /// There is no such identity.
    #[error("{service} at {at} knows no {identity}: {tried}; {hint}")]
    Unknown {
        /// The name of the service.
        service: &'static str,
        /// The host that was asked.
        at: String,
        /// What was not found.
        identity: String,
        /// What may be meant.
        hint: &'static str,
        /// What was answered.
        tried: Box<Tried<Unlisted>>,
    },
    /// Everything else.
    #[error("{service} at {at} did not list the credentials of {identity}: {tried}")]
    Unavailable {
        /// The name of the service.
        service: &'static str,
        /// The host that was asked.
        at: String,
        /// Whose credentials they are.
        identity: String,
        /// What was answered.
        tried: Box<Tried<Unlisted>>,
    },
}

/// What came in the place of a page.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Unlisted {
    /// Nothing that can be read.
    #[error(transparent)]
    Unanswered(#[from] Unanswered),
    /// A refusal with a reason.
    #[error("status {}, {code}: {}", status.as_u16(), visible(message))]
    Refused {
        /// The HTTP status.
        status: StatusCode,
        /// The service's own word for it.
        code: String,
        /// The service's own sentence.
        message: String,
    },
    /// The next page lies on another host, which must not see the token.
    #[error("its next page lies on another host, `{}`", visible(.0))]
    Elsewhere(String),
    /// The pages do not end.
    #[error("its pages do not end")]
    Endless,
    /// Something in the list is no credential, so that the list cannot be trusted to be whole.
    #[error("its list holds something that is no credential ({})", visible(.0))]
    Broken(String),
}

impl Unlisted {
    pub(super) const fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Refused { status, .. }
            | Self::Unanswered(Unanswered::Unreadable(Unreadable { status, .. })) => Some(*status),
            Self::Unanswered(Unanswered::Failure(_))
            | Self::Elsewhere(_)
            | Self::Endless
            | Self::Broken(_) => None,
        }
    }
}
