//! Facts about the repository from GitHub's API, as `fedcred preview` asks for them; the emulator is GitHub.
#![cfg(all(feature = "emulator", feature = "github-api"))]

use fedcred::{
    cli::{self, Exit},
    emulator::{Door, Emulator, Fault, How, Options, State},
    host::{Clock, Env, Files, Host, Http, Stream},
};
use serde_json::Value;

const WORKFLOW: &str = "on: push\npermissions: {id-token: write}\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    environment: prod\n    steps:\n    - uses: azure/login@v2\n      with: {client-id: \"${{ secrets.C }}\", tenant-id: t, subscription-id: s}\n";
const TOKEN: &str = "canary-api-token";

struct Told {
    exit: Exit,
    document: Value,
    err: String,
    asked: Vec<String>,
}

fn preview(change: impl FnOnce(&mut State), variables: &[(&str, &str)], words: &[&str]) -> Told {
    let mut state = State::default();
    change(&mut state);
    let emulator = Emulator::start_blocking(state, Options::default()).unwrap();
    let api = emulator.github_api_url();
    let host = Host {
        env: Env::fake(variables.iter().copied().chain([("GITHUB_API_URL", api.as_str())])),
        files: Files::fake([(".github/workflows/deploy.yml", WORKFLOW)]),
        http: Http::real(),
        clock: Clock::fake(),
        ..Host::fake()
    };
    let fixed = ["fedcred", "preview", "--repository", "OCTO/app", "--format", "json"];
    let exit = cli::run(fixed.iter().chain(words).map(Into::into), &host);
    let (out, err) = (host.console.written(Stream::Out), host.console.written(Stream::Err));
    assert!(!out.contains("canary") && !err.contains("canary"), "{out}{err}");
    let asked = emulator.requests().iter().map(|one| one.path.clone()).collect();
    Told { exit, document: serde_json::from_str(&out).unwrap_or_default(), err, asked }
}

fn subject(told: &Told) -> &str {
    told.document["subjects"][0]["subject"].as_str().unwrap_or_default()
}

const WITH_TOKEN: [(&str, &str); 1] = [("GITHUB_TOKEN", TOKEN)];

#[test]
fn github_tells_its_own_spelling_the_numbers_and_the_template() {
    let told = preview(|state| state.github.immutable = true, &WITH_TOKEN, &[]);
    assert_eq!(
        (told.exit, subject(&told)),
        (Exit::Yes, "repo:octo@123456/app@456789:environment:prod"),
        "{}",
        told.err
    );
    assert_eq!(told.document["subjects"][0]["assumed"].as_array().unwrap().len(), 0);
    let keys = ["repo", "environment", "event_name"].map(str::to_owned).to_vec();
    let told = preview(|state| state.github.template = keys, &[("GH_TOKEN", TOKEN)], &[]);
    assert_eq!(subject(&told), "repo:octo/app:environment:prod:event_name:push", "{}", told.err);
}

#[test]
fn the_organizations_template_holds_only_where_the_repository_wants_neither_the_default_nor_its_own() {
    let keys = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
    let asked = |use_default, own: &[&str], organization: &[&str]| {
        let told = preview(
            |state| {
                state.github.use_default = use_default;
                state.github.template = keys(own);
                state.github.organization_template = keys(organization);
            },
            &WITH_TOKEN,
            &[],
        );
        assert_eq!(told.err, "");
        subject(&told).to_owned()
    };
    let (short, default) = ("repo:octo/app:event_name:push", "repo:octo/app:environment:prod");
    assert_eq!(asked(true, &[], &["repo", "event_name"]), default);
    assert_eq!(asked(false, &[], &["repo", "event_name"]), short);
    assert_eq!(asked(false, &["repo", "context"], &["repo", "event_name"]), default);
    assert_eq!(asked(false, &[], &[]), default);
}

#[test]
fn what_is_given_is_not_asked_for_and_without_a_token_nobody_is_asked() {
    let told = preview(|_| {}, &[], &["--verbose"]);
    assert!(
        told.asked.is_empty() && told.err.contains("no token in GITHUB_TOKEN"),
        "{:?} {}",
        told.asked,
        told.err
    );
    assert_eq!(subject(&told), "repo:OCTO/app:environment:prod");
    let told = preview(|_| {}, &WITH_TOKEN, &["--offline"]);
    assert!(told.asked.is_empty(), "{:?}", told.asked);
    let given =
        ["--default-branch", "main", "--subject-prefix", "repo:octo/app", "--template", "repo,context"];
    let told = preview(|_| {}, &WITH_TOKEN, &given);
    assert!(told.asked.iter().all(|path| path.ends_with("/environments")), "{:?}", told.asked);
}

#[test]
fn environments_are_read_page_by_page() {
    let many: Vec<String> = (0..230).map(|number| format!("env-{number}")).collect();
    let told = preview(|state| state.github.environments = many, &WITH_TOKEN, &[]);
    assert_eq!(
        told.asked.iter().filter(|path| path.ends_with("/environments")).count(),
        3,
        "{:?}",
        told.asked
    );
}

#[test]
fn what_github_does_not_tell_is_assumed_and_says_what_is_missing() {
    let refused = |status: u16| {
        preview(|state| state.faults = vec![Fault::status(Door::GithubApi, status)], &WITH_TOKEN, &[])
    };
    for (status, words) in [
        (401, "does not accept the token"),
        (403, "the token needs"),
        (404, "or the token may not see it"),
        (301, "has moved"),
        (503, "does not tell name, numbers and default branch of OCTO/app"),
    ] {
        let told = refused(status);
        assert!(told.err.contains(words), "{status}: {}", told.err);
        assert_eq!((told.exit, subject(&told)), (Exit::Yes, "repo:OCTO/app:environment:prod"));
    }
}

#[test]
fn what_passes_is_tried_again() {
    for fault in [
        Fault::too_many(Door::GithubApi, 1),
        Fault::status(Door::GithubApi, 502),
        Fault::new(Door::GithubApi, How::Cut),
        Fault::new(Door::GithubApi, How::Truncate),
        Fault::new(Door::GithubApi, How::Html),
    ] {
        let told = preview(|state| state.faults = vec![fault.clone().times(1)], &WITH_TOKEN, &[]);
        assert_eq!((subject(&told), told.err.as_str()), ("repo:octo/app:environment:prod", ""), "{fault:?}");
    }
}
