//! Live sources against the emulator: Graph and Azure Resource Manager as they page, slow down, refuse and break.
#![cfg(feature = "emulator")]

use fedcred::{
    cli::{self, Exit},
    emulator::{
        Access, CLIENT, Door, Emulator, Fault, How, Options, SUBSCRIPTION, State, StoredCredential, TENANT,
    },
    host::{Clock, Env, Files, Host, Http, Stream},
};
use serde_json::Value;

/// A world whose only way out leads to the emulator.
struct World {
    emulator: Emulator,
    variables: Vec<(&'static str, String)>,
}

struct Told {
    exit: Exit,
    out: String,
    err: String,
    slept: usize,
}

impl World {
    fn start(change: impl FnOnce(&mut State)) -> Self {
        let mut state = State::default();
        change(&mut state);
        let emulator = Emulator::start_blocking(state, Options::default()).unwrap();
        let variables = vec![
            ("ACTIONS_ID_TOKEN_REQUEST_URL", emulator.token_request_url()),
            ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", emulator.request_token()),
            ("AZURE_CLIENT_ID", CLIENT.to_owned()),
            ("AZURE_TENANT_ID", TENANT.to_owned()),
        ];
        Self { emulator, variables }
    }

    /// The program itself, with the real clock.
    fn waits(&self, words: &[&str]) -> (Option<i32>, String) {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_fedcred"));
        let variables = self.variables.iter().map(|(name, value)| (*name, value.as_str()));
        let ran = command.args(words).args(["--cloud", self.emulator.url()]).env_clear().envs(variables);
        let ran = ran.output().unwrap();
        (ran.status.code(), String::from_utf8(ran.stderr).unwrap())
    }

    fn run(&self, words: &[&str]) -> Told {
        let host = Host {
            env: Env::fake(self.variables.iter().map(|(name, value)| (*name, value.as_str()))),
            files: Files::fake([]),
            http: Http::real(),
            clock: Clock::fake(),
            ..Host::fake()
        };
        let words = ["fedcred"].into_iter().chain(words.iter().copied());
        let exit = cli::run(words.chain(["--cloud", self.emulator.url()]).map(Into::into), &host);
        let told = Told {
            exit,
            out: host.console.written(Stream::Out),
            err: host.console.written(Stream::Err),
            slept: host.clock.slept().len(),
        };
        for secret in [self.emulator.request_token(), "eyJ".to_owned()] {
            assert!(!told.out.contains(&secret) && !told.err.contains(&secret), "{}{}", told.out, told.err);
        }
        told
    }

