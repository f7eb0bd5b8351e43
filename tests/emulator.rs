//! The emulator, asked over its real socket: it accepts what Entra accepts and refuses with Entra's codes.
#![cfg(feature = "emulator")]

#[path = "emulator/management.rs"]
mod management;
#[path = "emulator/own_certificate.rs"]
mod own_certificate;
#[path = "emulator/world.rs"]
mod world;

use fedcred::{
    emulator::{CLIENT, Door, Fault, How, IDENTITY_CLIENT, State, StoredCredential, TENANT},
    host::Failure,
};
use serde_json::{Value, json};

use world::{World, code};

fn trust(state: &mut State, credential: StoredCredential) {
    *state.credentials_mut(CLIENT).unwrap() = vec![credential];
}

#[tokio::test]
async fn the_job_of_the_standard_state_signs_in() {
    let world = World::start().await;
    let (status, body) = world.sign_in().await;
    assert_eq!((status, &body["token_type"], &body["expires_in"]), (200, &json!("Bearer"), &json!(3599)));
    let doors: Vec<Door> = world.emulator.requests().iter().map(|one| one.door).collect();
    assert_eq!(doors, [Door::GithubToken, Door::EntraToken]);
    let form = &world.emulator.requests()[1].form;
    assert_eq!(form["client_assertion"], "(a token)", "the record keeps no token");
}

#[tokio::test]
async fn a_managed_identity_gets_a_day() {
    let world = World::changed(|state| state.github.job.environment = Some("production".into())).await;
    let assertion = world.assertion().await;
    let (status, body) = world.exchange(TENANT, IDENTITY_CLIENT, &assertion).await;
    assert_eq!((status, &body["expires_in"]), (200, &json!(86_399)), "{body}");
}

#[tokio::test]
async fn github_asks_for_its_bearer() {
    let world = World::start().await;
    let (status, body) = world.ask("GET", "/github/oidc/token?api-version=2.0", "wrong", Value::Null).await;
    assert_eq!((status, &body["value"]), (401, &Value::Null));
}

#[tokio::test]
async fn each_claim_that_differs_has_its_code() {
    let right = || StoredCredential::github("main", "repo:octo/app:ref:refs/heads/main");
    let cases = [
        (
            401,
            700_211,
            StoredCredential { issuer: "https://token.actions.githubusercontent.com/".into(), ..right() },
        ),
        (401, 700_212, StoredCredential { audiences: vec!["api://other".into()], ..right() }),
        (
            401,
            700_213,
            StoredCredential { subject: Some("repo:octo/app:environment:prod".into()), ..right() },
        ),
        (
            401,
            7_002_138,
            StoredCredential { subject: Some("repo:Octo/App:ref:refs/heads/main".into()), ..right() },
        ),
    ];
    let world = World::start().await;
    for (status, expected, credential) in cases {
        world.emulator.change(|state| trust(state, credential));
        let answer = world.sign_in().await;
        assert_eq!(code(&answer), (status, expected), "{}", answer.1);
        let text = answer.1["error_description"].as_str().unwrap();
        assert!(text.starts_with(&format!("AADSTS{expected}: ")) && text.contains("Trace ID: "), "{text}");
        assert_eq!(answer.1["error"], "invalid_client");
    }
}

#[tokio::test]
async fn each_wrong_request_has_its_code() {
    let world = World::start().await;
    let good = world.assertion().await;
    let unknown = "99999999-9999-4999-8999-999999999999";
    assert_eq!(code(&world.exchange(TENANT, unknown, &good).await), (400, 700_016));
    assert_eq!(code(&world.exchange(unknown, CLIENT, &good).await), (400, 90_002));
    assert_eq!(code(&world.exchange("x", CLIENT, &good).await), (400, 900_023));
    assert_eq!(code(&world.exchange(TENANT, CLIENT, "***").await), (400, 50_027));
    assert_eq!(code(&world.exchange(TENANT, CLIENT, "").await), (401, 7_000_216));
    let (head, signature) = good.rsplit_once('.').unwrap();
    let foreign: String = signature.chars().rev().collect();
    assert_eq!(code(&world.exchange(TENANT, CLIENT, &format!("{head}.{foreign}")).await), (401, 700_027));
    world.emulator.change(|state| state.resources = vec!["https://vault.azure.net".into()]);
    assert_eq!(code(&world.exchange(TENANT, CLIENT, &good).await), (400, 500_011));
    world.emulator.change(|state| state.resources.clear());
    world.emulator.change(|state| state.applications[0].service_principal = false);
    assert_eq!(code(&world.exchange(TENANT, CLIENT, &good).await), (401, 7_000_229));
    world.emulator.change(|state| state.applications[0].service_principal = true);
    world.emulator.change(|state| state.credentials_mut(CLIENT).unwrap().clear());
    assert_eq!(code(&world.exchange(TENANT, CLIENT, &good).await), (401, 70_025));
}

