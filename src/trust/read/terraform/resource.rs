//! Makes drafts of the resources that define credentials.

use super::{copies::Copy, instance::Instance, module::Block};
use crate::{
    text::Located,
    trust::{
        Draft, Home, Provider, Value, WriteOrder, Writing,
        read::{
            Reading, Skipped,
            body::{Body, parent, text},
            formula::{Datum, Formula, Kind, Step, Written, json_of},
        },
    },
};

/// What stands in the type and in the url of a credential, in small letters.
const COLLECTION: &str = "federatedidentitycredentials";

/// What `az ad app` and `az identity` call it.
pub(super) const COMMAND: &str = "federated-credential ";

/// What a draft costs beside the values in it.
const DRAFT_COST: usize = 10;

/// The drafts of one block; none of a block that defines no credential.
pub(super) fn read(instance: &Instance<'_>, block: &Block) -> Reading {
    let mut reading = Reading::default();
    if block.keyword != "resource" {
        return reading;
    }
    let skip = |reason: String| {
        let reason = format!("{}.{} {reason}", block.label(0), block.label(1));
        Skipped { place: block.place.clone(), reason, broken: false }
    };
    let maker = |copy| Maker { instance, block, copy };
    let any = Copy::default();
    let Some(home) = home(block).filter(|_| maker(&any).is_credential() != Some(false)) else {
        reading.skipped.extend(elsewhere(block).map(|reason| skip(reason.to_owned())));
        return reading;
    };
    let copies = instance.copies(block, 0);
    if copies.is_empty() && !instance.fuel.was_short() && names_one(block) {
        reading.skipped.push(skip("has no copy: its collection is empty here".to_owned()));
    }
    for copy in &copies {
        match maker(copy).is_credential() {
            Some(true) if !instance.fuel.burn(DRAFT_COST) => break,
            Some(true) => reading.drafts.push(maker(copy).draft(home)),
            None if looks_like_one(block) => {
                reading.skipped.push(skip("may be a credential: its type is not known".to_owned()));
                break;
            }
            Some(false) | None => {}
        }
    }
    reading
}

/// Why a credential is not there, in a module of which no call makes a copy.
pub(super) fn unused(block: &Block) -> Option<Skipped> {
    home(block).filter(|_| block.keyword == "resource" && names_one(block))?;
    let reason =
        format!("{}.{} has no copy: no call of its module makes one", block.label(0), block.label(1));
    Some(Skipped { place: block.place.clone(), reason, broken: false })
}

/// What owns the credentials that this type of resource makes; none for other types.
fn home(block: &Block) -> Option<Home> {
    match block.label(0) {
        "azuread_application_federated_identity_credential"
        | "azuread_application_flexible_federated_identity_credential"
        | "msgraph_resource" => Some(Home::Application),
        "azurerm_federated_identity_credential" | "azapi_resource" => Some(Home::ManagedIdentity),
        _ => None,
    }
}

/// The argument of a resource of any type that tells its type.
fn kind_of(block: &Block) -> Option<&Written> {
    match block.label(0) {
        "azapi_resource" => block.attributes.get("type"),
        "msgraph_resource" => block.attributes.get("url"),
        _ => None,
    }
}

fn is_of_any_type(block: &Block) -> bool {
    matches!(block.label(0), "azapi_resource" | "msgraph_resource")
}

/// Whether the block itself names credentials.
fn names_one(block: &Block) -> bool {
    let named = |kind: &Written| kind.place().text().to_ascii_lowercase().contains(COLLECTION);
    kind_of(block).is_none_or(named) || looks_like_one(block)
}

fn looks_like_one(block: &Block) -> bool {
    let body = block.attributes.get("body").map(Written::place);
    body.is_some_and(|body| body.text().contains("issuer") && body.text().contains("subject"))
}

/// Why credentials that a block makes by other means are not read.
fn elsewhere(block: &Block) -> Option<&'static str> {
    let text = block.place.text();
    if block.label(0).ends_with("template_deployment") && text.to_ascii_lowercase().contains(COLLECTION) {
        Some("deploys credentials with a template, which is not read")
    } else if text.contains("local-exec") && text.contains(COMMAND) {
        Some("runs a command on credentials, which is not read")
    } else {
        None
    }
}

struct Maker<'a> {
    instance: &'a Instance<'a>,
    block: &'a Block,
    copy: &'a Copy,
}

