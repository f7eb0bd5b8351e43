//! A module as it is used once: its inputs are bound, its names have values.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    conform::conform,
    copies::{Copy, counted_copies, each_copy, keyed_copies, optional_copies},
    function,
    module::{Block, Module},
    object::Path,
    workspace::Workspace,
};
use crate::{
    text::Source,
    trust::read::formula::{
        Arguments, Call, Datum, Environment, Formula, Fuel, Kind, Resolved, Scope, Step, Trouble, Written,
    },
};

/// A module with its inputs.
pub(super) struct Instance<'a> {
    pub(super) workspace: &'a Workspace<'a>,
    pub(super) module: &'a Module,
    pub(super) inputs: BTreeMap<String, Datum>,
    /// What makes addresses of this instance unique among the files: folder, variable file, path of calls.
    pub(super) address: String,
    /// The folder of the module that Terraform runs in.
    pub(super) root: String,
    /// How many calls lie above.
    pub(super) level: usize,
    pub(super) fuel: &'a Fuel,
}

impl<'a> Instance<'a> {
    /// An environment for expressions of `source`, with what `copy` binds.
    pub(super) fn within<T>(
        &self,
        source: &Arc<Source>,
        copy: &Copy,
        depth: usize,
        work: impl FnOnce(&Environment<'_>) -> T,
    ) -> T {
        let unbound = Datum::Null;
        let plain = Environment::new(self, source, self.fuel, depth);
        let each =
            plain.with(if copy.each.is_some() { "each" } else { "" }, copy.each.as_ref().unwrap_or(&unbound));
        work(
            &each.with(
                if copy.count.is_some() { "count" } else { "" },
                copy.count.as_ref().unwrap_or(&unbound),
            ),
        )
    }

    /// The copies that `for_each` or `count` make of a block.
    pub(super) fn copies(&self, block: &Block, depth: usize) -> Vec<Copy> {
        let repeated = |written: &Written, make: fn(&Environment<'_>, &Formula) -> Vec<Copy>| {
            self.within(&written.source, &Copy::default(), depth, |env| make(env, &written.formula))
        };
        let copies = match (block.attributes.get("for_each"), block.attributes.get("count")) {
            (Some(over), _) => {
                let copies = repeated(over, each_copy);
                let known = |make| Some(repeated(self.origin(over), make)).filter(|known| !known.is_empty());
                match copies.as_slice() {
                    [one] if one.is_any() => {
                        known(keyed_copies).or_else(|| known(optional_copies)).unwrap_or(copies)
                    }
                    _ => copies,
                }
            }
            (None, Some(count)) => repeated(count, counted_copies),
            (None, None) => vec![Copy::default()],
        };
        // Without fuel nothing more is made; the reader says so.
        if self.fuel.burn(copies.len()) { copies } else { Vec::new() }
    }

    /// What `local.name` is written as, through other locals.
    fn origin<'w>(&'w self, written: &'w Written) -> &'w Written {
        let mut written = written;
        for _ in 0..8 {
            let Kind::Member(root, name) = &written.formula.kind else { return written };
            let is_local = matches!(&root.kind, Kind::Name(root) if root == "local");
            let Some(local) = self.module.locals.get(name).filter(|_| is_local) else { return written };
            written = local;
        }
        written
    }

    /// The value of an attribute in one copy of its block.
    pub(super) fn attribute(&self, block: &Block, name: &str, copy: &Copy, depth: usize) -> Option<Datum> {
        let written = block.attributes.get(name)?;
        Some(self.within(&written.source, copy, depth, |env| env.evaluate(&written.formula)))
    }

    fn variable(&self, env: &Environment<'_>, formula: &Formula, name: &str) -> Datum {
        let Some(block) = self.module.variables.get(name) else {
            return env.failure(formula, format!("variable {name} is not declared"));
        };
        let typed = |datum: Datum| match block.attributes.get("type") {
            Some(kind) => conform(env, datum, &kind.formula),
            None => datum,
        };
        let nullable = |datum: &&Datum| **datum != Datum::Null || !is_never_null(block);
        match (self.inputs.get(name).filter(nullable), block.attributes.get("default")) {
            (Some(datum), _) => typed(datum.clone()),
            (None, Some(default)) => typed(env.elsewhere(default)),
            (None, None) => env.hole(formula, format!("var.{name} has no default")),
        }
    }
}

/// Whether the variable takes its default where it is given null.
fn is_never_null(variable: &Block) -> bool {
    variable.attributes.get("nullable").is_some_and(|written| written.formula.kind == Kind::Bool(false))
}

impl Scope for Instance<'_> {
    fn resolve(
        &self,
        env: &Environment<'_>,
        root: &Formula,
        name: &str,
        steps: &[Step<'_>],
    ) -> Option<Resolved> {
        let one = |datum| Some(Resolved { datum, taken: 1 });
        match (name, steps) {
            ("var", [Step::Member(variable), ..]) => one(self.variable(env, root, variable)),
            ("local", [Step::Member(local), ..]) => one(self.module.locals.get(*local).map_or_else(
                || env.failure(root, format!("local.{local} is not defined here")),
                |written| env.elsewhere(written),
            )),
            ("each" | "count" | "self", _) => {
                let datum = env.hole(root, "each copy of the block has its own");
                Some(Resolved { datum, taken: steps.len() })
            }
            ("path", [Step::Member("cwd"), ..]) => one(env.hole(root, "the folder is that of the run")),
            ("path", [Step::Member(of), ..]) => {
                let folder = if *of == "root" { &self.root } else { &self.module.folder };
                one(Datum::text(if folder.is_empty() { "." } else { folder }))
            }
            ("terraform", _) => Some(Resolved {
                datum: env.hole(root, "the workspace is chosen at the run"),
                taken: steps.len(),
            }),
            ("module", [Step::Member(call), behind @ ..]) => Some(self.output(env, root, call, behind)),
            ("data", [Step::Member(kind), Step::Member(name), steps @ ..]) => {
                Some(self.object(env, root, &Path { keyword: "data", kind, name, steps, taken: 2 }))
            }
            (kind, [Step::Member(name), steps @ ..]) => {
                Some(self.object(env, root, &Path { keyword: "resource", kind, name, steps, taken: 1 }))
            }
            _ => None,
        }
    }

    fn ignores_case(&self) -> bool {
        false
    }

    fn unwritten(&self, _: &Datum) -> Option<&'static str> {
        None
    }

    fn call(&self, env: &Environment<'_>, name: &str, arguments: &Arguments) -> Result<Datum, Trouble> {
        function::call(self, env, name, arguments)
    }

    fn call_lazily(&self, env: &Environment<'_>, _: &Formula, call: &Call) -> Option<Datum> {
        match call.name.as_str() {
            "try" => {
                let mut last = None;
                for argument in &call.arguments {
                    let datum = env.strictly().evaluate(argument);
                    if !datum.fails() {
                        return Some(datum);
                    }
                    last = Some(datum);
                }
                last
            }
            "can" => call.arguments.first().map(|argument| {
                let datum = env.strictly().evaluate(argument);
                if matches!(datum, Datum::Hole(_)) && !datum.fails() {
                    datum
                } else {
                    Datum::Bool(!datum.fails())
                }
            }),
            _ => None,
        }
    }
}
