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
