//! Tests of the ARM template reader: small templates and what they amount to.

use crate::{
    text::{Source, Tree},
    trust::{
        WriteOrder,
        read::{Reading, read},
    },
};

const SCHEMA: &str = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";
const TYPE: &str = "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials";

fn one(more: &str, resources: &str) -> Reading {
    let text = format!("{{\"$schema\":\"{SCHEMA}\",{more}\"resources\":{resources}}}");
    let mut tree = Tree::default();
    tree.insert(Source::new("azuredeploy.json", text));
    read(&tree, "azuredeploy.json")
}

fn subjects(reading: &Reading) -> Vec<String> {
    reading
        .drafts
        .iter()
        .map(|draft| draft.subject.as_ref().map(|s| s.value.to_string()).unwrap_or_default())
        .collect()
}

fn fic(name: &str, subject: &str, more: &str) -> String {
    format!(
        "{{\"type\":\"{TYPE}\",\"apiVersion\":\"2023-01-31\",\"name\":\"{name}\",{more}\"properties\":{{\"issuer\":\"https://i\",\"subject\":\"{subject}\",\"audiences\":[\"api://a\"]}}}}"
    )
}

#[test]
fn lists_that_a_copy_makes_are_worked_out() {
    let more = r#""parameters":{"envs":{"type":"array","defaultValue":["dev","prod"]}},"variables":{"copy":[{"name":"subjects","count":"[length(parameters('envs'))]",
        "input":"[concat('repo:o/r:environment:', parameters('envs')[copyIndex('subjects')])]"}]},"#;
    let resource = format!(
        r#"[{{"type":"{TYPE}","name":"[concat('mi/f', copyIndex())]","copy":{{"name":"c","count":"[length(variables('subjects'))]"}},"properties":{{"issuer":"https://i",
        "subject":"[variables('subjects')[copyIndex()]]","copy":[{{"name":"audiences","count":1,"input":"[concat('api://', variables('subjects')[copyIndex('audiences')])]"}}]}}}}]"#
    );
    let reading = one(more, &resource);
    assert_eq!(subjects(&reading), ["repo:o/r:environment:dev", "repo:o/r:environment:prod"]);
    assert_eq!(reading.drafts[1].audiences[0].value.to_string(), "api://repo:o/r:environment:dev");
    assert_eq!(reading.skipped, []);
}

#[test]
fn parameters_variables_and_functions_are_worked_out() {
    let more = "\"parameters\":{\"org\":{\"type\":\"string\",\"defaultValue\":\"octo\"},\"env\":{\"type\":\"string\"}},\"variables\":{\"repo\":\"[concat(parameters('org'), '/app')]\"},";
    let reading = one(
        more,
        &format!(
            "[{}]",
            fic(
                "[concat('mi', '/gh')]",
                "[format('repo:{0}:environment:{1}', variables('repo'), parameters('ENV'))]",
                ""
            )
        ),
    );
    assert_eq!(subjects(&reading), ["repo:octo/app:environment:{parameters('env')}"]);
    let draft = &reading.drafts[0];
    assert_eq!(draft.name.as_ref().unwrap().value.text(), Some("gh"));
    assert_eq!(draft.parent.as_ref().unwrap().value.text(), Some("mi"));
    assert_eq!(draft.audiences[0].value.text(), Some("api://a"));
}

