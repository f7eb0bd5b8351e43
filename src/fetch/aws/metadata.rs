//! What the machine or the container knows: the instance metadata service, version 2, and the container endpoint.
//!
//! Source: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html>,
//! <https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html>.

use std::{path::Path, time::Duration};

use http::{Request, Response, StatusCode, header};
use serde_json::Value;
use thiserror::Error;
use url::Url;

use super::{
    call::{ask, may_be_asked},
    credentials::{Credentials, Origin},
};
use crate::{
    entra::Patience,
    fetch::driver::{Tried, Unanswered},
    host::{Direct, Host},
    issuer::aws::Region,
    secret::{SecretKey, SessionToken},
};

/// Where the instance metadata service is.
const MACHINE: &str = "http://169.254.169.254";
/// Where the agent of ECS is, before a relative address.
const ECS: &str = "http://169.254.170.2";
/// Hosts that may be asked over http beside this machine: the agents of ECS and of EKS.
const AGENTS: [&str; 3] = ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"];
/// Both answer at once or not at all.
const QUICK: Duration = Duration::from_secs(2);
/// For how long the session with the machine's service is asked, in seconds.
const SESSION_SECONDS: &str = "300";

/// Why the machine or the container does not say who it is.
#[derive(Debug, Error)]
pub enum MetadataError {
    /// The address may not be asked.
    #[error(
        "AWS_CONTAINER_CREDENTIALS_FULL_URI leads to `{}`: http is accepted for this machine, 169.254.170.2, 169.254.170.23 and fd00:ec2::23 alone",
        crate::id::visible(.0)
    )]
    Address(String),
    /// The file with the container's own proof.
    #[error("cannot read {path} (AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE): {why}")]
    TokenFile {
        /// The file.
        path: String,
        /// What the system says.
        why: std::io::Error,
    },
    /// No answer of the machine.
    #[error(
        "the instance metadata service does not answer: {0}; this is no EC2 instance, or a container on one whose hop limit is 1 (aws ec2 modify-instance-metadata-options --http-put-response-hop-limit 2)"
    )]
    Silent(Tried<Unanswered>),
    /// No answer of the container's endpoint.
    #[error("the container's credentials endpoint is not available: {0}")]
    Unavailable(Tried<Unanswered>),
    /// A refusal.
    #[error("{at} refused (status {})", status.as_u16())]
    Refused {
        /// What was asked.
        at: &'static str,
        /// The HTTP status.
        status: StatusCode,
    },
    /// An instance without a role.
    #[error("this EC2 instance has no role; attach an instance profile to it")]
    NoRole,
    /// An answer that holds something else.
    #[error("{at} answered, but without {what}")]
    Malformed {
        /// What was asked.
        at: &'static str,
        /// What was wanted.
        what: &'static str,
    },
}

const THE_MACHINE: &str = "the instance metadata service";
const THE_CONTAINER: &str = "the container's credentials endpoint";

/// True where the machine may not be asked.
pub(super) fn is_disabled(host: &Host) -> bool {
    host.env.var("AWS_EC2_METADATA_DISABLED").is_some_and(|value| value.eq_ignore_ascii_case("true"))
}

/// A session with the machine's own service.
pub(super) struct Machine<'a> {
    host: &'a Host,
    patience: Patience,
    base: String,
    token: SessionToken,
}

impl<'a> Machine<'a> {
    /// Begins a session, which version 2 wants before it says anything.
    pub(super) async fn open(host: &'a Host, patience: Patience) -> Result<Self, MetadataError> {
        let patience = Patience { budget: patience.budget.min(QUICK * 2), ..patience };
        let named = host.env.var("AWS_EC2_METADATA_SERVICE_ENDPOINT");
        let base = named.unwrap_or_else(|| MACHINE.to_owned()).trim_end_matches('/').to_owned();
        let put = || {
            let request = Request::put(format!("{base}/latest/api/token")).extension(Direct);
            request.header("x-aws-ec2-metadata-token-ttl-seconds", SESSION_SECONDS).body(Vec::new())
        };
        let answer = ask(host, patience, Some(QUICK), put).await.map_err(MetadataError::Silent)?;
        let token = SessionToken::new(good(THE_MACHINE, &answer)?);
        Ok(Self { host, patience, base, token })
    }

