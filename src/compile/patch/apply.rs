//! Laying a patch over resources of a layer: what of its identity a resource keeps, and what becomes of deleted ones.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::json6902::{Failures, JsonPatch};
use super::strategic::directive;
use super::strategic::{Lists, Merged, NewItems, merge};
use crate::compile::{Step, Work, shared_label};
use crate::finding::Finding;
use crate::resource::{Gvk, Lineage, Resource, ResourceSet};
use crate::source::{Entry, Location, Node};

/// What a patch may change of a resource's identity.
#[derive(Clone, Copy, Debug, Default)]
pub struct Allowed {
    /// `options.allowNameChange`
    pub name: bool,
    /// `options.allowKindChange`
    pub kind: bool,
}

/// Resources that patches of one field have deleted. They leave the set when the field is done, so that positions
/// hold until then.
#[derive(Debug, Default)]
pub struct Gone {
    at: BTreeSet<usize>,
}

impl Gone {
    /// The positions.
    pub fn positions(&self) -> &BTreeSet<usize> {
        &self.at
    }

    /// Takes the deleted resources out of the set.
    pub fn sweep(self, work: &mut Work<'_>) {
        if self.at.is_empty() {
            return;
        }
        let all = std::mem::take(work.set.rename_mut());
        for (at, resource) in all.into_iter().enumerate() {
            if self.at.contains(&at) {
                work.deleted.push(resource);
            } else {
                work.set.push(resource);
            }
        }
    }
}

/// Lays a strategic-merge patch over the resource at a position.
pub fn strategic(patch: &Node, at: usize, allowed: Allowed, gone: &mut Gone, work: &mut Work<'_>) {
    let Some(resource) = work.set.get_mut(at) else { return };
    let id = resource.id();
    if allowed.name || allowed.kind {
        resource.remember_id();
    }
    let before = resource.root.get("metadata").cloned();
    let said = without_identity(patch, allowed);
    // A resource of unknown kind merges by the kind that the patch names (walk.GetSchema asks both).
    let named = Gvk { kind: Gvk::of(patch).kind, ..id.gvk };
    let schema = work.merge_schema;
    let root = schema.of(&id.gvk).or_else(|| schema.of(&named));
    let lists = Lists { schema, root, new_items: NewItems::First };
    match merge(&mut resource.root, &said, &id, lists, work.findings) {
        Merged::Deleted => {
            mark_deleted(resource, patch.get(directive::KEY).unwrap_or(patch).location());
            gone.at.insert(at);
        }
        Merged::Kept => {
            shared_label::follow_patch(&mut resource.root, &said);
            if let Some(before) = before {
                keep_identity(resource, &before, patch.location());
            }
            let now = resource.id();
            if now != id {
                // The names in the set's index have changed.
                work.set.rename_mut();
            }
        }
    }
}

/// Applies a JSON patch to the resources at these positions. `remember` says that their present ids become previous
/// ones, as `patches` does and `patchesJson6902` does not.
pub fn json(patch: &JsonPatch, positions: &[usize], remember: bool, work: &mut Work<'_>) {
    if !positions.is_empty() {
        work.findings.extend(patch.mistakes().clone());
    }
    let mut failures = Failures::default();
    for &at in positions {
        let Some(resource) = work.set.get_mut(at) else { continue };
        let id = resource.id();
        if remember {
            resource.remember_id();
        }
        let annotated = has_notes(resource);
        let before = resource.root.clone();
        patch.apply(&mut resource.root, &id, annotated, &mut failures, work.findings);
        shared_label::separate(&mut resource.root);
        forget_lineage(resource, &before);
        if let Some(key) = lost_identity(resource) {
            resource.root = before;
            work.findings.push(
                Finding::error("patch/json", format!("this patch leaves `{id}` without its `{key}`"))
                    .at(patch.location(), "")
                    .related(resource.named_at(), "a resource needs a kind and a name")
                    .help("take the operation out; to rename resources there is `namePrefix` and `nameSuffix`")
                    .resource(id),
            );
        } else if resource.id().name != id.name {
            work.set.rename_mut();
        }
    }
    failures.report(work.findings);
}

