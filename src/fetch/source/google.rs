//! Google Cloud: the metadata server gives the attached service account's identity token.
//!
//! Source: <https://cloud.google.com/compute/docs/instances/verifying-instance-identity>, googleapis/google-auth-library-python
//! `google/auth/compute_engine/_metadata.py`.

use std::{path::Path, str::FromStr, time::Duration};

use http::{Request, Response, StatusCode, uri::Authority};
use thiserror::Error;
use url::form_urlencoded;

use super::{
    Announcement, Ask, Detection,
    asking::{Manners, NoToken, ask},
};
use crate::{
    fetch::driver::Tried,
    host::{Direct, Host},
    issuer::google,
    secret::Assertion,
};

const HOST: &str = "GCE_METADATA_HOST";
const FLAVOR: &str = "Metadata-Flavor";
/// What the firmware of Google's machines calls itself.
const FIRMWARE: &str = "/sys/class/dmi/id/product_name";

/// Why there is no token.
#[derive(Debug, Error)]
pub enum GoogleError {
    /// The variable holds more than a host.
    #[error("{HOST} is `{}`; it holds a host and perhaps a port, such as metadata.google.internal:80, and no scheme", crate::id::visible(.0))]
    BadHost(String),
    /// No account to speak for.
    #[error(
        "Google's metadata server at {at} knows no default service account ({tried}); attach one to this machine, or on GKE annotate the Kubernetes service account with `iam.gke.io/gcp-service-account`"
    )]
    NoAccount {
        /// The host that was asked.
        at: String,
        /// What was tried.
        tried: Tried<NoToken>,
    },
    /// No usable answer.
    #[error(
        "Google's metadata server at {at} gave no token: {tried}; it answers inside Google Cloud alone, and {HOST} names another one"
    )]
    Unavailable {
        /// The host that was asked.
        at: String,
        /// What was tried.
        tried: Tried<NoToken>,
    },
}

impl GoogleError {
    /// True where something here has to change.
    pub(super) const fn is_asked_wrongly(&self) -> bool {
        match self {
            Self::BadHost(_) => true,
            Self::NoAccount { .. } | Self::Unavailable { .. } => false,
        }
    }
}

/// Sure where a variable names the server or Cloud Run announces itself; possible on Google's machines.
pub(super) fn detect(host: &Host) -> Detection {
    if host.env.var(HOST).is_some() {
        return Detection::Present(format!("{HOST} is set"));
    }
    // Source: <https://cloud.google.com/run/docs/container-contract>, the variables of services and jobs.
    if let Some(name) = ["K_SERVICE", "CLOUD_RUN_JOB"].into_iter().find(|name| host.env.var(name).is_some()) {
        return Detection::Possible(format!("{name} is set"));
    }
    let product = host.files.read(Path::new(FIRMWARE), 256).unwrap_or_default();
    if product.starts_with(b"Google") {
        return Detection::Possible("this is a machine of Google Cloud".to_owned());
    }
    Detection::Absent(format!("{HOST} is not set and this is no machine of Google Cloud"))
}

/// The subject is a number that only the server knows.
pub(super) fn announce(_: &Host, ask: &Ask<'_>) -> Announcement {
    Announcement {
        issuer: google::ISSUER.to_owned(),
        subject: "{unique id of the service account, digits}".to_owned(),
        audience: ask.audience.to_string(),
    }
}

pub(super) async fn token(host: &Host, asked: &Ask<'_>) -> Result<Assertion, GoogleError> {
    let at = host.env.var(HOST).unwrap_or_else(|| "metadata.google.internal".to_owned());
    if Authority::from_str(&at).is_err() || at.contains('@') {
        return Err(GoogleError::BadHost(at));
    }
    let audience: String = form_urlencoded::byte_serialize(asked.audience.as_str().as_bytes()).collect();
    let url = format!(
        "http://{at}/computeMetadata/v1/instance/service-accounts/default/identity?audience={audience}&format=full"
    );
    let manners = Manners { attempt: Duration::from_secs(5), passing: &[], field: "Metadata-Flavor: Google" };
    let answer = ask(host, asked.patience, manners, || request(&url), read).await;
    answer.map_err(|tried| match tried.reason.status() {
        Some(StatusCode::NOT_FOUND) => GoogleError::NoAccount { at, tried },
        Some(_) | None => GoogleError::Unavailable { at, tried },
    })
}

