//! Parses an ARM template into parameters, variables, resources and nested templates.

use std::sync::Arc;

use jsonc_parser::{
    CollectOptions, ParseOptions,
    ast::{Array, Object, ObjectProp, Value as Json},
    common::Ranged,
    parse_to_ast,
};

use super::node::Document;
use crate::{
    text::{Place, Source, Span},
    trust::read::{
        formula::{Call, Formula, Kind},
        template::{Module, Repeat, Resource, Target, Template, argument_of, copy_index_of},
    },
};

/// Parses the file; an error says where it stops being JSON.
pub(in crate::trust::read) fn parse(source: &Arc<Source>) -> Result<Template, (Place, String)> {
    let text = source.text().strip_prefix('\u{feff}').unwrap_or(source.text());
    let document = Document { source, shift: source.text().len() - text.len() };
    let parsed =
        parse_to_ast(text, &CollectOptions::default(), &ParseOptions::default()).map_err(|error| {
            let reason = format!("not valid JSON: {}", error.kind().to_string().to_lowercase());
            (Place::new(source, document.span(error.range())), reason)
        })?;
    let object = parsed.value.as_ref().and_then(Json::as_object);
    Ok(object.map_or_else(|| Template::new(source), |object| template(document, object, 0)))
}

const DEEPEST: usize = 8;

fn template(document: Document<'_>, object: &Object<'_>, depth: usize) -> Template {
    let mut template = Template::new(document.source);
    if let Some(parameters) = object.get_object("parameters") {
        for property in &parameters.properties {
            let holder = property.value.as_object();
            let default = holder.and_then(|holder| holder.get("defaultValue"));
            let default = default.map(|default| document.formula(&default.value)).or_else(|| {
                let nullable = holder?.get_boolean("nullable").filter(|nullable| nullable.value)?;
                Some(Formula::new(document.span(nullable.range), Kind::Null))
            });
            template.parameters.insert(property.name.as_str().to_owned(), default);
        }
    }
    if let Some(variables) = object.get_object("variables") {
        for property in &variables.properties {
            for (name, list) in document.copies(property) {
                template.variables.extend(name.literal().map(|name| (name.to_owned(), list.clone())));
            }
            template.variables.insert(property.name.as_str().to_owned(), document.formula(&property.value));
        }
    }
    let namespaces = object.get_array("functions").into_iter().flat_map(|list| &list.elements);
    template.functions =
        namespaces.filter_map(Json::as_object).flat_map(|one| functions(document, one)).collect();
    if let Some(outputs) = object.get_object("outputs") {
        for property in &outputs.properties {
            if let Some(value) = property.value.as_object().and_then(|holder| holder.get("value")) {
                template.outputs.insert(property.name.as_str().to_owned(), document.formula(&value.value));
            }
        }
    }
    let mut collector = Collector { document, template, depth };
    if let Some(resources) = object.get("resources") {
        collector.resources(&resources.value, None);
    }
    collector.template
}

/// The functions of one namespace: their full names, the names of their arguments, what they return.
///
/// Source: <https://learn.microsoft.com/azure/azure-resource-manager/templates/user-defined-functions>.
fn functions(document: Document<'_>, namespace: &Object<'_>) -> Vec<(String, (Vec<String>, Formula))> {
    let space = namespace.get_string("namespace").map(|space| space.value.to_string()).unwrap_or_default();
    let members = namespace.get_object("members").into_iter().flat_map(|members| &members.properties);
    let function = |member: &ObjectProp<'_>| {
        let function = member.value.as_object()?;
        let arguments = function.get_array("parameters").into_iter().flat_map(|list| &list.elements);
        let names =
            arguments.filter_map(|one| Some(argument_of(&one.as_object()?.get_string("name")?.value)));
        let output = document.formula(&function.get_object("output")?.get("value")?.value);
        Some((format!("{space}.{}", member.name.as_str()), (names.collect(), output)))
    };
    members.filter_map(function).collect()
}

struct Collector<'a> {
    document: Document<'a>,
    template: Template,
    depth: usize,
}

