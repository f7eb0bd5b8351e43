//! What a folder's own git says about its repository; files are read, no git is run.

use std::path::{Path, PathBuf};

use crate::{host::Files, id::RepositoryName};

const LIMIT: u64 = 1024 * 1024;

/// The folder's git directory.
#[derive(Debug)]
pub(super) struct Git<'a> {
    files: &'a Files,
    /// Where `HEAD` lies.
    own: PathBuf,
}

impl<'a> Git<'a> {
    /// The git directory of `folder`: `.git`, or what the file `.git` of a worktree points to.
    pub(super) fn of(files: &'a Files, folder: &Path) -> Self {
        let dot = folder.join(".git");
        let own = read(files, &dot)
            .and_then(|text| text.strip_prefix("gitdir:").map(|path| folder.join(path.trim())))
            .map_or(dot, |path| common(files, path));
        Self { files, own }
    }

    /// `owner/name` of the remote `origin`, or of the only remote.
    pub(super) fn repository(&self) -> Option<RepositoryName> {
        let config = read(self.files, &self.own.join("config"))?;
        let remotes = remotes(&config);
        let origin = remotes.iter().find(|(name, _)| *name == "origin");
        let (_, url) = origin.or(if remotes.len() == 1 { remotes.first() } else { None })?;
        repository_of(url)
    }

    /// The branch to which `origin/HEAD` points.
    pub(super) fn default_branch(&self) -> Option<String> {
        let head = read(self.files, &self.own.join("refs/remotes/origin/HEAD"))?;
        let branch = head.trim().strip_prefix("ref: refs/remotes/origin/")?;
        Some(branch.to_owned())
    }
}

/// A worktree keeps its configuration in the common directory.
fn common(files: &Files, own: PathBuf) -> PathBuf {
    match read(files, &own.join("commondir")) {
        Some(path) => own.join(path.trim()),
        None => own,
    }
}

fn read(files: &Files, path: &Path) -> Option<String> {
    String::from_utf8(files.read(path, LIMIT).ok()?).ok()
}

/// Names and addresses of the remotes.
fn remotes(config: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut remote = None;
    for line in config.lines().map(str::trim) {
        if line.starts_with('[') {
            remote = line.strip_prefix("[remote \"").and_then(|rest| rest.strip_suffix("\"]"));
        } else if let (Some(name), Some((key, url))) = (remote, line.split_once('='))
            && key.trim() == "url"
        {
            found.push((name, url.trim()));
        }
    }
    found
}

/// The last two segments of a remote's address.
fn repository_of(url: &str) -> Option<RepositoryName> {
    let path = url.trim_end_matches('/').trim_end_matches(".git");
    let mut segments = path.rsplit(['/', ':']);
    let (name, owner) = (segments.next()?, segments.next()?);
    format!("{owner}/{name}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_remote_names_the_repository_in_every_form_of_address() {
        for url in [
            "https://github.com/octo/app.git",
            "git@github.com:octo/app.git",
            "ssh://git@github.com/octo/app",
            "https://token@github.com/octo/app/",
        ] {
            assert_eq!(repository_of(url).unwrap().as_str(), "octo/app", "{url}");
        }
    }

    #[test]
    fn origin_wins_and_its_head_is_the_default_branch() {
        let config = "[remote \"fork\"]\n\turl = https://x/me/app\n[remote \"origin\"]\n\turl = https://x/octo/app\n[branch \"a\"]\n";
        let files = Files::fake([
            (".git/config", config),
            (".git/refs/remotes/origin/HEAD", "ref: refs/remotes/origin/release/2\n"),
        ]);
        let git = Git::of(&files, Path::new(""));
        assert_eq!(git.repository().unwrap().as_str(), "octo/app");
        assert_eq!(git.default_branch().as_deref(), Some("release/2"));
    }

    #[test]
    fn a_worktree_is_followed_to_its_repository() {
        let files = Files::fake([
            ("w/.git", "gitdir: /r/.git/worktrees/w\n"),
            ("/r/.git/worktrees/w/commondir", "/r/.git\n"),
            ("/r/.git/config", "[remote \"origin\"]\n\turl = git@h:o/r.git\n"),
        ]);
        assert_eq!(Git::of(&files, Path::new("w")).repository().unwrap().as_str(), "o/r");
    }
}
