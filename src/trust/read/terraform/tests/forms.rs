//! Tests of what else can be written: the JSON syntax, OpenTofu's files, data files and templates.

use super::{read, read_all, subject_of, subjects, tree};

const FLEET: &str = "resource \"azuread_application_federated_identity_credential\" \"x\" {\n  for_each = local.all\n  subject = \"repo:o/${each.value.repo}:environment:${each.value.env}\"\n}\n";

#[test]
fn data_files_of_the_repository_are_read() {
    let wanted = ["repo:o/a:environment:dev", "repo:o/b:environment:prod, eu"];
    for (locals, path, text) in [
        (
            "yamldecode(file(\"${path.module}/all.yaml\")).all",
            "infra/all.yaml",
            "all:\n  x: {repo: a, env: dev}\n  z:\n    repo: b\n    env: prod, eu\n",
        ),
        (
            "jsondecode(file(\"all.json\"))",
            "infra/all.json",
            r#"{"x": {"repo": "a", "env": "dev"}, "y": {"repo": "b", "env": "prod, eu"}}"#,
        ),
        (
            "{ for row in csvdecode(file(\"${path.module}/all.csv\")) : row.repo => row }",
            "infra/all.csv",
            "repo,env\na,dev\nb,\"prod, eu\"\n",
        ),
    ] {
        let main = format!("locals {{\n  all = {locals}\n}}\n{FLEET}");
        let tree = tree(&[("infra/main.tf", main.as_str()), (path, text)]);
        assert_eq!(subjects(&read(&tree, "infra/main.tf")), wanted, "{locals}");
    }
    assert_eq!(subject_of("yamldecode(file(\"none.yaml\")).x", ""), ["{yamldecode(file(\"none.yaml\")).x}"]);
    for (folder, path) in [("path.module", "\"${path.module}/${f}\""), ("\"./\"", "f"), ("\"\"", "f")] {
        let locals =
            format!("{{ for f in fileset({folder}, \"all/*.yaml\") : f => yamldecode(file({path})) }}");
        let main = format!("locals {{\n  all = {locals}\n}}\n{FLEET}");
        let files = [
            ("infra/main.tf", main.as_str()),
            ("infra/all/1.yaml", "{repo: a, env: dev}"),
            ("infra/all/2.yaml", "{repo: b, env: 'prod, eu'}"),
            ("infra/all/more/3.yaml", "{repo: c, env: dev}"),
        ];
        assert_eq!(subjects(&read(&tree(&files), "infra/main.tf")), wanted, "{folder}");
    }
    assert_eq!(subject_of("one(fileset(\"\", \"*.nix\"))", ""), ["{one(fileset(\"\", \"*.nix\"))}"]);
}

#[test]
fn each_element_counts_where_the_keys_of_for_each_are_not_known() {
    let resource = "resource \"azuread_application_federated_identity_credential\" \"x\" {\n  for_each = OVER\n  display_name = each.key\n  subject = \"repo:o/${each.value.repo}:environment:${var.env}\"\n}\n";
    let locals = "variable \"env\" {}\nlocals {\n  list = [{ repo = \"a\" }, { repo = \"b\" }]\n  all = { for g in local.list : \"${g.repo}.${var.env}\" => g }\n  same = local.all\n}\n";
    for over in ["{ for g in local.list : \"${g.repo}.${var.env}\" => g }", "local.all", "local.same"] {
        let main = format!("{locals}{}", resource.replace("OVER", over));
        let reading = read(&tree(&[("infra/main.tf", main.as_str())]), "infra/main.tf");
        assert_eq!(subjects(&reading), ["repo:o/a:environment:{var.env}", "repo:o/b:environment:{var.env}"]);
        let name = |at: usize| reading.drafts[at].name.as_ref().unwrap().value.to_string();
        assert_eq!([name(0), name(1)], ["a.{var.env}", "b.{var.env}"], "{over}");
    }
}

