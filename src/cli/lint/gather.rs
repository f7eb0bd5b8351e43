//! Collects what the rules look at: workflows, credentials, and which identity stands behind which name.

use std::{collections::BTreeMap, path::Path};

use anyhow::Context as _;

use super::Args;
use crate::{
    cli::{Context, config, repository::Repository, source},
    issuer::github::{Instance, Prefix},
    lint::{Facts, Identity, without_ids},
    trust::{
        Draft,
        read::{Reading, Skipped},
    },
    workflow::reach::{Jobs, Wanted},
};

/// What was read; the facts borrow from it.
pub(super) struct Gathered {
    pub(super) repository: Repository,
    /// Every definition, as written.
    drafts: Vec<Draft>,
    groups: Vec<Group>,
    /// What was not read, and why.
    pub(super) skipped: Vec<Skipped>,
}

/// An identity with its own copy of the definitions, as the judge sees them.
struct Group {
    configured: Option<config::Identity>,
    complete: bool,
    drafts: Vec<Draft>,
}

/// Reads the repository.
///
/// # Errors
/// When the folder, the configuration or a source that it names cannot be read.
pub(super) fn gather(args: &Args, context: &Context<'_>) -> anyhow::Result<Gathered> {
    let root = args.path.as_path();
    let progress = context.progress();
    progress.say("working out what the workflows present".to_owned());
    let wanted = Wanted { jobs: Jobs::Presenting, unreachable: true, ..Wanted::default() };
    let repository = Repository::read(context, root, &args.facts, &wanted)?;
    progress.say("reading the definitions of credentials".to_owned());
    let here = Path::new("");
    let mut found = match args.credentials.as_slice() {
        [] => source::load_folder(context, root, here)?,
        named => source::load(context, here, named)?,
    }
    .in_repository(repository.name());
    let configured = if args.credentials.is_empty() { repository.config.identities.as_slice() } else { &[] };
    let groups = groups(context, root, &repository, configured, &mut found)?;
    Ok(Gathered { drafts: found.drafts, groups, skipped: found.skipped, repository })
}

/// The `configured` identities, or the only one that all definitions make up. What sources outside the folder hold is added to `all`.
fn groups(
    context: &Context<'_>,
    root: &Path,
    repository: &Repository,
    configured: &[config::Identity],
    all: &mut Reading,
) -> anyhow::Result<Vec<Group>> {
    if configured.is_empty() {
        let drafts = all.drafts.iter().map(|draft| seen(repository, draft)).collect();
        return Ok(vec![Group { configured: None, complete: true, drafts }]);
    }
    let mut groups = Vec::new();
    for identity in configured {
        let mut reading = Reading::default();
        let mut complete = true;
        for source in &identity.credentials {
            if source::is_live(&source.value) && context.global.offline {
                complete = false;
                continue;
            }
            let read = source::load(context, root, std::slice::from_ref(&source.value));
            reading.append(read.with_context(|| source.place.to_string())?);
        }
        let reading = reading.without_repeats();
        for one in &reading.skipped {
            if !all.skipped.contains(one) {
                all.skipped.push(one.clone());
            }
        }
        let drafts: Vec<Draft> = match identity.credentials.is_empty() {
            true => all.drafts.clone(),
            false => reading.in_repository(repository.name()).drafts,
        };
        for draft in &drafts {
            if !all.drafts.iter().any(|known| known.place == draft.place && known.subject == draft.subject) {
                all.drafts.push(draft.clone());
            }
        }
        let drafts = drafts.iter().map(|draft| seen(repository, draft)).collect();
        groups.push(Group { configured: Some(identity.clone()), complete, drafts });
    }
    Ok(groups)
}

/// A definition as the judge should see it: where nobody says the id form, numbers do not count.
fn seen(repository: &Repository, draft: &Draft) -> Draft {
    match &repository.facts.prefix {
        prefix @ Prefix::Assumed(_) => without_ids(draft.clone(), &prefix.to_string()),
        Prefix::Names(_) | Prefix::Ids(..) | Prefix::Hole(_) => draft.clone(),
    }
}

