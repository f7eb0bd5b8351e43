//! A workload with a SPIFFE id: over both kinds of socket, and from the file of a helper.

use std::{
    io::{Read, Write},
    net::TcpListener,
};

use fedcred::emulator::State;

use crate::stage::{AUDIENCE, Stage};

const ISSUER: &str = "https://oidc.example.org";
const ID: &str = "spiffe://example.org/ns/prod/sa/api";

fn workload(change: impl FnOnce(&mut State)) -> Stage {
    Stage::changed("spiffe", change).trusting(ISSUER, ID, AUDIENCE)
}

#[test]
fn a_workload_signs_in_over_both_kinds_of_socket() {
    let stage = workload(|_| {});
    if cfg!(unix) {
        assert!(stage.emulator.workload_api().starts_with("unix:/"));
        stage.signs_in(&["--source", "spiffe"]);
    }
    let address = stage.emulator.url().replace("http://", "tcp://");
    let stage = stage.with("SPIFFE_ENDPOINT_SOCKET", &address);
    stage.signs_in(&["--source", "spiffe"]);
    stage.signs_in(&[]);
    stage.signs_in(&["--spiffe-id", ID]);
}

#[test]
fn a_helpers_file_signs_in_and_is_looked_at_as_a_jwt_svid() {
    let stage = workload(|_| {});
    let token = stage.run(&["assertion", "--source", "spiffe", "--raw"]).out;
    let stage = stage.without("SPIFFE_ENDPOINT_SOCKET");
    stage.file("jwt_svid.token", token.trim());
    let file = ["--source", "spiffe", "--token-file", "jwt_svid.token"];
    stage.signs_in(&file);
    stage.is_told(&[&file[..], &["--audience", "other"]].concat(), 2, &["change jwt_audience of the helper"]);
    stage.is_told(
        &[&file[..], &["--spiffe-id", "spiffe://example.org/x"]].concat(),
        2,
        &["but `spiffe://example.org/x` is wanted"],
    );
    stage.file("jwt_svid.token", "");
    stage.is_told(&file, 2, &["the token file jwt_svid.token is empty", "spiffe-helper"]);
    stage.is_told(&["--source", "spiffe"], 2, &["SPIFFE_ENDPOINT_SOCKET is not set"]);
}

#[test]
fn an_issuer_that_differs_by_its_slash_is_not_trusted() {
    let stage = workload(|_| {}).trusting("https://oidc.example.org/", ID, AUDIENCE);
    stage.is_refused(&["--source", "spiffe"], 700_211, "issuer-slash", "by a slash at the end");
}

#[test]
fn a_subject_without_its_scheme_is_no_spiffe_id() {
    let stage = workload(|_| {}).trusting(ISSUER, "example.org/ns/prod/sa/api", AUDIENCE);
    stage.is_refused(&["--source", "spiffe"], 700_213, "subject-malformed", "`spiffe://` included");
}

#[test]
fn each_setting_of_spire_that_entra_minds_is_named() {
    let told = |change: fn(&mut State), code, told: &[&str]| {
        workload(change).is_told(&["--source", "spiffe"], code, told);
    };
    told(
        |state| state.spiffe.algorithm = "ES256".into(),
        2,
        &["signed with ES256", "jwt_key_type = \"rsa-2048\""],
    );
    told(|state| state.spiffe.issuer = String::new(), 2, &["set `jwt_issuer`"]);
    told(|state| state.spiffe.ids.clear(), 3, &["no identity issued", "spire-server entry create"]);
    told(
        |state| state.spiffe.ids.push("spiffe://example.org/other".into()),
        3,
        &["choose one with --spiffe-id"],
    );
    let other = ["--source", "spiffe", "--spiffe-id", "spiffe://example.org/x"];
    workload(|_| {}).is_told(&other, 3, &["no identity issued"]);
}

#[test]
fn an_agent_that_is_not_there_is_named_with_its_socket() {
    for (socket, code, told) in [
        ("unix:/nowhere/agent.sock", 3, "unix:/nowhere/agent.sock is not available"),
        ("tcp://127.0.0.1:1", 3, "is the agent running"),
        ("/run/agent.sock", 2, "unix:///"),
    ] {
        let stage = workload(|_| {}).with("SPIFFE_ENDPOINT_SOCKET", socket);
        stage.is_told(&["--source", "spiffe"], code, &[told]);
    }
}

#[test]
fn a_port_that_speaks_something_else_is_no_workload_api() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("tcp://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let mut open = Vec::new();
        for mut stream in listener.incoming().flatten() {
            let _: usize = stream.read(&mut [0; 24]).unwrap();
            stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").unwrap();
            open.push(stream);
        }
    });
    let stage = workload(|_| {}).with("SPIFFE_ENDPOINT_SOCKET", &address);
    stage.is_told(&["--source", "spiffe"], 3, &["it does not speak gRPC"]);
}
