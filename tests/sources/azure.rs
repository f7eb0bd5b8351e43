//! Workloads that Entra itself vouches for: a job of Azure Pipelines, and a managed identity as the credential of an application.

use fedcred::{
    cli::{self, Exit},
    emulator::{Door, Fault, How, State},
    host::{Clock, Env, Files, Host, Http, Stream},
};
use serde_json::{Value, json};

use crate::stage::Stage;

const ENTRA: &str = "https://login.microsoftonline.com/11111111-1111-4111-8111-111111111111/v2.0";
const OLD: &str = "https://vstoken.dev.azure.com/16b3c013-d300-468d-ac64-7eda0820b6d3";
const NAMES: &str = "sc://octo/app/deploy";
const PRINCIPAL: &str = "77777777-7777-4777-8777-777777777777";

fn ids() -> String {
    State::default().workloads.pipeline.subject
}

fn old(state: &mut State) {
    state.workloads.pipeline.issuer = OLD.into();
    state.workloads.pipeline.subject = NAMES.into();
}

#[test]
fn a_pipeline_signs_in_with_either_form_of_its_connection() {
    Stage::new("azure-pipelines", ENTRA, &ids()).signs_in(&[]);
    let stage = Stage::changed("azure-pipelines", old).trusting(OLD, NAMES, crate::stage::AUDIENCE);
    stage.signs_in(&["--source", "azure-pipelines"]);
}

#[test]
fn a_credential_for_the_one_form_does_not_take_the_other() {
    let stage = Stage::new("azure-pipelines", OLD, NAMES);
    stage.is_refused(&[], 700_211, "issuer-unknown", "presents the new form, by ids");
    let stage = Stage::changed("azure-pipelines", old).trusting(ENTRA, &ids(), crate::stage::AUDIENCE);
    stage.is_refused(&[], 700_211, "issuer-unknown", "presents the old form, by names");
}

#[test]
fn the_packed_ids_of_the_new_form_are_unpacked() {
    let stage = Stage::new("azure-pipelines", ENTRA, &ids());
    let ran = stage.run(&["assertion", "--format", "json"]);
    let meaning = ran.document()["meaning"].to_string();
    assert!(meaning.contains("the tenant 11111111-1111-4111-8111-111111111111"), "{meaning}");
    let other = ids().replace("EREREREREUGBEREREREREQ", "v4j5cvGGr0GRqy180BHbRw");
    let stage = Stage::new("azure-pipelines", ENTRA, &other);
    stage.is_refused(&[], 7_002_137, "subject-other", "v4j5cvGGr0GRqy180BHbRw");
}

#[test]
fn what_a_step_lacks_is_named_before_anybody_is_asked() {
    let stage = || Stage::new("azure-pipelines", ENTRA, &ids());
    let name = ["--service-connection", "deploy to production"];
    stage().is_told(&name, 2, &["is no id of a service connection", "resourceId="]);
    stage().without("AZURESUBSCRIPTION_SERVICE_CONNECTION_ID").is_told(
        &[],
        2,
        &["which service connection?"],
    );
    let mute = stage().without("SYSTEM_ACCESSTOKEN");
    mute.is_told(&["--source", "azure-pipelines"], 2, &["env: {SYSTEM_ACCESSTOKEN: $(System.AccessToken)}"]);
    let other = ["--service-connection", "11111111-1111-4111-8111-111111111111"];
    stage().is_told(&other, 3, &["no such service connection", "authorized for this pipeline"]);
    let late = stage().with("SYSTEM_ACCESSTOKEN", "of-an-earlier-job");
    late.is_told(&[], 3, &["does not accept this job's SYSTEM_ACCESSTOKEN", "it ends with the job"]);
}

#[test]
fn a_managed_identity_signs_in_at_the_endpoints_of_a_machine_and_of_app_service() {
    let stage = Stage::new("managed-identity", ENTRA, PRINCIPAL);
    stage.signs_in(&[]);
    stage.signs_in(&["--managed-identity", "66666666-6666-4666-8666-666666666666"]);
    let endpoint = format!("{}/msi/token", stage.emulator.url());
    let stage = stage.without("AZURE_POD_IDENTITY_AUTHORITY_HOST").with("IDENTITY_ENDPOINT", &endpoint);
    stage.with("IDENTITY_HEADER", "emulated-identity-header").signs_in(&[]);
}

