//! What to change so that the token is accepted: the credential or the workflow, in words, as a value, and as ready commands.

mod command;
mod name;
mod quote;
mod words;

use super::{
    cause::{Cause, Difference},
    judge::Refused,
    subject::environment_in_place_of_ref,
    trusted::Trusted,
};
use crate::{
    id::{Audience, Cloud, Subject},
    issuer::{Presented, aws::COGNITO_ISSUER},
    trust::{Credential, Home, Matcher, TEXT_LIMIT},
};

pub use command::Commands;
pub use name::name_for;

/// What has to change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// What Entra trusts.
    Credential,
    /// What the workload presents; a credential may have to change with it.
    Workflow,
}

impl Change {
    /// The word used in every output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Credential => "credential",
            Self::Workflow => "workflow",
        }
    }
}

/// What to change. Afterwards `presented` is presented, and `credential` or one that exists already takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Where the change lies.
    pub change: Change,
    /// The action, and what else there is to know about it: a choice, or what it opens.
    pub text: String,
    /// The credential that must exist afterwards; `None` where one exists already, or where none can hold the subject.
    pub credential: Option<Credential>,
    /// The existing credential that is changed; `None` where a new one is added.
    pub replaces: Option<Credential>,
    /// What is presented afterwards.
    pub presented: Presented,
}

impl Fix {
    /// Commands that make the change, where a credential has to be made or changed.
    #[must_use]
    pub fn commands(&self) -> Option<Commands> {
        self.credential.as_ref().map(|credential| Commands::new(credential, self.replaces.as_ref()))
    }
}

/// The credential that takes exactly this token, under a name that tells what for.
#[must_use]
pub fn credential_for(presented: &Presented) -> Credential {
    Credential::exact(
        name_for(presented.subject.as_str()),
        presented.issuer.as_str(),
        presented.subject.as_str(),
        presented.audience.as_str(),
    )
}

/// What a maintainer would change so that `presented` is accepted, where the cloud expects the audience `expected`.
#[must_use]
pub fn suggest(presented: &Presented, refused: &Refused, trusted: &Trusted, expected: Option<&str>) -> Fix {
    let after = presented_afterwards(presented, refused, expected);
    let covered = trusted.judge(&after).is_accepted();
    let too_long = !covered && after.subject.as_str().chars().count() > TEXT_LIMIT;
    let change = if after == *presented && !too_long { Change::Credential } else { Change::Workflow };
    let wanted = !covered && !too_long;
    let replaces = refused.nearest.as_ref().filter(|_| wanted && is_repair(&refused.differences)).cloned();
    let credential = wanted.then(|| credential(&after, refused, trusted, replaces.as_ref()));
    let text = if too_long {
        words::too_long(&after)
    } else {
        words::text(presented, &after, refused, credential.as_ref(), replaces.as_ref())
    };
    Fix { change, text, credential, replaces, presented: after }
}

fn credential(
    after: &Presented,
    refused: &Refused,
    trusted: &Trusted,
    replaces: Option<&Credential>,
) -> Credential {
    let made = credential_for(after);
    let known_home = trusted.index().with_home().and_then(|at| trusted.candidate(at));
    let like = refused.nearest.as_ref().filter(|nearest| nearest.home != Home::Unknown).or(known_home);
    let taken = |name: &str| trusted.index().has_name(name);
    Credential {
        name: replaces.map_or_else(|| name::unique(&made.name, taken), |replaced| replaced.name.clone()),
        home: like.map(|credential| credential.home).unwrap_or_default(),
        parent: like.and_then(|credential| credential.parent.clone()),
        ..made
    }
}

