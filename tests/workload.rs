//! AWS and SPIFFE, from the source to an access token over a real socket, and what each trap is told.
#![cfg(feature = "emulator")]

use std::{fs, time::Duration};

use fedcred::{
    emulator::{CLIENT, Emulator, Options, State, StoredCredential, TENANT},
    entra::{Exchange, Patience},
    fetch::{
        cloud, exchange,
        source::{Ask, AwsSettings, Given, Source, TokenPlace, obtain},
    },
    host::{Env, Host, block_on},
    id::Audience,
    issuer::{UnverifiedClaims, aws::Pool, spiffe::SpiffeId},
    secret::Assertion,
};

const AUDIENCE: &str = "api://AzureADTokenExchange";
const ID: &str = "spiffe://example.org/ns/prod/sa/api";

fn emulator(change: impl FnOnce(&mut State)) -> Emulator {
    let mut state = State::default();
    change(&mut state);
    let options = Options { agent_socket: true, ..Options::default() };
    Emulator::start_blocking(state, options).unwrap()
}

fn host(variables: &[(&str, String)]) -> Host {
    let variables = variables.iter().map(|(name, value)| (*name, value.as_str()));
    Host { env: Env::fake(variables), ..Host::real() }
}

fn aws(emulator: &Emulator) -> Host {
    host(&emulator.aws_environment())
}

fn agent(socket: String) -> Host {
    host(&[("SPIFFE_ENDPOINT_SOCKET", socket)])
}

fn patience() -> Patience {
    Patience { budget: Duration::from_secs(5), just_created: false }
}

/// What the source gives.
fn ask(source: &str, host: &Host, given: &Given) -> Result<Assertion, String> {
    let audience = Audience::new(AUDIENCE);
    let ask = Ask { audience: &audience, patience: patience(), signing_in: None, given };
    let got = block_on(obtain(Source::named(source).unwrap(), host, &ask)).unwrap();
    got.map(|obtained| obtained.assertion).map_err(|error| error.to_string())
}

/// Creates the credential that `token` needs, and signs in with it.
fn signs_in(emulator: &Emulator, token: &Assertion) -> [String; 3] {
    let presented = UnverifiedClaims::read(token).unwrap().presented().unwrap();
    let claims =
        [presented.issuer.to_string(), presented.subject.to_string(), presented.audience.to_string()];
    let [issuer, subject, audience] = claims.clone();
    let credential = StoredCredential {
        name: "workload".into(),
        issuer,
        subject: Some(subject),
        audiences: vec![audience],
        ..StoredCredential::default()
    };
    emulator.change(|state| state.credentials_mut(CLIENT).unwrap().push(credential));
    let host = Host::real();
    let granted = block_on(async {
        let endpoints = cloud(&host, emulator.url(), patience()).await.unwrap();
        let (tenant, client) = (TENANT.parse().unwrap(), CLIENT.parse().unwrap());
        let scopes = format!("{}/.default", emulator.url());
        let authority = &endpoints.authority;
        let request =
            Exchange { authority, tenant: &tenant, client: &client, scopes: &scopes, assertion: token };
        exchange(&host, &request, patience()).await
    });
    granted.unwrap().unwrap();
    claims
}

fn cognito(pool: &str) -> Given {
    let login = "login.contoso.deploy=robot".parse().unwrap();
    let aws = AwsSettings { cognito: Some((Pool::parse(pool).unwrap(), login)), lifetime: None };
    Given { aws, ..Given::default() }
}

#[test]
fn a_role_of_aws_signs_in_as_its_arn() {
    let emulator = emulator(|_| {});
    let token = ask("aws", &aws(&emulator), &Given::default()).unwrap();
    let [issuer, subject, audience] = signs_in(&emulator, &token);
    assert!(fedcred::issuer::aws::is_sts_issuer(&issuer), "{issuer}");
    assert_eq!((subject.as_str(), audience.as_str()), ("arn:aws:iam::123456789012:role/deploy", AUDIENCE));
}

#[test]
fn a_role_assumed_with_a_token_signs_in_too() {
    let emulator = emulator(|_| {});
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    fs::write(&file, "a.b.c").unwrap();
    let mut variables = emulator.aws_environment();
    variables.retain(|(name, _)| !name.ends_with("_KEY_ID") && !name.ends_with("_ACCESS_KEY"));
    variables.push(("AWS_WEB_IDENTITY_TOKEN_FILE", file.display().to_string()));
    variables.push(("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/deploy".into()));
    let token = ask("aws", &host(&variables), &Given::default()).unwrap();
    signs_in(&emulator, &token);
}

