//! The JSON body that creates a credential, with holes where the script does not tell a part.

use jsonc_parser::{
    CollectOptions, ParseOptions,
    ast::{Object, Value as Json},
    common::Ranged,
    parse_to_ast,
};

use super::Traced;
use crate::{
    text::{Located, Place},
    trust::{
        Draft, Home, Value,
        read::{Reading, Skipped},
    },
};

/// What the command around a body says about the credential.
#[derive(Clone, Debug)]
pub(in crate::trust::read) struct Owner {
    pub(in crate::trust::read) home: Home,
    pub(in crate::trust::read) parent: Option<Traced>,
    /// The name that the command or the URL gives.
    pub(in crate::trust::read) name: Option<Traced>,
    /// The whole command.
    pub(in crate::trust::read) place: Place,
}

/// Reads the credentials of a body: one object, or a list of them. A body that is not known or no JSON is skipped with its reason.
pub(in crate::trust::read) fn drafts_of_body(body: &Traced, owner: &Owner) -> Reading {
    if let Some((name, reason)) = body.as_hole() {
        return Reading::skip(
            owner.place.clone(),
            format!("the credential is in `{name}`, which is not known: {reason}"),
        );
    }
    let text = body.marked();
    let options = ParseOptions {
        allow_comments: true,
        allow_trailing_commas: true,
        allow_single_quoted_strings: true,
        ..ParseOptions::default()
    };
    let parsed = match parse_to_ast(&text, &CollectOptions::default(), &options) {
        Ok(parsed) => parsed,
        Err(error) => {
            let place = body.cut(error.range().start, text.len()).place(&owner.place);
            let why = error.kind().to_string().to_lowercase();
            return Reading::skip(place, format!("the credential is no valid JSON: {why}"));
        }
    };
    let mut reading = Reading::default();
    match &parsed.value {
        Some(Json::Object(object)) => read_object(body, object, owner, &mut reading),
        Some(Json::Array(list)) => {
            for object in list.elements.iter().filter_map(Json::as_object) {
                read_object(body, object, owner, &mut reading);
            }
        }
        Some(Json::StringLit(_) | Json::NumberLit(_) | Json::BooleanLit(_) | Json::NullKeyword(_)) | None => {
            reading.skipped.push(Skipped {
                place: owner.place.clone(),
                reason: "the body holds no object".into(),
                broken: false,
            });
        }
    }
    reading
}

fn read_object(body: &Traced, outer: &Object<'_>, owner: &Owner, reading: &mut Reading) {
    let inner = field(outer, "properties").and_then(Json::as_object).unwrap_or(outer);
    let text = |object, name| field(object, name).and_then(|value| literal(body, value, &owner.place));
    let mut draft = Draft::new(owner.place.clone(), owner.home);
    draft.parent = owner.parent.as_ref().map(|parent| parent.located(&owner.place));
    draft.name = text(outer, "name").or_else(|| owner.name.as_ref().map(|name| name.located(&owner.place)));
    draft.issuer = text(inner, "issuer");
    draft.subject = text(inner, "subject");
    draft.description = text(inner, "description");
    let expression = field(inner, "claimsMatchingExpression").and_then(Json::as_object);
    draft.expression = expression.and_then(|object| text(object, "value"));
    draft.audiences = match field(inner, "audiences").or_else(|| field(inner, "audience")) {
        Some(Json::Array(list)) => {
            list.elements.iter().filter_map(|value| literal(body, value, &owner.place)).collect()
        }
        Some(other) => literal(body, other, &owner.place).into_iter().collect(),
        None => Vec::new(),
    };
    reading.drafts.push(draft);
}

fn field<'o, 't>(object: &'o Object<'t>, name: &str) -> Option<&'o Json<'t>> {
    let found = object.properties.iter().find(|property| property.name.as_str().eq_ignore_ascii_case(name));
    found.map(|property| &property.value)
}

fn literal(body: &Traced, value: &Json<'_>, fallback: &Place) -> Option<Located<Value>> {
    let text = value.as_string_lit()?;
    let range = value.range();
    let raw = body.cut(range.start + 1, range.end.saturating_sub(1));
    Some(raw.decoded(&text.value).located(fallback))
}