#[test]
fn copy_loops_children_and_nested_templates_are_read() {
    let copied = fic(
        "[concat('mi/', parameters('envs')[copyIndex()])]",
        "[concat('repo:o/r:environment:', parameters('envs')[copyIndex()])]",
        "\"copy\":{\"name\":\"c\",\"count\":\"[length(parameters('envs'))]\",\"mode\":\"serial\"},",
    );
    let child = format!(
        "{{\"type\":\"Microsoft.ManagedIdentity/userAssignedIdentities\",\"name\":\"other\",\"location\":\"eastasia\",\"resources\":[{}]}}",
        fic("x", "child", "").replace(TYPE, "federatedIdentityCredentials")
    );
    let nested = format!(
        "{{\"type\":\"Microsoft.Resources/deployments\",\"name\":\"n\",\"properties\":{{\"expressionEvaluationOptions\":{{\"scope\":\"inner\"}},\"parameters\":{{\"s\":{{\"value\":\"[parameters('envs')[0]]\"}}}},\"template\":{{\"parameters\":{{\"s\":{{\"type\":\"string\"}}}},\"resources\":{{\"sym\":{}}}}}}}}}",
        fic("third/x", "[parameters('s')]", "")
    );
    let reading = one(
        "\"parameters\":{\"envs\":{\"type\":\"array\",\"defaultValue\":[\"dev\",\"prod\"]}},",
        &format!("[{copied},{child},{nested}]"),
    );
    assert_eq!(subjects(&reading), ["repo:o/r:environment:dev", "repo:o/r:environment:prod", "child", "dev"]);
    assert_eq!(reading.drafts[0].writing.order, WriteOrder::Serial);
    assert_eq!(reading.drafts[2].writing.region.as_ref().unwrap().value.text(), Some("eastasia"));
}

#[test]
fn depends_on_makes_writes_serial() {
    let order = |more: &str| {
        let resources = format!("[{},{}]", fic("mi/a", "a", ""), fic("mi/b", "b", more));
        one("", &resources).drafts.iter().map(|draft| draft.writing.order).collect::<Vec<_>>()
    };
    assert_eq!(order(""), [WriteOrder::Concurrent; 2]);
    let on = format!("\"dependsOn\":[\"[resourceId('{TYPE}', 'mi', 'a')]\"],");
    assert_eq!(order(&on), [WriteOrder::Serial; 2]);
}

#[test]
fn a_literal_is_placed_between_its_quotes_and_brackets_escape() {
    let reading = one("", &format!("[{}]", fic("mi/a", "[[literal]", "")));
    assert_eq!(subjects(&reading), ["[literal]"]);
    let reading = one("", &format!("[{}]", fic("mi/a", "repo:o/r:pull_request", "")));
    assert_eq!(reading.drafts[0].subject.as_ref().unwrap().place.text(), "repo:o/r:pull_request");
}

proptest::proptest! {
    #[test]
    fn any_expression_is_read_without_a_panic(expression in "[a-zé'(),.\\[\\] 0-9{}]{0,60}") {
        one("", &format!("[{}]", fic("mi/a", &format!("[{expression}]"), "")));
    }
}

#[test]
fn the_position_is_that_of_the_loop_that_is_named() {
    let copy = |name: &str| format!(r#""copy":{{"name":"{name}","count":2}},"#);
    let of = |subject: &str| subjects(&one("", &format!("[{}]", fic("mi/x", subject, &copy("Mine")))));
    assert_eq!(of("[copyIndex('mine', 5)]"), ["5", "6"]);
    assert_eq!(of("[copyIndex()]"), ["0", "1"]);
    let reading = one("", &format!("[{}]", fic("mi/x", "[concat('s', copyIndex('other'))]", &copy("mine"))));
    let subject = &reading.drafts[0].subject.as_ref().unwrap().value;
    let [_, crate::trust::TextPart::Hole { reason, place, .. }] = subject.parts.as_slice() else {
        panic!("{subject:?}")
    };
    assert_eq!((reason.as_str(), place.text()), ("it stands in no loop called other", "copyIndex('other')"));
    let alone = one("", &format!("[{}]", fic("mi/x", "[concat('s', copyIndex())]", "")));
    assert_eq!(subjects(&alone), ["s{copyIndex()}"]);
}

#[test]
fn a_nested_template_that_uses_the_names_around_it_uses_the_loop_around_it_too() {
    let inner = fic("mi/x", "[concat(variables('envs')[copyIndex('outer')], copyIndex())]", "");
    let deployment = |scope: &str, inner: &str| {
        format!(
            r#"[{{"type":"Microsoft.Resources/deployments","name":"d","copy":{{"name":"outer","count":"[length(variables('envs'))]"}},
            "properties":{{{scope}"template":{{"$schema":"{SCHEMA}","resources":[{inner}]}}}}}}]"#
        )
    };
    let more = r#""variables":{"envs":["dev","prod"]},"#;
    assert_eq!(subjects(&one(more, &deployment("", &inner))), ["dev0", "prod1"]);
    let counted = fic("mi/x", "[copyIndex('outer')]", r#""copy":{"name":"c","count":"[copyIndex()]"},"#);
    assert_eq!(subjects(&one(more, &deployment("", &counted))), ["1"]);
    let scope = r#""expressionEvaluationOptions":{"scope":"inner"},"#;
    let inner = fic("mi/x", "[concat('s', copyIndex('outer'))]", "");
    assert_eq!(subjects(&one(more, &deployment(scope, &inner)))[0], "s{copyIndex('outer')}");
}

