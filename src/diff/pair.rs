//! Which resource of one side is which of the other.

use std::collections::HashMap;
use std::hash::Hash;

use compact_str::CompactString;
use rustc_hash::FxBuildHasher;

use super::likeness;
use super::names::stem;
use crate::resource::{Resource, ResourceSet, scope};
use crate::source::Symbol;

/// One resource of a comparison.
#[derive(Clone, Copy, Debug)]
pub(super) enum Pair<'a> {
    /// On both sides.
    Both {
        /// Before.
        before: &'a Resource,
        /// After.
        after: &'a Resource,
        /// Whether it counts as the same object with another name or namespace.
        renamed: bool,
    },
    /// Only before.
    Removed(&'a Resource),
    /// Only after.
    Added(&'a Resource),
}

/// Resources that found no partner yet.
struct Open<'a> {
    before: Vec<&'a Resource>,
    after: Vec<&'a Resource>,
    pairs: Vec<Pair<'a>>,
}

/// Pairs the resources of two builds. `across`: the builds are of different environments, so that prefixes and
/// namespaces say nothing.
pub(super) fn pair<'a>(before: &'a ResourceSet, after: &'a ResourceSet, across: bool) -> Vec<Pair<'a>> {
    let mut open = Open { before: before.iter().collect(), after: after.iter().collect(), pairs: Vec::new() };
    let namespace = |resource: &Resource| -> CompactString { resource.effective_namespace().into() };
    let name = |resource: &Resource| CompactString::from(resource.name());
    // The version comes first so that an object served in two versions at once pairs with itself.
    open.take_equal(false, |resource| Some((resource.id().gvk, namespace(resource), name(resource))));
    open.take_equal(false, |resource| Some((kind(resource), namespace(resource), name(resource))));
    open.take_equal(false, |resource| {
        Some((kind(resource), namespace(resource), CompactString::from(stem(resource)?)))
    });
    // Generated resources that moved to another namespace, or whose name got another prefix, have their original id.
    open.take_equal(!across, |resource| {
        let original = resource.original_id();
        let namespace = CompactString::from(original.effective_namespace());
        Some((kind(resource), namespace, original.name))
    });
    if across && in_one_namespace(before) && in_one_namespace(after) {
        open.take_equal(false, |resource| Some((kind(resource), resource.original_id().name)));
        open.take_equal(false, |resource| Some((kind(resource), name(resource))));
        open.take_equal(false, |resource| Some((kind(resource), CompactString::from(stem(resource)?))));
    }
    for (before, after) in likeness::alike(&open.before, &open.after) {
        open.before.retain(|open| !std::ptr::eq(*open, before));
        open.after.retain(|open| !std::ptr::eq(*open, after));
        open.pairs.push(Pair::Both { before, after, renamed: true });
    }
    let Open { before, after, mut pairs } = open;
    pairs.extend(before.into_iter().map(Pair::Removed));
    pairs.extend(after.into_iter().map(Pair::Added));
    pairs
}

fn kind(resource: &Resource) -> (Symbol, Symbol) {
    let gvk = resource.gvk();
    (gvk.group, gvk.kind)
}

fn in_one_namespace(set: &ResourceSet) -> bool {
    let namespaced = set.iter().filter(|resource| !scope::is_certainly_cluster_scoped(&resource.gvk()));
    let mut namespaces: Vec<&str> =
        namespaced.map(Resource::namespace).filter(|namespace| !namespace.is_empty()).collect();
    namespaces.sort_unstable();
    namespaces.dedup();
    namespaces.len() <= 1
}

impl<'a> Open<'a> {
    /// Pairs resources whose key is equal, if no other of the same side has that key.
    fn take_equal<K: Eq + Hash>(&mut self, renamed: bool, key: impl Fn(&Resource) -> Option<K>) {
        let index = |resources: &[&'a Resource]| {
            let mut index: HashMap<K, Option<usize>, FxBuildHasher> = HashMap::default();
            for (at, resource) in resources.iter().enumerate() {
                if let Some(key) = key(resource) {
                    index.entry(key).and_modify(|known| *known = None).or_insert(Some(at));
                }
            }
            index
        };
        let (old, new) = (index(&self.before), index(&self.after));
        let mut taken: Vec<(usize, usize)> =
            old.iter().filter_map(|(key, at)| Some(((*at)?, new.get(key).copied().flatten()?))).collect();
        taken.sort_unstable();
        let (mut gone_before, mut gone_after) = (vec![false; self.before.len()], vec![false; self.after.len()]);
        for (old, new) in taken {
            gone_before[old] = true;
            gone_after[new] = true;
            self.pairs.push(Pair::Both { before: self.before[old], after: self.after[new], renamed });
        }
        let mut keep = gone_before.iter();
        self.before.retain(|_| keep.next() == Some(&false));
        let mut keep = gone_after.iter();
        self.after.retain(|_| keep.next() == Some(&false));
    }
}
