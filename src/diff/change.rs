//! What a diff says: the change set and its parts. Plain data, in its final order, with no plaintext of a secret.
//!
//! A report walks [`ChangeSet::entries`] from first to last and decides only how to draw them.

use super::{Impact, Shown};
use crate::resource::ResourceId;
use crate::source::{FieldPath, Location};

/// All that differs between two sides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangeSet {
    /// The side that is compared from.
    pub from: Side,
    /// The side that is compared to.
    pub to: Side,
    /// Every environment of either side in the caller's order, unchanged and failed ones too, so that a reader sees that
    /// none was forgotten. A comparison of two environments has one, named like the side [`to`](Self::to).
    pub environments: Vec<EnvironmentStatus>,
    /// The changes, worst impact first, then by kind and name.
    pub entries: Vec<ResourceChange>,
}

impl ChangeSet {
    /// Whether nothing differs. A failed environment is no difference; see [`ChangeSet::environments`].
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The impacts of all entries, in their order, each with its entry.
    pub fn impacts(&self) -> impl Iterator<Item = (&ResourceChange, &Impact)> {
        self.entries.iter().flat_map(|entry| entry.impacts.iter().map(move |impact| (entry, impact)))
    }
}

/// One side of a comparison.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Side {
    /// What to call it: `staging`, `main (4f1c2aa)`, `work tree`.
    pub label: String,
}

impl Side {
    /// A side called `label`.
    pub fn new(label: impl Into<String>) -> Self {
        Side { label: label.into() }
    }
}

/// What became of one environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvironmentStatus {
    /// The environment.
    pub name: String,
    /// Whether and how it differs.
    pub status: Status,
    /// How many of its resources changed; all zero if it failed.
    pub counts: Counts,
}

/// Whether and how an environment differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Some resource differs.
    Changed,
    /// No resource differs.
    Unchanged,
    /// It could not be built on a side, so it was not compared.
    Failed(FailedSide),
    /// It is new.
    Added,
    /// It is gone.
    Removed,
}

impl Status {
    /// `changed`, `unchanged`, `failed`, `added` or `removed`.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Changed => "changed",
            Status::Unchanged => "unchanged",
            Status::Failed(_) => "failed",
            Status::Added => "added",
            Status::Removed => "removed",
        }
    }
}

/// On which side an environment could not be built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailedSide {
    /// Only before: the change mends it.
    Before,
    /// Only after: the change breaks it.
    After,
    /// On both: it was broken already.
    Both,
}

/// How many resources of an environment changed. A generated resource whose content changed, and with it the hash in its
/// name, counts as modified.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Only on the side after.
    pub added: usize,
    /// Only on the side before.
    pub removed: usize,
    /// On both sides, with another content.
    pub modified: usize,
    /// On both sides, under another name or namespace.
    pub renamed: usize,
}

impl Counts {
    /// All of them.
    pub fn total(&self) -> usize {
        self.added + self.removed + self.modified + self.renamed
    }
}

/// Changes of one resource that are the same in several environments. A resource that changes differently in some
/// environments has several entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceChange {
    /// The environments in the order of [`ChangeSet::environments`]; empty when two environments are compared.
    pub environments: Vec<String>,
    /// The resource, as it stands after if it does. A generated name ends in `-*` for its hash, which differs between
    /// environments and in a Secret tells of the content. If the environments name the resource differently (prefixes,
    /// namespaces), this is what the names have in common.
    pub resource: ResourceId,
    /// What happened to the resource as a whole.
    pub kind: ChangeKind,
    /// The changes inside it, in the order of the fields. An added or removed resource has exactly one, at the root.
    pub changes: Vec<Change>,
    /// What the changes do, worst first, each once. The union of the changes' impacts.
    pub impacts: Vec<Impact>,
}

/// What happened to a resource.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// Its content changed.
    Modified,
    /// It has another name or namespace; its content may differ too.
    Renamed {
        /// What it was.
        from: ResourceId,
        /// What it is.
        to: ResourceId,
    },
}

impl ChangeKind {
    /// `added`, `removed`, `modified` or `renamed`.
    pub fn as_str(&self) -> &'static str {
        match self {
            ChangeKind::Added => "added",
            ChangeKind::Removed => "removed",
            ChangeKind::Modified => "modified",
            ChangeKind::Renamed { .. } => "renamed",
        }
    }
}

/// One change inside a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What changed. Items of a list with merge keys are named by them (`containers[name=web]`), items of a set of scalars
    /// by themselves (`verbs[=get]`), other items by their index: that of the side after, or of the side before for what
    /// was removed.
    pub path: FieldPath,
    /// How it changed.
    pub op: Op,
    /// What stood before; `None` if it was added.
    pub before: Option<Shown>,
    /// What stands after; `None` if it was removed.
    pub after: Option<Shown>,
    /// The line to blame: what last set the value after; for a removed value, what removed it, else where it stood.
    pub cause: Option<Location>,
    /// What had set the value before.
    pub before_at: Option<Location>,
    /// Whether this change merely follows the new name of another resource (a generated name's hash, a rename, the other
    /// environment's prefix or namespace). Reports leave these out unless asked.
    pub follows: bool,
    /// What this change does, worst first.
    pub impacts: Vec<Impact>,
}

impl Change {
    /// Whether both sides look the same because what differs is masked.
    pub fn only_masked_differs(&self) -> bool {
        self.op == Op::Modified && !self.follows && self.before == self.after
    }
}

/// How a value changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Op {
    /// Only after.
    Added,
    /// Only before.
    Removed,
    /// Another value.
    Modified,
    /// The same items of a list whose order matters, in another order. `before` and `after` list the merge keys.
    Moved,
}

impl Op {
    /// `added`, `removed`, `modified` or `moved`.
    pub fn as_str(self) -> &'static str {
        match self {
            Op::Added => "added",
            Op::Removed => "removed",
            Op::Modified => "modified",
            Op::Moved => "moved",
        }
    }
}
