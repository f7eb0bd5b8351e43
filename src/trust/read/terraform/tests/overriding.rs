//! Tests of override files.

use super::{read, read_all, subjects, tree};

const BASE: &str = "variable \"env\" {\n  type = string\n  default = \"dev\"\n}\nlocals {\n  repo = \"o/r\"\n  kept = \"k\"\n}\nresource \"azuread_application_federated_identity_credential\" \"x\" {\n  issuer = \"https://i\"\n  subject = \"repo:${local.repo}:environment:${var.env}\"\n  audiences = [local.kept]\n}\n";
const CREDENTIAL: &str = "resource \"azuread_application_federated_identity_credential\" \"x\" {\n";

#[test]
fn an_override_file_changes_arguments_of_the_block_of_that_name() {
    for (path, text, subject) in [
        ("i/override.tf", format!("{CREDENTIAL}  subject = \"s\"\n}}\n"), "s"),
        ("i/a_override.tf", format!("{CREDENTIAL}  subject = \"s\"\n}}\n"), "s"),
        ("i/a_override.tofu", format!("{CREDENTIAL}  subject = \"s\"\n}}\n"), "s"),
        ("i/override.tf", "locals {\n  repo = \"p/q\"\n}\n".into(), "repo:p/q:environment:dev"),
        ("i/override.tf", "variable \"env\" {\n  default = \"prod\"\n}\n".into(), "repo:o/r:environment:prod"),
        ("i/override.tf.json", r#"{"variable": {"env": {"default": "eu"}}}"#.into(), "repo:o/r:environment:eu"),
        (
            "i/x_override.tofu.json",
            r#"{"resource": {"azuread_application_federated_identity_credential": {"x": {"subject": "${local.repo}"}}}}"#
                .into(),
            "o/r",
        ),
    ] {
        let reading = read_all(&tree(&[("i/main.tf", BASE), (path, &text)]));
        assert_eq!((subjects(&reading), &reading.skipped), (vec![subject.to_owned()], &vec![]), "{path}: {text}");
        assert_eq!(reading.drafts[0].issuer.as_ref().unwrap().value.text(), Some("https://i"));
        assert_eq!(reading.drafts[0].audiences[0].value.text(), Some("k"));
    }
    let text = format!("{CREDENTIAL}  subject = \"s\"\n}}\n");
    let reading = read_all(&tree(&[("i/z.tf", BASE), ("i/override.tf", &text)]));
    let subject = reading.drafts[0].subject.as_ref().unwrap();
    assert_eq!((subject.place.source.path(), subject.place.start().line), ("i/override.tf", 2));
    assert_eq!(reading.drafts[0].place.source.path(), "i/z.tf");
}

#[test]
fn the_last_override_file_wins_and_one_for_a_copied_block_changes_its_copies() {
    let of = |subject: &str| format!("{CREDENTIAL}  subject = \"{subject}\"\n}}\n");
    let (first, second) = (of("first"), of("second"));
    let files = [("main.tf", BASE), ("b_override.tf", &second), ("a_override.tf", &first)];
    assert_eq!(subjects(&read_all(&tree(&files))), ["second"]);
    let copies = format!("{CREDENTIAL}  for_each = toset([\"a\", \"b\"])\n  subject = each.key\n}}\n");
    assert_eq!(subjects(&read_all(&tree(&[("main.tf", BASE), ("override.tf", &copies)]))), ["a", "b"]);
}

#[test]
fn an_override_reaches_the_call_of_a_module_and_its_outputs() {
    let main = "module \"m\" {\n  source = \"./m\"\n  repo = \"a\"\n}\nresource \"azuread_application_federated_identity_credential\" \"x\" {\n  subject = module.m.out\n}\n";
    let inner = "variable \"repo\" {}\noutput \"out\" {\n  value = var.repo\n}\n";
    let files = [
        ("main.tf", main),
        ("override.tf", "module \"m\" {\n  repo = \"b\"\n}\n"),
        ("m/main.tf", inner),
        ("m/out_override.tf", "output \"out\" {\n  value = \"out-${var.repo}\"\n}\n"),
    ];
    assert_eq!(subjects(&read_all(&tree(&files))), ["out-b"]);
}

#[test]
fn an_override_of_nothing_is_told_and_makes_nothing() {
    let other = format!("{CREDENTIAL}  subject = \"s\"\n}}\nlocals {{\n  nobody = 1\n}}\n");
    let tree = tree(&[("main.tf", "locals {\n  a = 1\n}\n"), ("x_override.tf", &other)]);
    let reading = read(&tree, "x_override.tf");
    assert_eq!(subjects(&reading), [""; 0]);
    let told: Vec<(&str, usize)> =
        reading.skipped.iter().map(|skipped| (skipped.reason.as_str(), skipped.place.start().line)).collect();
    assert_eq!(
        told,
        [
            (
                "it overrides resource azuread_application_federated_identity_credential.x, which no other file defines",
                1
            ),
            ("it overrides local.nobody, which no other file defines", 5),
        ]
    );
}
