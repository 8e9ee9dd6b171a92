//! Pairs what has no name in common by its content: a resource that was renamed.

use std::collections::{BTreeMap, HashSet};
use std::hash::{Hash, Hasher};

use rustc_hash::{FxBuildHasher, FxHasher};

use super::equal::printed;
use crate::resource::Resource;
use crate::source::{Node, Symbol, View};

/// The part of all leaves that two resources must share to count as one renamed resource.
const THRESHOLD: f64 = 0.6;

/// With fewer leaves than this, likeness is chance.
const FEWEST_LEAVES: usize = 3;

/// Kinds with more candidates than this are left unpaired.
const MOST_PAIRS: usize = 40_000;

pub(super) type Leaves = HashSet<u64, FxBuildHasher>;

/// Pairs of one kind that are alike, the most alike first; each resource at most once.
pub(super) fn alike<'a>(before: &[&'a Resource], after: &[&'a Resource]) -> Vec<(&'a Resource, &'a Resource)> {
    let mut kinds: BTreeMap<(Symbol, Symbol), [Vec<&'a Resource>; 2]> = BTreeMap::new();
    for (side, resources) in [before, after].into_iter().enumerate() {
        for resource in resources {
            let gvk = resource.gvk();
            kinds.entry((gvk.group, gvk.kind)).or_default()[side].push(resource);
        }
    }
    kinds.into_values().filter(|[old, new]| old.len() * new.len() <= MOST_PAIRS).flat_map(of_kind).collect()
}

fn of_kind([old, new]: [Vec<&Resource>; 2]) -> Vec<(&Resource, &Resource)> {
    if old.is_empty() || new.is_empty() {
        return Vec::new();
    }
    let leaves = |resources: &[&Resource]| resources.iter().map(|resource| leaves(resource)).collect::<Vec<_>>();
    let (old_leaves, new_leaves) = (leaves(&old), leaves(&new));
    let mut scores = Vec::new();
    for (i, a) in old_leaves.iter().enumerate() {
        for (j, b) in new_leaves.iter().enumerate() {
            let score = share(a, b);
            if score >= THRESHOLD && a.len().min(b.len()) >= FEWEST_LEAVES {
                scores.push((score, i, j));
            }
        }
    }
    scores.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let (mut used_old, mut used_new) = (HashSet::new(), HashSet::new());
    let mut pairs = Vec::new();
    for (_, i, j) in scores {
        if !used_old.contains(&i) && !used_new.contains(&j) {
            used_old.insert(i);
            used_new.insert(j);
            pairs.push((old[i], new[j]));
        }
    }
    pairs
}

/// The part of all leaves that both have: 1 if all, 0 if none.
pub(super) fn share(a: &Leaves, b: &Leaves) -> f64 {
    let shared = a.intersection(b).count();
    shared as f64 / (a.len() + b.len() - shared).max(1) as f64
}

/// The hashes of all leaves of a node with their paths.
pub(super) fn leaves_of(node: &Node) -> Leaves {
    let mut found = Leaves::default();
    collect(node, &FxHasher::default(), None, &mut found);
    found
}

/// The hashes of all leaves with their paths, but for what identifies the resource and what is the resource's own
/// name: a renamed `web` is likely to have `app: web` renamed too.
fn leaves(resource: &Resource) -> Leaves {
    let mut found = Leaves::default();
    let Some(root) = resource.root.as_mapping() else {
        return found;
    };
    for entry in root.iter().filter(|entry| !matches!(entry.key.name.as_str(), "apiVersion" | "kind")) {
        let mut hasher = FxHasher::default();
        entry.key.name.as_str().hash(&mut hasher);
        if entry.key.name == *"metadata" {
            let meta = entry.value.as_mapping().into_iter().flat_map(|meta| meta.iter());
            for field in meta.filter(|field| !matches!(field.key.name.as_str(), "name" | "namespace")) {
                let mut hasher = hasher.clone();
                field.key.name.as_str().hash(&mut hasher);
                collect(&field.value, &hasher, Some(resource.name()), &mut found);
            }
        } else {
            collect(&entry.value, &hasher, Some(resource.name()), &mut found);
        }
    }
    found
}

fn collect(node: &Node, path: &FxHasher, own_name: Option<&str>, found: &mut Leaves) {
    let below = |part: &str| {
        let mut hasher = path.clone();
        part.hash(&mut hasher);
        hasher
    };
    match node.view() {
        View::Scalar(text, kind) => {
            let mut hasher = path.clone();
            let text = if Some(text) == own_name { "" } else { text };
            printed(text, kind).hash(&mut hasher);
            found.insert(hasher.finish());
        }
        View::Sequence(items) => items.iter().for_each(|item| collect(item, &below("[]"), own_name, found)),
        View::Mapping(mapping) => {
            mapping.iter().for_each(|entry| collect(&entry.value, &below(&entry.key.name), own_name, found));
        }
    }
}