/// The header keeps web pages from asking; the server repeats it, so that nobody else is taken for it.
fn request(url: &str) -> Result<Request<Vec<u8>>, http::Error> {
    Request::get(url).header(FLAVOR, "Google").extension(Direct).body(Vec::new())
}

fn read(answer: &Response<Vec<u8>>) -> Option<Assertion> {
    if answer.headers().get(FLAVOR)?.as_bytes() != b"Google" {
        return None;
    }
    let token = std::str::from_utf8(answer.body()).ok()?.trim();
    (!token.is_empty()).then(|| Assertion::new(token.to_owned()))
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

    fn answer(status: u16, flavor: &str, body: &str) -> Response<Vec<u8>> {
        let body = body.as_bytes().to_vec();
        Response::builder().status(status).header(FLAVOR, flavor).body(body).unwrap()
    }

    fn fetch(answers: Vec<Response<Vec<u8>>>) -> (Result<Assertion, String>, Host) {
        let http = Http::fake(answers.into_iter().map(Ok));
        let host = Host { http, env: Env::fake([(HOST, "meta.test:80")]), ..Host::fake() };
        let (audience, given) = (Audience::new("api://AzureADTokenExchange"), Given::default());
        let patience = Patience { budget: Duration::from_secs(3), just_created: false };
        let ask = Ask { audience: &audience, patience, signing_in: None, given: &given };
        let token = block_on(token(&host, &ask)).unwrap().map_err(|error| error.to_string());
        (token, host)
    }

    #[test]
    fn the_request_is_the_one_that_google_documents_and_goes_through_no_proxy() {
        let (token, host) = fetch(vec![answer(200, "Google", "a.b.c\n")]);
        assert_eq!(token.unwrap().reveal(), "a.b.c");
        let request = host.http.asked().remove(0);
        assert_eq!(
            request.uri(),
            "http://meta.test:80/computeMetadata/v1/instance/service-accounts/default/identity?audience=api%3A%2F%2FAzureADTokenExchange&format=full"
        );
        assert_eq!(request.headers()[FLAVOR], "Google");
        assert!(request.extensions().get::<Direct>().is_some());
    }

    #[test]
    fn a_machine_without_an_account_is_told_so_and_a_stranger_is_not_believed() {
        let (none, _) = fetch(vec![answer(404, "Google", "")]);
        assert!(none.unwrap_err().contains("knows no default service account"));
        let (stranger, host) = fetch(std::iter::repeat_n(answer(200, "Portal", "a.b.c"), 20).collect());
        assert!(stranger.unwrap_err().contains("gave no token"));
        assert!(!host.clock.slept().is_empty());
    }

    #[test]
    fn a_redirect_is_named_without_what_it_may_carry() {
        let portal = ("location", "https://portal.test/login?ticket=canary");
        let mut answer = answer(302, "Google", "");
        answer.headers_mut().insert(portal.0, portal.1.parse().unwrap());
        let told = fetch(vec![answer]).0.unwrap_err();
        assert!(told.contains("a redirect to portal.test, which is not followed"), "{told}");
        assert!(!told.contains("canary"), "{told}");
    }

    #[test]
    fn google_is_sure_by_its_variable_and_possible_by_its_machine() {
        let machine = Host { files: Files::fake([(FIRMWARE, "Google Compute Engine\n")]), ..Host::fake() };
        assert!(matches!(detect(&machine), Detection::Possible(_)));
        assert!(matches!(detect(&Host::fake()), Detection::Absent(_)));
    }
}
