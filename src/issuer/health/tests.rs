//! Healthy issuers, and each way to be ill.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;

use super::*;

const ISSUER: &str = "https://issuer.example/tenant";

fn token(kid: &str, algorithm: &str) -> Assertion {
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let header = part(json!({"alg": algorithm, "kid": kid}));
    Assertion::new(format!("{header}.{}.{}", part(json!({"iss": ISSUER})), part(json!({}))))
}

fn key(kid: &str) -> Value {
    json!({"kty": "RSA", "kid": kid, "use": "sig", "alg": "RS256"})
}

fn documents(issuer: &str, keys: Vec<Value>) -> Documents {
    let configuration = json!({"issuer": issuer, "jwks_uri": "https://issuer.example/keys"});
    Documents { configuration: Some(Ok(configuration)), keys: Some(Ok(json!({"keys": keys}))) }
}

fn judged(issuer: &str, documents: &Documents, token: Option<&Assertion>) -> Health {
    let claims = token.map(|token| UnverifiedClaims::read(token).unwrap());
    let token = token.zip(claims.as_ref()).map(|(assertion, claims)| Token { assertion, claims });
    examine(&Issuer::new(issuer), documents, token)
}

fn one<'a>(health: &'a Health, name: &str) -> &'a Check {
    health.checks.iter().find(|check| check.name == name).unwrap()
}

#[test]
fn a_healthy_issuer_has_nothing_bad() {
    let health = judged(ISSUER, &documents(ISSUER, vec![key("a"), key("b")]), None);
    assert!(health.is_good(), "{health:?}");
    assert!(health.checks.iter().all(|check| check.outcome != Outcome::Doubtful), "{health:?}");
    assert_eq!(one(&health, "count").found, "2 keys");
}

#[test]
fn the_checks_are_always_the_same_and_in_the_same_order() {
    let names = |health: Health| health.checks.iter().map(|check| check.name).collect::<Vec<_>>();
    let whole = names(judged(ISSUER, &documents(ISSUER, vec![key("a")]), Some(&token("a", "RS256"))));
    let nothing = Documents { configuration: None, keys: None };
    assert_eq!(names(judged("nonsense", &nothing, None)), whole);
    assert_eq!(names(judged(ISSUER, &documents(ISSUER, vec![]), Some(&token("a", "RS256")))), whole);
}

#[test]
fn a_slash_is_a_difference_and_is_named() {
    let health = judged(ISSUER, &documents("https://issuer.example/tenant/", vec![key("a")]), None);
    let check = one(&health, "issuer");
    assert_eq!((check.outcome, check.code), (Outcome::Bad, None));
    assert!(check.found.ends_with("they differ by the slash at the end"), "{}", check.found);
}

#[test]
fn what_entra_cannot_reach_is_bad() {
    let nothing = Documents { configuration: Some(Err("no such host".into())), keys: None };
    for (issuer, name) in [
        ("http://issuer.example", "https"),
        ("issuer.example", "https"),
        ("https://issuer.example?x", "https"),
        ("https://kubernetes.default.svc.cluster.local", "public"),
        ("https://10.1.2.3", "public"),
        ("https://intranet", "public"),
        (ISSUER, "configuration"),
    ] {
        let health = judged(issuer, &nothing, None);
        assert_eq!(
            (one(&health, name).outcome, one(&health, name).code),
            (Outcome::Bad, Some(50_166)),
            "{issuer}"
        );
        assert_eq!(one(&health, "kid").outcome, Outcome::Skipped);
    }
    let near = judged("http://127.0.0.1:8080", &nothing, None);
    assert_eq!(one(&near, "public").outcome, Outcome::Doubtful);
}

#[test]
fn the_hundred_and_first_key_is_not_seen() {
    let keys: Vec<Value> = (1..=120).map(|number| key(&format!("k{number}"))).collect();
    let published = documents(ISSUER, keys);
    let early = judged(ISSUER, &published, Some(&token("k7", "RS256")));
    assert_eq!((early.keys, early.position), (Some(120), Some(7)));
    assert_eq!(one(&early, "count").outcome, Outcome::Doubtful);
    let late = judged(ISSUER, &published, Some(&token("k101", "RS256")));
    assert_eq!(one(&late, "count").code, Some(7_000_272));
    assert!(one(&late, "count").found.starts_with("120 keys, the token's is number 101"));
}

#[test]
fn the_key_of_the_token_must_be_there_and_be_for_rs256_signatures() {
    let with =
        |key: Value, algorithm| judged(ISSUER, &documents(ISSUER, vec![key]), Some(&token("a", algorithm)));
    assert_eq!(one(&with(key("b"), "RS256"), "kid").code, Some(7_000_272));
    assert_eq!(one(&with(key("a"), "ES256"), "algorithm").outcome, Outcome::Bad);
    let elliptic = json!({"kty": "EC", "kid": "a", "use": "sig"});
    assert_eq!(one(&with(elliptic, "RS256"), "algorithm").found, "the key is of EC, not RSA");
    let silent = json!({"kty": "RSA", "kid": "a"});
    assert_eq!(one(&with(silent, "RS256"), "use").outcome, Outcome::Doubtful);
    let encrypting = json!({"kty": "RSA", "kid": "a", "use": "enc"});
    assert_eq!(one(&with(encrypting, "RS256"), "use").outcome, Outcome::Bad);
}

#[test]
fn one_slash_is_taken_off_before_the_well_known_path() {
    let url = |issuer| configuration_url(&Issuer::new(issuer)).map(String::from);
    let expected = Some("https://i.example/t/.well-known/openid-configuration".to_owned());
    assert_eq!(url("https://i.example/t"), expected);
    assert_eq!(url("https://i.example/t/"), expected);
    assert_eq!(url("http://i.example"), None);
}
