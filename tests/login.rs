//! The whole program signs in to the emulator: faults at both endpoints, refusals, and where secrets may be.
#![cfg(feature = "emulator")]

#[path = "login/issuer_check.rs"]
mod issuer_check;
#[path = "login/job.rs"]
mod job;
#[path = "login/launcher.rs"]
mod launcher;
#[path = "login/own_key.rs"]
mod own_key;

use fedcred::emulator::{CLIENT, Door, Emulator, Fault, How, Options, State, StoredCredential};
use job::Job;

const ENDPOINTS: [(Door, &str); 2] = [
    (Door::GithubToken, "GitHub's token service at 127.0.0.1"),
    (Door::EntraToken, "Microsoft Entra at 127.0.0.1"),
];

/// An emulator that the standard job may sign in to, with one fault at `door`.
fn emulator(door: Door, how: Option<How>, times: u32) -> Emulator {
    let state = State {
        faults: how.map(|how| Fault::new(door, how).times(times)).into_iter().collect(),
        ..State::default()
    };
    Emulator::start_blocking(state, Options::default()).unwrap()
}

fn refusing() -> Emulator {
    let emulator = emulator(Door::EntraToken, None, 0);
    emulator.change(|state| {
        let wrong = StoredCredential::github("main", "repo:octo/app:ref:refs/heads/Main");
        *state.credentials_mut(CLIENT).unwrap() = vec![wrong];
    });
    emulator
}

fn asked(emulator: &Emulator, door: Door) -> usize {
    emulator.requests().iter().filter(|request| request.door == door).count()
}

fn status(status: u16, retry_after: Option<u64>) -> How {
    How::Status { status, retry_after, body: String::new() }
}

#[test]
fn what_passes_by_itself_is_tried_again_at_both_endpoints() {
    let faults = [
        status(503, None),
        status(429, Some(1)),
        How::Cut,
        How::Reset,
        How::Html,
        How::Half,
        How::Truncate,
        How::Empty,
    ];
    for (door, _) in ENDPOINTS {
        for how in &faults {
            let emulator = emulator(door, Some(how.clone()), 1);
            let ran = Job::new(&emulator).run(&["login"]);
            assert_eq!(ran.code, Some(0), "{door:?} {how:?}: {}{}", ran.out, ran.err);
            assert_eq!(asked(&emulator, door), 2, "{door:?} {how:?}");
        }
    }
}

#[test]
fn what_does_not_pass_names_the_service_and_what_was_tried() {
    let faults = [
        (status(503, None), "an empty answer with status 503"),
        (status(429, Some(60)), "with status 429 (1 attempt in"),
        (How::Cut, "the connection was cut"),
        (How::Reset, "the connection was cut"),
        (How::Delay { milliseconds: 3000 }, "no whole answer came in time (1 attempt in"),
        (How::Never, "no whole answer came in time (1 attempt in"),
        (How::Html, "a web page with status 200"),
        (How::Half, "an answer that is not JSON or broke off with status 200"),
        (How::Truncate, "the answer broke off"),
        (How::Empty, "an empty answer with status 200"),
    ];
    for (door, name) in ENDPOINTS {
        for (how, text) in &faults {
            let emulator = emulator(door, Some(how.clone()), 50);
            let ran = Job::new(&emulator).run(&["login", "--timeout", "1"]);
            assert_eq!(ran.code, Some(3), "{door:?} {how:?}: {}{}", ran.out, ran.err);
            assert!(ran.err.contains(name) && ran.err.contains(text), "{door:?} {how:?}: {}", ran.err);
            assert!(ran.err.contains(" attempt"), "{}", ran.err);
        }
    }
}

