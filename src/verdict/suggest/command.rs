//! Ready commands and definitions for one credential: az, Graph or ARM over `az rest`, PowerShell, Terraform, Bicep.
//!
//! Words in capitals stand for what is not known here. Every value is quoted for the language it stands in.
//! Source: <https://learn.microsoft.com/cli/azure/ad/app/federated-credential>, <https://learn.microsoft.com/cli/azure/identity/federated-credential>,
//! <https://learn.microsoft.com/graph/api/application-post-federatedidentitycredentials>.

use serde_json::{Value, json};

use super::quote;
use crate::{
    id::Guid,
    trust::{Credential, Home, Matcher},
};

/// One way each to make the same change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commands {
    /// For a POSIX shell.
    pub az: String,
    /// For a POSIX shell: `az rest` against Microsoft Graph, or against Azure Resource Manager for a managed identity.
    pub graph: String,
    /// For PowerShell with the Az modules.
    pub powershell: String,
    /// A resource of the azuread or azurerm provider.
    pub terraform: String,
    /// A resource of the Graph extension or of Azure Resource Manager.
    pub bicep: String,
}

impl Commands {
    /// The commands that make `credential`, or that change `replaced` into it.
    #[must_use]
    pub fn new(credential: &Credential, replaced: Option<&Credential>) -> Self {
        let spell = Spell { credential, verb: if replaced.is_some() { Verb::Update } else { Verb::Create } };
        match credential.home {
            Home::ManagedIdentity => spell.identity(),
            Home::Application | Home::Unknown => spell.application(),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Verb {
    Create,
    Update,
}

struct Spell<'a> {
    credential: &'a Credential,
    verb: Verb,
}

impl Spell<'_> {
    fn subject(&self) -> &str {
        match &self.credential.matcher {
            Matcher::Exact(subject) => subject.as_str(),
            Matcher::Flexible(expression) => expression.as_str(),
        }
    }

    fn compared(&self) -> Value {
        json!({
            "issuer": self.credential.issuer.as_str(),
            "subject": self.subject(),
            "audiences": [self.credential.audience.as_str()],
        })
    }

    /// The parameters of az and the body of Graph; the name cannot be changed.
    fn body(&self) -> String {
        let name = (self.verb == Verb::Create).then(|| json!({ "name": self.credential.name }));
        let parts = name.into_iter().chain([self.compared()]);
        let body: serde_json::Map<_, _> =
            parts.filter_map(|part| part.as_object().cloned()).flatten().collect();
        let body = Value::Object(body);
        quote::shell(&quote::json(&body))
    }

    fn application(&self) -> Commands {
        let name = &self.credential.name;
        // A file may name its parent by a reference of its own; only an id means anything to a command.
        let known = self.credential.parent.as_deref().filter(|parent| parent.parse::<Guid>().is_ok());
        let id = known.unwrap_or("APPLICATION_ID");
        let body = self.body();
        let base = format!(
            "https://graph.microsoft.com/v1.0/applications(appId='{id}')/federatedIdentityCredentials"
        );
        let (az, method, url) = match self.verb {
            Verb::Create => ("create --parameters".to_owned(), "POST", base),
            Verb::Update => {
                let az = format!("update --federated-credential-id {} --parameters", quote::shell(name));
                (az, "PATCH", format!("{base}/{name}"))
            }
        };
        let url = quote::shell(&url);
        Commands {
            az: format!("az ad app federated-credential {az} {body} --id {}", quote::shell(id)),
            graph: rest(method, &url, &body),
            powershell: self.application_powershell(),
            terraform: self.terraform(
                "azuread_application_federated_identity_credential",
                &[
                    ("application_id", "azuread_application.app.id".to_owned()),
                    ("display_name", quote::hcl(name)),
                    ("audiences", format!("[{}]", quote::hcl(self.credential.audience.as_str()))),
                ],
            ),
            bicep: self.application_bicep(),
        }
    }

    fn identity(&self) -> Commands {
        let (name, credential) = (&self.credential.name, self.credential);
        let parent = credential.parent.as_deref().unwrap_or_default();
        let (group, identity) = (below(parent, "resourcegroups"), below(parent, "userassignedidentities"));
        let (group, identity) = (group.unwrap_or("RESOURCE_GROUP"), identity.unwrap_or("IDENTITY"));
        let subscription = below(parent, "subscriptions").unwrap_or("SUBSCRIPTION_ID");
        let url = format!(
            "https://management.azure.com/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.ManagedIdentity\
             /userAssignedIdentities/{identity}/federatedIdentityCredentials/{name}?api-version=2024-11-30"
        );
        let body = quote::shell(&quote::json(&json!({ "properties": self.compared() })));
        let graph = rest("PUT", &quote::shell(&url), &body);
        Commands {
            az: self.identity_az(group, identity).unwrap_or_else(|| graph.clone()),
            graph,
            powershell: self.identity_powershell(group, identity),
            terraform: self.terraform(
                "azurerm_federated_identity_credential",
                &[
                    ("user_assigned_identity_id", "azurerm_user_assigned_identity.identity.id".to_owned()),
                    ("name", quote::hcl(name)),
                    ("audience", format!("[{}]", quote::hcl(credential.audience.as_str()))),
                ],
            ),
            bicep: self.identity_bicep(),
        }
    }

    /// `None` where a value holds what cannot be seen, which only JSON can show.
    fn identity_az(&self, group: &str, identity: &str) -> Option<String> {
        let verb = if self.verb == Verb::Create { "create" } else { "update" };
        let credential = self.credential;
        let values = [
            ("identity-name", identity),
            ("resource-group", group),
            ("name", &credential.name),
            ("issuer", credential.issuer.as_str()),
            ("subject", self.subject()),
            ("audiences", credential.audience.as_str()),
        ];
        let hidden = values.iter().any(|(_, value)| value.chars().any(quote::is_hidden));
        // With `=` a value is neither an option nor, behind an `@`, the name of a file.
        let options = values.iter().map(|(name, value)| format!(" --{name}={}", quote::shell(value)));
        (!hidden).then(|| format!("az identity federated-credential {verb}{}", options.collect::<String>()))
    }

    fn application_powershell(&self) -> String {
        let credential = self.credential;
        let (verb, name) = match self.verb {
            Verb::Create => ("New", "-Name"),
            Verb::Update => ("Update", "-FederatedCredentialId"),
        };
        format!(
            "{verb}-AzADAppFederatedCredential -ApplicationObjectId 'APPLICATION_OBJECT_ID' {name} {} -Issuer {} -Subject {} -Audience @({})",
            quote::powershell(&credential.name),
            quote::powershell(credential.issuer.as_str()),
            quote::powershell(self.subject()),
            quote::powershell(credential.audience.as_str()),
        )
    }

    fn identity_powershell(&self, group: &str, identity: &str) -> String {
        let credential = self.credential;
        let verb = if self.verb == Verb::Create { "New" } else { "Update" };
        format!(
            "{verb}-AzFederatedIdentityCredential -ResourceGroupName {} -IdentityName {} -Name {} -Issuer {} -Subject {} -Audience @({})",
            quote::powershell(group),
            quote::powershell(identity),
            quote::powershell(&credential.name),
            quote::powershell(credential.issuer.as_str()),
            quote::powershell(self.subject()),
            quote::powershell(credential.audience.as_str()),
        )
    }

    fn terraform(&self, kind: &str, own: &[(&str, String)]) -> String {
        let compared = [
            ("issuer", quote::hcl(self.credential.issuer.as_str())),
            ("subject", quote::hcl(self.subject())),
        ];
        let lines = own.iter().chain(&compared).map(|(name, value)| format!("  {name} = {value}\n"));
        format!(
            "resource \"{kind}\" \"{}\" {{\n{}}}",
            symbol(&self.credential.name),
            lines.collect::<String>()
        )
    }

    fn application_bicep(&self) -> String {
        format!(
            "resource {} 'Microsoft.Graph/applications/federatedIdentityCredentials@v1.0' = {{\n  name: '${{app.uniqueName}}/{}'\n{}}}",
            symbol(&self.credential.name),
            self.credential.name,
            self.bicep_values("  "),
        )
    }

    fn identity_bicep(&self) -> String {
        format!(
            "resource {} 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2024-11-30' = {{\n  \
             parent: identity\n  name: {}\n  properties: {{\n{}  }}\n}}",
            symbol(&self.credential.name),
            quote::bicep(&self.credential.name),
            self.bicep_values("    "),
        )
    }

    fn bicep_values(&self, indent: &str) -> String {
        format!(
            "{indent}issuer: {}\n{indent}subject: {}\n{indent}audiences: [\n{indent}  {}\n{indent}]\n",
            quote::bicep(self.credential.issuer.as_str()),
            quote::bicep(self.subject()),
            quote::bicep(self.credential.audience.as_str()),
        )
    }
}

fn rest(method: &str, url: &str, body: &str) -> String {
    format!("az rest --method {method} --url {url} --headers Content-Type=application/json --body {body}")
}

/// The segment behind `key` in a resource id.
fn below<'a>(id: &'a str, key: &str) -> Option<&'a str> {
    let mut segments = id.split('/');
    segments.find(|segment| segment.eq_ignore_ascii_case(key))?;
    segments.next().filter(|segment| !segment.is_empty())
}

