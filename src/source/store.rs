//! The document store: each file is read once and parsed once, however many environments use it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::files::{EntryKind, Files, ReadError};
use super::yaml::{self, Parsed};
use super::{FileId, Location, SourceMap};

/// A file that has been read.
#[derive(Debug)]
pub struct Loaded {
    /// Its id in the source map. A file that is not UTF-8 has one too, with an empty text.
    pub file: FileId,
    /// Its bytes.
    pub bytes: Arc<[u8]>,
    /// Its text; `None` if it is not UTF-8.
    pub text: Option<Arc<str>>,
    parsed: OnceLock<Arc<Parsed>>,
}

/// One tree of files, read through once.
pub struct Store {
    files: Box<dyn Files>,
    map: Arc<SourceMap>,
    /// Paths are shown relative to this folder.
    shown_from: PathBuf,
    loaded: Mutex<HashMap<PathBuf, Result<Arc<Loaded>, ReadError>>>,
}

impl Store {
    /// A store over `files`. Paths are shown relative to `shown_from`.
    pub fn new(files: Box<dyn Files>, map: Arc<SourceMap>, shown_from: impl Into<PathBuf>) -> Self {
        Store { files, map, shown_from: shown_from.into(), loaded: Mutex::default() }
    }

    /// The texts of the run.
    pub fn map(&self) -> &Arc<SourceMap> {
        &self.map
    }

    /// The files below.
    pub fn files(&self) -> &dyn Files {
        &*self.files
    }

    /// What stands at `path`.
    pub fn kind(&self, path: &Path) -> Option<EntryKind> {
        self.files.kind(path)
    }

    /// `path` as shown to the user: relative to the folder the user works in, with `/` between the parts.
    pub fn shown(&self, path: &Path) -> String {
        relative(path, &self.shown_from)
    }

    /// The folder from which paths are shown.
    pub(super) fn shown_from(&self) -> &Path {
        &self.shown_from
    }

    /// Reads a file, or gives what was read before.
    pub fn load(&self, path: &Path) -> Result<Arc<Loaded>, ReadError> {
        if let Some(known) = self.table().get(path) {
            return known.clone();
        }
        let result = self.files.read(path).map(|bytes| self.admit(path, bytes));
        self.table().entry(path.to_path_buf()).or_insert(result).clone()
    }

    fn admit(&self, path: &Path, bytes: Vec<u8>) -> Arc<Loaded> {
        let text: Option<Arc<str>> = std::str::from_utf8(&bytes).ok().map(Arc::from);
        let file = self.map.add(self.shown(path), text.clone().unwrap_or_else(|| Arc::from("")));
        let file = file.unwrap_or_default();
        Arc::new(Loaded { file, bytes: bytes.into(), text, parsed: OnceLock::new() })
    }

    fn table(&self) -> std::sync::MutexGuard<'_, HashMap<PathBuf, Result<Arc<Loaded>, ReadError>>> {
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The YAML documents of a loaded file.
    pub fn parse(&self, loaded: &Loaded) -> Arc<Parsed> {
        loaded
            .parsed
            .get_or_init(|| {
                let parsed = match &loaded.text {
                    Some(text) => yaml::parse(text, loaded.file),
                    None => yaml::not_utf8(&loaded.bytes, loaded.file),
                };
                Arc::new(parsed)
            })
            .clone()
    }

    /// The YAML documents of a text embedded in a file, such as an inline patch.
    pub fn parse_embedded(&self, text: &str, around: Location, literal: bool) -> Parsed {
        let file = self.map.add_embedded(text, around, literal).unwrap_or(around.file);
        yaml::parse(text, file)
    }
}

/// `path` seen from the folder `from`.
pub(crate) fn relative(path: &Path, from: &Path) -> String {
    let mut here = from.components().peekable();
    let mut there = path.components().peekable();
    while here.peek().is_some() && here.peek() == there.peek() {
        here.next();
        there.next();
    }
    let up = here.map(|_| "..".to_owned());
    let down = there.map(|part| part.as_os_str().to_string_lossy().into_owned());
    let parts: Vec<String> = up.chain(down).collect();
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}