impl Maker<'_> {
    /// Whether the copy is a credential, by the type that its arguments tell; none where that is not known.
    fn is_credential(&self) -> Option<bool> {
        let Some(kind) = kind_of(self.block) else { return Some(!is_of_any_type(self.block)) };
        let value = self.value(kind).to_value()?;
        match value.to_string().to_ascii_lowercase().contains(COLLECTION) {
            true => Some(true),
            false => value.text().map(|_| false),
        }
    }

    fn draft(&self, home: Home) -> Draft {
        let mut draft = Draft::new(self.block.place.clone(), home);
        draft.name = self.text(&["display_name", "name"]);
        draft.issuer = self.text(&["issuer"]);
        draft.subject = self.text(&["subject"]);
        draft.expression = self.text(&["claims_matching_expression"]);
        draft.description = self.text(&["description"]);
        draft.audiences = self.texts(&["audiences", "audience"]);
        draft.parent = self.parent();
        if let Some(body) = self.block.attributes.get("body") {
            let body = self.body(body);
            body.fill(&mut draft);
        }
        draft.writing = self.writing();
        draft
    }

    fn value(&self, written: &Written) -> Datum {
        self.instance.within(&written.source, self.copy, 0, |env| env.evaluate(&written.formula))
    }

    fn text(&self, names: &[&str]) -> Option<Located<Value>> {
        let written = self.block.first(names)?;
        located(written, &written.formula, &self.value(written))
    }

    fn texts(&self, names: &[&str]) -> Vec<Located<Value>> {
        let Some(written) = self.block.first(names) else { return Vec::new() };
        if let Kind::List(items) = &written.formula.kind
            && !items.iter().any(|item| matches!(item.kind, Kind::Spread(_)))
        {
            return items
                .iter()
                .filter_map(|item| {
                    let datum = self.instance.within(&written.source, self.copy, 0, |env| env.evaluate(item));
                    located(written, item, &datum)
                })
                .collect();
        }
        match self.value(written) {
            Datum::List(items) => {
                items.iter().filter_map(|item| located(written, &written.formula, item)).collect()
            }
            one @ (Datum::Null
            | Datum::Bool(_)
            | Datum::Number(_)
            | Datum::Text(_)
            | Datum::Map(_)
            | Datum::Hole(_)) => located(written, &written.formula, &one).into_iter().collect(),
        }
    }

    /// The identity: an id that is known, or the address of the object that will have it.
    fn parent(&self) -> Option<Located<Value>> {
        let names =
            ["application_id", "application_object_id", "user_assigned_identity_id", "parent_id", "url"];
        let written = self.block.first(&names)?;
        let place = written.formula.inside(&written.source);
        Some(Located::new(parent(&self.value(written), &self.instance.address)?, place))
    }

    fn body(&self, written: &Written) -> Body {
        // The providers take the body as an object, older ones as JSON text made with jsonencode().
        let encoded = written.formula.call_of("jsonencode").and_then(|call| call.arguments.first());
        let formula = encoded.unwrap_or(&written.formula);
        let datum = self.instance.within(&written.source, self.copy, 0, |env| {
            let datum = env.evaluate(formula);
            let Datum::Text(value) = &datum else { return datum };
            json_of(value).unwrap_or_else(|_| env.hole(formula, "it is no JSON that can be read here"))
        });
        let place_of = |path: &[&str]| {
            let found = path.iter().try_fold(formula, |formula, key| formula.entry(key)).unwrap_or(formula);
            found.inside(&written.source)
        };
        Body::new(&datum, &place_of)
    }

    fn writing(&self) -> Writing {
        let kind = self.block.label(0);
        let name = kind.split('_').next().unwrap_or(kind);
        let module = self.instance.module;
        // Source: hashicorp/terraform-provider-azurerm, changelog of 3.40.0: the provider locks the identity.
        let order = match kind {
            "azapi_resource" if !self.waits() => WriteOrder::Concurrent,
            _ => WriteOrder::Serial,
        };
        Writing {
            provider: Some(Provider { name: name.into(), version: module.providers.get(name).cloned() }),
            region: self.region(),
            order,
        }
    }

    /// Whether a lock, or another credential that is named in `depends_on`, makes this one wait for its turn.
    fn waits(&self) -> bool {
        let attribute = |name| self.block.attributes.get(name);
        let alone = attribute("for_each").or_else(|| attribute("count")).is_none();
        let waits =
            attribute("depends_on").is_some_and(|written| written.place().text().contains("azapi_resource."));
        attribute("locks").is_some() || (alone && waits)
    }

    /// The location of the identity, where the parent is a resource of this module.
    fn region(&self) -> Option<Located<Value>> {
        let written = self.block.first(&["user_assigned_identity_id", "parent_id"])?;
        let (kind, name) = object(&written.formula)?;
        let identity = self.instance.module.resource("resource", kind, name)?;
        let location = identity.attributes.get("location")?;
        let datum = self.instance.attribute(identity, "location", &Copy::default(), 0)?;
        located(location, &location.formula, &datum)
    }
}

/// The type and name of the object that a reference such as `azurerm_user_assigned_identity.x[0].id` starts from.
fn object(formula: &Formula) -> Option<(&str, &str)> {
    let (target, step) = formula.last_step()?;
    match (&target.kind, step) {
        (Kind::Name(kind), Step::Member(name)) => Some((kind, name)),
        _ => object(target),
    }
}

fn located(written: &Written, formula: &Formula, datum: &Datum) -> Option<Located<Value>> {
    text(datum, &formula.inside(&written.source))
}