#[test]
fn azure_arc_is_followed_to_no_file_but_its_own() {
    let stage = Stage::new("managed-identity", ENTRA, PRINCIPAL).without("AZURE_POD_IDENTITY_AUTHORITY_HOST");
    let endpoint = format!("{}/arc/token", stage.emulator.url());
    let stage = stage.with("IDENTITY_ENDPOINT", &endpoint).with("IMDS_ENDPOINT", "http://127.0.0.1:1");
    stage.is_told(
        &[],
        2,
        &["cannot read Azure Arc's challenge /var/opt/azcmagent/tokens/emulated.key", "`himds`"],
    );
}

/// The agent's folder belongs to the system, so here alone the files are not real.
#[test]
fn a_machine_with_azure_arc_signs_in() {
    let stage = Stage::new("managed-identity", ENTRA, PRINCIPAL);
    let url = stage.emulator.url();
    let arc = format!("{url}/arc/token");
    let own = stage.emulator.environment();
    let own = own.iter().map(|(name, value)| (*name, value.as_str()));
    let own = own.filter(|(name, _)| name.starts_with("AZURE_"));
    let host = Host {
        env: Env::fake(own.chain([("IDENTITY_ENDPOINT", arc.as_str()), ("IMDS_ENDPOINT", "x")])),
        files: Files::fake([("/var/opt/azcmagent/tokens/emulated.key", "emulated-challenge")]),
        clock: Clock::Real,
        http: Http::real(),
        ..Host::fake()
    };
    let exit = cli::run(["fedcred", "login"].map(Into::into), &host);
    assert_eq!(exit, Exit::Yes, "{}", host.console.written(Stream::Err));
}

#[test]
fn a_managed_identity_is_known_by_its_principal_and_not_by_its_client_id() {
    let stage = Stage::new("managed-identity", ENTRA, "66666666-6666-4666-8666-666666666666");
    stage.is_refused(&[], 700_213, "subject-other", "may be its client id");
    let unknown = ["--managed-identity", "11111111-1111-4111-8111-111111111111"];
    stage.is_told(&unknown, 3, &["Identity not found", "--managed-identity CLIENT-ID"]);
}

#[test]
fn a_managed_identity_of_another_tenant_is_not_trusted() {
    let other = "https://login.microsoftonline.com/99999999-9999-4999-8999-999999999999/v2.0";
    let stage = Stage::new("managed-identity", other, PRINCIPAL);
    stage.is_refused(&[], 700_211, "issuer-unknown", "must lie in the same tenant");
}

#[test]
fn what_else_entra_issues_it_does_not_take_back() {
    for (claims, code, told) in [
        (json!({"xms_mirid": null}), 700_226, "no managed identity"),
        (json!({"idtyp": "user"}), 700_229, "issued it to a user"),
        (
            json!({"iss": "https://sts.windows.net/11111111-1111-4111-8111-111111111111/"}),
            700_222,
            "for another resource than the exchange",
        ),
    ] {
        let stage = Stage::new("managed-identity", ENTRA, PRINCIPAL);
        let claims: std::collections::BTreeMap<String, Value> = serde_json::from_value(claims).unwrap();
        stage.emulator.change(|state| state.workloads.machine.claims = claims);
        let ran = stage.login(&[]);
        assert_eq!((ran.code, &ran.document()["refusal"]["code"]), (Some(3), &json!(code)), "{}", ran.err);
        assert!(ran.err.contains(told), "{told}: {}", ran.err);
    }
}

#[test]
fn an_endpoint_that_gives_no_token_is_named_with_what_it_said() {
    let status = |status| How::Status { status, retry_after: None, body: String::new() };
    for (source, door, at) in [
        ("azure-pipelines", Door::AzurePipelines, "Azure DevOps at 127.0.0.1"),
        ("managed-identity", Door::Machine, "the managed identity endpoint at 127.0.0.1"),
    ] {
        for (how, told) in [
            (status(500), "status 500"),
            (How::Html, "a web page with status 200"),
            (How::Empty, "an empty answer with status 200"),
        ] {
            let stage = Stage::new(source, ENTRA, PRINCIPAL);
            stage.emulator.set_faults(vec![Fault::new(door, how)]);
            stage.is_told(&[], 3, &[at, told]);
        }
    }
}
