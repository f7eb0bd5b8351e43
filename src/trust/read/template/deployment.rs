//! A template as it is deployed once: its parameters are bound, its names have values.

use std::{collections::BTreeMap, sync::Arc};

use super::{Module, Parse, Target, Template, function, lazy, published, resource, sequence, turns::Turn};
use crate::{
    text::{Place, Source, Span, Tree},
    trust::read::{
        Reading, Skipped,
        formula::{Arguments, Call, Datum, Environment, Formula, Fuel, Resolved, Scope, Step, Trouble},
    },
};

/// Values of parameters by their name.
pub(super) type Parameters = BTreeMap<String, Datum>;

/// A template with its parameters.
pub(super) struct Deployment<'a> {
    pub(super) tree: &'a Tree,
    pub(super) template: &'a Template,
    pub(super) parameters: Parameters,
    /// What the loops around a template bind that uses the names around it.
    pub(super) bound: &'a [(String, Datum)],
    /// What makes addresses unique among the files.
    pub(super) address: String,
    pub(super) fuel: &'a Fuel,
    pub(super) level: usize,
    pub(super) parse: Parse,
}

const DEEPEST: usize = 8;
/// What a use of a module costs, and each of these bytes of its file.
const MODULE_COST: usize = 50;

/// The credentials that `template` makes when it is deployed with `parameters`, and those of its modules.
pub(super) fn drafts_of(
    tree: &Tree,
    template: &Template,
    parameters: Parameters,
    address: String,
    parse: Parse,
) -> Reading {
    let fuel = Fuel::full();
    let deployment =
        Deployment { tree, template, parameters, bound: &[], address, fuel: &fuel, level: 0, parse };
    let mut reading = deployment.read();
    if fuel.was_short() {
        let place = Place::new(&template.source, Span::default());
        reading.append(Reading::skip(place, Fuel::SHORT));
    }
    reading
}

/// The defaults of a template's parameters, worked out: what a parameter file gives.
pub(super) fn evaluated(tree: &Tree, template: &Template, parse: Parse) -> Parameters {
    let fuel = Fuel::full();
    let parameters = Parameters::new();
    let address = String::new();
    let deployment =
        Deployment { tree, template, parameters, bound: &[], address, fuel: &fuel, level: 0, parse };
    let given = template.parameters.iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
    given.map(|(name, value)| (name.clone(), deployment.value(value, &Turn::default()))).collect()
}

