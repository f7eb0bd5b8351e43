//! An account of Google Cloud, whose metadata server gives its token.

use fedcred::emulator::{Door, Fault, How};

use crate::stage::Stage;

const GOOGLE: &str = "https://accounts.google.com";
const NUMBER: &str = "104029292853099978293";

#[test]
fn an_account_signs_in_as_its_number() {
    let stage = Stage::new("google", GOOGLE, NUMBER);
    stage.signs_in(&[]);
    stage.signs_in(&["--source", "google"]);
}

#[test]
fn the_address_of_the_account_is_never_its_subject() {
    let stage = Stage::new("google", GOOGLE, "api@octo.iam.gserviceaccount.com");
    stage.is_refused(&[], 700_213, "subject-malformed", "which is digits, and never its address");
}

#[test]
fn an_issuer_with_a_slash_is_not_googles() {
    let stage = Stage::new("google", "https://accounts.google.com/", NUMBER);
    stage.is_refused(&[], 700_211, "issuer-slash", "by a slash at the end");
}

#[test]
fn a_metadata_server_that_gives_no_token_is_named_with_what_it_said() {
    let status = |status| How::Status { status, retry_after: None, body: String::new() };
    for (how, told) in [
        (status(404), "knows no default service account"),
        (status(500), "status 500: it says nothing more"),
        (How::Html, "gave no token"),
        (How::Empty, "gave no token"),
    ] {
        let stage = Stage::new("google", GOOGLE, NUMBER);
        stage.emulator.set_faults(vec![Fault::new(Door::Google, how)]);
        stage.is_told(&[], 3, &[told, "Google's metadata server at 127.0.0.1"]);
    }
    let nobody = Stage::new("google", GOOGLE, NUMBER).with("GCE_METADATA_HOST", "127.0.0.1:1");
    nobody.is_told(&[], 3, &["the connection was refused", "GCE_METADATA_HOST names another one"]);
}

#[test]
fn an_address_in_the_place_of_the_host_is_no_host() {
    let stage = Stage::new("google", GOOGLE, NUMBER);
    let url = stage.emulator.url().to_owned();
    stage.with("GCE_METADATA_HOST", &url).is_told(
        &[],
        2,
        &["it holds a host and perhaps a port", "and no scheme"],
    );
}

#[test]
fn no_proxy_comes_between_the_workload_and_its_metadata() {
    let proxy = "http://127.0.0.1:1";
    let stage = Stage::new("google", GOOGLE, NUMBER).with("HTTP_PROXY", proxy).with("http_proxy", proxy);
    stage.with("HTTPS_PROXY", proxy).with("ALL_PROXY", proxy).signs_in(&[]);
}
