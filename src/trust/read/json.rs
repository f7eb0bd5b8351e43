//! Reads what Graph, Azure Resource Manager and az print or take: listings, single credentials, request bodies.
//!
//! Source: <https://learn.microsoft.com/graph/api/resources/federatedidentitycredential>, and the output of
//! `az ad app federated-credential list` and `az identity federated-credential list` (azure-cli 2.91.0).

use std::sync::Arc;

use jsonc_parser::{
    CollectOptions, ParseOptions,
    ast::{Object, ObjectProp, Value as Json},
    common::{Range, Ranged},
    parse_to_ast,
};

use super::{Format, Reading, Skipped, placeholder};
use crate::{
    id::Guid,
    text::{Located, Place, Source, Span, Tree},
    trust::{Draft, Home, Value},
};

/// JSON of Graph, ARM and az.
pub(super) const FORMAT: Format =
    Format { name: "JSON of Graph, Azure Resource Manager or az", refers: false, accepts, read };

const BYTE_ORDER_MARK: char = '\u{feff}';

/// What stands in the resource id and the type of a credential, in lower case.
const CHILD: &str = "/federatedidentitycredentials";

fn accepts(path: &str, text: &str) -> bool {
    let text = text.trim_start_matches(BYTE_ORDER_MARK).trim();
    let named = path
        .rsplit_once('.')
        .is_some_and(|(_, end)| ["json", "jsonc"].iter().any(|known| end.eq_ignore_ascii_case(known)));
    (named || text.starts_with(['{', '['])) && (has_word(text, "issuer") || is_empty_listing(text))
}

fn has_word(text: &str, word: &str) -> bool {
    text.split('"').any(|piece| piece.eq_ignore_ascii_case(word))
}

fn is_empty_listing(text: &str) -> bool {
    let dense: String = text.chars().filter(|c| !c.is_whitespace()).take(500).collect();
    dense == "[]" || (dense.starts_with('{') && dense.contains("\"value\":[]"))
}

fn read(_: &Tree, source: &Arc<Source>) -> Reading {
    document(source, false)
}

/// Reads the listing that a service gave: its values are those that Entra holds, and nothing in them is filled in any more.
#[must_use]
pub fn listing(source: &Arc<Source>) -> Reading {
    document(source, true)
}

fn document(source: &Arc<Source>, held: bool) -> Reading {
    let text = source.text().strip_prefix(BYTE_ORDER_MARK).unwrap_or(source.text());
    let document = Document { source, shift: source.text().len() - text.len(), held };
    // A reader of definitions is no judge of commas: comments and a comma too many are common in checked-in files.
    let options = ParseOptions {
        allow_comments: true,
        allow_trailing_commas: true,
        allow_loose_object_property_names: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        ..ParseOptions::default()
    };
    match parse_to_ast(text, &CollectOptions::default(), &options) {
        Ok(parsed) => {
            let mut reading = Reading::default();
            if let Some(value) = &parsed.value {
                document.walk(value, &Around::default(), &mut reading);
            }
            reading
        }
        Err(error) => Reading::broken(
            document.place(error.range()),
            format!("not valid JSON: {}", error.kind().to_string().to_lowercase()),
        ),
    }
}

/// What the objects around a credential say about it.
#[derive(Clone, Default)]
struct Around {
    home: Home,
    parent: Option<Located<Value>>,
}

struct Document<'a> {
    source: &'a Arc<Source>,
    /// Bytes of the byte order mark before the text that was parsed.
    shift: usize,
    /// Whether Entra holds these values as they are written here.
    held: bool,
}

