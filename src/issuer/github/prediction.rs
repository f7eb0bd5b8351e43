//! Predicts the subject of a whole job: one text where that is known, several where GitHub's behaviour is not, holes where facts are missing.

use std::collections::BTreeMap;

use super::{
    claims::Claims,
    context::Context,
    doubt::{Assumption, Doubt},
    escape::{Escape, is_settled},
    event::{ContextRule, Event, Evidence},
    prefix::Prefix,
    render::render,
    template::{Template, is_usable},
};
use crate::id::{EnvironmentName, GitRef, Part, SubjectShape};

/// What decides the subject of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// The repository, in the form in which its subjects name it.
    pub prefix: Prefix,
    /// The event that started the run.
    pub event: &'static Event,
    /// The ref of the run, `GITHUB_REF`.
    pub reference: Option<GitRef>,
    /// The environment of the job, as typed.
    pub environment: Option<EnvironmentName>,
    /// The template in force.
    pub template: Template,
    /// Claims that only the caller knows, such as `job_workflow_ref`.
    pub claims: BTreeMap<String, String>,
}

/// How much a prediction says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The very text.
    Exact,
    /// One of the alternatives.
    OneOf,
    /// A text with holes.
    Unknown,
}

/// What a job will present.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prediction {
    /// The subject, with a hole for everything that is in doubt.
    pub shape: SubjectShape,
    /// What it can be, the likeliest first; empty where `shape` is all there is to say.
    pub alternatives: Vec<SubjectShape>,
    /// Whether it must be one of the alternatives.
    pub closed: bool,
    /// Why it is not exact.
    pub doubts: Vec<Doubt>,
    /// What was taken for granted.
    pub assumed: Vec<Assumption>,
    /// What the token says beside the subject, as far as that is known.
    pub claims: Claims,
}

impl Prediction {
    /// How much the prediction says.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match (&self.shape, self.alternatives.is_empty()) {
            (SubjectShape::Exact(_), true) => Kind::Exact,
            (_, false) if self.closed => Kind::OneOf,
            _ => Kind::Unknown,
        }
    }

    /// Whether the job gets a token at all; it does not where the template cannot be filled.
    #[must_use]
    pub fn has_token(&self) -> bool {
        !self.doubts.iter().any(|doubt| matches!(doubt, Doubt::NoEnvironment(_)))
    }
}

/// Predicts what `job` presents.
#[must_use]
pub fn predict(job: &Job) -> Prediction {
    let reference = job.reference();
    let environment = job.environment.as_ref().map(|name| vec![Part::Text(name.as_str().to_owned())]);
    let context = Context::of(environment, job.event, reference.clone());
    let candidates = job.candidates(&context, &reference);
    let claims = job.all_claims(&reference, &context);

    let mut doubts = job.event_doubt(&context);
    doubts.extend(odd_values(&job.template, &candidates, &claims));
    if job.leaves_numbers_out() {
        doubts.push(Doubt::Repository);
    }
    let mut alternatives = job.alternatives(&candidates, &claims, &doubts);
    let open = matches!(context, Context::Hole(_)) && job.template.holds_context();
    let closed = !open || candidates.len() > 1;
    let shape = match alternatives.as_slice() {
        [only] if closed => {
            let only = only.clone();
            alternatives.clear();
            only
        }
        _ => job.general(&context, &claims, &doubts),
    };
    job.missing(&shape, &alternatives, &context, &claims, &mut doubts);
    Prediction { assumed: job.assumed(&context), shape, alternatives, closed, doubts, claims }
}

impl Job {
    fn reference(&self) -> Vec<Part> {
        match (&self.reference, self.event.context) {
            (Some(reference), _) => vec![Part::Text(reference.as_str().to_owned())],
            // A review belongs to an open pull request.
            (None, ContextRule::PullRequestOrRef) => vec![
                Part::Text("refs/pull/".to_owned()),
                Part::Hole("number".to_owned()),
                Part::Text("/merge".to_owned()),
            ],
            (None, _) => self.event.reference.parts(),
        }
    }

