//! Which source is taken where nobody names one.

use crate::stage::Stage;

const GOOGLE: &str = "https://accounts.google.com";
const NUMBER: &str = "104029292853099978293";

#[test]
fn two_sources_at_once_are_both_named_and_one_can_be_chosen() {
    let stage = Stage::new("google", GOOGLE, NUMBER).with("AZURE_FEDERATED_TOKEN_FILE", "t");
    let both = "`kubernetes` (AZURE_FEDERATED_TOKEN_FILE is set) and `google` (GCE_METADATA_HOST is set)";
    stage.is_told(&[], 2, &[both, "choose one with --source"]);
    stage.signs_in(&["--source", "google"]);
}

#[test]
fn who_is_trusted_by_nobody_is_told_the_command_that_changes_it() {
    let stage = Stage::new("google", "https://issuer.example", "s");
    for words in [&["token"][..], &["login"]] {
        let ran = stage.run(words);
        assert_eq!(ran.code, Some(3));
        let id = fedcred::emulator::CLIENT;
        let told = ["az ad app federated-credential create", "\"subject\":\"104029292853099978293\"", id];
        assert!(told.iter().all(|told| ran.err.contains(told)), "{}", ran.err);
    }
    let judged = stage.run(&["login", "--credentials", "live.json"]);
    assert_eq!(judged.err.matches("federated-credential create").count(), 1, "{}", judged.err);
}

#[test]
fn keys_of_aws_beside_another_source_are_for_aws() {
    let stage = Stage::new("google", GOOGLE, NUMBER);
    let key = stage.emulator.source_environment("aws");
    stage.with_all(key).signs_in(&[]);
}

#[test]
fn where_there_is_no_source_each_is_listed() {
    let stage = Stage::new("token", GOOGLE, NUMBER);
    stage.is_told(&[], 2, &["no source of a token is here", "github, azure-pipelines, aws, kubernetes"]);
}