impl Deployment<'_> {
    fn read(&self) -> Reading {
        let mut reading = Reading::default();
        if let Some(span) = self.template.too_deep {
            let place = Place::new(&self.template.source, span);
            let reason = "the file is nested too deeply here; what follows is not read".to_owned();
            reading.skipped.push(Skipped { place, reason, broken: false });
        }
        let mut made = Vec::new();
        for resource in &self.template.resources {
            made.extend(resource::read(self, resource, &mut reading));
        }
        sequence::settle(self, &mut made);
        reading.drafts.extend(made.into_iter().map(|made| made.draft));
        for module in &self.template.modules {
            reading.append(self.module(module));
        }
        reading
    }

    fn module(&self, module: &Module) -> Reading {
        let mut reading = Reading::default();
        for turn in self.turns(module.repeat.as_ref()) {
            if !self.fuel.burn(MODULE_COST) {
                break;
            }
            if self.is_off(module.condition.as_ref(), &turn) {
                continue;
            }
            match self.child(module, &turn) {
                Some((template, parameters)) => {
                    let index =
                        if turn.index.is_empty() { String::new() } else { format!("[{}]", turn.index) };
                    let address = format!("{}{}{index}.", self.address, module.symbol);
                    let level = self.level + 1;
                    let around = match module.target {
                        Target::Outer(_) => [self.bound, &turn.bound].concat(),
                        Target::File(_) | Target::Inner(_) => Vec::new(),
                    };
                    let child = Deployment {
                        template: &template,
                        parameters,
                        bound: &around,
                        address,
                        level,
                        ..*self
                    };
                    reading.append(child.read());
                }
                None => match published::read(self, module, &turn) {
                    none if none.is_empty() => reading.skipped.extend(self.foreign(module)),
                    drafts => reading.drafts.extend(drafts),
                },
            }
        }
        reading
    }

    /// The template of a module and the values of its parameters; none where it is not among the files.
    pub(super) fn child(&self, module: &Module, turn: &Turn) -> Option<(Template, Parameters)> {
        let mut parameters = match module.parameters.as_ref().map(|written| self.value(written, turn)) {
            Some(Datum::Map(given)) => given,
            _ => Parameters::new(),
        };
        let template = match &module.target {
            Target::File(path) => self.parsed(path)?,
            Target::Inner(_) | Target::Outer(_) if self.level >= DEEPEST => return None,
            Target::Inner(template) => (**template).clone(),
            Target::Outer(template) => {
                let mut template = (**template).clone();
                template.parameters.extend(self.template.parameters.clone());
                template.variables.extend(self.template.variables.clone());
                template.functions.extend(self.template.functions.clone());
                parameters.extend(self.parameters.clone());
                template
            }
        };
        Some((template, parameters))
    }

    /// The template in the file that a path in this template means.
    pub(super) fn parsed(&self, path: &str) -> Option<Template> {
        let source = self.beside(path).filter(|_| self.level < DEEPEST)?;
        self.fuel.burn(source.text().len() / MODULE_COST).then(|| (self.parse)(source))
    }

    fn foreign(&self, module: &Module) -> Option<Skipped> {
        let place = Place::new(&self.template.source, module.span);
        if self.level >= DEEPEST {
            let reason = format!(
                "module {} lies deeper than is followed; its credentials may be missing",
                module.symbol
            );
            return Some(Skipped { place, reason, broken: false });
        }
        let Target::File(path) = &module.target else { return None };
        let written = place.text().to_ascii_lowercase();
        (written.contains("federated") || written.contains("subject")).then(|| Skipped {
            place,
            broken: false,
            reason: format!(
                "module {} comes from {path}, whose credentials are not among these files",
                module.symbol
            ),
        })
    }

    /// Whether a condition is known to be false.
    pub(super) fn is_off(&self, condition: Option<&Formula>, turn: &Turn) -> bool {
        condition.is_some_and(|condition| self.value(condition, turn).truth() == Some(false))
    }

    /// The value of a formula of this template in one turn of a loop.
    pub(super) fn value(&self, formula: &Formula, turn: &Turn) -> Datum {
        self.value_at(formula, turn, 0)
    }

    /// Works in an environment of this template with what a loop binds.
    pub(super) fn within<T>(
        &self,
        bound: &[(String, Datum)],
        depth: usize,
        work: &dyn Fn(&Environment<'_>) -> T,
    ) -> T {
        let env = Environment::new(self, &self.template.source, self.fuel, depth);
        bind(&env, &[self.bound, bound].concat(), work)
    }

    /// The file of the tree that a path in this template means.
    pub(super) fn beside(&self, path: &str) -> Option<&Arc<Source>> {
        self.tree.beside(self.template.source.path(), path)
    }

    /// The value of a parameter; a hole where nobody gives one.
    pub(super) fn parameter(&self, env: &Environment<'_>, formula: &Formula, name: &str) -> Option<Datum> {
        let default = self.template.parameters.get(name)?;
        Some(match (self.parameters.get(name), default) {
            (Some(given), _) => given.clone(),
            (None, Some(default)) => env.without_bindings().evaluate(default),
            (None, None) => env.hole(formula, format!("parameter {name} has no default")),
        })
    }

    pub(super) fn value_at(&self, formula: &Formula, turn: &Turn, depth: usize) -> Datum {
        self.within(&turn.bound, depth, &|env| env.evaluate(formula))
    }
}

fn bind<T>(env: &Environment<'_>, bound: &[(String, Datum)], work: &dyn Fn(&Environment<'_>) -> T) -> T {
    match bound.split_first() {
        Some(((name, datum), rest)) => bind(&env.with(name, datum), rest, work),
        None => work(env),
    }
}

impl Scope for Deployment<'_> {
    fn resolve(
        &self,
        env: &Environment<'_>,
        root: &Formula,
        name: &str,
        steps: &[Step<'_>],
    ) -> Option<Resolved> {
        if let Some(datum) = self.parameter(env, root, name) {
            return Some(Resolved { datum, taken: 0 });
        }
        if let Some(written) = self.template.variables.get(name) {
            return Some(Resolved { datum: env.without_bindings().evaluate(written), taken: 0 });
        }
        if let Some(resource) = self.template.resource(name) {
            return Some(self.object(env, root, resource, steps));
        }
        match self.template.modules.iter().find(|module| module.symbol == name) {
            Some(module) => Some(self.output(env, root, module, steps)),
            None => self.imported(name, steps, env.depth),
        }
    }

    fn ignores_case(&self) -> bool {
        true
    }

    fn unwritten(&self, piece: &Datum) -> Option<&'static str> {
        function::unwritten(piece)
    }

    fn call(&self, env: &Environment<'_>, name: &str, arguments: &Arguments) -> Result<Datum, Trouble> {
        function::call(self, env, name, arguments)
    }

    fn call_lazily(&self, env: &Environment<'_>, formula: &Formula, call: &Call) -> Option<Datum> {
        lazy::call(self, env, formula, call)
    }
}
