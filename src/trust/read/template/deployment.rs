//! A template as it is deployed once: its parameters are bound, its names have values.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    Module, Parse, Resource, Target, Template, function, published, resource, sequence, turns::Turn,
};
use crate::{
    text::{Place, Source, Span, Tree},
    trust::read::{
        Reading, Skipped,
        formula::{Arguments, Call, Datum, Environment, Formula, Fuel, Hole, Resolved, Scope, Step, Trouble},
    },
};

/// Values of parameters by their name.
pub(super) type Parameters = BTreeMap<String, Datum>;

/// A template with its parameters.
pub(super) struct Deployment<'a> {
    pub(super) tree: &'a Tree,
    pub(super) template: &'a Template,
    pub(super) parameters: Parameters,
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
    let mut reading = Deployment { tree, template, parameters, address, fuel: &fuel, level: 0, parse }.read();
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
    let deployment =
        Deployment { tree, template, parameters, address: String::new(), fuel: &fuel, level: 0, parse };
    let given = template.parameters.iter().filter_map(|(name, value)| Some((name, value.as_ref()?)));
    given.map(|(name, value)| (name.clone(), deployment.value(value, &Turn::default()))).collect()
}

impl Deployment<'_> {
    fn read(&self) -> Reading {
        let mut reading = Reading::default();
        if let Some(span) = self.template.too_deep {
            let place = Place::new(&self.template.source, span);
            let reason = "the file is nested too deeply here; what follows is not read".to_owned();
            reading.skipped.push(Skipped { place, reason });
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
                    let child = Deployment { template: &template, parameters, address, level, ..*self };
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
    fn child(&self, module: &Module, turn: &Turn) -> Option<(Template, Parameters)> {
        let mut parameters = match module.parameters.as_ref().map(|written| self.value(written, turn)) {
            Some(Datum::Map(given)) => given,
            _ => Parameters::new(),
        };
        let template = match &module.target {
            _ if self.level >= DEEPEST => return None,
            Target::File(path) => {
                let source = self.tree.beside(self.template.source.path(), path)?;
                if !self.fuel.burn(source.text().len() / MODULE_COST) {
                    return None;
                }
                (self.parse)(source)
            }
            Target::Inner(template) => (**template).clone(),
            Target::Outer(template) => {
                let mut template = (**template).clone();
                template.parameters.extend(self.template.parameters.clone());
                template.variables.extend(self.template.variables.clone());
                parameters.extend(self.parameters.clone());
                template
            }
        };
        Some((template, parameters))
    }

    fn foreign(&self, module: &Module) -> Option<Skipped> {
        let Target::File(path) = &module.target else { return None };
        let place = Place::new(&self.template.source, module.span);
        let written = place.text().to_ascii_lowercase();
        (written.contains("federated") || written.contains("subject")).then(|| Skipped {
            place,
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
        self.bind(&self.environment(), &turn.bound, formula)
    }

    fn bind(&self, env: &Environment<'_>, bound: &[(String, Datum)], formula: &Formula) -> Datum {
        match bound.split_first() {
            Some(((name, datum), rest)) => self.bind(&env.with(name, datum), rest, formula),
            None => env.evaluate(formula),
        }
    }

    pub(super) fn environment(&self) -> Environment<'_> {
        Environment::new(self, &self.template.source, self.fuel, 0)
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

    fn object(
        &self,
        env: &Environment<'_>,
        formula: &Formula,
        resource: &Resource,
        steps: &[Step<'_>],
    ) -> Resolved {
        let (index, behind) = match steps.first() {
            Some(Step::Index(index)) => (env.evaluate(index).to_key(), 1),
            _ => (None, 0),
        };
        let turn = match (&resource.repeat, &index) {
            (None, None) => Some(Turn::default()),
            (Some(repeat), Some(index)) => {
                self.turns(Some(repeat)).into_iter().find(|turn| turn.index == *index)
            }
            _ => None,
        };
        if let (Some(Step::Member(name)), Some(turn)) = (steps.get(behind), &turn)
            && let Some(written) = resource.body.entry(name)
            && env.depth < 60
        {
            return Resolved { datum: self.value_at(written, turn, env.depth + 1), taken: behind + 1 };
        }
        let index = index.map_or_else(String::new, |index| format!("[{index}]"));
        let hole = Hole::new(env.written(formula), "it is known only after deployment", env.place(formula));
        let reference = Some(format!("{}{}{index}", self.address, resource.symbol));
        Resolved { datum: Datum::Hole(Hole { reference, ..hole }), taken: steps.len() }
    }

    fn value_at(&self, formula: &Formula, turn: &Turn, depth: usize) -> Datum {
        let env = Environment::new(self, &self.template.source, self.fuel, depth);
        self.bind(&env, &turn.bound, formula)
    }

    fn output(
        &self,
        env: &Environment<'_>,
        formula: &Formula,
        module: &Module,
        steps: &[Step<'_>],
    ) -> Resolved {
        if let [Step::Member("outputs"), Step::Member(name), ..] = steps
            && let Some((template, parameters)) = self.child(module, &Turn::default())
            && let Some(written) = template.outputs.get(*name)
            && env.depth < 60
        {
            let address = format!("{}{}.", self.address, module.symbol);
            let child =
                Deployment { template: &template, parameters, address, level: self.level + 1, ..*self };
            return Resolved { datum: child.value_at(written, &Turn::default(), env.depth + 1), taken: 2 };
        }
        let hole = Hole::new(env.written(formula), "it is known only after deployment", env.place(formula));
        let reference = Some(format!("{}{}", self.address, module.symbol));
        Resolved { datum: Datum::Hole(Hole { reference, ..hole }), taken: steps.len() }
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
        let module = self.template.modules.iter().find(|module| module.symbol == name)?;
        Some(self.output(env, root, module, steps))
    }

    fn call(&self, env: &Environment<'_>, name: &str, arguments: &Arguments) -> Result<Datum, Trouble> {
        function::call(self, env, name, arguments)
    }

    fn call_lazily(&self, env: &Environment<'_>, call: &Call) -> Option<Datum> {
        function::call_lazily(self, env, call)
    }
}
