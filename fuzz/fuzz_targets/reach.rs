//! The preview forgets nothing: whatever a run presents under any condition and any environment is a member of the previewed set.
#![no_main]

#[path = "../../tests/reach_cover/run.rs"]
mod run;

use fedcred::{
    issuer::github::Prefix,
    text::{Source, Tree},
    workflow::{
        expression::{Expr, ExprKind, Scope, Template, Value, condition, template},
        project::Project,
        reach::{Facts, Wanted, entries},
    },
};
use libfuzzer_sys::fuzz_target;
use run::{Run, is_member};

const PUSH: &str = "branches: [main, dev, 'feature/**', '!feature/old']";

// The condition, the environment, and bytes that choose the runs, each on a line of its own.
fuzz_target!(|text: &str| {
    let mut lines = text.split('\n');
    let (when, environment, choice) =
        (lines.next().unwrap_or(""), lines.next().unwrap_or(""), lines.next().unwrap_or(""));
    let environment = environment.trim();
    let (Ok(checked), Ok(name)) = (condition(when, &Scope::ANY), template(environment, &Scope::ANY)) else {
        return;
    };
    let named = match &name {
        Template::Literal(_) => true,
        Template::Expression(expr) => is_modelled(expr),
    };
    if text.contains(|c: char| c.is_control() && c != '\n') || !named || !is_modelled(&checked) {
        return;
    }
    let text = run::workflow(when, environment, PUSH);
    let mut tree = Tree::default();
    tree.insert(Source::new(".github/workflows/w.yml", text.as_str()));
    let project = Project::read(tree);
    if project.errors().next().is_some() {
        return;
    }
    let mut facts = Facts::new("repo:o/r".parse::<Prefix>().expect("a prefix"));
    facts.default_branch = choice.starts_with('d').then(|| "main".to_owned());
    let previewed = entries(&project, &facts, &Wanted::default());
    for run in Run::chosen_by(choice).iter().filter(|run| run.happens(PUSH)) {
        let Some(subject) = run.subject(when, environment) else { continue };
        let found =
            previewed.iter().any(|entry| entry.trigger == run.event && is_member(&entry.shape, &subject));
        // A name that is a hole is taken to be filled; the preview says so.
        let emptied = !subject.contains(":environment:") && !matches!(name, Template::Literal(_));
        // A condition that asks for the short name of a branch is taken to mean no tag; the preview says so.
        let told = format!("no tag is called `{}`", run.name);
        let namesake = run.tag
            && previewed.iter().any(|entry| entry.assumed.iter().any(|assumed| *assumed == told));
        assert!(
            found || emptied || namesake,
            "{subject} of {run:?} is not among\n{:#?}\nfor\n{text}",
            previewed.iter().map(|entry| format!("{} {}", entry.trigger, entry.shape)).collect::<Vec<_>>()
        );
    }
});

/// Whether a run models every context that the expression asks for.
fn is_modelled(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(_) => true,
        ExprKind::Context(_) | ExprKind::Filter(_) => false,
        ExprKind::Index { .. } => path(expr).is_some_and(|path| run::PATHS.contains(&path.as_str())),
        ExprKind::Not(inner) => is_modelled(inner),
        ExprKind::Compare { left, right, .. } => is_modelled(left) && is_modelled(right),
        ExprKind::And(parts) | ExprKind::Or(parts) => parts.iter().all(is_modelled),
        ExprKind::Call { arguments, .. } => arguments.iter().all(is_modelled),
    }
}

fn path(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Context(name) => Some(name.clone()),
        ExprKind::Index { of, key } => match &key.kind {
            ExprKind::Literal(Value::String(name)) => Some(format!("{}.{name}", path(of)?)),
            _ => None,
        },
        _ => None,
    }
}
