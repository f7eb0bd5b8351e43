//! The claims of a job's token as far as the facts of the job tell them; a template puts some of them into the subject.
//!
//! Source: the list of claims in <https://docs.github.com/actions/reference/security/oidc>.

use std::collections::BTreeMap;

use super::{context::Context, event::Event, prefix::Prefix};
use crate::id::Part;

/// Claims by name. Values are unescaped, and an empty text means that the token carries the claim with an empty value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    values: BTreeMap<String, Vec<Part>>,
}

impl Claims {
    /// What the repository, the event, the ref and the context tell.
    ///
    /// A claim that they do not tell, such as `actor`, is absent. `environment` is there only with an environment.
    #[must_use]
    pub fn of(prefix: &Prefix, event: &Event, reference: &[Part], context: &Context) -> Self {
        let mut claims = Self::default();
        if let Some(name) = prefix.repository() {
            claims.set_text("repository", name.as_str());
            claims.set_text("repository_owner", name.owner());
        }
        if let Some(ids) = prefix.ids() {
            claims.set_text("repository_id", ids.repository.to_string());
            claims.set_text("repository_owner_id", ids.owner.to_string());
        }
        claims.set_text("event_name", event.name);
        claims.set("ref", reference.to_vec());
        if let Some(kind) = ref_type(reference) {
            claims.set_text("ref_type", kind);
        }
        if !event.may_have_head() {
            claims.set_text("head_ref", "");
            claims.set_text("base_ref", "");
        }
        if let Some(name) = context.environment() {
            claims.set("environment", name.to_vec());
        }
        claims
    }

    /// Sets a claim; an earlier value is replaced.
    pub fn set(&mut self, name: impl Into<String>, value: Vec<Part>) {
        self.values.insert(name.into(), value);
    }

    /// Sets a claim that is wholly known.
    pub fn set_text(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.set(name, vec![Part::Text(value.into())]);
    }

    /// The value of a claim, if anything is known about it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&[Part]> {
        self.values.get(name).map(Vec::as_slice)
    }

    /// The claims that are wholly known, as a token would carry them.
    #[must_use]
    pub fn known(&self) -> BTreeMap<String, String> {
        let known = self.values.iter().filter_map(|(name, parts)| Some((name.clone(), known_text(parts)?)));
        known.collect()
    }
}

fn known_text(parts: &[Part]) -> Option<String> {
    let texts = parts.iter().map(|part| match part {
        Part::Text(text) => Some(text.as_str()),
        Part::RefName | Part::Hole(_) => None,
    });
    texts.collect()
}

/// `tag` or `branch`; a pull request's merge ref counts as a branch.
///
/// Source: `ref_type` beside `refs/pull/N/merge` in a published pull request token.
fn ref_type(reference: &[Part]) -> Option<&'static str> {
    let Some(Part::Text(start)) = reference.first() else { return None };
    match () {
        () if start.starts_with("refs/tags/") => Some("tag"),
        () if start.starts_with("refs/heads/") || start.starts_with("refs/pull/") => Some("branch"),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outside_a_pull_request_the_head_is_there_and_empty() {
        let push = Event::named("push").unwrap();
        let reference = vec![Part::Text("refs/tags/v1".into())];
        let prefix: Prefix = "repo:o@1/r@2".parse().unwrap();
        let claims = Claims::of(&prefix, push, &reference, &Context::Ref(reference.clone()));
        let known = claims.known();
        assert_eq!(known["head_ref"], "");
        assert_eq!(known["ref_type"], "tag");
        assert_eq!(known["repository_owner_id"], "1");
        assert!(!known.contains_key("environment"));
    }
}