    fn list(&self, source: &str) -> (Told, Value) {
        let told = self.run(&["credentials", "list", source, "--format", "json"]);
        let document = serde_json::from_str(&told.out).unwrap_or(Value::Null);
        (told, document)
    }
}

fn graph() -> String {
    format!("graph:{CLIENT}")
}

fn arm() -> String {
    format!(
        "arm:/subscriptions/{SUBSCRIPTION}/resourceGroups/deploy/providers/Microsoft.ManagedIdentity/userAssignedIdentities/octo-identity"
    )
}

fn three(credentials: &mut Vec<StoredCredential>) {
    credentials.push(StoredCredential::github("pull", "repo:octo/app:pull_request"));
    credentials.push(StoredCredential {
        subject: None,
        expression: Some(
            "claims['sub'] matches 'repo:octo/app:*' and claims['repository_id'] eq '456789'".into(),
        ),
        ..StoredCredential::github("flex", "")
    });
}

fn names(document: &Value) -> Vec<&str> {
    document["credentials"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect()
}

#[test]
fn every_page_of_both_services_is_read_without_loss() {
    let world = World::start(|state| {
        state.page_size = 1;
        three(&mut state.applications[0].credentials);
        three(&mut state.identities[0].credentials);
    });
    let (told, document) = world.list(&graph());
    assert_eq!(told.exit, Exit::Yes, "{}", told.err);
    assert_eq!(names(&document), ["main", "pull", "flex"]);
    assert_eq!(document["credentials"][1]["subject"], "repo:octo/app:pull_request");
    assert!(document["credentials"][2]["expression"].as_str().unwrap().contains("456789"));
    assert_eq!(document["credentials"][0]["source"], graph());
    assert_eq!(
        (&document["credentials"][0]["home"], &document["credentials"][0]["parent"]),
        (&"application".into(), &CLIENT.into())
    );
    let (told, document) = world.list(&arm());
    assert_eq!(told.exit, Exit::Yes, "{}", told.err);
    assert_eq!(names(&document), ["production", "pull", "flex"]);
    assert_eq!(document["credentials"][0]["home"], "managed-identity");
    assert!(document["credentials"][2]["expression"].as_str().unwrap().contains("456789"));
}

#[test]
fn a_subject_is_checked_against_what_entra_holds_now() {
    let world = World::start(|_| {});
    let check =
        |subject: &str, source: &str| world.run(&["check", "--subject", subject, "--credentials", source]);
    let told = check("repo:octo/app:ref:refs/heads/main", &graph());
    assert!(told.exit == Exit::Yes && told.out.contains("accepted: `main`"), "{}{}", told.out, told.err);
    let told = check("repo:octo/app:environment:Production", &arm());
    assert!(told.exit == Exit::No && told.out.contains("arm:/subscriptions/"), "{}{}", told.out, told.err);
}

#[test]
fn what_passes_is_waited_for_and_what_does_not_is_told_with_what_is_missing() {
    for door in [Door::Graph, Door::Arm] {
        let source = if door == Door::Graph { graph() } else { arm() };
        let passing = [
            Fault::too_many(door, 3).times(1),
            Fault::status(door, 503).times(1),
            Fault::new(door, How::Cut).times(1),
            Fault::new(door, How::Half).times(1),
        ];
        for fault in passing {
            let world = World::start(|_| {});
            // The metadata of the cloud lies behind the same door.
            world.emulator.change(|state| state.faults = vec![fault.clone()]);
            let (told, _) = world.list(&source);
            assert_eq!((told.exit, told.slept), (Exit::Yes, 1), "{fault:?}: {}", told.err);
        }
    }
    let world = World::start(|state| (state.graph, state.arm) = (Access::None, Access::None));
    let (told, _) = world.list(&graph());
    assert!(told.exit == Exit::OtherSide && told.err.contains("Application.Read.All"), "{}", told.err);
    let (told, _) = world.list(&arm());
    assert!(told.exit == Exit::OtherSide && told.err.contains("the role Reader"), "{}", told.err);
    let (told, _) = world.list("graph:99999999-9999-4999-8999-999999999999");
    assert_eq!(told.exit, Exit::OtherSide);
    let world = World::start(|_| {});
    let (told, _) = world.list("graph:99999999-9999-4999-8999-999999999999");
    assert!(told.err.contains("knows no application `99999999"), "{}", told.err);
    let (told, _) = world.list(&format!("{}x", arm()));
    assert!(told.err.contains("knows no managed identity"), "{}", told.err);
}

#[test]
fn a_sign_in_that_entra_refuses_is_told_as_such() {
    let mut world = World::start(|state| state.github.job.environment = Some("staging".into()));
    let (told, _) = world.list(&graph());
    assert!(told.exit == Exit::OtherSide && told.err.contains("AADSTS700213"), "{}", told.err);
    // A token given beforehand is used then.
    world.variables.push(("AZURE_ACCESS_TOKEN", "stranger".to_owned()));
    let (told, _) = world.list(&graph());
    assert!(told.err.contains("asked with the token in AZURE_ACCESS_TOKEN"), "{}", told.err);
    assert!(told.err.contains("did not accept the token") && !told.err.contains("stranger"), "{}", told.err);
}

#[test]
fn a_login_is_judged_by_what_entra_holds_and_goes_on_where_nobody_tells() {
    let mut world = World::start(|_| {});
    world.variables.push(("GITHUB_OUTPUT", "output".to_owned()));
    let told = world.run(&["login", "--credentials", &graph(), "--format", "json"]);
    let document: Value = serde_json::from_str(&told.out).unwrap_or_default();
    assert_eq!((told.exit, &document["verdict"]), (Exit::Yes, &"accepted".into()), "{}", told.err);
    world.emulator.change(|state| state.graph = Access::None);
    let told = world.run(&["login", "--credentials", &graph()]);
    assert_eq!(told.exit, Exit::Yes, "{}", told.err);
    assert!(
        told.err.contains("not judged before the sign-in") && told.err.contains("Application.Read.All"),
        "{}",
        told.err
    );
}

#[test]
fn offline_the_emulator_is_not_asked() {
    let world = World::start(|_| {});
    let told = world.run(&["--offline", "credentials", "list", &graph()]);
    assert_eq!((told.exit, world.emulator.requests().len()), (Exit::AskedWrongly, 0), "{}", told.err);
}

#[test]
fn a_cloud_that_never_answers_is_given_up_in_time_and_the_wait_is_told() {
    let world = World::start(|state| state.faults = vec![Fault::new(Door::Arm, How::Never)]);
    let graph = format!("graph:{CLIENT}");
    for words in [
        &["check", "--subject", "s", "--credentials", "."][..],
        &["check", "--subject", "s", "--audience", "a", "--credentials", &graph],
        &["credentials", "list", &graph],
        &["assertion"],
        &["token"],
    ] {
        let begun = std::time::Instant::now();
        let (code, err) = world.waits(&[words, &["--timeout", "1"]].concat());
        assert!(begun.elapsed().as_secs() < 20, "{words:?}");
        assert_eq!(code, Some(3), "{words:?}: {err}");
        assert!(err.contains("no whole answer came in time (1 attempt in 1."), "{words:?}: {err}");
    }
}

#[test]
fn a_value_that_entra_holds_is_never_filled_in() {
    let odd = "repo:${GITHUB_REPOSITORY}:environment:odd";
    let world = World::start(|state| {
        for credentials in [&mut state.applications[0].credentials, &mut state.identities[0].credentials] {
            credentials.push(StoredCredential::github("odd", odd));
        }
    });
    for source in [graph(), arm()] {
        let (_, document) = world.list(&source);
        let credentials = document["credentials"].as_array().unwrap();
        let listed = credentials.iter().find(|one| one["name"] == "odd").unwrap();
        assert_eq!((&listed["subject"], &listed["holes"]), (&odd.into(), &Value::Array(Vec::new())));
        let words = ["check", "--subject", "repo:octo/app:environment:odd", "--repository", "octo/app"];
        let told = world.run(&[&words[..], &["--credentials", &source, "--format", "json"]].concat());
        let found: Value = serde_json::from_str(&told.out).unwrap();
        assert_eq!((told.exit, &found["verdict"]), (Exit::No, &"refused".into()), "{}", told.out);
    }
}
