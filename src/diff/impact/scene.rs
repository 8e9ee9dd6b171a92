//! What an impact rule looks at: one resource on both sides, and what differs.

use crate::diff::change::Op;
use crate::diff::secret::Mask;
use crate::diff::tree::Difference;
use crate::resource::{Gvk, Resource, ResourceSet};
use crate::source::{FieldPath, Node, PathStep, Symbol};

/// One resource on both sides, and what differs.
pub(in crate::diff) struct Scene<'a> {
    /// The resource before.
    pub before: Option<&'a Resource>,
    /// The resource after.
    pub after: Option<&'a Resource>,
    /// Whether it has another name or namespace, and so is another object to the cluster.
    pub renamed: bool,
    /// What differs; one difference at the root if the resource is on one side only.
    pub differences: &'a [Difference<'a>],
    /// Masks what a message quotes.
    pub mask: &'a Mask<'a>,
    /// Whether the sides are two environments.
    pub across: bool,
    /// All resources after.
    pub all_after: &'a ResourceSet,
}

impl<'a> Scene<'a> {
    /// Group, version and kind, as they are after if the resource is there.
    pub fn gvk(&self) -> Gvk {
        self.after.or(self.before).map(Resource::gvk).unwrap_or_default()
    }

    /// Whether the resource is on both sides and the cluster updates it in place.
    pub fn in_place(&self) -> bool {
        match (self.before, self.after) {
            (Some(before), Some(after)) => before.name() == after.name() && !self.renamed,
            _ => false,
        }
    }

    /// Whether the cluster loses the object: it is gone, or has another name.
    pub fn is_gone(&self) -> bool {
        self.before.is_some() && (self.after.is_none() || self.renamed)
    }

    /// The node that `keys` lead to, before.
    pub fn before_at(&self, keys: &[&str]) -> Option<&'a Node> {
        self.before?.root.dig(keys)
    }

    /// The node that `keys` lead to, after.
    pub fn after_at(&self, keys: &[&str]) -> Option<&'a Node> {
        self.after?.root.dig(keys)
    }

    /// The differences at or below `keys`, list steps not counted, with their indexes.
    pub fn below(&self, keys: &[&str]) -> impl Iterator<Item = (usize, &'a Difference<'a>)> {
        let wanted: Vec<Symbol> = keys.iter().map(|key| Symbol::new(key)).collect();
        let here = move |(_, difference): &(usize, &Difference<'_>)| keys_of(&difference.path).starts_with(&wanted);
        self.differences.iter().enumerate().filter(here)
    }

    /// The index of the difference that changed the value at `keys`: at it, above it, else below it.
    pub fn touching(&self, keys: &[&str]) -> Option<usize> {
        let wanted: Vec<Symbol> = keys.iter().map(|key| Symbol::new(key)).collect();
        self.differences.iter().position(|difference| {
            let keys = keys_of(&difference.path);
            // A mere change of order sets nothing.
            difference.op != Op::Moved && (wanted.starts_with(&keys) || keys.starts_with(&wanted))
        })
    }

    /// The index of the difference that set the value at `path`: the one at or above it, else the first below it.
    pub fn setting(&self, path: &FieldPath) -> Option<usize> {
        let steps = path.steps();
        self.differences.iter().position(|difference| {
            let own = difference.path.steps();
            difference.op != Op::Moved && (steps.starts_with(own) || own.starts_with(steps))
        })
    }
}

impl<'a> Scene<'a> {
    /// The difference that set the value at `path`, else the nearest: one at the same parent, or at its parent.
    pub fn nearest(&self, path: &FieldPath) -> Option<(usize, &'a Difference<'a>)> {
        let mut path = Some(path.clone());
        while let Some(here) = path {
            if let Some(at) = self.setting(&here) {
                return self.differences.get(at).map(|difference| (at, difference));
            }
            path = here.parent();
        }
        None
    }
}

/// The keys of a path; list steps are left out.
pub(super) fn keys_of(path: &FieldPath) -> Vec<Symbol> {
    let key = |step: &PathStep| match step {
        PathStep::Key(key) => Some(*key),
        PathStep::Index(_) | PathStep::Match(_) => None,
    };
    path.steps().iter().filter_map(key).collect()
}

/// The text of a scalar node.
pub(super) fn text(node: Option<&Node>) -> Option<&str> {
    node.and_then(Node::text)
}

/// The items of a list; none if it is no list.
pub(super) fn items(node: Option<&Node>) -> impl Iterator<Item = &Node> {
    node.and_then(Node::as_sequence).unwrap_or_default().iter()
}
