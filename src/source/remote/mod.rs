//! Repositories and files on other machines, by the `git` and `curl` programs.
//!
//! Owns: what an entry that names one means, who allows it, what it is pinned to, and the cache. Must not: check out or
//! run anything of what it fetched, reach a server that nobody allowed, or say a credential aloud.
//!
//! In: entries of kustomizations. Out: a [`Tree`] of files for each, which a [`Store`](crate::source::Store) shows at a
//! path of its own.

mod address;
mod cache;
mod download;
mod error;
mod fetch;
mod lock;
mod policy;
mod repo_spec;
mod submodules;
mod tree;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

pub use address::{Address, Protocol, redacted};
pub use cache::Cache;
pub use error::RemoteError;
pub use lock::{LOCK_FILE, Lock};
pub use policy::{Allow, Policy};
pub use repo_spec::{RepoSpec, SpecError, TIME_LIMIT};
pub use tree::Tree;

use cache::{Wanted, digest};
use tree::{Checkout, root};

use super::{OutputError, write_file};

/// What the lock file is for in this run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LockMode {
    /// What it names is taken as it names it; what it lacks is added.
    #[default]
    Fill,
    /// What it lacks is refused, and it does not change.
    Frozen,
    /// Every server is asked anew, and what is not used any more is dropped.
    Refresh,
}

/// How remotes are used in a run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What may be fetched.
    pub policy: Policy,
    /// What the lock file is for.
    pub lock: LockMode,
    /// Whether the cache alone is used.
    pub offline: bool,
    /// How long a download may take; repositories say so themselves.
    pub time_limit: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { policy: Policy::default(), lock: LockMode::Fill, offline: false, time_limit: TIME_LIMIT }
    }
}

type Opened = Arc<OnceLock<Result<Arc<Tree>, RemoteError>>>;

/// The remotes of one state of a project.
#[derive(Debug)]
pub struct Remotes {
    settings: Settings,
    cache: Arc<Cache>,
    lock_file: PathBuf,
    pinned: Lock,
    used: Mutex<Lock>,
    open: Mutex<HashMap<(String, String, bool), Opened>>,
}

impl Remotes {
    /// Remotes pinned as `lock` says, the content of the file `lock_file`.
    pub fn new(settings: Settings, cache: Arc<Cache>, lock_file: PathBuf, lock: Lock) -> Remotes {
        Remotes { settings, cache, lock_file, pinned: lock, used: Mutex::default(), open: Mutex::default() }
    }

    /// The lock file's path.
    pub fn lock_file(&self) -> &Path {
        &self.lock_file
    }

    /// Fetches a repository for a layer that came by `from`; `None` for the user's own files.
    pub fn repository(&self, spec: &RepoSpec, from: Option<Protocol>) -> Result<Arc<Tree>, RemoteError> {
        let url = spec.clone_url();
        let reference = if spec.reference.is_empty() { "HEAD" } else { &spec.reference };
        let address = address(&url)?;
        let plain_http = self.settings.policy.permit(&address, from)?;
        let key = (url.clone(), reference.to_owned(), spec.submodules);
        let known = self.open.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default().clone();
        let open = || {
            let lock_key = (redacted(&url), reference.to_owned());
            let pinned = self.pin(self.pinned.commits.get(&lock_key))?;
            let limit = spec.time_limit;
            let offline = self.settings.offline;
            let wanted = Wanted { url: &url, reference, pinned, limit, plain_http, offline };
            let name = format!("{}@{reference}", address.name());
            let place = |commit: &str| root(&format!("{url} {reference} {commit} {}", spec.submodules));
            let top = self.open_commit(&wanted, place)?;
            let commit = top.1.commit().to_owned();
            let inner = match spec.submodules {
                true => submodules::fetch(self, &wanted, &top, &address, &mut submodules::Budget::default())?,
                false => Vec::new(),
            };
            self.used().commits.insert(lock_key, commit.clone());
            let checkout = Checkout { top: top.1, inner };
            Ok(Arc::new(Tree::of_commit(place(&commit), name, address.protocol, checkout)))
        };
        known.get_or_init(open).clone()
    }

