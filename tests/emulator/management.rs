//! Graph, ARM, GitHub's API and the control door, asked as clients ask them.

use fedcred::emulator::{Access, CLIENT};
use http::Request;
use serde_json::{Value, json};

use super::world::{AUDIENCE, World, code};

#[tokio::test]
async fn graph_creates_lists_by_page_and_breaks_on_an_expression_in_version_one() {
    let world = World::changed(|state| state.page_size = 2).await;
    let token = world.access_token().await;
    let (_, found) = world
        .ask("GET", &format!("/v1.0/applications?$filter=appId%20eq%20'{CLIENT}'"), &token, Value::Null)
        .await;
    let object = found["value"][0]["id"].as_str().unwrap();
    let list = format!("/applications/{object}/federatedIdentityCredentials");
    for (name, subject) in [("pr", "repo:octo/app:pull_request"), ("tag", "repo:octo/app:ref:refs/tags/v1")] {
        let body = json!({"name": name, "issuer": "https://token.actions.githubusercontent.com", "subject": subject, "audiences": [AUDIENCE]});
        assert_eq!(world.ask("POST", &format!("/v1.0{list}"), &token, body.clone()).await.0, 201);
        assert_eq!(
            world.ask("POST", &format!("/v1.0{list}"), &token, body).await.0,
            409,
            "the name is taken"
        );
    }
    let (_, page) = world.ask("GET", &format!("/beta{list}"), &token, Value::Null).await;
    assert_eq!(page["value"].as_array().unwrap().len(), 2);
    let next = page["@odata.nextLink"].as_str().unwrap();
    let (_, last) = world.ask("GET", next, &token, Value::Null).await;
    assert_eq!((&last["value"][0]["name"], &last["@odata.nextLink"]), (&json!("tag"), &Value::Null));

    let by_client = format!("/beta/applications(appId='{CLIENT}')/federatedIdentityCredentials/pr");
    assert_eq!(world.ask("PATCH", &by_client, &token, json!({"description": "x"})).await.0, 204);
    assert_eq!(world.ask("GET", &by_client, &token, Value::Null).await.1["description"], "x");
    assert_eq!(world.ask("DELETE", &by_client, &token, Value::Null).await.0, 204);
    assert_eq!(world.ask("GET", &by_client, &token, Value::Null).await.0, 404);

    let expression = "claims['sub'] matches 'repo:octo/app:*' and claims['repository_id'] eq '456789'";
    let flexible = json!({"name": "flex", "issuer": "https://token.actions.githubusercontent.com", "audiences": [AUDIENCE],
        "claimsMatchingExpression": {"value": expression, "languageVersion": 1}});
    assert_eq!(world.ask("POST", &format!("/v1.0{list}"), &token, flexible.clone()).await.0, 400);
    assert_eq!(world.ask("POST", &format!("/beta{list}"), &token, flexible).await.0, 201);
    let (status, broken) = world.ask("GET", &format!("/v1.0{list}?$top=20"), &token, Value::Null).await;
    assert_eq!(status, 200);
    assert!(broken["value"].as_array().unwrap().iter().any(|entry| entry.get("error").is_some()));
}

#[tokio::test]
async fn graph_and_arm_ask_who_it_is_and_what_it_may() {
    let world = World::start().await;
    let graph = format!("/beta/applications(appId='{CLIENT}')/federatedIdentityCredentials");
    assert_eq!(world.ask("GET", &graph, "stranger", Value::Null).await.0, 401);
    let token = world.access_token().await;
    world.emulator.change(|state| state.graph = Access::Read);
    assert_eq!(world.ask("GET", &graph, &token, Value::Null).await.0, 200);
    let (status, body) = world.ask("POST", &graph, &token, json!({})).await;
    assert_eq!((status, &body["error"]["code"]), (403, &json!("Authorization_RequestDenied")));
}

const IDENTITY: &str = "/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/deploy/providers/Microsoft.ManagedIdentity/userAssignedIdentities/octo-identity";

