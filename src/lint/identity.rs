//! Which identity a sign-in means, and what that identity trusts.

use super::sample::is_sample;
use crate::{
    text::Located,
    trust::{Draft, Value},
    verdict::{Trusted, flexible::Told},
    workflow::reach::{Entry, SignIn},
};

/// An identity, as the configuration names it or as the definitions of the repository make it up.
#[derive(Debug, Default)]
pub struct Identity<'a> {
    /// Its name in the configuration; none for the only one there is.
    pub name: Option<String>,
    /// The client ids that workflows use for it: numbers, or where they come from, such as `secrets.AZURE_CLIENT_ID`.
    pub clients: Vec<String>,
    /// The environments in which those names mean this identity; empty for all.
    pub environments: Vec<String>,
    /// False where a source of its credentials could not be read, so that nothing can be said against a subject.
    pub complete: bool,
    /// Its credentials, as the judge sees them.
    pub drafts: Vec<&'a Draft>,
    /// The same, ready to be judged.
    pub trusted: Trusted,
}

impl<'a> Identity<'a> {
    /// The identity with these definitions, for every sign-in.
    #[must_use]
    pub fn only(drafts: Vec<&'a Draft>) -> Self {
        let trusted = trusted(&drafts);
        Self { complete: true, drafts, trusted, ..Self::default() }
    }

    /// True when the sign-in of this entry means this identity by its client id.
    #[must_use]
    pub fn is_meant(&self, entry: &Entry, sign_in: &SignIn) -> bool {
        let client = sign_in.client_id.as_deref().unwrap_or_default();
        let environment = entry.environment.as_deref();
        self.clients.iter().any(|known| known.eq_ignore_ascii_case(client))
            && (self.environments.is_empty()
                || environment.is_some_and(|name| self.environments.iter().any(|known| known == name)))
    }

    /// True where something can be said against what a job presents: all credentials are known, and some are there. Where nobody says
    /// whose credentials they are, those of clusters and other platforms alone, or of examples, do not make up the identity of the workflows.
    #[must_use]
    pub fn is_judged(&self) -> bool {
        let any = match self.name {
            Some(_) => !self.drafts.is_empty(),
            None => self.drafts.iter().any(|draft| is_meant_for_workflows(draft)),
        };
        self.complete && any
    }

    /// The matchers of credentials that expect this issuer and audience; any audience for none.
    pub fn told(&self, issuer: &str, audience: Option<&str>) -> Vec<Told<'_>> {
        let fits = |value: Option<&Value>, wanted: &str| {
            value.is_none_or(|value| value.text().is_none_or(|text| text == wanted))
        };
        let whole = self.trusted.credentials().iter().filter(|credential| {
            credential.issuer.as_str() == issuer
                && audience.is_none_or(|audience| credential.audience.as_str() == audience)
        });
        let holed = self.drafts.iter().filter_map(|draft| {
            let subject = &draft.subject.as_ref()?.value;
            let wanted = audience.unwrap_or_default();
            let fits = fits(draft.issuer.as_ref().map(|issuer| &issuer.value), issuer)
                && (audience.is_none() || draft.audiences.iter().all(|one| fits(Some(&one.value), wanted)));
            let open =
                [&draft.issuer, &draft.subject].into_iter().flatten().any(|one| one.value.text().is_none())
                    || draft.audiences.iter().any(|one| one.value.text().is_none());
            (fits && open).then_some(Told::Holed(subject))
        });
        whole.map(|credential| Told::Whole(&credential.matcher)).chain(holed).collect()
    }
}

fn is_meant_for_workflows(draft: &Draft) -> bool {
    !is_sample(draft.place.source.path()) && !is_of_another_platform(draft)
}

/// True for a credential that no slip of the hand could have made of one for GitHub: by its issuer, else by its subject.
fn is_of_another_platform(draft: &Draft) -> bool {
    const GITHUB: [&str; 3] = ["github", "ghe.com", "_services/token"];
    const ELSEWHERE: [&str; 4] = ["system:serviceaccount:", "spiffe://", "sc://", "project_path:"];
    let text = |value: &Option<Located<Value>>| value.as_ref().map(|value| value.value.to_string());
    let known = draft.issuer.as_ref().filter(|issuer| issuer.value.text().is_some());
    match known.map(|issuer| issuer.value.to_string().to_ascii_lowercase()) {
        Some(issuer) => {
            issuer.starts_with("https://")
                && !GITHUB.iter().any(|part| issuer.contains(part))
                && !text(&draft.subject).is_some_and(|subject| subject.starts_with("repo:"))
        }
        None => text(&draft.subject)
            .is_some_and(|subject| ELSEWHERE.iter().any(|start| subject.starts_with(start))),
    }
}

/// The judge over these definitions.
fn trusted(drafts: &[&Draft]) -> Trusted {
    let own: Vec<Draft> = drafts.iter().map(|draft| (*draft).clone()).collect();
    Trusted::of_drafts(&own).0
}

/// `draft` with the numbers of this repository's prefix taken out of its subject, for a repository of which nobody says whether
/// its subjects carry them: such a credential then covers the form without them.
#[must_use]
pub fn without_ids(mut draft: Draft, prefix: &str) -> Draft {
    if let Some(subject) = &mut draft.subject
        && let Some(text) = subject.value.text().and_then(|text| stripped(text, prefix))
    {
        subject.value = Value::known(text);
    }
    if let Some(expression) = &mut draft.expression
        && let Some(text) = expression.value.text().filter(|text| text.contains('@'))
    {
        expression.value = Value::known(numbers_out(text, |c| c.is_ascii_digit() || c == '*'));
    }
    draft
}

fn stripped(text: &str, prefix: &str) -> Option<String> {
    let end = text.match_indices(':').nth(1).map_or(text.len(), |(at, _)| at);
    let (head, context) = text.split_at_checked(end)?;
    let plain = numbers_out(head, |c| c.is_ascii_digit());
    (plain == prefix && plain != head).then(|| format!("{plain}{context}"))
}

/// `text` without every `@` and the run of such characters behind it.
fn numbers_out(text: &str, is_number: impl Fn(char) -> bool) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in text.chars() {
        inside = c == '@' || (inside && is_number(c));
        if !inside {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_numbers_of_this_repository_are_left_out() {
        let of = |text| stripped(text, "repo:octo/app");
        assert_eq!(
            of("repo:octo@1/app@2:ref:refs/heads/main").as_deref(),
            Some("repo:octo/app:ref:refs/heads/main")
        );
        assert_eq!(of("repo:octo/app:environment:a@1"), None);
        assert_eq!(of("repo:octo@1/other@2:pull_request"), None);
        let expression = numbers_out("claims['sub'] matches 'repo:octo@*/app@*:ref:*'", |c| {
            c.is_ascii_digit() || c == '*'
        });
        assert_eq!(expression, "claims['sub'] matches 'repo:octo/app:ref:*'");
    }
}
