//! A pod with a projected token.

use fedcred::host::{Http, Limits, block_on};
use http::Request;
use serde_json::{Value, json};

use crate::stage::{AUDIENCE, Stage};

const CLUSTER: &str = "https://oidc.cluster.example/7f3a/";
const ACCOUNT: &str = "system:serviceaccount:shop:api";

/// As `kubectl create token` asks, or as the kubelet does for a pod's own token.
fn token(stage: &Stage, spec: Value) -> String {
    let url = stage.emulator.url();
    let url = format!("{url}/kubernetes/api/v1/namespaces/shop/serviceaccounts/api/token");
    let body = json!({ "spec": spec }).to_string().into_bytes();
    let request = Request::post(url).header("content-type", "application/json").body(body).unwrap();
    let answer = block_on(Http::real().send(request, &Limits::default())).unwrap().unwrap();
    let body: Value = serde_json::from_slice(answer.body()).unwrap();
    body["status"]["token"].as_str().unwrap().to_owned()
}

fn pod(issuer: &str, subject: &str, spec: Value) -> Stage {
    let stage = Stage::new("kubernetes", issuer, subject).with("AZURE_FEDERATED_TOKEN_FILE", "token");
    stage.file("token", token(&stage, spec));
    stage
}

fn for_azure() -> Value {
    json!({"audiences": [AUDIENCE]})
}

#[test]
fn a_pod_signs_in_by_itself_and_when_it_is_told_to() {
    let pod = pod(CLUSTER, ACCOUNT, for_azure());
    pod.signs_in(&[]);
    pod.signs_in(&["--source", "kubernetes"]);
    pod.signs_in(&["--token-file", "token"]);
}

#[test]
fn a_credential_without_the_slash_of_the_issuer_does_not_take_it() {
    let pod = pod("https://oidc.cluster.example/7f3a", ACCOUNT, for_azure());
    pod.is_refused(&[], 700_211, "issuer-slash", "by a slash at the end");
}

#[test]
fn the_pods_own_token_is_for_its_cluster() {
    let pod = pod(CLUSTER, ACCOUNT, json!({}));
    pod.is_refused(&[], 700_212, "audience-other", "a projected volume");
}

#[test]
fn a_subject_that_is_no_service_account_is_said_to_be_none() {
    let pod = pod(CLUSTER, "shop/api", for_azure());
    pod.is_refused(&[], 700_213, "subject-malformed", "`system:serviceaccount:NAMESPACE:NAME`");
}

#[test]
fn a_token_that_has_ended_is_refused_and_the_renewed_one_is_taken() {
    let pod = pod(CLUSTER, ACCOUNT, json!({"audiences": [AUDIENCE], "expirationSeconds": -60}));
    let ran = pod.login(&[]);
    assert_eq!((ran.code, &ran.document()["refusal"]["code"]), (Some(3), &json!(700_024)), "{}", ran.err);
    assert!(ran.err.contains("the token's lifetime: it ended 1 min"), "{}", ran.err);
    pod.file("token", token(&pod, for_azure()));
    pod.signs_in(&[]);
}

#[test]
fn a_file_that_is_not_there_or_holds_nothing_is_named() {
    let pod = pod(CLUSTER, ACCOUNT, for_azure());
    pod.file("token", "\n");
    pod.is_told(&[], 2, &["the token file token is empty", "look at the pod's volumes"]);
    let gone = pod.with("AZURE_FEDERATED_TOKEN_FILE", "gone");
    gone.is_told(&[], 2, &["cannot read the token file gone", "look at the pod's volumes"]);
}

#[test]
fn a_pod_without_the_volume_is_told_both_ways_to_get_one() {
    let pod = pod(CLUSTER, ACCOUNT, for_azure()).without("AZURE_FEDERATED_TOKEN_FILE");
    let told = ["azure.workload.identity/use: \"true\"", "kubectl create token SERVICE-ACCOUNT"];
    pod.with("KUBERNETES_SERVICE_HOST", "10.0.0.1").is_told(&[], 2, &told);
}
