//! A SOURCE of credentials: a file, a folder, or a live identity; loaded once for every command that takes one.

mod live;

use std::{
    io,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use rayon::prelude::*;

use super::{Context, settings::SignInArgs};
use crate::{
    text::{Source, Tree},
    trust::read::{self, Reading, Skipped},
    workflow::project::WORKFLOWS,
};

/// A file larger than this defines no credentials by hand; Terraform states come near it.
const FILE_LIMIT: u64 = 32 * 1024 * 1024;

/// All files together; what goes beyond is not read.
const TOTAL_LIMIT: usize = 512 * 1024 * 1024;

/// How many files are read before their sizes count.
const FILES_AT_ONCE: usize = 64;

/// Endings of files that define nothing, but that definitions refer to.
const DATA: [&str; 5] = ["env", "csv", "tftpl", "tpl", "tmpl"];

/// Endings of files that can define credentials, or that such files refer to.
const ENDINGS: [&str; 22] = [
    "tf",
    "tfvars",
    "tofu",
    "tfstate",
    "json",
    "jsonc",
    "bicep",
    "bicepparam",
    "sh",
    "bash",
    "zsh",
    "ps1",
    "psm1",
    "psd1",
    "env",
    "csv",
    "tftpl",
    "tpl",
    "tmpl",
    "yml",
    "yaml",
    "tfplan",
];

/// Files with such an ending that never define any, and are often large.
const NEVER: [&str; 4] = ["package-lock.json", "npm-shrinkwrap.json", "composer.lock.json", "tsconfig.json"];

/// Reads every one of `sources`, each a path below `root` or a live identity, in the order given. Live identities are asked
/// as the environment says.
///
/// # Errors
/// When a source is missing or unreadable, when its file is of no known format, or when it is broken and gives no credential.
pub(super) fn load(context: &Context<'_>, root: &Path, sources: &[String]) -> anyhow::Result<Reading> {
    let mut all = Reading::default();
    for one in sources {
        let reading = load_as(context, &SignInArgs::default(), root, std::slice::from_ref(one))?;
        if let Some(broken) = reading.nothing_but_broken() {
            bail!("`{one}` cannot be read: {}: {}", broken.place, broken.reason);
        }
        all.append(reading);
    }
    Ok(all.without_repeats())
}

/// The same, where a broken file only counts as skipped; live identities are asked as `flags` say, and else as the environment does.
///
/// # Errors
/// When a source is missing or unreadable, or when its file is of no known format.
pub(super) fn load_as(
    context: &Context<'_>,
    flags: &SignInArgs,
    root: &Path,
    sources: &[String],
) -> anyhow::Result<Reading> {
    let mut all = Reading::default();
    for source in sources {
        all.append(match is_live(source) {
            true => live::ask(context, flags, source)?,
            false => load_one(context, root, source)?,
        });
    }
    Ok(all.without_repeats())
}

/// True for a source that only the network can tell.
pub(super) fn is_live(source: &str) -> bool {
    source.starts_with("graph:") || source.starts_with("arm:")
}

fn load_one(context: &Context<'_>, root: &Path, source: &str) -> anyhow::Result<Reading> {
    let (root, path) = inside(root, source);
    if context.host.files.is_folder(&root.join(&path)) {
        return Ok(load_folder(context, &root, &path)?);
    }
    let mut loaded = Loader::new(context, &root);
    loaded.file(&path).with_context(|| format!("cannot read `{source}`"))?;
    let shown = shown(&path);
    let Some(entry) = loaded.tree.get(&shown) else {
        bail!("`{source}` is not a text file");
    };
    let Some(format) = read::format_of(entry) else {
        bail!("`{source}` is of no format that defines credentials, or defines none");
    };
    if format.refers {
        // What the file refers to may lie anywhere beside or above it; without the root's files nothing of that is known.
        let around = if root.as_os_str().is_empty() { Path::new(".") } else { root.as_path() };
        loaded.folder(around)?;
        // Nobody asked for the neighbours themselves.
        loaded.skipped.clear();
    }
    Ok(loaded.finish(|tree| read::read(tree, &shown)))
}

/// Reads every file below `folder` that can define credentials; paths are shown relative to `root`.
///
/// # Errors
/// When the folder cannot be read.
pub(super) fn load_folder(context: &Context<'_>, root: &Path, folder: &Path) -> io::Result<Reading> {
    let mut loaded = Loader::new(context, root);
    let folder = root.join(folder);
    loaded.folder(if folder.as_os_str().is_empty() { Path::new(".") } else { &folder })?;
    Ok(loaded.finish(read::read_all).without_repeats())
}

/// A path that leaves `root` gets a root of its own, its folder.
fn inside(root: &Path, source: &str) -> (PathBuf, PathBuf) {
    let path = Path::new(source);
    let leaves = path.is_absolute() || path.components().any(|part| part.as_os_str() == "..");
    match (leaves, path.parent(), path.file_name()) {
        (true, Some(folder), Some(name)) => (root.join(folder), PathBuf::from(name)),
        _ => (root.to_owned(), path.to_owned()),
    }
}

/// The path with forward slashes and without `.`.
fn shown(path: &Path) -> String {
    let parts = path.components().map(|part| part.as_os_str().to_string_lossy());
    parts.filter(|part| part != ".").collect::<Vec<_>>().join("/")
}

struct Loader<'a> {
    context: &'a Context<'a>,
    root: &'a Path,
    tree: Tree,
    skipped: Vec<Skipped>,
    /// How many bytes more are held.
    left: usize,
}

