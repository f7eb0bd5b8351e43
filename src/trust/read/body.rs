//! A credential as its management interface takes it: the object that azapi, msgraph, Bicep and ARM templates all write.

use std::collections::BTreeMap;

use super::formula::Datum;
use crate::{
    text::{Located, Place},
    trust::{Draft, TextPart, Value},
};

/// The texts of a request body.
pub(super) struct Body {
    texts: BTreeMap<&'static str, Located<Value>>,
    audiences: Vec<Located<Value>>,
}

const TEXTS: [&str; 4] = ["name", "issuer", "subject", "description"];

impl Body {
    /// Takes the body apart: flat as Graph has it, or with `properties` as ARM has it. `place_of` tells where a path of
    /// keys is written.
    pub(super) fn new(datum: &Datum, place_of: &dyn Fn(&[&str]) -> Place) -> Self {
        let mut body = Self { texts: BTreeMap::new(), audiences: Vec::new() };
        body.take(datum, &[], place_of);
        body
    }

    /// Fills what the draft does not say yet.
    pub(super) fn fill(mut self, draft: &mut Draft) {
        let mut fill = |slot: &mut Option<Located<Value>>, key: &str| {
            if slot.is_none() {
                *slot = self.texts.remove(key);
            }
        };
        fill(&mut draft.name, "name");
        fill(&mut draft.issuer, "issuer");
        fill(&mut draft.subject, "subject");
        fill(&mut draft.description, "description");
        fill(&mut draft.expression, "value");
        if draft.audiences.is_empty() {
            draft.audiences = self.audiences;
        }
    }

    fn take(&mut self, datum: &Datum, path: &[&str], place_of: &dyn Fn(&[&str]) -> Place) {
        let Datum::Map(entries) = datum else {
            if let Datum::Hole(hole) = datum {
                let value = |place: &Place| {
                    Located::new(Value::hole(&hole.name, &hole.reason, hole.place.clone()), place.clone())
                };
                let place = place_of(path);
                self.texts.insert("issuer", value(&place));
                self.texts.insert("subject", value(&place));
                self.audiences = vec![value(&place)];
            }
            return;
        };
        let below = |key: &'static str| [path, &[key]].concat();
        for key in TEXTS {
            if let Some(text) = entries.get(key).and_then(|datum| text(datum, &place_of(&below(key)))) {
                self.texts.insert(key, text);
            }
        }
        if let Some(Datum::Map(expression)) = entries.get("claimsMatchingExpression") {
            let place = place_of(&[path, &["claimsMatchingExpression", "value"]].concat());
            if let Some(value) = expression.get("value").and_then(|datum| text(datum, &place)) {
                self.texts.insert("value", value);
            }
        }
        self.take_audiences(entries.get("audiences"), &place_of(&below("audiences")));
        if let Some(properties) = entries.get("properties") {
            self.take(properties, &below("properties"), place_of);
        }
    }

    fn take_audiences(&mut self, datum: Option<&Datum>, place: &Place) {
        match datum {
            Some(Datum::List(items)) => {
                self.audiences = items.iter().filter_map(|item| text(item, place)).collect()
            }
            Some(other) => self.audiences = text(other, place).into_iter().collect(),
            None => {}
        }
    }
}

/// A text at `place`; null is none, a list or an object is a hole.
pub(super) fn text(datum: &Datum, place: &Place) -> Option<Located<Value>> {
    if *datum == Datum::Null {
        return None;
    }
    let value = datum
        .to_value()
        .unwrap_or_else(|| Value::hole(place.text(), "it is a list or an object, not a text", place.clone()));
    Some(Located::new(value, place.clone()))
}

/// The identity that `datum` names: its id, or the address of the object that will have one. `around` makes addresses unique.
pub(super) fn parent(datum: &Datum, around: &str) -> Option<Value> {
    if let Datum::Hole(hole) = datum
        && let Some(reference) = &hole.reference
    {
        return Some(Value::known(reference));
    }
    datum.to_value().filter(|_| *datum != Datum::Null).map(|value| owner(value, around))
}

/// `/applications/{app.object_id}` is as good as the object's address, and so is the address of a collection below it.
fn owner(value: Value, around: &str) -> Value {
    if let Some(text) = value.text() {
        return Value::known(text.trim_end_matches("/federatedIdentityCredentials"));
    }
    let mut holes = value.parts.iter().filter_map(|part| match part {
        TextPart::Text(_) => None,
        TextPart::Hole { name, reason, .. } => Some((name, reason)),
    });
    match (holes.next(), holes.next()) {
        (Some((name, reason)), None)
            if ["after apply", "looked up", "not defined here", "after deployment"]
                .iter()
                .any(|word| reason.contains(word)) =>
        {
            let object = name.rsplit_once('.').map_or(name.as_str(), |(object, _)| object);
            Value::known(format!("{around}{object}"))
        }
        _ => value,
    }
}
