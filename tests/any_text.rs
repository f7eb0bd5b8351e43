//! No text breaks the readers of YAML, workflows and expressions: there is a value or one error with a place inside the text.

use fedcred::{
    text::{Place, Source, Span},
    workflow::{
        Workflow,
        expression::{Context, Scope, Status, Template, condition, evaluate, template},
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
