//! The request that turns an assertion into an access token.
//!
//! Source: <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow#third-case-access-token-request-with-a-federated-credential>.

use http::{
    HeaderValue, Request,
    header::{ACCEPT, CONTENT_TYPE},
};
use url::{Url, form_urlencoded};

use crate::{
    id::{ClientId, TenantId},
    secret::Assertion,
};

/// The kind of assertion, as the protocol names it. Source: <https://www.rfc-editor.org/rfc/rfc7523#section-2.2>.
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The v2.0 token endpoint of a tenant.
#[must_use]
pub fn token_endpoint(authority: &Url, tenant: &TenantId) -> String {
    format!("{}/{tenant}/oauth2/v2.0/token", authority.as_str().trim_end_matches('/'))
}

/// Everything one exchange needs.
#[derive(Debug)]
pub struct Exchange<'a> {
    /// Base URL of the authority.
    pub authority: &'a Url,
    /// The directory that is asked.
    pub tenant: &'a TenantId,
    /// Who signs in.
    pub client: &'a ClientId,
    /// What is asked for: resources with `/.default`, separated by blanks.
    pub scopes: &'a str,
    /// The token of the workload.
    pub assertion: &'a Assertion,
}

impl Exchange<'_> {
    /// The token endpoint.
    #[must_use]
    pub fn url(&self) -> String {
        token_endpoint(self.authority, self.tenant)
    }

    /// The request; its body holds the assertion.
    ///
    /// # Errors
    /// When the authority's address is no valid request target.
    pub fn request(&self) -> Result<Request<Vec<u8>>, http::Error> {
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("client_id", self.client.as_str())
            .append_pair("grant_type", "client_credentials")
            .append_pair("scope", self.scopes)
            .append_pair("client_assertion_type", ASSERTION_TYPE)
            .append_pair("client_assertion", self.assertion.reveal())
            .finish();
        Request::post(self.url())
            .header(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"))
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .body(body.into_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_encoded_and_the_tenant_stands_in_the_path() {
        let exchange = Exchange {
            authority: &Url::parse("https://login.test/").unwrap(),
            tenant: &"contoso.onmicrosoft.com".parse().unwrap(),
            client: &"11111111-2222-3333-4444-555555555555".parse().unwrap(),
            scopes: "https://management.core.windows.net//.default",
            assertion: &Assertion::new("a+b.c".into()),
        };
        let request = exchange.request().unwrap();
        assert_eq!(request.uri(), "https://login.test/contoso.onmicrosoft.com/oauth2/v2.0/token");
        assert_eq!(
            String::from_utf8(request.into_body()).unwrap(),
            "client_id=11111111-2222-3333-4444-555555555555&grant_type=client_credentials&scope=https%3A%2F%2Fmanagement.core.windows.net%2F%2F.default&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=a%2Bb.c"
        );
    }
}
