//! The table of tools that exchange a job's token with Entra. A new tool is a new row.
//!
//! Tools that use the session of an earlier sign-in, such as azure/cli or docker/login-action, exchange nothing and have no row.

use super::tool::{Ask, Tool, When, Where};

/// The audience of the public cloud, which most tools ask for unless told otherwise.
const PUBLIC: Option<&str> = Some("api://AzureADTokenExchange");

/// Commands of Terraform and its like that never sign in.
const HARMLESS: &[&str] =
    &["-backend=false", "fmt", "validate", "version", "providers", "-version", "--version", "hclfmt"];

/// Parts of the names of actions and targets that prepare, look at or tell about such a command, and run none that signs in.
const PREPARING: &[&str] = &[
    "setup", "install", "build", "test", "help", "clean", "fmt", "format", "lint", "doc", "validat", "scan",
    "secur", "tfsec", "cost", "comment", "cache", "version", "release", "module",
];

/// Actions that initialise a backend; `fmt`, `fmt-check` and `validate` of the same family do not.
///
/// Source: dflook/terraform-github-actions `README.md`.
const DFLOOK: &[&str] = &[
    "dflook/terraform-plan",
    "dflook/terraform-apply",
    "dflook/terraform-check",
    "dflook/terraform-destroy*",
    "dflook/terraform-new-workspace",
    "dflook/terraform-output",
    "dflook/terraform-refresh",
    "dflook/terraform-remote-state",
    "dflook/terraform-test",
    "dflook/terraform-unlock-state",
    "dflook/terraform-version",
    "dflook/tofu-plan",
    "dflook/tofu-apply",
    "dflook/tofu-check",
    "dflook/tofu-destroy*",
    "dflook/tofu-new-workspace",
    "dflook/tofu-output",
    "dflook/tofu-refresh",
    "dflook/tofu-remote-state",
    "dflook/tofu-test",
    "dflook/tofu-unlock-state",
    "dflook/tofu-version",
];

/// Every tool that is known, in no particular order.
pub static TOOLS: &[Tool] = &[
    // Source: Azure/login `src/common/LoginConfig.ts` and `action.yml`: `creds` is ignored as soon as an id is given.
    Tool {
        via: "azure/login",
        found: Where::Action(&["azure/login"]),
        when: &[When::InputGiven("client-id"), When::InputIsNot("auth-type", "IDENTITY")],
        client: Ask::Input("client-id"),
        tenant: Ask::Input("tenant-id"),
        audience: Ask::Input("audience"),
        cloud: Ask::Input("environment"),
        default_audience: PUBLIC,
    },
    Tool {
        via: "fedcred",
        found: Where::Action(&["*/fedcred"]),
        when: &[
            When::InputGiven("client-id"),
            When::InputIsNot("mode", "lint"),
            When::InputIsNot("mode", "preview"),
        ],
        client: Ask::Input("client-id"),
        tenant: Ask::Input("tenant-id"),
        audience: Ask::Input("audience"),
        cloud: Ask::Input("cloud"),
        default_audience: PUBLIC,
    },
    Tool {
        via: "fedcred",
        found: Where::Command { words: &["fedcred", "login"], never: &[] },
        when: &[],
        client: Ask::Flag(&["--client-id"], "AZURE_CLIENT_ID"),
        tenant: Ask::Flag(&["--tenant-id"], "AZURE_TENANT_ID"),
        audience: Ask::Flag(&["--audience"], ""),
        cloud: Ask::Flag(&["--cloud"], ""),
        default_audience: PUBLIC,
    },
    // Source: hashicorp/terraform-provider-azurerm, guide "Authenticating using a Service Principal and OpenID Connect".
    with_arm_variables("terraform", Where::Command { words: &["terraform"], never: HARMLESS }),
    with_arm_variables("opentofu", Where::Command { words: &["tofu"], never: HARMLESS }),
    with_arm_variables("terragrunt", Where::Command { words: &["terragrunt"], never: HARMLESS }),
    with_arm_variables("terraform", Where::Action(DFLOOK)),
    with_arm_variables("terraform", Where::Action(&["gruntwork-io/terragrunt-action"])),
    with_arm_variables(
        "ARM_USE_OIDC",
        Where::Runner {
            commands: &[
                "make",
                "just",
                "task",
                "mage",
                "invoke",
                "cdktf",
                "atmos",
                "terramate",
                "terraspace",
            ],
            targets: &[
                "plan",
                "apply",
                "destroy",
                "deploy",
                "diff",
                "provision",
                "terraform",
                "tofu",
                "terragrunt",
                "infra",
            ],
            never: PREPARING,
        },
    ),
    // What is not known, where the step or the name of the action says so.
    with_arm_variables(
        "ARM_USE_OIDC",
        Where::Given {
            variable: "ARM_USE_OIDC",
            words: &["terraform", "tofu", "terragrunt", "pulumi"],
            never: PREPARING,
        },
    ),
    // The same switch in the command line of the backend. Source: hashicorp/terraform `internal/backend/remote-state/azure`.
    with_use_oidc("terraform", Where::Command { words: &["init", "use_oidc=true"], never: HARMLESS }),
    // The same switch in a provider or backend. Source: the guide above, "Configuring the provider".
    with_use_oidc("terraform", Where::Configured { word: "terraform", never: HARMLESS }),
    with_use_oidc("opentofu", Where::Configured { word: "tofu", never: HARMLESS }),
    with_use_oidc("terragrunt", Where::Configured { word: "terragrunt", never: HARMLESS }),
    // Source: <https://www.pulumi.com/registry/packages/azure-native/installation-configuration/>.
    with_arm_variables(
        "pulumi",
        Where::Command { words: &["pulumi"], never: &["version", "login", "install"] },
    ),
    with_arm_variables("pulumi", Where::Action(&["pulumi/actions"])),
    // Source: Azure/azure-dev `cli/azd/pkg/auth/manager.go`.
    Tool {
        via: "azd",
        found: Where::Command { words: &["azd", "login", "--federated-credential-provider"], never: &[] },
        when: &[],
        client: Ask::Flag(&["--client-id"], "AZURE_CLIENT_ID"),
        tenant: Ask::Flag(&["--tenant-id"], "AZURE_TENANT_ID"),
        audience: Ask::Nothing,
        cloud: Ask::Nothing,
        default_audience: PUBLIC,
    },
    // Source: azure-cli `az login --federated-token`, <https://learn.microsoft.com/cli/azure/reference-index#az-login>.
    Tool {
        via: "az login",
        found: Where::Command { words: &["az", "login", "--federated-token"], never: &[] },
        when: &[],
        client: Ask::Flag(&["--username", "-u", "--client-id"], "AZURE_CLIENT_ID"),
        tenant: Ask::Flag(&["--tenant", "-t"], "AZURE_TENANT_ID"),
        audience: Ask::Nothing,
        cloud: Ask::Nothing,
        default_audience: None,
    },
    // Source: <https://learn.microsoft.com/powershell/module/az.accounts/connect-azaccount>.
    Tool {
        via: "Connect-AzAccount",
        found: Where::Command { words: &["connect-azaccount", "-federatedtoken"], never: &[] },
        when: &[],
        client: Ask::Flag(&["-ApplicationId"], "AZURE_CLIENT_ID"),
        tenant: Ask::Flag(&["-Tenant", "-TenantId"], "AZURE_TENANT_ID"),
        audience: Ask::Nothing,
        cloud: Ask::Flag(&["-Environment"], ""),
        default_audience: None,
    },
    // Source: actions/toolkit `packages/core/src/oidc-utils.ts`.
    with_azure_variables(
        "actions/github-script",
        Where::ActionScript {
            action: "actions/github-script",
            words: &["getIDToken", "AzureADTokenExchange"],
        },
    ),
    // Source: <https://docs.github.com/actions/reference/security/oidc#methods-for-requesting-the-oidc-token>.
    with_azure_variables(
        "ACTIONS_ID_TOKEN_REQUEST_URL",
        Where::Script { words: &["ACTIONS_ID_TOKEN_REQUEST_URL", "AzureADTokenExchange"] },
    ),
    // Source: actions/toolkit `packages/core/src/oidc-utils.ts`, in a script or an action of the repository itself.
    with_azure_variables("@actions/core", Where::Script { words: &["getIDToken", "AzureADTokenExchange"] }),
    // Source: Azure/kubelogin `pkg/internal/token/githubactionscredential.go`.
    Tool {
        via: "kubelogin",
        found: Where::Command { words: &["kubelogin", "workloadidentity"], never: &[] },
        when: &[],
        client: Ask::Flag(&["--client-id"], "AZURE_CLIENT_ID"),
        tenant: Ask::Flag(&["--tenant-id"], "AZURE_TENANT_ID"),
        audience: Ask::Nothing,
        cloud: Ask::Nothing,
        default_audience: PUBLIC,
    },
];

