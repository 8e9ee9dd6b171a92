//! The files of a git revision, read from the repository without a checkout.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::GitError;
use super::blobs::Blobs;
use super::command::Git;
use super::index::{Found, Index};
use crate::source::{EntryKind, Files, ReadError, normalize};

/// The files of one git revision, at the paths they have in the work tree: what a folder of the work tree was then
/// is found under the same absolute path.
///
/// Contents are as git keeps them: end-of-line conversion and filters (such as large file storage) are not applied.
#[derive(Debug)]
pub struct GitRevision {
    top_level: PathBuf,
    commit: String,
    index: Index,
    blobs: Blobs,
    /// Where symlinks lead, by blob: one blob is asked for on the way to every file below it.
    targets: Mutex<HashMap<String, Option<String>>>,
}

impl GitRevision {
    /// Opens `revision` (a branch, a tag, a hash, `HEAD~2`, ...) of the repository that `folder` lies in.
    pub fn open(folder: &Path, revision: &str) -> Result<GitRevision, GitError> {
        let git = Git::in_folder(folder);
        let (repository, commit) = git.commit(revision)?;
        let listing = git.run_well(&["ls-tree", "-r", "-z", "--full-tree", &commit])?;
        let index = Index::read(&listing.output);
        let top_level = repository.top_level;
        Ok(GitRevision { top_level, commit, index, blobs: Blobs::new(git), targets: Mutex::default() })
    }

    /// Opens a commit (its full hash) of the bare repository `repository`. Its files are found below `top_level`, which
    /// need not exist.
    pub fn open_bare(repository: &Path, commit: &str, top_level: PathBuf) -> Result<GitRevision, GitError> {
        let git = Git::bare(repository);
        let listing = git.run_well(&["ls-tree", "-r", "-z", "--full-tree", commit])?;
        let (index, commit) = (Index::read(&listing.output), commit.to_owned());
        Ok(GitRevision { top_level, commit, index, blobs: Blobs::new(git), targets: Mutex::default() })
    }

    /// The repositories in this one, whose files git does not keep: path relative to the top level, and commit.
    pub fn submodules(&self) -> Vec<(String, String)> {
        self.index.submodules().map(|(path, commit)| (path.to_owned(), commit.to_owned())).collect()
    }

    /// The uppermost folder of the work tree, symlinks resolved. Nothing outside of it is found.
    pub fn top_level(&self) -> &Path {
        &self.top_level
    }

    /// The full hash of the commit.
    pub fn commit(&self) -> &str {
        &self.commit
    }

    /// `path` relative to the top level, `/` between the parts; `None` outside.
    fn inside(&self, path: &Path) -> Option<String> {
        let rest = path.strip_prefix(&self.top_level).ok()?;
        let parts: Option<Vec<&str>> = rest
            .components()
            .map(|part| match part {
                Component::Normal(name) => name.to_str(),
                _ => None,
            })
            .collect();
        Some(parts?.join("/"))
    }

    fn find(&self, path: &Path) -> Option<(String, Found)> {
        self.index.find(&self.inside(path)?, |link, blob| self.target(link, blob))
    }

    /// Where the symlink at `link` leads, relative to the top level.
    fn target(&self, link: &str, blob: &str) -> Option<String> {
        let known = self.targets().get(blob).cloned();
        let written = match known {
            Some(written) => written,
            None => {
                let written = self.blobs.read(blob).ok().and_then(|bytes| String::from_utf8(bytes).ok());
                self.targets().insert(blob.to_owned(), written.clone());
                written
            }
        };
        let folder = self.top_level.join(link);
        self.inside(&normalize(&folder.parent()?.join(written?)))
    }

    fn targets(&self) -> std::sync::MutexGuard<'_, HashMap<String, Option<String>>> {
        self.targets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Files for GitRevision {
    fn read(&self, path: &Path) -> Result<Vec<u8>, ReadError> {
        match self.find(path) {
            Some((_, Found::File(blob))) => self.blobs.read(&blob),
            Some((_, Found::Folder)) => Err(ReadError::WrongKind),
            None => Err(ReadError::NotFound),
        }
    }

    fn kind(&self, path: &Path) -> Option<EntryKind> {
        self.find(path).map(|(_, found)| match found {
            Found::File(_) => EntryKind::File,
            Found::Folder => EntryKind::Folder,
        })
    }

    fn list(&self, path: &Path) -> Result<Vec<(String, EntryKind)>, ReadError> {
        match self.find(path) {
            Some((folder, Found::Folder)) => {
                Ok(self.index.list(&folder, |inside| self.kind(&self.top_level.join(inside))))
            }
            Some((_, Found::File(_))) => Err(ReadError::WrongKind),
            None => Err(ReadError::NotFound),
        }
    }

    fn resolve(&self, path: &Path) -> PathBuf {
        match self.find(path) {
            Some((real, _)) if real.is_empty() => self.top_level.clone(),
            Some((real, _)) => self.top_level.join(real),
            None => path.to_path_buf(),
        }
    }
}