#[test]
fn a_template_in_a_text_is_filled_and_try_goes_on_where_a_piece_of_a_text_fails() {
    let local = "locals {\n  t = \"repo:$${org}/r:pull_request\"\n  one = { ref = \"refs/heads/main\" }\n}";
    assert_eq!(subject_of("templatestring(local.t, { org = \"o\" })", local), ["repo:o/r:pull_request"]);
    let tried = "\"repo:o/r:${try(\"environment:${local.one.env}\", \"ref:${local.one.ref}\")}\"";
    assert_eq!(subject_of(tried, local), ["repo:o/r:ref:refs/heads/main"]);
}

#[test]
fn the_json_syntax_makes_the_same_credentials_at_their_places() {
    let text = r#"{
  "terraform": {"required_providers": {"azuread": {"version": "~> 3.0"}}},
  "variable": {"env": {"type": "string"}, "org": {"default": "o"}},
  "locals": {"names": ["a", "b"]},
  "resource": {"azuread_application_federated_identity_credential": {
    "x": {"for_each": "${toset(concat(local.names, [\"c\"]))}", "display_name": "${each.key}", "audiences": ["api://a"],
      "issuer": "https://i", "subject": "repo:${var.org}/${each.key}:environment:${ var.env }"},
    "y": [{"subject": "plain"}]
  }}
}"#;
    let reading = read(&tree(&[("infra/main.tf.json", text)]), "infra/main.tf.json");
    assert_eq!(reading.skipped, []);
    let named = |name: &str| format!("repo:o/{name}:environment:{{var.env}}");
    assert_eq!(subjects(&reading), [named("a"), named("b"), named("c"), "plain".to_owned()]);
    let subject = reading.drafts[0].subject.as_ref().unwrap();
    assert_eq!(subject.place.text(), "repo:${var.org}/${each.key}:environment:${ var.env }");
    let crate::trust::TextPart::Hole { place, .. } = &subject.value.parts[1] else { panic!("{subject:?}") };
    assert_eq!((place.text(), place.start().line), ("var.env", 7));
    assert_eq!(
        &*reading.drafts[0].writing.provider.as_ref().unwrap().version.as_ref().unwrap().value,
        "~> 3.0"
    );
}

#[test]
fn a_json_text_of_many_pieces_takes_no_time_and_each_has_its_place() {
    let of = |pieces: usize| {
        let subject = "${var.a}\\u00e9\\n".repeat(pieces);
        let text = format!(
            r#"{{"resource": {{"azuread_application_federated_identity_credential": {{"x": {{"subject": "{subject}"}}}}}}}}"#
        );
        let mut reading = read(&tree(&[("main.tf.json", &text)]), "main.tf.json");
        reading.drafts.remove(0).subject.unwrap().value.parts
    };
    let crate::trust::TextPart::Hole { place, .. } = &of(3)[2] else { panic!("{:?}", of(3)) };
    assert_eq!(place.text(), "var.a");
    let start = std::time::Instant::now();
    of(8_000);
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

#[test]
fn a_name_in_a_json_object_is_a_template_too() {
    let of = |key: &str, subject: &str| {
        let text = format!(
            r#"{{"variable": {{"env": {{}}, "org": {{"default": "octo"}}}}, "locals": {{"m": {{"{key}": "x"}}}},
            "resource": {{"azuread_application_federated_identity_credential": {{"x": {{"subject": "{subject}"}}}}}}}}"#
        );
        subjects(&read(&tree(&[("main.tf.json", &text)]), "main.tf.json"))
    };
    let keys = "${join(\",\", keys(local.m))}".replace('"', "\\\"");
    for (key, found) in [("a", "a"), ("${var.org}", "octo"), ("a-${var.org}", "a-octo"), ("$${a}", "${a}")] {
        assert_eq!(of(key, &keys), [found], "{key}");
    }
    let [unknown] = of("${var.env}", &keys).try_into().unwrap();
    assert!(unknown.starts_with('{') && !unknown.contains('$'), "{unknown}");
}

