//! STS: a token for the role that asks, and a role for a token.
//!
//! Source: <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetWebIdentityToken.html>,
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html>.

use std::ops::RangeInclusive;

use thiserror::Error;
use url::form_urlencoded::Serializer;

use super::{
    call::{Call, ServiceError, element},
    credentials::{Credentials, Origin},
};
use crate::{
    entra::Patience,
    host::Host,
    id::Audience,
    issuer::aws::Region,
    secret::{Assertion, SecretKey, SessionToken},
};

/// For how long a token may be good, in seconds.
pub const LIFETIMES: RangeInclusive<u16> = 60..=3600;
/// For how long it is good where nobody says, in seconds.
pub const DEFAULT_LIFETIME: u16 = 300;

const VERSION: &str = "2011-06-15";

/// Why STS signs no token.
#[derive(Debug, Error)]
pub enum StsError {
    /// The account has not switched the feature on.
    #[error(
        "this AWS account issues no tokens to other clouds yet; an administrator enables it once: aws iam enable-outbound-web-identity-federation (it prints the issuer for the credential)"
    )]
    FederationDisabled,
    /// The session ends before the token would.
    #[error(
        "the AWS session of this role ends in less than {lifetime} seconds, and a token may not outlive it; renew the session, or ask for a shorter token (--aws-lifetime, at least 60)"
    )]
    SessionTooShort {
        /// What was asked for, in seconds.
        lifetime: u16,
    },
    /// The tags of the role and its session make the token too long.
    #[error("the claims are too long for a token of STS; take tags off the role or its session")]
    PayloadTooLarge,
    /// The role may not ask.
    #[error("the role may not ask for tokens; allow it `sts:GetWebIdentityToken` on `*` ({0})")]
    Denied(ServiceError),
    /// The credentials are over.
    #[error("the AWS credentials have expired; renew them ({0})")]
    Expired(ServiceError),
    /// The key or its secret half is wrong.
    #[error(
        "STS does not accept the AWS credentials: the key, its secret or its session token is wrong, or they belong to another partition ({0})"
    )]
    BadKey(ServiceError),
    /// The region is switched off.
    #[error("STS is switched off in this region; choose another with AWS_REGION ({0})")]
    RegionDisabled(ServiceError),
    /// Anything else.
    #[error(transparent)]
    Service(ServiceError),
    /// A success without a token.
    #[error(
        "STS answered, but without a token; does something else answer in its place, a portal or what AWS_ENDPOINT_URL_STS names?"
    )]
    Malformed,
}

/// Asks for a token of the role behind `credentials`, signed with RS256, good for `lifetime` seconds.
///
/// # Errors
/// Why there is none, each reason with what to do about it.
pub async fn web_identity_token(
    host: &Host,
    region: &Region,
    credentials: &Credentials,
    (audience, lifetime): (&Audience, u16),
    patience: Patience,
) -> Result<Assertion, StsError> {
    let fields = [
        ("Action", "GetWebIdentityToken"),
        ("Version", VERSION),
        ("Audience.member.1", audience.as_str()),
        ("SigningAlgorithm", "RS256"),
        ("DurationSeconds", &lifetime.to_string()),
    ];
    let answer = query(host, region, Some(credentials), &fields, patience).await;
    let answer = answer.map_err(|error| told(error, lifetime))?;
    element(&answer, "WebIdentityToken").map(Assertion::new).ok_or(StsError::Malformed)
}

/// Credentials of `role` for `token`; `None` for a success without them.
pub(super) async fn assume_role(
    host: &Host,
    region: &Region,
    (role, session): (&str, &str),
    token: &Assertion,
    patience: Patience,
) -> Result<Option<Credentials>, ServiceError> {
    let fields = [
        ("Action", "AssumeRoleWithWebIdentity"),
        ("Version", VERSION),
        ("RoleArn", role),
        ("RoleSessionName", session),
        ("WebIdentityToken", token.reveal()),
    ];
    let answer = query(host, region, None, &fields, patience).await?;
    let text = |name| element(&answer, name);
    let parts = (text("AccessKeyId"), text("SecretAccessKey"), text("SessionToken"));
    Ok(if let (Some(access_key), Some(secret), Some(token)) = parts {
        let (secret_key, session_token) = (SecretKey::new(secret), Some(SessionToken::new(token)));
        Some(Credentials { access_key, secret_key, session_token, origin: Origin::WebIdentity })
    } else {
        None
    })
}

async fn query(
    host: &Host,
    region: &Region,
    credentials: Option<&Credentials>,
    fields: &[(&str, &str)],
    patience: Patience,
) -> Result<String, ServiceError> {
    let body = Serializer::new(String::new()).extend_pairs(fields).finish();
    let kind = "application/x-www-form-urlencoded; charset=utf-8".to_owned();
    let call = Call { service: "sts", region, credentials, headers: vec![("content-type", kind)], body };
    call.send(host, patience).await
}

/// The table of refusals. The model writes some codes with `Exception` behind them and the service may leave it out.
fn told(error: ServiceError, lifetime: u16) -> StsError {
    let code = if let ServiceError::Refused { code, .. } = &error { code.clone() } else { String::new() };
    match code.trim_end_matches("Exception") {
        "OutboundWebIdentityFederationDisabled" => StsError::FederationDisabled,
        "SessionDurationEscalation" => StsError::SessionTooShort { lifetime },
        "JWTPayloadSizeExceeded" => StsError::PayloadTooLarge,
        "AccessDenied" => StsError::Denied(error),
        "ExpiredToken" => StsError::Expired(error),
        "InvalidClientTokenId" | "SignatureDoesNotMatch" | "UnrecognizedClient" => StsError::BadKey(error),
        "RegionDisabled" => StsError::RegionDisabled(error),
        _ => StsError::Service(error),
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;

    #[test]
    fn every_refusal_says_what_to_do_and_an_unknown_one_is_shown_as_it_is() {
        for (code, text) in [
            ("OutboundWebIdentityFederationDisabledException", "enable-outbound-web-identity-federation"),
            ("SessionDurationEscalationException", "less than 900 seconds"),
            ("SessionDurationEscalation", "less than 900 seconds"),
            ("JWTPayloadSizeExceededException", "take tags off"),
            ("AccessDenied", "sts:GetWebIdentityToken"),
            ("ExpiredTokenException", "have expired"),
            ("InvalidClientTokenId", "another partition"),
            ("RegionDisabledException", "AWS_REGION"),
            ("Novel", "refused: the words (Novel, status 400)"),
        ] {
            let (at, message) = ("sts.eu-west-1.amazonaws.com".to_owned(), "the words".to_owned());
            let status = StatusCode::BAD_REQUEST;
            let error = told(ServiceError::Refused { at, code: code.into(), message, status }, 900);
            assert!(error.to_string().contains(text), "{code}: {error}");
        }
    }
}
