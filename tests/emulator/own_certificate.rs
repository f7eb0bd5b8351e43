//! Assertions that an application signed itself, and every way in which they are refused.

use fedcred::{
    emulator::{CLIENT, RegisteredCertificate, TENANT},
    fetch::source::OwnKey,
    issuer::OwnKeyClaims,
};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::world::{World, code};

const KEY: &str = include_str!("../../src/emulator/public-test-key.pem");
const CERTIFICATE: &str = include_str!("../own_key/certificate.pem");
const THUMBPRINT: &str = "uPy0Xc0ZooesdAvNCeYjVSzUOYSXHyY4q8Qmt14ZYMk";

async fn world(certificates: &[&str]) -> World {
    let registered =
        certificates.iter().map(|pem| RegisteredCertificate::try_from((*pem).to_owned()).unwrap());
    let registered = registered.collect();
    World::changed(|state| state.applications[0].certificates = registered).await
}

fn now() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs()
}

fn audience(world: &World) -> String {
    format!("{}/{TENANT}/oauth2/v2.0/token", world.emulator.url())
}

/// An assertion with some claims changed, signed as `header` says.
fn forged(world: &World, header: &Header, changed: Value) -> String {
    fedcred::host::install_jwt_cryptography();
    let mut claims = json!({"aud": audience(world), "iss": CLIENT, "sub": CLIENT, "jti": "1", "nbf": now(), "exp": now() + 600});
    claims.as_object_mut().unwrap().extend(changed.as_object().unwrap().clone());
    encode(header, &claims, &EncodingKey::from_rsa_pem(KEY.as_bytes()).unwrap()).unwrap()
}

fn named(thumbprint: &str) -> Header {
    let mut header = Header::new(Algorithm::PS256);
    header.x5t_s256 = Some(thumbprint.to_owned());
    header
}

#[tokio::test]
async fn our_own_assertion_is_accepted_and_so_is_that_of_older_clients() {
    let world = world(&[CERTIFICATE]).await;
    let client = CLIENT.parse().unwrap();
    let key = OwnKey::read([KEY.as_bytes(), CERTIFICATE.as_bytes()], None).unwrap();
    let audience = audience(&world);
    let ours = key.sign(&OwnKeyClaims::new(&client, &audience, "j", now()), false).unwrap();
    let (status, body) = world.exchange(TENANT, CLIENT, ours.reveal()).await;
    assert_eq!((status, &body["expires_in"]), (200, &json!(3599)), "{body}");
    let mut older = Header::new(Algorithm::RS256);
    older.x5t = Some(key.certificate().unwrap().legacy_thumbprint());
    assert_eq!(world.exchange(TENANT, CLIENT, &forged(&world, &older, json!({}))).await.0, 200);
}

#[tokio::test]
async fn each_wrong_claim_has_its_code() {
    let world = world(&[CERTIFICATE]).await;
    let other = "99999999-9999-4999-8999-999999999999";
    for (changed, expected) in [
        (json!({"sub": other}), 50_048),
        (json!({"iss": other, "sub": other}), 700_021),
        (json!({"sub": null}), 700_022),
        (json!({"aud": "https://login.test/other/oauth2/v2.0/token"}), 700_023),
        (json!({"aud": "api://AzureADTokenExchange"}), 700_023),
        (json!({"nbf": now() - 3_600, "exp": now() - 3_000}), 700_024),
        (json!({"nbf": now() + 3_600, "exp": now() + 4_200}), 700_024),
    ] {
        let answer = world.exchange(TENANT, CLIENT, &forged(&world, &named(THUMBPRINT), changed)).await;
        assert_eq!(code(&answer), (401, expected), "{}", answer.1);
    }
    // A federated token is judged by the federated credentials, as ever.
    let foreign = json!({"iss": "https://issuer.test", "sub": "repo:o/r:ref:refs/heads/main"});
    let answer = world.exchange(TENANT, CLIENT, &forged(&world, &named(THUMBPRINT), foreign)).await;
    assert_eq!(code(&answer), (401, 700_211));
}

#[tokio::test]
async fn the_key_must_be_a_registered_one_that_still_counts() {
    let world =
        world(&[include_str!("../own_key/other-certificate.pem"), include_str!("../own_key/expired.pem")])
            .await;
    let refused = async |header: &Header| {
        let answer = world.exchange(TENANT, CLIENT, &forged(&world, header, json!({}))).await;
        assert_eq!(code(&answer), (401, 700_027), "{}", answer.1);
        answer.1["error_description"].as_str().unwrap().to_owned()
    };
    let text = refused(&named(THUMBPRINT)).await;
    assert!(
        text.contains("[Reason - The key was not found., Thumbprint of key used by client: 'B8FCB45DCD"),
        "{text}"
    );
    let print =
        |pem: &str| RegisteredCertificate::try_from(pem.to_owned()).unwrap().certificate().thumbprint();
    let other = refused(&named(&print(include_str!("../own_key/other-certificate.pem")))).await;
    assert!(other.contains("signature value did not match"), "{other}");
    let expired = refused(&named(&print(include_str!("../own_key/expired.pem")))).await;
    assert!(expired.contains("The key used is expired."), "{expired}");
}

#[tokio::test]
async fn a_state_takes_certificates_in_pem_and_nothing_else() {
    let state = |pem: &str| {
        let text = json!({"applications": [{"client-id": CLIENT, "object-id": "o", "name": "n", "certificates": [pem]}]});
        fedcred::emulator::read_state("s.yml", &text.to_string()).map_err(|error| error.to_string())
    };
    let read = state(CERTIFICATE).unwrap();
    assert!(serde_json::to_string(&read).unwrap().contains("BEGIN CERTIFICATE"));
    assert!(state("MIID").unwrap_err().contains("a registered certificate is one certificate in PEM"));
}
