//! Tests of what else Bicep's language has: imports, multi-line texts, nullable parameters, functions, outputs of loops.

use super::{TYPE, read, read_all, subject_of, subjects, tree};

fn fic(subject: &str) -> String {
    format!(
        "resource fic {TYPE} = {{\n  name: 'mi/fic'\n  properties: {{\n    issuer: 'https://i'\n    subject: {subject}\n    audiences: ['api://a']\n  }}\n}}\n"
    )
}

#[test]
fn variables_and_functions_of_other_files_are_imported() {
    let shared = "import { last } from 'more/last.bicep'\nvar hidden = 'h'\n@export()\nvar repo = 'o/${hidden}'\n@export()\nfunc sub(env string) string => 'repo:${repo}:environment:${env}${last}'\n";
    for (import, subject, found) in [
        ("import { repo } from 'shared.bicep'", "repo", "o/h"),
        (
            "import {\n  sub as make\n  repo\n} from './shared.bicep'",
            "make(repo)",
            "repo:o/h:environment:o/h!",
        ),
        ("import * as all from 'shared.bicep'", "all.sub('prod')", "repo:o/h:environment:prod!"),
        ("import * as all from 'shared.bicep'", "'${all.repo}-x'", "o/h-x"),
        ("import { repo } from 'none.bicep'", "repo", "{repo}"),
        ("import { other } from 'shared.bicep'", "other", "{other}"),
    ] {
        let main = format!("{import}\n{}", fic(subject));
        let last = "@export()\nvar last = '!'\n";
        let files = [("main.bicep", main.as_str()), ("shared.bicep", shared), ("more/last.bicep", last)];
        assert_eq!(subjects(&read(&tree(&files), "main.bicep")), [found], "{import}");
    }
    let main = format!("param repo string\n{}", fic("repo"));
    let renamed =
        "using 'main.bicep'\nimport { repo as theirs } from 'shared.bicep'\nparam repo = '${theirs}!'\n";
    let last = "@export()\nvar last = '!'\n";
    let files = [
        ("main.bicep", main.as_str()),
        ("a.bicepparam", renamed),
        ("shared.bicep", shared),
        ("more/last.bicep", last),
    ];
    assert_eq!(subjects(&read_all(&tree(&files))), ["o/h!"]);
}

#[test]
fn multi_line_texts_with_dollars_are_filled() {
    let more = "var env = 'prod'";
    for (text, found) in [
        ("'''a:${env}'''", "a:${env}"),
        ("$'''a:${env}'''", "a:prod"),
        ("$'''\n${env}\n$x'''", "prod\n$x"),
        ("$$'''$${env}-${env}'''", "prod-${env}"),
    ] {
        assert_eq!(subject_of(text, more), [found], "{text}");
    }
}

#[test]
fn a_parameter_whose_type_may_be_null_is_null_where_nobody_gives_it() {
    let expression = "p == null ? 'none' : 'given'";
    assert_eq!(subject_of(expression, "param p string? // why?"), ["none"]);
    assert_eq!(subject_of(expression, "param p { a: string? }?"), ["none"]);
    assert_eq!(subject_of(expression, "param p string? = 'x'"), ["given"]);
    assert!(subject_of(expression, "param p string // or null?")[0].starts_with('{'));
}

#[test]
fn functions_of_texts_lists_and_numbers_are_worked_out() {
    for (expression, found) in [
        ("'${take('abc', 2)}${skip('abc', 2)}${first('xy')}${last('xy')}${first('')}'", "abcxy"),
        ("'${take(['a', 'b'], 1)[0]}${skip(['a', 'b'], 1)[0]}${first(['c'])}${last(['c', 'd'])}'", "abcd"),
        ("'${indexOf('aBc', 'bC')}${lastIndexOf('a/b/c', '/')}${indexOf('a', 'x')}'", "13-1"),
        ("'${min(3, 1, 2)}${max([4, 9])}'", "19"),
        ("join(intersection(['x', 'y', 'z'], ['z', 'y'], ['y']), '')", "y"),
        ("uriComponent('a b/c~*')", "a%20b%2Fc~%2A"),
        ("base64ToString(base64('a:b'))", "a:b"),
        ("base64ToJson(base64('{\"a\": \"b\"}')).a", "b"),
        ("mapValues({ a: 'x' }, v => '${v}!').a", "x!"),
        ("join(groupBy(['ab', 'c', 'ad'], s => first(s)).a, '+')", "ab+ad"),
    ] {
        assert_eq!(subject_of(expression, ""), [found], "{expression}");
    }
    for expression in ["intersection({ a: 1 }, { a: 1 }) ?? 'x'", "indexOf(['a'], 'a')"] {
        assert!(subject_of(expression, "")[0].starts_with('{'), "{expression}");
    }
}

#[test]
fn files_are_loaded_as_yaml_and_in_part() {
    for (expression, found) in [
        ("loadYamlContent('a.yaml').envs[1]", Some("prod")),
        ("loadYamlContent('odd.yaml').a", None),
        ("loadJsonContent('a.json', '$.a.b')", Some("c")),
        ("loadJsonContent('a.json', 'a.b')", Some("c")),
        ("loadJsonContent('a.json', '$.a[?(@.b)]')", None),
        ("loadJsonContent('a.json').a.b", Some("c")),
    ] {
        let main = fic(expression);
        let files = [
            ("main.bicep", main.as_str()),
            ("a.yaml", "envs: [dev, prod]\n"),
            ("odd.yaml", "a: yes\n"),
            ("a.json", r#"{"a": {"b": "c"}}"#),
        ];
        let [subject] = subjects(&read(&tree(&files), "main.bicep")).try_into().unwrap();
        assert_eq!(Some(subject.as_str()).filter(|text| !text.starts_with('{')), found, "{expression}");
    }
}

#[test]
fn an_output_of_a_module_in_a_loop_is_that_of_its_turn() {
    let module = "param env string\noutput name string = 'id-${env}'\n";
    let main = format!(
        "var envs = ['dev', 'prod']\nmodule ids 'id.bicep' = [for e in envs: {{\n  params: {{ env: e }}\n}}]\n{}",
        fic("'${ids[0].outputs.name}${ids[1].outputs.name}'")
    );
    let reading = read(&tree(&[("main.bicep", main.as_str()), ("id.bicep", module)]), "main.bicep");
    assert_eq!(subjects(&reading), ["id-devid-prod"]);
}

#[test]
fn how_a_boolean_is_written_within_a_text_is_not_guessed() {
    let more = "param on bool = true\nvar flags = [on]";
    for expression in
        ["'env-${on}'", "format('env-{0}', on)", "concat('env-', on)", "join(flags, '-')", "string(on)"]
    {
        let found = subject_of(expression, more);
        assert!(found.len() == 1 && !found[0].to_lowercase().contains("true"), "{expression}: {found:?}");
    }
    assert_eq!(subject_of("on ? 'env-a' : 'env-b'", more), ["env-a"]);
}
