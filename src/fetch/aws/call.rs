//! One call of a service: signed anew for every attempt, asked again where that helps, its refusal read.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{HeaderMap, Request, Response, StatusCode, header};
use serde_json::Value;
use thiserror::Error;
use url::Url;

use super::{
    credentials::Credentials,
    signature::{Message, Scope, amz_date, authorization},
};
use crate::{
    entra::{Patience, Trouble, Unreadable, retry_after},
    fetch::driver::{Step, Tried, Unanswered, persist},
    host::{Failure, Host, Limits},
    issuer::aws::Region,
};

/// A clock that is off by more is why a signature is refused.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html>, five minutes.
const SKEW: i64 = 300;

/// A call.
pub(super) struct Call<'a> {
    /// The service, as it signs and as its host is named.
    pub(super) service: &'static str,
    /// Where.
    pub(super) region: &'a Region,
    /// Who signs; nobody where the body itself proves who asks.
    pub(super) credentials: Option<&'a Credentials>,
    /// Headers beside those of the signature.
    pub(super) headers: Vec<(&'static str, String)>,
    /// The body.
    pub(super) body: String,
}

/// Why a service did not do what it was asked.
#[derive(Debug, Error)]
pub enum ServiceError {
    /// The variable that names another endpoint holds none that may be used.
    #[error("{variable} is not an https address; http is accepted for this machine alone")]
    Endpoint {
        /// The variable.
        variable: &'static str,
    },
    /// No usable answer.
    #[error("{at} is not available: {tried}")]
    Unavailable {
        /// The host that was asked.
        at: String,
        /// What was tried.
        tried: Tried<Unanswered>,
    },
    /// The signature's time is not the service's.
    #[error(
        "{at} refused the signature because this machine's clock is {} {}; set the clock (chronyc makestep, w32tm /resync)",
        length(.seconds.unsigned_abs()),
        if *.seconds < 0 { "slow" } else { "fast" }
    )]
    Clock {
        /// The host that was asked.
        at: String,
        /// Our time minus theirs.
        seconds: i64,
    },
    /// A refusal with a reason.
    #[error("{at} refused: {} ({code}, status {})", crate::id::visible(message), status.as_u16())]
    Refused {
        /// The host that was asked.
        at: String,
        /// The code of the reason.
        code: String,
        /// The service's own words.
        message: String,
        /// The HTTP status.
        status: StatusCode,
    },
}

fn length(seconds: u64) -> String {
    if seconds < 120 { format!("{seconds} seconds") } else { format!("{} minutes", seconds / 60) }
}

impl Call<'_> {
    /// Sends the call and returns the body of a success.
    pub(super) async fn send(&self, host: &Host, patience: Patience) -> Result<String, ServiceError> {
        let url = self.url(host)?;
        let at = url.host_str().unwrap_or_default().to_owned();
        let asked = ask(host, patience, None, || self.request(&url, host.clock.now())).await;
        let answer = asked.map_err(|tried| ServiceError::Unavailable { at: at.clone(), tried })?;
        let body = String::from_utf8_lossy(answer.body()).into_owned();
        if answer.status().is_success() {
            return Ok(body);
        }
        if let Some(seconds) = skew(host.clock.now(), answer.headers()).filter(|_| self.credentials.is_some())
        {
            return Err(ServiceError::Clock { at, seconds });
        }
        let (code, message) = reason(&body);
        if code.is_empty() {
            let reason = Unreadable::of(&answer, "Code").into();
            return Err(ServiceError::Unavailable { at, tried: Tried::once(reason) });
        }
        Err(ServiceError::Refused { at, code, message, status: answer.status() })
    }

    /// The regional endpoint, or the one that the variables of AWS name.
    ///
    /// Source: <https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html>.
    fn url(&self, host: &Host) -> Result<Url, ServiceError> {
        let own = match self.service {
            "sts" => "AWS_ENDPOINT_URL_STS",
            _ => "AWS_ENDPOINT_URL_COGNITO_IDENTITY",
        };
        let set = [own, "AWS_ENDPOINT_URL"].into_iter().find_map(|name| Some((name, host.env.var(name)?)));
        let ignored = host.env.var("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS").as_deref() == Some("true");
        let (variable, text) =
            set.filter(|_| !ignored).unwrap_or_else(|| ("AWS_REGION", self.region.endpoint(self.service)));
        let url = Url::parse(&text).ok().filter(may_be_asked);
        url.ok_or(ServiceError::Endpoint { variable })
    }

    fn request(&self, url: &Url, now: SystemTime) -> Result<Request<Vec<u8>>, http::Error> {
        let mut headers: Vec<(String, String)> =
            self.headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        if let Some(credentials) = self.credentials {
            let time = amz_date(now);
            headers.push(("host".to_owned(), authority(url)));
            headers.push(("x-amz-date".to_owned(), time.clone()));
            if let Some(token) = &credentials.session_token {
                headers.push(("x-amz-security-token".to_owned(), token.reveal().to_owned()));
            }
            let scope = Scope { time: &time, region: self.region.as_str(), service: self.service };
            let (path, body) = (url.path(), self.body.as_bytes());
            let message = Message { method: "POST", path, query: "", headers: headers.clone(), body };
            let value = authorization(&credentials.access_key, &credentials.secret_key, scope, &message);
            headers.push(("authorization".to_owned(), value));
        }
        let request = Request::post(url.as_str());
        let request = headers.iter().fold(request, |request, (name, value)| request.header(name, value));
        request.body(self.body.clone().into_bytes())
    }
}

