//! Asking the Workload API for a JWT-SVID, and what its refusals mean.
//!
//! Source: <https://spiffe.io/docs/latest/spiffe-specs/spiffe_workload_endpoint/>, sections 5 and 6;
//! <https://spiffe.io/docs/latest/spiffe-specs/spiffe_workload_api/>, section 6.

use thiserror::Error;

use super::message::{Question, Svid, decode_answer};
use crate::{
    entra::{Patience, Trouble},
    fetch::driver::{Step, Tried, persist},
    host::{Failure, Host, Reply, Socket},
    id::Audience,
    issuer::spiffe::SpiffeId,
    secret::Assertion,
};

/// The method.
pub const METHOD: &str = "/SpiffeWorkloadAPI/FetchJWTSVID";
/// What every call carries, so that no web page can be made to ask.
pub const METADATA: (&str, &str) = ("workload.spiffe.io", "true");

/// How one call came to no token.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Unserved {
    /// No answer.
    #[error(transparent)]
    Failure(#[from] Failure),
    /// A status of gRPC.
    #[error("gRPC status {}: {}", status.map_or_else(|| "missing".to_owned(), |status| status.to_string()), crate::id::visible(message))]
    Status {
        /// The number; `None` where the answer has none.
        status: Option<u32>,
        /// The words beside it.
        message: String,
    },
    /// An answer that is none.
    #[error("its answer is no JWTSVIDResponse")]
    Malformed,
}

/// Why there is no JWT-SVID.
#[derive(Debug, Error)]
pub enum WorkloadError {
    /// The agent does not know the workload.
    #[error(
        "the SPIFFE agent at {at} has no identity for this workload ({why}); register it: spire-server entry create -spiffeID spiffe://DOMAIN/PATH -parentID AGENT -selector SELECTOR"
    )]
    Unregistered {
        /// Where.
        at: Socket,
        /// What the agent says.
        why: Tried<Unserved>,
    },
    /// The agent has identities for the workload, but not the one that was asked for.
    #[error("the SPIFFE agent at {at} answered without `{id}`; this workload is {}", if .others.is_empty() { "nobody".to_owned() } else { .others.join(", ") })]
    OtherId {
        /// Where.
        at: Socket,
        /// What was asked for.
        id: SpiffeId,
        /// What there is.
        others: Vec<String>,
    },
    /// Several identities, and nobody said which.
    #[error("this workload has {} SPIFFE ids: {}; choose one with --spiffe-id", .0.len(), .0.join(", "))]
    Several(Vec<String>),
    /// Everything else.
    #[error(
        "the SPIFFE Workload API at {at} is not available: {why}; is the agent running, and its socket mounted and readable here?"
    )]
    Unavailable {
        /// Where.
        at: Socket,
        /// What was tried.
        why: Tried<Unserved>,
    },
}

/// Asks for a token with `audience` for `id`, or for the only identity of this workload.
///
/// # Errors
/// Why there is none, each reason with what to do about it.
pub async fn jwt_svid(
    host: &Host,
    at: &Socket,
    audience: &Audience,
    id: Option<&SpiffeId>,
    patience: Patience,
) -> Result<Assertion, WorkloadError> {
    let question = Question {
        audiences: vec![audience.to_string()],
        id: id.map(ToString::to_string).unwrap_or_default(),
    };
    let message = question.encode();
    let asked = persist(host, patience, async |limits| {
        match host.grpc.call(at, METHOD, &[METADATA], &message, &limits).await {
            Ok(reply) => served(&reply),
            Err(failure) => Step::Failed(trouble(&failure), failure.into()),
        }
    });
    let svids = asked.await.map_err(|why| told(at, why))?;
    chosen(at, svids, id)
}

/// Source: gRPC `doc/statuscodes.md` in grpc/grpc: 7 is `PERMISSION_DENIED`, 14 `UNAVAILABLE`.
fn served(reply: &Reply) -> Step<Vec<Svid>, Unserved> {
    match (reply.status, decode_answer(&reply.body)) {
        (Some(0), Some(svids)) => Step::Done(svids),
        (Some(0), None) => Step::Failed(Trouble::Hopeless, Unserved::Malformed),
        (status, _) => {
            let trouble = if status == Some(14) { Trouble::NoAnswer } else { Trouble::Hopeless };
            Step::Failed(trouble, Unserved::Status { status, message: reply.message.clone() })
        }
    }
}