#[tokio::test]
async fn arm_creates_and_pages_and_asks_for_a_version_it_knows() {
    let world = World::changed(|state| state.page_size = 1).await;
    let token = world.access_token().await;
    let at =
        |name: &str| format!("{IDENTITY}/federatedIdentityCredentials{name}?api-version=2025-01-31-preview");
    let body = |subject: &str| json!({"properties": {"issuer": "https://token.actions.githubusercontent.com", "subject": subject, "audiences": [AUDIENCE]}});
    assert_eq!(world.ask("PUT", &at("/made"), &token, body("a")).await.0, 201);
    assert_eq!(world.ask("PUT", &at("/made"), &token, body("b")).await.0, 200);
    assert_eq!(world.ask("PUT", &at("/x"), &token, body("c")).await.0, 400, "a name of one letter");
    let (_, page) = world.ask("GET", &at(""), &token, Value::Null).await;
    assert_eq!(page["value"][0]["name"], "production");
    let (_, last) = world.ask("GET", page["nextLink"].as_str().unwrap(), &token, Value::Null).await;
    assert_eq!(last["value"][0]["properties"]["subject"], "b");
    let old = format!("{IDENTITY}?api-version=1999-01-01");
    assert_eq!(world.ask("GET", &old, &token, Value::Null).await.0, 400);
    assert_eq!(world.ask("DELETE", &at("/made"), &token, Value::Null).await.0, 200);
    assert_eq!(world.ask("DELETE", &at("/made"), &token, Value::Null).await.0, 204);
}

#[tokio::test]
async fn two_writes_at_once_under_one_identity_conflict() {
    let world = World::changed(|state| state.arm_write_milliseconds = 200).await;
    let token = world.access_token().await;
    let body = |subject: &str| json!({"properties": {"issuer": "https://a.example", "subject": subject, "audiences": [AUDIENCE]}});
    let at = |name: &str| format!("{IDENTITY}/federatedIdentityCredentials/{name}?api-version=2024-11-30");
    let (one, two) = (at("one"), at("two"));
    let (first, second) =
        tokio::join!(world.ask("PUT", &one, &token, body("1")), world.ask("PUT", &two, &token, body("2")));
    let mut statuses = [first.0, second.0];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
}

#[tokio::test]
async fn github_tells_what_decides_the_subject() {
    let world = World::changed(|state| state.github.immutable = true).await;
    let api = world.emulator.github_api_url();
    let (_, repository) = world.ask("GET", &format!("{api}/repos/OCTO/app"), "t", Value::Null).await;
    assert_eq!(
        (&repository["full_name"], &repository["default_branch"]),
        (&json!("octo/app"), &json!("main"))
    );
    let custom = format!("{api}/repos/octo/app/actions/oidc/customization/sub");
    let (_, body) = world.ask("GET", &custom, "t", Value::Null).await;
    assert_eq!(body["sub_claim_prefix"], "repo:octo@123456/app@456789");
    let keys = json!({"use_default": false, "include_claim_keys": ["repo", "context", "job_workflow_ref"]});
    assert_eq!(world.ask("PUT", &custom, "t", keys).await.0, 201);
    assert_eq!(
        world.ask("GET", &custom, "t", Value::Null).await.1["include_claim_keys"][2],
        "job_workflow_ref"
    );
    assert_eq!(
        world.ask("GET", &format!("{api}/repos/octo/app/environments"), "t", Value::Null).await.1["total_count"],
        1
    );
    assert_eq!(world.ask("GET", &format!("{api}/repos/octo/other"), "t", Value::Null).await.0, 404);
}

#[tokio::test]
async fn the_control_door_changes_state_and_faults_and_is_never_faulty() {
    let world = World::start().await;
    let (status, _) = world
        .ask("PATCH", "/_emulator/state", "", json!({"github": {"job": {"environment": "Production"}}}))
        .await;
    assert_eq!(status, 204);
    assert_eq!(code(&world.sign_in().await), (401, 700_213));
    let faults = json!([{"at": "github-token", "kind": "status", "status": 503}]);
    assert_eq!(world.ask("PUT", "/_emulator/faults", "", faults).await.0, 204);
    assert_eq!(world.ask("GET", "/github/oidc/token", "x", Value::Null).await.0, 503);
    assert_eq!(world.ask("PUT", "/_emulator/state", "", json!({"tenant": "x"})).await.0, 400);
    assert_eq!(
        world.ask("GET", "/_emulator/state", "", Value::Null).await.1["github"]["job"]["environment"],
        "Production"
    );
}

#[tokio::test]
async fn a_page_in_a_browser_cannot_reach_it_under_another_name() {
    let world = World::start().await;
    let request = Request::get(format!("{}/_emulator/state", world.emulator.url()))
        .header("host", "rebound.example.com")
        .body(Vec::new())
        .unwrap();
    assert_eq!(world.send(request).await.unwrap().status(), 421);
}
