//! What expressions say of objects: resources, data sources and called modules, their attributes and outputs.

use std::collections::BTreeMap;

use super::{copies::Copy, instance::Instance, module::Block};
use crate::trust::read::formula::{Datum, Environment, Formula, Hole, Resolved, Step};

/// The way to an object: `type.name` or `data.type.name`, and what follows.
pub(super) struct Path<'s> {
    pub(super) keyword: &'static str,
    pub(super) kind: &'s str,
    pub(super) name: &'s str,
    pub(super) steps: &'s [Step<'s>],
    pub(super) taken: usize,
}

impl Instance<'_> {
    /// An attribute of a resource or data source: known if it is written, else a hole that refers to the object. The object
    /// itself is a hole that knows what is written; without an index, all its copies.
    pub(super) fn object(&self, env: &Environment<'_>, formula: &Formula, path: &Path<'_>) -> Resolved {
        let block = self.module.resource(path.keyword, path.kind, path.name);
        let (index, behind) = index(env, path.steps);
        let taken = path.taken + behind;
        let reference = |index: Option<String>| {
            let data = if path.keyword == "data" { "data." } else { "" };
            let index = index.filter(|index| !index.is_empty()).map(|index| format!("[{index}]"));
            format!("{}{data}{}.{}{}", self.address, path.kind, path.name, index.unwrap_or_default())
        };
        let missing = block.is_none() && path.keyword == "resource";
        let reason = if missing {
            format!("{}.{} is not defined here", path.kind, path.name)
        } else if path.keyword == "data" {
            "it is looked up when Terraform runs".to_owned()
        } else {
            "it is known only after apply".to_owned()
        };
        let hole = Hole::new(env.written(formula), reason, env.place(formula));
        let whole = |block: &Block, copy: &Copy| {
            let names = block.attributes.keys();
            let known = names
                .filter_map(|name| Some((name.clone(), self.attribute(block, name, copy, env.depth + 1)?)));
            let reference = Some(reference(Some(copy.index.clone())));
            Datum::Hole(Hole { known: known.collect(), reference, ..hole.clone() })
        };
        let found = block.and_then(|block| match path.steps.get(behind) {
            Some(Step::Member(attribute)) => {
                let copy = self.copy_at(env, block, index.as_ref())?;
                Some((self.attribute(block, attribute, &copy, env.depth + 1)?, 1))
            }
            Some(Step::Index(_)) => None,
            None => Some((self.all(env, block, index.as_ref(), |copy| Some(whole(block, copy)))?, 0)),
        });
        found.map_or_else(
            || {
                let reference = Some(reference(index.and_then(|index| index.to_key())));
                let datum = Datum::Hole(Hole { reference, ..hole.clone() });
                Resolved { datum, taken: path.taken + path.steps.len() }
            },
            |(datum, more)| Resolved { datum, taken: taken + more },
        )
    }

    /// An output of a called module; without a name, all of them, and without an index, those of all copies.
    pub(super) fn output(
        &self,
        env: &Environment<'_>,
        formula: &Formula,
        name: &str,
        steps: &[Step<'_>],
    ) -> Resolved {
        let (index, behind) = index(env, steps);
        let call = self.module.calls.iter().find(|call| call.label(0) == name).filter(|_| self.level < 8);
        let found = call.and_then(|call| {
            let child = |copy: &Copy| self.workspace.child(self, call, copy, env.depth + 1);
            match steps.get(behind) {
                Some(Step::Member(output)) => {
                    let child = child(&self.copy_at(env, call, index.as_ref())?)?;
                    let block = child.module.outputs.get(*output)?;
                    Some((child.attribute(block, "value", &Copy::default(), env.depth + 1)?, 2))
                }
                Some(Step::Index(_)) => None,
                None => Some((self.all(env, call, index.as_ref(), |copy| outputs(env, &child(copy)?))?, 1)),
            }
        });
        if let Some((datum, taken)) = found {
            return Resolved { datum, taken: behind + taken };
        }
        let reference = Some(format!("{}{}", self.address, env.written(formula)));
        let reason = format!("the source of module.{name} is not in these files");
        let hole = Hole { reference, ..Hole::new(env.written(formula), reason, env.place(formula)) };
        Resolved { datum: Datum::Hole(hole), taken: steps.len() + 1 }
    }

    /// What `of` says of the copy at `index`; without one of all copies, by their keys or in their order. None where the
    /// copies are not known.
    fn all(
        &self,
        env: &Environment<'_>,
        block: &Block,
        index: Option<&Datum>,
        of: impl Fn(&Copy) -> Option<Datum>,
    ) -> Option<Datum> {
        let is_map = block.attributes.contains_key("for_each");
        if index.is_some() || !(is_map || block.attributes.contains_key("count")) {
            return of(&self.copy_at(env, block, index)?);
        }
        let copies = self.copies(block, env.depth + 1);
        if self.fuel.was_short() || copies.iter().any(|copy| !copy.is_certain()) {
            return None;
        }
        let keyed = copies.into_iter().map(|copy| Some((of(&copy)?, copy.index)));
        if is_map {
            keyed.map(|one| one.map(|(datum, key)| (key, datum))).collect::<Option<_>>().map(Datum::Map)
        } else {
            keyed.map(|one| one.map(|(datum, _)| datum)).collect::<Option<_>>().map(Datum::List)
        }
    }

    fn copy_at(&self, env: &Environment<'_>, block: &Block, index: Option<&Datum>) -> Option<Copy> {
        let repeated = block.attributes.contains_key("for_each") || block.attributes.contains_key("count");
        match (repeated, index) {
            (false, None) => Some(Copy::default()),
            (true, Some(index)) => {
                let wanted = index.to_key()?;
                self.copies(block, env.depth + 1).into_iter().find(|copy| copy.index == wanted)
            }
            _ => None,
        }
    }
}

/// The index that comes first among the steps, and the number of steps it takes.
fn index(env: &Environment<'_>, steps: &[Step<'_>]) -> (Option<Datum>, usize) {
    match steps.first() {
        Some(Step::Index(index)) => (Some(env.evaluate(index)), 1),
        _ => (None, 0),
    }
}

fn outputs(env: &Environment<'_>, child: &Instance<'_>) -> Option<Datum> {
    let outputs = child.module.outputs.iter().filter_map(|(name, block)| {
        Some((name.clone(), child.attribute(block, "value", &Copy::default(), env.depth + 1)?))
    });
    Some(Datum::Map(outputs.collect::<BTreeMap<_, _>>()))
}