impl Gathered {
    pub(super) fn facts(&self) -> Facts<'_> {
        let facts = &self.repository.facts;
        Facts {
            repository: self.repository.name().cloned(),
            identities: self.groups.iter().map(Group::identity).collect(),
            entries: &self.repository.entries,
            unreachable: &self.repository.unreachable,
            project: Some(&self.repository.project),
            prefix: Some(facts.prefix.clone()),
            template: facts.template.clone(),
            default_branch: facts.default_branch.clone(),
            issuer: Instance::Cloud.issuer(),
            claims: self.claims(),
            ..Facts::of_credentials(&self.drafts)
        }
    }

    fn claims(&self) -> BTreeMap<String, String> {
        let facts = &self.repository.facts;
        let ids = facts.prefix.ids();
        let numbers = [
            ("repository_id", facts.repository_id.or(ids.map(|ids| ids.repository))),
            ("repository_owner_id", facts.owner_id.or(ids.map(|ids| ids.owner))),
        ];
        let known =
            numbers.into_iter().filter_map(|(name, number)| Some((name.to_owned(), number?.to_string())));
        known.collect()
    }
}

impl Group {
    fn identity(&self) -> Identity<'_> {
        let only = Identity::only(self.drafts.iter().collect());
        match &self.configured {
            None => only,
            Some(identity) => Identity {
                name: Some(identity.name.value.clone()),
                clients: identity.client_ids.clone(),
                environments: identity.environments.clone(),
                complete: self.complete,
                ..only
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        cli,
        host::{Files, Host, Stream},
    };

    #[test]
    fn a_source_that_cannot_be_read_is_told_with_its_place_in_the_configuration() {
        let text = "identities:\n  deploy:\n    credentials: [infra/nowhere.tf]\n";
        let host = Host { files: Files::fake([(".github/fedcred.yml", text)]), ..Host::fake() };
        let exit = cli::run(["fedcred", "lint", "--repository", "octo/app"].map(Into::into), &host);
        assert_eq!(exit, cli::Exit::AskedWrongly);
        let talk = host.console.written(Stream::Err);
        assert!(talk.contains(".github/fedcred.yml:3:19: cannot read `infra/nowhere.tf`"), "{talk}");
    }

    #[test]
    fn named_credentials_take_the_place_of_the_configuration_and_of_what_the_folder_defines() {
        let workflow = "on: {push: {branches: [main]}}\npermissions: {id-token: write}\njobs:\n  a:\n    runs-on: x\n    \
            steps: [{uses: azure/login@v3, with: {client-id: a, tenant-id: b}}]\n";
        let credential = |branch: &str| {
            format!(
                r#"{{"name":"one","issuer":"https://token.actions.githubusercontent.com","subject":"repo:octo/app:ref:refs/heads/{branch}","audiences":["api://AzureADTokenExchange"]}}"#
            )
        };
        let lint = |named: &[&str]| {
            let files = [
                (".github/workflows/w.yml", workflow),
                (".github/fedcred.yml", "identities:\n  deploy:\n    credentials: [wrong.json]\n"),
                ("wrong.json", &credential("dev")),
                ("right.json", &credential("main")),
                ("broken.json", r#"{"issuer": "i", "subject": "#),
            ];
            let host = Host { files: Files::fake(files), ..Host::fake() };
            let words = ["fedcred", "lint", "--repository", "octo/app"].iter().chain(named);
            let exit = cli::run(words.map(Into::into), &host);
            (exit, host.console.written(Stream::Err))
        };
        assert_eq!(lint(&[]).0, cli::Exit::No);
        assert_eq!(lint(&["--credentials", "right.json"]).0, cli::Exit::Yes);
        let (exit, talk) = lint(&["--credentials", "broken.json"]);
        assert_eq!(exit, cli::Exit::AskedWrongly);
        assert!(talk.contains("`broken.json` cannot be read: broken.json:1"), "{talk}");
    }

    #[test]
    fn credentials_of_a_cluster_or_an_example_alone_say_nothing_against_a_workflow() {
        let workflow = "on: {push: {branches: [main]}}\npermissions: {id-token: write}\njobs:\n  a:\n    runs-on: x\n    \
            steps: [{uses: azure/login@v3, with: {client-id: a, tenant-id: b}}]\n";
        let exit_in = |path: &str, issuer: &str, subject: &str| {
            let credential = format!(
                r#"{{"name":"one","issuer":"{issuer}","subject":"{subject}","audiences":["api://AzureADTokenExchange"]}}"#
            );
            let files = [(".github/workflows/w.yml", workflow), (path, credential.as_str())];
            let host = Host { files: Files::fake(files), ..Host::fake() };
            cli::run(["fedcred", "lint", "--repository", "octo/app"].map(Into::into), &host)
        };
        let exit = |issuer: &str, subject: &str| exit_in("fic.json", issuer, subject);
        let cluster = "https://westeurope.oic.prod-aks.azure.com/1/2/";
        assert_eq!(exit(cluster, "system:serviceaccount:n:s"), cli::Exit::Yes);
        assert_eq!(exit("${ISSUER}", "system:serviceaccount:n:s"), cli::Exit::Yes);
        assert_eq!(exit(cluster, "repo:octo/app:ref:refs/heads/main"), cli::Exit::No);
        let github = "https://token.actions.githubusercontent.com";
        assert_eq!(exit_in("examples/fic.json", github, "repo:octo/other:pull_request"), cli::Exit::Yes);
        assert_eq!(exit_in("fic.json", github, "repo:octo/other:pull_request"), cli::Exit::No);
        assert_eq!(exit("https://github.example/_services/token", "x"), cli::Exit::No);
    }

    #[test]
    fn an_environment_that_may_be_empty_is_judged_as_none_too() {
        let lint = |environment: &str, subject: &str| {
            let workflow = format!(
                "on: {{push: {{branches: [main]}}}}\npermissions: {{id-token: write}}\njobs:\n  a:\n    runs-on: x\n    environment: {environment}\n    \
                 steps: [{{uses: azure/login@v3, with: {{client-id: a, tenant-id: b}}}}]\n"
            );
            let credential = format!(
                r#"{{"name":"one","issuer":"https://token.actions.githubusercontent.com","subject":"{subject}","audiences":["api://AzureADTokenExchange"]}}"#
            );
            let files = [(".github/workflows/w.yml", workflow.as_str()), ("fic.json", credential.as_str())];
            let host = Host { files: Files::fake(files), ..Host::fake() };
            cli::run(["fedcred", "lint", "--repository", "octo/app"].map(Into::into), &host)
        };
        let main = "repo:octo/app:ref:refs/heads/main";
        assert_eq!(lint("${{ vars.ENV }}", main), cli::Exit::Yes);
        assert_eq!(lint("${{ vars.ENV }}-x", main), cli::Exit::No);
        assert_eq!(lint("${{ vars.ENV }}", "repo:octo/app:pull_request"), cli::Exit::No);
    }

    #[test]
    fn an_entry_of_ignore_that_meets_nothing_is_told_with_its_place() {
        let text = "ignore:\n  - {rule: wildcard-subject, path: gone.json, reason: meant}\n";
        let host = Host { files: Files::fake([(".github/fedcred.yml", text)]), ..Host::fake() };
        assert_eq!(
            cli::run(["fedcred", "lint", "--repository", "octo/app"].map(Into::into), &host),
            cli::Exit::Yes
        );
        let talk = host.console.written(Stream::Err);
        assert!(
            talk.contains(".github/fedcred.yml:2:12: there is no such finding of `wildcard-subject`"),
            "{talk}"
        );
    }
}