impl Document<'_> {
    fn place(&self, range: Range) -> Place {
        Place::new(self.source, Span::new(range.start + self.shift, range.end + self.shift))
    }

    /// Visits every object, because listings come bare, in `value`, in `properties`, or inside a larger dump.
    fn walk(&self, value: &Json<'_>, around: &Around, reading: &mut Reading) {
        match value {
            Json::Object(object) => self.object(object, around, reading),
            Json::Array(array) => {
                for element in &array.elements {
                    self.walk(element, around, reading);
                }
            }
            Json::StringLit(_) | Json::NumberLit(_) | Json::BooleanLit(_) | Json::NullKeyword(_) => {}
        }
    }

    fn object(&self, object: &Object<'_>, around: &Around, reading: &mut Reading) {
        let around = self.around(object, around);
        let within = Self { held: self.held || is_export(object), ..*self };
        let inner = field(object, "properties").and_then(|property| property.value.as_object());
        let named = is_named_as_one(object);
        if is_credential(object, named) {
            let draft = within.draft(object, object, &around, reading);
            reading.drafts.push(draft);
        } else if let Some(inner) = inner.filter(|inner| is_credential(inner, named)) {
            let draft = within.draft(object, inner, &around, reading);
            reading.drafts.push(draft);
        } else {
            for property in &object.properties {
                within.walk(&property.value, &around, reading);
            }
        }
    }

    fn around(&self, object: &Object<'_>, outer: &Around) -> Around {
        let mut around = outer.clone();
        let texts = object.properties.iter().filter_map(|property| {
            let text = property.value.as_string_lit()?;
            Some((property.name.as_str(), text.value.as_ref(), text.range))
        });
        for (name, text, range) in texts {
            let Some((home, parent)) = owner(name, text) else { continue };
            around.home = home;
            if let Some(parent) = parent {
                around.parent = Some(Located::new(Value::known(parent), self.place(range)));
            }
        }
        around
    }

    /// `outer` holds the name, `inner` what is compared; in the flat form they are one.
    fn draft(&self, outer: &Object<'_>, inner: &Object<'_>, around: &Around, reading: &mut Reading) -> Draft {
        let mut text = |object: &Object<'_>, names: &[&str]| self.text(object, names, reading);
        let mut draft = Draft::new(self.place(outer.range), around.home);
        draft.parent.clone_from(&around.parent);
        draft.id = text(outer, &["id"]);
        draft.name = text(outer, &["name"]).map(last_segment);
        draft.issuer = text(inner, &["issuer"]);
        draft.subject = text(inner, &["subject"]);
        draft.description = text(inner, &["description"]);
        draft.expression = expression(inner).and_then(|holder| text(holder, &["value"]));
        draft.expression_version =
            expression(inner).and_then(|holder| self.number(holder, "languageVersion"));
        draft.audiences = self.audiences(inner, reading);
        draft
    }

    fn text(&self, object: &Object<'_>, names: &[&str], reading: &mut Reading) -> Option<Located<Value>> {
        let property = names.iter().find_map(|name| field(object, name))?;
        self.literal(&property.value, reading)
    }

    fn number(&self, object: &Object<'_>, name: &str) -> Option<Located<Value>> {
        let number = field(object, name)?.value.as_number_lit()?;
        Some(Located::new(Value::known(number.value), self.place(number.range)))
    }

    fn audiences(&self, object: &Object<'_>, reading: &mut Reading) -> Vec<Located<Value>> {
        let Some(property) = field(object, "audiences").or_else(|| field(object, "audience")) else {
            return Vec::new();
        };
        match property.value.as_array() {
            Some(many) => many.elements.iter().filter_map(|one| self.literal(one, reading)).collect(),
            None => self.literal(&property.value, reading).into_iter().collect(),
        }
    }

    fn literal(&self, value: &Json<'_>, reading: &mut Reading) -> Option<Located<Value>> {
        match value {
            Json::StringLit(text) => {
                let quoted = text.range;
                let inside = Range::new(quoted.start + 1, quoted.end.saturating_sub(1).max(quoted.start + 1));
                let place = self.place(inside);
                let value = match self.held {
                    true => Value::known(text.value.as_ref()),
                    false => placeholder::value(&text.value, &place),
                };
                Some(Located::new(value, place))
            }
            Json::NullKeyword(_) => None,
            Json::NumberLit(_) | Json::BooleanLit(_) | Json::Object(_) | Json::Array(_) => {
                reading.skipped.push(Skipped {
                    place: self.place(value.range()),
                    reason: "not a text".into(),
                    broken: false,
                });
                None
            }
        }
    }
}

/// The property of that name, in any letter case: PowerShell's `ConvertTo-Json` writes `Issuer`.
fn field<'o, 't>(object: &'o Object<'t>, name: &str) -> Option<&'o ObjectProp<'t>> {
    object.properties.iter().find(|property| property.name.as_str().eq_ignore_ascii_case(name))
}

fn expression<'o, 't>(object: &'o Object<'t>) -> Option<&'o Object<'t>> {
    field(object, "claimsMatchingExpression")?.value.as_object()
}

