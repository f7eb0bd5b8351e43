//! Names with members and indexes behind them: `local.repositories[0].name`.

use super::{Datum, Environment, Formula, Kind, Resolved};

/// One step behind a name.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step<'a> {
    /// `.name`
    Member(&'a str),
    /// `[formula]`
    Index(&'a Formula),
}

impl Environment<'_> {
    /// The value of a name, a member or an element.
    pub(super) fn chain(&self, formula: &Formula) -> Datum {
        let mut steps = Vec::new();
        let mut root = formula;
        while let Some((target, step)) = root.last_step() {
            steps.push(step);
            root = target;
        }
        steps.reverse();
        let Resolved { datum, taken } = self.root(formula, root, &steps);
        steps.iter().skip(taken).fold(datum, |datum, step| self.follow(formula, datum, *step))
    }

    fn root(&self, formula: &Formula, root: &Formula, steps: &[Step<'_>]) -> Resolved {
        let Kind::Name(name) = &root.kind else {
            return Resolved { datum: self.evaluate(root), taken: 0 };
        };
        if let Some(datum) = self.bound(name) {
            return Resolved { datum: datum.clone(), taken: 0 };
        }
        self.scope.resolve(self, formula, name, steps).unwrap_or_else(|| Resolved {
            datum: self.failure(formula, format!("nothing here is called {name}")),
            taken: steps.len(),
        })
    }

    /// The member or element of `datum` that `step` names.
    pub(crate) fn follow(&self, formula: &Formula, datum: Datum, step: Step<'_>) -> Datum {
        let index = match step {
            Step::Member(name) => Datum::text(name),
            Step::Index(index) => self.evaluate(index),
        };
        if let Datum::Hole(hole) = &datum {
            let name = index.to_key();
            let known = hole.known.iter().find(|(known, _)| name.as_ref() == Some(known));
            return known.map_or_else(|| self.hole_like(formula, hole), |(_, datum)| datum.clone());
        }
        if let Some(hole) = index.first_hole() {
            return self.only(datum).unwrap_or_else(|| self.hole_like(formula, &hole));
        }
        let found = match datum {
            Datum::Map(mut entries) => index.to_key().and_then(|key| {
                let same = |other: &&String| self.scope.ignores_case() && other.eq_ignore_ascii_case(&key);
                let exact = entries.remove(&key);
                exact.or_else(|| entries.keys().find(same).cloned().and_then(|key| entries.remove(&key)))
            }),
            Datum::List(mut items) => {
                position(&index).filter(|at| *at < items.len()).map(|at| items.swap_remove(at))
            }
            Datum::Null | Datum::Bool(_) | Datum::Number(_) | Datum::Text(_) | Datum::Hole(_) => None,
        };
        let name = index.to_key().unwrap_or_default();
        found.unwrap_or_else(|| self.failure(formula, format!("`{name}` is not in it")))
    }

    /// The element that any index means, where all elements are the same.
    fn only(&self, datum: Datum) -> Option<Datum> {
        let items: Vec<Datum> = match datum {
            Datum::Map(entries) => entries.into_values().collect(),
            Datum::List(items) => items,
            Datum::Null | Datum::Bool(_) | Datum::Number(_) | Datum::Text(_) | Datum::Hole(_) => return None,
        };
        let first = items.first()?;
        items.iter().all(|item| item.same(first) == Some(true)).then(|| first.clone())
    }

    /// Every element of `source`, with `tail` followed from it.
    pub(super) fn splat(&self, source: &Formula, tail: &Formula) -> Datum {
        let items = match self.evaluate(source) {
            Datum::List(items) => items,
            Datum::Null => Vec::new(),
            Datum::Hole(hole) if hole.known.is_empty() => return self.hole_like(source, &hole),
            one @ (Datum::Bool(_) | Datum::Number(_) | Datum::Text(_) | Datum::Map(_) | Datum::Hole(_)) => {
                vec![one]
            }
        };
        Datum::List(items.iter().map(|item| self.with("*", item).evaluate(tail)).collect())
    }
}

/// A whole number from zero.
fn position(index: &Datum) -> Option<usize> {
    index.to_key()?.parse().ok()
}
