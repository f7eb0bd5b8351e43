//! Entra's token endpoint: the assertion in, an access token or a refusal out.

use std::time::{Duration, SystemTime};

use thiserror::Error;

use super::driver::{Step, Tried, Unanswered, persist};
use crate::{
    entra::{self, Answer, Exchange, Patience, Trouble},
    host::{Failure, Host, Limits},
    refusal::Refusal,
    secret::AccessToken,
};

/// An access token and when it ends.
#[derive(Debug)]
pub struct Granted {
    /// The token.
    pub access_token: AccessToken,
    /// When it ends, by this machine's clock.
    pub expires_on: SystemTime,
}

/// Why there is no access token.
#[derive(Debug, Error)]
pub enum ExchangeError {
    /// Entra said no.
    #[error("Microsoft Entra at {at} refused: {tried}")]
    Refused {
        /// The authority's host.
        at: String,
        /// The refusal and what was tried.
        tried: Tried<Box<Refusal>>,
    },
    /// Entra said nothing that can be read.
    #[error("Microsoft Entra at {at} gave no usable answer: {tried}")]
    Unavailable {
        /// The authority's host.
        at: String,
        /// What was tried.
        tried: Tried<Unanswered>,
    },
}

enum Last {
    Refused(Box<Refusal>),
    Unanswered(Unanswered),
}

/// Exchanges the assertion, asking again where that can help.
///
/// # Errors
/// Entra's refusal, or why there was no usable answer.
pub async fn exchange(
    host: &Host,
    exchange: &Exchange<'_>,
    patience: Patience,
) -> Result<Granted, ExchangeError> {
    let at = exchange.authority.host_str().unwrap_or_default().to_owned();
    let tried = match persist(host, patience, async |limits| once(host, exchange, &limits).await).await {
        Ok(granted) => return Ok(granted),
        Err(tried) => tried,
    };
    let Tried { attempts, within, reason } = tried;
    Err(match reason {
        Last::Refused(reason) => ExchangeError::Refused { at, tried: Tried { attempts, within, reason } },
        Last::Unanswered(reason) => {
            ExchangeError::Unavailable { at, tried: Tried { attempts, within, reason } }
        }
    })
}

async fn once(host: &Host, exchange: &Exchange<'_>, limits: &Limits) -> Step<Granted, Last> {
    let sent = match exchange.request() {
        Ok(request) => host.http.send(request, limits).await,
        Err(error) => Err(Failure::Unsent(error.to_string())),
    };
    let answer = match sent {
        Ok(answer) => answer,
        Err(failure) => return Step::unanswered(failure, Last::Unanswered),
    };
    let read = entra::read(&answer);
    let trouble = Trouble::of(&read, answer.headers()).unwrap_or(Trouble::Hopeless);
    match read {
        Answer::Granted(grant) => Step::Done(Granted {
            access_token: grant.access_token,
            expires_on: later(host.clock.now(), grant.expires_in),
        }),
        Answer::Refused(refusal, _) => Step::Failed(trouble, Last::Refused(refusal)),
        Answer::Unreadable(what) => Step::Failed(trouble, Last::Unanswered(what.into())),
    }
}

fn later(now: SystemTime, by: Duration) -> SystemTime {
    now.checked_add(by).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use http::Response;
    use url::Url;

    use super::*;
    use crate::{
        host::{Http, block_on},
        secret::Assertion,
    };

    fn answer(status: u16, body: &str) -> Result<Response<Vec<u8>>, Failure> {
        Ok(Response::builder()
            .status(status)
            .header("retry-after", "7")
            .body(body.as_bytes().to_vec())
            .unwrap())
    }

    fn run<const N: usize>(
        answers: [Result<Response<Vec<u8>>, Failure>; N],
        just_created: bool,
    ) -> (Result<Granted, ExchangeError>, Host) {
        let host = Host { http: Http::fake(answers), ..Host::fake() };
        let asked = Exchange {
            authority: &Url::parse("https://login.test").unwrap(),
            tenant: &"contoso.test".parse().unwrap(),
            client: &"11111111-2222-3333-4444-555555555555".parse().unwrap(),
            scopes: "https://arm.test/.default",
            assertion: &Assertion::new("e30.e30.c2ln".into()),
        };
        let patience = Patience { budget: Duration::from_secs(60), just_created };
        (block_on(exchange(&host, &asked, patience)).unwrap(), host)
    }

    const TOKEN: &str = r#"{"access_token":"t","expires_in":60}"#;
    const REFUSAL: &str = r#"{"error":"invalid_client","error_description":"AADSTS700213: no Trace ID: 1","error_codes":[700213]}"#;

    #[test]
    fn retry_after_is_honoured_to_the_second() {
        let (granted, host) = run([answer(429, "{}"), answer(200, TOKEN)], false);
        assert_eq!(host.clock.slept(), [Duration::from_secs(7)]);
        assert_eq!(granted.unwrap().expires_on, SystemTime::UNIX_EPOCH + Duration::from_secs(67));
    }

    #[test]
    fn a_refusal_that_time_cannot_change_is_told_at_once() {
        let (refused, host) = run([answer(401, REFUSAL), answer(200, TOKEN)], false);
        assert_eq!(
            refused.unwrap_err().to_string(),
            "Microsoft Entra at login.test refused: AADSTS700213: no (1 attempt in 0.0 s)"
        );
        assert!(host.clock.slept().is_empty());
    }

    #[test]
    fn the_same_refusal_is_asked_again_when_something_was_just_created() {
        let (granted, host) = run([answer(401, REFUSAL), answer(200, TOKEN)], true);
        assert!(granted.is_ok());
        assert_eq!(host.clock.slept().len(), 1);
    }

    #[test]
    fn a_bad_certificate_is_told_at_once_and_names_the_service() {
        let (failed, host) = run([Err(Failure::Tls("unknown issuer".into()))], false);
        assert_eq!(
            failed.unwrap_err().to_string(),
            "Microsoft Entra at login.test gave no usable answer: the TLS handshake failed (unknown issuer) (1 attempt in 0.0 s)"
        );
        assert_eq!(host.http.asked().len(), 1);
    }
}
