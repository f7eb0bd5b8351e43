//! GitHub's subjects: `key:value` segments joined by colons, of which the first is usually `repo`.
//!
//! Source: <https://docs.github.com/actions/reference/security/oidc>; a colon inside a value is written `%3A`.

/// A subject in GitHub's form, as far as it follows that form. Every text is a slice of the subject.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct GitHub<'a> {
    /// The segment `repo`.
    pub(super) repo: Option<Repo<'a>>,
    /// The first of environment, ref and pull request.
    pub(super) context: Option<Context<'a>>,
    /// Every other segment: what only a template brings in.
    pub(super) claims: Vec<(&'a str, &'a str)>,
    /// The keys in order, with `context` for the context.
    pub(super) keys: Vec<&'a str>,
    /// What stands where a key should: text that belongs to no segment.
    pub(super) stray: Vec<&'a str>,
    /// Whether a value is none that GitHub could have written there.
    pub(super) has_bad_value: bool,
}

/// The segment `repo`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Repo<'a> {
    /// The whole value.
    pub(super) text: &'a str,
    pub(super) owner: &'a str,
    pub(super) owner_id: Option<&'a str>,
    pub(super) name: &'a str,
    pub(super) id: Option<&'a str>,
}

/// What a job runs for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Context<'a> {
    Environment(&'a str),
    Branch(&'a str),
    Tag(&'a str),
    MergeQueue(&'a str),
    /// A ref of another kind, or text that is no full ref.
    Ref(&'a str),
    /// The word as written.
    PullRequest(&'a str),
}

/// Keys that a template can name and that render as `key:value`.
///
/// Source: <https://docs.github.com/actions/reference/security/oidc>, PaloAltoNetworks/github-oidc-utils.
const KEYS: [&str; 27] = [
    "actor",
    "actor_id",
    "base_ref",
    "check_run_id",
    "enterprise",
    "enterprise_id",
    "environment",
    "environment_node_id",
    "event_name",
    "head_ref",
    "job_workflow_ref",
    "job_workflow_sha",
    "ref",
    "ref_protected",
    "ref_type",
    "repo",
    "repository_id",
    "repository_owner",
    "repository_owner_id",
    "repository_visibility",
    "run_attempt",
    "run_id",
    "run_number",
    "runner_environment",
    "workflow",
    "workflow_ref",
    "workflow_sha",
];

impl<'a> GitHub<'a> {
    /// Takes `text` apart; `None` where not even its first word is a key.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let mut form = Self::default();
        let mut tokens = text.split(':').peekable();
        if !tokens.peek().is_some_and(|first| is_key(first)) {
            return None;
        }
        while let Some(token) = tokens.next() {
            if is_pull_request(token) {
                form.context(Context::PullRequest(token), "pull_request");
                form.has_bad_value |= token.contains('-');
            } else if is_key(token) && tokens.peek().is_some() {
                form.segment(token, tokens.next().unwrap_or(""));
            } else {
                form.stray.push(token);
            }
        }
        Some(form)
    }

    /// Whether GitHub could have written it.
    pub(super) fn is_sound(&self) -> bool {
        self.stray.is_empty() && !self.has_bad_value
    }

    /// The value of a template's claim.
    pub(super) fn claim(&self, key: &str) -> Option<&'a str> {
        self.claims.iter().find(|(name, _)| *name == key).map(|(_, value)| *value)
    }

    fn segment(&mut self, key: &'a str, value: &'a str) {
        match key.to_lowercase().as_str() {
            "repo" if self.repo.is_none() => {
                let repo = Repo::parse(value);
                self.has_bad_value |= !repo.is_sound();
                self.repo = Some(repo);
                self.keys.push(key);
            }
            "environment" => {
                self.has_bad_value |= value.is_empty() || is_damaged(value);
                self.context(Context::Environment(value), key);
            }
            "ref" => {
                let context = Context::of_ref(value);
                self.has_bad_value |= !context.is_full_ref() || is_damaged(value);
                self.context(context, key);
            }
            _ => {
                self.claims.push((key, value));
                self.keys.push(key);
            }
        }
    }

    fn context(&mut self, context: Context<'a>, key: &'a str) {
        if self.context.is_none() {
            self.context = Some(context);
            self.keys.push("context");
        } else {
            self.claims.push((key, context.value()));
            self.keys.push(key);
        }
    }
}

impl<'a> Context<'a> {
    fn of_ref(value: &'a str) -> Self {
        if let Some(branch) = value.strip_prefix("refs/heads/") {
            if branch.starts_with("gh-readonly-queue/") {
                Self::MergeQueue(branch)
            } else {
                Self::Branch(branch)
            }
        } else if let Some(tag) = value.strip_prefix("refs/tags/") {
            Self::Tag(tag)
        } else {
            Self::Ref(value)
        }
    }

    /// The text that tells it from others of its kind.
    pub(super) const fn value(&self) -> &'a str {
        match self {
            Self::Environment(text)
            | Self::Branch(text)
            | Self::Tag(text)
            | Self::MergeQueue(text)
            | Self::Ref(text)
            | Self::PullRequest(text) => text,
        }
    }

    /// The name of the segment in a difference.
    pub(super) const fn segment(&self) -> &'static str {
        match self {
            Self::Environment(_) => "environment",
            Self::Branch(_) | Self::MergeQueue(_) => "branch",
            Self::Tag(_) => "tag",
            Self::Ref(_) => "ref",
            Self::PullRequest(_) => "pull_request",
        }
    }

    /// The text as it stands in a subject.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Environment(name) => format!("environment:{name}"),
            Self::Branch(name) | Self::MergeQueue(name) => format!("ref:refs/heads/{name}"),
            Self::Tag(name) => format!("ref:refs/tags/{name}"),
            Self::Ref(name) => format!("ref:{name}"),
            Self::PullRequest(word) => (*word).to_owned(),
        }
    }

    fn is_full_ref(&self) -> bool {
        match self {
            Self::Ref(text) => text.strip_prefix("refs/pull/").is_some_and(|rest| rest.contains('/')),
            Self::Environment(_) | Self::PullRequest(_) => false,
            Self::Branch(name) | Self::Tag(name) | Self::MergeQueue(name) => !name.is_empty(),
        }
    }
}

