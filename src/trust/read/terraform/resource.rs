//! Makes drafts of the resources that define credentials.

use super::{copies::Copy, instance::Instance, module::Block};
use crate::{
    text::Located,
    trust::{
        Draft, Home, Provider, Value, WriteOrder, Writing,
        read::{
            Reading, Skipped,
            body::{Body, parent, text},
            formula::{Datum, Formula, Kind, Step, Written},
        },
    },
};

/// What a draft costs beside the values in it.
const DRAFT_COST: usize = 10;

/// The drafts of one block; none of a block that defines no credential.
pub(super) fn read(instance: &Instance<'_>, block: &Block) -> Reading {
    let mut reading = Reading::default();
    let Some(home) = home(block).filter(|_| block.keyword == "resource") else { return reading };
    let copies = instance.copies(block, 0);
    if copies.is_empty() && !instance.fuel.was_short() {
        let reason =
            format!("{}.{} has no copy: its collection is empty here", block.label(0), block.label(1));
        reading.skipped.push(Skipped { place: block.place.clone(), reason });
    }
    for copy in copies {
        if !instance.fuel.burn(DRAFT_COST) {
            break;
        }
        let maker = Maker { instance, block, copy: &copy };
        reading.drafts.push(maker.draft(home));
    }
    reading
}

/// Why a credential is not there, in a module of which no call makes a copy.
pub(super) fn unused(block: &Block) -> Option<Skipped> {
    home(block).filter(|_| block.keyword == "resource")?;
    let reason =
        format!("{}.{} has no copy: no call of its module makes one", block.label(0), block.label(1));
    Some(Skipped { place: block.place.clone(), reason })
}

/// What owns the credentials that this type of resource makes; none for other types.
fn home(block: &Block) -> Option<Home> {
    let mentions = |attribute: &str, word: &str| {
        block
            .attributes
            .get(attribute)
            .is_some_and(|written| written.place().text().to_ascii_lowercase().contains(word))
    };
    match block.label(0) {
        "azuread_application_federated_identity_credential"
        | "azuread_application_flexible_federated_identity_credential" => Some(Home::Application),
        "azurerm_federated_identity_credential" => Some(Home::ManagedIdentity),
        "azapi_resource" if mentions("type", "/federatedidentitycredentials@") => Some(Home::ManagedIdentity),
        "msgraph_resource" if mentions("url", "federatedidentitycredentials") => Some(Home::Application),
        _ => None,
    }
}

struct Maker<'a> {
    instance: &'a Instance<'a>,
    block: &'a Block,
    copy: &'a Copy,
}

impl Maker<'_> {
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
        let datum = self.instance.within(&written.source, self.copy, 0, |env| env.evaluate(formula));
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
