//! The two documents that an issuer publishes, read as Entra reads them: without any token, and without insisting.

use http::{HeaderValue, Request, header::ACCEPT};
use serde_json::Value;
use url::Url;

use super::driver::{Step, Unanswered, persist};
use crate::{
    entra::{Patience, Trouble, Unreadable, retry_after},
    host::{Failure, Host, Limits},
    id::Issuer,
    issuer::health::{Document, Documents, configuration_url, keys_url},
};

/// Reads the discovery document of `issuer` and the keys that it names. What cannot be read says why.
pub async fn issuer_documents(host: &Host, issuer: &Issuer, patience: Patience) -> Documents {
    let Some(at) = configuration_url(issuer) else {
        return Documents { configuration: None, keys: None };
    };
    let configuration = document(host, &at, "issuer", patience).await;
    let keys = match configuration.as_ref().ok().and_then(keys_url) {
        Some(at) => Some(document(host, &at, "keys", patience).await),
        None => None,
    };
    Documents { configuration: Some(configuration), keys }
}

async fn document(host: &Host, at: &Url, field: &'static str, patience: Patience) -> Document {
    let asked = persist(host, patience, async |limits| once(host, at, field, &limits).await).await;
    asked.map_err(|tried| format!("{at}: {tried}"))
}

async fn once(host: &Host, at: &Url, field: &'static str, limits: &Limits) -> Step<Value, Unanswered> {
    let request = Request::get(at.as_str()).header(ACCEPT, HeaderValue::from_static("application/json"));
    let sent = match request.body(Vec::new()) {
        Ok(request) => host.http.send(request, limits).await,
        Err(error) => Err(Failure::Unsent(error.to_string())),
    };
    let answer = match sent {
        Ok(answer) => answer,
        Err(failure) => return Step::unanswered(failure, |why| why),
    };
    match serde_json::from_slice::<Value>(answer.body()) {
        Ok(read) if answer.status().is_success() && read.get(field).is_some() => Step::Done(read),
        Ok(_) | Err(_) => {
            let trouble = Trouble::Status(answer.status(), retry_after(answer.headers()));
            Step::Failed(trouble, Unreadable::of(&answer, field).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::Response;

    use super::*;
    use crate::host::{Http, block_on};

    fn answer(status: u16, body: &str) -> Result<Response<Vec<u8>>, Failure> {
        Ok(Response::builder().status(status).body(body.as_bytes().to_vec()).unwrap())
    }

    fn read<const N: usize>(
        issuer: &str,
        answers: [Result<Response<Vec<u8>>, Failure>; N],
    ) -> (Documents, Host) {
        let host = Host { http: Http::fake(answers), ..Host::fake() };
        let patience = Patience { budget: Duration::from_secs(5), just_created: false };
        (block_on(issuer_documents(&host, &Issuer::new(issuer), patience)).unwrap(), host)
    }

    #[test]
    fn the_keys_are_read_where_the_discovery_document_says() {
        let configuration = r#"{"issuer":"https://i.example/","jwks_uri":"https://k.example/keys"}"#;
        let (documents, host) =
            read("https://i.example/", [answer(200, configuration), answer(200, r#"{"keys":[]}"#)]);
        let asked: Vec<String> = host.http.asked().iter().map(|one| one.uri().to_string()).collect();
        assert_eq!(asked, ["https://i.example/.well-known/openid-configuration", "https://k.example/keys"]);
        assert_eq!(documents.keys, Some(Ok(serde_json::json!({"keys": []}))));
    }

    #[test]
    fn what_cannot_be_read_says_where_and_why_and_nothing_insecure_is_asked() {
        let (documents, _) = read("https://i.example", [answer(404, "<html>")]);
        let why = documents.configuration.unwrap().unwrap_err();
        assert_eq!(
            why,
            "https://i.example/.well-known/openid-configuration: a web page with status 404 (1 attempt in 0.0 s)"
        );
        let (documents, host) = read("http://i.example", []);
        assert!(documents.configuration.is_none() && host.http.asked().is_empty());
    }
}
