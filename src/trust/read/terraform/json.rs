//! Terraform's JSON syntax, read into the same blocks: every text is a template.
//!
//! Source: <https://developer.hashicorp.com/terraform/language/syntax/json>, <https://opentofu.org/docs/language/syntax/json/>.

use std::sync::Arc;

use hcl_edit::{expr::Expression, template::Template};
use jsonc_parser::{
    CollectOptions, ParseOptions,
    ast::{Object, ObjectPropName, StringLit, Value as Json},
    common::{Range, Ranged},
    parse_to_ast,
};

use super::{convert, directive, module::Block};
use crate::{
    text::{Place, Source, Span},
    trust::read::{
        Skipped,
        formula::{Formula, Kind, Written},
    },
};

/// The blocks of a file; `locals` and `required_providers` are blocks with attributes alone.
pub(super) fn blocks(source: &Arc<Source>) -> Result<Vec<Block>, Skipped> {
    let parsed = parse_to_ast(source.text(), &CollectOptions::default(), &ParseOptions::default());
    let parsed = parsed.map_err(|error| Skipped {
        place: Place::new(source, span(error.range())),
        reason: format!("not valid JSON: {}", error.kind().to_string().to_lowercase()),
        broken: true,
    })?;
    let mut found = Found { source, blocks: Vec::new() };
    for object in parsed.value.iter().flat_map(objects) {
        for property in &object.properties {
            let keyword = property.name.as_str();
            let labels = match keyword {
                "resource" | "data" => 2,
                "module" | "variable" | "output" => 1,
                _ => 0,
            };
            if keyword == "terraform" {
                for required in objects(&property.value).filter_map(|object| object.get("required_providers"))
                {
                    found.take("required_providers", 0, &[], &required.value, required.range);
                }
            } else {
                found.take(keyword, labels, &[], &property.value, property.range);
            }
        }
    }
    Ok(found.blocks)
}

struct Found<'a> {
    source: &'a Arc<Source>,
    blocks: Vec<Block>,
}

impl Found<'_> {
    /// Objects inside each other until every label has its name; then each is a block.
    fn take(&mut self, keyword: &str, left: usize, labels: &[&str], value: &Json<'_>, range: Range) {
        let listed = value.as_array().is_some();
        for object in objects(value) {
            if left > 0 {
                for property in &object.properties {
                    let labels = [labels, &[property.name.as_str()]].concat();
                    self.take(keyword, left - 1, &labels, &property.value, property.range);
                }
                continue;
            }
            let attributes = object.properties.iter().map(|property| {
                let name = property.name.as_str();
                let formula = match (keyword, name) {
                    ("variable", "type") => self.kind(&property.value),
                    ("variable", _) => self.formula(&property.value, false),
                    _ => self.formula(&property.value, true),
                };
                (name.to_owned(), Written { formula, source: Arc::clone(self.source) })
            });
            self.blocks.push(Block {
                keyword: keyword.to_owned(),
                labels: labels.iter().map(|label| (*label).to_owned()).collect(),
                place: Place::new(self.source, span(if listed { object.range } else { range })),
                attributes: attributes.collect(),
            });
        }
    }

    /// The formula of a value, in which texts are templates, or plain as in the default of a variable.
    fn formula(&self, value: &Json<'_>, templates: bool) -> Formula {
        let at = span(value.range());
        let kind = match value {
            Json::StringLit(text) if templates => return self.template(text),
            Json::StringLit(text) => Kind::Text(text.value.to_string()),
            Json::NullKeyword(_) => Kind::Null,
            Json::BooleanLit(literal) => Kind::Bool(literal.value),
            Json::NumberLit(literal) => literal.value.parse().map_or(Kind::Opaque, Kind::Number),
            Json::Array(array) => {
                Kind::List(array.elements.iter().map(|element| self.formula(element, templates)).collect())
            }
            Json::Object(object) => {
                let entries = object.properties.iter().map(|property| {
                    let key = match &property.name {
                        ObjectPropName::String(text) if templates => self.template(text),
                        name @ (ObjectPropName::String(_) | ObjectPropName::Word(_)) => {
                            Formula::new(span(property.range), Kind::Text(name.as_str().to_owned()))
                        }
                    };
                    (key, self.formula(&property.value, templates))
                });
                Kind::Object(entries.collect())
            }
        };
        Formula::new(at, kind)
    }

    fn template(&self, text: &StringLit<'_>) -> Formula {
        let whole = Span::new(0, text.value.len());
        let Ok(template) = text.value.parse::<Template>() else {
            return Formula::new(span(text.range), Kind::Opaque);
        };
        let mut pieces = directive::pieces(&template, whole);
        let alone = matches!(pieces.as_slice(), [one] if !matches!(one.kind, Kind::Text(_)));
        if let Some(one) = pieces.pop_if(|_| alone) {
            return one.moved(&self.in_file(text));
        }
        let formula = Formula::new(whole, Kind::Template(pieces)).moved(&self.in_file(text));
        Formula { span: span(text.range), ..formula }
    }

    /// The type of a variable: an expression in a text.
    fn kind(&self, value: &Json<'_>) -> Formula {
        let opaque = || Formula::new(span(value.range()), Kind::Opaque);
        let Some(text) = value.as_string_lit() else { return opaque() };
        let whole = Span::new(0, text.value.len());
        let parsed = text.value.parse::<Expression>();
        parsed.map_or_else(|_| opaque(), |kind| convert::formula(&kind, whole).moved(&self.in_file(text)))
    }

    /// Where parts of a text stand in the file, escapes counted. The text is gone through once, however many parts there are.
    fn in_file(&self, text: &StringLit<'_>) -> impl Fn(Span) -> Span + use<> {
        let start = text.range.start + 1;
        let raw = self.source.slice(Span::new(start, text.range.end.saturating_sub(1)));
        let offsets = raw_offsets(raw, &text.value);
        let end = raw.len();
        let offset = move |at: usize| start + offsets.get(at).map_or(end, |offset| end.min(*offset));
        move |part| Span::new(offset(part.start), offset(part.end))
    }
}

/// The offset in `raw`, which JSON escapes, of every offset in `text`.
fn raw_offsets(raw: &str, text: &str) -> Vec<usize> {
    let mut offsets = vec![0];
    let mut at = 0;
    for c in text.chars() {
        let rest = raw.get(at..).unwrap_or("");
        at += match (rest.starts_with("\\u"), rest.starts_with('\\')) {
            (true, _) => 6 * c.len_utf16(),
            (false, true) => 2,
            (false, false) => c.len_utf8(),
        };
        offsets.resize(offsets.len() + c.len_utf8(), at);
    }
    offsets
}

/// An object, or the objects of a list.
fn objects<'o, 't>(value: &'o Json<'t>) -> impl Iterator<Item = &'o Object<'t>> {
    let listed = value.as_array().into_iter().flat_map(|list| &list.elements).filter_map(Json::as_object);
    value.as_object().into_iter().chain(listed)
}

const fn span(range: Range) -> Span {
    Span::new(range.start, range.end)
}
