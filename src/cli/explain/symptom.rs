//! Failures that a log shows without any AADSTS code, because Entra was not asked yet, or had already said yes.

/// A failure known by its words.
#[derive(Debug)]
pub(super) struct Symptom {
    /// The id, kebab-case.
    pub(super) id: &'static str,
    /// Any of these, as tools print them; compared without regard to letter case.
    pub(super) words: &'static [&'static str],
    /// What it is: lower case, no full stop.
    pub(super) title: &'static str,
    /// Why it happens.
    pub(super) meaning: &'static str,
    /// What to do, one action each.
    pub(super) fixes: &'static [&'static str],
    /// Where it was seen.
    pub(super) sources: &'static [&'static str],
}

/// Every symptom, in the order in which a job runs into them.
pub(super) static SYMPTOMS: &[Symptom] = &[
    Symptom {
        id: "no-id-token",
        words: &[
            "ACTIONS_ID_TOKEN_REQUEST_URL env variable",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN env variable",
            "Please make sure to give write permissions to id-token in the workflow",
        ],
        title: "the job may not ask for a token",
        meaning: "The runner offers a token only to a job with the permission `id-token: write`. A `permissions:` block at the \
                  job replaces that of the workflow, and what it does not list is not granted. A pull request from a fork never \
                  gets the permission.",
        fixes: &[
            "Add `permissions: {id-token: write, contents: read}` to the job or the workflow; a reusable workflow needs it from its caller.",
            "For pull requests from forks, skip the sign-in: no permission helps there.",
        ],
        sources: &[
            "actions/toolkit, packages/core/src/oidc-utils.ts",
            "aws-actions/configure-aws-credentials#373",
        ],
    },
    Symptom {
        id: "no-client-id",
        words: &[
            "Ensure 'client-id' and 'tenant-id' are supplied",
            "Ensure 'client-id' and 'tenant-id' is supplied",
        ],
        title: "the client id or the tenant id is empty",
        meaning: "A secret or variable that does not exist is an empty text. Secrets of an environment exist only in jobs that \
                  name the environment, and runs from forks and of Dependabot have no secrets of the repository.",
        fixes: &[
            "Check the spelling of the secrets, and that the job names the environment that holds them.",
            "Keep the ids in variables (`vars.AZURE_CLIENT_ID`): they are no secrets.",
        ],
        sources: &["Azure/login, src/common/LoginConfig.ts"],
    },
    Symptom {
        id: "no-id-token-in-answer",
        words: &["Response json body do not have ID Token field"],
        title: "GitHub answered without a token",
        meaning: "The address that hands out tokens gave an answer of another kind, such as a page of a proxy.",
        fixes: &[
            "Run the job again; on a self-hosted runner, let the address in `ACTIONS_ID_TOKEN_REQUEST_URL` past the proxy.",
        ],
        sources: &["actions/toolkit, packages/core/src/oidc-utils.ts"],
    },
    Symptom {
        id: "no-service-principal",
        words: &["at least one of the claims 'puid' or 'altsecid' or 'oid' should be present"],
        title: "the application has no service principal in this tenant",
        meaning: "Entra gave out a token that names no object, because the application is registered but not present in the tenant.",
        fixes: &["Create it: `az ad sp create --id CLIENT_ID`."],
        sources: &["Azure/login#501"],
    },
    Symptom {
        id: "no-subscriptions",
        words: &["No subscriptions found"],
        title: "the sign-in worked, but the identity may see no subscription",
        meaning: "Entra accepted the token. The identity has no role on any subscription, or the role was given a moment ago.",
        fixes: &[
            "Give the identity a role on the subscription or a resource group of it; a new role takes some minutes.",
            "Where no subscription is needed, set `allow-no-subscriptions: true` in azure/login.",
        ],
        sources: &["radius-project/radius#12699", "sbroenne/mcp-windows#97"],
    },
    Symptom {
        id: "expression-lacks-claims",
        words: &["either lacks all required claims or contains unallowed claims"],
        title: "Entra refuses to store this flexible expression",
        meaning: "An expression for GitHub must hold `sub` and, compared with `eq`, `repository_id` or `repository_owner_id`; one for \
                  a GitLab project needs `project_id`.",
        fixes: &["Add `and claims['repository_id'] eq 'N'` to the expression."],
        sources: &["hashicorp/terraform-provider-azuread#1901"],
    },
    Symptom {
        id: "duplicate-credential",
        words: &["combination of issuer and subject must be unique"],
        title: "the identity already has a credential with this issuer and subject",
        meaning: "The audience does not count: one identity cannot trust the same subject twice.",
        fixes: &["Change the credential that is there, `fedcred credentials list`, or delete it first."],
        sources: &["Azure/azure-workload-identity#434"],
    },
    Symptom {
        id: "too-many-credentials",
        words: &["limit of 20 federated"],
        title: "the identity has as many credentials as it may have",
        meaning: "An application or managed identity holds at most 20 federated credentials.",
        fixes: &[
            "Trust an environment in place of many branches, use a flexible expression, or spread the jobs over more identities.",
        ],
        sources: &["Azure/azure-workload-identity#1172"],
    },
];

/// The symptoms that `line` shows.
pub(super) fn shown_in(line: &str) -> impl Iterator<Item = &'static Symptom> {
    let line = line.to_ascii_lowercase();
    SYMPTOMS
        .iter()
        .filter(move |one| one.words.iter().any(|words| line.contains(&words.to_ascii_lowercase())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_symptoms_have_one_id_and_each_has_a_fix_and_a_source() {
        let mut ids: Vec<_> = SYMPTOMS.iter().map(|one| one.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), SYMPTOMS.len());
        assert!(SYMPTOMS.iter().all(|one| !one.fixes.is_empty() && !one.sources.is_empty()));
    }

    #[test]
    fn a_line_of_a_log_shows_its_symptom() {
        let line = "2026-11-21T10:00:00Z ##[error]Error message: Unable to get ACTIONS_ID_TOKEN_REQUEST_URL env variable";
        assert_eq!(shown_in(line).map(|one| one.id).collect::<Vec<_>>(), ["no-id-token"]);
    }
}
