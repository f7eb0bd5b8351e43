//! Tests of the Terraform reader: small configurations and what they amount to.

use crate::{
    text::{Source, Tree},
    trust::{
        WriteOrder,
        read::{Reading, read, read_all},
    },
};

mod forms;
mod kinds;
mod objects;
mod overriding;
mod rules;

fn tree(files: &[(&str, &str)]) -> Tree {
    let mut tree = Tree::default();
    for (path, text) in files {
        tree.insert(Source::new(*path, *text));
    }
    tree
}

fn subjects(reading: &Reading) -> Vec<String> {
    reading
        .drafts
        .iter()
        .map(|draft| draft.subject.as_ref().map(|s| s.value.to_string()).unwrap_or_default())
        .collect()
}

/// The subjects of one credential whose subject is `expression`, among `more` blocks.
fn subject_of(expression: &str, more: &str) -> Vec<String> {
    let text = format!(
        "{more}\nresource \"azuread_application_federated_identity_credential\" \"x\" {{\n  subject = {expression}\n}}\n"
    );
    subjects(&read(&tree(&[("main.tf", &text)]), "main.tf"))
}

#[test]
fn a_literal_is_placed_between_its_quotes() {
    let text = "resource \"azuread_application_federated_identity_credential\" \"x\" {\n  application_id = azuread_application.app.id\n  audiences = [\"api://a\"]\n  issuer = \"https://i\"\n  subject = \"repo:o/r:pull_request\"\n}\n";
    let reading = read(&tree(&[("infra/main.tf", text)]), "infra/main.tf");
    let [draft] = reading.drafts.as_slice() else { panic!("{reading:?}") };
    assert_eq!(draft.subject.as_ref().unwrap().place.text(), "repo:o/r:pull_request");
    assert_eq!(draft.audiences[0].place.text(), "api://a");
    assert_eq!(draft.parent.as_ref().unwrap().value.text(), Some("infra/azuread_application.app"));
    assert_eq!(draft.place.start().line, 1);
}

