//! Reads what `terraform show -json` prints of a plan or a state, and state files of version 4.
//!
//! Source: <https://developer.hashicorp.com/terraform/internals/json-format>.

use std::sync::Arc;

use jsonc_parser::{
    CollectOptions, ParseOptions,
    ast::{Object, Value as Json},
    parse_to_ast,
};

use super::{mentions_credentials, written::Written};
use crate::{
    text::{Place, Source, Span, Tree},
    trust::{
        Home,
        read::{Format, Reading},
    },
};

/// A plan or a state of Terraform as JSON.
pub(in crate::trust::read) const FORMAT: Format =
    Format { name: "Terraform plan or state", refers: false, accepts, read };

fn accepts(_: &str, text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim_start().starts_with('{')
        && text.contains("\"terraform_version\"")
        && mentions_credentials(text)
}

fn read(_: &Tree, source: &Arc<Source>) -> Reading {
    let text = source.text().strip_prefix('\u{feff}').unwrap_or(source.text());
    let shift = source.text().len() - text.len();
    let parsed = match parse_to_ast(text, &CollectOptions::default(), &ParseOptions::default()) {
        Ok(parsed) => parsed,
        Err(error) => {
            let at = error.range().start + shift;
            let reason = format!("not valid JSON: {}", error.kind().to_string().to_lowercase());
            return Reading::broken(Place::new(source, Span::new(at, at)), reason);
        }
    };
    let mut reading = Reading::default();
    if let Some(document) = parsed.value.as_ref().and_then(Json::as_object) {
        let document = Document { source, shift, configuration: configuration(document), root: document };
        document.read(&mut reading);
    }
    reading
}

fn configuration<'o, 't>(document: &'o Object<'t>) -> Option<&'o Object<'t>> {
    document.get_object("configuration")?.get_object("root_module")
}

struct Document<'o, 't> {
    source: &'o Arc<Source>,
    shift: usize,
    root: &'o Object<'t>,
    /// The root module's configuration, which only plans have.
    configuration: Option<&'o Object<'t>>,
}

impl<'o, 't> Document<'o, 't> {
    fn read(&self, reading: &mut Reading) {
        for holder in ["planned_values", "values"] {
            let module = self.root.get_object(holder).and_then(|values| values.get_object("root_module"));
            if let Some(module) = module {
                self.module(module, holder == "planned_values", 0, reading);
                return;
            }
        }
        for resource in objects(self.root, "resources") {
            self.state(resource, reading);
        }
    }

    fn module(&self, module: &'o Object<'t>, planned: bool, depth: usize, reading: &mut Reading) {
        for resource in objects(module, "resources") {
            let address = text(resource, "address").unwrap_or_default();
            if let (Some("managed"), Some(values)) = (text(resource, "mode"), resource.get_object("values")) {
                let kind = text(resource, "type").unwrap_or_default();
                self.credential(kind, address, values, resource, planned, reading);
            }
        }
        for child in objects(module, "child_modules").filter(|_| depth < 32) {
            self.module(child, planned, depth + 1, reading);
        }
    }

    /// A resource of a state file: one instance for each copy.
    fn state(&self, resource: &'o Object<'t>, reading: &mut Reading) {
        if text(resource, "mode") != Some("managed") {
            return;
        }
        let (kind, name) =
            (text(resource, "type").unwrap_or_default(), text(resource, "name").unwrap_or_default());
        let module = text(resource, "module").map_or_else(String::new, |module| format!("{module}."));
        for instance in objects(resource, "instances") {
            if let Some(attributes) = instance.get_object("attributes") {
                self.credential(
                    kind,
                    &format!("{module}{kind}.{name}"),
                    attributes,
                    instance,
                    false,
                    reading,
                );
            }
        }
    }

    fn credential(
        &self,
        kind: &str,
        address: &str,
        values: &'o Object<'t>,
        around: &Object<'t>,
        planned: bool,
        reading: &mut Reading,
    ) {
        let mentions = |field: &str| {
            text(values, field)
                .is_some_and(|text| text.to_ascii_lowercase().contains("/federatedidentitycredentials"))
        };
        let home = match kind {
            "azuread_application_federated_identity_credential"
            | "azuread_application_flexible_federated_identity_credential" => Home::Application,
            "azurerm_federated_identity_credential" => Home::ManagedIdentity,
            "azapi_resource" if mentions("type") => Home::ManagedIdentity,
            "msgraph_resource" if mentions("url") => Home::Application,
            _ => return,
        };
        let referred = self.configuration.and_then(|module| parent_reference(module, address));
        let written = Written { source: self.source, shift: self.shift, address, values, planned, referred };
        let place = Place::new(
            self.source,
            Span::new(around.range.start + self.shift, around.range.end + self.shift),
        );
        reading.drafts.push(written.draft(place, home, kind));
    }
}

fn text<'o>(object: &'o Object<'_>, name: &str) -> Option<&'o str> {
    object.get_string(name).map(|literal| literal.value.as_ref())
}

fn objects<'o, 't>(object: &'o Object<'t>, name: &str) -> impl Iterator<Item = &'o Object<'t>> {
    object.get_array(name).into_iter().flat_map(|array| array.elements.iter().filter_map(Json::as_object))
}

