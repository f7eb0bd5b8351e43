//! Azure Pipelines: the running job asks for the token of a service connection.
//!
//! Source: Azure/azure-sdk-for-python `azure/identity/_credentials/azure_pipelines.py`, hashicorp/go-azure-sdk
//! `sdk/auth/azure_pipelines_oidc_authorizer.go`.

use std::time::Duration;

use http::{HeaderValue, Request, Response, StatusCode, header};
use thiserror::Error;
use url::Url;

use super::{
    Announcement, Ask, Detection,
    asking::{Manners, NoToken, ask, secure, text_field},
};
use crate::{
    fetch::driver::Tried,
    host::Host,
    id::Guid,
    secret::{Assertion, RequestToken},
};

const URI: &str = "SYSTEM_OIDCREQUESTURI";
const TOKEN: &str = "SYSTEM_ACCESSTOKEN";
/// Set by the tasks of Azure that run under a service connection.
const CONNECTION: &str = "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID";

/// Why there is no token.
#[derive(Debug, Error)]
pub enum AzurePipelinesError {
    /// Not inside a job, or inside an agent that is too old.
    #[error("{URI} is not set: this is no job of Azure Pipelines, or its agent is older than 3.232")]
    NoJob,
    /// The job keeps its token to itself unless the step asks.
    #[error(
        "{TOKEN} is not set: map it in the step with `env: {{SYSTEM_ACCESSTOKEN: $(System.AccessToken)}}`; Azure Pipelines gives it to no script by itself"
    )]
    NoAccess,
    /// Nobody said which connection.
    #[error(
        "which service connection? Give --service-connection ID or set {CONNECTION}; the id is `resourceId` in the address of its page"
    )]
    NoConnection,
    /// A name in the place of the id.
    #[error(
        "`{0}` is no id of a service connection; its name does not do: take the GUID behind `resourceId=` in the address of its page"
    )]
    NotAnId(String),
    /// The address is not one a token may be sent to.
    #[error("{URI} is not an https address; http is accepted for this machine alone")]
    BadUri,
    /// The job's token is not accepted.
    #[error("Azure DevOps at {at} does not accept this job's {TOKEN} ({tried}): it ends with the job")]
    Denied {
        /// The host that was asked.
        at: String,
        /// What was tried.
        tried: Tried<NoToken>,
    },
    /// The connection is not there for this pipeline.
    #[error(
        "Azure DevOps at {at} gives no token for the service connection {connection} ({tried}); it must use workload identity federation and be authorized for this pipeline"
    )]
    Refused {
        /// The host that was asked.
        at: String,
        /// The id that was asked for.
        connection: String,
        /// What was tried.
        tried: Tried<NoToken>,
    },
    /// No usable answer.
    #[error("Azure DevOps at {at} gave no usable answer: {tried}")]
    Unavailable {
        /// The host that was asked.
        at: String,
        /// What was tried.
        tried: Tried<NoToken>,
    },
}

impl AzurePipelinesError {
    /// True where something here has to change.
    pub(super) const fn is_asked_wrongly(&self) -> bool {
        match self {
            Self::NoJob | Self::NoAccess | Self::NoConnection | Self::NotAnId(_) | Self::BadUri => true,
            Self::Denied { .. } | Self::Refused { .. } | Self::Unavailable { .. } => false,
        }
    }
}

/// Every job of Azure Pipelines has the address; that a connection is named makes it sure.
pub(super) fn detect(host: &Host) -> Detection {
    let set = |name: &str| host.env.var(name).is_some();
    if set(URI) && (set(CONNECTION) || set(TOKEN)) {
        return Detection::Present(format!("{URI} is set"));
    }
    if set(URI) || host.env.var("TF_BUILD").is_some() {
        return Detection::Possible(format!("this is a job of Azure Pipelines, but {TOKEN} is not set"));
    }
    Detection::Absent(format!("{URI} is not set"))
}

/// The form follows from when the connection was made; both are said.
pub(super) fn announce(_: &Host, ask: &Ask<'_>) -> Announcement {
    let connection = ask.given.service_connection.as_deref().unwrap_or("{connection id}");
    Announcement {
        issuer: "https://login.microsoftonline.com/{tenant}/v2.0, for older connections https://vstoken.dev.azure.com/{organization id}".to_owned(),
        subject: format!("/eid1/c/pub/t/{{tenant}}/a/rISbSSETf0KqFyZ8ppdXmA/sc/{{organization id}}/{connection}, for older connections sc://{{organization}}/{{project}}/{{connection}}"),
        audience: "api://AzureADTokenExchange, which the connection decides".to_owned(),
    }
}

