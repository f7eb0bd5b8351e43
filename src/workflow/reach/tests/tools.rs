//! Which steps sign in.

use super::{one, presented};

#[test]
fn an_action_whose_name_says_what_it_runs_signs_in_where_the_job_or_the_workflow_says_so() {
    let with = |workflow: &str, job: &str| {
        one(&format!(
            "on: pull_request\nenv: {{{workflow}}}\njobs: {{a: {{runs-on: x, env: {{{job}}}, steps: [{{uses: a/checkout@v4}}, {{uses: o/terraform-all-in-one@v1}}]}}}}\n"
        ))
    };
    assert_eq!(with("ARM_USE_OIDC: true", ""), ["a pull_request pull_request"]);
    assert_eq!(with("", "ARM_USE_OIDC: 'true'"), ["a pull_request pull_request"]);
    assert_eq!(with("ARM_USE_OIDC: true", "ARM_USE_OIDC: false"), [""; 0]);
    assert_eq!(with("ARM_CLIENT_ID: x", ""), [""; 0]);
}

#[test]
fn a_script_may_say_itself_that_terraform_signs_in() {
    let with =
        |steps: &str| one(&format!("on: pull_request\njobs: {{a: {{runs-on: x, steps: [{steps}]}}}}\n"));
    let yes = ["a pull_request pull_request"];
    assert_eq!(with("{run: \"export ARM_USE_OIDC=true\\nterraform plan\"}"), yes);
    assert_eq!(with("{run: ARM_USE_OIDC=1 tofu apply}"), yes);
    assert_eq!(with("{shell: pwsh, run: \"$env:ARM_USE_OIDC = $true\\nterraform plan\"}"), yes);
    assert_eq!(with("{run: ARM_USE_OIDC=false terraform plan, env: {ARM_USE_OIDC: true}}"), [""; 0]);
    assert_eq!(with("{run: ARM_USE_OIDC=$OIDC terraform plan}"), ["a pull_request pull_request may"]);
    assert_eq!(
        with("{run: 'ARM_USE_OIDC=${{ vars.OIDC }} terraform plan'}"),
        ["a pull_request pull_request may"]
    );
}

#[test]
fn a_step_may_say_to_those_behind_it_that_terraform_signs_in() {
    let export = "run: 'echo \"ARM_USE_OIDC=true\" >> \"$GITHUB_ENV\"'";
    let with = |first: &str, second: &str| {
        one(&format!("on: pull_request\njobs: {{a: {{runs-on: x, steps: [{first}, {second}]}}}}\n"))
    };
    let plan = "{run: terraform plan}";
    assert_eq!(with(&format!("{{{export}}}"), plan), ["a pull_request pull_request"]);
    assert_eq!(with(&format!("{{if: vars.OIDC, {export}}}"), plan), ["a pull_request pull_request may"]);
    assert_eq!(with(&format!("{{if: false, {export}}}"), plan), [""; 0]);
    assert_eq!(with(plan, &format!("{{{export}}}")), [""; 0]);
    assert_eq!(with("{run: ARM_USE_OIDC=true ./x}", plan), [""; 0]);
    let off = "{run: 'echo ARM_USE_OIDC=false >> $GITHUB_ENV'}";
    let told = format!("{{{export}}}");
    assert_eq!(with(&told, &format!("{off}, {plan}")), [""; 0]);
    assert_eq!(with(&told, "{run: terraform plan, env: {ARM_USE_OIDC: false}}"), [""; 0]);
    let handed = "{run: terraform plan, env: {ARM_USE_OIDC: '${{ env.ARM_USE_OIDC }}'}}";
    assert_ne!(with(&told, handed), [""; 0]);
}

