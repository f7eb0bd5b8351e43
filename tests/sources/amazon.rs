//! A role of AWS and an identity of Cognito, wherever their key comes from.

use std::fs;

use fedcred::emulator::{Door, Fault, How, State};

use crate::stage::{AUDIENCE, Stage};

const ROLE: &str = "arn:aws:iam::123456789012:role/deploy";

fn role(change: impl FnOnce(&mut State)) -> Stage {
    let stage = Stage::changed("aws", change);
    let issuer = stage.emulator.state().amazon.issuer;
    stage.trusting(&issuer, ROLE, AUDIENCE)
}

/// A workload that knows where AWS is, but has no key by itself.
fn keyless() -> Stage {
    role(|_| {}).without("AWS_ACCESS_KEY_ID").without("AWS_SECRET_ACCESS_KEY")
}

fn paths(stage: &Stage) -> Vec<String> {
    stage.emulator.requests().into_iter().map(|request| request.path).collect()
}

#[test]
fn a_role_signs_in_with_the_key_of_its_variables() {
    let stage = role(|_| {});
    stage.signs_in(&["--source", "aws"]);
    stage.signs_in(&[]);
}

#[test]
fn a_role_that_is_assumed_with_a_token_signs_in() {
    let stage = keyless().with("AWS_WEB_IDENTITY_TOKEN_FILE", "web.jwt").with("AWS_ROLE_ARN", ROLE);
    stage.file("web.jwt", "a.b.c\n");
    stage.signs_in(&["--source", "aws"]);
    let asked = stage.emulator.requests();
    let sts: Vec<_> = asked.iter().filter_map(|request| request.form.get("Action")).take(2).collect();
    assert_eq!(sts, ["AssumeRoleWithWebIdentity", "GetWebIdentityToken"]);
    keyless().with("AWS_WEB_IDENTITY_TOKEN_FILE", "missing.jwt").with("AWS_ROLE_ARN", ROLE).is_told(
        &["--source", "aws"],
        2,
        &["cannot read missing.jwt (AWS_WEB_IDENTITY_TOKEN_FILE)"],
    );
}

#[test]
fn a_container_signs_in_with_what_its_endpoint_gives() {
    let stage = keyless();
    let container = stage.emulator.aws_container();
    let stage = stage.with_all(container);
    stage.signs_in(&["--source", "aws"]);
    assert!(paths(&stage).contains(&"/aws/container/credentials".to_owned()));
    // The platform writes the proof into a file that it renews; the file wins over the variable.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("proof");
    fs::write(&file, "wrong\n").unwrap();
    stage.with("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", file.to_str().unwrap()).is_told(
        &["--source", "aws"],
        3,
        &["the container's credentials endpoint refused (status 401)"],
    );
}

#[test]
fn a_machine_signs_in_with_its_role_and_its_own_region() {
    let stage = keyless().without("AWS_REGION");
    let url = stage.emulator.url().to_owned();
    let stage = stage.with("AWS_EC2_METADATA_SERVICE_ENDPOINT", &url);
    stage.signs_in(&["--source", "aws"]);
    let session = "/latest/api/token".to_owned();
    assert_eq!(paths(&stage).first(), Some(&session), "version 2 begins with a session");
    stage.emulator.set_faults(vec![Fault::new(
        Door::AwsMetadata,
        How::Status { status: 404, retry_after: None, body: String::new() },
    )]);
    stage.is_told(
        &["--source", "aws"],
        2,
        &["set AWS_REGION", "the instance metadata service refused (status 404)"],
    );
    stage.with("AWS_EC2_METADATA_DISABLED", "true").with("AWS_REGION", "eu-west-1").is_told(
        &["--source", "aws"],
        2,
        &["no AWS credentials are here"],
    );
}

#[test]
fn what_answers_in_the_place_of_aws_is_not_taken_for_it() {
    let portal = |door| {
        let stage = role(|_| {});
        stage.emulator.set_faults(vec![Fault::new(door, How::Html)]);
        stage
    };
    portal(Door::AwsSts).is_told(&["--source", "aws"], 3, &["does something else answer in its place"]);
    let stage = portal(Door::AwsMetadata);
    let url = stage.emulator.url().to_owned();
    let stage = stage.without("AWS_REGION").without("AWS_ACCESS_KEY_ID").without("AWS_SECRET_ACCESS_KEY");
    let told = ["the instance metadata service answered, but without a region"];
    stage.with("AWS_EC2_METADATA_SERVICE_ENDPOINT", &url).is_told(&["--source", "aws"], 2, &told);
    let elsewhere = role(|_| {});
    let nowhere = format!("{}/nowhere", elsewhere.emulator.url());
    let elsewhere = elsewhere.with("AWS_ENDPOINT_URL_STS", &nowhere);
    elsewhere.is_told(&["--source", "aws"], 3, &["an empty answer with status 404"]);
}

#[test]
fn an_identity_of_cognito_signs_in_with_its_pool_as_audience() {
    let stage = Stage::of("aws");
    let amazon = stage.emulator.state().amazon;
    let cognito = ["--aws-cognito-pool", &amazon.pool, "--aws-cognito-login", "login.contoso.deploy=robot"];
    let issuer = "https://cognito-identity.amazonaws.com";
    let stage = stage.trusting(issuer, &amazon.identity, &amazon.pool);
    stage.signs_in(&cognito);
    let stage = stage.trusting(issuer, &amazon.identity, AUDIENCE);
    stage.is_refused(&cognito, 700_212, "audience-other", "is its identity pool");
    let fix = stage.login(&cognito).document()["explanation"]["fix"]["text"].clone();
    assert!(fix.as_str().unwrap().starts_with("change the audience of `workload` to `eu-west-1:"), "{fix}");
    let shown = stage.run(&[&["assertion"], &cognito[..]].concat());
    assert_eq!(shown.code, Some(0), "the pool is no defect: {}", shown.out);
    let other =
        ["--aws-cognito-pool", "eu-west-1:11111111-1111-4111-8111-111111111111", cognito[2], cognito[3]];
    stage.is_told(&other, 3, &["no identity pool `eu-west-1:1111"]);
}

#[test]
fn the_arn_of_a_session_is_not_what_sts_signs() {
    let stage = role(|_| {});
    let issuer = stage.emulator.state().amazon.issuer;
    let session = "arn:aws:sts::123456789012:assumed-role/deploy/i-0abc";
    stage.trusting(&issuer, session, AUDIENCE).is_refused(
        &["--source", "aws"],
        700_213,
        "subject-other",
        "never that of a session",
    );
}

#[test]
fn each_refusal_of_aws_is_told_with_what_to_do() {
    let refused = |change: fn(&mut State), told: &[&str]| role(change).is_told(&["--source", "aws"], 3, told);
    refused(|state| state.amazon.federation = false, &["aws iam enable-outbound-web-identity-federation"]);
    refused(|state| state.amazon.session_seconds = 120, &["ends in less than 300 seconds", "--aws-lifetime"]);
    refused(|state| state.amazon.clock_ahead = 1200, &["this machine's clock is", "minutes slow"]);
    let wrong = role(|_| {}).with("AWS_SECRET_ACCESS_KEY", "wrong");
    wrong.is_told(&["--source", "aws"], 3, &["does not accept the AWS credentials"]);
    let half = role(|_| {}).without("AWS_SECRET_ACCESS_KEY");
    half.is_told(&["--source", "aws"], 2, &["AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not"]);
    let global = role(|_| {}).with("AWS_REGION", "aws-global");
    global.is_told(&["--source", "aws"], 2, &["tokens are signed by regional endpoints only"]);
}
