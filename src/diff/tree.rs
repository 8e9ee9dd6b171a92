//! What differs between two trees.

use crate::source::{Entry, FieldPath, Location, Mapping, Node, PathStep, Symbol, View};

use super::change::Op;
use super::equal::same_scalar;
use super::list;
use super::names::Names;

/// One difference between two trees, with the nodes themselves: to be judged and masked before it is shown.
#[derive(Clone, Debug)]
pub(super) struct Difference<'a> {
    /// Where.
    pub path: FieldPath,
    /// How.
    pub op: Op,
    /// What stood before.
    pub before: Option<&'a Node>,
    /// What stands after.
    pub after: Option<&'a Node>,
    /// Who removed it, if a build did.
    pub removed_by: Option<Location>,
    /// What stands beside it.
    pub beside: Beside<'a>,
}

/// What stands beside a value: it may tell that the value is a secret.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Beside<'a> {
    /// The mapping that holds the value.
    pub mapping: Option<&'a Node>,
    /// The item before it in a list.
    pub previous: Option<&'a Node>,
}

/// A comparison under way.
pub(super) struct Walk<'a, 'n> {
    /// The names that others follow.
    pub names: &'n Names,
    /// Where the comparison stands.
    pub path: FieldPath,
    /// What was found.
    pub found: Vec<Difference<'a>>,
}

/// What differs between two trees, in the order of the fields' names and the lists' items.
pub(super) fn compare<'a>(before: &'a Node, after: &'a Node, names: &Names) -> Vec<Difference<'a>> {
    let mut walk = Walk { names, path: FieldPath::root(), found: Vec::new() };
    walk.nodes(before, after, Beside::default());
    walk.found
}

impl<'a> Walk<'a, '_> {
    /// Compares two nodes that stand at the same place.
    pub fn nodes(&mut self, before: &'a Node, after: &'a Node, beside: Beside<'a>) {
        if before.shares_with(after) {
            return;
        }
        match (before.view(), after.view()) {
            (View::Mapping(a), View::Mapping(b)) => self.mappings((before, a), (after, b)),
            (View::Sequence(a), View::Sequence(b)) => list::compare(self, (before, a), (after, b)),
            _ if same_scalar(&self.path, before, after) => {}
            _ => self.report(Op::Modified, Some(before), Some(after), None, beside),
        }
    }

    fn mappings(&mut self, (before, a): (&'a Node, &'a Mapping), (after, b): (&'a Node, &'a Mapping)) {
        let sorted = |mapping: &'a Mapping| {
            let mut entries: Vec<&Entry> = mapping.iter().collect();
            entries.sort_unstable_by_key(|entry| entry.key.name);
            entries.into_iter().peekable()
        };
        let (mut old, mut new) = (sorted(a), sorted(b));
        let beside = |mapping| Beside { mapping: Some(mapping), previous: None };
        loop {
            let keys = (old.peek().map(|entry| entry.key.name), new.peek().map(|entry| entry.key.name));
            let Some(key) = [keys.0, keys.1].into_iter().flatten().min() else { return };
            let was = old.next_if(|entry| entry.key.name == key).map(|entry| &entry.value);
            let is = new.next_if(|entry| entry.key.name == key).map(|entry| &entry.value);
            self.path.push(PathStep::Key(key));
            match (was, is) {
                (Some(was), Some(is)) => self.nodes(was, is, beside(after)),
                (Some(_), None) => self.report(Op::Removed, was, None, removed_by(b, key), beside(before)),
                (None, _) => self.report(Op::Added, None, is, None, beside(after)),
            }
            self.path.pop();
        }
    }

    /// Notes a difference at the present path.
    pub fn report(
        &mut self,
        op: Op,
        before: Option<&'a Node>,
        after: Option<&'a Node>,
        removed_by: Option<Location>,
        beside: Beside<'a>,
    ) {
        self.found.push(Difference { path: self.path.clone(), op, before, after, removed_by, beside });
    }
}

/// The record of the deletion of a key, if a build deleted it.
fn removed_by(mapping: &Mapping, key: Symbol) -> Option<Location> {
    mapping.removed().iter().rev().find(|removal| removal.key == key).map(|removal| removal.origin.at)
}