#[test]
fn a_refusal_is_asked_once_ends_with_3_and_says_where_the_two_differ() {
    let emulator = refusing();
    let job = Job::new(&emulator);
    job.write(
        "live.json",
        r#"[{"name":"main","issuer":"https://token.actions.githubusercontent.com","subject":"repo:octo/app:ref:refs/heads/Main","audiences":["api://AzureADTokenExchange"]}]"#,
    );
    let job = job.with("INPUT_CREDENTIALS", "live.json");
    let ran = job.run(&["action", "main"]);
    assert_eq!((ran.code, asked(&emulator, Door::EntraToken)), (Some(3), 1), "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("::error title=AADSTS7002138::"), "{}", ran.out);
    let judged: Vec<&str> = ran.out.lines().filter(|line| line.contains("title=subject-case::")).collect();
    assert_eq!(judged.len(), 1, "one annotation is enough: {}", ran.out);
    let told = judged[0];
    assert!(told.starts_with("::error ") && told.contains("in the branch"), "{told}");
    assert!(told.contains("refs/heads/Main") && told.contains("refs/heads/main"), "{told}");
    assert!(job.file("summary").contains("subject-case"), "{}", job.file("summary"));
    assert_eq!((job.output("verdict").as_str(), job.output("cause").as_str()), ("refused", "subject-case"));
    assert!(!job.file("env").contains("AZURE_"));
}

#[test]
fn what_the_judge_expected_in_vain_is_a_warning() {
    let emulator = emulator(Door::EntraToken, None, 0);
    let job = Job::new(&emulator);
    job.write("old.json", r#"[{"name":"main","issuer":"https://token.actions.githubusercontent.com","subject":"repo:octo/app:pull_request","audiences":["api://AzureADTokenExchange"]}]"#);
    let ran = job.run(&["login", "--credentials", "old.json"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    assert_eq!(ran.out.matches("::warning ").count(), 1, "{}", ran.out);
    assert!(!ran.out.contains("::error "), "{}", ran.out);
}

#[test]
fn a_step_that_checks_hands_over_what_it_found() {
    let emulator = emulator(Door::EntraToken, None, 0);
    let job = Job::new(&emulator).with("INPUT_CLOUD", "AzureCloud").with("INPUT_MODE", "check");
    let job = job.with("INPUT_CREDENTIALS", "live.json");
    for (subject, code, verdict, cause, said) in [
        ("repo:octo/app:ref:refs/heads/main", 0, "accepted", "", "A credential takes this token"),
        ("repo:octo/app:ref:refs/heads/Main", 1, "refused", "subject-case", "No credential takes this token"),
    ] {
        job.write("live.json", &format!(r#"[{{"name":"main","issuer":"https://token.actions.githubusercontent.com","subject":"{subject}","audiences":["api://AzureADTokenExchange"]}}]"#));
        job.write("output", "");
        let ran = job.run(&["action", "main"]);
        assert_eq!(ran.code, Some(code), "{}{}", ran.out, ran.err);
        let found = ["subject", "verdict", "cause"].map(|name| job.output(name));
        assert_eq!(found, ["repo:octo/app:ref:refs/heads/main", verdict, cause]);
        assert!(job.output("report").starts_with("{\"schema\":\"fedcred.check.v1\""));
        assert!(job.file("summary").contains(said), "{}", job.file("summary"));
        assert!(ran.out.starts_with("::add-mask::"), "{}", ran.out);
        assert_eq!(job.leaks(&ran, &emulator.request_token()), [""; 0]);
    }
}

#[test]
fn a_credential_that_was_just_created_is_waited_for() {
    let emulator = emulator(Door::EntraToken, Some(status(401, None)), 1);
    let body = r#"{"error":"invalid_client","error_description":"AADSTS70025: none","error_codes":[70025]}"#;
    let late = || {
        let how = How::Status { status: 401, retry_after: Some(1), body: body.into() };
        emulator.set_faults(vec![Fault::new(Door::EntraToken, how).times(1)]);
        Job::new(&emulator)
    };
    assert_eq!(late().run(&["login"]).code, Some(3));
    assert_eq!(late().with("INPUT_JUST-CREATED", "true").run(&["login"]).code, Some(0));
}

#[test]
fn no_secret_is_anywhere_but_in_masks_the_token_file_and_the_access_token_output() {
    let cases = [
        (Door::EntraToken, None, 0),
        (Door::EntraToken, Some(How::Half), 3),
        (Door::EntraToken, Some(How::Cut), 3),
        (Door::GithubToken, Some(How::Half), 3),
        (Door::GithubToken, Some(status(401, None)), 3),
    ];
    let emulators = cases.into_iter().map(|(door, how, code)| (emulator(door, how, 50), code));
    for (emulator, code) in emulators.chain([(refusing(), 3)]) {
        for words in
            [&["login", "--timeout", "1", "--verbose"][..], &["login", "--timeout", "1", "--format", "json"]]
        {
            let job = Job::new(&emulator).with("RUST_LOG", "trace").with("RUST_BACKTRACE", "1");
            let ran = job.run(words);
            assert_eq!(ran.code, Some(code), "{}{}", ran.out, ran.err);
            assert_eq!(job.leaks(&ran, &emulator.request_token()), [""; 0]);
        }
    }
}

/// The one folder on PATH holds stand-ins, so whatever is started is one of them and writes its words down.
#[cfg(unix)]
#[test]
fn no_secret_is_among_the_words_of_a_program_that_is_started() {
    for (emulator, code) in [(emulator(Door::EntraToken, None, 0), 0), (refusing(), 3)] {
        let job = Job::new(&emulator);
        let folder = job.folder.path().to_str().unwrap().to_owned();
        let note = format!("echo \"$0 $*\" >> {folder}/words; ");
        for name in ["az", "gh", "git"] {
            let prints = r#"echo '{"accessToken":"canary-of-az"}'"#;
            launcher::stand_in(&job, name, &format!("{note}{prints}"), 0o755);
        }
        let job = job.with("PATH", &folder).with("INPUT_EXPORT", "sdk,terraform");
        let live = format!("graph:{CLIENT}");
        let ran = job.run(&["login", "--credentials", &live, "--timeout", "1", "--verbose"]);
        assert_eq!(ran.code, Some(code), "{}{}", ran.out, ran.err);
        let words = job.file("words");
        assert_eq!(
            words.contains("az account get-access-token"),
            code == 3,
            "az is asked when we are refused: {words}"
        );
        for secret in ["eyJ", "canary", &emulator.request_token()] {
            assert!(!words.contains(secret), "{words}");
        }
        assert!(
            !format!("{}{}", ran.out, ran.err).replace("::add-mask::canary-of-az", "").contains("canary")
        );
    }
}

#[test]
fn masks_come_before_everything_else_that_is_printed() {
    let ran = Job::new(&emulator(Door::EntraToken, None, 0)).run(&["action", "main"]);
    let masks = ran.out.lines().take_while(|line| line.starts_with("::add-mask::")).count();
    assert_eq!(masks, 3, "{}", ran.out);
    assert!(ran.out.lines().skip(masks).all(|line| !line.starts_with("::add-mask::")));
    assert_eq!(ran.err, "");
}

#[test]
fn tls_with_a_root_of_the_environment_works_and_without_it_the_certificate_is_named() {
    let options = Options { tls: true, ..Options::default() };
    let emulator = Emulator::start_blocking(State::default(), options).unwrap();
    let job = Job::new(&emulator);
    let ran = job.run(&["login"]);
    assert_eq!(ran.code, Some(3));
    assert!(ran.err.contains("the TLS handshake failed") && ran.err.contains("(1 attempt"), "{}", ran.err);
    job.write("ca.pem", emulator.ca_pem().unwrap());
    let path = job.folder.path().join("ca.pem").to_str().unwrap().to_owned();
    for variable in ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"] {
        let job = Job::new(&emulator).with(variable, &path);
        let ran = job.run(&["login"]);
        assert_eq!(ran.code, Some(0), "{variable}: {}", ran.err);
    }
}
