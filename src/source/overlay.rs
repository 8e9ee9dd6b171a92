//! A tree of files as it would be after some of them were changed: what a rewrite is tried on before it is written.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::files::{EntryKind, Files, ReadError};
use super::{SourceMap, Store};

/// The files of a store with other texts in some of them.
struct Overlay {
    below: Arc<Store>,
    changed: BTreeMap<PathBuf, String>,
}

impl Files for Overlay {
    fn read(&self, path: &Path) -> Result<Vec<u8>, ReadError> {
        match self.changed.get(path).or_else(|| self.changed.get(&self.resolve(path))) {
            Some(text) => Ok(text.as_bytes().to_vec()),
            // What was read before stays as it was read, whatever happens to the disk meanwhile.
            None => self.below.load(path).map(|loaded| loaded.bytes().to_vec()),
        }
    }

    fn kind(&self, path: &Path) -> Option<EntryKind> {
        self.below.kind(path)
    }

    fn list(&self, path: &Path) -> Result<Vec<(String, EntryKind)>, ReadError> {
        self.below.files().list(path)
    }

    fn resolve(&self, path: &Path) -> PathBuf {
        self.below.files().resolve(path)
    }
}

impl Store {
    /// A store that differs from `self` in the texts of `changed`, whose paths are resolved. It has texts of its own.
    pub fn with_changed(self: &Arc<Store>, changed: BTreeMap<PathBuf, String>) -> Store {
        let files = Overlay { below: self.clone(), changed };
        Store::new(Box::new(files), SourceMap::new(), self.shown_from())
    }
}