#[tokio::test]
async fn a_key_that_the_issuer_does_not_publish_is_named() {
    fedcred::host::install_jwt_cryptography();
    let key = include_bytes!("../src/emulator/public-test-key.pem");
    let key = jsonwebtoken::EncodingKey::from_rsa_pem(key).unwrap();
    let mut header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::RS256);
    header.kid = Some("rotated-away".into());
    let claims = json!({"iss": "https://token.actions.githubusercontent.com", "sub": "repo:octo/app:ref:refs/heads/main",
        "aud": "api://AzureADTokenExchange", "exp": u32::MAX});
    let token = jsonwebtoken::encode(&header, &claims, &key).unwrap();
    let world = World::start().await;
    let answer = world.exchange(TENANT, CLIENT, &token).await;
    assert_eq!(code(&answer), (401, 7_000_272));
    assert!(answer.1["error_description"].as_str().unwrap().contains("rotated-away"));
    header.alg = jsonwebtoken::Algorithm::PS256;
    let token = jsonwebtoken::encode(&header, &claims, &key).unwrap();
    assert_eq!(code(&world.exchange(TENANT, CLIENT, &token).await), (400, 50_027), "only RS256 is supported");
}

#[tokio::test]
async fn a_flexible_credential_takes_what_its_expression_takes() {
    let pattern = |subject: &str| StoredCredential {
        subject: None,
        expression: Some(format!(
            "claims['sub'] matches '{subject}' and claims['repository_id'] eq '456789'"
        )),
        ..StoredCredential::github("branches", "")
    };
    let world = World::changed(|state| trust(state, pattern("repo:octo/app:ref:refs/heads/*"))).await;
    assert_eq!(world.sign_in().await.0, 200);
    world.emulator.change(|state| trust(state, pattern("repo:octo/app:ref:refs/tags/*")));
    assert_eq!(code(&world.sign_in().await), (401, 7_002_131));
}

#[tokio::test]
async fn a_token_counts_only_in_its_time() {
    let world = World::changed(|state| state.github.age = 3_600).await;
    assert_eq!(code(&world.sign_in().await), (401, 700_024));
    world.emulator.change(|state| state.github.age = -3_600);
    assert_eq!(code(&world.sign_in().await), (401, 700_024));
}

#[tokio::test]
async fn a_foreign_issuer_is_asked_for_its_keys() {
    let (near, far) = (World::start().await, World::start().await);
    let issuer = format!("{}/github/oidc", far.emulator.url());
    far.emulator.change(|state| state.github.issuer = issuer.clone());
    near.emulator.change(|state| {
        let right = StoredCredential::github("far", "repo:octo/app:ref:refs/heads/main");
        trust(state, StoredCredential { issuer, ..right });
    });
    let assertion = far.assertion().await;
    assert_eq!(near.exchange(TENANT, CLIENT, &assertion).await.0, 200);
    drop(far);
    assert_eq!(code(&near.exchange(TENANT, CLIENT, &assertion).await), (400, 50_166));
}

#[tokio::test]
async fn every_kind_of_fault_bites_as_often_as_it_should() {
    let world = World::start().await;
    let token = Door::EntraToken;
    let set = |how: How| world.emulator.set_faults(vec![Fault::new(token, how).times(1)]);
    let assertion = world.assertion().await;
    let ask = || world.send(world.exchange_request(TENANT, CLIENT, &assertion));

    world.emulator.set_faults(vec![Fault::too_many(token, 7).times(1)]);
    let answer = ask().await.unwrap();
    assert_eq!((answer.status().as_u16(), &answer.headers()["retry-after"]), (429, &"7".parse().unwrap()));
    assert_eq!(ask().await.unwrap().status(), 200, "a fault with a number ends");

    set(How::Cut);
    assert_eq!(ask().await.unwrap_err(), Failure::Reset);
    set(How::Truncate);
    assert_eq!(ask().await.unwrap_err(), Failure::Truncated);
    set(How::Never);
    assert_eq!(ask().await.unwrap_err(), Failure::Timeout);
    set(How::Half);
    assert!(serde_json::from_slice::<Value>(ask().await.unwrap().body()).is_err());
    set(How::Html);
    assert!(ask().await.unwrap().body().starts_with(b"<!DOCTYPE html>"));
    set(How::Empty);
    assert!(ask().await.unwrap().body().is_empty());
    set(How::Delay { milliseconds: 50 });
    assert_eq!(ask().await.unwrap().status(), 200);
}
