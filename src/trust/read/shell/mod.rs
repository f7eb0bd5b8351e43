//! Reads the scripts of bash, sh and zsh that create credentials with az or curl.
//!
//! The script is followed, not run: variables, functions, loops over known lists and both branches of what is not known. What comes
//! from outside is a hole.

mod builtin;
mod command;
mod condition;
mod cursor;
mod expand;
mod expansion;
mod glob;
mod jq;
mod parser;
mod run;
mod syntax;
mod word;
mod world;

use std::sync::Arc;

use super::{Format, Reading};
use crate::text::{Source, Span, Tree};
use run::Runner;
use syntax::{List, Node, Script};
use world::World;

/// Scripts of bash, sh and zsh.
pub(super) const FORMAT: Format = Format { name: "shell script", accepts, read };

/// Words of which a script that creates credentials holds at least one.
const WORDS: [&str; 2] = ["federated-credential", "federatedidentitycredential"];

fn accepts(path: &str, text: &str) -> bool {
    let named = [".sh", ".bash", ".zsh", ".ksh"].iter().any(|ending| path.ends_with(ending));
    let first = text.lines().next().unwrap_or("");
    let called = first.starts_with("#!") && first.trim_end().ends_with("sh");
    let lower = text.to_ascii_lowercase();
    (named || called) && WORDS.iter().any(|word| lower.contains(word))
}

fn read(tree: &Tree, source: &Arc<Source>) -> Reading {
    let script = parser::parse(source.text());
    let mut runner = Runner::new(tree, source, &script);
    let ends = runner.run_list(&script.list, vec![World::default()]);
    run_uncalled(&mut runner, &script, &ends);
    for span in commands(&script, source) {
        if !runner.reached.contains(&span.start) {
            runner.skip(
                span,
                "no way through the script that could be followed comes to this command".to_owned(),
            );
        }
    }
    runner.reading.drafts.sort_by_key(|draft| draft.place.span);
    runner.reading
}

/// A library only defines its functions; whoever calls them stands elsewhere. Their arguments are then not known.
fn run_uncalled(runner: &mut Runner<'_>, script: &Script, ends: &[World]) {
    let world = ends.first().cloned().unwrap_or_default();
    for node in &script.list {
        if let Node::Function { body, .. } = node
            && commands_in(body, runner.source).iter().any(|span| !runner.reached.contains(&span.start))
        {
            let world = World { arguments: None, flow: world::Flow::On, ..world.clone() };
            runner.run_list(body, vec![world]);
        }
    }
}

/// Where the commands stand that create or change a credential with az.
fn commands(script: &Script, source: &Arc<Source>) -> Vec<Span> {
    commands_in(&script.list, source)
}

fn commands_in(list: &List, source: &Arc<Source>) -> Vec<Span> {
    list.iter().flat_map(|node| commands_of(node, source)).collect()
}

fn commands_of(node: &Node, source: &Arc<Source>) -> Vec<Span> {
    let inside = |list: &List| commands_in(list, source);
    match node {
        Node::Simple(simple) => {
            let mut words = simple.words.iter().map(|word| source.slice(word.span));
            let creates = words.any(|word| word == "federated-credential")
                && words.next().is_some_and(|word| ["create", "update"].contains(&word));
            creates.then_some(simple.span).into_iter().collect()
        }
        Node::Pipeline(stages) => inside(stages),
        Node::Not(inner) => commands_of(inner, source),
        Node::Both { first, second, .. } => {
            [first, second].into_iter().flat_map(|node| commands_of(node, source)).collect()
        }
        Node::If { arms, otherwise } => arms
            .iter()
            .flat_map(|(condition, body)| [inside(condition), inside(body)].concat())
            .chain(inside(otherwise))
            .collect(),
        Node::Case { arms, .. } => arms.iter().flat_map(|(_, body)| inside(body)).collect(),
        Node::Loop { condition, body, .. } => [inside(condition), inside(body)].concat(),
        Node::For { body, .. }
        | Node::Group { body, .. }
        | Node::Subshell { body, .. }
        | Node::Function { body, .. } => inside(body),
    }
}
