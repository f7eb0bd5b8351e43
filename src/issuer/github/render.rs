//! Writes a subject: the keys of the template in order, each with its value, joined by colons.
//!
//! Source: `include_claim_keys` in <https://docs.github.com/actions/reference/security/oidc>.

use super::{
    claims::Claims,
    context::Context,
    escape::Escape,
    prefix::Prefix,
    template::{Template, is_repository},
};
use crate::id::{Part, SubjectShape};

/// A subject as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The pieces; neighbouring texts are one piece.
    pub parts: Vec<Part>,
    /// The keys that the job has nothing for. With one of them GitHub issues no token at all.
    ///
    /// Source: the key `environment` in <https://docs.github.com/actions/reference/security/oidc>; for
    /// `environment_node_id` PaloAltoNetworks/github-oidc-utils.
    pub unfillable: Vec<String>,
}

impl Rendered {
    /// The subject as far as it is known.
    #[must_use]
    pub fn shape(&self) -> SubjectShape {
        SubjectShape::from_parts(self.parts.clone())
    }
}

/// Writes the subject of a job.
///
/// Pieces of `context` and `claims` may be text, the ref's name or holes; texts are escaped here, so pass them raw. A claim
/// that `claims` does not tell becomes a hole of its own name. [`Escape::ColonOnly`] is what GitHub documents.
#[must_use]
pub fn render(
    template: &Template,
    prefix: &Prefix,
    context: &Context,
    claims: &Claims,
    escape: Escape,
) -> Rendered {
    let mut rendered = Rendered { parts: Vec::new(), unfillable: Vec::new() };
    for (at, key) in template.keys().iter().enumerate() {
        if at > 0 {
            rendered.push(Part::Text(":".to_owned()));
        }
        match key.as_str() {
            key if is_repository(key) => rendered.extend(prefix.parts()),
            "context" => rendered.extend(context.parts(escape)),
            key => rendered.claim(key, context, claims, escape),
        }
    }
    rendered
}

impl Rendered {
    fn claim(&mut self, key: &str, context: &Context, claims: &Claims, escape: Escape) {
        self.push(Part::Text(format!("{key}:")));
        if let Some(value) = claims.get(key) {
            self.extend(escape.parts(key, value));
            return;
        }
        let no_environment = !matches!(context, Context::Environment(_));
        if no_environment && matches!(key, "environment" | "environment_node_id") {
            self.unfillable.push(key.to_owned());
        }
        self.push(Part::Hole(key.to_owned()));
    }

    fn extend(&mut self, parts: Vec<Part>) {
        parts.into_iter().for_each(|part| self.push(part));
    }

    fn push(&mut self, part: Part) {
        match (self.parts.last_mut(), part) {
            (Some(Part::Text(end)), Part::Text(more)) => end.push_str(&more),
            (_, part) => self.parts.push(part),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Event, *};

    fn text(text: &str) -> Vec<Part> {
        vec![Part::Text(text.to_owned())]
    }

    fn rendered(template: &str, context: &Context) -> Rendered {
        let prefix: Prefix = "repo:o/r".parse().unwrap();
        let push = Event::named("push").unwrap();
        let claims = Claims::of(&prefix, push, &text("refs/heads/main"), context);
        render(&template.parse().unwrap(), &prefix, context, &claims, Escape::ColonOnly)
    }

    #[test]
    fn repository_is_written_repo_and_context_has_no_label() {
        let context = Context::Environment(text("a:b"));
        let shape = rendered("repository,context,ref,event_name", &context).shape();
        assert_eq!(shape.to_string(), "repo:o/r:environment:a%3Ab:ref:refs/heads/main:event_name:push");
    }

    #[test]
    fn an_empty_claim_keeps_its_key() {
        // Source: the trust policy of sasakitimaru/terraform-learn.
        let context = Context::Ref(text("refs/heads/main"));
        let shape = rendered("repo,event_name,base_ref,context", &context).shape();
        assert_eq!(shape.to_string(), "repo:o/r:event_name:push:base_ref::ref:refs/heads/main");
    }

    #[test]
    fn a_template_with_an_environment_cannot_be_filled_without_one() {
        let without = rendered("repo,environment", &Context::Ref(text("refs/heads/main")));
        assert_eq!(without.unfillable, ["environment"]);
        assert_eq!(without.shape().to_string(), "repo:o/r:environment:{environment}");
        assert!(rendered("repo,environment", &Context::Environment(text("p"))).unfillable.is_empty());
    }

    #[test]
    fn the_name_of_the_ref_and_holes_stay_where_they_are() {
        let context = Context::Ref(vec![Part::Text("refs/heads/".into()), Part::RefName]);
        let parts = rendered("repo,context,actor", &context).parts;
        assert_eq!(
            parts,
            [
                Part::Text("repo:o/r:ref:refs/heads/".into()),
                Part::RefName,
                Part::Text(":actor:".into()),
                Part::Hole("actor".into())
            ]
        );
    }
}
