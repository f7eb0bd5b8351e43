//! Tests of objects named as a whole: resources and modules with all their copies.

use super::{read_all, subject_of, subjects, tree};
use crate::trust::read::Reading;

fn parents(reading: &Reading) -> Vec<String> {
    let parent = |draft: &crate::trust::Draft| draft.parent.as_ref().unwrap().value.to_string();
    reading.drafts.iter().map(parent).collect()
}

fn credential(over: &str, parent: &str, subject: &str) -> String {
    format!(
        "resource \"azuread_application_federated_identity_credential\" \"x\" {{\n  {over}\n  application_id = {parent}\n  subject = {subject}\n}}\n"
    )
}

#[test]
fn the_copies_of_a_resource_are_gone_through() {
    let apps = "resource \"azuread_application\" \"app\" {\n  REPEAT\n  display_name = \"app\"\n  owners = [var.unknown]\n}\nvariable \"unknown\" {}\n";
    let own = |at: &str| format!("azuread_application.app[{at}]");
    for (repeat, over, parent, subject, found) in [
        (
            "for_each = toset([\"a\", \"b\"])",
            "for_each = azuread_application.app",
            "each.value.id",
            "\"${each.key}-${each.value.display_name}\"",
            vec![("a-app", own("a")), ("b-app", own("b"))],
        ),
        (
            "for_each = toset([\"a\", \"b\"])",
            "for_each = { for k, v in azuread_application.app : k => v.id }",
            "each.value",
            "each.key",
            vec![("a", own("a")), ("b", own("b"))],
        ),
        (
            "count = 2",
            "count = length(azuread_application.app)",
            "azuread_application.app[count.index].id",
            "\"s\"",
            vec![("s", own("0")), ("s", own("1"))],
        ),
        (
            "count = var.unknown ? 1 : 0",
            "",
            "one(azuread_application.app[*].id)",
            "\"s\"",
            vec![("s", own("0"))],
        ),
        (
            "",
            "",
            "one(azuread_application.app[*].id)",
            "\"s\"",
            vec![("s", "azuread_application.app".into())],
        ),
    ] {
        let text = format!("{}{}", apps.replace("REPEAT", repeat), credential(over, parent, subject));
        let reading = read_all(&tree(&[("main.tf", &text)]));
        let got: Vec<(String, String)> = subjects(&reading).into_iter().zip(parents(&reading)).collect();
        let found: Vec<(String, String)> = found.into_iter().map(|(a, b)| (a.to_owned(), b)).collect();
        assert_eq!(got, found, "{repeat} {over}");
    }
}

#[test]
fn the_outputs_of_all_copies_of_a_module_are_gone_through() {
    let inner = "variable \"name\" {}\nresource \"azuread_application\" \"app\" {\n  display_name = var.name\n}\noutput \"id\" {\n  value = azuread_application.app.id\n}\noutput \"upper\" {\n  value = upper(var.name)\n}\n";
    let call =
        "module \"m\" {\n  source = \"./m\"\n  for_each = { a = \"x\", b = \"y\" }\n  name = each.value\n}\n";
    for (over, parent, subject, found) in [
        (
            "for_each = module.m",
            "each.value.id",
            "\"${each.key}${each.value.upper}\"",
            vec![("aX", "a"), ("bY", "b")],
        ),
        ("", "values(module.m)[1].id", "join(\"+\", values(module.m)[*].upper)", vec![("X+Y", "b")]),
    ] {
        let text = format!("{call}{}", credential(over, parent, subject));
        let reading = read_all(&tree(&[("main.tf", &text), ("m/main.tf", inner)]));
        let found: Vec<(String, String)> = found
            .into_iter()
            .map(|(subject, key)| (subject.to_owned(), format!("module.m[{key}].azuread_application.app")))
            .collect();
        assert_eq!(subjects(&reading).into_iter().zip(parents(&reading)).collect::<Vec<_>>(), found);
    }
}

#[test]
fn copies_that_are_not_known_are_none_to_go_through() {
    let app = |repeat: &str| {
        format!(
            "variable \"v\" {{}}\nresource \"azuread_application\" \"app\" {{\n  {repeat}\n  display_name = \"n\"\n}}\n"
        )
    };
    for repeat in
        ["for_each = var.v", "count = var.v", "for_each = { for n in [\"a\"] : \"${n}${var.v}\" => n }"]
    {
        let [found] =
            subject_of("join(\"\", keys(azuread_application.app))", &app(repeat)).try_into().unwrap();
        assert_eq!(found, "{join(\"\", keys(azuread_application.app))}", "{repeat}");
    }
}

#[test]
fn copies_that_may_be_none_are_gone_through() {
    for over in [
        "var.on ? toset([\"a\", \"b\"]) : toset([])",
        "var.on ? {} : { a = 1, b = 2 }",
        "local.all",
        "var.on && true ? { for n in [\"a\", \"b\"] : n => n } : null",
    ] {
        let more = "variable \"on\" {}\nlocals {\n  all = var.on ? { a = 1, b = 2 } : tomap({})\n}\n";
        let text = format!("{more}{}", credential(&format!("for_each = {over}"), "\"x\"", "each.key"));
        assert_eq!(subjects(&read_all(&tree(&[("main.tf", &text)]))), ["a", "b"], "{over}");
    }
    let either = credential("for_each = var.on ? { a = 1 } : { b = 1 }", "\"x\"", "each.key");
    let text = format!("variable \"on\" {{}}\n{either}");
    assert_eq!(subjects(&read_all(&tree(&[("main.tf", &text)]))), ["{each.key}"]);
}
