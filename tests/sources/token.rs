//! A token that somebody else obtained: from a file, a variable or standard input, and what Entra minds about it.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::stage::{AUDIENCE, Stage};

const ISSUER: &str = "https://oidc.cluster.example/7f3a/";
const SUBJECT: &str = "system:serviceaccount:shop:api";

/// A token of the emulated issuer of AWS, whose form nobody minds here.
fn good() -> (Stage, String) {
    let stage = Stage::of("aws");
    let issuer = stage.emulator.state().amazon.issuer;
    let stage = stage.trusting(&issuer, "arn:aws:iam::123456789012:role/deploy", AUDIENCE);
    let token = stage.run(&["assertion", "--source", "aws", "--raw"]).out;
    (stage, token.trim().to_owned())
}

/// A token that nobody has signed.
fn unsigned(header: &Value, change: impl FnOnce(&mut Value)) -> String {
    let mut claims = json!({"iss": ISSUER, "sub": SUBJECT, "aud": AUDIENCE, "exp": 4_102_444_800_u64});
    change(&mut claims);
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{}", part(header), part(&claims), URL_SAFE_NO_PAD.encode("signature"))
}

fn holding(token: impl AsRef<[u8]>) -> Stage {
    let stage = Stage::new("token", ISSUER, SUBJECT);
    stage.file("token.jwt", token);
    stage
}

#[test]
fn a_token_signs_in_from_each_place() {
    let (stage, token) = good();
    stage.file("token.jwt", &token);
    stage.signs_in(&["--token-file", "token.jwt"]);
    stage.file("token.jwt", format!("{token}\r\n"));
    stage.signs_in(&["--token-file", "token.jwt"]);
    let stage = stage.with("TOKEN", &token).input(format!("{token}\n"));
    stage.signs_in(&["--token-env", "TOKEN"]);
    stage.signs_in(&["--token-file", "-"]);
}

#[test]
fn what_entra_minds_about_the_token_itself_is_said_beside_its_refusal() {
    let rs256 = json!({"alg": "RS256", "kid": "k"});
    for (token, code, told) in [
        (unsigned(&json!({"alg": "ES256", "kid": "k"}), |_| {}), 50_027, "ES256; Entra takes RS256 alone"),
        (unsigned(&json!({"alg": "RS256"}), |_| {}), 7_000_272, "the header has no `kid`"),
        (unsigned(&rs256, |_| {}), 7_000_272, "AADSTS7000272"),
        (unsigned(&rs256, |claims| claims["sub"] = "x".repeat(601).into()), 7_000_272, "601 characters"),
    ] {
        let ran = holding(token).login(&["--token-file", "token.jwt", "--timeout", "1"]);
        let document = ran.document();
        assert_eq!((ran.code, &document["refusal"]["code"]), (Some(3), &json!(code)), "{}", ran.err);
        assert!(ran.err.contains(told), "{told}: {}", ran.err);
    }
}

#[test]
fn what_is_no_token_is_said_before_anybody_is_asked() {
    let two = json!([AUDIENCE, "other"]);
    let rs256 = json!({"alg": "RS256", "kid": "k"});
    for (bytes, told) in [
        (b"".to_vec(), "token.jwt is empty"),
        (b"\n\n".to_vec(), "token.jwt is empty"),
        (b"\xff\xfe".to_vec(), "holds no text"),
        (b"token".to_vec(), "a signed token has three parts separated by dots; this has 1"),
        (b"{\"token\": \"a.b.c\"}".to_vec(), "is not base64url text"),
        ("x".repeat(70_000).into_bytes(), "longer than 65536 bytes"),
        (unsigned(&rs256, |claims| claims["aud"] = two.clone()).into_bytes(), "names 2 audiences"),
        (unsigned(&rs256, |claims| claims["sub"] = Value::Null).into_bytes(), "no claim `sub`"),
    ] {
        holding(bytes).is_told(&["--token-file", "token.jwt"], 2, &[told]);
    }
    holding("").is_told(&["--token-env", "NOWHERE"], 2, &["the variable NOWHERE is not set"]);
    holding("").is_told(&["--source", "token"], 2, &["needs --token-file FILE"]);
    let both = ["--source", "google", "--token-file", "token.jwt"];
    holding("").is_told(&both, 2, &["--source google takes no --token-file"]);
}

#[test]
fn a_mark_at_the_beginning_of_the_file_is_named() {
    let (stage, token) = good();
    stage.file("token.jwt", format!("\u{feff}{token}"));
    stage.is_told(&["--token-file", "token.jwt"], 2, &["byte order mark"]);
}