    /// The machine's region.
    pub(super) async fn region(&self) -> Result<Region, MetadataError> {
        let region = good(THE_MACHINE, &self.look("placement/region").await?)?;
        Region::parse(&region).map_err(|_| MetadataError::Malformed { at: THE_MACHINE, what: "a region" })
    }

    /// The credentials of the machine's role.
    pub(super) async fn credentials(&self) -> Result<Credentials, MetadataError> {
        let listed = self.look("iam/security-credentials/").await?;
        if listed.status() == StatusCode::NOT_FOUND {
            return Err(MetadataError::NoRole);
        }
        let listed = good(THE_MACHINE, &listed)?;
        let role = listed.lines().next().unwrap_or_default();
        if role.is_empty() {
            return Err(MetadataError::NoRole);
        }
        let answer = self.look(&format!("iam/security-credentials/{role}")).await?;
        read(THE_MACHINE, Origin::Machine, &good(THE_MACHINE, &answer)?)
    }

    async fn look(&self, path: &str) -> Result<Response<Vec<u8>>, MetadataError> {
        let get = || {
            let request = Request::get(format!("{}/latest/meta-data/{path}", self.base)).extension(Direct);
            request.header("x-aws-ec2-metadata-token", self.token.reveal()).body(Vec::new())
        };
        ask(self.host, self.patience, Some(QUICK), get).await.map_err(MetadataError::Silent)
    }
}

/// The credentials of the container's endpoint, where one is named.
pub(super) async fn container(host: &Host, patience: Patience) -> Result<Option<Credentials>, MetadataError> {
    let Some(url) = address(host)? else { return Ok(None) };
    let proof = proof(host)?;
    let get = || {
        let request = Request::get(url.as_str()).extension(Direct);
        match &proof {
            Some(proof) => request.header(header::AUTHORIZATION, proof.reveal()),
            None => request,
        }
        .body(Vec::new())
    };
    let answer = ask(host, patience, Some(QUICK), get).await.map_err(MetadataError::Unavailable)?;
    read(THE_CONTAINER, Origin::Container, &good(THE_CONTAINER, &answer)?).map(Some)
}

fn address(host: &Host) -> Result<Option<Url>, MetadataError> {
    let relative = host.env.var("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI").map(|path| format!("{ECS}{path}"));
    let Some(text) = relative.or_else(|| host.env.var("AWS_CONTAINER_CREDENTIALS_FULL_URI")) else {
        return Ok(None);
    };
    let url = Url::parse(&text).ok();
    let is_agent = |url: &Url| url.host_str().is_some_and(|host| AGENTS.contains(&host));
    let good = url.filter(|url| may_be_asked(url) || (url.scheme() == "http" && is_agent(url)));
    good.map(Some).ok_or(MetadataError::Address(text))
}

/// What the container proves itself with. The file is written anew by the platform and wins.
fn proof(host: &Host) -> Result<Option<SessionToken>, MetadataError> {
    let Some(path) = host.env.var("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") else {
        return Ok(host.env.var("AWS_CONTAINER_AUTHORIZATION_TOKEN").map(SessionToken::new));
    };
    let bytes = host.files.read(Path::new(&path), 1 << 16);
    let bytes = bytes.map_err(|why| MetadataError::TokenFile { path, why })?;
    Ok(Some(SessionToken::new(String::from_utf8_lossy(&bytes).trim_end().to_owned())))
}

fn good(at: &'static str, answer: &Response<Vec<u8>>) -> Result<String, MetadataError> {
    if !answer.status().is_success() {
        return Err(MetadataError::Refused { at, status: answer.status() });
    }
    Ok(String::from_utf8_lossy(answer.body()).trim().to_owned())
}