#[test]
fn an_identity_of_cognito_signs_in_with_its_pool_as_audience() {
    let emulator = emulator(|_| {});
    let pool = emulator.state().amazon.pool;
    let token = ask("aws", &aws(&emulator), &cognito(&pool)).unwrap();
    let [issuer, subject, audience] = signs_in(&emulator, &token);
    assert_eq!(issuer, "https://cognito-identity.amazonaws.com");
    assert_eq!((subject, audience), (emulator.state().amazon.identity, pool));
}

#[test]
fn each_trap_of_aws_is_told_with_what_to_do() {
    let refused = |change: fn(&mut State)| {
        let emulator = emulator(change);
        ask("aws", &aws(&emulator), &Given::default()).unwrap_err()
    };
    let told = refused(|state| state.amazon.federation = false);
    assert!(told.contains("aws iam enable-outbound-web-identity-federation"), "{told}");
    let told = refused(|state| state.amazon.session_seconds = 120);
    assert!(told.contains("ends in less than 300 seconds"), "{told}");
    let told = refused(|state| state.amazon.clock_ahead = 1200);
    assert!(told.contains("clock is 20 minutes slow") || told.contains("clock is 19 minutes slow"), "{told}");
    let emulator = emulator(|_| {});
    let mut variables = emulator.aws_environment();
    variables.iter_mut().for_each(|(name, value)| {
        if *name == "AWS_SECRET_ACCESS_KEY" {
            value.push('x');
        }
    });
    let told = ask("aws", &host(&variables), &Given::default()).unwrap_err();
    assert!(told.contains("does not accept the AWS credentials"), "{told}");
    let other = cognito("eu-west-1:11111111-1111-4111-8111-111111111111");
    let told = ask("aws", &aws(&emulator), &other).unwrap_err();
    assert!(told.contains("no identity pool `eu-west-1:1111"), "{told}");
}

#[test]
fn a_workload_of_spiffe_signs_in_over_both_kinds_of_socket_and_from_a_file() {
    let emulator = emulator(|_| {});
    let port = emulator.url().rsplit(':').next().unwrap();
    let mut sockets = vec![format!("tcp://127.0.0.1:{port}")];
    if cfg!(unix) {
        sockets.push(emulator.workload_api());
        assert!(sockets[1].starts_with("unix:/"), "{}", sockets[1]);
    }
    for socket in sockets {
        let token = ask("spiffe", &agent(socket), &Given::default()).unwrap();
        assert_eq!(signs_in(&emulator, &token), ["https://oidc.example.org", ID, AUDIENCE]);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("jwt_svid.token");
        fs::write(&file, token.reveal()).unwrap();
        let given = Given { token: Some(TokenPlace::File(file)), ..Given::default() };
        assert_eq!(ask("spiffe", &host(&[]), &given).unwrap().reveal(), token.reveal());
    }
}

#[test]
fn each_trap_of_spiffe_is_told_with_the_setting_to_change() {
    let refused = |change: fn(&mut State)| {
        let emulator = emulator(change);
        ask("spiffe", &agent(emulator.workload_api()), &Given::default()).unwrap_err()
    };
    let told = refused(|state| state.spiffe.algorithm = "ES256".into());
    assert!(told.contains("signed with ES256") && told.contains("jwt_key_type"), "{told}");
    let told = refused(|state| state.spiffe.issuer = String::new());
    assert!(told.contains("jwt_issuer"), "{told}");
    let told = refused(|state| state.spiffe.ids.clear());
    assert!(told.contains("no identity issued") && told.contains("spire-server entry create"), "{told}");
    let told = refused(|state| state.spiffe.ids.push("spiffe://example.org/other".into()));
    assert!(told.contains("choose one with --spiffe-id"), "{told}");
    let emulator = emulator(|_| {});
    let given =
        Given { spiffe_id: Some(SpiffeId::parse("spiffe://example.org/x").unwrap()), ..Given::default() };
    let told = ask("spiffe", &agent(emulator.workload_api()), &given).unwrap_err();
    assert!(told.contains("no identity issued"), "{told}");
    let told = ask("spiffe", &agent("unix:/nowhere/agent.sock".into()), &Given::default()).unwrap_err();
    assert!(told.contains("is the agent running"), "{told}");
    assert!(
        ask("spiffe", &host(&[]), &Given::default())
            .unwrap_err()
            .contains("SPIFFE_ENDPOINT_SOCKET is not set")
    );
}