impl<'a> Repo<'a> {
    fn parse(text: &'a str) -> Self {
        let (owner, name) = text.split_once('/').unwrap_or((text, ""));
        let (owner, owner_id) = with_id(owner);
        let (name, id) = with_id(name);
        Self { text, owner, owner_id, name, id }
    }

    /// Both ids.
    pub(super) fn has_ids(&self) -> bool {
        self.owner_id.is_some() && self.id.is_some()
    }

    /// `owner-1/name-2` taken apart into names and digits.
    ///
    /// Source: the form of 2026-04-23, withdrawn because a repository can be given such a name, github/docs#60941.
    pub(super) fn hyphen_form(&self) -> Option<[(&'a str, &'a str); 2]> {
        let digits = |text: &'a str| {
            text.rsplit_once('-')
                .filter(|(_, end)| !end.is_empty() && end.bytes().all(|byte| byte.is_ascii_digit()))
        };
        Some([digits(self.owner)?, digits(self.name)?])
    }

    pub(super) fn is_sound(&self) -> bool {
        !self.owner.is_empty()
            && !self.name.is_empty()
            && self.owner_id.is_some() == self.id.is_some()
            && !self.name.contains(['/', '@'])
            && !self.text.contains(['$', '%', '`', '\\', '"', '\'', ' ', '(', ')'])
            && !self.text.contains("{{")
    }
}

fn with_id(text: &str) -> (&str, Option<&str>) {
    match text.split_once('@') {
        Some((name, id)) if !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()) => {
            (name, Some(id))
        }
        _ => (text, None),
    }
}

fn is_key(token: &str) -> bool {
    let lower = token.to_ascii_lowercase();
    KEYS.contains(&lower.as_str()) || lower.starts_with("repo_property_")
}

fn is_pull_request(token: &str) -> bool {
    ["pull_request", "pull-request"].iter().any(|word| token.eq_ignore_ascii_case(word))
}

/// What an unquoted shell, a template engine or a paste leaves behind.
fn is_damaged(value: &str) -> bool {
    ["${", "$(", "{{", "`", "\"", "https://"].iter().any(|mark| value.contains(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_ids_and_templates_come_apart() {
        let form = GitHub::parse(
            "repo:o@1/r@2:environment:prod:job_workflow_ref:o/r/.github/workflows/a.yml@refs/heads/main",
        )
        .unwrap();
        let repo = form.repo.unwrap();
        assert_eq!((repo.owner, repo.owner_id, repo.name, repo.id), ("o", Some("1"), "r", Some("2")));
        assert_eq!(form.context, Some(Context::Environment("prod")));
        assert_eq!(form.keys, ["repo", "context", "job_workflow_ref"]);
        assert!(form.is_sound());
    }

    #[test]
    fn what_github_never_writes_is_not_sound() {
        for bad in [
            "repo:o/r:environment/x",
            "repo:o/r:ref:main",
            "repo:o/r:ref:refs/head/main",
            "repo:o/r:refs/heads/main",
            "repo:o/r:branch:main",
            "repo:o/r:pull-request",
            "repo:/:pull_request",
            "repo:r:pull_request",
            "repo:o/r/x:pull_request",
            "repo:o/r:ref:refs/heads/",
            "repo:${{ github.repository }}:pull_request",
            "repo:https://github.com/o/r:pull_request",
            "repo:o/r:environment:",
            "repo:o@1/r:pull_request",
        ] {
            assert!(!GitHub::parse(bad).unwrap().is_sound(), "{bad}");
        }
        for none in ["https://github.com/o/r", "repository:o/r:pull_request", "o/r", ""] {
            assert_eq!(GitHub::parse(none), None, "{none}");
        }
    }
}
