//! The remotes of a project: what its file allows, and what its lock file pins.

use std::sync::Arc;

use super::Project;
use crate::finding::{Finding, Findings};
use crate::source::remote::{Cache, LOCK_FILE, Lock, LockMode, Remotes, Settings};
use crate::source::{Location, ReadError, Span, Store};

impl Project {
    /// The remotes of the project as `store` has it. What its file allows is added to `settings`. A lock file that
    /// cannot be read is a warning, and is neither used nor overwritten, unless it is to be made anew; who needs a remote is
    /// told that it is not locked.
    pub fn remotes(&self, store: &Store, settings: Settings, cache: Arc<Cache>, findings: &mut Findings) -> Remotes {
        let mut settings = settings;
        settings.policy.hosts.extend(self.remote_hosts.iter().cloned());
        let path = self.root.join(LOCK_FILE);
        let (words, at) = match store.load(&path) {
            Err(ReadError::NotFound) => return Remotes::new(settings, cache, path, Lock::default()),
            Err(error) => (error.to_string(), None),
            Ok(loaded) => match Lock::parse(loaded.text.as_deref().unwrap_or_default()) {
                Ok(lock) => return Remotes::new(settings, cache, path, lock),
                Err(words) => (words, Some(Location::new(loaded.file, Span::point(0)))),
            },
        };
        if settings.lock != LockMode::Refresh {
            settings.lock = LockMode::Frozen;
            let message = format!("cannot read `{}`", store.shown(&path));
            let finding = Finding::warning("build/remote-lock", message)
                .note(words)
                .help("mend the file, or let `kollate lock` write it anew");
            findings.push(match at {
                Some(at) => finding.at(at, "this is not a lock file"),
                None => finding,
            });
        }
        Remotes::new(settings, cache, path, Lock::default())
    }
}
