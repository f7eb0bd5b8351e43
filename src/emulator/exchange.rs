//! The token endpoint: every check Entra makes on a client-credentials request, in Entra's order as far as it is known.
//!
//! Source: request and answer, <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow>.
//! Assumed: the order of the checks before the credentials are looked at.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    assertion, judgement, own_certificate,
    refused::Refused,
    registered::RegisteredCertificate,
    state::{State, StoredCredential, Tenant},
    world::World,
};
use crate::{
    id::TenantId,
    secret::Assertion,
    trust::{Credential, Home},
};

/// Which of the two token endpoints was asked; they differ in how the resource is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    /// `resource=`
    One,
    /// `scope=`
    Two,
}

type Form = BTreeMap<String, String>;

/// Answers a token request with the body of a success.
pub(super) async fn exchange(
    world: &World,
    tenant: &str,
    version: Version,
    form: &Form,
) -> Result<Value, Refused> {
    grant(form)?;
    let client = field(form, "client_id")?;
    let resource = resource(version, form)?;
    let identity = {
        let state = world.state();
        let tenant = known_tenant(&state, tenant)?;
        known_resource(&state, &resource, tenant)?;
        identity(&state, tenant, client)?
    };
    let assertion = presented_assertion(form)?;
    if let Some(claims) = own_certificate::claims(&assertion) {
        let Identity { tenant, certificates, .. } = &identity;
        let application = own_certificate::Application { client, tenant, certificates };
        own_certificate::verify(world, &application, &assertion, &claims)?;
        return access_token(world, &identity, client, &resource);
    }
    if identity.credentials.is_empty() {
        return Err(Refused::new(
            70_025,
            format!("The client '{client}'({}) has no federated identity credentials.", identity.name),
        ));
    }
    let presented = assertion::verify(world, &assertion, &identity.credentials).await?;
    judgement::judge(&presented, &identity.credentials)?;
    access_token(world, &identity, client, &resource)
}

/// The identity that signs in.
struct Identity {
    tenant: Tenant,
    name: String,
    object: String,
    credentials: Vec<Credential>,
    certificates: Vec<RegisteredCertificate>,
    lifetime: i64,
}

fn grant(form: &Form) -> Result<(), Refused> {
    match field(form, "grant_type")? {
        "client_credentials" => Ok(()),
        other => Err(Refused::new(70_003, format!("The grant type '{other}' is not served here."))),
    }
}

fn field<'a>(form: &'a Form, name: &str) -> Result<&'a str, Refused> {
    form.get(name).map(String::as_str).filter(|value| !value.is_empty()).ok_or_else(|| {
        Refused::new(900_144, format!("The request body must contain the following parameter: '{name}'."))
    })
}

fn resource(version: Version, form: &Form) -> Result<String, Refused> {
    match version {
        Version::One => field(form, "resource").map(str::to_owned),
        Version::Two => {
            let scope = field(form, "scope")?;
            let bare = scope.strip_suffix("/.default").filter(|resource| !resource.contains(' '));
            bare.map(str::to_owned).ok_or_else(|| {
                Refused::new(
                    1_002_012,
                    format!("The scope {scope} is not one resource followed by /.default."),
                )
            })
        }
    }
}

fn known_tenant<'a>(state: &'a State, name: &str) -> Result<&'a Tenant, Refused> {
    if name.parse::<TenantId>().is_err() {
        return Err(Refused::new(
            900_023,
            format!("The tenant identifier '{name}' is neither a GUID nor a domain."),
        ));
    }
    state.tenant(name).ok_or_else(|| {
        Refused::new(
            90_002,
            format!("Tenant '{name}' not found. Check the tenant id and the cloud that is asked."),
        )
    })
}

fn known_resource(state: &State, resource: &str, tenant: &Tenant) -> Result<(), Refused> {
    let same = |known: &String| known.trim_end_matches('/') == resource.trim_end_matches('/');
    if state.resources.is_empty() || state.resources.iter().any(same) {
        return Ok(());
    }
    Err(Refused::new(
        500_011,
        format!("The resource principal named {resource} was not found in the tenant named {}.", tenant.id),
    ))
}

fn identity(state: &State, tenant: &Tenant, client: &str) -> Result<Identity, Refused> {
    let here = |named: &str, id: &str| state.lives_in(named, tenant) && id.eq_ignore_ascii_case(client);
    if let Some(app) = state.applications.iter().find(|app| here(&app.tenant, &app.client_id)) {
        if !app.service_principal {
            let text = format!(
                "The client application {client} has no service principal in the tenant {}.",
                tenant.id
            );
            return Err(Refused::new(7_000_229, text));
        }
        return Ok(Identity {
            tenant: tenant.clone(),
            name: app.name.clone(),
            object: app.object_id.clone(),
            credentials: StoredCredential::all_valid(&app.credentials, Home::Application),
            certificates: app.certificates.clone(),
            lifetime: 3_599,
        });
    }
    if let Some(managed) = state.identities.iter().find(|one| here(&one.tenant, &one.client_id)) {
        return Ok(Identity {
            tenant: tenant.clone(),
            name: managed.name.clone(),
            object: managed.principal_id.clone(),
            credentials: StoredCredential::all_valid(&managed.credentials, Home::ManagedIdentity),
            certificates: Vec::new(),
            lifetime: 86_399,
        });
    }
    Err(Refused::new(
        700_016,
        format!("Application with identifier '{client}' was not found in the directory '{}'.", tenant.id),
    ))
}

fn presented_assertion(form: &Form) -> Result<Assertion, Refused> {
    let assertion = form.get("client_assertion").filter(|text| !text.is_empty()).ok_or_else(|| {
        Refused::new(7_000_216, "A 'client_assertion' is required for the 'client_credentials' grant type.")
    })?;
    field(form, "client_assertion_type")?;
    Ok(Assertion::new(assertion.clone()))
}

/// Source: managed identities get tokens of about 24 hours, applications of about one, README of Azure/login.
fn access_token(world: &World, identity: &Identity, client: &str, resource: &str) -> Result<Value, Refused> {
    let now = world.now();
    let claims = json!({
        "aud": resource,
        "iss": format!("{}/{}/", world.base(), identity.tenant.id),
        "iat": now,
        "nbf": now,
        "exp": now + identity.lifetime,
        "appid": client,
        "idtyp": "app",
        "oid": identity.object,
        "sub": identity.object,
        "tid": identity.tenant.id,
        "ver": "1.0",
    });
    let token = world.key().sign(&claims).map_err(|error| Refused::new(50_000, error.to_string()))?;
    Ok(json!({
        "token_type": "Bearer",
        "expires_in": identity.lifetime,
        "ext_expires_in": identity.lifetime,
        "access_token": token,
    }))
}