#[test]
fn a_command_for_which_terraform_is_a_folder_or_a_package_does_not_sign_in() {
    let with = |run: &str| {
        one(&format!(
            "on: pull_request\njobs: {{a: {{runs-on: x, env: {{ARM_USE_OIDC: true}}, steps: [{{run: '{run}'}}]}}}}\n"
        ))
    };
    for run in
        ["cd terraform", "checkov -d infra/terraform", "if [ -d terraform ]; then ls; fi", "command -v tofu"]
    {
        assert_eq!(with(run), [""; 0], "{run}");
    }
    let yes = ["a pull_request pull_request"];
    for run in ["cd terraform && terraform plan", "timeout 9m terraform plan", "echo y | terraform apply"] {
        assert_eq!(with(run), yes, "{run}");
    }
}

#[test]
fn a_script_that_an_input_of_an_action_holds_is_read() {
    let with = |uses: &str| {
        one(&format!("on: pull_request\njobs: {{a: {{runs-on: x, steps: [{{uses: {uses}}}]}}}}\n"))
    };
    let yes = ["a pull_request pull_request"];
    assert_eq!(
        with(
            "azure/cli@v2, with: {inlineScript: 'az login --service-principal -u a -t b --federated-token $T'}"
        ),
        yes
    );
    assert_eq!(
        with(
            "azure/powershell@v2, with: {inlineScript: Connect-AzAccount -FederatedToken $t -ApplicationId a -Tenant b}"
        ),
        yes
    );
    assert_eq!(
        with("nick-fields/retry@v3, with: {command: terraform apply}, env: {ARM_USE_OIDC: true}"),
        yes
    );
    assert_eq!(with("azure/cli@v2, with: {inlineScript: az account show}"), [""; 0]);
    let comment = "on: pull_request\nenv: {ARM_USE_OIDC: true}\njobs:\n  a: {runs-on: x, steps: [{uses: actions/github-script@v7, with: {script: 'const text = `Plan of terraform here`'}}]}\n";
    assert_eq!(one(comment), [""; 0]);
    assert_eq!(one(&comment.replace("actions/github-script@v7", "o/retry@v1")), yes);
    let address = "ACTIONS_ID_TOKEN_REQUEST_URL AzureADTokenExchange";
    assert_eq!(one(&comment.replace("Plan of terraform here", address)), yes);
}

#[test]
fn what_a_step_or_a_runner_of_targets_is_told_signs_in_although_nothing_else_is_known() {
    let with = |rest: &str| one(&format!("on: pull_request\njobs: {{a: {{runs-on: x, {rest}}}}}\n"));
    let yes = ["a pull_request pull_request"];
    let own = "env: {ARM_USE_OIDC: true}";
    assert_eq!(with(&format!("steps: [{{run: ./plan --all, {own}}}]")), yes);
    assert_eq!(with(&format!("steps: [{{run: terraform fmt, {own}}}]")), [""; 0]);
    assert_eq!(with(&format!("{own}, steps: [{{run: make plan}}]")), yes);
    assert_eq!(with(&format!("{own}, steps: [{{run: npx cdktf deploy}}]")), yes);
    assert_eq!(
        with(&format!(
            "{own}, steps: [{{run: make}}, {{run: make check}}, {{run: make test}}, {{run: echo make plan}}, {{run: ./plan}}]"
        )),
        [""; 0]
    );
    assert_eq!(with("steps: [{run: make plan}]"), [""; 0]);
}

#[test]
fn scripts_are_read_wherever_a_runner_finds_them() {
    let with = |step: &str, files: &[(&str, &str)]| {
        let text = format!(
            "permissions: {{id-token: write}}\non: pull_request\njobs: {{a: {{runs-on: x, steps: [{step}]}}}}\n"
        );
        presented(&[&[("w", text.as_str())], files].concat())
    };
    let yes = ["a pull_request pull_request"];
    let shell = "az login --service-principal -u a -t b --federated-token $T";
    assert_eq!(with("{run: bash $GITHUB_WORKSPACE/ci/a.sh}", &[("ci/a.sh", shell)]), yes);
    assert_eq!(
        with("{run: ./a.sh, working-directory: '${{ github.workspace }}/ci'}", &[("ci/a.sh", shell)]),
        yes
    );
    let node = "await core.getIDToken('api://AzureADTokenExchange')";
    assert_eq!(with("{run: node ci/a.mjs}", &[("ci/a.mjs", node)]), yes);
    for run in [
        "run: '${{ github.action_path }}/a.sh'",
        "run: source $GITHUB_ACTION_PATH/a.sh",
        "run: ./a.sh, working-directory: '${{ github.action_path }}'",
    ] {
        let action = format!("runs: {{using: composite, steps: [{{shell: bash, {run}}}]}}");
        assert_eq!(with("{uses: ./act}", &[("act/action.yml", &action), ("act/a.sh", shell)]), yes, "{run}");
    }
    let action = "runs: {using: node24, main: dist/index.js}";
    assert_eq!(with("{uses: ./act}", &[("act/action.yml", action), ("act/dist/index.js", node)]), yes);
    assert_eq!(with("{uses: ./act}", &[("act/action.yml", action), ("act/dist/index.js", "")]), [""; 0]);
}

