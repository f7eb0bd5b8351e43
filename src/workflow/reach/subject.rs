//! The subject of a job in a world.

use super::{
    evaluate::Asked,
    explore::Analysis,
    facts::Facts,
    name::{Name, parts_of},
    site::Frame,
    world::World,
};
use crate::{
    id::{Family, Part, SubjectShape},
    issuer::github::{Claims, Context, ContextRule, Escape, Prefix, Rendered, Template, render},
};

/// A subject, and whether the template could be filled.
pub(super) struct Presented {
    pub(super) shape: SubjectShape,
    pub(super) fillable: bool,
    pub(super) reference: Option<String>,
}

/// Keys of a template that need the ref.
const REF_KEYS: [&str; 4] = ["ref", "ref_type", "job_workflow_ref", "workflow_ref"];

/// Works out what a job with this environment presents.
pub(super) fn present(
    analysis: &Analysis<'_>,
    world: &World<'_>,
    frame: &Frame<'_>,
    environment: Option<Vec<Part>>,
) -> Asked<Presented> {
    let uncalled = world.trigger.is_none();
    let (template, prefix) = if uncalled {
        (Template::default(), Prefix::Hole("caller".to_owned()))
    } else {
        (analysis.facts.template.clone(), analysis.facts.prefix.clone())
    };
    let by_ref = world.event.context == ContextRule::Ref && environment.is_none() && template.holds_context();
    let needs_ref = by_ref || template.keys().iter().any(|key| REF_KEYS.contains(&key.as_str()));
    let reference = if needs_ref { world.reference()? } else { world.reference().unwrap_or(None) };
    let parts = reference.clone().unwrap_or_else(|| vec![Part::Hole("github.ref".to_owned())]);
    let context = Context::of(environment, world.event, parts.clone());
    let claims = match template.asks_for_claims() {
        true => claims(analysis.facts, &prefix, world, frame, &parts, &context),
        false => Claims::default(),
    };
    let rendered = render(&template, &prefix, &context, &claims, Escape::ColonOnly);
    let fillable = rendered.unfillable.is_empty();
    Ok(Presented {
        shape: shape(rendered, world),
        fillable,
        reference: reference.map(|parts| shape_of(parts, world).to_string()),
    })
}

fn shape(rendered: Rendered, world: &World<'_>) -> SubjectShape {
    shape_of(rendered.parts, world)
}

pub(super) fn shape_of(parts: Vec<Part>, world: &World<'_>) -> SubjectShape {
    match &world.name {
        Name::Family { pattern, list } if parts.contains(&Part::RefName) => SubjectShape::Family(Family {
            parts,
            pattern: pattern.as_str().to_owned(),
            patterns: list.texts(),
        }),
        Name::Family { .. } | Name::Known(_) => SubjectShape::from_parts(parts),
    }
}

fn claims(
    facts: &Facts,
    prefix: &Prefix,
    world: &World<'_>,
    frame: &Frame<'_>,
    reference: &[Part],
    context: &Context,
) -> Claims {
    let mut claims = Claims::of(prefix, world.event, reference, context);
    if let Some(id) = facts.repository_id {
        claims.set_text("repository_id", id.to_string());
    }
    if let Some(id) = facts.owner_id {
        claims.set_text("repository_owner_id", id.to_string());
    }
    if world.is_pull_request() {
        claims.set("base_ref", parts_of(&world.name));
        claims.set("head_ref", vec![Part::Hole("github.head_ref".to_owned())]);
    }
    let mut root = frame;
    while let Some((caller, _)) = root.caller {
        root = caller;
    }
    claims.set_text("workflow", root.workflow.name.as_str());
    if let Some(repository) = prefix.repository() {
        let of = |path: &str| {
            let mut parts = vec![Part::Text(format!("{repository}/{path}@"))];
            parts.extend(reference.iter().cloned());
            super::partial::join(parts)
        };
        claims.set("workflow_ref", of(root.workflow.source.path()));
        claims.set("job_workflow_ref", of(frame.workflow.source.path()));
    }
    claims
}
