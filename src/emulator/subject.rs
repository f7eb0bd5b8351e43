//! The subject of the emulated job: what `issuer::github` predicts, so that emulator and prediction cannot disagree.

use std::collections::BTreeMap;

use super::job::GitHub;
use crate::{
    id::{RepositoryIds, SubjectShape},
    issuer::github::{Customization, Event, Job, Prefix, Template, predict},
};

/// The segment that names the job's repository, as GitHub's API tells it in `sub_claim_prefix`.
pub(super) fn prefix(github: &GitHub) -> Option<Prefix> {
    let job = &github.job;
    let name = job.repository.parse().ok()?;
    let ids = RepositoryIds { owner: job.owner_id, repository: job.repository_id };
    Some(if github.immutable { Prefix::Ids(name, ids) } else { Prefix::Names(name) })
}

/// The subject. Where GitHub's behaviour is unknown, the emulator takes the first possibility.
pub(super) fn subject(github: &GitHub, claims: BTreeMap<String, String>) -> String {
    predicted(github, claims)
        .unwrap_or_else(|| format!("repo:{}:{}", github.job.repository, github.job.event))
}

/// Whether the repository takes the default subject.
pub(super) const fn uses_default(github: &GitHub) -> bool {
    github.use_default && github.template.is_empty()
}

/// The template in force; `None` where its keys cannot be used.
fn template(github: &GitHub) -> Option<Template> {
    let of = |keys: &[String]| match keys {
        [] => Some(None),
        keys => Template::new(keys.iter().cloned()).ok().map(Some),
    };
    let own = Customization { use_default: uses_default(github), template: of(&github.template)? };
    Some(Template::in_force(Some(&own), of(&github.organization_template)?.as_ref()))
}

fn predicted(github: &GitHub, claims: BTreeMap<String, String>) -> Option<String> {
    let job = &github.job;
    let prediction = predict(&Job {
        prefix: prefix(github)?,
        event: Event::named(&job.event)?,
        reference: job.r#ref.parse().ok(),
        environment: job.environment.as_deref().and_then(|name| name.parse().ok()),
        template: template(github)?,
        claims,
    });
    let first = prediction.alternatives.first().unwrap_or(&prediction.shape);
    if let SubjectShape::Exact(subject) = first { Some(subject.to_string()) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject_of(change: impl FnOnce(&mut GitHub)) -> String {
        let mut github = GitHub::default();
        change(&mut github);
        subject(&github, BTreeMap::new())
    }

    #[test]
    fn the_job_decides_the_subject() {
        assert_eq!(subject_of(|_| ()), "repo:octo/app:ref:refs/heads/main");
        assert_eq!(
            subject_of(|github| github.job.environment = Some("Production".into())),
            "repo:octo/app:environment:Production"
        );
        assert_eq!(
            subject_of(|github| github.immutable = true),
            "repo:octo@123456/app@456789:ref:refs/heads/main"
        );
        assert_eq!(
            subject_of(|github| {
                github.job.event = "pull_request".into();
                github.job.r#ref = "refs/pull/7/merge".into();
            }),
            "repo:octo/app:pull_request"
        );
    }
}
