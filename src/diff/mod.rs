//! Two builds, and what differs between them.
//!
//! Owns: pairing of resources, comparison of trees, masking of secrets, grouping over environments, and the [`Impact`] of a
//! change. Must not: know formats.
//!
//! In: [`EnvironmentBuild`]s of both sides. Out: one [`ChangeSet`].

mod change;
mod impact;
mod shown;

pub use change::{
    Change, ChangeKind, ChangeSet, Counts, EnvironmentStatus, FailedSide, Op, ResourceChange, Side, Status,
};
pub use impact::{Class, Impact};
pub use shown::{MASK, Shown};

use crate::resource::{Resource, ResourceSet};
use crate::source::SourceMap;

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
