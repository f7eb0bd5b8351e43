//! The configuration file, `.github/fedcred.yml`: parsed into types, with errors that point into the file.

use std::sync::Arc;

use thiserror::Error;

use crate::{
    diagnostic::Severity,
    id::RepositoryName,
    issuer::github::{Prefix, Template},
    text::{Located, Place, Source},
    yaml::{self, Node},
};

/// Where the file lies unless `--config` says otherwise.
pub(super) const PATH: &str = ".github/fedcred.yml";

/// What the file says; everything is optional.
#[derive(Clone, Debug, Default)]
pub(super) struct Config {
    /// `repository`.
    pub(super) repository: Repository,
    /// `identities`, in the order of the file.
    pub(super) identities: Vec<Identity>,
    /// `rules`: how loud each is; `None` is off.
    pub(super) rules: Vec<(Located<String>, Option<Severity>)>,
    /// `ignore`.
    pub(super) ignore: Vec<Ignore>,
}

/// `repository`: facts that files cannot tell.
#[derive(Clone, Debug, Default)]
pub(super) struct Repository {
    pub(super) name: Option<RepositoryName>,
    pub(super) default_branch: Option<String>,
    pub(super) subject_prefix: Option<Prefix>,
    pub(super) template: Option<Template>,
    pub(super) environments: Option<Vec<String>>,
    pub(super) id: Option<u64>,
    pub(super) owner_id: Option<u64>,
}

/// One entry of `identities`: which credentials stand behind the names that workflows use.
#[derive(Clone, Debug)]
pub(super) struct Identity {
    /// Its name, and where it was written.
    pub(super) name: Located<String>,
    /// Client ids, and secrets or variables that hold one, such as `secrets.AZURE_CLIENT_ID`.
    pub(super) client_ids: Vec<String>,
    /// The environments in which these names mean this identity; empty for all.
    pub(super) environments: Vec<String>,
    /// Sources of its credentials.
    pub(super) credentials: Vec<Located<String>>,
}

/// One entry of `ignore`.
#[derive(Clone, Debug)]
pub(super) struct Ignore {
    /// The id of a rule.
    pub(super) rule: Located<String>,
    /// The file it is about; `None` for all.
    pub(super) path: Option<String>,
    /// The job it is about; `None` for all.
    pub(super) job: Option<String>,
    /// The subject it is about; `None` for all.
    pub(super) subject: Option<String>,
}

/// Why the file cannot be used.
#[derive(Clone, Debug, Error)]
#[error("{place}: {problem}")]
pub(super) struct Error {
    pub(super) problem: Problem,
    pub(super) place: Place,
}

