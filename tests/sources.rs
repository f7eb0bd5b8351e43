//! From every source to an access token, over real sockets; and the trap of each, with its own explanation.
#![cfg(feature = "emulator")]

use fedcred::{
    cli::{self, Exit},
    emulator::{CLIENT, Emulator, Options, State, StoredCredential},
    host::{Clock, Console, Env, Files, Host, Http, Limits, Stream, block_on},
};
use http::Request;
use serde_json::{Value, json};

const AUDIENCE: &str = "api://AzureADTokenExchange";
const ENTRA: &str = "https://login.microsoftonline.com/11111111-1111-4111-8111-111111111111/v2.0";

/// A workload beside an emulator that trusts `issuer` and `subject`.
struct Stage {
    emulator: Emulator,
    credential: Value,
    variables: Vec<(&'static str, String)>,
    files: Vec<(&'static str, String)>,
}

impl Stage {
    fn new(source: &str, issuer: &str, subject: &str) -> Self {
        let credential =
            StoredCredential { issuer: issuer.to_owned(), ..StoredCredential::github("workload", subject) };
        let emulator = Emulator::start_blocking(State::default(), Options::default()).unwrap();
        emulator.change(|state| *state.credentials_mut(CLIENT).unwrap() = vec![credential]);
        let listing =
            json!([{"name": "workload", "issuer": issuer, "subject": subject, "audiences": [AUDIENCE]}]);
        let own = emulator.environment().into_iter().filter(|(name, _)| name.starts_with("AZURE_"));
        let variables = own.chain(emulator.source_environment(source)).collect();
        Self { emulator, credential: listing, variables, files: Vec::new() }
    }

    /// What `login` says and how it ends.
    fn login(&self, words: &[&str]) -> (Exit, Value, String) {
        let live = self.credential.to_string();
        let files = self.files.iter().map(|(path, text)| (*path, text.as_str()));
        let host = Host {
            env: Env::fake(self.variables.iter().map(|(name, value)| (*name, value.as_str()))),
            clock: Clock::Real,
            files: Files::fake(files.chain([("live.json", live.as_str())])),
            console: Console::fake(""),
            http: Http::real(),
            ..Host::fake()
        };
        let words =
            ["fedcred", "login", "--credentials", "live.json", "--format", "json"].iter().chain(words);
        let exit = cli::run(words.map(Into::into), &host);
        let out = serde_json::from_str(&host.console.written(Stream::Out)).unwrap_or(Value::Null);
        (exit, out, host.console.written(Stream::Err))
    }

    fn signs_in(&self, words: &[&str]) {
        let (exit, out, err) = self.login(words);
        assert_eq!((exit, &out["verdict"]), (Exit::Yes, &json!("accepted")), "{out} {err}");
    }

    fn is_refused(&self, words: &[&str], code: u32, cause: &str) {
        let (exit, out, err) = self.login(words);
        assert_eq!((exit, &out["refusal"]["code"]), (Exit::OtherSide, &json!(code)), "{out} {err}");
        assert_eq!(out["cause"], cause);
        assert!(err.contains(&format!("AADSTS{code}")), "{err}");
    }
}

/// As `kubectl create token` asks, or as the kubelet does for a pod's own token.
fn cluster_token(emulator: &Emulator, audiences: &[&str]) -> String {
    let url = format!("{}/kubernetes/api/v1/namespaces/shop/serviceaccounts/api/token", emulator.url());
    let body = json!({"spec": {"audiences": audiences}}).to_string().into_bytes();
    let request = Request::post(url).header("content-type", "application/json").body(body).unwrap();
    let answer = block_on(Http::real().send(request, &Limits::default())).unwrap().unwrap();
    let body: Value = serde_json::from_slice(answer.body()).unwrap();
    body["status"]["token"].as_str().unwrap().to_owned()
}

fn pod(issuer: &str, audiences: &[&str]) -> Stage {
    let mut stage = Stage::new("kubernetes", issuer, "system:serviceaccount:shop:api");
    let path = "/var/run/secrets/azure/wi/token/azure-identity-token";
    stage.files.push((path, cluster_token(&stage.emulator, audiences)));
    stage
}

#[test]
fn a_pod_signs_in_and_a_credential_without_the_slash_does_not_take_it() {
    pod("https://oidc.cluster.example/7f3a/", &[AUDIENCE]).signs_in(&[]);
    pod("https://oidc.cluster.example/7f3a", &[AUDIENCE]).is_refused(&[], 700_211, "issuer-slash");
}

#[test]
fn the_pods_own_token_is_for_another_audience() {
    pod("https://oidc.cluster.example/7f3a/", &[]).is_refused(&[], 700_212, "audience-other");
}

#[test]
fn google_presents_a_number_and_never_the_address() {
    let google = "https://accounts.google.com";
    Stage::new("google", google, "104029292853099978293").signs_in(&[]);
    let (exit, out, _) = Stage::new("google", google, "api@octo.iam.gserviceaccount.com").login(&[]);
    assert_eq!((exit, &out["refusal"]["code"]), (Exit::OtherSide, &json!(700_213)));
}

#[test]
fn a_pipeline_signs_in_and_the_old_form_does_not_take_the_new_token() {
    let subject = State::default().workloads.pipeline.subject;
    Stage::new("azure-pipelines", ENTRA, &subject).signs_in(&[]);
    let old = Stage::new(
        "azure-pipelines",
        "https://vstoken.dev.azure.com/16b3c013-d300-468d-ac64-7eda0820b6d3",
        "sc://octo/app/deploy",
    );
    let (exit, out, _) = old.login(&[]);
    assert_eq!((exit, &out["refusal"]["code"]), (Exit::OtherSide, &json!(700_211)));
}

#[test]
fn a_pipeline_that_may_not_use_the_connection_is_told_so() {
    let stage = Stage::new("azure-pipelines", ENTRA, "s");
    let (exit, _, err) = stage.login(&["--service-connection", "11111111-1111-4111-8111-111111111111"]);
    assert_eq!(exit, Exit::OtherSide);
    assert!(err.contains("authorized for this pipeline"), "{err}");
}

const PRINCIPAL: &str = "77777777-7777-4777-8777-777777777777";

#[test]
fn a_managed_identity_signs_in_at_each_of_its_three_endpoints() {
    let mut stage = Stage::new("managed-identity", ENTRA, PRINCIPAL);
    stage.signs_in(&[]);
    let endpoint = |path| format!("{}{path}", stage.emulator.url());
    let (app_service, arc) = (endpoint("/msi/token"), endpoint("/arc/token"));
    let platform: Vec<_> =
        stage.variables.iter().filter(|(name, _)| !name.contains("POD_IDENTITY")).cloned().collect();
    let with = |more: [(&'static str, String); 2]| platform.iter().cloned().chain(more).collect();
    stage.variables =
        with([("IDENTITY_ENDPOINT", app_service), ("IDENTITY_HEADER", "emulated-identity-header".into())]);
    stage.signs_in(&[]);
    stage.variables = with([("IDENTITY_ENDPOINT", arc), ("IMDS_ENDPOINT", "x".into())]);
    stage.files.push(("/var/opt/azcmagent/tokens/emulated.key", "emulated-challenge".into()));
    stage.signs_in(&[]);
}

#[test]
fn a_managed_identity_is_known_by_its_principal_and_not_by_its_client_id() {
    let stage = Stage::new("managed-identity", ENTRA, "66666666-6666-4666-8666-666666666666");
    stage.is_refused(&[], 700_213, "subject-other");
    let (exit, _, err) =
        stage.login(&["--managed-identity", "11111111-1111-4111-8111-111111111111", "--timeout", "1"]);
    assert_eq!(exit, Exit::OtherSide);
    assert!(err.contains("Identity not found") && err.contains("--managed-identity"), "{err}");
}

#[test]
fn another_application_of_entra_is_not_taken_back() {
    let stage = Stage::new("managed-identity", ENTRA, PRINCIPAL);
    stage.emulator.change(|state| {
        state.workloads.machine.claims = [("xms_mirid".to_owned(), Value::Null)].into();
    });
    let (exit, out, err) = stage.login(&[]);
    assert_eq!((exit, &out["refusal"]["code"]), (Exit::OtherSide, &json!(700_226)), "{err}");
}

#[test]
fn two_sources_at_once_are_both_named_and_one_can_be_chosen() {
    let google = "https://accounts.google.com";
    let mut stage = Stage::new("google", google, "104029292853099978293");
    stage.variables.push(("AZURE_FEDERATED_TOKEN_FILE", "/t".into()));
    let (exit, _, err) = stage.login(&[]);
    assert_eq!(exit, Exit::AskedWrongly);
    assert!(
        err.contains(
            "`kubernetes` (AZURE_FEDERATED_TOKEN_FILE is set) and `google` (GCE_METADATA_HOST is set)"
        ),
        "{err}"
    );
    stage.signs_in(&["--source", "google"]);
}
