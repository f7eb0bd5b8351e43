//! Subjects made from subjects: what a job would present with an environment, and what a subject is for, in words.

use super::{
    form::{Form, Shape},
    github::Context,
};

/// The same subject for a job in `environment`; `None` where the subject names no ref.
pub(in crate::verdict) fn environment_in_place_of_ref(subject: &str, environment: &str) -> Option<String> {
    let Shape::GitHub(form) = Form::of(subject).shape().clone() else { return None };
    match form.context? {
        context @ (Context::Branch(_) | Context::Tag(_) | Context::MergeQueue(_) | Context::Ref(_)) => {
            Some(subject.replacen(&context.text(), &format!("environment:{environment}"), 1))
        }
        Context::Environment(_) | Context::PullRequest(_) => None,
    }
}

/// What a subject is for: the repository's name and the context, or the whole text.
pub(in crate::verdict) fn context_words(subject: &str) -> String {
    let Shape::GitHub(form) = Form::of(subject).shape().clone() else { return subject.to_owned() };
    let repository = form.repo.map(|repo| repo.name).unwrap_or_default();
    match form.context {
        Some(Context::PullRequest(_)) => format!("{repository}-pull-request"),
        Some(context) => format!("{repository}-{}-{}", context.segment(), context.value()),
        None => subject.to_owned(),
    }
}