#[test]
fn yaml_is_decoded_as_terraform_does() {
    for (yaml, found) in [
        ("a: yes", "true"),
        ("a: On", "true"),
        ("a: n", "false"),
        ("a: OFF", "false"),
        ("a: 'yes'", "yes"),
        ("a: yEs", "yEs"),
        ("a: !!str no", "no"),
        ("a: '2024-01-05'", "2024-01-05"),
        ("a: 2024-x", "2024-x"),
        ("a: 12024-01-05", "12024-01-05"),
        ("a: 1_000", "1_000"),
        ("a: 0b1", "0b1"),
        ("a: 0x_1", "0x_1"),
        ("a: -0x1", "-0x1"),
        ("a: 0o17", "15"),
        ("a: 0x1F", "31"),
        ("a: 010", "10"),
        ("a: .5", "0.5"),
        ("a: 1E+2", "100"),
        ("a: 1.", "1"),
        ("a: 1:30", "1:30"),
        ("a: +104567890123456789012", "104567890123456789012"),
    ] {
        assert_eq!(super::subject_of(&format!("yamldecode(\"{yaml}\").a"), ""), [found], "{yaml}");
    }
    for (yaml, key) in [("on: 1", "true"), ("0x10: 1", "16"), ("007: 1", "7"), ("'007': 1", "007")] {
        assert_eq!(
            super::subject_of(&format!("join(\",\", keys(yamldecode(\"{yaml}\")))"), ""),
            [key],
            "{yaml}"
        );
    }
    for yaml in ["a: .inf", "a: .nan", "a: 0x20000000000001", "~: 1"] {
        let found = super::subject_of(&format!("yamldecode(\"{yaml}\").a"), "");
        assert!(found[0].contains("yamldecode"), "{yaml}: {found:?}");
    }
    for large in ["x${104567890123456789}", "x${jsondecode(\"104567890123456789\")}"] {
        assert_eq!(super::subject_of(&format!("\"{large}\""), ""), ["x104567890123456789"]);
    }
    for yaml in ["a: 2024-01-05", "a: 2024-1-5 10:00:00", "2024-01-05: x", "- 2024-01-05"] {
        let found = super::subject_of(&format!("join(\",\", values(yamldecode(\"{yaml}\")))"), "");
        assert!(found[0].contains("yamldecode"), "{yaml}: {found:?}");
    }
}

#[test]
fn whether_a_file_that_was_not_loaded_is_there_is_not_known() {
    let of = |condition: &str| {
        let text = format!(
            "resource \"azuread_application_federated_identity_credential\" \"x\" {{\n  subject = {condition} ? \"yes\" : \"no\"\n}}\n"
        );
        let reading = read(&tree(&[("main.tf", &text), ("a.json", "{}")]), "main.tf");
        reading.drafts[0].subject.as_ref().unwrap().value.clone()
    };
    assert_eq!(of("fileexists(\"a.json\")").text(), Some("yes"));
    let unknown = of("fileexists(\"b.json\")");
    let [crate::trust::TextPart::Hole { reason, .. }] = unknown.parts.as_slice() else {
        panic!("{unknown:?}")
    };
    assert_eq!(reason, "whether b.json is there is not known");
}

#[test]
fn opentofu_reads_its_own_files_and_in_their_place_no_others() {
    let with = |subject: &str| {
        format!(
            "resource \"azuread_application_federated_identity_credential\" \"x\" {{\n  subject = \"{subject}\"\n}}\n"
        )
    };
    let (tofu, terraform) = (with("tofu"), with("terraform"));
    let tree = tree(&[
        ("main.tofu", tofu.as_str()),
        ("main.tf", terraform.as_str()),
        ("a/main.tofu", tofu.as_str()),
    ]);
    let reading = read_all(&tree);
    assert_eq!(subjects(&reading), ["tofu", "tofu"]);
    assert_eq!(reading.skipped[0].reason, "OpenTofu reads main.tofu in its place");
}

