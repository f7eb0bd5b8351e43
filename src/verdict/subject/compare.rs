//! Lists every difference between the subject of a token and the subject of a credential.

use std::borrow::Cow;

use super::{
    blank::{decoded, differ_by_blanks, has_stray_blank, is_blank, same_but_for_case},
    form::{Form, OtherForm, Shape},
    github::{Context, GitHub, Repo},
};
use crate::verdict::cause::{Cause, Difference};

/// Every difference, the most telling first; empty only where the texts are equal.
pub(in crate::verdict) fn differences(presented: &str, configured: &str) -> Vec<Difference> {
    if presented == configured {
        return Vec::new();
    }
    if differ_by_blanks(presented, configured) {
        return vec![whole(presented, configured, Cause::SubjectWhitespace)];
    }
    let mut found = Vec::new();
    let mut clean = Cow::Borrowed(configured);
    if has_stray_blank(configured) {
        found.push(whole(presented, configured, Cause::SubjectWhitespace));
        clean = Cow::Owned(trimmed(configured));
    }
    found.extend(visible_differences(presented, &clean));
    found.sort_by_key(|difference| difference.cause);
    found
}

/// Keeps inner spaces, which environments may have.
fn trimmed(text: &str) -> String {
    text.trim().chars().filter(|c| *c == ' ' || !is_blank(*c)).collect()
}

fn visible_differences(presented: &str, configured: &str) -> Vec<Difference> {
    let folded = same_but_for_case(presented, configured);
    if !folded && decoded(presented) == decoded(configured) {
        return vec![whole(presented, configured, Cause::SubjectEncoding)];
    }
    let (token, trust) = (Form::of(presented), Form::of(configured));
    let mut found = match (token.shape(), trust.shape()) {
        (Shape::GitHub(token), Shape::GitHub(trust)) => github(token, trust),
        (Shape::Other(one, token), Shape::Other(other, trust)) if one == other => named(token, trust),
        _ => Vec::new(),
    };
    if folded {
        found.retain(|difference| difference.cause == Cause::SubjectCase);
    } else if found.is_empty() {
        found.push(whole(presented, configured, unlike(presented, token.shape(), configured, trust.shape())));
    }
    if found.is_empty() {
        found.push(whole(presented, configured, Cause::SubjectCase));
    }
    found
}

/// The cause where the texts have no parts in common.
fn unlike(presented: &str, token: &Shape<'_>, configured: &str, trust: &Shape<'_>) -> Cause {
    if has_wildcard(presented, configured) {
        return Cause::SubjectWildcard;
    }
    match (token, trust) {
        (Shape::GitHub(_), Shape::Other(OtherForm::Unknown, _)) => Cause::SubjectMalformed,
        (Shape::Other(known, _), Shape::Other(OtherForm::Unknown, _)) if *known != OtherForm::Unknown => {
            Cause::SubjectMalformed
        }
        (Shape::GitHub(_) | Shape::Other(..), Shape::GitHub(_) | Shape::Other(..)) => Cause::SubjectOther,
    }
}

fn whole(presented: &str, configured: &str, cause: Cause) -> Difference {
    Difference::new("subject", presented, configured, cause)
}

fn has_wildcard(presented: &str, configured: &str) -> bool {
    let stars = |text: &str| text.matches(['*', '?']).count();
    stars(configured) > stars(presented)
}

/// Parts that other issuers name.
fn named(token: &[(&'static str, &str)], trust: &[(&'static str, &str)]) -> Vec<Difference> {
    let pairs = token.iter().zip(trust).filter(|((_, one), (_, other))| one != other);
    pairs.map(|((name, one), (_, other))| part(*name, one, other, Cause::SubjectOther)).collect()
}

/// One part that differs: for `cause`, unless the texts tell a more particular one.
fn part(
    segment: impl Into<Cow<'static, str>>,
    presented: &str,
    configured: &str,
    cause: Cause,
) -> Difference {
    let particular = if differ_by_blanks(presented, configured) || configured.trim() != configured {
        Cause::SubjectWhitespace
    } else if same_but_for_case(presented, configured) {
        Cause::SubjectCase
    } else if has_wildcard(presented, configured) {
        Cause::SubjectWildcard
    } else if decoded(presented) == decoded(configured) {
        Cause::SubjectEncoding
    } else {
        cause
    };
    Difference::new(segment, presented, configured, particular)
}

