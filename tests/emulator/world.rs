//! A running emulator and a client that speaks to its socket.

use std::time::Duration;

use fedcred::{
    emulator::{CLIENT, Emulator, State, TENANT},
    host::{Failure, Http, Limits},
};
use http::{Request, Response};
use serde_json::Value;

pub(crate) const AUDIENCE: &str = "api://AzureADTokenExchange";

pub(crate) struct World {
    pub(crate) emulator: Emulator,
    http: Http,
}

impl World {
    pub(crate) async fn start() -> Self {
        Self { emulator: Emulator::start(State::default()).await.unwrap(), http: Http::real() }
    }

    pub(crate) async fn changed(change: impl FnOnce(&mut State)) -> Self {
        let world = Self::start().await;
        world.emulator.change(change);
        world
    }

    pub(crate) async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Failure> {
        let limits = Limits { total: Duration::from_millis(2_000), ..Limits::default() };
        self.http.send(request, &limits).await
    }

    pub(crate) async fn ask(&self, method: &str, path: &str, bearer: &str, body: Value) -> (u16, Value) {
        let url =
            if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.emulator.url()) };
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let request = Request::builder()
            .method(method)
            .uri(url)
            .header("authorization", format!("Bearer {bearer}"))
            .header("content-type", "application/json")
            .body(body)
            .unwrap();
        read(&self.send(request).await.unwrap())
    }

    pub(crate) async fn assertion(&self) -> String {
        let url = format!("/github/oidc/token?api-version=2.0&audience={AUDIENCE}");
        let (status, body) = self.ask("GET", &url, &self.emulator.request_token(), Value::Null).await;
        assert_eq!(status, 200, "{body}");
        body["value"].as_str().unwrap().to_owned()
    }

    pub(crate) fn exchange_request(&self, tenant: &str, client: &str, assertion: &str) -> Request<Vec<u8>> {
        let form = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("client_id", client)
            .append_pair("grant_type", "client_credentials")
            .append_pair("client_assertion", assertion)
            .append_pair("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
            .append_pair("scope", "https://management.azure.com/.default")
            .finish();
        Request::post(format!("{}/{tenant}/oauth2/v2.0/token", self.emulator.url()))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form.into_bytes())
            .unwrap()
    }

    pub(crate) async fn exchange(&self, tenant: &str, client: &str, assertion: &str) -> (u16, Value) {
        read(&self.send(self.exchange_request(tenant, client, assertion)).await.unwrap())
    }

    pub(crate) async fn sign_in(&self) -> (u16, Value) {
        let assertion = self.assertion().await;
        self.exchange(TENANT, CLIENT, &assertion).await
    }

    pub(crate) async fn access_token(&self) -> String {
        self.sign_in().await.1["access_token"].as_str().unwrap().to_owned()
    }
}

pub(crate) fn read(answer: &Response<Vec<u8>>) -> (u16, Value) {
    (answer.status().as_u16(), serde_json::from_slice(answer.body()).unwrap_or(Value::Null))
}

/// Status and AADSTS code of an answer.
pub(crate) fn code((status, body): &(u16, Value)) -> (u16, u64) {
    (*status, body["error_codes"][0].as_u64().unwrap_or(0))
}
