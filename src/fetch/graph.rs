//! Microsoft Graph: the federated credentials of an application.
//!
//! Source: <https://learn.microsoft.com/graph/api/application-list-federatedidentitycredentials>.

use super::{
    listing::{self, Service},
    unlisted::ListingError,
};
use crate::{
    entra::Patience,
    host::Host,
    id::ClientId,
    secret::AccessToken,
    trust::{Home, read::Reading},
};

/// Reads the federated credentials of the application with that client id at the Graph endpoint `base`. Everything read is
/// placed in a document named `graph:CLIENT`.
///
/// Version `beta` is asked: v1.0 has no flexible expressions, and answers with an error inside the list where there is one.
/// Source: Azure/azure-workload-identity#373.
///
/// # Errors
/// A [`ListingError`] that says what is missing.
pub async fn application_credentials(
    host: &Host,
    base: &str,
    client: &ClientId,
    token: &AccessToken,
    patience: Patience,
) -> Result<Reading, ListingError> {
    let service = Service {
        name: "Microsoft Graph",
        link: "@odata.nextLink",
        issuer: "/issuer",
        permission: "the permission Application.Read.All, with the consent of an administrator",
        identity: format!("application `{client}`"),
        hint: "it must be the client id of an application in the tenant of the token; a managed identity is read through arm:RESOURCE-ID",
        document: format!("graph:{client}"),
        home: Home::Application,
        parent: client.as_str().to_owned(),
    };
    let path = format!("beta/applications(appId='{client}')/federatedIdentityCredentials");
    let read = listing::read(host, &service, (base, &[path]), |_| false, token, patience).await;
    read.map(|(reading, _)| reading)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::Response;

    use super::*;
    use crate::host::{Failure, Http, block_on};

    const CLIENT: &str = "11111111-2222-3333-4444-555555555555";

    fn answer(status: u16, body: &str) -> Result<Response<Vec<u8>>, Failure> {
        Ok(Response::builder().status(status).body(body.as_bytes().to_vec()).unwrap())
    }

    fn ask<const N: usize>(
        answers: [Result<Response<Vec<u8>>, Failure>; N],
    ) -> (Result<Reading, ListingError>, Host) {
        let host = Host { http: Http::fake(answers), ..Host::fake() };
        let patience = Patience { budget: Duration::from_secs(20), just_created: false };
        let token = AccessToken::new("canary".into());
        let client = CLIENT.parse().unwrap();
        let asked = application_credentials(&host, "https://graph.test/", &client, &token, patience);
        (block_on(asked).unwrap(), host)
    }

    fn message<const N: usize>(answers: [Result<Response<Vec<u8>>, Failure>; N]) -> String {
        let message = ask(answers).0.unwrap_err().to_string();
        assert!(!message.contains("canary"));
        message
    }

    fn page(name: &str, next: &str) -> String {
        format!(
            r#"{{"value":[{{"id":"1","name":"{name}","issuer":"https://i","subject":"s-{name}","audiences":["a"]}}],"@odata.nextLink":"{next}"}}"#
        )
    }

    #[test]
    fn every_page_is_read_into_one_document_of_the_sources_name() {
        let second = "https://graph.test/beta/x?$skiptoken=2";
        let (reading, host) =
            ask([answer(200, &page("one", second)), answer(429, "{}"), answer(200, &page("two", ""))]);
        let reading = reading.unwrap();
        let [one, two] = reading.drafts.as_slice() else { panic!("{reading:?}") };
        assert_eq!(one.place.source.path(), format!("graph:{CLIENT}"));
        assert_eq!((one.home, one.parent.as_ref().unwrap().value.text()), (Home::Application, Some(CLIENT)));
        assert_eq!(two.subject.as_ref().unwrap().place.text(), "s-two");
        assert!(two.place.start().line > one.place.start().line);
        let asked: Vec<String> = host.http.asked().iter().map(|one| one.uri().to_string()).collect();
        assert_eq!(
            asked,
            [
                &format!(
                    "https://graph.test/beta/applications(appId='{CLIENT}')/federatedIdentityCredentials"
                ),
                second,
                second
            ]
        );
        assert_eq!(host.http.asked()[0].headers()["authorization"], "Bearer canary");
    }

    #[test]
    fn the_token_goes_to_no_other_host_and_pages_end() {
        for elsewhere in ["https://evil.test/beta/x", "http://graph.test/beta/x", "https://graph.test:444/x"]
        {
            let (failed, host) = ask([answer(200, &page("one", elsewhere)), answer(200, &page("two", ""))]);
            assert!(failed.unwrap_err().to_string().contains("lies on another host"), "{elsewhere}");
            assert_eq!(host.http.asked().len(), 1);
        }
        let same = "https://graph.test/beta/x";
        let endless = message(std::array::from_fn::<_, 3, _>(|_| answer(200, &page("one", same))));
        assert!(endless.contains("its pages do not end"), "{endless}");
    }

    #[test]
    fn each_refusal_says_what_is_missing() {
        let refused = |status, code| {
            message([answer(status, &format!(r#"{{"error":{{"code":"{code}","message":"No.\nMore."}}}}"#))])
        };
        let forbidden = refused(403, "Authorization_RequestDenied");
        assert!(forbidden.contains("status 403, Authorization_RequestDenied: No."), "{forbidden}");
        assert!(
            forbidden.contains("needs the permission Application.Read.All") && !forbidden.contains("More")
        );
        assert!(refused(401, "InvalidAuthenticationToken").contains("did not accept the token"));
        let unknown = refused(404, "Request_ResourceNotFound");
        assert!(unknown.contains(&format!("knows no application `{CLIENT}`")), "{unknown}");
        assert!(unknown.contains("arm:RESOURCE-ID"));
    }

    #[test]
    fn a_list_with_an_error_inside_is_not_taken_for_the_whole_list() {
        let broken = r#"{"value":[{"name":"a","issuer":"i","subject":"s","audiences":["x"]},{"error":{"code":"InternalServerError","message":"oops"}}]}"#;
        let told = message([answer(200, broken)]);
        assert!(told.contains("holds something that is no credential (InternalServerError)"), "{told}");
        let empty = ask([answer(200, r#"{"value":[]}"#)]).0.unwrap();
        assert_eq!(empty, Reading::default());
    }

    #[test]
    fn what_passes_is_tried_again_until_the_budget_ends() {
        let (read, host) = ask([
            Err(Failure::Reset),
            answer(200, "<html>"),
            answer(200, "{\"value\":["),
            answer(200, &page("one", "")),
        ]);
        assert_eq!((read.unwrap().drafts.len(), host.clock.slept().len()), (1, 3));
        let down = message(std::array::from_fn::<_, 40, _>(|_| answer(503, "")));
        assert!(down.contains("at graph.test did not list the credentials of application"), "{down}");
        assert!(down.contains("an empty answer with status 503"), "{down}");
    }
}
