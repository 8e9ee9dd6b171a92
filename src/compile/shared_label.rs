//! A label or annotation that one transformer puts into several places of a resource is one node to kustomize
//! (`filtersutil.SetEntry`), so that a later write to one of the places is seen in all of them: an overlay that sets
//! a label on `metadata` only changes the selector as well, if a base has put that label into both.
//!
//! Here such nodes share the record of their write, and the writers ask for the others to follow. Where kustomize
//! makes the mapping anew, the nodes get records of their own.

use std::sync::Arc;

use super::quoted::in_quotes;
use crate::source::{Cause, Node, Origin, Style};

/// Nodes that were overwritten, by the record of their write, and what stands there now.
#[derive(Debug, Default)]
pub struct Followers(Vec<(Arc<Origin>, Node)>);

impl Followers {
    /// What all places that share `old` now hold, if one of them was overwritten already.
    pub fn successor(&self, old: &Node) -> Option<&Node> {
        let origin = old.origin()?;
        self.0.iter().find(|(known, _)| Arc::ptr_eq(known, origin)).map(|(_, new)| new)
    }

    /// Notes that `new` stands where `old` stood.
    pub fn note(&mut self, old: &Node, new: &Node) {
        if let Some(origin) = old.origin().filter(|origin| is_label(origin)) {
            // What was written twice stands for all that led to the first.
            let is_old = |node: &Node| node.origin().is_some_and(|known| Arc::ptr_eq(known, origin));
            self.0.iter_mut().filter(|(_, known)| is_old(known)).for_each(|(_, known)| *known = new.clone());
            // Of two places that one act writes to, the first is written over by the second.
            let is = |node: &Node, origin: &Arc<Origin>| node.origin().is_some_and(|known| Arc::ptr_eq(known, origin));
            let written = |node: &Node| node.origin().is_some_and(|by| by.was.as_ref().is_some_and(is_old));
            let first = self.0.iter().find(|(known, node)| Arc::ptr_eq(known, origin) && written(node));
            let by = first.and_then(|(_, first)| first.origin()).filter(|by| !is(new, by)).cloned();
            if let Some(by) = by {
                self.0.iter_mut().filter(|(_, known)| is(known, &by)).for_each(|(_, known)| *known = new.clone());
                self.0.push((by, new.clone()));
                return;
            }
            self.0.push((origin.clone(), new.clone()));
        }
    }

    /// Lets the other places in `root` follow.
    pub fn settle(&self, root: &mut Node) {
        if !self.0.is_empty() {
            each(root, &|node| self.successor(node).is_some(), &mut |node| {
                if let Some(new) = self.successor(node) {
                    *node = new.clone();
                }
            });
        }
    }
}

/// Whether the record, or one that it replaced, is that of a write to several places.
fn is_label(origin: &Origin) -> bool {
    let before = || origin.was.as_ref().and_then(Node::origin).is_some_and(|origin| is_label(origin));
    matches!(origin.by, Cause::Transformed("labels" | "commonLabels" | "commonAnnotations")) || before()
}

/// Whether a field of this name holds labels or annotations, and so may share nodes with others.
pub fn is_place(name: &str) -> bool {
    matches!(name, "labels" | "matchLabels" | "selector" | "annotations")
}

/// Lets labels follow that a patch overwrote in one of their places.
pub fn follow_patch(root: &mut Node, patch: &Node) {
    if speaks_of_labels(patch) {
        follow(root);
    }
}

