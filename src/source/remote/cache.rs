//! The cache on disk: one bare repository for each URL and commit, one file for each content. What is in it never
//! changes, so that any number of processes may share it: each fetches beside it and moves the result into place.

use std::collections::HashMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::address::redacted;
use super::download::download;
use super::error::RemoteError;
use super::fetch::{Repository, is_hash};
use super::policy::Policy;

/// What is wanted of a URL.
#[derive(Clone, Debug)]
pub(super) struct Wanted<'a> {
    pub(super) url: &'a str,
    /// The branch, tag or hash; for a file, nothing.
    pub(super) reference: &'a str,
    /// The commit or SHA-256 that it must be.
    pub(super) pinned: Option<&'a str>,
    pub(super) limit: Duration,
    pub(super) plain_http: bool,
    pub(super) offline: bool,
    /// Where a server may send a request on to.
    pub(super) policy: &'a Policy,
}

type Once<T> = Arc<OnceLock<Result<T, RemoteError>>>;
type Table<T> = Mutex<HashMap<(String, String, Option<String>), Once<T>>>;

/// The cache, and what this process has asked for: each thing is fetched once, however many builds want it.
#[derive(Debug, Default)]
pub struct Cache {
    folder: Option<PathBuf>,
    commits: Table<(PathBuf, String)>,
    files: Table<Arc<[u8]>>,
    /// Whether what interrupted runs have left was looked for.
    swept: OnceLock<()>,
}

impl Cache {
    /// A cache in `folder`; without one, nothing can be fetched.
    pub fn new(folder: Option<PathBuf>) -> Cache {
        Cache { folder, ..Cache::default() }
    }

    /// The bare repository that holds what is wanted, and the commit.
    pub(super) fn commit(&self, wanted: &Wanted<'_>) -> Result<(PathBuf, String), RemoteError> {
        once(&self.commits, wanted).get_or_init(|| self.find_commit(wanted)).clone()
    }

    /// The bytes of a file.
    pub(super) fn file(&self, wanted: &Wanted<'_>) -> Result<Arc<[u8]>, RemoteError> {
        once(&self.files, wanted).get_or_init(|| self.find_file(wanted)).clone()
    }

    /// Forgets and deletes a repository that turned out to be unusable.
    pub(super) fn discard(&self, repository: &Path) {
        let mut table = self.commits.lock().unwrap_or_else(PoisonError::into_inner);
        table.retain(|_, known| !matches!(known.get(), Some(Ok((folder, _))) if folder == repository));
        let _ = fs::remove_dir_all(repository);
    }

    fn find_commit(&self, wanted: &Wanted<'_>) -> Result<(PathBuf, String), RemoteError> {
        let home = self.folder()?.join("git").join(&digest(redacted(wanted.url).as_bytes())[..32]);
        let fixed = wanted.pinned.or(is_hash(wanted.reference).then_some(wanted.reference));
        if let Some(commit) = fixed {
            let known = home.join(commit);
            if known.is_dir() {
                return Ok((known, commit.to_owned()));
            }
        }
        if wanted.offline {
            return Err(RemoteError::NotCached);
        }
        let repository = Repository::of(wanted);
        let mut fetched = self.fetch(&repository, fixed.unwrap_or(wanted.reference));
        // Some servers give what a branch points at, and no other commit.
        let again = matches!(fetched, Err(RemoteError::UnknownReference { .. }));
        if let Some(pinned) = wanted.pinned.filter(|pinned| again && *pinned != wanted.reference) {
            let drifted = |found: String| RemoteError::Drifted { locked: pinned.to_owned(), found };
            fetched = match self.fetch(&repository, wanted.reference) {
                Ok((_, commit)) if commit != pinned => Err(drifted(commit)),
                Err(RemoteError::UnknownReference { .. }) => Err(drifted(String::new())),
                other => other,
            };
        }
        let (beside, commit) = fetched?;
        let place = home.join(&commit);
        self.settle(beside, &place)?;
        Ok((place, commit))
    }

    /// Fetches into a folder beside the cache's content.
    fn fetch(&self, repository: &Repository<'_>, want: &str) -> Result<(Beside, String), RemoteError> {
        let beside = self.beside()?;
        let commit = repository.fetch(&beside.0, want)?;
        Ok((beside, commit))
    }

    fn find_file(&self, wanted: &Wanted<'_>) -> Result<Arc<[u8]>, RemoteError> {
        let home = self.folder()?.join("files");
        if let Some(sha256) = wanted.pinned
            && let Ok(bytes) = fs::read(home.join(sha256))
            && digest(&bytes) == sha256
        {
            return Ok(bytes.into());
        }
        if wanted.offline {
            return Err(RemoteError::NotCached);
        }
        let bytes = download(wanted)?;
        let found = digest(&bytes);
        if let Some(locked) = wanted.pinned.filter(|locked| *locked != found) {
            return Err(RemoteError::Drifted { locked: locked.to_owned(), found });
        }
        let beside = self.beside()?;
        fs::write(&beside.0, &bytes).map_err(|error| failed(&beside.0, &error))?;
        self.settle(beside, &home.join(found))?;
        Ok(bytes.into())
    }

    /// Moves what was fetched into its place. Another process may have been faster; what it put there is as good.
    fn settle(&self, beside: Beside, place: &Path) -> Result<(), RemoteError> {
        if place.is_dir() {
            return Ok(());
        }
        let home = place.parent().unwrap_or(place);
        fs::create_dir_all(home).map_err(|error| failed(home, &error))?;
        match fs::rename(&beside.0, place) {
            Err(error) if !place.is_dir() => Err(failed(place, &error)),
            _ => Ok(()),
        }
    }

    fn folder(&self) -> Result<&Path, RemoteError> {
        self.folder.as_deref().ok_or(RemoteError::NoCache)
    }

    /// A path that nobody else uses.
    fn beside(&self) -> Result<Beside, RemoteError> {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let home = self.folder()?.join("tmp");
        fs::create_dir_all(&home).map_err(|error| failed(&home, &error))?;
        self.swept.get_or_init(|| sweep(&home));
        let path = home.join(format!("{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed)));
        // Left by a process of the same number that was killed.
        let _ = fs::remove_dir_all(&path);
        let _ = fs::remove_file(&path);
        Ok(Beside(path))
    }
}

/// No fetch takes so long; what is older was left by a process that was killed.
const LEFT_OVER: Duration = Duration::from_secs(24 * 60 * 60);

/// Deletes what interrupted runs have left.
fn sweep(home: &Path) {
    for entry in fs::read_dir(home).into_iter().flatten().flatten() {
        let age = entry.metadata().and_then(|meta| meta.modified()).map(|time| time.elapsed().unwrap_or_default());
        if age.is_ok_and(|age| age > LEFT_OVER) {
            drop(Beside(entry.path()));
        }
    }
}

/// What is being fetched; gone with its value unless it was moved into place.
struct Beside(PathBuf);

impl Drop for Beside {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
        let _ = fs::remove_file(&self.0);
    }
}

fn once<T>(table: &Table<T>, wanted: &Wanted<'_>) -> Once<T> {
    let key = (wanted.url.to_owned(), wanted.reference.to_owned(), wanted.pinned.map(str::to_owned));
    table.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default().clone()
}

fn failed(path: &Path, error: &std::io::Error) -> RemoteError {
    RemoteError::CacheFailed { path: path.to_path_buf(), words: error.to_string() }
}

/// SHA-256 in hexadecimal.
pub(super) fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