/// What is wrong with the file.
#[derive(Clone, Debug, Error)]
pub(super) enum Problem {
    #[error("{0}")]
    Yaml(#[from] yaml::Problem),
    #[error("unknown key `{key}`{}", suggested(.nearest))]
    UnknownKey { key: String, nearest: Option<&'static str> },
    #[error("`{key}` is missing")]
    Missing { key: &'static str },
    #[error("`{key}` should be {wanted}, not {found}")]
    Kind { key: String, wanted: &'static str, found: &'static str },
    #[error("{0}")]
    Value(String),
}

fn suggested(nearest: &Option<&'static str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

type Read<T> = Result<T, Error>;

impl Config {
    /// Reads the file.
    pub(super) fn parse(source: &Arc<Source>) -> Read<Self> {
        let root = yaml::parse(source)
            .map_err(|error| Error { problem: error.problem.into(), place: error.place })?;
        if root.is_null() {
            return Ok(Self::default());
        }
        keys(&root, "the configuration", &["repository", "identities", "rules", "ignore"])?;
        let identities = entries(root.get("identities"), "identities")?;
        let rules = entries(root.get("rules"), "rules")?;
        Ok(Self {
            repository: said(&root, "repository").map(repository).transpose()?.unwrap_or_default(),
            identities: identities.iter().map(|(name, node)| identity(name, node)).collect::<Read<_>>()?,
            rules: rules.into_iter().map(|(name, node)| Ok((name, level(node)?))).collect::<Read<_>>()?,
            ignore: list(root.get("ignore"), "ignore")?.iter().map(ignore).collect::<Read<_>>()?,
        })
    }
}

fn repository(node: &Node) -> Read<Repository> {
    keys(
        node,
        "repository",
        &["name", "default-branch", "subject-prefix", "template", "environments", "id", "owner-id"],
    )?;
    Ok(Repository {
        name: parsed(node, "name")?,
        default_branch: default_branch(node)?,
        subject_prefix: parsed(node, "subject-prefix")?,
        template: template(node)?,
        environments: match said(node, "environments") {
            Some(_) => Some(texts(node, "environments")?.into_iter().map(|name| name.value).collect()),
            None => None,
        },
        id: parsed(node, "id")?,
        owner_id: parsed(node, "owner-id")?,
    })
}

fn default_branch(node: &Node) -> Read<Option<String>> {
    match text(node, "default-branch")? {
        Some(Located { value, place }) if value.is_empty() => {
            Err(Error { problem: Problem::Value("`default-branch` is empty".to_owned()), place })
        }
        branch => Ok(branch.map(|branch| branch.value)),
    }
}

/// A list of keys, or the same separated by commas.
fn template(node: &Node) -> Read<Option<Template>> {
    let Some(value) = said(node, "template") else { return Ok(None) };
    let keys = texts(node, "template")?
        .into_iter()
        .flat_map(|key| key.value.split(',').map(|key| key.trim().to_owned()).collect::<Vec<_>>());
    Template::new(keys).map(Some).map_err(|error| invalid(error, value))
}

fn identity(name: &Located<String>, node: &Node) -> Read<Identity> {
    if !node.is_null() {
        keys(node, &name.value, &["client-id", "environments", "credentials"])?;
    }
    Ok(Identity {
        name: name.clone(),
        client_ids: texts(node, "client-id")?.into_iter().map(|id| id.value).collect(),
        environments: texts(node, "environments")?.into_iter().map(|name| name.value).collect(),
        credentials: texts(node, "credentials")?,
    })
}

fn ignore(node: &Node) -> Read<Ignore> {
    keys(node, "ignore", &["rule", "path", "job", "subject", "reason"])?;
    let optional = |key| Ok(text(node, key)?.map(|text| text.value));
    let rule = text(node, "rule")?;
    if optional("reason")?.is_none_or(|reason: String| reason.trim().is_empty()) {
        return Err(Error { problem: Problem::Missing { key: "reason" }, place: node.place() });
    }
    Ok(Ignore {
        rule: rule.ok_or_else(|| Error { problem: Problem::Missing { key: "rule" }, place: node.place() })?,
        path: optional("path")?,
        job: optional("job")?,
        subject: optional("subject")?,
    })
}

fn level(node: &Node) -> Read<Option<Severity>> {
    match node.text() {
        Some("off") => Ok(None),
        Some("note") => Ok(Some(Severity::Note)),
        Some("warning") => Ok(Some(Severity::Warning)),
        Some("error") => Ok(Some(Severity::Error)),
        other => {
            let other = other.unwrap_or(node.kind_name());
            Err(invalid(format!("`{other}` is no severity: off, note, warning or error"), node))
        }
    }
}

/// Checks that a node is a mapping without unknown keys.
fn keys(node: &Node, name: &str, known: &'static [&'static str]) -> Read<()> {
    if !node.is_mapping() {
        return Err(kind(node, name, "a mapping"));
    }
    match node.entries().iter().find(|entry| !known.contains(&entry.name())) {
        None => Ok(()),
        Some(entry) => {
            let key = entry.name().to_owned();
            let near = |name: &&&'static str| {
                strsim::damerau_levenshtein(name, &key.to_lowercase().replace('_', "-"))
            };
            let nearest = known.iter().min_by_key(near).filter(|name| near(name) <= 3).copied();
            Err(Error { problem: Problem::UnknownKey { key, nearest }, place: entry.key.place() })
        }
    }
}

fn kind(node: &Node, key: &str, wanted: &'static str) -> Error {
    let problem = Problem::Kind { key: key.to_owned(), wanted, found: node.kind_name() };
    Error { problem, place: node.used_at() }
}

fn invalid(error: impl ToString, node: &Node) -> Error {
    Error { problem: Problem::Value(error.to_string()), place: node.place() }
}

fn entries<'n>(node: Option<&'n Node>, key: &str) -> Read<Vec<(Located<String>, &'n Node)>> {
    match node {
        Some(node) if node.is_mapping() => {
            let entry = |entry: &'n yaml::Entry| {
                (Located::new(entry.name().to_owned(), entry.key.place()), &entry.value)
            };
            Ok(node.entries().iter().map(entry).collect())
        }
        Some(node) if !node.is_null() => Err(kind(node, key, "a mapping")),
        _ => Ok(Vec::new()),
    }
}