/// The object that the configuration of the resource at `address` names as its parent, with the modules around it.
fn parent_reference(root: &Object<'_>, address: &str) -> Option<String> {
    let mut module = root;
    let mut rest = address;
    let mut around = String::new();
    while let Some(inner) = rest.strip_prefix("module.") {
        let (call, behind) = inner.split_once('.')?;
        let name = call.split('[').next()?;
        module = module.get_object("module_calls")?.get_object(name)?.get_object("module")?;
        around = format!("{around}module.{call}.");
        rest = behind;
    }
    let plain = rest.split('[').next()?;
    let resource = objects(module, "resources").find(|resource| text(resource, "address") == Some(plain))?;
    let expressions = resource.get_object("expressions")?;
    let names = ["application_id", "application_object_id", "user_assigned_identity_id", "parent_id", "url"];
    let references = names.iter().find_map(|name| expressions.get_object(name)?.get_array("references"))?;
    let first = references.elements.iter().find_map(Json::as_string_lit)?;
    let object = first.value.split('.').take(2).collect::<Vec<_>>().join(".");
    Some(format!("{around}{object}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(text: &str) -> Reading {
        let source = Source::new("plan.json", text);
        assert!(accepts(source.path(), source.text()));
        super::read(&Tree::default(), &source)
    }

    #[test]
    fn a_plan_tells_values_and_what_is_known_only_after_apply() {
        let plan = r#"{"format_version":"1.2","terraform_version":"1.9.0","planned_values":{"root_module":{"child_modules":[{"address":"module.m[\"a\"]","resources":[
            {"address":"module.m[\"a\"].azurerm_federated_identity_credential.x","mode":"managed","type":"azurerm_federated_identity_credential","name":"x",
             "values":{"name":"n","issuer":"https://i","audience":["api://a"]}}]}]}},
            "configuration":{"root_module":{"module_calls":{"m":{"module":{"resources":[{"address":"azurerm_federated_identity_credential.x","expressions":{"parent_id":{"references":["azurerm_user_assigned_identity.i.id","azurerm_user_assigned_identity.i"]}}}]}}}}}}"#;
        let reading = reading(plan);
        let [draft] = reading.drafts.as_slice() else { panic!("{reading:?}") };
        assert_eq!(draft.issuer.as_ref().unwrap().place.text(), "https://i");
        assert!(draft.subject.as_ref().unwrap().value.to_string().ends_with("credential.x.subject}"));
        assert_eq!(
            draft.parent.as_ref().unwrap().value.text(),
            Some("module.m[\"a\"].azurerm_user_assigned_identity.i")
        );
    }

    #[test]
    fn a_body_of_any_type_is_read_and_what_a_plan_does_not_tell_of_it_is_a_hole() {
        let kind = "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2023-01-31";
        let body = r#"{"properties":{"issuer":"i","subject":"s","audiences":["a"]}}"#;
        let state = format!(
            r#"{{"version":4,"terraform_version":"1.9.0","resources":[{{"mode":"managed","type":"azapi_resource","name":"y","instances":[
              {{"attributes":{{"type":"{kind}","name":"z","parent_id":"/p","body":{{"value":{body},"type":["object",{{}}]}}}}}}]}}]}}"#
        );
        assert_eq!(reading(&state).drafts[0].subject.as_ref().unwrap().value.text(), Some("s"));
        let plan = |body: &str| {
            format!(
                r#"{{"format_version":"1.2","terraform_version":"1.9.0","planned_values":{{"root_module":{{"resources":[{{"address":"azapi_resource.y",
                "mode":"managed","type":"azapi_resource","name":"y","values":{{"type":"{kind}","name":"z"{body}}}}}]}}}}}}"#
            )
        };
        let shown = |text: &str| reading(text).drafts[0].subject.as_ref().unwrap().value.to_string();
        assert_eq!(shown(&plan(&format!(",\"body\":{body}"))), "s");
        let unknown = r#","body":{"properties":{"issuer":"i"}}"#;
        assert_eq!(shown(&plan("")), "{azapi_resource.y.subject}");
        assert_eq!(shown(&plan(unknown)), "{azapi_resource.y.subject}");
    }

    #[test]
    fn a_state_file_tells_every_instance() {
        let state = r#"{"version":4,"terraform_version":"1.9.0","resources":[
            {"mode":"managed","type":"azuread_application_federated_identity_credential","name":"x","instances":[
              {"index_key":"a","attributes":{"display_name":"n","issuer":"i","subject":"s","audiences":["a"],"application_id":"/applications/1","description":""}}]},
            {"mode":"managed","type":"azapi_resource","name":"y","instances":[
              {"attributes":{"type":"Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2023-01-31","name":"z","parent_id":"/p",
               "body":"{\"properties\":{\"issuer\":\"i\",\"subject\":\"t\",\"audiences\":[\"a\"]}}"}}]},
            {"mode":"data","type":"azuread_application","name":"q","instances":[]}]}"#;
        let reading = reading(state);
        let subjects: Vec<&str> =
            reading.drafts.iter().filter_map(|draft| draft.subject.as_ref()?.value.text()).collect();
        assert_eq!(subjects, ["s", "t"]);
        assert_eq!(reading.drafts[0].parent.as_ref().unwrap().value.text(), Some("/applications/1"));
        assert_eq!(reading.drafts[1].name.as_ref().unwrap().value.text(), Some("z"));
    }
}
