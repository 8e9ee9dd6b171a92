//! The proof: builds before and after, byte for byte.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Difference, Root};
use crate::compile::{Build, Options, Session};
use crate::finding::{Finding, Severity};

/// A build as it is before any change.
struct Before {
    name: String,
    folder: PathBuf,
    build: Build,
    /// What it read, symlinks resolved.
    reads: BTreeSet<PathBuf>,
}

/// The builds that a change is held against.
pub(super) struct Proof<'a> {
    session: &'a Session,
    options: &'a Options,
    before: Vec<Before>,
}

/// A build that would change.
#[derive(Clone)]
pub(super) struct Broken {
    pub(super) name: String,
    pub(super) folder: PathBuf,
    pub(super) difference: Difference,
}

impl<'a> Proof<'a> {
    /// Builds every root, each folder once, under the first of its names.
    pub(super) fn new(session: &'a Session, options: &'a Options, roots: &[Root]) -> Self {
        let mut proof = Proof { session, options, before: Vec::new() };
        proof.add(roots);
        proof
    }

    /// Builds further roots.
    pub(super) fn add(&mut self, roots: &[Root]) {
        let files = self.session.store().files();
        let mut seen: BTreeSet<PathBuf> = self.before.iter().map(|before| before.folder.clone()).collect();
        let resolved = roots.iter().map(|(name, folder)| (name.clone(), files.resolve(folder)));
        let distinct: Vec<Root> = resolved.filter(|(_, folder)| seen.insert(folder.clone())).collect();
        let folders: Vec<PathBuf> = distinct.iter().map(|(_, folder)| folder.clone()).collect();
        let builds = self.session.build_all(&folders);
        let before = distinct.into_iter().zip(builds).map(|((name, folder), build)| {
            let reads = build.reads.iter().map(|path| files.resolve(path)).collect();
            Before { name, folder, build, reads }
        });
        self.before.extend(before);
    }

    /// The builds that read `path`.
    fn readers<'b>(&'b self, path: &'b Path) -> impl Iterator<Item = &'b Before> {
        self.before.iter().filter(move |before| before.reads.contains(path))
    }

    /// Whether a build that succeeds reads `path`.
    pub(super) fn has_witness(&self, path: &Path) -> bool {
        self.readers(path).any(|before| !before.build.findings.has_errors())
    }

    /// Why the first build that reads `path` fails.
    pub(super) fn failure(&self, path: &Path) -> Option<Finding> {
        let mut findings = self.readers(path).flat_map(|before| before.build.findings.iter());
        findings.find(|finding| finding.severity == Severity::Error).cloned()
    }

    /// Whether the build of `folder` reads `path`.
    pub(super) fn reads(&self, folder: &Path, path: &Path) -> bool {
        self.readers(path).any(|before| before.folder == folder)
    }

    /// The builds that succeed and would give something else if these files had these texts.
    pub(super) fn broken(&self, changed: BTreeMap<PathBuf, String>) -> Vec<Broken> {
        let touched = |before: &&Before| changed.keys().any(|path| before.reads.contains(path));
        let usable = |before: &&Before| !before.build.findings.has_errors();
        let affected: Vec<&Before> = self.before.iter().filter(usable).filter(touched).collect();
        let folders: Vec<PathBuf> = affected.iter().map(|before| before.folder.clone()).collect();
        let store = Arc::new(self.session.store().with_changed(changed));
        let after = Session::new(store, self.options.clone()).build_all(&folders);
        let compare = |(before, after): (&Before, Build)| {
            let difference = Difference::between(&before.build, &after)?;
            Some(Broken { name: before.name.clone(), folder: before.folder.clone(), difference })
        };
        affected.into_iter().zip(after).filter_map(compare).collect()
    }
}