/// Whether a service wrote this object, so that Entra holds what it says: Graph names the context of an answer, and an id that a
/// service has made stands in no definition.
fn is_export(object: &Object<'_>) -> bool {
    let text = |name| field(object, name)?.value.as_string_lit().map(|text| text.value.as_ref());
    let whole = |text: &&str| !placeholder::is_in(text);
    let of_graph = || ["name", "issuer", "audiences"].iter().all(|name| field(object, name).is_some());
    text("@odata.context").filter(whole).is_some()
        || text("id").filter(whole).is_some_and(|id| {
            let lower = id.to_ascii_lowercase();
            (lower.starts_with("/subscriptions/") && lower.contains(CHILD))
                || (of_graph() && id.parse::<Guid>().is_ok())
        })
}

/// Azure Resource Manager says what an object is by its id and its type.
fn is_named_as_one(object: &Object<'_>) -> bool {
    let said = ["id", "type"].into_iter().filter_map(|name| field(object, name)?.value.as_string_lit());
    said.into_iter().any(|text| text.value.to_ascii_lowercase().contains(CHILD))
}

/// An OIDC discovery document has an issuer too, and the settings of an application that takes tokens have issuer and audience.
fn is_credential(object: &Object<'_>, named: bool) -> bool {
    let has = |name| field(object, name).is_some_and(|property| property.value.as_null_keyword().is_none());
    let issuer = field(object, "issuer").and_then(|property| property.value.as_string_lit());
    let signs = [
        named,
        has("subject") || has("claimsMatchingExpression"),
        // One audience alone is also in samples of tokens and settings, which have no name.
        has("audiences") || (has("audience") && has("name")),
        issuer.is_some_and(|issuer| issuer.value.contains("://token.actions.")),
    ];
    has("issuer") && signs.into_iter().filter(|sign| *sign).count() >= 2
}

/// The Bicep Graph extension and ARM write `identity/credential` as the name of a child.
fn last_segment(name: Located<Value>) -> Located<Value> {
    name.map(|value| match value.text().and_then(|text| text.rsplit_once('/')) {
        Some((_, last)) => Value::known(last),
        None => value,
    })
}