fn list<'n>(node: Option<&'n Node>, key: &str) -> Read<&'n [Node]> {
    match node {
        Some(node) if node.is_sequence() => Ok(node.items()),
        Some(node) if !node.is_null() => Err(kind(node, key, "a list")),
        _ => Ok(&[]),
    }
}

/// What stands behind a key; a key with nothing behind it is as good as none.
fn said<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    node.get(key).filter(|value| !value.is_null())
}

fn text(node: &Node, key: &str) -> Read<Option<Located<String>>> {
    let text = |value: &Node| value.located_text().ok_or_else(|| kind(value, key, "text"));
    said(node, key).map(text).transpose()
}

/// One text or a list of them.
fn texts(node: &Node, key: &str) -> Read<Vec<Located<String>>> {
    let Some(value) = said(node, key) else { return Ok(Vec::new()) };
    let items = value.one_or_many().iter();
    items.map(|item| item.located_text().ok_or_else(|| kind(item, key, "text or a list of texts"))).collect()
}

fn parsed<T: std::str::FromStr<Err: ToString>>(node: &Node, key: &str) -> Read<Option<T>> {
    let Some(found) = text(node, key)? else { return Ok(None) };
    let value = found.value.parse::<T>();
    value.map(Some).map_err(|error| Error {
        problem: Problem::Value(format!("`{key}`: {}", error.to_string())),
        place: found.place,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Read<Config> {
        Config::parse(&Source::new(PATH, text))
    }

    #[test]
    fn the_whole_file_is_read_into_types() {
        let config = parse(
            "repository:\n  name: octo/app\n  default-branch: main\n  subject-prefix: repo:octo@1/app@2\n  template: [repo, context]\n  environments: [dev, prod]\n  id: 2\n  owner-id: 1\nidentities:\n  deploy:\n    client-id: [secrets.A, 11111111-2222-3333-4444-555555555555]\n    environments: prod\n    credentials: [infra/identity.tf]\nrules:\n  unreachable-credential: off\n  wrong-audience: error\nignore:\n  - {rule: uncovered-ref-family, path: a.yml, reason: by hand}\n",
        )
        .unwrap();
        assert_eq!(config.repository.subject_prefix.unwrap().to_string(), "repo:octo@1/app@2");
        assert_eq!(config.repository.environments.unwrap(), ["dev", "prod"]);
        assert_eq!(config.identities[0].client_ids.len(), 2);
        assert_eq!(config.identities[0].environments, ["prod"]);
        assert_eq!(config.rules[0].1, None);
        assert_eq!(config.rules[1].1, Some(Severity::Error));
        assert_eq!(config.ignore[0].rule.value, "uncovered-ref-family");
    }

    #[test]
    fn a_misspelt_key_is_shown_with_its_place_and_the_right_spelling() {
        let message = parse("repository:\n  default_branch: main\n").unwrap_err().to_string();
        assert_eq!(
            message,
            ".github/fedcred.yml:2:3: unknown key `default_branch`; did you mean `default-branch`?"
        );
        assert!(parse("ignore: x").unwrap_err().to_string().contains("should be a list, not text"));
        assert!(
            parse("repository: {id: abc}").unwrap_err().to_string().starts_with(".github/fedcred.yml:1:18")
        );
        assert!(parse("rules: {x: loud}").unwrap_err().to_string().contains("no severity"));
        assert!(
            parse("repository: {default-branch: ''}")
                .unwrap_err()
                .to_string()
                .ends_with("`default-branch` is empty")
        );
    }

    #[test]
    fn a_key_with_nothing_behind_it_is_as_good_as_none() {
        let empty = "repository:\nidentities:\n  deploy:\nrules:\nignore:\n";
        assert_eq!(parse(empty).unwrap().identities[0].name.value, "deploy");
        let config =
            parse("repository:\n  name:\n  default-branch:\n  template:\n  environments:\n  id:\n").unwrap();
        assert!(config.repository.template.is_none() && config.repository.environments.is_none());
        assert!(parse("").is_ok());
    }
}