    /// The contexts that are thinkable, the likeliest first.
    fn candidates(&self, context: &Context, reference: &[Part]) -> Vec<Context> {
        match (context, self.event.context) {
            (Context::Hole(_), ContextRule::PullRequestOrRef) => {
                vec![Context::PullRequest, Context::Ref(reference.to_vec())]
            }
            (Context::Hole(_), ContextRule::ProbablyRef) if self.reference.is_some() => {
                vec![Context::Ref(reference.to_vec())]
            }
            (Context::Hole(_), _) if self.template.holds_context() => Vec::new(),
            _ => vec![context.clone()],
        }
    }

    fn all_claims(&self, reference: &[Part], context: &Context) -> Claims {
        let mut claims = Claims::of(&self.prefix, self.event, reference, context);
        for (name, value) in &self.claims {
            claims.set_text(name, value);
        }
        claims
    }

    fn event_doubt(&self, context: &Context) -> Vec<Doubt> {
        let open = matches!(context, Context::Hole(_)) && self.template.holds_context();
        if open { vec![Doubt::Event(self.event)] } else { Vec::new() }
    }

    /// Whether the template drops the repository although its subjects carry numbers.
    fn leaves_numbers_out(&self) -> bool {
        self.prefix.ids().is_some() && !self.template.names_repository()
    }

    fn alternatives(&self, candidates: &[Context], claims: &Claims, doubts: &[Doubt]) -> Vec<SubjectShape> {
        let odd = doubts.iter().any(|doubt| matches!(doubt, Doubt::Characters { .. }));
        let escapes: &[Escape] =
            if odd { &[Escape::ColonOnly, Escape::Percent] } else { &[Escape::ColonOnly] };
        let mut shapes: Vec<SubjectShape> = Vec::new();
        for escape in escapes {
            for context in candidates {
                let parts = render(&self.template, &self.prefix, context, claims, *escape).parts;
                let mut variants = vec![parts.clone()];
                if self.leaves_numbers_out() {
                    variants.push(before(Part::Text(format!("{}:", self.prefix)), parts));
                }
                for shape in variants.into_iter().map(SubjectShape::from_parts) {
                    if !shapes.contains(&shape) {
                        shapes.push(shape);
                    }
                }
            }
        }
        shapes
    }

    /// The subject with a hole wherever there is a doubt.
    fn general(&self, context: &Context, claims: &Claims, doubts: &[Doubt]) -> SubjectShape {
        let (mut context, mut claims) = (context.clone(), claims.clone());
        for doubt in doubts {
            if let Doubt::Characters { key, .. } = doubt {
                let hole = vec![Part::Hole(key.clone())];
                match &mut context {
                    Context::Environment(value) if key == "environment" => value.clone_from(&hole),
                    Context::Ref(value) if key == "ref" => value.clone_from(&hole),
                    Context::Environment(_) | Context::PullRequest | Context::Ref(_) | Context::Hole(_) => {}
                }
                claims.set(key.clone(), hole);
            }
        }
        let parts = render(&self.template, &self.prefix, &context, &claims, Escape::ColonOnly).parts;
        let dropped = self.leaves_numbers_out();
        SubjectShape::from_parts(if dropped { before(Part::Hole("repo".to_owned()), parts) } else { parts })
    }

    /// Adds a doubt for every hole that no doubt names yet.
    fn missing(
        &self,
        shape: &SubjectShape,
        alternatives: &[SubjectShape],
        context: &Context,
        claims: &Claims,
        doubts: &mut Vec<Doubt>,
    ) {
        let unfillable = render(&self.template, &self.prefix, context, claims, Escape::ColonOnly).unfillable;
        doubts.extend(unfillable.into_iter().map(Doubt::NoEnvironment));
        for name in std::iter::once(shape).chain(alternatives).flat_map(SubjectShape::holes) {
            if !doubts.iter().any(|doubt| doubt.name() == name) {
                doubts.push(Doubt::Missing(name.to_owned()));
            }
        }
    }