const fn trouble(failure: &Failure) -> Trouble {
    match failure {
        Failure::Dns | Failure::Refused | Failure::Reset | Failure::Timeout | Failure::Truncated => {
            Trouble::NoAnswer
        }
        // A socket that is missing or may not be opened stays so.
        Failure::Other(_) | Failure::Tls(_) | Failure::TooLarge(_) | Failure::Unsent(_) => Trouble::Hopeless,
    }
}

fn told(at: &Socket, why: Tried<Unserved>) -> WorkloadError {
    let at = at.clone();
    if matches!(why.reason, Unserved::Status { status: Some(7), .. }) {
        WorkloadError::Unregistered { at, why }
    } else {
        WorkloadError::Unavailable { at, why }
    }
}

fn chosen(at: &Socket, svids: Vec<Svid>, id: Option<&SpiffeId>) -> Result<Assertion, WorkloadError> {
    let others: Vec<String> = svids.iter().map(|svid| svid.id.clone()).collect();
    let mut fitting = svids.into_iter().filter(|svid| id.is_none_or(|id| svid.id == id.as_str()));
    match (fitting.next(), fitting.next(), id) {
        (Some(one), None, _) | (Some(one), Some(_), Some(_)) => Ok(one.token),
        (Some(_), Some(_), None) => Err(WorkloadError::Several(others)),
        (None, _, Some(id)) => Err(WorkloadError::OtherId { at: at.clone(), id: id.clone(), others }),
        (None, _, None) => {
            let tried = Tried {
                attempts: 1,
                within: std::time::Duration::ZERO,
                reason: Unserved::Status { status: Some(0), message: "an empty list".to_owned() },
            };
            Err(WorkloadError::Unregistered { at: at.clone(), why: tried })
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{
        fetch::spiffe::message::encode_answer,
        host::{Grpc, block_on},
    };

    fn reply(ids: &[&str]) -> Result<Reply, Failure> {
        let svids: Vec<Svid> = ids
            .iter()
            .map(|id| Svid { id: (*id).to_owned(), token: Assertion::new(format!("token of {id}")) })
            .collect();
        Ok(Reply { status: Some(0), message: String::new(), body: encode_answer(&svids) })
    }

    fn refused(status: u32, message: &str) -> Result<Reply, Failure> {
        Ok(Reply { status: Some(status), message: message.to_owned(), body: Vec::new() })
    }

    fn ask(answers: Vec<Result<Reply, Failure>>, id: Option<&str>) -> (Result<String, String>, Host) {
        let host = Host { grpc: Grpc::fake(answers), ..Host::fake() };
        let at = Socket::Unix("/run/agent.sock".into());
        let id = id.map(|id| SpiffeId::parse(id).unwrap());
        let audience = Audience::new("api://AzureADTokenExchange");
        let patience = Patience { budget: Duration::from_secs(5), just_created: false };
        let got = block_on(jwt_svid(&host, &at, &audience, id.as_ref(), patience)).unwrap();
        (got.map(|token| token.reveal().to_owned()).map_err(|error| error.to_string()), host)
    }

    #[test]
    fn the_only_identity_is_taken_and_among_several_one_must_be_named() {
        let both = || vec![reply(&["spiffe://d/a", "spiffe://d/b"])];
        let (one, host) = ask(vec![reply(&["spiffe://d/a"])], None);
        assert_eq!(one.unwrap(), "token of spiffe://d/a");
        assert_eq!(host.grpc.asked()[0].0, METHOD);
        assert!(ask(both(), None).0.unwrap_err().contains("2 SPIFFE ids: spiffe://d/a, spiffe://d/b"));
        assert_eq!(ask(both(), Some("spiffe://d/b")).0.unwrap(), "token of spiffe://d/b");
        let other = ask(vec![reply(&["spiffe://d/a"])], Some("spiffe://d/c")).0.unwrap_err();
        assert!(other.contains("without `spiffe://d/c`; this workload is spiffe://d/a"), "{other}");
    }

    #[test]
    fn an_unknown_workload_is_told_to_register_and_an_agent_that_starts_is_waited_for() {
        let unknown = ask(vec![refused(7, "no identity issued")], None).0.unwrap_err();
        assert!(unknown.contains("no identity issued") && unknown.contains("entry create"), "{unknown}");
        let (late, host) = ask(vec![refused(14, "starting"), reply(&["spiffe://d/a"])], None);
        assert!(late.is_ok());
        assert_eq!(host.grpc.asked().len(), 2);
        let gone = ask(vec![Err(Failure::Other("No such file or directory (os error 2)".into()))], None);
        assert!(gone.0.unwrap_err().contains("is the agent running"));
        assert_eq!(gone.1.grpc.asked().len(), 1);
    }
}
