//! AWS as far as tokens go: STS and Cognito, which believe a request only when its signature is right.
//!
//! Source: service models `sts` 2011-06-15 and `cognito-identity` 2014-06-30 in boto/botocore.

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::State as Shared,
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::post,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{amazon_signature::check, key::guid, record::form_fields, world::World};
use crate::issuer::aws::{COGNITO_ISSUER, sts_issuer};

/// What the emulated account holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Amazon {
    /// The region of everything here.
    pub region: String,
    /// The id of the one access key.
    pub access_key: String,
    /// Its secret half.
    pub secret_key: String,
    /// The issuer of the account.
    pub issuer: String,
    /// The role behind the key.
    pub role: String,
    /// False before an administrator has enabled outbound federation.
    pub federation: bool,
    /// For how many seconds the role's session is still good.
    pub session_seconds: i64,
    /// By how many seconds the clock of AWS is ahead.
    pub clock_ahead: i64,
    /// The identity pool.
    pub pool: String,
    /// Its developer provider.
    pub provider: String,
    /// The identity in it.
    pub identity: String,
}

impl Default for Amazon {
    fn default() -> Self {
        Self {
            region: "eu-west-1".into(),
            access_key: "AKIAEMULATED".into(),
            secret_key: "emulated/secret+key".into(),
            issuer: sts_issuer("88888888-8888-4888-8888-888888888888"),
            role: "arn:aws:iam::123456789012:role/deploy".into(),
            federation: true,
            session_seconds: 3600,
            clock_ahead: 0,
            pool: "eu-west-1:99999999-9999-4999-8999-999999999999".into(),
            provider: "login.contoso.deploy".into(),
            identity: "eu-west-1:aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa".into(),
        }
    }
}

impl Amazon {
    /// The name of the role, without account and path.
    pub(super) fn role_name(&self) -> &str {
        self.role.rsplit('/').next().unwrap_or_default()
    }
}

/// A refusal: its code, status and words.
pub(super) type Refusal = (&'static str, u16, &'static str);

pub(super) fn routes() -> Router<Arc<World>> {
    Router::new().route("/aws/sts", post(sts)).route("/aws/cognito", post(cognito))
}

async fn sts(Shared(world): Shared<Arc<World>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let answer = sts_answer(&world, &uri, &headers, &body);
    let (status, xml) = match answer {
        Ok(xml) => (200, xml),
        Err((code, status, message)) => (
            status,
            format!(
                "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error><RequestId>{}</RequestId></ErrorResponse>",
                guid()
            ),
        ),
    };
    answered(&world, status, "text/xml", xml)
}

fn sts_answer(world: &World, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Result<String, Refusal> {
    let amazon = world.state().amazon.clone();
    let fields = form_fields(&String::from_utf8_lossy(body));
    let field = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    if field("Action") == "AssumeRoleWithWebIdentity" {
        return Ok(assumed(&amazon));
    }
    check(&amazon, world.now() + amazon.clock_ahead, "sts", uri, headers, body)?;
    if field("Action") != "GetWebIdentityToken" {
        return Err(("InvalidAction", 400, "Could not find operation"));
    }
    if !amazon.federation {
        let words = "Outbound web identity federation is not enabled for this account.";
        return Err(("OutboundWebIdentityFederationDisabledException", 403, words));
    }
    let seconds: i64 = field("DurationSeconds").parse().unwrap_or(300);
    if !matches!(field("SigningAlgorithm"), "RS256") || !(60..=3600).contains(&seconds) {
        return Err(("ValidationError", 400, "1 validation error detected"));
    }
    if seconds > amazon.session_seconds {
        return Err(("SessionDurationEscalationException", 403, "The token would outlive the session."));
    }
    let token = signed(world, &amazon.issuer, &amazon.role, field("Audience.member.1"), seconds);
    let expiry = iso(world.now() + seconds);
    Ok(format!(
        "<GetWebIdentityTokenResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetWebIdentityTokenResult><WebIdentityToken>{token}</WebIdentityToken><Expiration>{expiry}</Expiration></GetWebIdentityTokenResult></GetWebIdentityTokenResponse>"
    ))
}

/// The one key, for whoever brings a token: whether it is trusted is no question here.
fn assumed(amazon: &Amazon) -> String {
    let (id, secret) = (&amazon.access_key, &amazon.secret_key);
    format!(
        "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>{id}</AccessKeyId><SecretAccessKey>{secret}</SecretAccessKey><SessionToken>session</SessionToken></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>"
    )
}

async fn cognito(Shared(world): Shared<Arc<World>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let (status, body) = match cognito_answer(&world, &uri, &headers, &body) {
        Ok(body) => (200, body),
        Err((code, status, message)) => (status, json!({"__type": code, "message": message})),
    };
    answered(&world, status, "application/x-amz-json-1.1", body.to_string())
}

fn cognito_answer(world: &World, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Result<Value, Refusal> {
    let amazon = world.state().amazon.clone();
    check(&amazon, world.now() + amazon.clock_ahead, "cognito-identity", uri, headers, body)?;
    let target = headers.get("x-amz-target").and_then(|value| value.to_str().ok());
    if target != Some("AWSCognitoIdentityService.GetOpenIdTokenForDeveloperIdentity") {
        return Err(("UnknownOperationException", 400, ""));
    }
    let fields: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
    if fields.get("IdentityPoolId").and_then(Value::as_str) != Some(&amazon.pool) {
        return Err(("ResourceNotFoundException", 400, "IdentityPool not found."));
    }
    if fields.get("Logins").and_then(|logins| logins.get(&amazon.provider)).is_none() {
        return Err(("InvalidParameterException", 400, "Please provide a valid developer provider name."));
    }
    let seconds = fields.get("TokenDuration").and_then(Value::as_i64).unwrap_or(900);
    let token = signed(world, COGNITO_ISSUER, &amazon.identity, &amazon.pool, seconds);
    Ok(json!({"IdentityId": amazon.identity, "Token": token}))
}

/// A token good for `seconds` from now.
pub(super) fn signed(world: &World, issuer: &str, subject: &str, audience: &str, seconds: i64) -> String {
    let now = world.now();
    let claims = json!({
        "iss": issuer, "sub": subject, "aud": audience, "iat": now, "exp": now + seconds, "jti": guid(),
    });
    world.key().sign(&claims).unwrap_or_default()
}

fn iso(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).unwrap_or_default().to_string()
}

fn answered(world: &World, status: u16, kind: &'static str, body: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let theirs = jiff::Timestamp::from_second(world.now() + world.state().amazon.clock_ahead);
    let date = theirs.unwrap_or_default().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    (status, [(header::CONTENT_TYPE, kind.to_owned()), (header::DATE, date)], body).into_response()
}