impl<'a> Loader<'a> {
    fn new(context: &'a Context<'a>, root: &'a Path) -> Self {
        Self { context, root, tree: Tree::default(), skipped: Vec::new(), left: TOTAL_LIMIT }
    }

    fn finish(self, read: impl FnOnce(&Tree) -> Reading) -> Reading {
        let mut reading = read(&self.tree);
        reading.skipped.extend(self.skipped);
        reading
    }

    /// `path` is relative to the root.
    fn file(&mut self, path: &Path) -> io::Result<()> {
        let bytes = self.context.host.files.read(&self.root.join(path), FILE_LIMIT)?;
        self.take(path, bytes);
        Ok(())
    }

    fn take(&mut self, path: &Path, bytes: Vec<u8>) {
        self.left = self.left.saturating_sub(bytes.len());
        match decode(bytes) {
            Some(text) => self.tree.insert(Source::new(shown(path), text)),
            // Nothing is said of data that nobody may ask for; who asks for it says that it is not there.
            None if has_ending(&path.to_string_lossy(), &DATA) => {}
            None => self.skip(path, "not a text in UTF-8 or UTF-16".to_owned()),
        }
    }

    fn folder(&mut self, folder: &Path) -> io::Result<()> {
        let files = &self.context.host.files;
        let found = files.walk(folder, may_define)?;
        let inside = found.iter().map(|path| path.strip_prefix(self.root).unwrap_or(path));
        let new: Vec<&Path> =
            inside.filter(|path| !is_workflow(path) && self.tree.get(&shown(path)).is_none()).collect();
        for some in new.chunks(FILES_AT_ONCE) {
            if let (0, Some(first)) = (self.left, some.first()) {
                self.skip(
                    first,
                    "the files are too large together; this one and those behind it are not read".into(),
                );
                break;
            }
            let read: Vec<_> =
                some.par_iter().map(|path| files.read(&self.root.join(path), FILE_LIMIT)).collect();
            for (path, bytes) in some.iter().zip(read) {
                match bytes {
                    Ok(bytes) => self.take(path, bytes),
                    Err(error) => self.skip(path, error.to_string()),
                }
            }
        }
        Ok(())
    }

    fn skip(&mut self, path: &Path, reason: String) {
        let place = crate::text::Place::new(&Source::new(shown(path), ""), crate::text::Span::default());
        self.skipped.push(Skipped { place, reason, broken: true });
    }
}

/// Workflow files define no credentials and are read elsewhere.
fn is_workflow(path: &Path) -> bool {
    path.starts_with(WORKFLOWS)
}

