//! Managed identity as the credential of an application: the machine's own endpoint gives a token for the exchange.
//!
//! Source: <https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token>,
//! <https://learn.microsoft.com/azure/app-service/overview-managed-identity>,
//! <https://learn.microsoft.com/azure/azure-arc/servers/managed-identity-authentication>.

use std::{io, path::Path, time::Duration};

use http::{HeaderValue, Request, Response, StatusCode, header};
use thiserror::Error;
use url::Url;

use super::{
    Announcement, Ask, Detection,
    asking::{Manners, NoToken, ask, text_field},
};
use crate::{
    entra::Patience,
    fetch::driver::{Step, Tried, persist},
    host::{Direct, Failure, Host, Limits},
    secret::{Assertion, RequestToken},
};

const ENDPOINT: &str = "IDENTITY_ENDPOINT";
const HEADER: &str = "IDENTITY_HEADER";
const ARC: &str = "IMDS_ENDPOINT";
/// Where the SDKs of Azure look for another address of the metadata service.
const AUTHORITY: &str = "AZURE_POD_IDENTITY_AUTHORITY_HOST";
/// What the firmware of Azure's machines carries. Source: canonical/cloud-init `sources/azure/identity.py`.
const FIRMWARE: (&str, &str) = ("/sys/class/dmi/id/chassis_asset_tag", "7783-7084-3265-9085-8269-3286-77");
/// Where the agent of Azure Arc puts its challenges, and nowhere else.
const CHALLENGES: [&str; 2] =
    ["/var/opt/azcmagent/tokens", "C:\\ProgramData\\AzureConnectedMachineAgent\\Tokens"];
/// The longest challenge, in bytes. Source: Azure/azure-sdk-for-python `_credentials/azure_arc.py`.
const CHALLENGE_LIMIT: u64 = 4096;

/// How long one attempt may take.
const ATTEMPT: Duration = Duration::from_secs(10);

/// Why there is no token.
#[derive(Debug, Error)]
pub enum ManagedIdentityError {
    /// The endpoint in the environment is no address.
    #[error("`{0}` in {ENDPOINT} is no http address")]
    BadEndpoint(String),
    /// No such identity on this machine.
    #[error(
        "{at} gives no token for the managed identity ({tried}); assign a user-assigned identity to this machine, and where it has several name one with --managed-identity CLIENT-ID"
    )]
    Refused {
        /// The host that was asked.
        at: String,
        /// What was tried.
        tried: Tried<NoToken>,
    },
    /// No usable answer.
    #[error(
        "the managed identity endpoint at {at} gave no usable answer: {tried}; it answers inside Azure alone"
    )]
    Unavailable {
        /// The host that was asked.
        at: String,
        /// What was tried.
        tried: Tried<NoToken>,
    },
    /// Azure Arc asked for a file that it may not ask for.
    #[error("Azure Arc answered without a challenge that may be followed: it must name a `.key` file in {}", CHALLENGES[0])]
    Challenge,
    /// Azure Arc's file cannot be read.
    #[error("cannot read Azure Arc's challenge {path}: {why}; the account must belong to the group `himds`")]
    ChallengeFile {
        /// The file.
        path: String,
        /// What the system says.
        why: io::Error,
    },
}

impl ManagedIdentityError {
    /// True where something here has to change.
    pub(super) const fn is_asked_wrongly(&self) -> bool {
        match self {
            Self::BadEndpoint(_) | Self::ChallengeFile { .. } => true,
            Self::Refused { .. } | Self::Unavailable { .. } | Self::Challenge => false,
        }
    }
}

/// Which of the three endpoints this machine has.
enum Endpoint {
    /// App Service, Functions, Container Apps: with the header's value.
    AppService(String, RequestToken),
    /// A machine outside Azure with Azure Arc.
    Arc(String),
    /// A virtual machine.
    Machine(String),
}

impl Endpoint {
    fn of(host: &Host) -> Self {
        match (host.env.var(ENDPOINT), host.env.var(HEADER), host.env.var(ARC)) {
            (Some(endpoint), Some(header), _) => Self::AppService(endpoint, RequestToken::new(header)),
            (Some(endpoint), None, Some(_)) => Self::Arc(endpoint),
            (Some(_), None, None) | (None, _, _) => {
                let base = host.env.var(AUTHORITY).unwrap_or_else(|| "http://169.254.169.254".to_owned());
                Self::Machine(format!("{}/metadata/identity/oauth2/token", base.trim_end_matches('/')))
            }
        }
    }

