//! The copies that `for_each` and `count` make of a block.

use std::collections::BTreeMap;

use crate::trust::read::formula::{Datum, Environment, Formula, Hole, Kind};

/// What `each` and `count` mean in one copy of a block, and the index in its address.
#[derive(Clone, Debug, Default)]
pub(super) struct Copy {
    pub(super) index: String,
    pub(super) each: Option<Datum>,
    pub(super) count: Option<Datum>,
}

const MOST_COPIES: usize = 2000;
const TOO_MANY: &str = "there are more than 2,000 copies, which are not gone through";

/// One copy for each element; one with unknowns where the collection is not known.
pub(super) fn each_copy(env: &Environment<'_>, over: &Formula) -> Vec<Copy> {
    let pair = |key: &Datum, value: &Datum| {
        Datum::Map(BTreeMap::from([("key".to_owned(), key.clone()), ("value".to_owned(), value.clone())]))
    };
    match few(env, over, env.evaluate(over)) {
        Datum::Map(entries) => entries
            .into_iter()
            .map(|(key, value)| Copy {
                each: Some(pair(&Datum::text(&key), &value)),
                index: key,
                count: None,
            })
            .collect(),
        Datum::List(items) => items
            .into_iter()
            .map(|item| Copy {
                index: item.to_key().unwrap_or_default(),
                each: Some(pair(&item, &item)),
                count: None,
            })
            .collect(),
        Datum::Null => Vec::new(),
        other @ (Datum::Bool(_) | Datum::Number(_) | Datum::Text(_) | Datum::Hole(_)) => {
            let cause =
                other.first_hole().map_or_else(|| "for_each is no collection".to_owned(), |hole| hole.reason);
            let hole = |name: &str| Datum::Hole(Hole::new(name, &cause, env.place(over)));
            vec![Copy {
                index: ANY.into(),
                each: Some(pair(&hole("each.key"), &hole("each.value"))),
                count: None,
            }]
        }
    }
}

/// The copies that `{for ...}` makes where not every key is known; none where that is not what is unknown.
pub(super) fn keyed_copies(env: &Environment<'_>, over: &Formula) -> Vec<Copy> {
    let entries = env.entries(over).filter(|entries| entries.len() <= MOST_COPIES).unwrap_or_default();
    let copies = entries.into_iter().map(|(key, value)| Copy {
        index: key.to_value().map(|shown| shown.to_string()).unwrap_or_default(),
        each: Some(Datum::Map(BTreeMap::from([("key".to_owned(), key), ("value".to_owned(), value)]))),
        count: None,
    });
    copies.collect()
}

/// `var.enabled ? {...} : {}`: if there are any, they are these. None for anything else.
pub(super) fn optional_copies(env: &Environment<'_>, over: &Formula) -> Vec<Copy> {
    let Kind::Choice(choice) = &over.kind else { return Vec::new() };
    let is_none = |branch: &Formula| {
        let datum = env.evaluate(branch);
        datum == Datum::Null || datum == Datum::List(Vec::new()) || datum == Datum::Map(BTreeMap::new())
    };
    match (is_none(&choice.yes), is_none(&choice.no)) {
        (false, true) => each_copy(env, &choice.yes),
        (true, false) => each_copy(env, &choice.no),
        _ => Vec::new(),
    }
}

/// The index of the one copy that stands for an unknown number.
const ANY: &str = "*";

impl Copy {
    /// Whether it stands for an unknown number of copies.
    pub(super) fn is_any(&self) -> bool {
        self.index == ANY
    }

    /// Whether its key or its position is known.
    pub(super) fn is_certain(&self) -> bool {
        let known = |bound: &Option<Datum>, name: &str| match bound {
            Some(Datum::Map(entries)) => entries.get(name).and_then(Datum::to_key).is_some(),
            _ => true,
        };
        known(&self.each, "key") && known(&self.count, "index")
    }
}

/// The collection, unless it has more elements than are gone through.
fn few(env: &Environment<'_>, over: &Formula, collection: Datum) -> Datum {
    let many = match &collection {
        Datum::Map(entries) => entries.len(),
        Datum::List(items) => items.len(),
        Datum::Null | Datum::Bool(_) | Datum::Number(_) | Datum::Text(_) | Datum::Hole(_) => 0,
    };
    if many > MOST_COPIES { env.hole(over, TOO_MANY) } else { collection }
}

/// As many copies as `count` says; one with unknowns where it is not known.
#[expect(clippy::cast_precision_loss, reason = "counts are small")]
pub(super) fn counted_copies(env: &Environment<'_>, count: &Formula) -> Vec<Copy> {
    let index = |at: Datum| Some(Datum::Map(BTreeMap::from([("index".to_owned(), at)])));
    let datum = env.evaluate(count);
    match datum.to_key().and_then(|text| text.parse::<usize>().ok()) {
        Some(many) if many > MOST_COPIES => {
            vec![Copy { index: ANY.into(), each: None, count: index(env.hole(count, TOO_MANY)) }]
        }
        Some(many) => (0..many)
            .map(|at| Copy { index: at.to_string(), each: None, count: index(Datum::Number(at as f64)) })
            .collect(),
        None => {
            // `var.enabled ? 1 : 0`: if it is there at all, it is the first.
            let optional = matches!(count.kind, Kind::Choice(_));
            let cause =
                datum.first_hole().map_or_else(|| "count is no number".to_owned(), |hole| hole.reason);
            let at = if optional {
                Datum::Number(0.0)
            } else {
                Datum::Hole(Hole::new("count.index", cause, env.place(count)))
            };
            vec![Copy { index: "0".into(), each: None, count: index(at) }]
        }
    }
}
