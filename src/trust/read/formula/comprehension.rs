//! `[for ...]`, `{for ...}` and the text directive `%{ for }`.

use std::collections::BTreeMap;

use super::{Comprehension, Datum, Environment, Formula, Gather, Kind, LongText};

impl Environment<'_> {
    /// The list, object or text that `rule` makes.
    pub(super) fn comprehension(&self, formula: &Formula, rule: &Comprehension) -> Datum {
        match self.keyed(formula, rule) {
            Ok(keyed) => self.gather(formula, rule, keyed),
            Err(unknown) => unknown,
        }
    }

    /// The keys and elements that `{for ...}` makes, also where not every key is known: no two of them may be equal, so each
    /// counts. None for anything else.
    pub(crate) fn entries(&self, formula: &Formula) -> Option<Vec<(Datum, Datum)>> {
        let Kind::For(rule) = &formula.kind else { return None };
        if rule.gather != Gather::Single {
            return None;
        }
        let keyed = self.keyed(formula, rule).ok()?;
        keyed.into_iter().map(|(key, value)| Some((key?, value))).collect()
    }

    fn keyed(&self, formula: &Formula, rule: &Comprehension) -> Result<Vec<(Option<Datum>, Datum)>, Datum> {
        let pairs = self.pairs(&rule.over)?;
        let mut keyed: Vec<(Option<Datum>, Datum)> = Vec::new();
        for (key, value) in &pairs {
            let with_key = self.with(rule.key_name.as_deref().unwrap_or(""), key);
            let inside = with_key.with(&rule.value_name, value);
            let taken = rule.condition.as_ref().map(|condition| inside.evaluate(condition));
            match taken.as_ref().map(|taken| (taken.truth(), taken.first_hole())) {
                None | Some((Some(true), _)) => {
                    keyed.push((
                        rule.key.as_ref().map(|key| inside.evaluate(key)),
                        inside.evaluate(&rule.value),
                    ));
                }
                Some((Some(false), _)) => {}
                Some((None, Some(hole))) => return Err(self.hole_like(formula, &hole)),
                Some((None, None)) => {
                    return Err(self.failure(formula, "the condition is neither true nor false"));
                }
            }
        }
        Ok(keyed)
    }

    fn gather(&self, formula: &Formula, rule: &Comprehension, keyed: Vec<(Option<Datum>, Datum)>) -> Datum {
        let mut map: BTreeMap<String, Datum> = BTreeMap::new();
        let mut list = Vec::new();
        for (key, value) in keyed {
            let Some(key) = key else {
                list.push(value);
                continue;
            };
            let Some(name) = key.to_key() else {
                return match key.first_hole() {
                    Some(hole) => self.hole_like(formula, &hole),
                    None => self.failure(formula, "a key is no text"),
                };
            };
            match (rule.gather, map.get_mut(&name)) {
                (Gather::Grouped, Some(Datum::List(group))) => group.push(value),
                (Gather::Grouped, _) => drop(map.insert(name, Datum::List(vec![value]))),
                (Gather::Single | Gather::Joined, _) => drop(map.insert(name, value)),
            }
        }
        match (rule.key.is_some(), rule.gather) {
            (true, _) => Datum::Map(map),
            (false, Gather::Joined) => self.joined(formula, &list),
            (false, Gather::Single | Gather::Grouped) => Datum::List(list),
        }
    }

    /// All texts as one.
    pub(super) fn joined(&self, formula: &Formula, texts: &[Datum]) -> Datum {
        let mut whole = LongText::default();
        for text in texts {
            if let Some(reason) = self.scope.unwritten(text) {
                return self.hole(formula, reason);
            }
            let Some(value) = text.to_value() else {
                return self.failure(formula, "a list or an object cannot be part of a text");
            };
            if whole.push(value).is_err() {
                return self.hole(formula, LongText::TOO_LONG);
            }
        }
        whole.finish()
    }

    /// The keys and elements of a collection: positions for a list.
    pub(crate) fn pairs(&self, over: &Formula) -> Result<Vec<(Datum, Datum)>, Datum> {
        match self.evaluate(over) {
            Datum::List(items) => Ok(numbered(items)),
            Datum::Map(entries) => {
                Ok(entries.into_iter().map(|(key, value)| (Datum::text(key), value)).collect())
            }
            Datum::Null => Ok(Vec::new()),
            Datum::Hole(hole) => Err(self.hole_like(over, &hole)),
            Datum::Bool(_) | Datum::Number(_) | Datum::Text(_) => {
                Err(self.failure(over, "it is no collection"))
            }
        }
    }
}

/// Elements with their positions.
#[expect(clippy::cast_precision_loss, reason = "positions in a file are small")]
fn numbered(items: Vec<Datum>) -> Vec<(Datum, Datum)> {
    items.into_iter().enumerate().map(|(at, item)| (Datum::Number(at as f64), item)).collect()
}