/// Over https, or over http to this machine.
pub(super) fn may_be_asked(url: &Url) -> bool {
    let here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    url.scheme() == "https" || (url.scheme() == "http" && here)
}

fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Asks until there is an answer that is the service's last word, whatever its status.
pub(super) async fn ask(
    host: &Host,
    patience: Patience,
    longest: Option<Duration>,
    build: impl Fn() -> Result<Request<Vec<u8>>, http::Error>,
) -> Result<Response<Vec<u8>>, Tried<Unanswered>> {
    persist(host, patience, async |limits: Limits| {
        let total = longest.map_or(limits.total, |longest| longest.min(limits.total));
        let sent = match build() {
            Ok(request) => host.http.send(request, &Limits { total, ..limits }).await,
            Err(error) => Err(Failure::Unsent(error.to_string())),
        };
        match sent {
            Ok(answer) if is_passing(&answer) => {
                let status = StatusCode::TOO_MANY_REQUESTS.max(answer.status());
                let trouble = Trouble::Status(status, retry_after(answer.headers()));
                Step::Failed(trouble, Unreadable::of(&answer, "Code").into())
            }
            Ok(answer) => Step::Done(answer),
            Err(failure) => Step::unanswered(failure, |why| why),
        }
    })
    .await
}

/// Overload and errors of the server. Throttling comes under status 400 too.
fn is_passing(answer: &Response<Vec<u8>>) -> bool {
    let status = answer.status();
    status.is_server_error()
        || status == StatusCode::TOO_MANY_REQUESTS
        || (status.is_client_error()
            && matches!(
                reason(&String::from_utf8_lossy(answer.body())).0.as_str(),
                "Throttling" | "ThrottlingException" | "TooManyRequestsException"
            ))
}

/// The code and the words of a refusal, in XML or in JSON.
fn reason(body: &str) -> (String, String) {
    if let Ok(fields) = serde_json::from_str::<Value>(body) {
        let text = |name: &str| fields.get(name).and_then(Value::as_str);
        let code = text("__type").or_else(|| text("code")).unwrap_or_default();
        let message = text("message").or_else(|| text("Message")).unwrap_or_default();
        return (code.rsplit('#').next().unwrap_or_default().to_owned(), message.to_owned());
    }
    (element(body, "Code").unwrap_or_default(), element(body, "Message").unwrap_or_default())
}

/// The text of the first element of that name, in XML whose elements have no attributes.
pub(super) fn element(xml: &str, name: &str) -> Option<String> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    let (text, _) = rest.split_once(&format!("</{name}>"))?;
    let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    Some(pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to)))
}

/// Our time minus the service's in seconds, where it is too much for a signature.
fn skew(now: SystemTime, headers: &HeaderMap) -> Option<i64> {
    let date = headers.get(header::DATE)?.to_str().ok()?;
    let theirs = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(date).ok()?.as_second();
    let ours = i64::try_from(now.duration_since(UNIX_EPOCH).ok()?.as_secs()).ok()?;
    Some(ours - theirs).filter(|seconds| seconds.abs() > SKEW)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_read_in_both_forms() {
        let xml = "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User: &lt;x&gt; &amp;amp;</Message></Error></ErrorResponse>";
        assert_eq!(reason(xml), ("AccessDenied".into(), "User: <x> &amp;".into()));
        let json = r#"{"__type":"com.amazonaws#NotAuthorizedException","message":"no"}"#;
        assert_eq!(reason(json), ("NotAuthorizedException".into(), "no".into()));
        assert_eq!(reason("<html>"), (String::new(), String::new()));
    }

    #[test]
    fn the_clock_is_blamed_only_when_it_is_off_by_more_than_a_signature_bears() {
        let headers = |date: &str| HeaderMap::from_iter([(header::DATE, date.parse().unwrap())]);
        let at = |seconds| UNIX_EPOCH + Duration::from_secs(seconds);
        let date = headers("Sun, 30 Aug 2015 12:36:00 GMT");
        assert_eq!(skew(at(1_440_938_160 - 299), &date), None);
        assert_eq!(skew(at(1_440_938_160 - 900), &date), Some(-900));
        let error = ServiceError::Clock { at: "sts".into(), seconds: -900 }.to_string();
        assert!(error.contains("clock is 15 minutes slow"), "{error}");
        assert_eq!(skew(at(0), &HeaderMap::new()), None);
    }

    #[test]
    fn signed_requests_leave_over_https_or_not_at_all() {
        let may = |text: &str| may_be_asked(&Url::parse(text).unwrap());
        assert!(may("https://sts.eu-west-1.amazonaws.com") && may("http://127.0.0.1:1/aws/sts"));
        assert!(!may("http://sts.eu-west-1.amazonaws.com") && !may("http://localhost.example/"));
    }
}
