//! Tests of the Bicep reader: small files and what they amount to.

use crate::{
    text::{Source, Tree},
    trust::{
        Home, WriteOrder,
        read::{Reading, read, read_all},
    },
};

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

fn one(text: &str) -> Reading {
    read(&tree(&[("infra/main.bicep", text)]), "infra/main.bicep")
}

const TYPE: &str =
    "'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2023-01-31'";

/// The subjects of one credential whose subject is `expression`, after `more` statements.
fn subject_of(expression: &str, more: &str) -> Vec<String> {
    subjects(&one(&format!(
        "{more}\nresource fic {TYPE} = {{\n  name: 'mi/fic'\n  properties: {{\n    issuer: 'https://i'\n    subject: {expression}\n    audiences: ['api://a']\n  }}\n}}\n"
    )))
}

#[test]
fn nested_children_loops_and_interpolation_are_read() {
    let text = "param org string = 'octo'\nparam envs array = ['dev', 'prod']\nresource mi 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {\n  name: 'demo-mi'\n  location: 'westeurope'\n  resource main 'federatedIdentityCredentials' = {\n    name: 'main'\n    properties: {\n      issuer: 'https://i'\n      subject: 'repo:${org}/demo:ref:refs/heads/main'\n      audiences: ['api://a']\n    }\n  }\n}\nresource fic 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2023-01-31' = [for e in envs: {\n  parent: mi\n  name: 'gh-${e}'\n  properties: {\n    issuer: 'https://i'\n    subject: 'repo:${org}/demo:environment:${e}'\n    audiences: [\n      'api://a'\n    ]\n  }\n}]\n";
    let reading = one(text);
    let mut found = subjects(&reading);
    found.sort();
    assert_eq!(
        found,
        [
            "repo:octo/demo:environment:dev",
            "repo:octo/demo:environment:prod",
            "repo:octo/demo:ref:refs/heads/main"
        ]
    );
    for draft in &reading.drafts {
        assert_eq!(draft.parent.as_ref().unwrap().value.text(), Some("infra/main.bicep#mi"));
        assert_eq!(draft.writing.region.as_ref().unwrap().value.text(), Some("westeurope"));
        assert_eq!(draft.writing.order, WriteOrder::Concurrent);
        assert_eq!(draft.audiences.len(), 1);
    }
    assert_eq!(reading.drafts[0].home, Home::ManagedIdentity);
}

#[test]
fn literals_are_placed_between_their_quotes() {
    let text = format!(
        "resource fic {TYPE} = {{\n  name: 'mi/fic'\n  properties: {{\n    subject: 'repo:o/r:pull_request'\n  }}\n}}\n"
    );
    let reading = one(&text);
    let draft = &reading.drafts[0];
    assert_eq!(draft.subject.as_ref().unwrap().place.text(), "repo:o/r:pull_request");
    assert_eq!(draft.name.as_ref().unwrap().value.text(), Some("fic"));
    assert_eq!(draft.parent.as_ref().unwrap().value.text(), Some("mi"));
}

#[test]
fn functions_and_operators_are_worked_out() {
    let more = "param e string = 'Dev'\nvar l = [\n  'b'\n  'a'\n]\nvar m = {\n  x: { n: '1' }\n  'y-z': 2\n}\nfunc greet(who string) string => 'hi ${who}'";
    for (expression, subject) in [
        ("'repo:${toLower('O')}/r'", "repo:o/r"),
        ("format('repo:{0}/{1}', 'o', m.x.n)", "repo:o/1"),
        ("concat('a', l[1])", "aa"),
        ("e == 'Dev' ? 'yes' : 'no'", "yes"),
        ("e == 'x'\n      ? 'yes'\n      : 'no'", "no"),
        ("join(map(l, x => '${x}!'), ',')", "b!,a!"),
        ("replace('a/b', '/', '-')", "a-b"),
        ("m.?q ?? 'none'", "none"),
        ("'''raw ${x}'''", "raw ${x}"),
        ("'it\\'s ${'a'}'", "it's a"),
        ("greet('you')", "hi you"),
        ("string(m['y-z'])", "2"),
        ("last(split('o/r', '/'))", "r"),
        ("union({ a: 'b' }, { a: 'c' }).a", "c"),
        ("empty(l) || contains(l, 'a') ? 'in' : 'out'", "in"),
    ] {
        assert_eq!(subject_of(expression, more), [subject], "{expression}");
    }
}

#[test]
fn what_is_not_known_is_a_hole_with_its_reason() {
    let more = "param env string\nparam what { a: string }";
    for (expression, subject) in [
        ("'repo:o/r:environment:${env}'", "repo:o/r:environment:{env}"),
        ("what.a", "{what.a}"),
        ("resourceGroup().name", "{resourceGroup().name}"),
        ("mystery('x')", "{mystery('x')}"),
    ] {
        assert_eq!(subject_of(expression, more), [subject], "{expression}");
    }
}