/// What a property says about the home of the credentials below it, and their parent.
fn owner(property: &str, text: &str) -> Option<(Home, Option<String>)> {
    let lower = text.to_ascii_lowercase();
    match property.to_ascii_lowercase().as_str() {
        "id" if lower.starts_with("/subscriptions/") => {
            let parent = lower.find(CHILD).and_then(|at| text.get(..at));
            Some((Home::ManagedIdentity, parent.map(str::to_owned)))
        }
        "id" if text.parse::<Guid>().is_ok() => Some((Home::Application, None)),
        "type" if lower.starts_with("microsoft.managedidentity/") => Some((Home::ManagedIdentity, None)),
        "@odata.context" | "@odata.id" if lower.contains("applications") => {
            let parent = text.split_once("applications('").and_then(|(_, rest)| rest.split_once('\''));
            Some((Home::Application, parent.map(|(id, _)| id.to_owned())))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(text: &str) -> Reading {
        let source = Source::new("credentials.json", text);
        assert!(accepts(source.path(), source.text()));
        read(&Tree::default(), &source)
    }

    const GRAPH: &str = r#"{"@odata.context":"https://graph.microsoft.com/beta/$metadata#applications('app-1')/federatedIdentityCredentials","value":[
        {"id":"11111111-2222-3333-4444-555555555555","name":"deploy","issuer":"https://i","subject":"repo:o/r:pull_request","description":null,"audiences":["api://a"]},
        {"id":"11111111-2222-3333-4444-555555555556","name":"flex","issuer":"https://i","subject":null,"audiences":["api://a"],
         "claimsMatchingExpression":{"value":"claims['sub'] eq 'x'","languageVersion":1}}]}"#;

    const ARM: &str = r#"{"id":"/subscriptions/s/resourcegroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/me/federatedIdentityCredentials/fic",
        "name":"fic","type":"Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
        "properties":{"issuer":"https://i","subject":"s","audiences":["api://a"]}}"#;

    fn text(value: &Option<Located<Value>>) -> Option<String> {
        value.as_ref().map(|located| located.value.to_string())
    }

    #[test]
    fn settings_of_an_application_that_takes_tokens_are_no_credential() {
        let none = r#"{"Jwt": {"Issuer": "https://login.example", "Audience": "api"}, "package": {"issuer": "x", "subject": "y"}}"#;
        assert_eq!(reading(none), Reading::default());
        let token = r#"{"issuer": "https://i", "subject": "me", "audience": "x"}"#;
        assert_eq!(reading(token), Reading::default());
        let github = r#"{"issuer": "https://token.actions.githubusercontent.com", "subject": "repo:o/r:pull_request"}"#;
        assert_eq!(reading(github).drafts.len(), 1);
    }

    #[test]
    fn a_graph_listing_tells_home_parent_and_places() {
        let reading = reading(GRAPH);
        let [first, second] = reading.drafts.as_slice() else { panic!("{reading:?}") };
        assert_eq!(first.home, Home::Application);
        assert_eq!(text(&first.parent).as_deref(), Some("app-1"));
        assert_eq!(first.subject.as_ref().unwrap().place.text(), "repo:o/r:pull_request");
        assert_eq!(first.subject.as_ref().unwrap().place.start().line, 2);
        assert_eq!(first.description, None);
        assert_eq!(text(&second.expression).as_deref(), Some("claims['sub'] eq 'x'"));
        assert_eq!(second.subject, None);
    }

    #[test]
    fn arm_az_and_request_bodies_are_the_same_credential() {
        let flat = r#"[{"name":"fic","issuer":"https://i","subject":"s","audiences":["api://a"],"resourceGroup":"g"}]"#;
        let body = r#"{"Name":"fic","Issuer":"https://i","Subject":"s","Audience":["api://a"]}"#;
        for listing in
            [ARM, flat, body, &format!("{{\"value\":[{ARM}]}}"), &format!("\u{feff}{{\"value\":{body}}}")]
        {
            let reading = reading(listing);
            let [draft] = reading.drafts.as_slice() else { panic!("{listing}: {reading:?}") };
            assert_eq!(text(&draft.name).as_deref(), Some("fic"));
            assert_eq!(draft.subject.as_ref().unwrap().place.text(), "s");
            assert_eq!(draft.audiences.len(), 1);
        }
        let reading = reading(ARM);
        assert_eq!(reading.drafts[0].home, Home::ManagedIdentity);
        assert!(text(&reading.drafts[0].parent).unwrap().ends_with("/userAssignedIdentities/me"));
    }

    #[test]
    fn what_a_service_wrote_is_what_entra_holds_and_what_a_person_wrote_is_filled_in() {
        let odd = "repo:${GITHUB_REPOSITORY}:ref:refs/heads/main";
        let exported = [
            GRAPH.replace("repo:o/r:pull_request", odd),
            format!(
                r#"[{{"id":"11111111-2222-3333-4444-555555555555","name":"n","issuer":"https://i","subject":"{odd}","audiences":["a"]}}]"#
            ),
            ARM.replace(r#""subject":"s""#, &format!(r#""subject":"{odd}""#)),
        ];
        for text in &exported {
            assert_eq!(reading(text).drafts[0].subject.as_ref().unwrap().value.text(), Some(odd), "{text}");
        }
        let body = format!(r#"{{"name":"n","issuer":"https://i","subject":"{odd}","audiences":["a"]}}"#);
        let template = ARM.replace(r#""subject":"s""#, &format!(r#""subject":"{odd}""#));
        let template = template.replace("/subscriptions/s/", "/subscriptions/${SUBSCRIPTION}/");
        for text in [&body, &template] {
            assert_eq!(reading(text).drafts[0].subject.as_ref().unwrap().value.text(), None, "{text}");
        }
        let answer = listing(&Source::new("graph:1", body));
        assert_eq!(answer.drafts[0].subject.as_ref().unwrap().value.text(), Some(odd));
    }

    #[test]
    fn damage_is_told_with_its_place() {
        let reading = reading("{\n  \"issuer\": \"x\"\n  \"subject\": 1}");
        assert_eq!(reading.drafts, []);
        assert_eq!(reading.skipped[0].place.start().line, 2);
        assert!(reading.skipped[0].reason.starts_with("not valid JSON"), "{:?}", reading.skipped);
    }

    #[test]
    fn other_json_holds_no_credential_and_an_empty_listing_is_one() {
        assert!(!accepts("package.json", r#"{"name":"x"}"#));
        assert!(accepts("list.json", "[ ]"));
        let discovery = r#"{"issuer":"https://i","jwks_uri":"https://i/keys"}"#;
        assert_eq!(reading(discovery), Reading::default());
    }
}