#[test]
fn functions_of_the_template_and_functions_without_a_name_are_called() {
    let more = r#""parameters":{"env":{"type":"string","defaultValue":"outer"},"list":{"type":"array","defaultValue":["a","b","x"]}},
        "functions":[{"namespace":"fed","members":{"subject":{"parameters":[{"name":"Env","type":"string"}],
        "output":{"type":"string","value":"[concat('repo:o/r:environment:', parameters('env'))]"}}}}],"#;
    let of = |subject: &str| subjects(&one(more, &format!("[{}]", fic("mi/x", subject, "")))).join(" ");
    assert_eq!(of("[fed.subject('prod')]"), "repo:o/r:environment:prod");
    assert_eq!(of("[Fed.Subject(parameters('env'))]"), "repo:o/r:environment:outer");
    let kept = "filter(parameters('list'), lambda('one', not(equals(lambdaVariables('one'), 'x'))))";
    let marked = format!(
        "[join(map({kept}, lambda('l', 'i', concat(lambdaVariables('l'), lambdaVariables('i')))), '-')]"
    );
    assert_eq!(of(&marked), "a0-b1");
}

#[test]
fn a_parameter_that_may_be_null_is_null_where_nobody_gives_it() {
    let subject = "[coalesce(parameters('env'), 'none')]";
    for (kind, found) in [("\"nullable\":true,", "none"), ("\"nullable\":false,", "{parameters('env')}")] {
        let more = format!(r#""languageVersion":"2.0","parameters":{{"env":{{{kind}"type":"string"}}}},"#);
        let found_here = subjects(&one(&more, &format!("{{\"x\":{}}}", fic("mi/x", subject, ""))));
        assert_eq!(found_here[0] == "none", found == "none", "{kind}: {found_here:?}");
    }
}

#[test]
fn a_linked_template_of_these_files_is_read_as_it_is_used() {
    let file =
        |resource: &str, more: &str| format!("{{\"$schema\":\"{SCHEMA}\",{more}\"resources\":[{resource}]}}");
    let link = r#"{"type":"Microsoft.Resources/deployments","name":"d","properties":{"templateLink":{"relativePath":"nested/fic.json"},"parameters":{"env":{"value":"prod"}}}}"#;
    let inner = fic("mi/x", "[parameters('env')]", "");
    let mut tree = Tree::default();
    tree.insert(Source::new("infra/main.json", file(link, "")));
    tree.insert(Source::new(
        "infra/nested/fic.json",
        file(&inner, r#""parameters":{"env":{"type":"string"}},"#),
    ));
    assert_eq!(subjects(&crate::trust::read::read_all(&tree)), ["prod"]);
}

#[test]
fn members_ignore_case() {
    let more = r#""variables":{"o":{"Env":"prod","env2":"x","ENV2":"y"}},"#;
    let of = |subject: &str| subjects(&one(more, &format!("[{}]", fic("mi/x", subject, ""))));
    assert_eq!(of("[concat(variables('O').env, variables('o')['ENV2'], variables('o').env2)]"), ["prodyx"]);
}
