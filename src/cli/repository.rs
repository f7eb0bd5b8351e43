//! A repository on disk: its workflow files, its configuration, and the facts that decide its subjects.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, bail};
use rayon::prelude::*;

use super::{
    Context,
    config::{self, Config},
    git::Git,
    github,
};
use crate::{
    fetch::WantedFacts,
    host::Files,
    id::RepositoryName,
    issuer::github::{Prefix, Template},
    text::{Source, Tree},
    workflow::{
        project::{Project, WORKFLOWS},
        reach::{Entry, Facts, Survey, Unreachable, Wanted},
    },
};

/// No workflow file may be longer, counted in bytes; GitHub counts 1 MiB of characters.
const LIMIT: u64 = 4 * 1024 * 1024;

/// Facts about the repository, each of which wins over the configuration.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct FactArgs {
    /// The repository [default: the configuration, else the git remote].
    #[arg(long, value_name = "OWNER/NAME")]
    pub(super) repository: Option<RepositoryName>,
    /// The default branch [default: the configuration, else git's origin/HEAD unless --repository is given].
    #[arg(long, value_name = "BRANCH")]
    pub(super) default_branch: Option<String>,
    /// What subjects begin with, as GitHub's API shows it: repo:octo/app or repo:octo@1/app@2.
    #[arg(long, value_name = "PREFIX")]
    pub(super) subject_prefix: Option<Prefix>,
    /// The keys of a customised subject, in their order.
    #[arg(long, value_name = "KEY,KEY")]
    pub(super) template: Option<Template>,
    /// The environments of the repository.
    #[arg(long, value_name = "NAME,NAME", value_delimiter = ',')]
    pub(super) environments: Option<Vec<String>>,
    /// The number of the repository, for templates that ask for it.
    #[arg(long, value_name = "N")]
    pub(super) repository_id: Option<u64>,
    /// The number of the owner, for templates that ask for it.
    #[arg(long, value_name = "N")]
    pub(super) owner_id: Option<u64>,
    /// Where another repository lies on disk whose workflows or actions are used; it may be given again.
    #[arg(long = "checkout", value_name = "OWNER/NAME=PATH")]
    pub(super) checkouts: Vec<Checkout>,
}

/// Another repository on disk.
#[derive(Clone, Debug)]
pub(super) struct Checkout {
    name: RepositoryName,
    folder: PathBuf,
}

impl Checkout {
    /// The path in the other repository, where `path` begins with its name.
    pub(super) fn within<'p>(&self, path: &'p str) -> Option<&'p str> {
        let (name, rest) = path.split_at_checked(self.name.as_str().len())?;
        name.eq_ignore_ascii_case(self.name.as_str()).then_some(())?;
        rest.strip_prefix('/')
    }
}

impl std::str::FromStr for Checkout {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let (name, folder) = text.split_once('=').context("write it as OWNER/NAME=PATH")?;
        Ok(Self { name: name.parse()?, folder: folder.into() })
    }
}

/// A repository as it lies on disk.
#[derive(Debug)]
pub(super) struct Repository {
    /// Its workflow and action files.
    pub(super) project: Project,
    /// What decides its subjects.
    pub(super) facts: Facts,
    /// What its workflows present.
    pub(super) entries: Vec<Entry>,
    /// Sign-ins that no event ever reaches, where they are wanted.
    pub(super) unreachable: Vec<Unreachable>,
    /// Its configuration.
    pub(super) config: Config,
}

impl Repository {
    /// Reads the repository in `folder`, and works out what is wanted of its workflows.
    ///
    /// # Errors
    /// When the folder or the configuration cannot be read. A broken workflow file is no error here.
    pub(super) fn read(
        context: &Context<'_>,
        folder: &Path,
        flags: &FactArgs,
        wanted: &Wanted,
    ) -> anyhow::Result<Self> {
        let files = &context.host.files;
        if !files.is_folder(folder) && folder != Path::new(".") {
            bail!("{} is no folder", folder.display());
        }
        let config = configuration(context, folder)?;
        let facts = facts(context, folder, flags, &config)?;
        for checkout in &flags.checkouts {
            if !files.is_folder(&checkout.folder) {
                bail!("{} is no folder", checkout.folder.display());
            }
        }
        let (read, unread) = workflows(files, folder)?;
        if read.iter().next().is_none() && unread.is_empty() && !context.global.quiet {
            let all = folder.join(WORKFLOWS);
            context.host.console.err(&format!("there is no workflow file in {}\n", all.display()));
        }
        let load = |project: &mut Project| {
            for (path, error) in &unread {
                project.without_text(path, error.to_string());
            }
            load_what_is_referred_to(files, folder, &flags.checkouts, project);
            project.check_calls(facts.prefix.repository());
        };
        let Survey { project, entries, unreachable } = Survey::of(read, &facts, wanted, load);
        Ok(Self { project, facts, entries, unreachable, config })
    }

    /// The repository's name, if anybody said it.
    pub(super) fn name(&self) -> Option<&RepositoryName> {
        self.facts.prefix.repository()
    }
}

/// The repository that definitions mean by what they ask from outside: as given, else as configured, else that of the git remote. A
/// subject that is presented says nothing about it: filled in from there, a definition would agree with whatever is presented.
///
/// # Errors
/// When the configuration cannot be read.
pub(super) fn meant(
    context: &Context<'_>,
    given: Option<&RepositoryName>,
) -> anyhow::Result<Option<RepositoryName>> {
    let said = configuration(context, Path::new(""))?.repository;
    let configured = || said.name.or_else(|| said.subject_prefix?.repository().cloned());
    let in_git = || Git::of(&context.host.files, Path::new("")).repository();
    Ok(given.cloned().or_else(configured).or_else(in_git))
}

