//! Hands a sign-in over to the later steps of the job: variables and the token file, per kind of tool.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::ValueEnum;

use super::{runner::Runner, sign_in::Prepared};
use crate::{fetch::source::Id, host::Host, id::Cloud};

/// Which tools the later steps use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Export {
    /// Azure SDKs: the federated token file and four AZURE_ variables.
    Sdk,
    /// Terraform and OpenTofu: ARM_ variables.
    Terraform,
}

impl Export {
    /// Reads the action's input: names separated by commas or blanks.
    pub(super) fn read(text: &str) -> anyhow::Result<Vec<Self>> {
        let names = text.split([',', ' ', '\n']).map(str::trim).filter(|name| !name.is_empty());
        names
            .map(|name| {
                Self::from_str(name, false).ok().with_context(|| {
                    let possible: Vec<_> =
                        Self::value_variants().iter().filter_map(|one| one.to_possible_value()).collect();
                    let possible: Vec<_> = possible.iter().map(|one| one.get_name()).collect();
                    format!("export `{name}` is not known; possible are {}", possible.join(", "))
                })
            })
            .collect()
    }
}

/// Writes what the tools of `exports` need. Whatever is written is remembered for the post phase.
pub(super) fn hand_over(
    host: &Host,
    prepared: &Prepared,
    exports: &[Export],
    subscription: Option<&str>,
) -> anyhow::Result<()> {
    if exports.is_empty() {
        return Ok(());
    }
    let Some(runner) = Runner::of(host) else {
        bail!(
            "--export hands over to later steps of a GitHub job; outside one there is nobody to hand over to"
        );
    };
    let mut variables = Vec::new();
    for export in exports {
        variables.extend(match export {
            Export::Sdk => sdk(host, &runner, prepared)?,
            Export::Terraform => terraform(host, &runner, prepared, subscription)?,
        });
    }
    variables.iter().try_for_each(|(name, value)| runner.variable(name, value))
}

type Variables = Vec<(&'static str, String)>;

/// Source: Azure/azure-sdk-for-python, `WorkloadIdentityCredential`.
fn sdk(host: &Host, runner: &Runner<'_>, prepared: &Prepared) -> anyhow::Result<Variables> {
    Ok(vec![
        ("AZURE_CLIENT_ID", prepared.client.to_string()),
        ("AZURE_TENANT_ID", prepared.tenant.to_string()),
        ("AZURE_AUTHORITY_HOST", prepared.endpoints.authority.to_string()),
        ("AZURE_FEDERATED_TOKEN_FILE", token_file(host, runner, prepared)?),
    ])
}

/// Inside a GitHub job the provider asks for tokens itself, as often as it needs them, through the runner's own variables;
/// it asks for the public audience unless the URL names one.
///
/// Source: hashicorp/terraform-provider-azuread `internal/provider/provider.go`, hashicorp/go-azure-sdk `sdk/auth`.
fn terraform(
    host: &Host,
    runner: &Runner<'_>,
    prepared: &Prepared,
    subscription: Option<&str>,
) -> anyhow::Result<Variables> {
    let mut variables = vec![
        ("ARM_USE_OIDC", "true".to_owned()),
        ("ARM_CLIENT_ID", prepared.client.to_string()),
        ("ARM_TENANT_ID", prepared.tenant.to_string()),
    ];
    variables.extend(subscription.map(|id| ("ARM_SUBSCRIPTION_ID", id.to_owned())));
    variables.extend(environment(&prepared.endpoints.name).map(|name| ("ARM_ENVIRONMENT", name.to_owned())));
    let public = Cloud::public().audience == Some(prepared.presented.audience.as_str());
    if prepared.origin != Id::Github || !public {
        variables.push(("ARM_OIDC_TOKEN_FILE_PATH", token_file(host, runner, prepared)?));
    }
    Ok(variables)
}

/// What the provider calls the cloud; it knows no others.
fn environment(cloud: &str) -> Option<&'static str> {
    match Cloud::named(cloud)?.name {
        "AzureCloud" => Some("public"),
        "AzureUSGovernment" => Some("usgovernment"),
        "AzureChinaCloud" => Some("china"),
        _ => None,
    }
}

/// Writes the assertion where the SDKs read it: for its owner alone, replaced in one step, and without a line end,
/// because they send the file's content as it is.
fn token_file(host: &Host, runner: &Runner<'_>, prepared: &Prepared) -> anyhow::Result<String> {
    let folder = host
        .env
        .var("RUNNER_TEMP")
        .context("RUNNER_TEMP is not set, so there is no place for the token file")?;
    let path = PathBuf::from(folder).join(format!("fedcred-{}.jwt", prepared.client));
    let shown = path.to_str().context("the path of the runner's temporary folder is no text")?.to_owned();
    let written = host.files.replace(&path, prepared.assertion.reveal().as_bytes());
    written.with_context(|| format!("cannot write the token file {shown}"))?;
    runner.state("token-file", &shown)?;
    runner.variable("FEDCRED_POST", "1")?;
    Ok(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_export_that_does_not_exist_names_those_that_do() {
        assert_eq!(Export::read("sdk, terraform").unwrap(), [Export::Sdk, Export::Terraform]);
        let message = Export::read("azure-cli").unwrap_err().to_string();
        assert_eq!(message, "export `azure-cli` is not known; possible are sdk, terraform");
    }
}
