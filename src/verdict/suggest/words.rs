//! The fix in words: one action, then the choice there is, then what the action opens.

use crate::{
    id::visible,
    issuer::Presented,
    trust::{Credential, TEXT_LIMIT},
    verdict::{cause::Cause, judge::Refused},
};

/// The whole text.
pub(super) fn text(
    presented: &Presented,
    after: &Presented,
    refused: &Refused,
    credential: Option<&Credential>,
    replaces: Option<&Credential>,
) -> String {
    let mut sentences = Vec::new();
    if after.audience != presented.audience {
        sentences.push(format!("ask for the token with the audience `{}`", visible(after.audience.as_str())));
    }
    if after.subject != presented.subject {
        sentences.push(name_environment(after));
    }
    match (credential, replaces) {
        (Some(_), Some(replaced)) => sentences.push(repair(after, refused, replaced)),
        (Some(made), None) => sentences.push(format!(
            "add a credential named `{}` with the subject `{}`{}",
            made.name,
            visible(after.subject.as_str()),
            issuer_of(after, refused)
        )),
        (None, _) => {}
    }
    let more =
        refused.differences.iter().map(|difference| more(difference.cause)).find(|more| !more.is_empty());
    sentences.extend(
        more.filter(|_| credential.is_some() || refused.cause == Cause::SubjectRefForEnvironment)
            .map(str::to_owned),
    );
    sentences.join("; ")
}

/// The text where the subject is longer than any credential can hold.
pub(super) fn too_long(after: &Presented) -> String {
    let length = after.subject.as_str().chars().count();
    format!(
        "no credential can hold this subject: it has {length} characters and Entra stores {TEXT_LIMIT} at most, so give what it names (the ref, the environment, the values of the template) shorter names"
    )
}

fn name_environment(after: &Presented) -> String {
    let name = after.subject.as_str().split(":environment:").nth(1).and_then(|rest| rest.split(':').next());
    let name = name.unwrap_or_default().replace("%3A", ":");
    format!("give the job `environment: {}`", visible(&name))
}

fn issuer_of(after: &Presented, refused: &Refused) -> String {
    let known = refused.nearest.as_ref().is_some_and(|nearest| nearest.issuer == after.issuer);
    if known { String::new() } else { format!(" and the issuer `{}`", visible(after.issuer.as_str())) }
}

fn repair(after: &Presented, refused: &Refused, replaced: &Credential) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut claims: Vec<_> = refused.differences.iter().map(|difference| difference.claim.as_str()).collect();
    claims.dedup();
    for claim in claims {
        let value = match claim {
            "issuer" => after.issuer.as_str(),
            "audience" if replaced.audience == after.audience => continue,
            "audience" => after.audience.as_str(),
            _ => after.subject.as_str(),
        };
        parts.push(format!("the {claim} of `{}` to `{}`", replaced.name, visible(value)));
    }
    format!("change {}", parts.join(" and "))
}

/// The other choice, or what the new trust opens.
static MORE: &[(Cause, &str)] = &[
    (
        Cause::SubjectWildcard,
        "a credential for this one subject serves this one ref: where many refs must sign in, give the job an environment and trust the environment's subject, or use a flexible expression",
    ),
    (
        Cause::SubjectIdsMissing,
        "once no run presents the old subject any more, delete the credential without ids",
    ),
    (
        Cause::SubjectIdsExtra,
        "better: switch the repository to immutable subjects, since a name without ids can be taken over by whoever owns the name next",
    ),
    (
        Cause::SubjectOwner,
        "this lets another repository sign in as this identity, so make sure that it is meant to",
    ),
    (
        Cause::SubjectRepository,
        "this lets another repository sign in as this identity, so make sure that it is meant to",
    ),
    (
        Cause::SubjectEnvironmentForRef,
        "or take `environment:` out of the job; the environment's own rules then decide which refs may use it",
    ),
    (
        Cause::SubjectRefForEnvironment,
        "a credential for the ref instead would go around the environment's protection",
    ),
    (
        Cause::SubjectPullRequest,
        "this subject is also that of `pull_request_target` runs, pull requests from forks included, so grant it little",
    ),
    (
        Cause::SubjectNotPullRequest,
        "every run on that ref can then sign in, scheduled and dispatched ones included",
    ),
    (Cause::SubjectBranch, "every run on that ref can then sign in, scheduled and dispatched ones included"),
    (
        Cause::SubjectTag,
        "each new tag needs its own: where tags come and go, give the job an environment and trust that",
    ),
    (
        Cause::SubjectMergeQueue,
        "the ref of a merge queue is new in every run, so no exact subject can name it",
    ),
    (
        Cause::SubjectTemplate,
        "the repository's or organisation's subject template decides the form, so do the same for the other credentials",
    ),
    (Cause::SubjectExpression, "an exact subject takes no other run; to take more, change the expression"),
];

fn more(cause: Cause) -> &'static str {
    MORE.iter().find(|(of, _)| *of == cause).map_or("", |(_, text)| text)
}
