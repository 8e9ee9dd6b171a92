//! The document store: each file is read once and parsed once, however many environments use it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};

use super::files::{EntryKind, Files, ReadError};
use super::remote::Tree;
use super::yaml::{self, Parsed};
use super::{FileId, Location, SourceMap};

/// A file that has been read.
#[derive(Debug)]
pub struct Loaded {
    /// Its id in the source map. A file that is not UTF-8 has one too, with an empty text.
    pub file: FileId,
    /// Its text; `None` if it is not UTF-8.
    pub text: Option<Arc<str>>,
    /// Its bytes if it is not UTF-8.
    other: Vec<u8>,
    /// What was read of it as YAML if it is not UTF-8. It has an id of its own, so that bytes that nobody reads as YAML
    /// are never shown.
    decoded: OnceLock<(FileId, Arc<str>)>,
    parsed: Mutex<Option<Arc<Parsed>>>,
}

impl Loaded {
    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        self.text.as_deref().map_or(&self.other, str::as_bytes)
    }

    /// The text that was read as YAML, and its id: places in the file's documents are places in it.
    pub fn as_read(&self) -> (FileId, &str) {
        match (&self.text, self.decoded.get()) {
            (None, Some((file, text))) => (*file, text),
            (text, _) => (self.file, text.as_deref().unwrap_or_default()),
        }
    }
}

/// One tree of files, read through once. Trees that were fetched from elsewhere can be added at paths of their own.
pub struct Store {
    files: Forest,
    map: Arc<SourceMap>,
    /// Paths are shown relative to this folder.
    shown_from: PathBuf,
    loaded: Mutex<HashMap<PathBuf, Result<Arc<Loaded>, ReadError>>>,
    /// How many were read so far.
    bytes: AtomicU64,
}

/// All files of a run stay in memory.
const MAX_ALL: u64 = 1 << 30;

impl Store {
    /// A store over `files`. Paths are shown relative to `shown_from`.
    pub fn new(files: Box<dyn Files>, map: Arc<SourceMap>, shown_from: impl Into<PathBuf>) -> Self {
        Store {
            files: Forest { own: files, fetched: RwLock::default() },
            map,
            shown_from: shown_from.into(),
            loaded: Mutex::default(),
            bytes: AtomicU64::new(0),
        }
    }

    /// The texts of the run.
    pub fn map(&self) -> &Arc<SourceMap> {
        &self.map
    }

    /// How many bytes were read so far.
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// The files below.
    pub fn files(&self) -> &dyn Files {
        &self.files
    }

    /// Adds a tree that was fetched from elsewhere, unless it is there.
    pub fn add(&self, tree: Arc<Tree>) {
        let mut fetched = self.files.fetched.write().unwrap_or_else(PoisonError::into_inner);
        fetched.entry(tree.root.clone()).or_insert(tree);
    }

    /// The fetched tree that `path` lies in; `None` for files of the store's own.
    pub fn tree(&self, path: &Path) -> Option<Arc<Tree>> {
        self.files.tree(path)
    }

    /// What stands at `path`.
    pub fn kind(&self, path: &Path) -> Option<EntryKind> {
        self.files.kind(path)
    }

    /// `path` as shown to the user: relative to the folder the user works in, with `/` between the parts.
    pub fn shown(&self, path: &Path) -> String {
        match self.tree(path) {
            Some(tree) => match relative(path, &tree.root).as_str() {
                "." => tree.name.clone(),
                inside => format!("{}/{inside}", tree.name),
            },
            None => relative(path, &self.shown_from),
        }
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
        let result = self.read(path).map(|bytes| self.admit(path, bytes));
        self.table().entry(path.to_path_buf()).or_insert(result).clone()
    }

    fn read(&self, path: &Path) -> Result<Vec<u8>, ReadError> {
        let bytes = self.files.read(path)?;
        let all = self.bytes.fetch_add(bytes.len() as u64, Ordering::Relaxed) + bytes.len() as u64;
        match all > MAX_ALL {
            true => Err(ReadError::Other(format!("all files together come to more than {} MiB", MAX_ALL >> 20))),
            false => Ok(bytes),
        }
    }

    fn admit(&self, path: &Path, bytes: Vec<u8>) -> Arc<Loaded> {
        let text: Option<Arc<str>> = std::str::from_utf8(&bytes).ok().map(Arc::from);
        let other = if text.is_some() { Vec::new() } else { bytes };
        let file = self.map.add(self.shown(path), text.clone().unwrap_or_else(|| Arc::from("")));
        let file = file.unwrap_or_default();
        Arc::new(Loaded { file, text, other, decoded: OnceLock::new(), parsed: Mutex::default() })
    }