    fn assumed(&self, context: &Context) -> Vec<Assumption> {
        let mut assumed = Vec::new();
        match (&self.prefix, self.template.names_repository()) {
            (Prefix::Assumed(name), true) => assumed.push(Assumption::NameForm(name.clone())),
            (Prefix::Assumed(_) | Prefix::Hole(_), false) => assumed.push(Assumption::NoNumbers),
            (Prefix::Names(_) | Prefix::Ids(..) | Prefix::Hole(_), _) => {}
        }
        if self.event.evidence == Evidence::Inferred && matches!(context, Context::Ref(_)) {
            assumed.push(Assumption::LikeItsNeighbours(self.event));
        }
        if let Some(reference) = self.reference.as_ref().filter(|given| !self.event.reference.admits(given)) {
            assumed.push(Assumption::RefAsGiven(self.event, reference.clone()));
        }
        let unusable = self.template.keys().iter().filter(|key| !is_usable(key));
        assumed.extend(unusable.cloned().map(Assumption::UsableKey));
        assumed
    }
}

fn before(part: Part, parts: Vec<Part>) -> Vec<Part> {
    std::iter::once(part).chain(parts).collect()
}

/// The values that stand in the subject and hold characters which GitHub writes nobody knows how.
fn odd_values(template: &Template, candidates: &[Context], claims: &Claims) -> Vec<Doubt> {
    let in_contexts =
        candidates.iter().filter(|_| template.holds_context()).filter_map(|context| match context {
            Context::Environment(name) => Some(("environment", name.as_slice())),
            Context::Ref(reference) => Some(("ref", reference.as_slice())),
            Context::PullRequest | Context::Hole(_) => None,
        });
    let in_claims = template.keys().iter().filter_map(|key| Some((key.as_str(), claims.get(key)?)));
    let mut doubts: Vec<Doubt> = Vec::new();
    for (key, parts) in in_contexts.chain(in_claims) {
        let characters = odd_characters(key, parts);
        if !characters.is_empty() && !doubts.iter().any(|doubt| doubt.name() == key) {
            doubts.push(Doubt::Characters { key: key.to_owned(), characters });
        }
    }
    doubts
}

