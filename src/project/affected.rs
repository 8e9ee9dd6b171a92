//! Which environments a change affects: those whose files, settings or existence differ between two sides.
//!
//! What a build read is the evidence, so that an environment counts as unchanged only if it can be shown to be.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use super::{Environment, EnvironmentName};
use crate::source::{EntryKind, ReadError, Store};

/// The environments of one side, each with every file and folder that its build read or looked for.
pub type ReadSets<'a> = Vec<(&'a Environment, &'a BTreeSet<PathBuf>)>;

/// How an environment differs between two sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Affected {
    /// It is only on the second side.
    Added,
    /// It is only on the first side.
    Removed,
    /// It is on both, and not proven equal.
    Changed {
        /// The files whose contents differ, in order, of all that either side reads.
        paths: Vec<PathBuf>,
        /// Whether the project says something else of it.
        settings: bool,
    },
    /// Its settings and all it reads are the same on both.
    Unchanged,
}

impl Affected {
    /// `added`, `removed`, `changed` or `unchanged`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Affected::Added => "added",
            Affected::Removed => "removed",
            Affected::Changed { .. } => "changed",
            Affected::Unchanged => "unchanged",
        }
    }
}

/// How each environment of either side differs: those of the second side in their order, then those that are gone.
/// `same` says whether a path has the same content on both sides; it is asked once a path.
pub fn affected(
    before: &ReadSets<'_>,
    after: &ReadSets<'_>,
    same: impl Fn(&Path) -> bool,
) -> Vec<(EnvironmentName, Affected)> {
    let old: BTreeMap<&EnvironmentName, _> = before.iter().map(|side| (&side.0.name, side)).collect();
    let new: BTreeSet<&EnvironmentName> = after.iter().map(|side| &side.0.name).collect();
    let mut known: HashMap<&Path, bool> = HashMap::new();
    let mut result = Vec::new();
    for (environment, reads) in after {
        let verdict = match old.get(&environment.name) {
            None => Affected::Added,
            Some((was, read)) => {
                let mut paths = Vec::new();
                for path in read.union(reads) {
                    if !*known.entry(path).or_insert_with(|| same(path)) {
                        paths.push(path.clone());
                    }
                }
                let settings = !environment.same_settings(was);
                if paths.is_empty() && !settings { Affected::Unchanged } else { Affected::Changed { paths, settings } }
            }
        };
        result.push((environment.name.clone(), verdict));
    }
    let gone = before.iter().map(|(environment, _)| &environment.name).filter(|name| !new.contains(name));
    result.extend(gone.map(|name| (name.clone(), Affected::Removed)));
    result
}

/// Whether `path` is the same in both stores: a file of the same bytes, a folder of the same names, or nothing in
/// either. What cannot be read is not the same as anything.
pub fn same_content(before: &Store, after: &Store, path: &Path) -> bool {
    match (before.kind(path), after.kind(path)) {
        (None, None) => true,
        (Some(EntryKind::Folder), Some(EntryKind::Folder)) => {
            let names = |store: &Store| -> Result<_, ReadError> { store.files().list(path) };
            matches!((names(before), names(after)), (Ok(a), Ok(b)) if a == b)
        }
        (Some(EntryKind::File), Some(EntryKind::File)) => {
            matches!((before.load(path), after.load(path)), (Ok(a), Ok(b)) if a.bytes() == b.bytes())
        }
        _ => false,
    }
}
