//! The outside world behind one trait: files on disk, in memory, or in a git revision.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

/// What stands at a path, symlinks followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A file.
    File,
    /// A folder.
    Folder,
}

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// Nothing is there.
    NotFound,
    /// A folder where a file was asked for, or the other way round.
    WrongKind,
    /// A symlink to nothing; where it leads, as it is written.
    Dangling(String),
    /// Longer than [`MAX_BYTES`].
    TooLarge(u64),
    /// The system refused; its words.
    Other(String),
}

/// Spans are 32 bits wide and texts are held in memory; no manifest comes near this.
pub const MAX_BYTES: u64 = 256 << 20;

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::NotFound => write!(f, "no such file"),
            ReadError::Dangling(to) => write!(f, "a symlink to `{to}`, which does not exist"),
            ReadError::WrongKind => write!(f, "not a file"),
            ReadError::TooLarge(bytes) => {
                write!(f, "{} MiB, more than the limit of {} MiB", bytes >> 20, MAX_BYTES >> 20)
            }
            ReadError::Other(words) => write!(f, "{words}"),
        }
    }
}

/// A tree of files. Paths are absolute and normal (no `.` or `..`).
pub trait Files: Send + Sync {
    /// The bytes of a file.
    fn read(&self, path: &Path) -> Result<Vec<u8>, ReadError>;
    /// What stands at `path`; `None` if nothing does.
    fn kind(&self, path: &Path) -> Option<EntryKind>;
    /// The names in a folder, sorted, with what each is.
    fn list(&self, path: &Path) -> Result<Vec<(String, EntryKind)>, ReadError>;
    /// `path` with symlinks resolved; `path` itself if nothing is there.
    fn resolve(&self, path: &Path) -> PathBuf;
    /// The same for a path to whose folder no symlinks lead, which takes one look.
    fn resolve_last(&self, path: &Path) -> PathBuf {
        self.resolve(path)
    }
    /// Whether other programs see the same at `path`.
    fn on_disk(&self, _path: &Path) -> bool {
        false
    }
}

/// Removes `.` and `..` from a path without looking at the disk.
pub fn normalize(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                if !out.pop() {
                    out.push("..");
                }
            }
            part => out.push(part),
        }
    }
    out
}

/// The files of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl From<std::io::Error> for ReadError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => ReadError::NotFound,
            std::io::ErrorKind::IsADirectory => ReadError::WrongKind,
            std::io::ErrorKind::PermissionDenied => ReadError::Other("permission denied".into()),
            _ => ReadError::Other(error.to_string()),
        }
    }
}

impl Files for Disk {
    fn read(&self, path: &Path) -> Result<Vec<u8>, ReadError> {
        let meta = std::fs::metadata(path).map_err(|error| match std::fs::read_link(path) {
            Ok(to) => ReadError::Dangling(to.to_string_lossy().into_owned()),
            Err(_) => ReadError::from(error),
        })?;
        if meta.is_dir() {
            return Err(ReadError::WrongKind);
        }
        if !meta.is_file() {
            return Err(ReadError::Other("it is a pipe, a socket or a device, and no file".into()));
        }
        if meta.len() > MAX_BYTES {
            return Err(ReadError::TooLarge(meta.len()));
        }
        // It may grow meanwhile, and some files of the system do not know how long they are.
        let mut bytes = Vec::with_capacity(meta.len() as usize);
        std::fs::File::open(path)?.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
        match bytes.len() as u64 > MAX_BYTES {
            true => Err(ReadError::TooLarge(bytes.len() as u64)),
            false => Ok(bytes),
        }
    }

    fn kind(&self, path: &Path) -> Option<EntryKind> {
        let meta = std::fs::metadata(path).ok()?;
        Some(if meta.is_dir() { EntryKind::Folder } else { EntryKind::File })
    }

    fn list(&self, path: &Path) -> Result<Vec<(String, EntryKind)>, ReadError> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(path)? {
            let entry = entry?;
            let kind = match entry.file_type()? {
                kind if kind.is_dir() => EntryKind::Folder,
                kind if kind.is_symlink() => match self.kind(&entry.path()) {
                    Some(kind) => kind,
                    None => continue,
                },
                _ => EntryKind::File,
            };
            names.push((entry.file_name().to_string_lossy().into_owned(), kind));
        }
        names.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(names)
    }

    fn resolve(&self, path: &Path) -> PathBuf {
        std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
    }

    fn resolve_last(&self, path: &Path) -> PathBuf {
        match std::fs::symlink_metadata(path) {
            Ok(meta) if !meta.is_symlink() => path.to_path_buf(),
            _ => self.resolve(path),
        }
    }

    fn on_disk(&self, _path: &Path) -> bool {
        true
    }
}

/// Files held in memory: tests, and callers of the library that have no disk.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl Memory {
    /// No files.
    pub fn new() -> Self {
        Memory::default()
    }

    /// Adds a file; folders come into being with it. `path` is taken as absolute.
    #[must_use]
    pub fn with(mut self, path: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.files.insert(normalize(&Path::new("/").join(path)), bytes.into());
        self
    }
}

impl Files for Memory {
    fn read(&self, path: &Path) -> Result<Vec<u8>, ReadError> {
        match self.files.get(path) {
            Some(bytes) => Ok(bytes.clone()),
            None if self.kind(path).is_some() => Err(ReadError::WrongKind),
            None => Err(ReadError::NotFound),
        }
    }

    fn kind(&self, path: &Path) -> Option<EntryKind> {
        if self.files.contains_key(path) {
            return Some(EntryKind::File);
        }
        let inside = self.files.range(path.to_path_buf()..).any(|(name, _)| name.starts_with(path));
        inside.then_some(EntryKind::Folder)
    }

    fn list(&self, path: &Path) -> Result<Vec<(String, EntryKind)>, ReadError> {
        let mut names = BTreeMap::new();
        for file in self.files.keys() {
            let Ok(rest) = file.strip_prefix(path) else {
                continue;
            };
            let mut parts = rest.components();
            let Some(first) = parts.next() else {
                return Err(ReadError::WrongKind);
            };
            let kind = if parts.next().is_some() { EntryKind::Folder } else { EntryKind::File };
            names.insert(first.as_os_str().to_string_lossy().into_owned(), kind);
        }
        if names.is_empty() { Err(ReadError::NotFound) } else { Ok(names.into_iter().collect()) }
    }

    fn resolve(&self, path: &Path) -> PathBuf {
        path.to_path_buf()
    }
}
