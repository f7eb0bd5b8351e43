//! Functions of Bicep and ARM templates that see their arguments unevaluated: names, loops, conditions, lambdas, own functions.

use super::{collection, deployment::Deployment};
use crate::trust::read::formula::{Call, Datum, Environment, Formula, Kind};

/// Functions that see their arguments unevaluated: names, loops, conditions, lambdas.
pub(super) fn call(
    deployment: &Deployment<'_>,
    env: &Environment<'_>,
    whole: &Formula,
    call: &Call,
) -> Option<Datum> {
    match (call.name.to_ascii_lowercase().as_str(), call.arguments.as_slice()) {
        ("parameters", [name]) => {
            let name = name.literal()?;
            if let Some(given) = env.bound(&argument_of(name)) {
                return Some(given.clone());
            }
            let name =
                deployment.template.parameters.keys().find(|known| known.eq_ignore_ascii_case(name))?;
            Some(named(deployment.parameter(env, whole, name)?, name))
        }
        ("variables", [name]) => {
            let name = name.literal()?;
            let mut variables = deployment.template.variables.iter();
            let (_, written) = variables.find(|(known, _)| known.eq_ignore_ascii_case(name))?;
            Some(env.without_bindings().evaluate(written))
        }
        ("copyindex", arguments) => Some(copy_index(env, whole, arguments)),
        ("if", [condition, yes, no]) => match env.evaluate(condition).truth() {
            Some(true) => Some(env.evaluate(yes)),
            Some(false) => Some(env.evaluate(no)),
            None => None,
        },
        (_, arguments) if arguments.iter().any(|argument| matches!(argument.kind, Kind::Lambda(..))) => {
            collection::with_lambda(env, call)
        }
        (_, arguments) => own(deployment, env, &call.name, arguments),
    }
}

/// A hole for a parameter of an ARM template is called by the parameter, not by the argument's text.
fn named(datum: Datum, name: &str) -> Datum {
    if let Datum::Hole(mut hole) = datum {
        if hole.reason.contains(name) {
            hole.name = format!("parameters('{name}')");
        }
        return Datum::Hole(hole);
    }
    datum
}

/// What an argument of that name is bound to in a function of an ARM template, which asks for it as for a parameter.
pub(in crate::trust::read) fn argument_of(name: &str) -> String {
    format!("parameters {}", name.to_ascii_lowercase())
}

/// What the position in the loop of that name is bound to.
pub(in crate::trust::read) fn copy_index_of(name: &str) -> String {
    format!("copyIndex {}", name.to_ascii_lowercase())
}

/// The position in the loop of that name, or without a name in that of the resource.
fn copy_index(env: &Environment<'_>, whole: &Formula, arguments: &[Formula]) -> Datum {
    let name = arguments.first().and_then(Formula::literal);
    let bound = name.map_or_else(|| "copyIndex".to_owned(), copy_index_of);
    let Some(index) = env.bound(&bound) else {
        let hole = |name: &str| format!("it stands in no loop{name}");
        return env.hole(whole, hole(&name.map_or_else(String::new, |name| format!(" called {name}"))));
    };
    let offset = arguments.iter().map(|argument| env.evaluate(argument)).find_map(|datum| datum.number());
    match (index.number(), offset) {
        (Some(number), Some(offset)) => Datum::Number(number + offset),
        _ => index.clone(),
    }
}

/// A function that the template itself defines.
fn own(
    deployment: &Deployment<'_>,
    env: &Environment<'_>,
    name: &str,
    arguments: &[Formula],
) -> Option<Datum> {
    let mut functions = deployment.template.functions.iter();
    let found = functions.find(|(known, _)| known.eq_ignore_ascii_case(name));
    if found.is_none() && deployment.template.imports.is_empty() {
        return None;
    }
    let values: Vec<Datum> = arguments.iter().map(|argument| env.evaluate(argument)).collect();
    let Some((_, (names, body))) = found else {
        return deployment.call_imported(name, &values, env.depth);
    };
    Some(bound(&env.without_bindings(), &mut names.iter().zip(&values), body))
}

/// `formula` with every name bound to its value.
pub(super) fn bound<'v>(
    env: &Environment<'_>,
    left: &mut dyn Iterator<Item = (&'v String, &'v Datum)>,
    formula: &Formula,
) -> Datum {
    match left.next() {
        Some((name, datum)) => bound(&env.with(name, datum), left, formula),
        None => env.evaluate(formula),
    }
}
