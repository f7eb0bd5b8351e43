//! The file system.

use std::{
    collections::BTreeMap,
    io::{self, Read, Write},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Where files are.
#[derive(Debug)]
pub enum Files {
    /// The machine's.
    Real,
    /// These, by path.
    Fake(Mutex<BTreeMap<PathBuf, Vec<u8>>>),
}

impl Files {
    /// Exactly these files.
    pub fn fake<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let own = |(path, text): (&str, &str)| (PathBuf::from(path), text.as_bytes().to_vec());
        Self::Fake(Mutex::new(files.into_iter().map(own).collect()))
    }

    /// The content of a file of at most `limit` bytes.
    ///
    /// # Errors
    /// When it is missing, unreadable, or longer than `limit`.
    pub fn read(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        let bytes = match self {
            Self::Real => {
                let file = std::fs::File::open(path)?;
                // One byte more than the file has, so that its end is seen without growing.
                let size = file.metadata()?.len().min(limit) + 1;
                let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
                file.take(limit + 1).read_to_end(&mut bytes)?;
                bytes
            }
            Self::Fake(files) => held(files).get(plain(path)).cloned().ok_or(io::ErrorKind::NotFound)?,
        };
        if bytes.len() as u64 > limit {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("longer than {limit} bytes")));
        }
        Ok(bytes)
    }

    /// The files and folders directly in `folder`, sorted.
    ///
    /// # Errors
    /// When it is missing or no folder.
    pub fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        match self {
            Self::Real => {
                let mut paths = std::fs::read_dir(folder)?
                    .map(|entry| entry.map(|entry| entry.path()))
                    .collect::<io::Result<Vec<_>>>()?;
                paths.sort();
                Ok(paths)
            }
            Self::Fake(files) => {
                let files = held(files);
                let below = files.keys().filter_map(|path| {
                    let name = path.strip_prefix(plain(folder)).ok()?.components().next()?;
                    Some(folder.join(name))
                });
                let paths: std::collections::BTreeSet<_> = below.collect();
                if paths.is_empty() {
                    Err(io::ErrorKind::NotFound.into())
                } else {
                    Ok(paths.into_iter().collect())
                }
            }
        }
    }

    /// True when `path` is a folder.
    #[must_use]
    pub fn is_folder(&self, path: &Path) -> bool {
        match self {
            Self::Real => path.is_dir(),
            Self::Fake(files) => {
                let path = plain(path);
                held(files).keys().any(|file| file != path && file.starts_with(path))
            }
        }
    }

    /// Appends `text` to the file at `path`, which is made when missing. Runners' command files are written so.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn append(&self, path: &Path, text: &str) -> io::Result<()> {
        match self {
            Self::Real => {
                std::fs::OpenOptions::new().append(true).create(true).open(path)?.write_all(text.as_bytes())
            }
            Self::Fake(files) => {
                held(files).entry(plain(path).to_owned()).or_default().extend_from_slice(text.as_bytes());
                Ok(())
            }
        }
    }

    /// Replaces the file at `path` in one step, so that a reader sees the old or the new content and never a part.
    /// Only the owner may read it (mode 0600 where the system has modes).
    ///
    /// # Errors
    /// When the folder or the file cannot be written.
    pub fn replace(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Real => {
                let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
                let mut file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
                file.write_all(bytes)?;
                file.persist(path)?;
                Ok(())
            }
            Self::Fake(files) => {
                held(files).insert(plain(path).to_owned(), bytes.to_vec());
                Ok(())
            }
        }
    }

    /// Replaces the content of the file at `path` in one step; its mode stays as it is, and a link goes on leading to it.
    /// What is no regular file, such as a pipe, is written to.
    ///
    /// # Errors
    /// When it is read-only or cannot be written.
    pub fn rewrite(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Real => rewrite(path, bytes),
            Self::Fake(_) => self.replace(path, bytes),
        }
    }

    /// Makes `folder` and what is missing above it.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn make_folder(&self, folder: &Path) -> io::Result<()> {
        match self {
            Self::Real => std::fs::create_dir_all(folder),
            Self::Fake(_) => Ok(()),
        }
    }

    /// Deletes the file at `path`.
    ///
    /// # Errors
    /// When it is missing or cannot be deleted.
    pub fn remove(&self, path: &Path) -> io::Result<()> {
        match self {
            Self::Real => std::fs::remove_file(path),
            Self::Fake(files) => {
                held(files).remove(plain(path)).map(drop).ok_or_else(|| io::ErrorKind::NotFound.into())
            }
        }
    }
}

fn rewrite(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let Ok(path) = path.canonicalize() else { return std::fs::write(path, bytes) };
    let metadata = std::fs::metadata(&path)?;
    if metadata.permissions().readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it is read-only"));
    }
    let folder = path.parent().filter(|_| metadata.is_file());
    let Some(Ok(mut file)) = folder.map(tempfile::NamedTempFile::new_in) else {
        return std::fs::write(path, bytes);
    };
    file.write_all(bytes)?;
    file.as_file().set_permissions(metadata.permissions())?;
    file.persist(path)?;
    Ok(())
}

/// The path as a fake knows it: without a `.` before it.
fn plain(path: &Path) -> &Path {
    path.strip_prefix(".").unwrap_or(path)
}

fn held(files: &Mutex<BTreeMap<PathBuf, Vec<u8>>>) -> MutexGuard<'_, BTreeMap<PathBuf, Vec<u8>>> {
    files.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_only_its_owner_may_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        Files::Real.replace(&path, b"old").unwrap();
        Files::Real.replace(&path, b"new").unwrap();
        assert_eq!(Files::Real.read(&path, 3).unwrap(), b"new");
        assert!(Files::Real.read(&path, 2).is_err());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_file_is_rewritten_behind_its_link_with_its_mode_and_not_against_its_mode() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("a"), folder.path().join("b"));
        std::fs::write(&path, "old").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o750)).unwrap();
        symlink(&path, &link).unwrap();
        Files::Real.rewrite(&link, b"new").unwrap();
        assert!(link.is_symlink() && std::fs::read(&path).unwrap() == b"new");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o750);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o440)).unwrap();
        assert!(Files::Real.rewrite(&path, b"x").unwrap_err().to_string().contains("read-only"));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_fake_lists_like_a_folder() {
        let files = Files::fake([("a/b/c.tf", ""), ("a/d.tf", "")]);
        assert_eq!(files.list(Path::new("a")).unwrap(), [PathBuf::from("a/b"), PathBuf::from("a/d.tf")]);
        assert_eq!(files.list(Path::new("./a")).unwrap().len(), 2);
        assert!(files.is_folder(Path::new(".")) && files.read(Path::new("./a/d.tf"), 1).is_ok());
        assert!(files.is_folder(Path::new("a/b")) && !files.is_folder(Path::new("a/d.tf")));
    }
}
