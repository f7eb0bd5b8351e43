//! What a Bicep file takes from another one: variables and functions by their names, or all of them below one name.
//!
//! Source: <https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-import>.

use super::{
    deployment::{Deployment, Parameters},
    lazy::bound,
};
use crate::trust::read::formula::{Datum, Environment, Resolved, Step};

/// One `import` statement.
#[derive(Clone, Debug)]
pub(in crate::trust::read) struct Import {
    /// The path of the other file as written.
    pub(in crate::trust::read) path: String,
    /// The name that stands for all that the file exports.
    pub(in crate::trust::read) all: Option<String>,
    /// Single names, there and here.
    pub(in crate::trust::read) names: Vec<(String, String)>,
}

impl Deployment<'_> {
    /// The value of a variable that is taken from another file.
    pub(super) fn imported(&self, name: &str, steps: &[Step<'_>], depth: usize) -> Option<Resolved> {
        let member = steps.first().and_then(|step| match step {
            Step::Member(member) => Some(*member),
            Step::Index(_) => None,
        });
        let value = |import, there: &str| self.in_file(import, |other| other.exported(there, depth));
        self.template.imports.iter().find_map(|import| match member.filter(|_| import.stands_for(name)) {
            Some(member) => Some(Resolved { datum: value(import, member)?, taken: 1 }),
            None => Some(Resolved { datum: value(import, import.there(name)?)?, taken: 0 }),
        })
    }

    /// What a function that is taken from another file returns.
    pub(super) fn call_imported(&self, name: &str, arguments: &[Datum], depth: usize) -> Option<Datum> {
        self.template.imports.iter().find_map(|import| {
            let member = name.split_once('.').filter(|(space, _)| import.stands_for(space));
            let there = member.map_or_else(|| import.there(name), |(_, member)| Some(member))?;
            self.in_file(import, |other| {
                let (names, body) = other.template.functions.get(there)?;
                let env = Environment::new(other, &other.template.source, other.fuel, depth + 1);
                Some(bound(&env, &mut names.iter().zip(arguments), body))
            })
        })
    }

    fn exported(&self, name: &str, depth: usize) -> Option<Datum> {
        let written = self.template.variables.get(name)?;
        Some(Environment::new(self, &self.template.source, self.fuel, depth + 1).evaluate(written))
    }

    fn in_file<T>(&self, import: &Import, work: impl FnOnce(&Deployment<'_>) -> Option<T>) -> Option<T> {
        let template = self.parsed(&import.path)?;
        let (parameters, address, level) = (Parameters::new(), String::new(), self.level + 1);
        work(&Deployment { template: &template, parameters, bound: &[], address, level, ..*self })
    }
}

impl Import {
    fn stands_for(&self, name: &str) -> bool {
        self.all.as_deref() == Some(name)
    }

    /// What the name here is called there.
    fn there(&self, name: &str) -> Option<&str> {
        self.names.iter().find(|(_, here)| here == name).map(|(there, _)| there.as_str())
    }
}
