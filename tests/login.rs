//! The whole program signs in: faults at both endpoints, and where secrets may be.

#[path = "login/job.rs"]
mod job;
#[path = "login/service.rs"]
mod service;

use std::{fs, process::Command, time::Duration};

use job::{CLIENT, Job};
use service::{ACCESS_TOKEN, Endpoint, Fault, REQUEST_TOKEN, Service, assertion};

const ENDPOINTS: [(Endpoint, &str); 2] = [
    (Endpoint::Github, "GitHub's token service at 127.0.0.1"),
    (Endpoint::Entra, "Microsoft Entra at 127.0.0.1"),
];

#[test]
fn what_passes_by_itself_is_tried_again_at_both_endpoints() {
    let faults = [
        Fault::Status(503),
        Fault::RetryAfter(1),
        Fault::Reset,
        Fault::Html,
        Fault::Truncated,
        Fault::Cut,
        Fault::Empty,
    ];
    for (at, _) in ENDPOINTS {
        for fault in faults {
            let service = Service::start();
            service.fault(at, &[fault]);
            let job = Job::new(&service);
            let ran = job.run(&["login"]);
            assert_eq!(ran.code, Some(0), "{at:?} {fault:?}: {}{}", ran.out, ran.err);
            assert_eq!(service.asked(at), 2, "{at:?} {fault:?}");
        }
    }
}

#[test]
fn what_does_not_pass_names_the_service_and_what_was_tried() {
    let faults = [
        (Fault::Status(503), "an empty answer with status 503"),
        (Fault::RetryAfter(60), "with status 429 (1 attempt in"),
        (Fault::Reset, "the connection was cut"),
        (Fault::Slow(Duration::from_secs(3)), "no whole answer came in time (1 attempt in"),
        (Fault::Html, "a web page with status 200"),
        (Fault::Truncated, "an answer that is not JSON or broke off with status 200"),
        (Fault::Empty, "an empty answer with status 200"),
    ];
    for (at, name) in ENDPOINTS {
        for (fault, text) in faults {
            let service = Service::start();
            service.fault(at, &[fault; 20]);
            let ran = Job::new(&service).run(&["login", "--timeout", "1"]);
            assert_eq!(ran.code, Some(3), "{at:?} {fault:?}: {}{}", ran.out, ran.err);
            assert!(ran.err.contains(name) && ran.err.contains(text), "{at:?} {fault:?}: {}", ran.err);
            assert!(ran.err.contains(" attempt"), "{}", ran.err);
        }
    }
}

#[test]
fn a_refusal_is_asked_once_and_ends_with_3() {
    let service = Service::start();
    service.fault(Endpoint::Entra, &[Fault::Refusal]);
    let job = Job::new(&service);
    let ran = job.run(&["action", "main"]);
    assert_eq!((ran.code, service.asked(Endpoint::Entra)), (Some(3), 1), "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("::error title=AADSTS700213::"), "{}", ran.out);
    assert!(ran.out.contains("trace id trace-1"), "{}", ran.out);
    assert!(job.file("summary").contains("repo:octo/app:environment:prod"));
    assert_eq!(job.file("env"), "");
}

/// The two places a secret may be in, beside lines that mask it.
fn leaks(job: &Job, out: &str, err: &str) -> Vec<String> {
    let secrets = [assertion(), ACCESS_TOKEN.to_owned(), REQUEST_TOKEN.to_owned()];
    let has = |text: &str| secrets.iter().any(|secret| text.contains(secret.as_str()));
    let said = out.lines().chain(err.lines()).filter(|line| !line.starts_with("::add-mask::"));
    let mut found: Vec<String> = said.filter(|line| has(line)).map(str::to_owned).collect();
    for path in job.files().iter().filter(|path| path.is_file()) {
        let text = fs::read_to_string(path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let allowed = match name.as_str() {
            "output" => format!("access-token<<fedcred_value\n{ACCESS_TOKEN}\nfedcred_value\n"),
            file if file == format!("fedcred-{CLIENT}.jwt") => assertion(),
            _ => String::new(),
        };
        let rest = if allowed.is_empty() { text } else { text.replacen(&allowed, "", 1) };
        if has(&rest) {
            found.push(name);
        }
    }
    found
}

#[test]
fn no_secret_is_anywhere_but_in_masks_the_token_file_and_the_access_token_output() {
    let cases: [(Option<(Endpoint, Fault)>, i32); 6] = [
        (None, 0),
        (Some((Endpoint::Entra, Fault::Refusal)), 3),
        (Some((Endpoint::Entra, Fault::Truncated)), 3),
        (Some((Endpoint::Github, Fault::Truncated)), 3),
        (Some((Endpoint::Github, Fault::Status(401))), 3),
        (Some((Endpoint::Entra, Fault::Reset)), 3),
    ];
    for (fault, code) in cases {
        for words in
            [&["login", "--timeout", "1", "--verbose"][..], &["login", "--timeout", "1", "--format", "json"]]
        {
            let service = Service::start();
            if let Some((at, fault)) = fault {
                service.fault(at, &[fault; 20]);
            }
            let job = Job::new(&service).with("RUST_LOG", "trace").with("RUST_BACKTRACE", "1");
            let ran = job.run(words);
            assert_eq!(ran.code, Some(code), "{fault:?}: {}{}", ran.out, ran.err);
            assert_eq!(leaks(&job, &ran.out, &ran.err), [""; 0], "{fault:?}");
        }
    }
}

#[test]
fn masks_come_before_everything_else_that_is_printed() {
    let service = Service::start();
    let ran = Job::new(&service).run(&["action", "main"]);
    let masks: Vec<&str> = ran.out.lines().take_while(|line| line.starts_with("::add-mask::")).collect();
    assert_eq!(masks.len(), 3, "{}", ran.out);
    assert!(ran.out.lines().skip(3).all(|line| !line.starts_with("::add-mask::")));
    assert_eq!(ran.err, "");
}

#[test]
fn the_launcher_runs_the_program_and_post_takes_the_token_file_away() {
    if Command::new("node").arg("--version").output().is_err() {
        eprintln!("skipped: node is not installed");
        return;
    }
    let service = Service::start();
    let dist = concat!(env!("CARGO_MANIFEST_DIR"), "/dist/");
    let job = Job::new(&service).with("INPUT_BINARY", env!("CARGO_BIN_EXE_fedcred"));
    let ran = job.start(Command::new("node").arg(format!("{dist}main.js")));
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    assert_eq!(leaks(&job, &ran.out, &ran.err), [""; 0]);
    assert!(job.file("env").contains("FEDCRED_POST<<fedcred_value\n1\n"));
    let token = job.folder.path().join(format!("fedcred-{CLIENT}.jwt"));
    assert_eq!(fs::read_to_string(&token).unwrap(), assertion());
    let job = job.with("STATE_token-file", token.to_str().unwrap());
    assert_eq!(job.start(Command::new("node").arg(format!("{dist}post.js"))).code, Some(0));
    assert!(!token.exists());

    service.fault(Endpoint::Entra, &[Fault::Refusal]);
    assert_eq!(job.start(Command::new("node").arg(format!("{dist}main.js"))).code, Some(3));
    let none = job.with("INPUT_BINARY", "").start(Command::new("node").arg(format!("{dist}main.js")));
    assert_eq!(none.code, Some(2));
    assert!(none.out.contains("::error title=fedcred::no program to run"), "{}", none.out);
}