/// What the workload should present: as it is, unless the workflow is what a maintainer would change.
fn presented_afterwards(presented: &Presented, refused: &Refused, expected: Option<&str>) -> Presented {
    let mut after = presented.clone();
    let Some(nearest) = &refused.nearest else { return after };
    let audience = refused.differences.iter().find(|difference| difference.segment == "audience");
    let can_ask = presented.issuer.as_str() != COGNITO_ISSUER;
    if audience.is_some()
        && can_ask
        && should_ask_for(nearest.audience.as_str(), presented.audience.as_str(), expected)
    {
        after.audience = Audience::new(nearest.audience.as_str());
    }
    let mut subject = refused.differences.iter().filter(|difference| difference.cause.is_about_subject());
    match (subject.next().map(|difference| difference.cause), subject.next(), &nearest.matcher) {
        // A ref would go around what protects the environment.
        (Some(Cause::SubjectRefForEnvironment), None, Matcher::Exact(configured)) => {
            after.subject = configured.clone();
        }
        // No exact subject fits the next run.
        (Some(Cause::SubjectMergeQueue), _, _) => {
            let environment = environment_in_place_of_ref(presented.subject.as_str(), "merge-queue");
            after.subject = environment.map_or_else(|| presented.subject.clone(), Subject::new);
        }
        _ => {}
    }
    after
}

/// Whether the token should be asked for with the `configured` audience, rather than the credential be changed.
fn should_ask_for(configured: &str, presented: &str, expected: Option<&str>) -> bool {
    let of_cloud = |audience| expected == Some(audience);
    of_cloud(configured)
        || (!of_cloud(presented)
            && Cloud::of_audience(presented).is_none()
            && Cloud::of_audience(configured).is_some())
}