#[test]
fn a_variable_that_a_step_gives_another_value_is_not_known() {
    let with = |steps: &str| {
        one(&format!(
            "on: pull_request\njobs:\n  a: {{runs-on: x, env: {{GO: false}}, outputs: {{e: '${{{{ env.GO }}}}'}}, steps: [{steps}, {{if: env.GO == 'true', uses: azure/login@v2, with: {{client-id: a, tenant-id: b}}}}]}}\n  b: {{needs: a, runs-on: x, environment: '${{{{ needs.a.outputs.e }}}}', LOGIN}}\n"
        ))
    };
    let known = ["b pull_request environment:false"];
    assert_eq!(with("{run: x}"), known);
    assert_eq!(with("{run: 'echo GOING=true >> $GITHUB_ENV'}"), known);
    let unknown = ["a pull_request pull_request may", "b pull_request environment:{needs.a.outputs.e}"];
    assert_eq!(with("{run: 'echo \"GO=true\" >> \"$GITHUB_ENV\"'}"), unknown);
    assert_eq!(with("{run: 'echo \"GO<<X\" >> \"$GITHUB_ENV\"'}"), unknown);
    assert_eq!(with("{run: 'printf \"A=1\\nGO=true\" >> $GITHUB_ENV'}"), unknown);
    assert_eq!(with("{run: 'echo \"A=$GO\" >> $GITHUB_ENV'}"), known);
    let script = "core.exportVariable(\\\"GO\\\", 1)";
    assert_eq!(with(&format!("{{uses: actions/github-script@v7, with: {{script: \"{script}\"}}}}")), unknown);
}

#[test]
fn the_variables_of_a_container_are_seen_by_what_runs_in_it() {
    let with = |env: &str, steps: &str| {
        one(&format!(
            "on: pull_request\njobs: {{a: {{runs-on: x, container: {{image: y, env: {{{env}}}}}, steps: [{steps}]}}}}\n"
        ))
    };
    let yes = ["a pull_request pull_request"];
    assert_eq!(with("ARM_USE_OIDC: true", "{run: terraform plan}"), yes);
    assert_eq!(with("ARM_USE_OIDC: true", "{run: terraform plan, env: {ARM_USE_OIDC: false}}"), [""; 0]);
    assert_eq!(with("A: true", "{run: terraform plan}"), [""; 0]);
}

#[test]
fn a_provider_may_be_written_in_a_file_of_another_name() {
    let with = |run: &str, path: &str| {
        let text = format!(
            "permissions: {{id-token: write}}\non: pull_request\njobs: {{a: {{runs-on: x, steps: [{{run: {run}}}]}}}}\n"
        );
        presented(&[("w", &text), (path, "  use_oidc = true\n")])
    };
    let yes = ["a pull_request pull_request"];
    assert_eq!(with("terraform -chdir=infra plan", "infra/azure.tf"), yes);
    assert_eq!(with("cd infra && terragrunt plan", "infra/root.hcl"), yes);
    assert_eq!(with("terraform plan", "infra/azure.tf"), [""; 0]);
    assert_eq!(with("cd infra && checkov -d ../terraform", "infra/azure.tf"), [""; 0]);
}
