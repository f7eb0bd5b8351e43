//! SPIFFE: a JWT-SVID of the Workload API, or of the file that a helper writes.

use thiserror::Error;

use super::{
    Announcement, Ask, Detection,
    token::{TokenError, read},
};
use crate::{
    fetch::spiffe::{EndpointError, WorkloadError, endpoint, jwt_svid},
    host::Host,
    issuer::{
        ClaimsError, UnverifiedClaims,
        spiffe::{SpiffeId, SvidError, check_svid},
    },
    secret::Assertion,
};

const SOCKET: &str = "SPIFFE_ENDPOINT_SOCKET";

/// Why there is no token.
#[derive(Debug, Error)]
pub enum SpiffeError {
    /// Neither a socket nor a file.
    #[error(
        "{SOCKET} is not set; set it to the agent's socket, such as unix:///run/spire/agent-sockets/spire-agent.sock, or give the file that spiffe-helper writes with --token-file"
    )]
    NoSocket,
    /// The variable holds no endpoint.
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
    /// The agent.
    #[error(transparent)]
    Workload(#[from] WorkloadError),
    /// The helper's file.
    #[error("{0}; a helper such as spiffe-helper (jwt_svid_file_name) writes it, and renews it")]
    File(TokenError),
    /// What came is no token.
    #[error("the JWT-SVID cannot be read: {0}")]
    Claims(#[from] ClaimsError),
    /// Entra would refuse it, whatever its credentials are.
    #[error(transparent)]
    Svid(#[from] SvidError),
    /// The helper asked for another audience.
    #[error(
        "the JWT-SVID is for the audience `{}`, but `{wanted}` is wanted; change jwt_audience of the helper",
        crate::id::visible(.presented)
    )]
    Audience {
        /// What the token says.
        presented: String,
        /// What Entra wants.
        wanted: String,
    },
    /// The helper's file is of another identity.
    #[error("the JWT-SVID is of `{presented}`, but `{wanted}` is wanted")]
    OtherId {
        /// What the token says.
        presented: SpiffeId,
        /// What was asked for.
        wanted: SpiffeId,
    },
}

impl SpiffeError {
    /// True where a setting here or of SPIRE has to change.
    pub(super) const fn is_asked_wrongly(&self) -> bool {
        match self {
            Self::NoSocket
            | Self::Endpoint(_)
            | Self::File(_)
            | Self::Claims(_)
            | Self::Svid(_)
            | Self::Audience { .. }
            | Self::OtherId { .. } => true,
            Self::Workload(_) => false,
        }
    }
}

/// Sure where the agent's socket is named.
pub(super) fn detect(host: &Host) -> Detection {
    if host.env.var(SOCKET).is_some() {
        Detection::Present(format!("{SOCKET} is set"))
    } else {
        Detection::Absent(format!("{SOCKET} is not set"))
    }
}

/// The id is known where it is asked for.
pub(super) fn announce(_: &Host, ask: &Ask<'_>) -> Announcement {
    let id = ask.given.spiffe_id.as_ref();
    Announcement {
        issuer: "{jwt_issuer of the SPIRE server}".to_owned(),
        subject: id.map_or_else(|| "spiffe://{trust domain}/{path}".to_owned(), ToString::to_string),
        audience: ask.audience.to_string(),
    }
}

pub(super) async fn token(host: &Host, ask: &Ask<'_>) -> Result<Assertion, SpiffeError> {
    let wanted = ask.given.spiffe_id.as_ref();
    let token = match &ask.given.token {
        Some(place) => read(host, place).map_err(SpiffeError::File)?,
        None => {
            let socket = endpoint(&host.env.var(SOCKET).ok_or(SpiffeError::NoSocket)?)?;
            jwt_svid(host, &socket, ask.audience, wanted, ask.patience).await?
        }
    };
    let claims = UnverifiedClaims::read(&token)?;
    let presented = check_svid(&claims)?;
    if let Some(wanted) = wanted.filter(|wanted| **wanted != presented) {
        return Err(SpiffeError::OtherId { presented, wanted: wanted.clone() });
    }
    let audiences = claims.audiences()?;
    if !audiences.contains(&ask.audience.as_str()) {
        return Err(SpiffeError::Audience {
            presented: audiences.join(", "),
            wanted: ask.audience.to_string(),
        });
    }
    Ok(token)
}