/// Code of the repository that asks for a token by itself; who it signs in as stands in the variables of Azure's libraries.
const fn with_azure_variables(via: &'static str, found: Where) -> Tool {
    Tool {
        via,
        found,
        when: &[],
        client: Ask::Variable("AZURE_CLIENT_ID"),
        tenant: Ask::Variable("AZURE_TENANT_ID"),
        audience: Ask::Nothing,
        cloud: Ask::Nothing,
        default_audience: PUBLIC,
    }
}

/// A tool that signs in by itself when `ARM_USE_OIDC` is true.
const fn with_arm_variables(via: &'static str, found: Where) -> Tool {
    Tool {
        via,
        found,
        when: &[When::VariableIsTrue("ARM_USE_OIDC")],
        client: Ask::Variable("ARM_CLIENT_ID"),
        tenant: Ask::Variable("ARM_TENANT_ID"),
        audience: Ask::Nothing,
        cloud: Ask::Variable("ARM_ENVIRONMENT"),
        default_audience: PUBLIC,
    }
}

/// The same tool where another place than the variable says that it signs in by itself.
const fn with_use_oidc(via: &'static str, found: Where) -> Tool {
    Tool { when: &[When::VariableIsNotTrue("ARM_USE_OIDC")], ..with_arm_variables(via, found) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_can_be_found_and_is_written_in_the_case_it_is_compared_in() {
        for tool in TOOLS {
            match tool.found {
                Where::Action(names) => assert!(names.iter().all(|name| *name == name.to_lowercase())),
                Where::Command { words, .. } => {
                    assert!(!words.is_empty() && words.iter().all(|word| *word == word.to_lowercase()));
                }
                Where::Configured { word, .. } | Where::Given { variable: word, .. } => {
                    assert!(!word.is_empty());
                }
                Where::ActionScript { words, .. }
                | Where::Script { words }
                | Where::Runner { commands: words, .. } => assert!(!words.is_empty()),
            }
        }
    }
}