#[test]
fn the_registry_module_of_an_identity_is_handed_its_credentials() {
    let main = "module id 'br/public:avm/res/managed-identity/user-assigned-identity:0.4.1' = {\n  name: 'id'\n  params: {\n    name: 'id'\n    federatedIdentityCredentials: [for env in ['dev', 'prod']: {\n      name: 'gh-${env}'\n      issuer: 'https://i'\n      subject: 'repo:o/r:environment:${env}'\n      audiences: ['api://a']\n    }]\n  }\n}\n";
    let reading = read_all(&tree(&[("main.bicep", main)]));
    assert_eq!(subjects(&reading), ["repo:o/r:environment:dev", "repo:o/r:environment:prod"]);
}

#[test]
fn a_module_counts_as_often_as_it_is_used() {
    let fic = format!(
        "param env string\nparam id string = 'mi'\nresource fic {TYPE} = {{\n  name: '${{id}}/gh'\n  properties: {{\n    subject: 'repo:o/r:environment:${{env}}'\n  }}\n}}\n"
    );
    let main = "module fics './modules/fic.bicep' = [for env in ['dev', 'prod']: {\n  name: 'fic-${env}'\n  params: {\n    env: env\n  }\n}]\n";
    let tree = tree(&[("infra/main.bicep", main), ("infra/modules/fic.bicep", &fic)]);
    let wanted = ["repo:o/r:environment:dev", "repo:o/r:environment:prod"];
    assert_eq!(subjects(&read(&tree, "infra/main.bicep")), wanted);
    assert_eq!(subjects(&read(&tree, "infra/modules/fic.bicep")), wanted);
    assert_eq!(subjects(&read_all(&tree)), wanted);
}

#[test]
fn parameter_files_stand_for_one_deployment_each() {
    let main = format!(
        "param env string\nparam org string = 'o'\nresource fic {TYPE} = {{\n  name: 'mi/gh'\n  properties: {{\n    subject: 'repo:${{org}}/r:environment:${{env}}'\n  }}\n}}\n"
    );
    let tree = tree(&[
        ("main.bicep", &main),
        ("dev.bicepparam", "using './main.bicep'\n\nparam env = toLower('DEV')\n"),
        (
            "params/prod.json",
            "{\"$schema\":\"https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#\",\"parameters\":{\"env\":{\"value\":\"prod\"}}}",
        ),
    ]);
    assert_eq!(
        subjects(&read(&tree, "main.bicep")),
        ["repo:o/r:environment:dev", "repo:o/r:environment:prod"]
    );
}

#[test]
fn the_order_of_writes_is_told() {
    let fic = |symbol: &str, more: &str| {
        format!(
            "resource {symbol} {TYPE} = {{\n  name: 'mi/{symbol}'\n  properties: {{ subject: '{symbol}' }}\n{more}}}\n"
        )
    };
    let order = |text: &str| one(text).drafts.iter().map(|draft| draft.writing.order).collect::<Vec<_>>();
    assert_eq!(order(&fic("a", "")), [WriteOrder::Serial]);
    assert_eq!(order(&format!("{}{}", fic("a", ""), fic("b", ""))), [WriteOrder::Concurrent; 2]);
    assert_eq!(
        order(&format!("{}{}", fic("a", ""), fic("b", "  dependsOn: [a]\n"))),
        [WriteOrder::Serial; 2]
    );
    let repeated = format!("resource a {TYPE} = [for e in ['x', 'y']: {{\n  name: 'mi/${{e}}'\n}}]\n");
    assert_eq!(order(&repeated), [WriteOrder::Concurrent; 2]);
    assert_eq!(order(&format!("@batchSize(1)\n{repeated}")), [WriteOrder::Serial; 2]);
}

#[test]
fn the_graph_extension_makes_credentials_of_applications() {
    let text = "extension microsoftGraphV1\nresource app 'Microsoft.Graph/applications@v1.0' = {\n  uniqueName: 'my-app'\n  displayName: 'x'\n  resource fic 'federatedIdentityCredentials' = {\n    name: '${app.uniqueName}/main'\n    audiences: ['api://a']\n    issuer: 'https://i'\n    subject: 'repo:o/r:pull_request'\n  }\n}\n";
    let reading = one(text);
    let draft = &reading.drafts[0];
    assert_eq!((draft.home, draft.name.as_ref().unwrap().value.text()), (Home::Application, Some("main")));
    assert_eq!(subjects(&reading), ["repo:o/r:pull_request"]);
}