#[test]
fn rarer_functions_are_worked_out() {
    for (expression, found) in [
        (r#"basename("a/b.yaml")"#, "b.yaml"),
        (r#"basename("a/")"#, "a"),
        (r#"basename("")"#, "."),
        (r#"dirname("a/b/c")"#, "a/b"),
        (r#"dirname("a")"#, "."),
        (r#"join("", regexall("[a-c]", "a1b2"))"#, "ab"),
        (r#"regexall("(?P<k>.)=(.)", "a=1 b=2")[1].k"#, "b"),
        (r#"length(regexall("x", "abc"))"#, "0"),
        (r#"join("", setintersection(["b", "a"], ["a", "c", "b"], ["b"]))"#, "b"),
        (r#"index(["a", "b"], "b")"#, "1"),
        (
            r#""${alltrue([true, false])}${alltrue([])}${anytrue([false, true])}${anytrue([])}""#,
            "falsetruetruefalse",
        ),
        (r#"sum([1, 2.5])"#, "3.5"),
        (r#"join("", transpose({ x = ["r"], y = ["r", "s"] })["r"])"#, "xy"),
        (r#"join("", chunklist(["a", "b", "c"], 2)[1])"#, "c"),
        (r#"urlencode("a b/c~*é")"#, "a+b%2Fc~%2A%C3%A9"),
        (r#"ceil(1.2) + floor(1.8) + abs(-3)"#, "6"),
        (r#"base64decode(base64encode("x:y"))"#, "x:y"),
        (r#"substr("environment:dev", -3, 3)"#, "dev"),
        (r#"substr("abc", -2, -1)"#, "bc"),
    ] {
        assert_eq!(subject_of(expression, ""), [found], "{expression}");
    }
    for unknown in [
        r#"join("", setintersection(["a"], [var.v]))"#,
        r#"index([var.v, "b"], "b")"#,
        r#"alltrue([true, var.v])"#,
        r#"dirname("../a")"#,
        r#"index(["a"], "b")"#,
    ] {
        let [found] = subject_of(unknown, "variable \"v\" {}").try_into().unwrap();
        assert!(found.starts_with('{'), "{unknown}: {found}");
    }
}

#[test]
fn json_in_texts_is_read_with_its_unknown_pieces() {
    let variable = "variable \"v\" {}\n";
    for (expression, found) in [
        (r#"jsondecode("{\"a\": \"x:${var.v}:y\"}").a"#, "x:{var.v}:y"),
        (r#"jsondecode("[\"${var.v}\", \"${upper(var.v)}-${var.v}\"]")[1]"#, "{upper(var.v)}-{var.v}"),
        (r#"jsondecode("{\"a\": \"b\"}").a"#, "b"),
    ] {
        assert_eq!(subject_of(expression, variable), [found], "{expression}");
    }
    for unknown in [r#"jsondecode("{\"a\": ${var.v}}").a"#, r#"jsondecode("{\"${var.v}\": \"b\"}").a"#] {
        assert!(subject_of(unknown, variable)[0].starts_with('{'), "{unknown}");
    }
    let body = |text: &str| {
        let text = format!(
            "{variable}locals {{\n  body = \"{{}}\"\n}}\nresource \"azapi_resource\" \"x\" {{\n  type = \"Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2023-01-31\"\n  body = {text}\n}}\n"
        );
        subjects(&read(&tree(&[("main.tf", &text)]), "main.tf"))
    };
    assert_eq!(body("<<B\n{\"properties\": {\"subject\": \"s:${var.v}\"}}\nB\n"), ["s:{var.v}"]);
    assert!(body("\"${var.v}\"")[0].starts_with('{'));
    assert!(body("\"no json\"")[0].starts_with('{'));
}
