//! The command in a fake world.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::{
    cli::{self, Exit},
    host::{Console, Env, Files, Host, Stream},
};

const LIVE: &str = r#"[{"name":"api","issuer":"https://oidc.example/1","subject":"system:serviceaccount:shop:api","audiences":["api://AzureADTokenExchange"]}]"#;

fn token(issuer: &str, algorithm: &str) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let claims = json!({"aud": ["api://AzureADTokenExchange"], "exp": 3_600, "iat": 0, "iss": issuer,
        "kubernetes.io": {"namespace": "shop"}, "sub": "system:serviceaccount:shop:api"});
    let signature = URL_SAFE_NO_PAD.encode("canary-signature");
    format!("{}.{}.{signature}", part(&json!({"alg": algorithm, "kid": "k1"})), part(&claims))
}

fn run(issuer: &str, algorithm: &str, words: &[&str]) -> (Exit, String, String) {
    let host = Host {
        console: Console::fake(&format!("{}\n", token(issuer, algorithm))),
        files: Files::fake([("live.json", LIVE)]),
        env: Env::fake([("GITHUB_ACTIONS", "true")]),
        ..Host::fake()
    };
    let words = ["fedcred", "assertion", "--token-file", "-"].iter().chain(words);
    let exit = cli::run(words.map(Into::into), &host);
    (exit, host.console.written(Stream::Out), host.console.written(Stream::Err))
}

#[test]
fn the_page_says_what_is_in_the_token_and_nothing_secret() {
    let (exit, out, err) = run("https://oidc.example/1/", "RS256", &[]);
    assert_eq!(exit, Exit::Yes, "{err}");
    insta::assert_snapshot!(out, @r#"
    source: a token obtained elsewhere

    header
      alg  RS256
      kid  k1

    claims
      iss            https://oidc.example/1/
      sub            system:serviceaccount:shop:api
      aud            ["api://AzureADTokenExchange"]
      exp            1970-01-01T01:00:00Z, in 1 h
      iat            1970-01-01T00:00:00Z, now
      kubernetes.io  {"namespace":"shop"}

    meaning
      service account `api` in the namespace `shop` of a Kubernetes cluster
      the issuer ends in a slash: so must that of the credential

    what Entra checks
      good     algorithm  RS256
      good     key        k1
      good     issuer     an https URL with a public name; its documents are not read here
      good     lifetime   it ends in 1 h
      good     audience   api://AzureADTokenExchange
      good     length     `sub` has 30 characters of 600
    "#);
}

#[test]
fn raw_prints_the_token_alone_and_masks_it_first_beside_it() {
    let (exit, out, err) = run("https://oidc.example/1/", "RS256", &["--raw"]);
    let token = token("https://oidc.example/1/", "RS256");
    assert_eq!((exit, out), (Exit::Yes, format!("{token}\n")));
    assert_eq!(err, format!("::add-mask::{token}\n"));
}

#[test]
fn what_entra_would_refuse_ends_with_1_and_carries_its_code() {
    let (exit, out, _) = run("http://oidc.example", "ES256", &["--format", "json"]);
    let document: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((exit, &document["schema"]), (Exit::No, &json!("fedcred.assertion.v1")));
    assert_eq!(document["checks"][0]["outcome"], "bad");
    assert_eq!(document["checks"][2]["entra_code"], 50_166);
    assert_eq!(document["expires_in"], 3_600);
    assert!(!out.contains(&URL_SAFE_NO_PAD.encode("canary-signature")));
}

#[test]
fn with_credentials_it_goes_on_to_judge() {
    let (exit, out, _) =
        run("https://oidc.example/1/", "RS256", &["--credentials", "live.json", "--format", "json"]);
    let document: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((exit, &document["check"]["cause"]), (Exit::No, &json!("issuer-slash")));
    let (exit, out, _) = run("https://oidc.example/1", "RS256", &["--credentials", "live.json"]);
    assert_eq!(exit, Exit::Yes);
    assert!(out.ends_with("accepted: `api` takes it\n"), "{out}");
}