    /// Downloads a file for a layer that came by `from`. Gives the tree that holds it, and its path.
    pub fn file(&self, url: &str, from: Option<Protocol>) -> Result<(Tree, PathBuf), RemoteError> {
        let address = address(url)?;
        let plain_http = self.settings.policy.permit(&address, from)?;
        let key = redacted(url);
        let pinned = self.pin(self.pinned.files.get(&key))?;
        let Settings { time_limit: limit, offline, .. } = self.settings;
        let bytes = self.cache.file(&Wanted { url, reference: "", pinned, limit, plain_http, offline })?;
        let sha256 = digest(&bytes);
        let made = Tree::of_file(&address.name(), address.protocol, &format!("{url} {sha256}"), &bytes);
        self.used().files.insert(key, sha256);
        Ok(made)
    }

    /// Whether the server has a file at this URL, which may also be that of a repository.
    pub fn has_file(&self, url: &str, from: Option<Protocol>) -> bool {
        let Ok(address) = address(url) else { return false };
        let Ok(plain_http) = self.settings.policy.permit(&address, from) else { return false };
        let Ok(pinned) = self.pin(None) else { return false };
        let Settings { time_limit: limit, offline, .. } = self.settings;
        let bytes = self.cache.file(&Wanted { url, reference: "", pinned, limit, plain_http, offline });
        // A repository's URL shows people a page.
        bytes.is_ok_and(|bytes| bytes.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'<'))
    }

    /// Whether the lock file knows this URL as a file, or as a repository.
    pub fn is_locked_as_file(&self, url: &str, spec: &RepoSpec) -> Option<bool> {
        let repository = redacted(&spec.clone_url());
        match self.pinned.files.contains_key(&redacted(url)) {
            true => Some(true),
            false => self.pinned.commits.keys().any(|(known, _)| *known == repository).then_some(false),
        }
    }

    /// What the lock file would hold after this run.
    pub fn lock(&self) -> Lock {
        let used = self.used();
        if self.settings.lock == LockMode::Refresh {
            return used.clone();
        }
        let mut lock = self.pinned.clone();
        lock.commits.extend(used.commits.clone());
        lock.files.extend(used.files.clone());
        lock
    }

    /// What the lock file held before.
    pub fn lock_before(&self) -> &Lock {
        &self.pinned
    }

    /// Writes the lock file if this run changes it. Gives whether it did.
    pub fn save(&self) -> Result<bool, OutputError> {
        let lock = self.lock();
        if self.settings.lock == LockMode::Frozen || lock == self.pinned {
            return Ok(false);
        }
        write_file(&self.lock_file, &lock.print()).map(|()| true)
    }

    /// What to hold a remote to, given what the lock file says of it.
    fn pin<'a>(&self, locked: Option<&'a String>) -> Result<Option<&'a str>, RemoteError> {
        match (self.settings.lock, locked) {
            (LockMode::Refresh, _) => Ok(None),
            (LockMode::Frozen, None) => Err(RemoteError::NotLocked),
            (_, locked) => Ok(locked.map(String::as_str)),
        }
    }

    /// Opens what is wanted at `place`. A repository in the cache that cannot be opened is fetched again.
    fn open_commit(
        &self,
        wanted: &Wanted<'_>,
        place: impl Fn(&str) -> PathBuf,
    ) -> Result<(PathBuf, super::GitRevision), RemoteError> {
        let open = |(folder, commit): (PathBuf, String)| {
            let revision = super::GitRevision::open_bare(&folder, &commit, place(&commit));
            revision.map(|revision| (folder.clone(), revision)).map_err(|error| (folder, error))
        };
        open(self.cache.commit(wanted)?).or_else(|(folder, _)| {
            self.cache.discard(&folder);
            let failed = |error: super::GitError| RemoteError::Failed { program: "git", words: error.to_string() };
            open(self.cache.commit(wanted)?).map_err(|(_, error)| failed(error))
        })
    }

    fn used(&self) -> std::sync::MutexGuard<'_, Lock> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn address(url: &str) -> Result<Address, RemoteError> {
    let words = || format!("`{}` is not a URL that it knows", redacted(url));
    Address::of(url).ok_or_else(|| RemoteError::Failed { program: "git", words: words() })
}
