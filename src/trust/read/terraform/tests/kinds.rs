//! Tests of what counts as a credential: resources whose type is worked out, and those that make credentials by other means.

use super::{read, subjects, tree};
use crate::trust::read::format_of;

const KIND: &str = "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2023-01-31";
const BODY: &str = "body = { properties = { issuer = \"i\", subject = \"s\", audiences = [\"a\"] } }";

#[test]
fn the_type_of_a_resource_of_any_type_is_worked_out() {
    let of = |kind: &str, more: &str| {
        let text = format!(
            "locals {{\n  kind = \"{KIND}\"\n  kinds = {{ a = local.kind, b = \"Microsoft.Other/x@1\" }}\n}}\nvariable \"v\" {{}}\nresource \"azapi_resource\" \"x\" {{\n  {more}\n  type = {kind}\n  {BODY}\n}}\n# federatedIdentityCredentials\n"
        );
        let reading = read(&tree(&[("main.tf", &text)]), "main.tf");
        let told: Vec<String> = reading.skipped.iter().map(|skipped| skipped.reason.clone()).collect();
        (subjects(&reading).join(" "), told.join(" "))
    };
    let none = String::new();
    assert_eq!(of("local.kind", ""), ("s".into(), none.clone()));
    assert_eq!(of("each.value", "for_each = local.kinds"), ("s".into(), none.clone()));
    assert_eq!(of("local.kinds.b", ""), (none.clone(), none.clone()));
    assert_eq!(of(&format!("\"{}@${{var.v}}\"", KIND.split('@').next().unwrap()), "").0, "s");
    let unknown = "azapi_resource.x may be a credential: its type is not known";
    assert_eq!(of("var.v", ""), (none.clone(), unknown.into()));
    let empty = "azapi_resource.x has no copy: its collection is empty here";
    assert_eq!(of("local.kind", "count = 0"), (none, empty.into()));
}

#[test]
fn credentials_that_are_made_by_other_means_are_told() {
    let template = format!("template_content = jsonencode({{ resources = [{{ type = \"{KIND}\" }}] }})");
    let command =
        "provisioner \"local-exec\" {\n    command = \"az ad app federated-credential create --id x\"\n  }";
    for (kind, body, reason) in [
        (
            "azurerm_resource_group_template_deployment",
            template.as_str(),
            "azurerm_resource_group_template_deployment.x deploys credentials with a template, which is not read",
        ),
        ("null_resource", command, "null_resource.x runs a command on credentials, which is not read"),
    ] {
        let text = format!("resource \"{kind}\" \"x\" {{\n  {body}\n}}\n");
        let tree = tree(&[("main.tf", &text)]);
        assert_eq!(format_of(tree.get("main.tf").unwrap()).unwrap().name, "Terraform configuration");
        assert_eq!(read(&tree, "main.tf").skipped[0].reason, reason);
    }
}
