//! No text breaks the readers of YAML, workflows and expressions: there is a value or one error with a place inside the text, and no
//! workflow takes all time or memory.

use fedcred::{
    id::SubjectShape,
    issuer::github::Prefix,
    text::{Place, Source, Span, Tree},
    workflow::{
        Workflow,
        expression::{Context, Scope, Status, Template, condition, evaluate, template},
        project::Project,
        reach::{Entry, Facts, Wanted, entries},
    },
    yaml::{Node, Options, read},
};
use proptest::prelude::*;

/// Texts of pieces that mean something to the reader, so that most of them get far.
fn texts(pieces: &'static [&'static str]) -> impl Strategy<Value = String> {
    let piece = prop_oneof![9 => prop::sample::select(pieces).prop_map(str::to_owned), 1 => ".{0,3}"];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

const YAML: &[&str] = &[
    "a: ",
    "on: push\n",
    "jobs:\n",
    "  b:\n",
    "    ",
    "- ",
    "\n",
    "\n  ",
    "[",
    "]",
    "{",
    "}",
    ", ",
    "'",
    "\"",
    "|\n",
    ">-\n",
    "&x ",
    "*x",
    "!!str ",
    "!!int ",
    "!y ",
    "# c\n",
    "é",
    "\u{feff}",
    "---\n",
    "...\n",
    "? ",
    ": ",
    "\\",
    "\t",
    "<<: ",
    "~",
    "runs-on: x\n",
    "permissions: ",
    "branches: ",
    "needs: b\n",
    "steps:\n",
    "uses: a/b@c\n",
    "%YAML 1.2\n",
    "\r\n",
];

const EXPRESSION: &[&str] = &[
    "${{ ",
    " }}",
    "github",
    ".ref",
    "[",
    "]",
    "(",
    ")",
    " && ",
    " || ",
    "!",
    " == ",
    " != ",
    " < ",
    "'a'",
    "'",
    "''",
    "1",
    "-",
    ".5",
    "0x1",
    "true",
    "null",
    "NaN",
    ", ",
    "contains(",
    "format('{0}', ",
    "fromJSON('[1]')",
    "toJSON(",
    "join(",
    "case(",
    "startsWith(github.ref, 'refs/')",
    ".*",
    "[*]",
    "{",
    "}",
    "é",
    "success()",
    "vars.A",
    "inputs['x']",
    " ",
];

fn walk(node: &Node) {
    inside(&node.place());
    inside(&node.used_at());
    node.items().iter().for_each(walk);
    for entry in node.entries() {
        walk(&entry.key);
        walk(&entry.value);
    }
}

fn inside(place: &Place) {
    let Span { start, end } = place.span;
    assert!(place.source.text().get(start..end).is_some(), "{start}..{end} of {:?}", place.source.text());
}

proptest! {
    #[test]
    fn yaml_is_a_tree_or_one_error(text in texts(YAML)) {
        let source = Source::new("any.yml", text);
        match read(&source, &Options::workflow()) {
            Ok(document) => {
                walk(&document.root);
                document.comments.iter().for_each(|comment| assert!(comment.place.text().starts_with('#')));
            }
            Err(error) => inside(&error.place),
        }
        if let Err(error) = Workflow::parse(&source) {
            inside(&error.place);
        }
    }

    #[test]
    fn an_expression_is_a_tree_or_one_error(text in texts(EXPRESSION)) {
        let within = |span: Span| assert!(text.get(span.start..span.end).is_some(), "{span:?} of {text:?}");
        let context = Context { status: Some(Status::Success), ..Context::default() };
        match template(&text, &Scope::ANY) {
            Ok(Template::Literal(_)) => {}
            Ok(Template::Expression(expr)) => within(expr.span),
            Err(error) => within(error.span),
        }
        match condition(&text, &Scope::ANY) {
            Ok(expr) => {
                within(expr.span);
                if let Err(error) = evaluate(&expr, &context) {
                    within(error.span);
                }
            }
            Err(error) => within(error.span),
        }
    }
}

const HEAD: &str = "on: push\npermissions: {id-token: write}\njobs:\n";
const STEPS: &str = "    runs-on: x\n    steps: [{uses: azure/login@v2, with: {client-id: a}}]\n";

fn previewed(files: &[(&str, &str)]) -> Vec<Entry> {
    let mut tree = Tree::default();
    files.iter().for_each(|(path, text)| tree.insert(Source::new(*path, *text)));
    let project = Project::read(tree);
    assert_eq!(project.errors().next(), None);
    entries(&project, &Facts::new("repo:o/r".parse::<Prefix>().unwrap()), &Wanted::default())
}

/// The subjects of one job that signs in, with these lines.
fn subjects_of_job(lines: &str) -> Vec<String> {
    let text = format!("{HEAD}  j:\n{lines}\n{STEPS}");
    previewed(&[(".github/workflows/w.yml", &text)]).iter().map(|entry| entry.shape.to_string()).collect()
}

#[test]
fn a_matrix_larger_than_github_runs_is_not_worked_out_row_by_row() {
    let vector = |length: usize| format!("{:?}", (0..length).collect::<Vec<_>>());
    let vectors: String = (0..9).map(|at| format!("a{at}: {}, ", vector(200))).collect();
    let environment = "    environment: ${{ matrix.a0 }}";
    assert_eq!(
        subjects_of_job(&format!("    strategy: {{matrix: {{{vectors}}}}}\n{environment}")),
        ["repo:o/r:environment:{matrix.a0}"]
    );
    let one = format!("    strategy: {{matrix: {{a0: {}}}}}\n{environment}", vector(256));
    assert_eq!(subjects_of_job(&one).len(), 256);
}

#[test]
fn an_expression_that_grows_without_end_is_a_hole() {
    for inner in ["'aaaaaaaa'", "vars.A", "github.ref_name"] {
        let nested = format!("{}{inner}{}", "format('{0}{0}{0}', ".repeat(24), ")".repeat(24));
        let subjects = subjects_of_job(&format!("    environment: ${{{{ {nested} }}}}"));
        assert!(!subjects.is_empty() && subjects.iter().all(|subject| subject.contains('{')), "{inner}");
    }
    let jobs: String = (1..60)
        .map(|at| {
            let twice = format!("${{{{ needs.j{0}.outputs.a }}}}", at - 1).repeat(2);
            format!("  j{at}: {{needs: [j{}], runs-on: x, steps: [], outputs: {{a: '{twice}'}}}}\n", at - 1)
        })
        .collect();
    let text = format!(
        "{HEAD}  j0: {{runs-on: x, steps: [], outputs: {{a: x}}}}\n{jobs}  j:\n    needs: [j59]\n    environment: ${{{{ needs.j59.outputs.a }}}}\n{STEPS}"
    );
    let entries = previewed(&[(".github/workflows/w.yml", &text)]);
    assert!(
        entries.iter().all(|entry| matches!(entry.shape, SubjectShape::Unknown(_))) && !entries.is_empty()
    );
}

#[test]
fn calls_and_composite_actions_that_multiply_still_may_ask_for_a_token() {
    let call = |to: usize| -> String {
        (0..6).map(|at| format!("  j{at}: {{uses: ./.github/workflows/w{to}.yml}}\n")).collect()
    };
    let on = HEAD.replace("on: push", "on: {push: , workflow_call: }");
    let mut files: Vec<(String, String)> =
        (0..9).map(|at| (format!(".github/workflows/w{at}.yml"), format!("{on}{}", call(at + 1)))).collect();
    files.push((".github/workflows/w9.yml".into(), format!("{on}  j:\n{STEPS}")));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    assert!(!previewed(&files).is_empty());

    let action = format!("runs:\n  using: composite\n  steps:\n{}", "    - uses: ./a\n".repeat(10));
    let login = format!("{action}    - uses: azure/login@v2\n      with: {{client-id: a}}\n");
    let job = format!("{HEAD}  j: {{runs-on: x, steps: [{{uses: ./a}}]}}\n");
    assert!(!previewed(&[(".github/workflows/w.yml", &job), ("a/action.yml", &login)]).is_empty());
}

#[test]
fn filters_of_many_names_and_needs_in_a_long_row_are_followed_to_an_end() {
    let names: String = (0..3_000).map(|at| format!("'b{at}*', ")).collect();
    let text =
        format!("{}  j:\n{STEPS}", HEAD.replace("push", &format!("{{push: {{branches: [{names}]}}}}")));
    let subjects: Vec<String> = previewed(&[(".github/workflows/w.yml", &text)])
        .iter()
        .map(|entry| entry.shape.to_string())
        .collect();
    assert_eq!(subjects, ["repo:o/r:ref:refs/heads/{github.ref_name}"]);

    let jobs: String =
        (1..4_000).map(|at| format!("  j{at}: {{needs: j{}, runs-on: x, steps: []}}\n", at - 1)).collect();
    let text = format!("{HEAD}  j0: {{runs-on: x, steps: []}}\n{jobs}  j:\n    needs: j3999\n{STEPS}");
    assert_eq!(previewed(&[(".github/workflows/w.yml", &text)]).len(), 2);
}