fn may_define(name: &str) -> bool {
    has_ending(name, &ENDINGS) && !NEVER.contains(&name)
}

fn has_ending(name: &str, endings: &[&str]) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    endings.iter().any(|known| ending.eq_ignore_ascii_case(known))
}

/// PowerShell writes UTF-16 with a mark; everything else here is UTF-8.
fn decode(bytes: Vec<u8>) -> Option<String> {
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> =
            bytes.chunks_exact(2).filter_map(|pair| pair.try_into().ok()).map(unit).collect();
        String::from_utf16(&units).ok()
    };
    match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        _ => String::from_utf8(bytes).ok(),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::{
        cli::Exit,
        host::{Files, Host, Stream},
    };

    #[test]
    fn a_path_that_leaves_the_root_gets_its_own() {
        let split = |source| inside(Path::new("repo"), source);
        assert_eq!(split("infra/./main.tf"), ("repo".into(), "infra/./main.tf".into()));
        assert_eq!(split("../x/main.tf"), ("repo/../x".into(), "main.tf".into()));
        assert_eq!(shown(Path::new("./infra/./main.tf")), "infra/main.tf");
    }

    #[test]
    fn a_neighbour_that_nobody_can_read_says_nothing_about_the_file_that_was_named() {
        let script = "az ad app federated-credential create --id x --parameters '{\"name\":\"one\",\"issuer\":\"i\",\"subject\":\"s\",\"audiences\":[\"a\"]}'";
        let host =
            Host { files: Files::fake([("in/live.json", "[]"), ("in/trust.sh", script)]), ..Host::fake() };
        host.files.replace(Path::new("in/broken.sh"), &[0xc3, 0x28]).unwrap();
        for named in ["in/live.json", "in/trust.sh"] {
            let words = ["fedcred", "check", "--subject", "x", "--credentials", named].map(Into::into);
            assert_eq!(
                crate::cli::run(words, &host),
                Exit::No,
                "{named}: {}",
                host.console.written(Stream::Err)
            );
        }
        assert!(!host.console.written(Stream::Err).contains("broken"));
    }

    #[test]
    fn data_that_is_no_text_says_nothing_and_files_are_held_up_to_a_limit() {
        let host = Host { files: Files::fake([("a.tf", "# a"), ("z.tf", "# z")]), ..Host::fake() };
        for name in ["b.csv", "b.sh"] {
            host.files.replace(Path::new(name), &[0xc3, 0x28]).unwrap();
        }
        let names: Vec<String> = (0..FILES_AT_ONCE).map(|number| format!("c{number:03}.tf")).collect();
        for name in &names {
            host.files.replace(Path::new(name), b"#").unwrap();
        }
        let global = crate::cli::args::Arguments::parse_from(["fedcred", "demo"]).global;
        let context = Context::new(global, &host);
        let said = |left: usize| {
            let mut loader = Loader { left, ..Loader::new(&context, Path::new("")) };
            loader.folder(Path::new(".")).unwrap();
            let paths = loader.skipped.iter().map(|skipped| skipped.place.source.path().to_owned());
            (paths.collect::<Vec<_>>(), loader.tree.iter().count())
        };
        assert_eq!(said(TOTAL_LIMIT), (vec!["b.sh".to_owned()], 2 + FILES_AT_ONCE));
        let (paths, held) = said(1);
        assert_eq!((paths[1].starts_with('c'), held < FILES_AT_ONCE), (true, true), "{paths:?} {held}");
    }

    #[test]
    fn a_script_saved_by_powershell_is_text() {
        assert_eq!(decode(vec![0xff, 0xfe, b'a', 0, b'z', 0]).as_deref(), Some("az"));
        assert_eq!(decode(vec![0xc3, 0x28]), None);
    }

    #[test]
    fn only_files_that_can_define_credentials_are_opened() {
        assert!(may_define("main.tf") && may_define("Setup.PS1") && may_define("terraform.tfstate"));
        assert!(!may_define("main.rs") && !may_define("package-lock.json") && !may_define("tf"));
    }
}
