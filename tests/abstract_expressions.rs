//! Abstract evaluation says the useful things about refs, inputs and events.

use fedcred::{
    id::pattern::PatternList,
    workflow::expression::{
        Expr, Scope,
        abstraction::{AbstractContext, AbstractValue, Piece, Truth, condition, evaluate},
        condition as read_condition, parse,
    },
};

fn list(texts: &[&str]) -> PatternList {
    PatternList::parse(texts.iter().copied()).unwrap()
}

fn heads(texts: &[&str]) -> AbstractValue {
    AbstractValue::family("refs/heads/", "github.ref_name", list(texts))
}

fn tags(texts: &[&str]) -> AbstractValue {
    AbstractValue::family("refs/tags/", "github.ref_name", list(texts))
}

fn any_ref() -> AbstractContext {
    let mut context = AbstractContext::default();
    context.set(&["github", "ref"], heads(&["**"]).or(tags(&["**"])));
    context.set(&["github", "event_name"], AbstractValue::exact("workflow_dispatch"));
    context
}

fn expr(text: &str) -> Expr {
    parse(text, &Scope::ANY).unwrap()
}

/// The value at a path once the condition holds, as texts with `{}` for holes and `<>` for families.
fn narrowed(text: &str, path: &[&str]) -> Vec<String> {
    let context = any_ref();
    let condition = condition(&read_condition(text, &Scope::JOB_IF).unwrap(), &context);
    shown(&context.assume(&condition.facts).at(path))
}

fn shown(value: &AbstractValue) -> Vec<String> {
    let piece = |piece: Piece| match piece {
        Piece::Literal(text) => text,
        Piece::Hole(name) => format!("{{{name}}}"),
        Piece::Filtered { list, .. } => format!("<{}>", list.texts().join(" ")),
    };
    value.texts().into_iter().map(|pieces| pieces.into_iter().map(piece).collect()).collect()
}

#[test]
fn a_condition_on_the_ref_narrows_the_ref_and_its_short_name() {
    assert_eq!(narrowed("github.ref == 'refs/heads/main'", &["github", "ref"]), ["refs/heads/main"]);
    assert_eq!(narrowed("github.ref == 'refs/heads/main'", &["github", "ref_name"]), ["main"]);
    assert_eq!(
        narrowed("github.ref_name == 'main'", &["github", "ref"]),
        ["refs/heads/main", "refs/tags/main"]
    );
    assert_eq!(narrowed("github.ref_name == 'main'", &["github", "ref_type"]), ["branch", "tag"]);
    assert_eq!(narrowed("github.ref_type == 'tag'", &["github", "ref"]), ["refs/tags/<**>"]);
    assert_eq!(narrowed("startsWith(github.ref, 'refs/tags/v')", &["github", "ref"]), ["refs/tags/<v**>"]);
    assert_eq!(
        narrowed("github.ref == 'refs/heads/a' || github.ref == 'refs/heads/b'", &["github", "ref"]),
        ["refs/heads/a", "refs/heads/b"]
    );
    assert_eq!(
        narrowed("!startsWith(github.ref, 'refs/tags/') && github.ref_name != 'dev'", &["github", "ref"]),
        ["refs/heads/<** !dev>"]
    );
    assert_eq!(
        narrowed("contains(fromJSON('[\"refs/heads/x\"]'), github.ref) && always()", &["github", "ref"]),
        ["refs/heads/x"]
    );
}

#[test]
fn what_cannot_be_is_false() {
    let mut context = any_ref();
    context.set(&["github", "ref"], heads(&["release/**", "!release/old"]));
    let truth = |text: &str| condition(&expr(text), &context).truth;
    assert_eq!(truth("github.ref == 'refs/heads/main'"), Truth::False);
    assert_eq!(truth("github.ref == 'refs/heads/release/old'"), Truth::False);
    assert_eq!(truth("github.ref == 'refs/heads/Release/1'"), Truth::Maybe);
    assert_eq!(truth("startsWith(github.ref, 'refs/heads/rel')"), Truth::True);
    assert_eq!(truth("startsWith(github.ref, 'refs/tags/')"), Truth::False);
    assert_eq!(truth("github.ref_type == 'branch'"), Truth::True);
    assert_eq!(truth("github.event_name == 'push'"), Truth::False);
    assert_eq!(truth("success()"), Truth::True);
    assert_eq!(truth("failure()"), Truth::False);
    assert_eq!(truth("needs.build.result == 'success'"), Truth::Maybe);
    assert_eq!(truth("github.ref_name == 'release/1' && github.ref_name == 'release/2'"), Truth::False);
}

#[test]
fn environments_are_enumerated() {
    let mut context = any_ref();
    context.set(&["inputs", "env"], AbstractValue::one_of(["dev", "prod"]));
    let value = |text: &str| shown(&evaluate(&expr(text), &context));
    assert_eq!(value("github.ref == 'refs/heads/main' && 'prod' || 'dev'"), ["prod", "dev"]);
    assert_eq!(
        value("format('{0}-{1}', inputs.env, vars.REGION)"),
        ["dev-{vars.REGION}", "prod-{vars.REGION}"]
    );
    assert_eq!(value("vars.ENV || 'dev'"), ["{vars.ENV}", "dev"]);
    assert_eq!(value("fromJSON('{\"dev\":\"d\",\"prod\":\"p\"}')[inputs.env]"), ["d", "p"]);
    assert_eq!(value("case(inputs.env == 'prod', 'P', inputs.env)"), ["P", "dev"]);
    assert_eq!(value("inputs.env == 'prod' && inputs.env || 'other'"), ["prod", "other"]);
}

#[test]
fn deep_chains_are_evaluated_in_one_pass() {
    let text = (0..15).fold("github.ref == 'x'".to_owned(), |text, _| {
        format!("(vars.a == 'b' || ({text})) && !(vars.c != 'd' && github.ref_name == 'y')")
    });
    assert_eq!(condition(&expr(&text), &any_ref()).truth, Truth::Maybe);
}