/// Puts labels in quotes that a patch comes by, before it writes to another of their places: a text that would be no text
/// without quotes gets them wherever the merge finds it, and what is written there next takes them over.
pub fn quote_on_the_way(root: &mut Node, patch: &Node) {
    if !speaks_of_labels(patch) {
        return;
    }
    let (mut seen, mut quoted): (Vec<Arc<Origin>>, Vec<Arc<Origin>>) = (Vec::new(), Vec::new());
    find_beside(root, Some(patch), &mut |node, is_written| {
        let Some(origin) = node.origin().filter(|origin| is_label(origin)) else { return };
        if seen.iter().any(|known| Arc::ptr_eq(known, origin)) {
            return;
        }
        seen.push(origin.clone());
        quoted.extend((!is_written && in_quotes(node).is_some()).then(|| origin.clone()));
    });
    let is_quoted = |node: &Node| node.origin().is_some_and(|origin| quoted.iter().any(|by| Arc::ptr_eq(by, origin)));
    each(root, &is_quoted, &mut |node| *node = in_quotes(node).unwrap_or_else(|| node.clone()));
}

/// Lets labels follow if the field at `path` is or holds one of their places, and was written to.
pub fn follow_field<'k>(root: &mut Node, mut path: impl Iterator<Item = &'k str>) {
    if path.any(is_place) {
        follow(root);
    }
}

/// Lets labels follow that were overwritten in one of their places.
pub fn follow(root: &mut Node) {
    let mut followers = Followers::default();
    find_in_order(root, &mut |node| {
        if let Some(was) = node.origin().and_then(|origin| origin.was.as_ref()) {
            followers.note(was, node);
        }
    });
    followers.settle(root);
}

/// Lets all places that hold `label` be written in a style.
pub fn restyle(root: &mut Node, label: &Node, style: Style) {
    let shares = |node: &Node| match (node.origin(), label.origin()) {
        (Some(known), Some(origin)) => Arc::ptr_eq(known, origin),
        _ => false,
    };
    each(root, &shares, &mut |node| *node = node.restyled(style));
}

/// Makes each label a node of its own: a JSON patch makes the object anew.
pub fn separate(root: &mut Node) {
    each(root, &|node| node.origin().is_some_and(|origin| is_label(origin)), &mut Node::separate);
}

fn speaks_of_labels(patch: &Node) -> bool {
    let Some(mapping) = patch.as_mapping() else {
        return patch.as_sequence().unwrap_or_default().iter().any(speaks_of_labels);
    };
    mapping.iter().any(|entry| is_place(&entry.key.name) || speaks_of_labels(&entry.value))
}

fn find(node: &Node, see: &mut impl FnMut(&Node)) {
    if let Some(mapping) = node.as_mapping() {
        mapping.iter().for_each(|entry| find(&entry.value, see));
    } else if let Some(items) = node.as_sequence() {
        items.iter().for_each(|item| find(item, see));
    } else {
        see(node);
    }
}

/// The same in the order of kustomize's merge, which goes through mappings by their keys.
fn find_in_order(node: &Node, see: &mut impl FnMut(&Node)) {
    find_beside(node, None, &mut |node, _| see(node));
}

/// The same, with whether a patch has something at that place.
fn find_beside(node: &Node, patch: Option<&Node>, see: &mut impl FnMut(&Node, bool)) {
    if let Some(mapping) = node.as_mapping() {
        let mut entries: Vec<_> = mapping.iter().collect();
        entries.sort_by_key(|entry| entry.key.name);
        for entry in entries {
            find_beside(&entry.value, patch.and_then(|patch| patch.get(entry.key.name)), see);
        }
    } else if let Some(items) = node.as_sequence() {
        items.iter().for_each(|item| find_beside(item, None, see));
    } else {
        see(node, patch.is_some());
    }
}

/// Visits the scalars that `wanted` names; what holds none of them stays shared with other builds.
fn each(node: &mut Node, wanted: &impl Fn(&Node) -> bool, visit: &mut impl FnMut(&mut Node)) {
    let mut any = false;
    find(node, &mut |scalar| any |= wanted(scalar));
    if !any {
        return;
    }
    if node.is_scalar() {
        visit(node);
    } else if let Some(mapping) = node.as_mapping_mut() {
        mapping.iter_mut().for_each(|(_, value)| each(value, wanted, visit));
    } else if let Some(list) = node.as_sequence_mut() {
        list.items_mut().iter_mut().for_each(|item| each(item, wanted, visit));
    }
}
