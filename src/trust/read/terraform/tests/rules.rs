//! Tests of Terraform's rules about names, values and files, where a reader could take the wrong one.

use super::{read, read_all, subject_of, subjects, tree};

const CREDENTIAL: &str =
    "resource \"azuread_application_federated_identity_credential\" \"x\" {\n  subject = SUBJECT\n}\n";

#[test]
fn a_function_of_a_provider_is_none_of_terraforms_own() {
    assert_eq!(subject_of("core::lower(\"A\")", ""), ["a"]);
    let [unknown] = subject_of("provider::acme::lower(\"A\")", "").try_into().unwrap();
    assert_eq!(unknown, "{provider::acme::lower(\"A\")}");
}

#[test]
fn an_index_behind_the_old_splat_is_one_of_the_list() {
    let local = "locals {\n  all = [{ n = [\"a\", \"b\"] }, { n = [\"c\", \"d\"] }]\n}";
    assert_eq!(subject_of("join(\"\", local.all.*.n[1])", local), ["cd"]);
    assert_eq!(subject_of("join(\"\", local.all[*].n[1])", local), ["bd"]);
}

#[test]
fn null_for_a_variable_that_is_never_null_is_its_default() {
    for (nullable, found) in [("nullable = false", "d"), ("nullable = true", "null"), ("", "null")] {
        let inner = format!(
            "variable \"v\" {{\n  default = \"d\"\n  {nullable}\n}}\n{}",
            CREDENTIAL.replace("SUBJECT", "var.v == null ? \"null\" : var.v")
        );
        let files =
            [("main.tf", "module \"m\" {\n  source = \"./m\"\n  v = null\n}\n"), ("m/main.tf", &inner)];
        let subject = subjects(&read_all(&tree(&files)));
        assert_eq!(subject, [found], "{nullable}");
    }
}

#[test]
fn an_attribute_that_the_type_of_a_variable_does_not_name_is_left_out() {
    let variable =
        "variable \"v\" {\n  type = object({ a = string })\n  default = { a = \"1\", b = \"2\" }\n}";
    assert_eq!(subject_of("join(\",\", keys(var.v))", variable), ["a"]);
}

#[test]
fn variable_files_are_loaded_in_terraforms_order() {
    let main = format!("variable \"v\" {{}}\n{}", CREDENTIAL.replace("SUBJECT", "var.v"));
    let all = [
        ("terraform.tfvars", "v = \"1\""),
        ("terraform.tfvars.json", r#"{"v": "2"}"#),
        ("a.auto.tfvars", "v = \"3\""),
        ("z.auto.tfvars.json", r#"{"v": "4"}"#),
    ];
    for count in 1..=all.len() {
        let files = [&[("main.tf", main.as_str())], all.split_at(count).0].concat();
        assert_eq!(subjects(&read(&tree(&files), "main.tf")), [count.to_string()]);
    }
}

#[test]
fn a_path_starts_where_terraform_runs_or_at_the_module() {
    let main = |path: &str| CREDENTIAL.replace("SUBJECT", &format!("file(\"{path}\")"));
    let call = "module \"m\" {\n  source = \"./m\"\n}\n";
    for (path, found) in [
        ("${path.root}/a.csv", "root"),
        ("${path.module}/a.csv", "module"),
        ("a.csv", "root"),
        ("./a.csv", "root"),
        ("${path.module}/../a.csv", "root"),
    ] {
        for root in ["", "infra/"] {
            let at = |path: &str| format!("{root}{path}");
            let (files, inner) = ([at("main.tf"), at("m/main.tf"), at("a.csv"), at("m/a.csv")], main(path));
            let texts = [call, &inner, "root", "module"];
            let mut all: Vec<(&str, &str)> = files.iter().map(String::as_str).zip(texts).collect();
            all.extend([("a.csv", "elsewhere")].iter().filter(|_| !root.is_empty()));
            assert_eq!(subjects(&read_all(&tree(&all))), [found], "{path} in {root}");
        }
    }
    assert_eq!(subject_of("path.cwd", ""), ["{path.cwd}"]);
}
#[test]
fn a_module_whose_only_call_makes_no_copy_makes_nothing() {
    let inner = format!("variable \"v\" {{}}\n{}", CREDENTIAL.replace("SUBJECT", "var.v"));
    let outer = "module \"inner\" {\n  source = \"../inner\"\n  v = \"a\"\n}\n";
    for (count, found) in [("0", None), ("1", Some("a")), ("var.unknown", Some("a"))] {
        let main = format!(
            "variable \"unknown\" {{}}\nmodule \"outer\" {{\n  source = \"./outer\"\n  count = {count}\n}}\n"
        );
        let files = [("main.tf", main.as_str()), ("outer/main.tf", outer), ("inner/main.tf", &inner)];
        let reading = read_all(&tree(&files));
        assert_eq!(subjects(&reading), found.into_iter().collect::<Vec<_>>(), "{count}");
        let told: Vec<&str> = reading.skipped.iter().map(|skipped| skipped.reason.as_str()).collect();
        let reason = "azuread_application_federated_identity_credential.x has no copy: no call of its module makes one";
        assert_eq!(told, if found.is_none() { vec![reason] } else { vec![] });
    }
}

#[test]
fn a_hidden_file_is_none_of_the_module() {
    let text = CREDENTIAL.replace("SUBJECT", "local.s");
    let files = [("main.tf", text.as_str()), (".x.tf", "locals {\n  s = \"hidden\"\n}\n"), (".y.tf", &text)];
    assert_eq!(subjects(&read_all(&tree(&files))), ["{local.s}"]);
}