fn read(at: &'static str, origin: Origin, body: &str) -> Result<Credentials, MetadataError> {
    let fields: Value = serde_json::from_str(body).unwrap_or(Value::Null);
    let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
    match (text("AccessKeyId"), text("SecretAccessKey"), text("Token")) {
        (Some(access_key), Some(secret), Some(token)) => Ok(Credentials {
            access_key,
            secret_key: SecretKey::new(secret),
            session_token: Some(SessionToken::new(token)),
            origin,
        }),
        _ => Err(MetadataError::Malformed { at, what: "credentials" }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{Env, Files, Http, block_on};

    const BODY: &str = r#"{"AccessKeyId":"AK","SecretAccessKey":"S","Token":"T"}"#;

    fn patience() -> Patience {
        Patience { budget: Duration::from_secs(1), just_created: false }
    }

    fn answer(status: u16, body: &str) -> Result<Response<Vec<u8>>, crate::host::Failure> {
        Ok(Response::builder().status(status).body(body.as_bytes().to_vec()).unwrap())
    }

    #[test]
    fn a_containers_key_is_asked_of_the_allowed_hosts_alone() {
        let at = |text: &str| {
            let env = Env::fake([("AWS_CONTAINER_CREDENTIALS_FULL_URI", text)]);
            address(&Host { env, ..Host::fake() })
        };
        for good in [
            "http://169.254.170.2/v2",
            "http://169.254.170.23/v1/credentials",
            "http://[fd00:ec2::23]/v1/credentials",
            "http://localhost:1338/",
            "https://example.com/",
        ] {
            assert!(at(good).unwrap().is_some(), "{good}");
        }
        for bad in ["http://169.254.169.254/", "http://example.com/", "http://localhost.example.com/", "x"] {
            assert!(matches!(at(bad), Err(MetadataError::Address(_))), "{bad}");
        }
    }

    #[test]
    fn the_proof_is_read_from_its_file_and_never_goes_through_a_proxy() {
        let host = Host {
            env: Env::fake([
                ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.23/v1/credentials"),
                ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "proof"),
            ]),
            files: Files::fake([("proof", "eks-token\n")]),
            http: Http::fake([answer(200, BODY)]),
            ..Host::fake()
        };
        let found = block_on(container(&host, patience())).unwrap().unwrap().unwrap();
        assert_eq!((found.access_key.as_str(), found.origin), ("AK", Origin::Container));
        let asked = host.http.asked();
        assert_eq!(asked[0].headers()["authorization"], "eks-token");
        assert!(asked[0].extensions().get::<Direct>().is_some());
    }

    #[test]
    fn the_machine_is_asked_in_a_session_and_one_without_a_role_is_told_so() {
        let ask = |answers: Vec<Result<Response<Vec<u8>>, crate::host::Failure>>| {
            let host = Host { http: Http::fake(answers), ..Host::fake() };
            let found = block_on(async { Machine::open(&host, patience()).await?.credentials().await });
            (found.unwrap().map_err(|error| error.to_string()), host.http.asked())
        };
        let (found, asked) = ask(vec![answer(200, "session"), answer(200, "deploy\n"), answer(200, BODY)]);
        assert_eq!(found.unwrap().origin, Origin::Machine);
        assert_eq!(asked[0].method(), "PUT");
        assert!(asked[2].uri().path().ends_with("/iam/security-credentials/deploy"));
        assert_eq!(asked[2].headers()["x-aws-ec2-metadata-token"], "session");
        let (none, _) = ask(vec![answer(200, "session"), answer(404, "")]);
        assert!(none.unwrap_err().contains("has no role"));
        let (silent, _) = ask(vec![Err(crate::host::Failure::Timeout); 20]);
        assert!(silent.unwrap_err().contains("--http-put-response-hop-limit 2"));
    }
}
