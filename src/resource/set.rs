//! The resources of a layer or a build, in order.

use std::collections::HashMap;
use std::sync::OnceLock;

use compact_str::CompactString;
use rustc_hash::FxBuildHasher;

use super::{Resource, ResourceId};
use crate::source::each_in_parallel;

type Names = HashMap<CompactString, Vec<u32>, FxBuildHasher>;

/// Resources in order, with an index by name. Every id a resource has or had carries a name, so a look-up by id
/// visits those of one name only.
#[derive(Debug, Default)]
pub struct ResourceSet {
    items: Vec<Resource>,
    /// Every name that a resource has or had. Made when first asked for, dropped when names may have changed.
    names: OnceLock<Names>,
    /// Whether an id was changed without a look at those of others.
    unsettled: bool,
}

impl Clone for ResourceSet {
    fn clone(&self) -> Self {
        // The index is not cloned: most clones of a base are renamed at once.
        ResourceSet { items: self.items.clone(), names: OnceLock::new(), unsettled: self.unsettled }
    }
}

impl ResourceSet {
    /// No resources.
    pub fn new() -> Self {
        ResourceSet::default()
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The resources in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Resource> {
        self.items.iter()
    }

    /// The resource at `index`.
    pub fn get(&self, index: usize) -> Option<&Resource> {
        self.items.get(index)
    }

    /// The resource at `index`, for a change that leaves its name and namespace alone.
    pub fn get_mut(&mut self, index: usize) -> Option<&mut Resource> {
        self.items.get_mut(index)
    }

    /// All resources, for changes that leave names alone.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, Resource> {
        self.items.iter_mut()
    }

    /// All resources, for changes of any kind, names included.
    pub fn rename_mut(&mut self) -> &mut Vec<Resource> {
        self.names.take();
        &mut self.items
    }

    /// Changes every resource, names left alone, on all cores if there are many. Each thread has its own `state`; what
    /// `change` answers comes in the order of the resources.
    pub fn change_each<S, R: Send>(
        &mut self,
        state: impl Fn() -> S + Sync,
        change: impl Fn(&mut S, &mut Resource) -> Option<R> + Sync,
    ) -> Vec<R> {
        each_in_parallel(&mut self.items, state, |state, _, resource| change(state, resource))
    }

    /// The same for changes of any kind, names included.
    pub fn rename_each<S, R: Send>(
        &mut self,
        state: impl Fn() -> S + Sync,
        change: impl Fn(&mut S, &mut Resource) -> Option<R> + Sync,
    ) -> Vec<R> {
        self.names.take();
        self.change_each(state, change)
    }

    /// Adds a resource at the end. Whether its id is free is for the caller to ask.
    pub fn push(&mut self, resource: Resource) {
        let position = self.items.len() as u32;
        if let Some(names) = self.names.get_mut() {
            enter(names, &resource, position);
        }
        self.items.push(resource);
    }

    /// Keeps the resources for which `keep` is true.
    pub fn retain(&mut self, keep: impl FnMut(&Resource) -> bool) {
        let before = self.items.len();
        self.items.retain(keep);
        if self.items.len() != before {
            self.names.take();
        }
    }

    /// Notes that an id was changed, so that two resources may bear the same.
    pub fn unsettle(&mut self) {
        self.unsettled = true;
    }

    /// Positions of resources that bear the id of an earlier one, if [`unsettle`](Self::unsettle) was called since the
    /// last time this was asked.
    pub fn clashes(&mut self) -> Vec<(usize, usize)> {
        if !std::mem::take(&mut self.unsettled) {
            return Vec::new();
        }
        self.names.take();
        let first = |resource: &Resource| self.with_current_id(&resource.id());
        let pairs = self.items.iter().enumerate().filter_map(|(at, resource)| Some((first(resource)?, at)));
        pairs.filter(|(first, at)| first != at).collect()
    }

    /// Takes the resources out.
    pub fn into_vec(self) -> Vec<Resource> {
        self.items
    }

    fn names(&self) -> &Names {
        self.names.get_or_init(|| {
            let mut names = Names::default();
            for (position, resource) in self.items.iter().enumerate() {
                enter(&mut names, resource, position as u32);
            }
            names
        })
    }

    /// Positions of the resources that have or had this name.
    pub fn named(&self, name: &str) -> &[u32] {
        self.names().get(name).map_or(&[], Vec::as_slice)
    }

    /// Positions of the resources that have or had this id, namespaces compared as effective.
    pub fn with_any_id(&self, id: &ResourceId) -> Vec<usize> {
        let here = |&&at: &&u32| self.items[at as usize].has_had(id);
        self.named(&id.name).iter().filter(here).map(|&at| at as usize).collect()
    }

    /// Position of the resource that has this id now.
    pub fn with_current_id(&self, id: &ResourceId) -> Option<usize> {
        self.named(&id.name).iter().map(|&at| at as usize).find(|&at| self.items[at].id().same(id))
    }
}

fn enter(names: &mut Names, resource: &Resource, position: u32) {
    let mut add = |name: &str| {
        let positions = names.entry(name.into()).or_default();
        if positions.last() != Some(&position) {
            positions.push(position);
        }
    };
    add(resource.name());
    resource.previous.iter().for_each(|id| add(&id.name));
}

impl FromIterator<Resource> for ResourceSet {
    fn from_iter<I: IntoIterator<Item = Resource>>(resources: I) -> Self {
        ResourceSet { items: resources.into_iter().collect(), ..ResourceSet::default() }
    }
}

impl IntoIterator for ResourceSet {
    type Item = Resource;
    type IntoIter = std::vec::IntoIter<Resource>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}
