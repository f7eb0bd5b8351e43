//! Finding files below a folder, as version control sees them.

use std::{
    io,
    path::{Path, PathBuf},
};

use ignore::WalkBuilder;

use super::Files;

/// Folders that hold other people's files or generated ones.
const FOREIGN: [&str; 4] = [".git", "node_modules", ".terraform", "target"];

impl Files {
    /// Every file below `folder` whose name `wanted` takes, sorted by path. What `.gitignore` excludes is left out, and so are
    /// `.git`, `node_modules`, `.terraform` and `target`. Links are not followed.
    ///
    /// # Errors
    /// When `folder` cannot be read. What lies below and cannot be read is left out.
    pub fn walk(&self, folder: &Path, wanted: impl Fn(&str) -> bool) -> io::Result<Vec<PathBuf>> {
        let named = |path: &Path| path.file_name().and_then(|name| name.to_str()).is_some_and(&wanted);
        let mut paths: Vec<PathBuf> = match self {
            Self::Real => {
                std::fs::read_dir(folder)?;
                let walk = WalkBuilder::new(folder)
                    .hidden(false)
                    .require_git(false)
                    .filter_entry(|entry| entry.depth() == 0 || !is_foreign(Path::new(entry.file_name())))
                    .build();
                let files = walk
                    .filter_map(Result::ok)
                    .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
                files.map(ignore::DirEntry::into_path).filter(|path| named(path)).collect()
            }
            Self::Fake(_) => {
                let mut paths = Vec::new();
                let here = folder == Path::new(".");
                self.walk_fake(if here { Path::new("") } else { folder }, &mut paths)?;
                paths.into_iter().filter(|path| named(path)).collect()
            }
        };
        paths.sort();
        Ok(paths)
    }

    fn walk_fake(&self, folder: &Path, paths: &mut Vec<PathBuf>) -> io::Result<()> {
        for path in self.list(folder)? {
            if !self.is_folder(&path) {
                paths.push(path);
            } else if !is_foreign(&path) {
                self.walk_fake(&path, paths)?;
            }
        }
        Ok(())
    }
}

fn is_foreign(path: &Path) -> bool {
    path.file_name().is_some_and(|name| FOREIGN.iter().any(|foreign| name == *foreign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_and_ignored_files_are_left_out_and_hidden_ones_are_not() {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in [
            ("infra/main.tf", ""),
            ("infra/.terraform/modules/x.tf", ""),
            (".github/a.tf", ""),
            ("secret/b.tf", ""),
            (".gitignore", "secret/\n"),
        ] {
            let path = folder.path().join(path);
            Files::Real.make_folder(path.parent().unwrap()).unwrap();
            Files::Real.replace(&path, text.as_bytes()).unwrap();
        }
        let found = Files::Real.walk(folder.path(), |name| name.ends_with(".tf")).unwrap();
        let names: Vec<_> = found.iter().map(|path| path.strip_prefix(folder.path()).unwrap()).collect();
        assert_eq!(names, [Path::new(".github/a.tf"), Path::new("infra/main.tf")]);
        assert!(Files::Real.walk(&folder.path().join("none"), |_| true).is_err());
    }
}