#[test]
fn what_grows_without_end_is_a_hole() {
    let steps = |first: &str, step: &dyn Fn(usize) -> String| -> String {
        let steps: String = (0..60).map(|at| format!("var a{} = {}\n", at + 1, step(at))).collect();
        format!("var a0 = {first}\n{steps}")
    };
    let long = format!("var a = '{}'", "a".repeat(2000));
    for (expression, more) in [
        ("a40", steps("'ab'", &|at| format!("'${{a{at}}}${{a{at}}}'"))),
        ("a40", steps("'ab'", &|at| format!("concat(a{at}, a{at})"))),
        ("join(a30, '')", steps("['a']", &|at| format!("concat(a{at}, a{at})"))),
        ("string(a30)", steps("['a']", &|at| format!("[a{at}, a{at}]"))),
        ("replace(replace(a, 'a', a), 'a', a)", long.clone()),
        ("join(split(a, 'a'), a)", long),
        ("join(range(0, 1000000000), '')", String::new()),
        ("join(reduce(range(0, 1000), ['a'], (sum, next) => concat(sum, sum)), '')", String::new()),
    ] {
        let found = subject_of(expression, &more);
        assert!(found[0].starts_with('{'), "{expression}: {:.200}", found[0]);
    }
}

#[test]
fn a_loop_of_more_turns_than_are_gone_through_is_one_with_holes() {
    let text = format!(
        "resource fic {TYPE} = [for i in range(0, 1000000000): {{\n  name: 'mi/n${{i}}'\n  properties: {{\n    subject: 's${{i}}'\n  }}\n}}]\n"
    );
    assert_eq!(subjects(&one(&text)), ["s{i}"]);
}

#[test]
fn modules_that_multiply_are_given_up_and_said_so() {
    let calls =
        |to: usize| -> String { (0..20).map(|at| format!("module m{at} 'm{to}.bicep' = {{}}\n")).collect() };
    let last =
        format!("resource fic {TYPE} = {{\n  name: 'mi/n'\n  properties: {{\n    subject: 's'\n  }}\n}}\n");
    let mut files: Vec<(String, String)> = (0..7).map(|at| (format!("m{at}.bicep"), calls(at + 1))).collect();
    files.push(("m7.bicep".to_owned(), last));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let reading = read(&tree(&files), "m0.bicep");
    assert!(
        reading.skipped.iter().any(|skipped| skipped.reason.contains("more than is worked out")),
        "{:?}",
        reading.skipped
    );
}

#[test]
fn deep_nesting_is_told() {
    for opening in ["(", "[", "{ a: ", "!", "f(", "'${"] {
        let reading = one(&format!("resource a {TYPE} = {}", opening.repeat(200)));
        let told = |text: &str| reading.skipped.iter().any(|skipped| skipped.reason.contains(text));
        assert!(told("nested too deeply"), "{opening}: {:?}", reading.skipped);
    }
}

#[test]
fn a_text_is_padded_to_its_width_or_not_at_all() {
    assert_eq!(subject_of("'a${length(padLeft('a', 200))}'", ""), ["a200"]);
    assert_eq!(subject_of("'a${length(padLeft('a', 201))}'", ""), ["a{length(padLeft('a', 201))}"]);
}

#[test]
fn modules_that_lie_too_deep_are_told() {
    let mut files: Vec<(String, String)> = (0..12)
        .map(|at| (format!("m{at}.bicep"), format!("module m 'm{}.bicep' = {{}}\n", at + 1)))
        .collect();
    let last = format!("resource fic {TYPE} = {{\n  name: 'mi/fic'\n  properties: {{ subject: 's' }}\n}}\n");
    files.push(("m12.bicep".to_owned(), last));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let reading = read_all(&tree(&files));
    let told: Vec<&str> = reading.skipped.iter().map(|skipped| skipped.reason.as_str()).collect();
    assert_eq!(told, ["module m lies deeper than is followed; its credentials may be missing"]);
}

#[test]
fn unknown_statements_and_types_are_passed_over() {
    let text = format!(
        "targetScope = 'resourceGroup'\nmetadata x = {{ a: 'b' }}\nimport {{ foo }} from 'x.bicep'\ntype t = {{\n  a: 'x' | 'y'\n}}\n@description('''multi\nline''')\n@allowed([\n  'a'\n])\nparam p 'a' | 'b' = 'a'\nparam q resourceInput<'Microsoft.Storage/storageAccounts@2023-01-01'>.properties\n// comment 'with quote\n/* another */\nresource fic {TYPE} = if (p == 'a') {{\n  name: 'mi/x'\n  properties: {{ subject: 's-${{p}}' }}\n}}\n"
    );
    assert_eq!(subjects(&one(&text)), ["s-a"]);
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_without_a_panic_and_places_lie_inside(text in "(resource fic 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@1' = )?[a-z'${}()\\[\\]@:?= <>!&|+/\n.,é-]{0,80}") {
        let reading = one(&format!("{text}\n// federatedIdentityCredentials"));
        for draft in reading.drafts {
            proptest::prop_assert!(draft.place.span.end <= draft.place.source.text().len());
        }
    }
}

mod language;