/// The configuration; none where the usual file is not there.
pub(super) fn configuration(context: &Context<'_>, folder: &Path) -> anyhow::Result<Config> {
    let files = &context.host.files;
    let (path, shown) = match &context.global.config {
        Some(path) => (path.clone(), path.display().to_string()),
        None => (folder.join(config::PATH), config::PATH.to_owned()),
    };
    let bytes = match files.read(&path, LIMIT) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound && context.global.config.is_none() => {
            return Ok(Config::default());
        }
        Err(error) => return Err(error).with_context(|| format!("cannot read the configuration {shown}")),
    };
    let text = String::from_utf8(bytes).with_context(|| format!("{shown} is not UTF-8"))?;
    Ok(Config::parse(&Source::new(shown, text))?)
}

/// Flag, else configuration, else GitHub, else git, else a hole. Git is not read when `--repository` is given; GitHub is asked for
/// what is still missing, where it may be.
fn facts(context: &Context<'_>, folder: &Path, flags: &FactArgs, config: &Config) -> anyhow::Result<Facts> {
    let said = &config.repository;
    let git = flags.repository.is_none().then(|| Git::of(&context.host.files, folder));
    let name = flags.repository.clone().or_else(|| said.name.clone()).or_else(|| git.as_ref()?.repository());
    let prefix = flags.subject_prefix.clone().or_else(|| said.subject_prefix.clone());
    let branch = flags.default_branch.clone().or_else(|| said.default_branch.clone());
    let template = flags.template.clone().or_else(|| said.template.clone());
    let environments = flags.environments.clone().or_else(|| said.environments.clone());
    let wanted = WantedFacts {
        repository: branch.is_none() || prefix.is_none(),
        subject: template.is_none() || prefix.is_none(),
        environments: environments.is_none(),
    };
    let told = name.as_ref().map(|name| github::ask(context, name, wanted)).transpose()?.unwrap_or_default();
    let prefix = prefix.or(told.prefix).or_else(|| told.name.or(name).map(Prefix::Assumed));
    Ok(Facts {
        default_branch: branch.or(told.default_branch).or_else(|| git.as_ref()?.default_branch()),
        template: template.or(told.template).unwrap_or_default(),
        environments: environments.or(told.environments),
        repository_id: flags.repository_id.or(said.id).or(told.ids.map(|ids| ids.repository)),
        checkouts: flags.checkouts.iter().map(|checkout| checkout.name.clone()).collect(),
        owner_id: flags.owner_id.or(said.owner_id).or(told.ids.map(|ids| ids.owner)),
        ..Facts::new(prefix.unwrap_or_else(|| Prefix::Hole("repository".to_owned())))
    })
}

/// The workflow files of `folder`, and those that cannot be read.
fn workflows(files: &Files, folder: &Path) -> anyhow::Result<(Tree, Vec<(String, std::io::Error)>)> {
    let all = folder.join(WORKFLOWS);
    let paths = match files.list(&all) {
        Ok(paths) => paths,
        Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", all.display())),
    };
    let wanted = |path: &PathBuf| {
        let ending = path.extension().and_then(|ending| ending.to_str());
        matches!(ending, Some("yml" | "yaml")) && !files.is_folder(path)
    };
    let paths: Vec<PathBuf> = paths.into_iter().filter(wanted).collect();
    let read = paths.par_iter().map(|path| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("");
        let shown = format!("{WORKFLOWS}/{name}");
        let bytes = match files.read(path, LIMIT) {
            Ok(bytes) => bytes,
            Err(error) => return Err((shown, error)),
        };
        let text = String::from_utf8(bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        Ok(Source::new(shown, text))
    });
    let (mut tree, mut unread) = (Tree::default(), Vec::new());
    for read in read.collect::<Vec<Result<Arc<Source>, _>>>() {
        match read {
            Ok(source) => tree.insert(source),
            Err(why) => unread.push(why),
        }
    }
    Ok((tree, unread))
}

/// Reads local actions and scripts, and what these refer to in turn.
fn load_what_is_referred_to(files: &Files, folder: &Path, checkouts: &[Checkout], project: &mut Project) {
    let mut missing = std::collections::BTreeSet::new();
    loop {
        let wanted: Vec<String> =
            project.wanted().into_iter().filter(|path| !missing.contains(path)).collect();
        let found: Vec<_> =
            wanted.par_iter().filter_map(|path| text(files, folder, checkouts, path)).collect();
        missing.extend(wanted);
        if found.is_empty() {
            return;
        }
        project.add(found);
    }
}

/// A file of this repository, or of another one where the path begins with its name.
fn text(files: &Files, folder: &Path, checkouts: &[Checkout], path: &str) -> Option<Arc<Source>> {
    let elsewhere = checkouts.iter().find_map(|checkout| Some(checkout.folder.join(checkout.within(path)?)));
    let on_disk = match elsewhere {
        Some(path) => path,
        // A called workflow of a repository that is not at hand.
        None if path.contains(WORKFLOWS) => return None,
        None => folder.join(path),
    };
    let bytes = files.read(&on_disk, LIMIT).ok()?;
    Some(Source::new(path, String::from_utf8(bytes).ok()?))
}