impl Collector<'_> {
    /// Resources come as a list, or as an object whose keys are their names in the template.
    fn resources(&mut self, value: &Json<'_>, within: Option<&str>) {
        match value {
            Json::Array(Array { elements, .. }) => {
                for element in elements {
                    let symbol =
                        format!("resource {}", self.template.resources.len() + self.template.modules.len());
                    self.one(element, symbol, within);
                }
            }
            Json::Object(object) => {
                for property in &object.properties {
                    self.one(&property.value, property.name.as_str().to_owned(), within);
                }
            }
            Json::StringLit(_) | Json::NumberLit(_) | Json::BooleanLit(_) | Json::NullKeyword(_) => {}
        }
    }

    fn one(&mut self, value: &Json<'_>, symbol: String, within: Option<&str>) {
        let Some(object) = value.as_object() else { return };
        let kind = object.get_string("type").map(|kind| kind.value.to_string()).unwrap_or_default();
        let field = |name: &str| object.get(name).map(|property| self.document.formula(&property.value));
        let condition = field("condition");
        let repeat = object.get_object("copy").map(|copy| self.repeat(copy));
        let span = self.document.span(value.range());
        if kind.eq_ignore_ascii_case("Microsoft.Resources/deployments") {
            return self.deployment(
                object,
                Module {
                    symbol,
                    span,
                    target: Target::File(String::new()),
                    parameters: None,
                    condition,
                    repeat,
                },
            );
        }
        self.template.resources.push(Resource {
            symbol: symbol.clone(),
            kind,
            span,
            within: within.map(str::to_owned),
            existing: object.get_boolean("existing").is_some_and(|existing| existing.value),
            condition,
            repeat,
            body: self.document.formula(value),
        });
        if let Some(children) = object.get("resources") {
            self.resources(&children.value, Some(&symbol));
        }
    }

    fn repeat(&self, copy: &Object<'_>) -> Repeat {
        let span = self.document.span(copy.range);
        let count = copy.get("count").map(|count| self.document.formula(&count.value));
        let zero = Formula::new(span, Kind::Number(0.0));
        let arguments = vec![zero.clone(), count.unwrap_or(zero)];
        let over = Formula::new(span, Kind::Call(Call { name: "range".into(), arguments, expand: false }));
        let serial = copy.get_string("mode").is_some_and(|mode| mode.value.eq_ignore_ascii_case("serial"))
            && copy.get_number("batchSize").is_none_or(|size| size.value == "1");
        let position = copy.get_string("name").map(|name| copy_index_of(&name.value));
        Repeat { item: "copyIndex".into(), position, over, serial }
    }

    /// A nested deployment with its template in place; a linked one is far away.
    fn deployment(&mut self, object: &Object<'_>, mut module: Module) {
        let Some(properties) = object.get_object("properties") else { return };
        module.parameters = properties.get_object("parameters").map(|given| self.values(given));
        let inner = properties
            .get_object("expressionEvaluationOptions")
            .and_then(|options| options.get_string("scope"))
            .is_some_and(|scope| scope.value.eq_ignore_ascii_case("inner"));
        module.target = match properties.get_object("template") {
            Some(nested) if self.depth < DEEPEST => {
                let nested = Box::new(template(self.document, nested, self.depth + 1));
                if inner { Target::Inner(nested) } else { Target::Outer(nested) }
            }
            _ => {
                let link = properties.get_object("templateLink");
                let path = link.and_then(|link| link.get_string("relativePath"));
                Target::File(path.map_or_else(|| "a linked template".into(), |path| path.value.to_string()))
            }
        };
        self.template.modules.push(module);
    }

    /// `{"x": {"value": 1}}` as `{"x": 1}`.
    fn values(&self, given: &Object<'_>) -> Formula {
        let entries = given.properties.iter().filter_map(|property| {
            let value = property.value.as_object()?.get("value")?;
            let key = Formula::new(
                self.document.span(property.range),
                Kind::Text(property.name.as_str().to_owned()),
            );
            Some((key, self.document.formula(&value.value)))
        });
        Formula::new(Span::default(), Kind::Object(entries.collect()))
    }
}
