//! Cognito: a token for an identity that a developer's own provider vouches for.
//!
//! Source: <https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdTokenForDeveloperIdentity.html>.

use std::str::FromStr;

use serde_json::{Value, json};
use thiserror::Error;

use super::{
    call::{Call, ServiceError},
    credentials::Credentials,
};
use crate::{entra::Patience, host::Host, issuer::aws::Pool, secret::Assertion};

const TARGET: &str = "AWSCognitoIdentityService.GetOpenIdTokenForDeveloperIdentity";

/// Who signs in to the pool: the developer provider and the user there, `PROVIDER=USER`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    provider: String,
    user: String,
}

/// A login without its two parts.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("a login at Cognito is PROVIDER=USER, such as login.contoso.deploy=robot")]
pub struct LoginError;

impl FromStr for Login {
    type Err = LoginError;

    fn from_str(text: &str) -> Result<Self, LoginError> {
        match text.split_once('=') {
            Some((provider, user)) if !provider.is_empty() && !user.is_empty() => {
                Ok(Self { provider: provider.to_owned(), user: user.to_owned() })
            }
            _ => Err(LoginError),
        }
    }
}

/// Why Cognito signs no token.
#[derive(Debug, Error)]
pub enum CognitoError {
    /// The pool does not exist there.
    #[error("Cognito knows no identity pool `{pool}` in this AWS account ({why})")]
    NoPool {
        /// The pool.
        pool: String,
        /// What Cognito says.
        why: ServiceError,
    },
    /// The pool does not know the provider, or the parts of the request do not fit.
    #[error(
        "Cognito does not accept the login at `{provider}`; it must be the developer provider name of the pool ({why})"
    )]
    BadLogin {
        /// The provider.
        provider: String,
        /// What Cognito says.
        why: ServiceError,
    },
    /// The credentials may not ask.
    #[error(
        "the AWS credentials may not ask; allow them `cognito-identity:GetOpenIdTokenForDeveloperIdentity` on the pool ({0})"
    )]
    Denied(ServiceError),
    /// Anything else.
    #[error(transparent)]
    Service(ServiceError),
    /// A success without a token.
    #[error(
        "Cognito answered, but without a token; does something else answer in its place, a portal or what AWS_ENDPOINT_URL_COGNITO_IDENTITY names?"
    )]
    Malformed,
}

/// Asks for a token of `login`'s identity in `pool`, good for `lifetime` seconds. Its audience is the pool.
///
/// # Errors
/// Why there is none, each reason with what to do about it.
pub async fn developer_token(
    host: &Host,
    credentials: &Credentials,
    pool: &Pool,
    login: &Login,
    lifetime: u16,
    patience: Patience,
) -> Result<Assertion, CognitoError> {
    let mut logins = serde_json::Map::new();
    logins.insert(login.provider.clone(), json!(login.user));
    let body = json!({"IdentityPoolId": pool.id(), "Logins": logins, "TokenDuration": lifetime});
    let kind = "application/x-amz-json-1.1".to_owned();
    let call = Call {
        service: "cognito-identity",
        region: pool.region(),
        credentials: Some(credentials),
        headers: vec![("content-type", kind), ("x-amz-target", TARGET.to_owned())],
        body: body.to_string(),
    };
    let answer = call.send(host, patience).await.map_err(|error| told(error, pool, login))?;
    let fields: Value = serde_json::from_str(&answer).unwrap_or(Value::Null);
    let token = fields.get("Token").and_then(Value::as_str);
    token.map(|token| Assertion::new(token.to_owned())).ok_or(CognitoError::Malformed)
}

fn told(why: ServiceError, pool: &Pool, login: &Login) -> CognitoError {
    let code = if let ServiceError::Refused { code, .. } = &why { code.as_str() } else { "" };
    match code {
        "ResourceNotFoundException" => CognitoError::NoPool { pool: pool.id().to_owned(), why },
        "InvalidParameterException"
        | "NotAuthorizedException"
        | "DeveloperUserAlreadyRegisteredException" => {
            CognitoError::BadLogin { provider: login.provider.clone(), why }
        }
        "AccessDeniedException" | "UnrecognizedClientException" | "InvalidSignatureException" => {
            CognitoError::Denied(why)
        }
        _ => CognitoError::Service(why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_has_a_provider_and_a_user_who_may_hold_equals_signs() {
        let login: Login = "login.contoso.deploy=a=b".parse().unwrap();
        assert_eq!((login.provider.as_str(), login.user.as_str()), ("login.contoso.deploy", "a=b"));
        assert!("=a".parse::<Login>().is_err() && "a".parse::<Login>().is_err());
    }
}
