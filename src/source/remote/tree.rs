//! What was fetched, as a tree of files in a place of its own.

use std::path::{Path, PathBuf};

use super::address::Protocol;
use super::cache::digest;
use crate::source::{EntryKind, Files, GitRevision, Memory, ReadError};

/// What was fetched, at a path that nothing on disk has.
pub struct Tree {
    /// The path that it lies at.
    pub root: PathBuf,
    /// What is shown for that path: `github.com/org/repo@main`.
    pub name: String,
    /// How it came.
    pub protocol: Protocol,
    /// Its submodules that were not fetched.
    pub lacks: Vec<PathBuf>,
    files: Box<dyn Files>,
}

impl Tree {
    /// The files of a commit.
    pub(super) fn of_commit(root: PathBuf, name: String, protocol: Protocol, commit: Checkout) -> Tree {
        let lacks = match commit.inner.is_empty() {
            true => commit.top.submodules().into_iter().map(|(path, _)| root.join(path)).collect(),
            false => Vec::new(),
        };
        Tree { root, name, protocol, lacks, files: Box::new(commit) }
    }

    /// One file. Gives its path, too.
    pub(super) fn of_file(name: &str, protocol: Protocol, key: &str, bytes: &[u8]) -> (Tree, PathBuf) {
        let root = root(key);
        let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
        let file = if matches!(file, "" | "." | "..") { "index" } else { file };
        let path = root.join(file);
        let files = Box::new(Memory::new().with(&path.to_string_lossy(), bytes));
        (Tree { root, name: folder.to_owned(), protocol, lacks: Vec::new(), files }, path)
    }

    /// The files, at paths below the root.
    pub fn files(&self) -> &dyn Files {
        &*self.files
    }
}

impl std::fmt::Debug for Tree {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tree").field("root", &self.root).field("name", &self.name).finish_non_exhaustive()
    }
}

/// Where the tree that `key` stands for lies.
pub(super) fn root(key: &str) -> PathBuf {
    Path::new("/").join(".kollate-remote").join(&digest(key.as_bytes())[..20])
}

/// A commit and, where they were asked for, the commits of its submodules.
pub(super) struct Checkout {
    pub(super) top: GitRevision,
    pub(super) inner: Vec<Checkout>,
}

impl Checkout {
    /// The innermost repository that `path` lies in.
    fn at(&self, path: &Path) -> &GitRevision {
        match self.inner.iter().find(|inner| path.starts_with(inner.top.top_level())) {
            Some(inner) => inner.at(path),
            None => &self.top,
        }
    }
}

impl Files for Checkout {
    fn read(&self, path: &Path) -> Result<Vec<u8>, ReadError> {
        self.at(path).read(path)
    }

    fn kind(&self, path: &Path) -> Option<EntryKind> {
        self.at(path).kind(path)
    }

    fn list(&self, path: &Path) -> Result<Vec<(String, EntryKind)>, ReadError> {
        self.at(path).list(path)
    }

    fn resolve(&self, path: &Path) -> PathBuf {
        self.at(path).resolve(path)
    }
}