    /// The address and its `api-version`.
    const fn place(&self) -> (&String, &'static str) {
        match self {
            Self::AppService(address, _) => (address, "2019-08-01"),
            Self::Arc(address) => (address, "2020-06-01"),
            Self::Machine(address) => (address, "2018-02-01"),
        }
    }
}

/// Sure where the platform sets its variables; possible on Azure's machines.
pub(super) fn detect(host: &Host) -> Detection {
    let set = |name: &str| host.env.var(name).is_some();
    if set(ENDPOINT) && (set(HEADER) || set(ARC)) {
        return Detection::Present(format!("{ENDPOINT} is set"));
    }
    if set(AUTHORITY) {
        return Detection::Present(format!("{AUTHORITY} is set"));
    }
    let (path, tag) = FIRMWARE;
    if host.files.read(Path::new(path), 256).unwrap_or_default().starts_with(tag.as_bytes()) {
        return Detection::Possible("this is a machine of Azure".to_owned());
    }
    Detection::Absent(format!("{ENDPOINT} is not set and this is no machine of Azure"))
}

/// The subject is the object id of the identity's service principal, not its client id.
pub(super) fn announce(_: &Host, ask: &Ask<'_>) -> Announcement {
    Announcement {
        issuer: "https://login.microsoftonline.com/{tenant of the identity}/v2.0".to_owned(),
        subject: "{object id of the managed identity}".to_owned(),
        audience: ask.audience.to_string(),
    }
}

pub(super) async fn token(host: &Host, asked: &Ask<'_>) -> Result<Assertion, ManagedIdentityError> {
    let endpoint = Endpoint::of(host);
    let (address, version) = endpoint.place();
    let bad = || ManagedIdentityError::BadEndpoint(address.clone());
    let mut url = Url::parse(address).ok().filter(|url| url.scheme().starts_with("http")).ok_or_else(bad)?;
    url.query_pairs_mut()
        .append_pair("api-version", version)
        .append_pair("resource", asked.audience.as_str());
    if let Some(identity) = &asked.given.managed_identity {
        url.query_pairs_mut().append_pair("client_id", identity);
    }
    let authorization = match &endpoint {
        Endpoint::AppService(_, header) => Some(("X-IDENTITY-HEADER", header.clone())),
        Endpoint::Arc(_) => Some(("Authorization", challenge(host, asked.patience, &url).await?)),
        Endpoint::Machine(_) => None,
    };
    let at = url.host_str().unwrap_or_default().to_owned();
    // The metadata service asks to be asked again after 404 and 410 too.
    let manners = Manners { attempt: ATTEMPT, passing: &[404, 410], field: "access_token" };
    let request = || request(&url, authorization.as_ref());
    let answer =
        ask(host, asked.patience, manners, request, |answer| text_field(answer, "access_token")).await;
    answer.map(Assertion::new).map_err(|tried| match tried.reason.status() {
        Some(status) if status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS => {
            ManagedIdentityError::Refused { at, tried }
        }
        Some(_) | None => ManagedIdentityError::Unavailable { at, tried },
    })
}

fn request(url: &Url, secret: Option<&(&str, RequestToken)>) -> Result<Request<Vec<u8>>, http::Error> {
    let mut request = Request::get(url.as_str()).header("Metadata", "true").extension(Direct);
    if let Some((name, value)) = secret {
        let mut value = HeaderValue::from_str(value.reveal())?;
        value.set_sensitive(true);
        request = request.header(*name, value);
    }
    request.body(Vec::new())
}

/// Azure Arc first refuses and names a file that only its group may read; the file's content is the key for the second request.
async fn challenge(host: &Host, patience: Patience, url: &Url) -> Result<RequestToken, ManagedIdentityError> {
    let asked = persist(host, patience, async |limits| {
        let limits = Limits { total: limits.total.min(ATTEMPT), ..limits };
        let sent = match request(url, None) {
            Ok(request) => host.http.send(request, &limits).await,
            Err(error) => Err(Failure::Unsent(error.to_string())),
        };
        match sent {
            Ok(answer) => Step::Done(answer),
            Err(failure) => Step::unanswered(failure, NoToken::Unanswered),
        }
    });
    let answer = asked.await.map_err(|tried| ManagedIdentityError::Unavailable {
        at: url.host_str().unwrap_or_default().to_owned(),
        tried,
    })?;
    let path = challenge_file(&answer).ok_or(ManagedIdentityError::Challenge)?;
    let key = host.files.read(Path::new(&path), CHALLENGE_LIMIT);
    let key = key.map_err(|why| ManagedIdentityError::ChallengeFile { path: path.clone(), why })?;
    let key = String::from_utf8(key).map_err(|_| ManagedIdentityError::Challenge)?;
    Ok(RequestToken::new(format!("Basic {key}")))
}