pub(super) async fn token(host: &Host, asked: &Ask<'_>) -> Result<Assertion, AzurePipelinesError> {
    let address = host.env.var(URI).ok_or(AzurePipelinesError::NoJob)?;
    let bearer = host.env.var(TOKEN).map(RequestToken::new).ok_or(AzurePipelinesError::NoAccess)?;
    let connection = asked.given.service_connection.clone().or_else(|| host.env.var(CONNECTION));
    let connection = connection.ok_or(AzurePipelinesError::NoConnection)?;
    if connection.parse::<Guid>().is_err() {
        return Err(AzurePipelinesError::NotAnId(connection));
    }
    let mut url = secure(&address).ok_or(AzurePipelinesError::BadUri)?;
    url.query_pairs_mut().append_pair("api-version", "7.1").append_pair("serviceConnectionId", &connection);
    let at = url.host_str().unwrap_or_default().to_owned();
    let manners = Manners { attempt: Duration::from_secs(20), passing: &[], field: "oidcToken" };
    let answer = ask(host, asked.patience, manners, || request(&url, &bearer), read).await;
    answer.map_err(|tried| match tried.reason.status() {
        Some(StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::FOUND) => {
            AzurePipelinesError::Denied { at, tried }
        }
        Some(status) if status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS => {
            AzurePipelinesError::Refused { at, connection, tried }
        }
        Some(_) | None => AzurePipelinesError::Unavailable { at, tried },
    })
}

/// Without the last header Azure DevOps answers a bad token by sending people to its sign-in page.
fn request(url: &Url, bearer: &RequestToken) -> Result<Request<Vec<u8>>, http::Error> {
    let mut authorization = HeaderValue::from_str(&format!("Bearer {}", bearer.reveal()))?;
    authorization.set_sensitive(true);
    Request::post(url.as_str())
        .header(header::AUTHORIZATION, authorization)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::CONTENT_LENGTH, "0")
        .header("X-TFS-FedAuthRedirect", "Suppress")
        .body(Vec::new())
}

fn read(answer: &Response<Vec<u8>>) -> Option<Assertion> {
    text_field(answer, "oidcToken").map(Assertion::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        entra::Patience,
        fetch::source::Given,
        host::{Env, Http, block_on},
        id::Audience,
    };

    const ID: &str = "5b404cf4-a79d-4cfe-b866-24bf8e1a4921";

    fn fetch(variables: &[(&str, &str)], status: u16, body: &str) -> (Result<Assertion, String>, Host) {
        let answer = Response::builder().status(status).body(body.as_bytes().to_vec()).unwrap();
        let env = Env::fake(variables.iter().copied());
        let host = Host { http: Http::fake([Ok(answer)]), env, ..Host::fake() };
        let (audience, given) = (Audience::new("api://AzureADTokenExchange"), Given::default());
        let patience = Patience { budget: Duration::from_secs(1), just_created: false };
        let ask = Ask { audience: &audience, patience, signing_in: None, given: &given };
        let token = block_on(token(&host, &ask)).unwrap().map_err(|error| error.to_string());
        (token, host)
    }

    const JOB: [(&str, &str); 3] =
        [(URI, "https://ado.test/octo/p/_apis/oidctoken"), (TOKEN, "canary"), (CONNECTION, ID)];

    #[test]
    fn the_request_is_the_one_that_the_sdks_make() {
        let (token, host) = fetch(&JOB, 200, r#"{"oidcToken":"a.b.c"}"#);
        assert_eq!(token.unwrap().reveal(), "a.b.c");
        let request = host.http.asked().remove(0);
        assert_eq!(request.method(), "POST");
        assert_eq!(
            request.uri().to_string(),
            format!("https://ado.test/octo/p/_apis/oidctoken?api-version=7.1&serviceConnectionId={ID}")
        );
        assert_eq!(request.headers()["x-tfs-fedauthredirect"], "Suppress");
        assert!(!format!("{request:?}").contains("canary"));
    }

    #[test]
    fn every_way_to_get_none_says_what_to_change() {
        let message = |variables: &[(&str, &str)], status| fetch(variables, status, "{}").0.unwrap_err();
        assert!(message(&[], 200).contains("no job of Azure Pipelines"));
        let [uri, token, connection] = JOB;
        assert!(message(&[uri, connection], 200).contains("$(System.AccessToken)"));
        assert!(message(&[uri, token], 200).contains("--service-connection"));
        assert!(message(&[uri, token, (CONNECTION, "prod")], 200).contains("resourceId="));
        assert!(message(&[(URI, "http://evil.test/"), token, connection], 200).contains("https"));
        assert!(message(&JOB, 401).contains("ends with the job"));
        assert!(message(&JOB, 404).contains("authorized for this pipeline"));
    }
}
