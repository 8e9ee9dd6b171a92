//! Two builds, and what differs between them.
//!
//! Owns: pairing of resources, comparison of trees, masking of secrets, grouping over environments, and the [`Impact`] of a
//! change. Must not: know formats.
//!
//! In: [`EnvironmentBuild`]s of both sides. Out: one [`ChangeSet`].

mod alike;
mod change;
mod compare;
mod equal;
mod group;
mod impact;
mod likeness;
mod list;
mod list_keys;
mod names;
mod pair;
mod redact;
mod secret;
mod shown;
mod tree;

pub use change::{
    Change, ChangeKind, ChangeSet, Counts, EnvironmentStatus, FailedSide, Op, ResourceChange, Side, Status,
};
pub use impact::{Class, Impact};
pub use redact::{is_no_secret, is_secret_name, redact};
pub use shown::{MASK, Shown};

use crate::resource::{Resource, ResourceSet};
use crate::source::SourceMap;
use compare::Compared;

/// One environment of one side.
#[derive(Clone, Copy)]
pub struct EnvironmentBuild<'a> {
    /// The environment's name, the same on both sides.
    pub name: &'a str,
    /// What it builds to; `None` if it could not be built.
    pub resources: Option<&'a ResourceSet>,
    /// Resources that a layer read and a later one deleted, so that a removal can be blamed on its line.
    pub deleted: &'a [Resource],
    /// The texts that the locations of the resources' nodes point into. The same for all environments of both sides.
    pub map: &'a SourceMap,
}

/// What is compared with what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Each environment with itself: two revisions, or a revision and the work tree. Environments pair by name.
    SameEnvironments {
        /// The side before.
        from: Side,
        /// The side after.
        to: Side,
    },
    /// One environment with another: the first of each side. Namespaces and name prefixes that differ throughout are not
    /// changes, and nothing is said of what an update would do, since there is none.
    Across {
        /// The environment compared from.
        from: Side,
        /// The environment compared to.
        to: Side,
    },
}

/// Compares two sides. Every environment of either side is in the result.
pub fn between(before: &[EnvironmentBuild], after: &[EnvironmentBuild], mode: Mode) -> ChangeSet {
    match mode {
        Mode::SameEnvironments { from, to } => {
            let old = |name: &str| before.iter().find(|build| build.name == name);
            let new = |name: &str| after.iter().find(|build| build.name == name);
            let kept = after.iter().map(|build| (build.name, (old(build.name), Some(build))));
            let gone = before.iter().filter(|build| new(build.name).is_none());
            let gone = gone.map(|build| (build.name, (Some(build), None)));
            let (names, all): (Vec<&str>, Vec<Both>) = kept.chain(gone).unzip();
            collect(from, to, &all, &names, false)
        }
        Mode::Across { from, to } => {
            let pair = (before.first(), after.first());
            let name = to.label.clone();
            let mut set = collect(from, to, &[pair], &[&name], true);
            set.entries.iter_mut().for_each(|entry| entry.environments.clear());
            set
        }
    }
}

type Both<'a> = (Option<&'a EnvironmentBuild<'a>>, Option<&'a EnvironmentBuild<'a>>);

fn collect(from: Side, to: Side, builds: &[Both], names: &[&str], across: bool) -> ChangeSet {
    let mut environments = Vec::with_capacity(builds.len());
    let mut found = Vec::new();
    for (at, (build, name)) in builds.iter().zip(names).enumerate() {
        let (status, compared) = environment(*build, across);
        environments.push(EnvironmentStatus { name: (*name).to_owned(), status, counts: counts(&compared) });
        found.push((at, compared));
    }
    ChangeSet { from, to, environments, entries: group::group(&found, names) }
}

fn environment(build: Both, across: bool) -> (Status, Vec<Compared>) {
    let failed = |build: Option<&EnvironmentBuild>| build.is_some_and(|build| build.resources.is_none());
    let side = match (failed(build.0), failed(build.1)) {
        (true, true) => Some(FailedSide::Both),
        (true, false) => Some(FailedSide::Before),
        (false, true) => Some(FailedSide::After),
        (false, false) => None,
    };
    if let Some(side) = side {
        return (Status::Failed(side), Vec::new());
    }
    match build {
        (Some(before), Some(after)) => {
            let compared = compare::environment(before, after, across);
            (if compared.is_empty() { Status::Unchanged } else { Status::Changed }, compared)
        }
        (None, Some(after)) => (Status::Added, compare::environment(&nothing(after), after, across)),
        (Some(before), None) => (Status::Removed, compare::environment(before, &nothing(before), across)),
        (None, None) => (Status::Unchanged, Vec::new()),
    }
}

/// The side on which an environment does not exist.
fn nothing<'a>(build: &EnvironmentBuild<'a>) -> EnvironmentBuild<'a> {
    EnvironmentBuild { resources: None, deleted: &[], ..*build }
}

fn counts(compared: &[Compared]) -> Counts {
    let mut counts = Counts::default();
    for one in compared {
        let follows = one.changes.iter().all(|change| change.follows && change.impacts.is_empty());
        match one.kind {
            ChangeKind::Added => counts.added += 1,
            ChangeKind::Removed => counts.removed += 1,
            ChangeKind::Renamed { .. } => counts.renamed += 1,
            ChangeKind::Modified if follows => {}
            ChangeKind::Modified => counts.modified += 1,
        }
    }
    counts
}
