//! Azure Resource Manager: the federated credentials of a user-assigned managed identity.
//!
//! Source: <https://learn.microsoft.com/rest/api/managedidentity/federated-identity-credentials/list>.

use http::StatusCode;

use super::{
    listing::{self, Service},
    unlisted::{ListingError, Unlisted},
};
use crate::{
    entra::Patience,
    host::Host,
    id::ManagedIdentityId,
    secret::AccessToken,
    trust::{
        Home,
        read::{Reading, Skipped},
    },
};

/// The versions to ask for, the first one that the cloud knows. Sovereign clouds and Azure Stack lag behind.
///
/// Source: Azure/azure-rest-api-specs specification/msi; flexible expressions are shown by 2025-01-31-preview, which az 2.91 asks for.
const VERSIONS: [&str; 3] = ["2025-01-31-preview", "2024-11-30", "2023-01-31"];

/// Reads the federated credentials of `identity` at the resource manager `base`. Everything read is placed in a document
/// named `arm:IDENTITY`.
///
/// # Errors
/// A [`ListingError`] that says what is missing.
pub async fn identity_credentials(
    host: &Host,
    base: &str,
    identity: &ManagedIdentityId,
    token: &AccessToken,
    patience: Patience,
) -> Result<Reading, ListingError> {
    let service = Service {
        name: "Azure Resource Manager",
        link: "nextLink",
        issuer: "/properties/issuer",
        permission: "the role Reader on the identity, or another that has \
Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/read",
        identity: format!("managed identity `{identity}`"),
        hint: "the subscription, the group or the name is not there, or is in another tenant or cloud",
        document: format!("arm:{identity}"),
        home: Home::ManagedIdentity,
        parent: identity.as_str().to_owned(),
    };
    let path = |version| format!("{identity}/federatedIdentityCredentials?api-version={version}");
    let paths = VERSIONS.map(path);
    let read = listing::read(host, &service, (base, &paths), is_unknown_version, token, patience).await;
    let (mut reading, at) = read?;
    let version = VERSIONS.get(at).copied().unwrap_or_default();
    for draft in reading.drafts.iter().filter(|draft| draft.subject.is_none() && draft.expression.is_none()) {
        let reason = format!(
            "neither a subject nor an expression; api-version {version}, the newest this cloud knows, may not show it"
        );
        reading.skipped.push(Skipped { place: draft.place.clone(), reason, broken: false });
    }
    Ok(reading)
}

/// Source: the answers of Azure Resource Manager to a version that a resource type or a cloud does not have,
/// <https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-invalid-resource-type>.
fn is_unknown_version(reason: &Unlisted) -> bool {
    const CODES: [&str; 5] = [
        "NoRegisteredProviderFound",
        "InvalidApiVersionParameter",
        "InvalidResourceType",
        "UnsupportedApiVersion",
        "InvalidApiVersion",
    ];
    match reason {
        Unlisted::Refused { status, code, .. } => {
            matches!(*status, StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND)
                && CODES.contains(&code.as_str())
        }
        Unlisted::Unanswered(_) | Unlisted::Elsewhere(_) | Unlisted::Endless | Unlisted::Broken(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::Response;

    use super::*;
    use crate::host::{Failure, Http, block_on};

    const ID: &str =
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/me";

    fn answer(status: u16, body: &str) -> Result<Response<Vec<u8>>, Failure> {
        Ok(Response::builder().status(status).body(body.as_bytes().to_vec()).unwrap())
    }

    fn ask<const N: usize>(
        answers: [Result<Response<Vec<u8>>, Failure>; N],
    ) -> (Result<Reading, ListingError>, Vec<String>) {
        let host = Host { http: Http::fake(answers), ..Host::fake() };
        let patience = Patience { budget: Duration::from_secs(20), just_created: false };
        let token = AccessToken::new("canary".into());
        let id = ID.parse().unwrap();
        let read = block_on(identity_credentials(&host, "https://arm.test", &id, &token, patience)).unwrap();
        (read, host.http.asked().iter().map(|one| one.uri().to_string()).collect())
    }

    fn refusal(code: &str) -> String {
        format!(r#"{{"error":{{"code":"{code}","message":"No."}}}}"#)
    }

    const PAGE: &str = r#"{"value":[{"id":"/subscriptions/s/resourcegroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/me/federatedIdentityCredentials/prod",
        "name":"prod","properties":{"issuer":"https://i","subject":"s","audiences":["a"]}}]}"#;

    #[test]
    fn a_cloud_that_lags_behind_is_asked_for_an_older_version() {
        let (reading, asked) = ask([
            answer(400, &refusal("NoRegisteredProviderFound")),
            answer(404, &refusal("InvalidResourceType")),
            answer(200, PAGE),
        ]);
        let reading = reading.unwrap();
        assert_eq!(reading.drafts[0].parent.as_ref().unwrap().value.text(), Some(ID));
        assert_eq!((reading.drafts[0].home, reading.skipped.len()), (Home::ManagedIdentity, 0));
        assert_eq!(asked.len(), 3);
        assert!(asked[0].ends_with("/me/federatedIdentityCredentials?api-version=2025-01-31-preview"));
        assert!(asked[2].ends_with("api-version=2023-01-31"));
        let (failed, asked) =
            ask(std::array::from_fn::<_, 9, _>(|_| answer(400, &refusal("InvalidApiVersionParameter"))));
        assert!(failed.unwrap_err().to_string().contains("InvalidApiVersionParameter"));
        assert_eq!(asked.len(), 3);
    }

    #[test]
    fn a_credential_whose_expression_an_old_version_hides_is_told() {
        let hidden = PAGE.replace(r#""subject":"s","#, "");
        let (reading, _) = ask([answer(200, &hidden)]);
        assert!(reading.unwrap().skipped[0].reason.contains("may not show it"));
    }

    #[test]
    fn each_refusal_says_what_is_missing() {
        let refused = |status, code| ask([answer(status, &refusal(code))]).0.unwrap_err().to_string();
        let forbidden = refused(403, "AuthorizationFailed");
        assert!(forbidden.contains("it needs the role Reader on the identity"), "{forbidden}");
        let unknown = refused(404, "ResourceNotFound");
        assert!(unknown.contains(&format!("knows no managed identity `{ID}`")), "{unknown}");
        assert!(refused(401, "InvalidAuthenticationToken").contains("did not accept the token"));
    }
}
