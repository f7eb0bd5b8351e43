//! The cloud that a name or the base URL of an ARM endpoint stands for.

use http::Request;
use serde_json::Value;
use thiserror::Error;
use url::Url;

use super::driver::{Step, Tried, Unanswered, persist};
use crate::{
    entra::{CloudError, Endpoints, Patience, Trouble, Unreadable, retry_after},
    host::{Failure, Host, Limits},
    id::Cloud,
};

/// Why a cloud's endpoints are not known.
#[derive(Debug, Error)]
pub enum CloudLookupError {
    /// The name or the metadata is no good.
    #[error(transparent)]
    Cloud(#[from] CloudError),
    /// The endpoint that should describe the cloud gave no usable answer.
    #[error("the cloud's endpoint {at} gave no usable answer: {tried}")]
    Unavailable {
        /// What was asked.
        at: Url,
        /// What was tried.
        tried: Tried<Unanswered>,
    },
}

/// The endpoints of `named`: a row of the table, or what the ARM endpoint at that URL says of itself.
///
/// # Errors
/// When there is no such cloud, the URL is not secure, or nothing usable is answered there.
pub async fn cloud(host: &Host, named: &str, patience: Patience) -> Result<Endpoints, CloudLookupError> {
    if let Some(row) = Cloud::named(named) {
        return Ok(Endpoints::of(row)?);
    }
    if !named.contains("://") {
        return Err(CloudError::Unknown(named.to_owned()).into());
    }
    let at = Endpoints::metadata_url(named)?;
    let metadata = persist(host, patience, async |limits| once(host, &at, &limits).await).await;
    let metadata = metadata.map_err(|tried| CloudLookupError::Unavailable { at, tried })?;
    Ok(Endpoints::from_metadata(named, &metadata)?)
}

async fn once(host: &Host, at: &Url, limits: &Limits) -> Step<Value, Unanswered> {
    let sent = match Request::get(at.as_str()).body(Vec::new()) {
        Ok(request) => host.http.send(request, limits).await,
        Err(error) => Err(Failure::Unsent(error.to_string())),
    };
    let answer = match sent {
        Ok(answer) => answer,
        Err(failure) => return Step::unanswered(failure, |why| why),
    };
    match serde_json::from_slice(answer.body()) {
        Ok(metadata) if answer.status().is_success() => Step::Done(metadata),
        Ok(_) | Err(_) => {
            let trouble = Trouble::Status(answer.status(), retry_after(answer.headers()));
            Step::Failed(trouble, Unreadable::of(&answer, "authentication").into())
        }
    }
}