/// Who made a resource kustomize writes among its annotations, and so a patch that replaces them all takes it away.
fn forget_lineage(resource: &mut Resource, before: &Node) {
    let write = |root: &Node| root.dig(&["metadata", "annotations"]).and_then(Node::origin).map(Arc::as_ptr);
    if write(&resource.root).is_some_and(|now| write(before) != Some(now))
        && let Some(lineage) = &mut resource.lineage
    {
        **lineage = Lineage::default();
    }
}

/// The part of its identity that a resource no longer has.
fn lost_identity(resource: &Resource) -> Option<&'static str> {
    let has = |path: &[&str]| {
        let node = resource.root.dig(path).filter(|node| !node.is_null());
        node.and_then(Node::text).is_some_and(|text| !text.is_empty())
    };
    [("kind", has(&["kind"])), ("metadata.name", has(&["metadata", "name"]))]
        .iter()
        .find(|part| !part.1)
        .map(|part| part.0)
}

/// Reports that the resource at a position has taken the id of another.
pub fn check_id(at: usize, set: &ResourceSet) -> Option<Finding> {
    let resource = set.get(at)?;
    let id = resource.id();
    let same =
        |&&other: &&u32| other as usize != at && set.get(other as usize).is_some_and(|other| other.id().same(&id));
    let other = set.get(*set.named(&id.name).iter().find(same)? as usize)?;
    let name = resource.root.dig(&["metadata", "name"])?;
    Some(
        Finding::error("build/id-conflict", format!("this patch gives a second resource the id `{id}`"))
            .at(name.location(), "the new name")
            .related(other.named_at(), "the first is here")
            .help("give it another name")
            .resource(id),
    )
}

/// Whether kustomize keeps notes in the resource's annotations: earlier names, prefixes, what a generator asked for.
fn has_notes(resource: &Resource) -> bool {
    let Resource { previous, prefixes, suffixes, generated, .. } = resource;
    !previous.is_empty() || !prefixes.is_empty() || !suffixes.is_empty() || generated.is_some()
}

/// The patch without the parts that only say which resource it is for, and those that it may not change.
fn without_identity(patch: &Node, allowed: Allowed) -> Node {
    let without = |node: &Node, drop: &dyn Fn(&str) -> bool| {
        let entries = node.as_mapping().into_iter().flat_map(|mapping| mapping.iter());
        let kept = entries.filter(|entry| !drop(&entry.key.name)).cloned();
        Node::read_mapping(kept.collect(), node.location())
    };
    let mut said = without(patch, &|key| key == "apiVersion" || key == "kind" && !allowed.kind);
    if let Some(metadata) = said.get_mut("metadata").filter(|metadata| metadata.as_mapping().is_some()) {
        *metadata = without(metadata, &|key| key == "namespace" || key == "name" && !allowed.name);
    }
    said
}

/// Gives a resource its name and namespace back if the patch has taken the whole `metadata` away.
fn keep_identity(resource: &mut Resource, before: &Node, patch: Location) {
    let now = resource.root.get("metadata");
    let lost: Vec<Entry> = ["name", "namespace"]
        .iter()
        .filter(|key| now.and_then(|now| now.get(key)).is_none())
        .filter_map(|key| before.as_mapping()?.entry(key).cloned())
        .collect();
    if lost.is_empty() {
        return;
    }
    let entries = now.and_then(Node::as_mapping).into_iter().flat_map(|mapping| mapping.iter()).cloned();
    let at = now.map_or(patch, Node::location);
    let metadata = Node::read_mapping(entries.chain(lost).collect(), at);
    if let Some(root) = resource.root.as_mapping_mut() {
        root.set_key("metadata", metadata, &Step::patch().sign(patch));
    }
}

/// Leaves on the root who deleted it.
fn mark_deleted(resource: &mut Resource, at: Location) {
    let sign = Step::patch().sign(at);
    let tombstone = resource.root.copied(&sign);
    resource.root.set(tombstone, &sign);
}
