//! Turns JSON values into formulas: texts in brackets are expressions, all else stands for itself.

use std::sync::Arc;

use jsonc_parser::{
    ast::{Object, ObjectProp, Value as Json},
    common::{Range, Ranged},
};

use super::expression;
use crate::{
    text::{Source, Span},
    trust::read::{
        formula::{Call, Comprehension, Formula, Gather, Kind},
        template::copy_index_of,
    },
};

/// A JSON file under conversion.
#[derive(Clone, Copy)]
pub(super) struct Document<'a> {
    pub(super) source: &'a Arc<Source>,
    /// Bytes of the byte order mark before the text that was parsed.
    pub(super) shift: usize,
}

impl Document<'_> {
    pub(super) fn span(&self, range: Range) -> Span {
        Span::new(range.start + self.shift, range.end + self.shift)
    }

    /// The formula of a value.
    pub(super) fn formula(&self, value: &Json<'_>) -> Formula {
        let span = self.span(value.range());
        let kind = match value {
            Json::NullKeyword(_) => Kind::Null,
            Json::BooleanLit(literal) => Kind::Bool(literal.value),
            Json::NumberLit(literal) => literal.value.parse().map_or(Kind::Opaque, Kind::Number),
            Json::StringLit(literal) => return self.text(&literal.value, span),
            Json::Array(array) => {
                Kind::List(array.elements.iter().map(|element| self.formula(element)).collect())
            }
            Json::Object(object) => self.object(object),
        };
        Formula::new(span, kind)
    }

    fn object(&self, object: &Object<'_>) -> Kind {
        let entries = object.properties.iter().flat_map(|property| {
            let span = self.span(property.range);
            let key = Formula::new(span, Kind::Text(property.name.as_str().to_owned()));
            let copies = self.copies(property);
            if copies.is_empty() { vec![(key, self.formula(&property.value))] } else { copies }
        });
        Kind::Object(entries.collect())
    }

    /// The properties that `"copy": [{"name": ..., "count": ..., "input": ...}]` makes beside it.
    ///
    /// Source: <https://learn.microsoft.com/azure/azure-resource-manager/templates/copy-properties>.
    pub(super) fn copies(&self, property: &ObjectProp<'_>) -> Vec<(Formula, Formula)> {
        let loops = property.value.as_array().filter(|_| property.name.as_str().eq_ignore_ascii_case("copy"));
        let loops = loops.into_iter().flat_map(|loops| &loops.elements).filter_map(Json::as_object);
        loops.filter_map(|one| self.copied(one)).collect()
    }

    fn copied(&self, one: &Object<'_>) -> Option<(Formula, Formula)> {
        let span = self.span(one.range);
        let name = one.get_string("name")?.value.to_string();
        let of = |name: &str| one.get(name).map(|property| self.formula(&property.value));
        let arguments = vec![Formula::new(span, Kind::Number(0.0)), of("count")?];
        let over = Formula::new(span, Kind::Call(Call { name: "range".into(), arguments, expand: false }));
        let list = Comprehension {
            key_name: None,
            value_name: copy_index_of(&name),
            over,
            key: None,
            value: of("input")?,
            condition: None,
            gather: Gather::Single,
        };
        Some((Formula::new(span, Kind::Text(name)), Formula::new(span, Kind::For(Box::new(list)))))
    }

    /// Source: <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-expressions>, `[[` escapes.
    fn text(&self, text: &str, span: Span) -> Formula {
        if let Some(rest) = text.strip_prefix("[[") {
            return Formula::new(span, Kind::Text(format!("[{rest}")));
        }
        match text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            Some(inner) => {
                // The places inside an expression are told only where the file spells it without escapes.
                let plain = self.source.slice(Span::new(span.start + 2, span.end.saturating_sub(2))) == inner;
                expression::parse(inner, plain.then_some(span.start + 2), span)
            }
            None => Formula::new(span, Kind::Text(text.to_owned())),
        }
    }
}
