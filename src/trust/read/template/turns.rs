//! The turns of a loop around a resource or a module.

use super::{Repeat, deployment::Deployment};
use crate::{
    text::Place,
    trust::read::formula::{Datum, Hole},
};

/// What a loop binds in one turn.
#[derive(Clone, Debug, Default)]
pub(super) struct Turn {
    pub(super) bound: Vec<(String, Datum)>,
    pub(super) index: String,
}

const MOST_TURNS: usize = 1000;
const TOO_MANY: &str = "there are more than 1,000 turns, which are not gone through";

impl Deployment<'_> {
    /// The turns of a loop; one that binds nothing where there is no loop.
    pub(super) fn turns(&self, repeat: Option<&Repeat>) -> Vec<Turn> {
        let Some(repeat) = repeat else { return vec![Turn::default()] };
        let bind = |position: Datum, item: Datum| {
            let index = position.to_key().unwrap_or_else(|| "*".into());
            let mut bound = vec![(repeat.item.clone(), item)];
            bound.extend(repeat.position.clone().map(|name| (name, position)));
            Turn { bound, index }
        };
        let place = || Place::new(&self.template.source, repeat.over.span);
        let hole = |name: &str, reason: &str| Datum::Hole(Hole::new(name, reason, place()));
        let pairs = self.within(&[], 0, &|env| env.pairs(&repeat.over));
        let many = pairs.as_ref().map_or(1, Vec::len);
        let pairs = if many > MOST_TURNS { Err(hole("", TOO_MANY)) } else { pairs };
        // Without fuel nothing more is made; the reader says so.
        if !self.fuel.burn(many) {
            return Vec::new();
        }
        match pairs {
            Ok(pairs) => pairs.into_iter().map(|(at, item)| bind(at, item)).collect(),
            Err(unknown) => {
                let reason = unknown.first_hole().map(|hole| hole.reason).unwrap_or_default();
                let position = repeat.position.as_deref().unwrap_or("index");
                vec![bind(hole(position, &reason), hole(&repeat.item, &reason))]
            }
        }
    }
}