fn odd_characters(key: &str, parts: &[Part]) -> String {
    let mut odd = String::new();
    for part in parts {
        if let Part::Text(text) = part {
            for c in text.chars().filter(|c| !is_settled(key, *c)) {
                if !odd.contains(c) {
                    odd.push(c);
                }
            }
        }
    }
    odd
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(prefix: &str, event: &str, reference: &str, environment: &str, template: &str) -> Job {
        Job {
            prefix: prefix.parse().unwrap(),
            event: Event::named(event).unwrap(),
            reference: reference.parse().ok(),
            environment: environment.parse().ok(),
            template: template.parse().unwrap_or_default(),
            claims: BTreeMap::new(),
        }
    }

    fn said(job: &Job) -> (Kind, String, Vec<String>, Vec<String>) {
        let prediction = predict(job);
        (
            prediction.kind(),
            prediction.shape.to_string(),
            prediction.alternatives.iter().map(ToString::to_string).collect(),
            prediction.doubts.iter().map(|doubt| doubt.name().to_owned()).collect(),
        )
    }

    #[test]
    fn what_is_known_is_exact() {
        let rows = [
            ("push", "refs/tags/v1", "", "repo:o/r:ref:refs/tags/v1"),
            ("pull_request", "", "", "repo:o/r:pull_request"),
            ("pull_request_target", "refs/heads/main", "", "repo:o/r:pull_request"),
            ("pull_request", "refs/pull/1/merge", "Prod:V1", "repo:o/r:environment:Prod%3AV1"),
            ("deployment", "", "prod", "repo:o/r:environment:prod"),
        ];
        for (event, reference, environment, subject) in rows {
            let (kind, text, ..) = said(&job("repo:o/r", event, reference, environment, ""));
            assert_eq!((kind, text.as_str()), (Kind::Exact, subject));
        }
    }

    #[test]
    fn a_review_is_one_of_two() {
        let (kind, text, alternatives, doubts) =
            said(&job("repo:o/r", "pull_request_review", "refs/pull/7/merge", "", ""));
        assert_eq!((kind, text.as_str()), (Kind::OneOf, "repo:o/r:{context}"));
        assert_eq!(alternatives, ["repo:o/r:pull_request", "repo:o/r:ref:refs/pull/7/merge"]);
        assert_eq!(doubts, ["context"]);
        let (_, _, alternatives, doubts) = said(&job("repo:o/r", "pull_request_review", "", "", ""));
        assert_eq!(alternatives.last().unwrap(), "repo:o/r:ref:refs/pull/{number}/merge");
        assert_eq!(doubts, ["context", "number"]);
    }

    #[test]
    fn a_deployment_is_never_exact_but_has_a_likely_answer() {
        let (kind, text, alternatives, _) = said(&job("repo:o/r", "deployment", "refs/heads/main", "", ""));
        assert_eq!((kind, text.as_str()), (Kind::Unknown, "repo:o/r:{context}"));
        assert_eq!(alternatives, ["repo:o/r:ref:refs/heads/main"]);
        assert_eq!(said(&job("repo:o/r", "workflow_call", "", "", "")).0, Kind::Unknown);
    }

    #[test]
    fn odd_characters_have_two_spellings() {
        let (kind, text, alternatives, doubts) = said(&job("repo:o/r", "push", "", "My Env", ""));
        assert_eq!((kind, text.as_str()), (Kind::OneOf, "repo:o/r:environment:{environment}"));
        assert_eq!(alternatives, ["repo:o/r:environment:My Env", "repo:o/r:environment:My%20Env"]);
        assert_eq!(doubts, ["environment"]);
    }

    #[test]
    fn a_template_without_the_repository_is_in_doubt_only_where_there_are_numbers() {
        let (kind, text, alternatives, _) = said(&job("repo:o@1/r@2", "push", "", "p", "environment"));
        assert_eq!((kind, text.as_str()), (Kind::OneOf, "{repo}environment:p"));
        assert_eq!(alternatives, ["environment:p", "repo:o@1/r@2:environment:p"]);
        assert_eq!(said(&job("repo:o/r", "push", "", "p", "environment")).0, Kind::Exact);
    }

    #[test]
    fn what_was_not_given_is_a_hole_with_a_name() {
        let (kind, text, _, doubts) = said(&job("repo:o/r", "schedule", "", "", ""));
        assert_eq!((kind, text.as_str()), (Kind::Unknown, "repo:o/r:ref:refs/heads/{default branch}"));
        assert_eq!(doubts, ["default branch"]);
        let (_, text, _, doubts) = said(&job("repo:o/r", "push", "refs/heads/x", "", "repo,actor"));
        assert_eq!((text.as_str(), doubts), ("repo:o/r:actor:{actor}", vec!["actor".to_owned()]));
    }

    #[test]
    fn without_an_environment_a_template_that_needs_one_gives_no_token() {
        let prediction = predict(&job("repo:o/r", "push", "refs/heads/x", "", "repo,environment"));
        assert!(!prediction.has_token());
        assert_eq!(prediction.kind(), Kind::Unknown);
    }

    #[test]
    fn assumptions_are_said() {
        let mut assumed = job("repo:o/r", "release", "refs/heads/main", "", "");
        assumed.prefix = Prefix::Assumed("o/r".parse().unwrap());
        let prediction = predict(&assumed);
        assert!(matches!(
            prediction.assumed.as_slice(),
            [Assumption::NameForm(_), Assumption::RefAsGiven(..)]
        ));
    }

    proptest::proptest! {
        #[test]
        fn exact_means_that_nothing_is_in_doubt(
            event in 0..super::super::EVENTS.len(),
            environment in "[a-zA-Z :%é]{0,4}",
            reference in "(refs/(heads|tags)/[a-z#]{1,3})?",
            template in "(repo|repo,context|environment,context|context,actor|repository,ref)",
            prefix in "repo:(o/r|o@1/r@2)",
        ) {
            let job = job(&prefix, super::super::EVENTS[event].name, &reference, &environment, &template);
            let prediction = predict(&job);
            proptest::prop_assert_eq!(prediction.kind() == Kind::Exact, prediction.doubts.is_empty());
            proptest::prop_assert_eq!(prediction.kind() == Kind::Exact, prediction.shape.as_exact().is_some());
            proptest::prop_assert!(prediction.alternatives.len() != 1 || !prediction.closed);
            proptest::prop_assert!(prediction.has_token() || prediction.kind() != Kind::Exact);
        }
    }
}
