//! What expressions say of the resources and modules of a template: their properties and outputs.

use super::{Module, Repeat, Resource, deployment::Deployment, turns::Turn};
use crate::trust::read::formula::{Datum, Environment, Formula, Hole, Resolved, Step};

impl Deployment<'_> {
    /// A property of a resource: known if it is written, else a hole that refers to the resource.
    pub(super) fn object(
        &self,
        env: &Environment<'_>,
        formula: &Formula,
        resource: &Resource,
        steps: &[Step<'_>],
    ) -> Resolved {
        let (index, turn, behind) = self.turn(env, resource.repeat.as_ref(), steps);
        if let (Some(Step::Member(name)), Some(turn)) = (steps.get(behind), &turn)
            && let Some(written) = resource.body.entry(name)
            && env.depth < 60
        {
            return Resolved { datum: self.value_at(written, turn, env.depth + 1), taken: behind + 1 };
        }
        let hole = Hole::new(env.written(formula), "it is known only after deployment", env.place(formula));
        let reference = Some(format!("{}{}{index}", self.address, resource.symbol));
        Resolved { datum: Datum::Hole(Hole { reference, ..hole }), taken: steps.len() }
    }

    /// An output of a module.
    pub(super) fn output(
        &self,
        env: &Environment<'_>,
        formula: &Formula,
        module: &Module,
        steps: &[Step<'_>],
    ) -> Resolved {
        let (index, turn, behind) = self.turn(env, module.repeat.as_ref(), steps);
        if let (Some(turn), Some([Step::Member("outputs"), Step::Member(name)])) =
            (turn, steps.get(behind..behind + 2))
            && let Some((template, parameters)) = self.child(module, &turn)
            && let Some(written) = template.outputs.get(*name)
            && env.depth < 60
        {
            let (address, level) = (format!("{}{}{index}.", self.address, module.symbol), self.level + 1);
            let child = Deployment { template: &template, parameters, bound: &[], address, level, ..*self };
            let datum = child.value_at(written, &Turn::default(), env.depth + 1);
            return Resolved { datum, taken: behind + 2 };
        }
        let hole = Hole::new(env.written(formula), "it is known only after deployment", env.place(formula));
        let reference = Some(format!("{}{}{index}", self.address, module.symbol));
        Resolved { datum: Datum::Hole(Hole { reference, ..hole }), taken: steps.len() }
    }

    /// The turn of a loop that the first step picks: as it is shown, itself where it is known, and the steps it takes.
    fn turn(
        &self,
        env: &Environment<'_>,
        repeat: Option<&Repeat>,
        steps: &[Step<'_>],
    ) -> (String, Option<Turn>, usize) {
        let (index, behind) = match steps.first() {
            Some(Step::Index(index)) => (env.evaluate(index).to_key(), 1),
            _ => (None, 0),
        };
        let turn = match (repeat, &index) {
            (None, None) => Some(Turn::default()),
            (Some(repeat), Some(index)) => {
                self.turns(Some(repeat)).into_iter().find(|turn| turn.index == *index)
            }
            _ => None,
        };
        (index.map_or_else(String::new, |index| format!("[{index}]")), turn, behind)
    }
}
