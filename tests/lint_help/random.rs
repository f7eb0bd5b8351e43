//! Random repositories with random slips of the hand.

use proptest::{prelude::*, sample::select};

use super::repository::{AUDIENCE, Credential, ISSUER, Language, Repository, presented};

const EVENTS: &[&str] = &[
    "  push:\n    branches: [main]\n",
    "  push:\n    branches: [feature/a-b]\n",
    "  push:\n    tags: [v1]\n",
    "  pull_request:\n",
    "  schedule:\n    - cron: '0 0 * * *'\n",
    "  workflow_dispatch:\n",
];
const ENVIRONMENTS: &[&str] = &["", "", "prod", "Production", "a:b", "Prod EU", "eu/west"];
const PERMISSIONS: &[&str] = &[
    "permissions:\n  id-token: write\n",
    "permissions: {id-token: write}\n",
    "permissions:\n  contents: read\n",
    "permissions: {}\n",
    "permissions: {contents: read}\n",
    "permissions: {id-token: none}\n",
    "permissions: write-all\n",
    "",
];
const TEMPLATES: &[&str] = &[
    "",
    "",
    "",
    "repo, context",
    "repository_owner, context",
    "repo, environment",
    "repository_id, context",
    "repo, context, repository_owner",
];
const PREFIXES: &[Option<&str>] = &[None, Some("repo:octo/app"), Some("repo:octo@1/app@2")];
const ASKED: &[Option<&str>] = &[
    None,
    None,
    None,
    Some(AUDIENCE),
    Some("api://AzureADTokenExchangeUSGov"),
    Some("https://github.com/octo"),
];

const NAMES: &[&str] = &["deploy", "deploy-prod", "x y", "ab"];
const ISSUERS: &[&str] = &[
    ISSUER,
    ISSUER,
    ISSUER,
    "https://token.actions.githubusercontent.com/",
    "https://token.actions.githubusercontent.com/octo-corp",
];
const STARTS: &[&str] = &[
    "repo:octo/app:",
    "repo:octo@1/app@2:",
    "repo:octo-1/app-2:",
    "repo:Octo/App:",
    "repo:octo/other:",
    "repo:your-org/app:",
    "repository:octo/app:",
    "https://github.com/octo/app:",
    "",
];
const CONTEXTS: &[&str] = &[
    "ref:refs/heads/main",
    "ref:refs/heads/Main",
    "ref:refs/heads/dev",
    "ref:refs/tags/v1",
    "ref:refs/tags/v2",
    "pull_request",
    "pull-request",
    "environment:prod",
    "environment:Prod",
    "environment:a:b",
    "environment:a%3Ab",
    "environment:Prod EU",
    "ref:main",
    "environment/prod",
    "ref:refs/heads/*",
    "*",
    "ref:refs/heads/feature/a-b",
    "environment:<name>",
];
const AUDIENCES: &[&str] = &[
    AUDIENCE,
    AUDIENCE,
    AUDIENCE,
    "api://azureadtokenexchange",
    "api://AzureADTokenExchangeUSGov",
    "https://github.com/octo",
];

fn credential() -> impl Strategy<Value = Credential> {
    (select(NAMES), select(ISSUERS), select(STARTS), select(CONTEXTS), select(AUDIENCES)).prop_map(
        |(name, issuer, start, context, audience)| Credential {
            name: name.to_owned(),
            issuer: issuer.to_owned(),
            subject: format!("{start}{context}"),
            audience: audience.to_owned(),
        },
    )
}

/// A slip of the hand: in which value, where, and what slips in (or the case of the letter there).
fn slip() -> impl Strategy<Value = (usize, prop::sample::Index, &'static str)> {
    (
        0_usize..3,
        any::<prop::sample::Index>(),
        select(vec!["case", " ", "\t", "\n", "\u{200b}", "\u{a0}", "end ", "start ", "end\n"]),
    )
}

fn slipped(mut credential: Credential, slips: &[(usize, prop::sample::Index, &'static str)]) -> Credential {
    for (which, at, what) in slips {
        let field = match which {
            0 => &mut credential.subject,
            1 => &mut credential.issuer,
            _ => &mut credential.audience,
        };
        let mut chars: Vec<char> = field.chars().collect();
        let at = at.index(chars.len());
        match *what {
            "case" => {
                chars[at] = if chars[at].is_uppercase() {
                    chars[at].to_ascii_lowercase()
                } else {
                    chars[at].to_ascii_uppercase()
                }
            }
            text => match text
                .strip_prefix("end")
                .map(|c| (chars.len(), c))
                .or(text.strip_prefix("start").map(|c| (0, c)))
            {
                Some((at, c)) => chars.splice(at..at, c.chars()).for_each(drop),
                None => chars.splice(at..at, text.chars()).for_each(drop),
            },
        }
        *field = chars.into_iter().collect();
    }
    credential
}

fn workflow() -> impl Strategy<Value = Repository> {
    let language = select(vec![Language::Json, Language::Terraform, Language::Bicep]);
    let facts = (select(PREFIXES), select(TEMPLATES), language);
    (select(EVENTS), select(ENVIRONMENTS), select(PERMISSIONS), select(ASKED), facts).prop_map(
        |(event, environment, permissions, audience, (prefix, template, language))| Repository {
            event,
            environment: (!environment.is_empty()).then(|| environment.to_owned()),
            permissions,
            audience: audience.map(str::to_owned),
            prefix,
            template,
            language,
            credentials: Vec::new(),
        },
    )
}

/// Half of the repositories have the right credential first, but for slips.
pub(crate) fn repository() -> impl Strategy<Value = Repository> {
    let credentials = prop::collection::vec((credential(), prop::collection::vec(slip(), 0..3)), 1..4);
    (workflow(), credentials, any::<bool>()).prop_map(|(mut repository, credentials, right)| {
        let presented = presented(&repository.files());
        for (at, (mut credential, slips)) in credentials.into_iter().enumerate() {
            if at == 0 && right {
                credential.issuer = ISSUER.to_owned();
                credential.subject.clone_from(&presented);
                credential.audience = AUDIENCE.to_owned();
            }
            credential.name.push_str(&"-more".repeat(at));
            repository.credentials.push(Some(slipped(credential, &slips)));
        }
        repository
    })
}