#[test]
fn functions_and_templates_are_worked_out() {
    let locals = "locals {\n  l = [\"b\", \"a\"]\n  m = { x = { n = \"1\" } }\n  sub = { main = \"ref:refs/heads/main\" }\n}\nvariable \"e\" { default = \"main\" }";
    for (expression, subject) in [
        (r#""repo:${lower("O")}/r""#, "repo:o/r"),
        (r#"format("repo:%s:%s-%02d", "o/r", "x", 7)"#, "repo:o/r:x-07"),
        (r#"join(":", concat(["a"], local.l))"#, "a:b:a"),
        (r#"local.m["x"].n"#, "1"),
        (r#"local.m.x["n"]"#, "1"),
        (r#"local.sub[var.e]"#, "ref:refs/heads/main"),
        (r#"var.e == "main" ? "yes" : "no""#, "yes"),
        (r#"replace("a/b", "/[/]/", "-")"#, "a-b"),
        (r#"element(split("/", "o/r"), 1)"#, "r"),
        (r#"try(local.m.y.n, "fallback")"#, "fallback"),
        (r#"coalesce("", "c")"#, "c"),
        (r#""%{ for x in local.l ~}${x},%{ endfor ~}""#, "b,a,"),
        (r#""%{ if var.e == "x" }a%{ else }b%{ endif }""#, "b"),
        (r#"join(",", [for k, v in local.m : "${k}${v.n}"])"#, "x1"),
        (r#"join(",", local.l[*])"#, "b,a"),
        (r#""a\"b$${c}""#, "a\"b${c}"),
        (r#"regex("^([a-z]+)-", "abc-d")[0]"#, "abc"),
        ("trimspace(<<EOT\n  a\nEOT\n)", "a"),
    ] {
        assert_eq!(subject_of(expression, locals), [subject], "{expression}");
    }
}

#[test]
fn what_is_not_known_is_a_hole_with_its_reason() {
    let more = "variable \"env\" {}\ndata \"azuread_client_config\" \"me\" {}\nlocals {\n  a = local.a\n}";
    for (expression, subject) in [
        (r#""repo:o/r:environment:${var.env}""#, "repo:o/r:environment:{var.env}"),
        (r#"upper("x${var.env}")"#, "X{upper(var.env)}"),
        (r#"format("%s/%s", var.env, "b")"#, "{var.env}/b"),
        ("data.azuread_client_config.me.object_id", "{data.azuread_client_config.me.object_id}"),
        ("local.a", "{local.a}"),
        (r#"var.env == "x" ? "same" : "same""#, "same"),
        (r#"mystery("x")"#, r#"{mystery("x")}"#),
    ] {
        assert_eq!(subject_of(expression, more), [subject], "{expression}");
    }
}

#[test]
fn a_module_counts_as_often_as_it_is_called() {
    let module = "variable \"org\" {}\nvariable \"envs\" { type = map(object({ name = string, prefix = optional(string, \"repo\") })) }\nresource \"azurerm_federated_identity_credential\" \"x\" {\n  for_each = var.envs\n  name = each.key\n  parent_id = azurerm_user_assigned_identity.i[each.key].id\n  subject = \"${each.value.prefix}:${var.org}/r:environment:${each.value.name}\"\n}\nresource \"azurerm_user_assigned_identity\" \"i\" {\n  for_each = var.envs\n  location = \"westeurope\"\n}\n";
    let root = "module \"a\" {\n  source = \"../modules/fic\"\n  org = \"o\"\n  envs = { d = { name = \"dev\" }, p = { name = \"prod\", prefix = \"x\" } }\n}\nmodule \"b\" {\n  source = \"../modules/fic\"\n  for_each = toset([\"q\"])\n  org = each.key\n  envs = { d = { name = \"dev\" } }\n}\n";
    let tree = tree(&[("live/main.tf", root), ("modules/fic/main.tf", module)]);
    let wanted = ["repo:o/r:environment:dev", "x:o/r:environment:prod", "repo:q/r:environment:dev"];
    assert_eq!(subjects(&read(&tree, "modules/fic/main.tf")), wanted);
    assert_eq!(subjects(&read(&tree, "live/main.tf")), wanted);
    let all = read_all(&tree);
    assert_eq!(subjects(&all), wanted);
    let parents: Vec<String> =
        all.drafts.iter().map(|d| d.parent.as_ref().unwrap().value.to_string()).collect();
    assert_eq!(parents[2], "live/module.b[q].azurerm_user_assigned_identity.i[d]");
}

#[test]
fn a_variable_file_passed_by_hand_is_one_deployment() {
    let main = "variable \"env\" {}\nvariable \"org\" { default = \"o\" }\nresource \"azuread_application_federated_identity_credential\" \"x\" {\n  subject = \"repo:${var.org}/r:environment:${var.env}\"\n}\n";
    let tree = tree(&[
        ("main.tf", main),
        ("terraform.tfvars", "org = \"p\""),
        ("env/dev/terraform.tfvars", "env = \"dev\""),
        ("env/prod.tfvars.json", "{\"env\": \"prod\"}"),
    ]);
    assert_eq!(subjects(&read(&tree, "main.tf")), ["repo:p/r:environment:dev", "repo:p/r:environment:prod"]);
}

#[test]
fn an_automatic_variable_file_wins_over_the_plain_one() {
    let main = "variable \"env\" {}\nresource \"azuread_application_federated_identity_credential\" \"x\" {\n  subject = var.env\n}\n";
    let files =
        [("main.tf", main), ("a.auto.tfvars", "env = \"auto\""), ("terraform.tfvars", "env = \"plain\"")];
    assert_eq!(subjects(&read(&tree(&files), "main.tf")), ["auto"]);
}

#[test]
fn azapi_and_msgraph_bodies_are_read_as_objects_and_as_json() {
    let text = "resource \"azapi_resource\" \"a\" {\n  type = \"Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2023-01-31\"\n  name = \"n\"\n  parent_id = azurerm_user_assigned_identity.i.id\n  body = jsonencode({ properties = { issuer = \"i\", subject = \"s\", audiences = [\"a\"] } })\n}\nresource \"msgraph_resource\" \"m\" {\n  url = \"applications/${azuread_application.x.object_id}/federatedIdentityCredentials\"\n  body = { name = \"m\", issuer = \"i\", subject = \"t\", audiences = [\"a\"] }\n}\n";
    let reading = read(&tree(&[("main.tf", text)]), "main.tf");
    assert_eq!(subjects(&reading), ["s", "t"]);
    assert_eq!(reading.drafts[0].subject.as_ref().unwrap().place.text(), "s");
    assert_eq!(reading.drafts[0].writing.order, WriteOrder::Serial);
    assert_eq!(reading.drafts[1].parent.as_ref().unwrap().value.text(), Some("azuread_application.x"));
}

#[test]
fn an_azapi_credential_that_depends_on_another_waits_for_it() {
    let one = |name: &str, more: &str| {
        format!(
            "resource \"azapi_resource\" \"{name}\" {{\n  type = \"Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2023-01-31\"\n  name = \"{name}\"\n  parent_id = azurerm_user_assigned_identity.i.id\n  {more}\n}}\n"
        )
    };
    let order = |text: String| -> Vec<WriteOrder> {
        let reading = read(&tree(&[("main.tf", text.as_str())]), "main.tf");
        reading.drafts.iter().map(|draft| draft.writing.order).collect()
    };
    assert_eq!(order(one("a", "") + &one("b", "")), [WriteOrder::Concurrent; 2]);
    let chained = one("a", "") + &one("b", "depends_on = [azapi_resource.a]");
    assert_eq!(order(chained), [WriteOrder::Concurrent, WriteOrder::Serial]);
}

#[test]
fn an_unknown_collection_gives_one_credential_with_holes() {
    let more = "variable \"repos\" {}";
    let text = format!(
        "{more}\nresource \"azuread_application_federated_identity_credential\" \"x\" {{\n  for_each = var.repos\n  subject = \"repo:o/${{each.value.name}}\"\n}}\n"
    );
    assert_eq!(subjects(&read(&tree(&[("main.tf", &text)]), "main.tf")), ["repo:o/{each.value.name}"]);
}

#[test]
fn an_empty_collection_and_a_foreign_module_are_told() {
    let text = "resource \"azuread_application_federated_identity_credential\" \"x\" {\n  for_each = toset([])\n  subject = each.key\n}\nmodule \"m\" {\n  source = \"registry/x\"\n  federated_identity_credentials = {}\n}\n";
    let reading = read(&tree(&[("main.tf", text)]), "main.tf");
    assert_eq!(reading.drafts, []);
    assert_eq!(reading.skipped.len(), 2, "{reading:?}");
}

#[test]
fn the_provider_version_and_the_region_are_kept() {
    let text = "terraform {\n  required_providers {\n    azurerm = {\n      source = \"hashicorp/azurerm\"\n      version = \"~> 3.30.0\"\n    }\n  }\n}\nresource \"azurerm_user_assigned_identity\" \"i\" {\n  location = \"taiwannorth\"\n}\nresource \"azurerm_federated_identity_credential\" \"x\" {\n  parent_id = azurerm_user_assigned_identity.i.id\n  subject = \"s\"\n}\n";
    let reading = read(&tree(&[("main.tf", text)]), "main.tf");
    let writing = &reading.drafts[0].writing;
    assert_eq!(&*writing.provider.as_ref().unwrap().version.as_ref().unwrap().value, "~> 3.30.0");
    assert_eq!(writing.region.as_ref().unwrap().value.text(), Some("taiwannorth"));
}

/// Locals of which each is twice the one before.
fn doubled(first: &str, step: impl Fn(usize) -> String) -> String {
    let steps: String = (0..60).map(|at| format!("  a{} = {}\n", at + 1, step(at))).collect();
    format!("locals {{\n  a0 = {first}\n{steps}}}\n")
}

#[test]
fn what_grows_without_end_is_a_hole() {
    let long = format!("locals {{\n  a = \"{}\"\n}}", "a".repeat(2000));
    for (expression, more) in [
        ("local.a40", doubled("\"ab\"", |at| format!("\"${{local.a{at}}}${{local.a{at}}}\""))),
        ("join(\"\", local.a30)", doubled("[\"a\"]", |at| format!("concat(local.a{at}, local.a{at})"))),
        ("jsonencode(local.a30)", doubled("[\"a\"]", |at| format!("[local.a{at}, local.a{at}]"))),
        ("local.a30", doubled("\"\\\"\"", |at| format!("jsonencode([local.a{at}])"))),
        ("replace(replace(local.a, \"a\", local.a), \"a\", local.a)", long.clone()),
        ("replace(local.a, \"/a/\", \"$0-$0-${local.a}\")", long.clone()),
        ("join(\"\", [for i in range(1000) : join(local.a, range(1000))])", long),
        ("join(\"\", range(1000000000))", String::new()),
        ("jsonencode(setproduct(range(1000), range(1000), range(1000)))", String::new()),
        ("regex(\"((a{1000}){1000}){1000}\", \"a\")", String::new()),
    ] {
        let found = subject_of(expression, &more);
        assert!(found[0].starts_with('{'), "{expression}: {:.200}", found[0]);
    }
}

#[test]
fn more_copies_than_are_gone_through_are_one_with_holes() {
    for (more, subject) in [
        ("count = 1000000000", "a-${count.index}"),
        ("for_each = toset([for i in range(1000) : \"${i}-${join(\"\", range(3))}\"])", "a-${each.key}"),
        (
            "for_each = toset(concat([for i in range(1000) : \"a${i}\"], [for i in range(1000) : \"b${i}\"], [\"c\"]))",
            "a-${each.key}",
        ),
    ] {
        let text = format!(
            "resource \"azuread_application_federated_identity_credential\" \"x\" {{\n  {more}\n  subject = \"{subject}\"\n}}\n"
        );
        let found = subjects(&read(&tree(&[("main.tf", &text)]), "main.tf"));
        assert!(
            found.len() == 1000 || found.len() == 1 && found[0].starts_with("a-{"),
            "{}: {:?}",
            found.len(),
            found.first()
        );
    }
}

#[test]
fn modules_that_multiply_are_given_up_and_said_so() {
    let calls = |to: usize| -> String {
        (0..20).map(|at| format!("module \"m{at}\" {{\n  source = \"../m{to}\"\n}}\n")).collect()
    };
    let mut files: Vec<(String, String)> =
        (0..9).map(|at| (format!("m{at}/main.tf"), calls(at + 1))).collect();
    files.push((
        "m9/main.tf".into(),
        "resource \"azuread_application_federated_identity_credential\" \"x\" {\n  subject = \"s\"\n}\n"
            .into(),
    ));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let reading = read(&tree(&files), "m0/main.tf");
    assert!(
        reading.skipped.iter().any(|skipped| skipped.reason.contains("more than is worked out")),
        "{:?}",
        reading.skipped
    );
}

#[test]
fn a_file_that_does_not_parse_is_told() {
    let reading = read(
        &tree(&[("main.tf", "resource \"azuread_application_federated_identity_credential\" {\n")]),
        "main.tf",
    );
    assert!(reading.skipped[0].reason.starts_with("not valid HCL"), "{reading:?}");
}

#[test]
fn a_module_that_calls_itself_ends() {
    let text = "module \"m\" {\n  source = \"../b\"\n}\nresource \"azuread_application_federated_identity_credential\" \"x\" {\n  subject = module.m.o\n}\noutput \"o\" { value = module.m.o }\n";
    let tree = tree(&[("a/main.tf", text), ("b/main.tf", &text.replace("../b", "../a"))]);
    assert!(read_all(&tree).drafts.len() < 500);
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(expression in "[a-z\"$%{}()\\[\\]~*.,:?= <>!&|+/-]{0,60}") {
        subject_of(&expression, "locals { a = [1, 2] }");
    }
}

#[test]
fn the_place_of_what_is_no_hcl_lies_between_characters() {
    let text = "# federated_identity_credential\na {\n  e \u{79e} \u{fffd}rerm\" \"i\" {\n}\n}\n";
    let found = read_all(&tree(&[("main.tf", text)]));
    let place = &found.skipped.first().unwrap().place;
    assert!(text.get(place.span.start..).is_some(), "{:?}", place.span);
}