fn github(token: &GitHub<'_>, trust: &GitHub<'_>) -> Vec<Difference> {
    let mut found = Vec::new();
    found.extend(defect(token, trust));
    found.extend(template(token, trust));
    if let (Some(token), Some(trust)) = (&token.repo, &trust.repo) {
        found.extend(repo(token, trust));
    }
    if let (Some(token), Some(trust)) = (&token.context, &trust.context) {
        found.extend(context(token, trust));
    }
    for (key, configured) in &trust.claims {
        if let Some(presented) = token.claim(key).filter(|presented| presented != configured) {
            found.push(part(key.to_lowercase(), presented, configured, Cause::SubjectClaim));
        }
    }
    found.extend(keys_by_case(token, trust));
    found
}

/// What the configured text says that GitHub never writes.
fn defect(token: &GitHub<'_>, trust: &GitHub<'_>) -> Vec<Difference> {
    let token_context = token.context.map(|context| context.text()).unwrap_or_default();
    let mut found = Vec::new();
    match trust.context {
        Some(Context::PullRequest(word)) if word.contains('-') => {
            found.push(Difference::new(
                "context",
                token_context.as_str(),
                word,
                Cause::SubjectHyphenPullRequest,
            ));
        }
        Some(Context::PullRequest(_) | Context::Environment(_) | Context::Ref(_)) | None => {}
        Some(Context::Branch(_) | Context::Tag(_) | Context::MergeQueue(_)) => {}
    }
    let stray = trust.stray.join(":");
    if !stray.is_empty() && decoded(&stray) != decoded(&token_context) {
        let star = stray.contains(['*', '?']);
        let cause = if star { Cause::SubjectWildcard } else { Cause::SubjectMalformed };
        found.push(Difference::new("context", token_context, stray, cause));
    } else if !trust.is_sound() && found.is_empty() {
        let bad_repo = trust.repo.filter(|repo| !repo.is_sound());
        let (segment, one, other) = match (bad_repo, trust.context) {
            (Some(repo), _) => ("repo", token.repo.unwrap_or_default().text.to_owned(), repo.text.to_owned()),
            (None, context) => {
                ("context", token_context, context.map(|context| context.text()).unwrap_or_default())
            }
        };
        if one != other {
            found.push(Difference::new(segment, one, other, Cause::SubjectMalformed));
        }
    }
    found
}

/// Different keys, or the same in another order. A configured text that is damaged follows no template.
fn template(token: &GitHub<'_>, trust: &GitHub<'_>) -> Option<Difference> {
    let same = token.keys.len() == trust.keys.len()
        && token.keys.iter().zip(&trust.keys).all(|(one, other)| one.eq_ignore_ascii_case(other));
    let readable = trust.stray.is_empty() && !trust.keys.is_empty();
    (!same && readable).then(|| {
        Difference::new("template", token.keys.join(","), trust.keys.join(","), Cause::SubjectTemplate)
    })
}

fn repo(token: &Repo<'_>, trust: &Repo<'_>) -> Vec<Difference> {
    if token.text == trust.text {
        return Vec::new();
    }
    if let Some([owner, name]) = trust.hyphen_form()
        && (token.owner.eq_ignore_ascii_case(owner.0) && token.name.eq_ignore_ascii_case(name.0))
    {
        return vec![Difference::new("repo", token.text, trust.text, Cause::SubjectIdsHyphen)];
    }
    let mut found = Vec::new();
    match (token.has_ids(), trust.has_ids()) {
        (true, false) => found.push(Difference::new("ids", token.text, trust.text, Cause::SubjectIdsMissing)),
        (false, true) => found.push(Difference::new("ids", token.text, trust.text, Cause::SubjectIdsExtra)),
        (true, true) => {
            if token.owner_id != trust.owner_id && token.owner == trust.owner {
                found.push(id("owner-id", token.owner_id, trust.owner_id, Cause::SubjectOwner));
            }
            if token.id != trust.id && token.name == trust.name {
                found.push(id("repository-id", token.id, trust.id, Cause::SubjectRepository));
            }
        }
        (false, false) => {}
    }
    if token.owner != trust.owner {
        found.push(part("owner", token.owner, trust.owner, Cause::SubjectOwner));
    }
    if token.name != trust.name {
        found.push(part("repository", token.name, trust.name, Cause::SubjectRepository));
    }
    found
}