/// The file in `WWW-Authenticate: Basic realm=FILE`; only a key in the agent's own folder is ever opened.
fn challenge_file(answer: &Response<Vec<u8>>) -> Option<String> {
    let header = answer.headers().get(header::WWW_AUTHENTICATE)?.to_str().ok()?;
    let (_, file) = header.split_once("Basic realm=")?;
    let file = file.trim().trim_matches('"');
    let (folder, name) = file.rsplit_once(['/', '\\'])?;
    (CHALLENGES.contains(&folder) && name.ends_with(".key")).then(|| file.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        entra::Patience,
        fetch::source::Given,
        host::{Env, Files, Http, block_on},
        id::Audience,
    };

    fn answer(status: u16, realm: &str, body: &str) -> Response<Vec<u8>> {
        let realm = format!("Basic realm={realm}");
        Response::builder().status(status).header("www-authenticate", realm).body(body.into()).unwrap()
    }

    fn fetch(
        variables: &[(&str, &str)],
        answers: Vec<Response<Vec<u8>>>,
    ) -> (Result<Assertion, String>, Host) {
        let host = Host {
            http: Http::fake(answers.into_iter().map(Ok)),
            env: Env::fake(variables.iter().copied()),
            files: Files::fake([("/var/opt/azcmagent/tokens/1.key", "canary"), ("/etc/passwd.key", "x")]),
            ..Host::fake()
        };
        let audience = Audience::new("api://AzureADTokenExchange");
        let given = Given { managed_identity: Some("id".into()), ..Given::default() };
        let patience = Patience { budget: Duration::from_secs(1), just_created: false };
        let ask = Ask { audience: &audience, patience, signing_in: None, given: &given };
        let token = block_on(token(&host, &ask)).unwrap().map_err(|error| error.to_string());
        (token, host)
    }

    const TOKEN: &str = r#"{"access_token":"a.b.c","expires_on":"1"}"#;

    #[test]
    fn each_endpoint_is_asked_in_its_own_way() {
        let (token, host) = fetch(&[], vec![answer(200, "", TOKEN)]);
        assert_eq!(token.unwrap().reveal(), "a.b.c");
        let request = host.http.asked().remove(0);
        assert_eq!(
            request.uri(),
            "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=api%3A%2F%2FAzureADTokenExchange&client_id=id"
        );
        assert_eq!(request.headers()["metadata"], "true");
        assert!(request.extensions().get::<Direct>().is_some());
        let service = [(ENDPOINT, "http://127.0.0.1:41/msi/token"), (HEADER, "canary")];
        let (_, host) = fetch(&service, vec![answer(200, "", TOKEN)]);
        let request = host.http.asked().remove(0);
        assert_eq!(request.headers()["x-identity-header"], "canary");
        assert!(!format!("{request:?}").contains("canary"));
    }

    #[test]
    fn arc_is_answered_with_its_own_key_and_with_no_other_file() {
        let arc = [(ENDPOINT, "http://localhost:40342/metadata/identity/oauth2/token"), (ARC, "x")];
        let asks = |realm| vec![answer(401, realm, ""), answer(200, "", TOKEN)];
        let (token, host) = fetch(&arc, asks("/var/opt/azcmagent/tokens/1.key"));
        assert!(token.is_ok());
        assert_eq!(host.http.asked()[1].headers()["authorization"], "Basic canary");
        for realm in [
            "/etc/passwd.key",
            "/var/opt/azcmagent/tokens/../../../etc/passwd.key",
            "/var/opt/azcmagent/tokens/1",
        ] {
            let (token, host) = fetch(&arc, asks(realm));
            assert!(token.unwrap_err().contains("may be followed"), "{realm}");
            assert_eq!(host.http.asked().len(), 1);
        }
    }

    #[test]
    fn a_machine_without_the_identity_is_told_how_to_name_one() {
        let body = r#"{"error":"invalid_request","error_description":"Identity not found"}"#;
        let (none, _) = fetch(&[], vec![answer(400, "", body)]);
        let message = none.unwrap_err();
        assert!(
            message.contains("status 400: Identity not found") && message.contains("--managed-identity"),
            "{message}"
        );
    }
}