/// A name for the resource inside Terraform and Bicep.
fn symbol(name: &str) -> String {
    let word: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if word.starts_with(|c: char| c.is_ascii_alphabetic()) { word } else { format!("fedcred_{word}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "repo:o/r:environment:a'b\"$(id)`id`${x}\n";

    fn hostile(home: Home, parent: Option<&str>) -> Commands {
        let parent = parent.map(str::to_owned);
        let credential = Credential::exact("deploy", "https://i", HOSTILE, "api://a");
        Commands::new(&Credential { home, parent, ..credential }, None)
    }

    fn words(command: &str) -> Option<Vec<String>> {
        let script = format!("set -- {command}\nfor word; do printf '%s\\0' \"$word\"; done");
        let output = std::process::Command::new("sh").args(["-c", &script]).output().ok()?;
        let text = String::from_utf8(output.stdout).unwrap();
        Some(text.split_terminator('\0').map(str::to_owned).collect())
    }

    #[test]
    fn a_shell_hands_over_the_very_values_and_runs_nothing() {
        let made = hostile(Home::Application, None);
        for command in [&made.az, &made.graph] {
            let Some(words) = words(command) else { return };
            let body = words.iter().find(|word| word.starts_with('{')).unwrap();
            let body: Value = serde_json::from_str(body).unwrap();
            assert_eq!(body["subject"], HOSTILE);
            assert_eq!(body["name"], "deploy");
        }
    }

    #[test]
    fn a_managed_identity_is_named_by_its_resource_id() {
        let id = "/subscriptions/s-1/resourcegroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/me";
        let credential = Credential::exact("deploy", "https://i", "repo:o/r:pull_request", "api://a");
        let known = Credential { home: Home::ManagedIdentity, parent: Some(id.to_owned()), ..credential };
        let made = Commands::new(&known, Some(&known));
        assert_eq!(
            made.az,
            "az identity federated-credential update --identity-name='me' --resource-group='rg' --name='deploy' \
             --issuer='https://i' --subject='repo:o/r:pull_request' --audiences='api://a'"
        );
        assert!(made.graph.contains("/subscriptions/s-1/resourceGroups/rg/"), "{}", made.graph);
        let credential = Credential { home: Home::Application, parent: None, ..known.clone() };
        let changed = Commands::new(&credential, Some(&known)).az;
        assert!(changed.contains(r#"--parameters '{"issuer":"#), "{changed}");
        assert!(hostile(Home::ManagedIdentity, Some(id)).az.starts_with("az rest"));
    }

    #[test]
    fn terraform_takes_the_definition() {
        for home in [Home::Application, Home::ManagedIdentity] {
            let body: hcl_edit::structure::Body =
                format!("{}\n", hostile(home, None).terraform).parse().unwrap();
            let block = body.get_blocks("resource").next().unwrap();
            assert_eq!(block.body.get_attribute("subject").unwrap().value.as_str(), Some(HOSTILE));
        }
    }
}