/// Whether the nearest credential serves nobody as it is, so that it can be changed in place.
fn is_repair(differences: &[Difference]) -> bool {
    !differences.is_empty() && differences.iter().all(|difference| difference.cause.makes_useless())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::verdict::{Verdict, judge};

    fn is_accepted_after(fix: &Fix, trusted: &Trusted) -> bool {
        let all: Vec<_> = trusted.credentials().iter().cloned().chain(fix.credential.clone()).collect();
        judge(&fix.presented, &all).is_accepted()
    }

    const GITHUB: &str = "https://token.actions.githubusercontent.com";
    const AUDIENCE: &str = "api://AzureADTokenExchange";

    fn fix(subject: &str, audience: &str, trusted: &[Credential]) -> Fix {
        let presented = Presented::new(GITHUB, subject, audience);
        let trusted = Trusted::new(trusted.to_vec());
        match trusted.judge(&presented) {
            Verdict::Refused(refused) => suggest(&presented, &refused, &trusted, Cloud::public().audience),
            other @ (Verdict::Accepted(_) | Verdict::Depends(_)) => panic!("{other:?}"),
        }
    }

    fn trust(name: &str, subject: &str) -> Credential {
        Credential::exact(name, GITHUB, subject, AUDIENCE)
    }

    #[test]
    fn what_serves_nobody_is_changed_in_place_and_what_serves_others_stays() {
        let hyphen = fix("repo:o/r:pull_request", AUDIENCE, &[trust("pr", "repo:o/r:pull-request")]);
        assert_eq!(hyphen.replaces.unwrap().name, "pr");
        assert_eq!(hyphen.credential.unwrap().name, "pr");
        let branch =
            fix("repo:o/r:ref:refs/heads/dev", AUDIENCE, &[trust("main", "repo:o/r:ref:refs/heads/main")]);
        assert_eq!((branch.change, branch.replaces.is_none()), (Change::Credential, true));
        assert_eq!(branch.credential.unwrap().name, "r-branch-dev");
    }

    #[test]
    fn a_job_without_its_environment_is_told_to_name_it() {
        let set = [trust("prod", "repo:o/r:environment:prod")];
        let found = fix("repo:o/r:ref:refs/heads/main", AUDIENCE, &set);
        assert_eq!((found.change, found.credential), (Change::Workflow, None));
        assert!(found.text.contains("environment: prod"), "{}", found.text);
    }

    #[test]
    fn no_credential_is_suggested_that_entra_would_not_store() {
        let subject = |length: usize| format!("repo:o/r:ref:refs/heads/{}", "b".repeat(length - 24));
        let set = [trust("main", "repo:o/r:ref:refs/heads/main")];
        assert!(fix(&subject(600), AUDIENCE, &set).credential.is_some());
        let found = fix(&subject(601), AUDIENCE, &set);
        assert_eq!((found.change, &found.credential, &found.replaces), (Change::Workflow, &None, &None));
        assert!(found.text.contains("601 characters"), "{}", found.text);
    }

    #[test]
    fn a_token_for_github_itself_is_asked_for_again() {
        let set = [trust("main", "repo:o/r:ref:refs/heads/main")];
        let found = fix("repo:o/r:ref:refs/heads/main", "https://github.com/o", &set);
        assert_eq!(found.change, Change::Workflow);
        assert_eq!(found.presented.audience.as_str(), AUDIENCE);
    }

    #[test]
    fn wider_trust_is_never_suggested_in_silence() {
        for (subject, trusted, word) in [
            ("repo:o/r:pull_request", "repo:o/r:ref:refs/heads/main", "fork"),
            ("repo:o/r:ref:refs/heads/x", "repo:o/r:ref:refs/heads/main", "every run on"),
            ("repo:o/r:pull_request", "repo:o@1/r@2:pull_request", "taken over"),
            ("repo:x/y:pull_request", "repo:o/r:pull_request", "another repository"),
        ] {
            let text = fix(subject, AUDIENCE, &[trust("a", trusted)]).text;
            assert!(text.contains(word), "{subject}: {text}");
        }
    }

    fn part() -> impl Strategy<Value = String> {
        "[a-zA-Z*$'\"`\\\\ @-]{1,8}|[a-z]{1,8}|\\PC{1,5}"
    }

    fn subject() -> impl Strategy<Value = String> {
        prop_oneof![
            (part(), part(), part()).prop_map(|(o, r, e)| format!("repo:{o}/{r}:environment:{e}")),
            (part(), part(), part()).prop_map(|(o, r, b)| format!("repo:{o}/{r}:ref:refs/heads/{b}")),
            (part(), part())
                .prop_map(|(o, b)| format!("repo:{o}/r:ref:refs/heads/gh-readonly-queue/main/{b}")),
            (part(), part()).prop_map(|(o, r)| format!("repo:{o}@1/{r}@2:pull_request")),
            Just("repo:o/r:environment:prod".to_owned()),
            Just("repo:o/r:ref:refs/heads/main".to_owned()),
            Just("repo:o/r:pull_request".to_owned()),
            part(),
        ]
    }

    fn audience() -> impl Strategy<Value = &'static str> {
        prop::sample::select(vec![AUDIENCE, "api://AzureADTokenExchangeUSGov", "https://github.com/o", "x"])
    }

    proptest! {
        #[test]
        fn a_fix_once_applied_is_accepted(
            token in subject(), asked in audience(), trusted in prop::collection::vec((subject(), audience()), 0..4)
        ) {
            let presented = Presented::new(GITHUB, token, asked);
            let name = |at: usize| format!("credential-{at}");
            let set: Vec<_> = trusted.iter().enumerate()
                .map(|(at, (subject, audience))| Credential::exact(name(at), GITHUB, subject.as_str(), *audience))
                .collect();
            let trusted = Trusted::new(set);
            if let Verdict::Refused(refused) = trusted.judge(&presented) {
                let fix = suggest(&presented, &refused, &trusted, Cloud::public().audience);
                prop_assert!(is_accepted_after(&fix, &trusted), "{fix:?}");
                prop_assert!(fix.change == Change::Workflow || fix.presented == presented);
                prop_assert!(!refused.differences.is_empty() || refused.nearest.is_none());
            }
            prop_assert!(judge(&presented, &[credential_for(&presented)]).is_accepted());
        }
    }
}