    fn table(&self) -> MutexGuard<'_, HashMap<PathBuf, Result<Arc<Loaded>, ReadError>>> {
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The YAML documents of a loaded file.
    pub fn parse(&self, loaded: &Loaded) -> Arc<Parsed> {
        let mut parsed = loaded.parsed.lock().unwrap_or_else(PoisonError::into_inner);
        parsed.get_or_insert_with(|| Arc::new(self.read_yaml(loaded))).clone()
    }

    /// The same for one who takes the file as one text, as kustomize does with all but manifests: it may begin with
    /// directives.
    pub fn parse_whole(&self, loaded: &Loaded) -> Arc<Parsed> {
        match &loaded.text {
            Some(text) if yaml::begins_with_directive(text) => Arc::new(yaml::parse_whole(text, loaded.file)),
            _ => self.parse(loaded),
        }
    }

    /// The same for one who is the last to ask: nothing is kept, so that the documents can be changed in place. Whoever
    /// does ask again has the text parsed again.
    pub fn parse_last(&self, loaded: &Loaded) -> Parsed {
        let known = loaded.parsed.lock().unwrap_or_else(PoisonError::into_inner).take();
        known.map_or_else(|| self.read_yaml(loaded), Arc::unwrap_or_clone)
    }

    /// Parses a file that somebody will ask for, unless it is parsed or being parsed.
    pub fn parse_ahead(&self, loaded: &Loaded) {
        if let Ok(mut parsed) = loaded.parsed.try_lock() {
            parsed.get_or_insert_with(|| Arc::new(self.read_yaml(loaded)));
        }
    }

    /// The YAML documents of a text embedded in a file, such as an inline patch.
    pub fn parse_embedded(&self, text: &str, around: Location, literal: bool) -> Parsed {
        let file = self.map.add_embedded(text, around, literal).unwrap_or(around.file);
        yaml::parse(text, file)
    }

    fn read_yaml(&self, loaded: &Loaded) -> Parsed {
        if let Some(text) = &loaded.text {
            return yaml::parse(text, loaded.file);
        }
        let name = self.map.get(loaded.file).name.clone();
        let decoded = yaml::decoded(&loaded.other);
        let known = |text: Arc<str>| (self.map.add(name, text.clone()).unwrap_or(loaded.file), text);
        let (file, _) = loaded.decoded.get_or_init(|| known(decoded.text.clone().into()));
        match decoded.fault {
            // Kustomize looks for the lines that part documents among the bytes, and so finds none.
            None => yaml::parse_whole(&decoded.text, *file),
            Some(fault) => fault.into_parsed(*file),
        }
    }
}

/// The store's own files, and those fetched from elsewhere.
struct Forest {
    own: Box<dyn Files>,
    fetched: RwLock<HashMap<PathBuf, Arc<Tree>>>,
}

impl Forest {
    fn tree(&self, path: &Path) -> Option<Arc<Tree>> {
        let fetched = self.fetched.read().unwrap_or_else(PoisonError::into_inner);
        if fetched.is_empty() {
            return None;
        }
        path.ancestors().find_map(|folder| fetched.get(folder)).cloned()
    }

    fn with<T>(&self, path: &Path, ask: impl FnOnce(&dyn Files) -> T) -> T {
        match self.tree(path) {
            Some(tree) => ask(tree.files()),
            None => ask(&*self.own),
        }
    }
}

impl Files for Forest {
    fn read(&self, path: &Path) -> Result<Vec<u8>, ReadError> {
        self.with(path, |files| files.read(path))
    }

    fn kind(&self, path: &Path) -> Option<EntryKind> {
        self.with(path, |files| files.kind(path))
    }

    fn list(&self, path: &Path) -> Result<Vec<(String, EntryKind)>, ReadError> {
        self.with(path, |files| files.list(path))
    }

    fn resolve(&self, path: &Path) -> PathBuf {
        self.with(path, |files| files.resolve(path))
    }

    fn resolve_last(&self, path: &Path) -> PathBuf {
        self.with(path, |files| files.resolve_last(path))
    }

    fn on_disk(&self, path: &Path) -> bool {
        self.with(path, |files| files.on_disk(path))
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
