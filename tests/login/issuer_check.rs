//! An issuer on this machine, read as Entra reads one, with and without a token of it.

use fedcred::emulator::{Emulator, Options, State, TENANT};
use serde_json::Value;

use super::job::Job;

/// An emulator whose job has tokens of an issuer that publishes its keys there.
fn emulator() -> (Emulator, String) {
    let emulator = Emulator::start_blocking(State::default(), Options::default()).unwrap();
    let issuer = format!("{}/{TENANT}/v2.0", emulator.url());
    emulator.change(|state| state.github.issuer.clone_from(&issuer));
    (emulator, issuer)
}

fn check<'a>(document: &'a Value, name: &str) -> &'a Value {
    document["checks"].as_array().unwrap().iter().find(|check| check["check"] == name).unwrap()
}

#[test]
fn the_key_of_a_token_is_found_where_its_issuer_publishes_it() {
    let (emulator, issuer) = emulator();
    let job = Job::new(&emulator);
    let ran = job.run(&["assertion", "--issuer-check", "--format", "json"]);
    let document: Value = serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{}{}", ran.out, ran.err));
    assert_eq!((ran.code, document["issuer"].as_str()), (Some(0), Some(issuer.as_str())), "{}", ran.out);
    assert_eq!((document["keys"].as_u64(), document["key_position"].as_u64()), (Some(1), Some(1)));
    for name in ["configuration", "issuer", "keys", "count", "kid", "use", "algorithm", "signature"] {
        assert_eq!(check(&document, name)["outcome"], "good", "{name}: {}", ran.out);
    }
    assert_eq!(check(&document, "public")["outcome"], "doubtful", "Entra cannot reach this machine");
    assert_eq!(job.leaks(&ran, &emulator.request_token()), Vec::<String>::new());
}

#[test]
fn an_issuer_by_itself_needs_no_token() {
    let (emulator, issuer) = emulator();
    let ran = Job::new(&emulator).run(&["assertion", "--issuer-check", &issuer]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("  skipped   kid "), "{}", ran.out);
    let slash = format!("{issuer}/");
    let ran = Job::new(&emulator).run(&["assertion", "--issuer-check", &slash]);
    assert_eq!(ran.code, Some(1), "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("they differ by the slash at the end"), "{}", ran.out);
    let asked = emulator.requests();
    assert!(
        asked.iter().all(|request| !request.path.contains("/github/oidc/token")),
        "no token was asked for"
    );
}

#[test]
fn an_issuer_that_is_not_there_is_what_entra_would_say() {
    let (emulator, _) = emulator();
    let missing = format!("{}/nobody/here/at/all", emulator.url());
    let ran = Job::new(&emulator).run(&["assertion", "--issuer-check", &missing]);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.out.contains("status 404") && ran.out.contains("(AADSTS50166)"), "{}", ran.out);
}
