//! One resource of a plan or state, as a draft.

use std::{collections::BTreeMap, sync::Arc};

use jsonc_parser::{
    ast::{Object, Value as Json},
    common::Ranged,
};

use crate::{
    text::{Located, Place, Source, Span},
    trust::{
        Draft, Home, Value,
        read::{
            body::{Body, text},
            formula::{Datum, parse_json},
        },
    },
};

/// The values of a resource.
pub(super) struct Written<'o, 't> {
    pub(super) source: &'o Arc<Source>,
    /// Bytes of the byte order mark before the text that was parsed.
    pub(super) shift: usize,
    pub(super) address: &'o str,
    pub(super) values: &'o Object<'t>,
    /// Whether a value that is not there is one that only apply will tell.
    pub(super) planned: bool,
    /// The parent as the configuration names it.
    pub(super) referred: Option<String>,
}

impl Written<'_, '_> {
    /// The draft at `place` of a resource of type `kind`.
    pub(super) fn draft(&self, place: Place, home: Home, kind: &str) -> Draft {
        let flexible = kind.contains("_flexible_");
        let later = |name: &str, wanted: bool| {
            let name = format!("{}.{name}", self.address);
            let hole = || Value::hole(name, "it is known only after apply", place.clone());
            (wanted && self.planned).then(|| Located::new(hole(), place.clone()))
        };
        let mut draft = Draft::new(place.clone(), home);
        draft.name = self.first(&["display_name", "name"]);
        draft.issuer = self.first(&["issuer"]);
        draft.subject = self.first(&["subject"]);
        draft.expression = self.first(&["claims_matching_expression"]);
        draft.description = self.first(&["description"]).filter(|text| text.value.text() != Some(""));
        draft.audiences = self.audiences();
        if let Some(property) = self.values.get("body") {
            let encoded = property.value.as_string_lit();
            let datum = encoded.map_or_else(
                || untyped(datum(&property.value)),
                |literal| parse_json(&literal.value).unwrap_or(Datum::Null),
            );
            let place = self.place(&property.value);
            Body::new(&datum, &|_| place.clone()).fill(&mut draft);
        }
        let matched = draft.subject.is_some() || draft.expression.is_some();
        draft.issuer = draft.issuer.or_else(|| later("issuer", true));
        draft.subject = draft.subject.or_else(|| later("subject", !matched && !flexible));
        draft.expression =
            draft.expression.or_else(|| later("claims_matching_expression", !matched && flexible));
        if draft.audiences.is_empty() {
            draft.audiences.extend(later("audiences", true));
        }
        draft.parent = self.parent(&place);
        draft
    }

    fn parent(&self, place: &Place) -> Option<Located<Value>> {
        let known = self.first(&[
            "application_id",
            "application_object_id",
            "user_assigned_identity_id",
            "parent_id",
            "url",
        ]);
        let known = known.map(|located| {
            located.map(|value| match value.text() {
                Some(text) => Value::known(text.trim_end_matches("/federatedIdentityCredentials")),
                None => value,
            })
        });
        known.or_else(|| Some(Located::new(Value::known(self.referred.as_ref()?), place.clone())))
    }

    fn first(&self, names: &[&str]) -> Option<Located<Value>> {
        let property = names.iter().find_map(|name| {
            self.values.get(name).filter(|property| property.value.as_null_keyword().is_none())
        })?;
        text(&datum(&property.value), &self.place(&property.value))
    }

    fn audiences(&self) -> Vec<Located<Value>> {
        let Some(property) = self.values.get("audiences").or_else(|| self.values.get("audience")) else {
            return Vec::new();
        };
        match property.value.as_array() {
            Some(array) => array
                .elements
                .iter()
                .filter_map(|element| text(&datum(element), &self.place(element)))
                .collect(),
            None => text(&datum(&property.value), &self.place(&property.value)).into_iter().collect(),
        }
    }

    /// Of a text, what stands between the quotes.
    fn place(&self, value: &Json<'_>) -> Place {
        let range = value.range();
        let margin = usize::from(matches!(value, Json::StringLit(_)));
        let (start, end) = (range.start + self.shift + margin, range.end + self.shift - margin);
        Place::new(self.source, Span::new(start, end.max(start)))
    }
}

/// A state keeps a value of any type with its type: `{"type": [...], "value": {...}}`.
///
/// Source: <https://pkg.go.dev/github.com/zclconf/go-cty/cty/json#Marshal>, on values of a dynamic type.
fn untyped(datum: Datum) -> Datum {
    let Datum::Map(entries) = &datum else { return datum };
    let typed = entries.get("value").filter(|_| entries.len() == 2 && entries.contains_key("type"));
    typed.cloned().unwrap_or(datum)
}

fn datum(value: &Json<'_>) -> Datum {
    match value {
        Json::NullKeyword(_) => Datum::Null,
        Json::BooleanLit(literal) => Datum::Bool(literal.value),
        Json::NumberLit(literal) => literal.value.parse().map_or(Datum::Null, Datum::Number),
        Json::StringLit(literal) => Datum::text(literal.value.as_ref()),
        Json::Array(array) => Datum::List(array.elements.iter().map(datum).collect()),
        Json::Object(object) => {
            let entries = object.properties.iter();
            let entries = entries.map(|property| (property.name.as_str().to_owned(), datum(&property.value)));
            Datum::Map(entries.collect::<BTreeMap<_, _>>())
        }
    }
}
