//! Every issuer that the emulator plays publishes what Entra would read, and `--issuer-check` finds the key of its tokens there.

use fedcred::emulator::State;

use crate::stage::Stage;

/// Checks the issuer of the token that the source gives.
fn is_healthy(source: &str, path: &str, name: impl FnOnce(&mut State, String)) {
    let stage = Stage::of(source);
    let issuer = format!("{}{path}", stage.emulator.url());
    stage.emulator.change(|state| name(state, issuer.clone()));
    let ran = stage.run(&["assertion", "--source", source, "--issuer-check", "--format", "json"]);
    let document = ran.document();
    assert_eq!((ran.code, document["issuer"].as_str()), (Some(0), Some(issuer.as_str())), "{}", ran.out);
    let checks = document["checks"].as_array().unwrap();
    for name in ["configuration", "issuer", "keys", "kid", "use", "algorithm", "signature"] {
        let check = checks.iter().find(|check| check["check"] == name).unwrap();
        assert_eq!(check["outcome"], "good", "{name}: {}", ran.out);
    }
    let slash = stage.run(&["assertion", "--issuer-check", &format!("{issuer}/")]);
    assert_eq!(slash.code, Some(1), "{}", slash.out);
    assert!(slash.out.contains("they differ by the slash at the end"), "{}", slash.out);
}

#[test]
fn the_account_of_aws_and_the_spire_server_are_issuers_that_can_be_read() {
    is_healthy("aws", "/aws/oidc", |state, issuer| state.amazon.issuer = issuer);
    is_healthy("spiffe", "/spiffe/oidc", |state, issuer| state.spiffe.issuer = issuer);
}

#[test]
fn so_is_the_tenant_behind_a_pipeline() {
    let path = format!("/{}/v2.0", fedcred::emulator::TENANT);
    is_healthy("azure-pipelines", &path, |state, issuer| state.workloads.pipeline.issuer = issuer);
}

#[test]
fn so_is_a_cluster() {
    let stage = Stage::of("kubernetes");
    let issuer = format!("{}/kubernetes", stage.emulator.url());
    stage.emulator.change(|state| state.workloads.kubernetes.issuer.clone_from(&issuer));
    let ran = stage.run(&["assertion", "--issuer-check", &issuer]);
    assert_eq!(ran.code, Some(0), "{}", ran.out);
}
