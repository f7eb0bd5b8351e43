//! The whole program signs in with a certificate of its own, and every usual trap with its own words.

use std::{
    path::PathBuf,
    process::{Command, Output},
};

use fedcred::emulator::{CLIENT, Emulator, Options, RegisteredCertificate, State, TENANT};

use super::job::{Job, Ran};

fn path(name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/own_key");
    folder.join(name).to_str().unwrap().to_owned()
}

fn emulator(registered: &str) -> Emulator {
    let emulator = Emulator::start_blocking(State::default(), Options::default()).unwrap();
    let pem = std::fs::read_to_string(path(registered)).unwrap();
    let certificate = RegisteredCertificate::try_from(pem).unwrap();
    emulator.change(|state| state.applications[0].certificates = vec![certificate]);
    emulator
}

/// Outside any job: `words` behind the client, the tenant and the emulator.
fn run(emulator: &Emulator, words: &[&str]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fedcred"));
    command.args(["token", "--client-id", CLIENT, "--tenant-id", TENANT, "--cloud", emulator.url()]);
    command.env_clear().env("AZURE_CLIENT_CERTIFICATE_PASSWORD", "public-test").args(words);
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: status.code(), out: text(stdout), err: text(stderr) }
}

#[test]
fn every_form_of_the_key_signs_in() {
    let emulator = emulator("certificate.pem");
    for file in ["modern.p12", "legacy.p12"] {
        let ran = run(&emulator, &["--certificate", &path(file)]);
        assert_eq!(ran.code, Some(0), "{file}: {}", ran.err);
        assert!(ran.out.starts_with("eyJ") && ran.err.is_empty(), "{file}: {}", ran.err);
    }
    let apart = ["--certificate", &path("certificate.pem"), "--private-key", &path("encrypted.pem")];
    assert_eq!(run(&emulator, &apart).code, Some(0));
}

#[test]
fn a_certificate_that_the_application_lacks_is_named_as_the_portal_names_it() {
    let ran = run(&emulator("other-certificate.pem"), &["--certificate", &path("modern.p12")]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(3), ""));
    for told in ["AADSTS700027", "88F46ECB9E937DA33DDE030B554B31546D36330B", "CN=fedcred public test key"] {
        assert!(ran.err.contains(told), "{told}: {}", ran.err);
    }
}

#[test]
fn a_certificate_that_has_ended_is_told_before_entra_tells_it() {
    let words = ["--certificate", &path("expired.pem"), "--private-key", &path("encrypted.pem")];
    let ran = run(&emulator("expired.pem"), &words);
    assert_eq!(ran.code, Some(3));
    let (warned, refused) = (ran.err.find("ended on 2021-01-01"), ran.err.find("Entra says"));
    assert!(warned.is_some() && warned < refused, "{}", ran.err);
}

#[test]
fn what_is_wrong_with_a_file_is_said_before_anybody_is_asked() {
    let emulator = emulator("certificate.pem");
    let (certificate, other) = (path("certificate.pem"), path("other-certificate.pem"));
    let (readme, encrypted) = (path("README.md"), path("encrypted.pem"));
    for (words, told) in [
        (vec!["--certificate", "missing.pem"], "cannot read missing.pem"),
        (vec!["--certificate", &certificate], "there is no private key in it"),
        (vec!["--certificate", &path("elliptic.pem")], "an elliptic curve; Entra takes RSA keys only"),
        (vec!["--certificate", &path("small.pem")], "needs 2048 to 4096 bits"),
        (vec!["--certificate", &other, "--private-key", &encrypted], "does not belong to the certificate"),
        (
            vec!["--certificate", &path("modern.p12"), "--certificate-password-file", &readme],
            "the password is wrong",
        ),
        (vec!["--certificate", &certificate, "--private-key", &path("old-encrypted.pem")], "old form"),
        (vec!["--certificate", &certificate, "--source", "github"], "--source github takes no --certificate"),
    ] {
        let ran = run(&emulator, &words);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{told}: {}", ran.err);
        assert!(ran.err.contains(told), "{told}: {}", ran.err);
    }
    assert!(emulator.requests().iter().all(|request| !request.path.contains("token")));
}

#[test]
fn a_job_with_a_certificate_beside_its_own_token_must_choose() {
    let emulator = emulator("certificate.pem");
    let job = || Job::new(&emulator).with("AZURE_CLIENT_CERTIFICATE_PATH", &path("open.p12"));
    let ran = job().run(&["login"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("`github`") && ran.err.contains("`own-key`"), "{}", ran.err);
    let job = job().with("INPUT_SOURCE", "own-key");
    let ran = job.run(&["login"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert_eq!((job.output("issuer"), job.output("subject")), (CLIENT.to_owned(), CLIENT.to_owned()));
    assert_eq!(job.leaks(&ran, &emulator.request_token()), Vec::<String>::new());
}

#[test]
fn an_assertion_of_ones_own_is_shown_without_the_rules_for_federated_tokens() {
    let emulator = emulator("certificate.pem");
    let job = Job::new(&emulator).with("AZURE_CLIENT_ID", CLIENT).with("AZURE_TENANT_ID", TENANT);
    let ran = job.run(&["assertion", "--certificate", &path("open.p12"), "--cloud", emulator.url()]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    for told in ["PS256".to_owned(), CLIENT.to_owned(), format!("{TENANT}/oauth2/v2.0/token")] {
        assert!(ran.out.contains(&told), "{told}: {}", ran.out);
    }
    assert!(!ran.out.contains("what Entra checks"), "{}", ran.out);
    assert_eq!(job.leaks(&ran, &emulator.request_token()), Vec::<String>::new());
}