fn id(segment: &'static str, presented: Option<&str>, configured: Option<&str>, cause: Cause) -> Difference {
    Difference::new(segment, presented.unwrap_or_default(), configured.unwrap_or_default(), cause)
}

fn context(token: &Context<'_>, trust: &Context<'_>) -> Vec<Difference> {
    use Context::{Branch, Environment, MergeQueue, PullRequest, Ref, Tag};
    let hyphen = matches!(trust, PullRequest(word) if word.contains('-'));
    if token == trust || hyphen {
        return Vec::new();
    }
    let value = |cause| part(trust.segment(), token.value(), trust.value(), cause);
    let difference = match (token, trust) {
        (Environment(_), Environment(_)) => value(Cause::SubjectEnvironmentName),
        (Branch(_), Branch(_)) => value(Cause::SubjectBranch),
        (Tag(_), Tag(_)) => value(Cause::SubjectTag),
        (PullRequest(_), PullRequest(_)) | (Ref(_), Ref(_)) => value(Cause::SubjectOther),
        (MergeQueue(_), MergeQueue(_)) => value(Cause::SubjectMergeQueue),
        // Text that is no full ref has been told as a defect already.
        (Branch(_) | Tag(_) | MergeQueue(_), Ref(text)) if !text.starts_with("refs/") => return Vec::new(),
        (token, trust) => {
            let kinds = Difference::new("context", token.text(), trust.text(), kinds(token, trust));
            let star = has_wildcard(&kinds.presented, &kinds.configured);
            let wildcard = star.then(|| Difference { cause: Cause::SubjectWildcard, ..kinds.clone() });
            return wildcard.into_iter().chain([kinds]).collect();
        }
    };
    vec![difference]
}

/// The cause where the kinds of context differ.
fn kinds(token: &Context<'_>, trust: &Context<'_>) -> Cause {
    use Context::{Branch, Environment, MergeQueue, PullRequest, Ref, Tag};
    match (token, trust) {
        (MergeQueue(_), _) => Cause::SubjectMergeQueue,
        (Environment(_), _) => Cause::SubjectEnvironmentForRef,
        (_, Environment(_)) => Cause::SubjectRefForEnvironment,
        (PullRequest(_), _) => Cause::SubjectPullRequest,
        (_, PullRequest(_)) => Cause::SubjectNotPullRequest,
        (Tag(_), _) | (_, Tag(_)) => Cause::SubjectTag,
        (Branch(_) | Ref(_), Branch(_) | MergeQueue(_) | Ref(_)) => Cause::SubjectBranch,
    }
}

/// Keys that differ by letter case, such as `Ref` for `ref`, in texts that otherwise may be equal.
fn keys_by_case(token: &GitHub<'_>, trust: &GitHub<'_>) -> Option<Difference> {
    let (one, other) = (token.keys.join(","), trust.keys.join(","));
    same_but_for_case(&one, &other).then(|| Difference::new("template", one, other, Cause::SubjectCase))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn causes(presented: &str, configured: &str) -> Vec<&'static str> {
        differences(presented, configured).iter().map(|difference| difference.cause.as_str()).collect()
    }

    #[test]
    fn each_way_to_be_wrong_has_its_cause() {
        let main = "repo:o/r:ref:refs/heads/main";
        let prod = "repo:o/r:environment:prod";
        let pull = "repo:o/r:pull_request";
        for (token, trust, cause) in [
            (main, "repo:o/r:ref:refs/heads/Main", "subject-case"),
            (main, "Repo:o/r:Ref:refs/heads/main", "subject-case"),
            (main, " repo:o/r:ref:refs/heads/main", "subject-whitespace"),
            (main, "repo:o/ r:ref:refs/heads/main", "subject-whitespace"),
            (main, "repo:o/r:ref:refs/heads/*", "subject-wildcard"),
            (main, "repo:o/r:*", "subject-wildcard"),
            (main, "*", "subject-wildcard"),
            (pull, "repo:o/r:pull-request", "subject-hyphen-pull-request"),
            (main, "repo:o@1/r@2:ref:refs/heads/main", "subject-ids-extra"),
            ("repo:o@1/r@2:ref:refs/heads/main", main, "subject-ids-missing"),
            ("repo:o@1/r@2:pull_request", "repo:o-1/r-2:pull_request", "subject-ids-hyphen"),
            (pull, "repo:o-1/r-2:pull_request", "subject-ids-hyphen"),
            (main, "repo:o/r:ref:main", "subject-malformed"),
            (main, "repo:o/r:refs/heads/main", "subject-malformed"),
            (main, "repo:o/r:branch:main", "subject-malformed"),
            (main, "https://github.com/o/r", "subject-malformed"),
            (main, "repo:o/r:ref:refs/heads/${BRANCH}", "subject-malformed"),
            (main, "repository:o/r:ref:refs/heads/main", "subject-malformed"),
            (prod, "repo:o/r:environment/prod", "subject-malformed"),
            (prod, "repo%3Ao%2Fr%3Aenvironment%3Aprod", "subject-encoding"),
            ("repo:o/r:environment:a%3Ab", "repo:o/r:environment:a:b", "subject-encoding"),
            (main, "repo:x/r:ref:refs/heads/main", "subject-owner"),
            (main, "repo:o/x:ref:refs/heads/main", "subject-repository"),
            ("repo:o@1/r@2:pull_request", "repo:o@1/r@3:pull_request", "subject-repository"),
            (prod, "repo:o/r:environment:dev", "subject-environment-name"),
            (prod, main, "subject-environment-for-ref"),
            (prod, pull, "subject-environment-for-ref"),
            (main, prod, "subject-ref-for-environment"),
            (pull, prod, "subject-ref-for-environment"),
            (main, "repo:o/r:ref:refs/heads/dev", "subject-branch"),
            (main, "repo:o/r:ref:refs/tags/v1", "subject-tag"),
            ("repo:o/r:ref:refs/tags/v2", "repo:o/r:ref:refs/tags/v1", "subject-tag"),
            ("repo:o/r:ref:refs/tags/v2", main, "subject-tag"),
            (pull, main, "subject-pull-request"),
            (main, pull, "subject-not-pull-request"),
            ("repo:o/r:ref:refs/heads/gh-readonly-queue/main/pr-1-a", main, "subject-merge-queue"),
            (main, "system:serviceaccount:a:b", "subject-other"),
            ("system:serviceaccount:a:b", "system:serviceaccount:a:c", "subject-other"),
            ("system:serviceaccount:a:b", "serviceaccount:a:b", "subject-malformed"),
            ("custom", "other", "subject-other"),
        ] {
            assert_eq!(
                causes(token, trust).first(),
                Some(&cause),
                "{token} | {trust}: {:?}",
                causes(token, trust)
            );
        }
    }

    #[test]
    fn templates_are_compared_before_their_values() {
        let default = "repo:o/r:environment:prod";
        let called = "repo:o/r:environment:prod:job_workflow_ref:o/r/.github/workflows/a.yml@refs/heads/main";
        assert_eq!(causes(called, default), ["subject-template"]);
        assert_eq!(causes(default, called), ["subject-template"]);
        assert_eq!(
            causes("repository_owner_id:1:repository_id:2:pull_request", default)[0],
            "subject-template"
        );
        let tagged = called.replace("heads", "tags");
        let found = differences(called, &tagged);
        assert_eq!((found[0].cause, found[0].segment.as_ref()), (Cause::SubjectClaim, "job_workflow_ref"));
    }

    #[test]
    fn every_difference_is_listed_and_letter_case_alone_counts_last() {
        assert_eq!(
            causes(
                "repo:Azure/AKS-Construction:ref:refs/heads/x",
                "repo:Azure/Aks-Construction:pull_request"
            ),
            ["subject-not-pull-request", "subject-case"]
        );
        assert_eq!(
            causes("repo:o@1/new@2:pull_request", "repo:o/old:pull_request"),
            ["subject-ids-missing", "subject-repository"]
        );
        let both = differences("repo:O/r:environment:Prod", "repo:o/r:environment:prod");
        let segments: Vec<_> = both.iter().map(|difference| difference.segment.as_ref()).collect();
        assert_eq!(segments, ["owner", "environment"]);
    }
}
