//! Laying a patch over resources of a layer: what of its identity a resource keeps, and what becomes of deleted ones.

use std::collections::BTreeSet;

use super::json6902::{Failures, JsonPatch};
use super::merge_schema::BuiltIn;
use super::strategic::directive;
use super::strategic::{Lists, Merged, NewItems, Unknown, merge};
use crate::compile::transform::replacements::check_fit;
use crate::compile::transform::untagged_kind;
use crate::compile::{Step, Work, doubles, shared_label};
use crate::finding::{Finding, Findings};
use crate::resource::{Gvk, Labelled, Lineage, Resource, ResourceSet};
use crate::source::{Entry, Location, Node, Style, View};

/// What a patch may change of a resource's identity.
#[derive(Clone, Copy, Debug, Default)]
pub struct Allowed {
    /// `options.allowNameChange`
    pub name: bool,
    /// `options.allowKindChange`
    pub kind: bool,
    /// Whether the patch is copied for each resource, and takes over its `apiVersion`.
    pub takes_version: bool,
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
    if let Some(finding) = identity_conflict(patch, resource) {
        work.findings.push(finding);
        return;
    }
    let said = without_identity(patch, allowed);
    // A resource of unknown kind merges by the kind that the patch names (walk.GetSchema asks both).
    let named = Gvk { kind: Gvk::of(patch).kind, ..id.gvk };
    let schema = work.merge_schema;
    *work.built_in = BuiltIn::Loaded;
    let root = schema.of(&id.gvk).or_else(|| schema.of(&named));
    resource.doubled |= !patch.doubles().is_empty();
    let lists =
        Lists { doubled: resource.doubled, schema, root, new_items: NewItems::First, unknown: Unknown::Replace };
    match merge(&mut resource.root, &said, &id, lists, work.findings) {
        Merged::Deleted => {
            mark_deleted(resource, patch.get(directive::KEY).unwrap_or(patch).location());
            gone.at.insert(at);
        }
        Merged::Kept => {
            shared_label::follow_patch(&mut resource.root, &said);
            if let Some(before) = &before {
                keep_identity(resource, before, patch.location());
            }
            if takes_notes_away(patch) {
                forget_notes(resource);
            }
            if id.name.is_empty() {
                name_list(resource, patch.location());
            }
            if let Some(before) = before.filter(|_| !allowed.name) {
                take_tags_off_names(resource, &before, patch);
            }
            if allowed.takes_version {
                take_version(resource, &id.gvk.api_version(), patch.location(), work.findings);
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
        let annotated = resource.has_notes();
        check_fit(resource, work.findings);
        doubles::check(resource, work.findings);
        let before = resource.root.clone();
        if std::mem::take(&mut resource.fleeting_annotations)
            && let Some(metadata) = resource.root.get_mut("metadata").and_then(Node::as_mapping_mut)
        {
            metadata.remove("annotations", &Step::patch().sign(patch.location()));
        }
        let internal = internal_annotations(&resource.root);
        patch.apply(&mut resource.root, &id, annotated, &mut failures, work.findings);
        put_back(internal, resource, patch.location());
        shared_label::separate(&mut resource.root);
        resource.labelled = Labelled::Between;
        if patch.replaces_annotations()
            && let Some(lineage) = &mut resource.lineage
        {
            // Kustomize notes who made a resource among its annotations.
            **lineage = Lineage::default();
        }
        resource.settle_version();
        drop_empty_annotations(resource, patch.location());
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

/// The annotations by which kustomize keeps its notes, should the user have written some.
fn internal_annotations(root: &Node) -> Vec<Entry> {
    let annotations = root.dig(&["metadata", "annotations"]).and_then(Node::as_mapping);
    let all = annotations.into_iter().flat_map(|mapping| mapping.iter());
    all.filter(|entry| entry.key.name.starts_with("internal.config.kubernetes.io/")).cloned().collect()
}

/// Kustomize puts its notes back after a JSON patch.
fn put_back(internal: Vec<Entry>, resource: &mut Resource, at: Location) {
    let sign = Step::patch().sign(at);
    let Some(metadata) = resource.root.get_mut("metadata").and_then(Node::as_mapping_mut) else { return };
    for Entry { key, value } in internal {
        if metadata.get("annotations").and_then(Node::as_mapping).is_none() {
            metadata.set_key("annotations", Node::new_mapping(Vec::new(), &sign), &sign);
        }
        let annotations = metadata.get_mut("annotations").and_then(Node::as_mapping_mut);
        if let Some(annotations) =
            annotations.filter(|mapping| mapping.get(key.name).and_then(Node::text) != value.text())
        {
            annotations.set(key, value, &sign);
        }
    }
}

/// Kustomize writes all annotations anew after a JSON patch, so that none are left if there are none.
fn drop_empty_annotations(resource: &mut Resource, at: Location) {
    let is_empty = |node: &Node| match node.view() {
        View::Scalar(..) => true,
        View::Sequence(items) => items.is_empty(),
        View::Mapping(mapping) => mapping.is_empty(),
    };
    if resource.root.dig(&["metadata", "annotations"]).is_some_and(is_empty)
        && let Some(metadata) = resource.root.get_mut("metadata").and_then(Node::as_mapping_mut)
    {
        metadata.remove("annotations", &Step::patch().sign(at));
    }
}

/// Whether a patch replaces all annotations, and with them what kustomize has noted there.
fn takes_notes_away(patch: &Node) -> bool {
    let replaces = |node: &Node| {
        let directive = node.get(directive::KEY).and_then(Node::text);
        node.is_null() || matches!(directive, Some("delete" | "replace"))
    };
    let Some(metadata) = patch.get("metadata") else { return false };
    replaces(metadata) || metadata.get("annotations").is_some_and(replaces)
}

/// Forgets what kustomize has noted in the annotations.
pub fn forget_notes(resource: &mut Resource) {
    resource.previous.clear();
    resource.prefixes.clear();
    resource.suffixes.clear();
    resource.generated = None;
    if let Some(lineage) = &mut resource.lineage {
        **lineage = Lineage::default();
    }
}

/// Kustomize sets name and namespace anew after a patch, with no word of what they are: as they were written before, if
/// the patch names them. An empty namespace goes.
fn take_tags_off_names(resource: &mut Resource, before: &Node, patch: &Node) {
    if resource.namespace().is_empty()
        && let Some(metadata) = resource.root.get_mut("metadata").and_then(Node::as_mapping_mut)
        && metadata.get("namespace").is_some()
    {
        metadata.remove("namespace", &Step::patch().sign(patch.location()));
    }
    for key in ["name", "namespace"] {
        let Some(now) = resource.root.dig(&["metadata", key]) else { continue };
        let named = patch.dig(&["metadata", key]).and_then(|_| before.get(key));
        let style = named.unwrap_or(now).style();
        let kind = untagged_kind(now.text().unwrap_or_default(), style);
        if (style, kind, true) != (now.style(), now.kind(), now.is_untagged())
            && now.text().is_some_and(|text| !text.is_empty())
            && let Some(place) = resource.root.get_mut("metadata").and_then(|metadata| metadata.get_mut(key))
        {
            *place = place.respelled(style, kind).untagged();
        }
    }
}

/// A patch that is copied for its target takes its `apiVersion` from it, with no word of what it is.
fn take_version(resource: &mut Resource, version: &str, at: Location, findings: &mut Findings) {
    let old = resource.root.get("apiVersion");
    if let Some(old) = old.filter(|old| !old.is_scalar()) {
        let id = resource.id();
        findings.push(
            Finding::error("patch/conflict", format!("the `apiVersion` of `{id}` is not a single value"))
                .at(old.location(), "not a text")
                .related(at, "the patch takes it over")
                .help("write a text such as `v1`")
                .resource(id),
        );
        return;
    }
    let style = old.map(Node::style).filter(|style| *style != Style::Tagged).unwrap_or_default();
    let kind = untagged_kind(version, style);
    let sign = Step::patch().sign(at);
    let bracketed = resource.root.is_bracketed();
    let Some(root) = resource.root.as_mapping_mut() else { return };
    match root.get_mut("apiVersion") {
        // It goes on saying what it said, and may say something else when it is written anew.
        Some(place) if place.text() == Some(version) && place.kind() == kind => {
            if style == Style::Plain && !place.is_untagged() {
                *place = place.clone().untagged();
            }
        }
        _ => {
            let new = Node::new_scalar(version, kind, &sign).respelled(style, kind).untagged();
            root.set_key("apiVersion", if bracketed { new.into_brackets() } else { new }, &sign);
        }
    }
}

/// A list without items may have no name; kustomize gives it an empty one after a patch.
fn name_list(resource: &mut Resource, at: Location) {
    let sign = Step::patch().sign(at);
    if let Some(metadata) = resource.root.get_mut("metadata").and_then(Node::as_mapping_mut) {
        metadata.set_key("name", Node::new_string("", &sign), &sign);
    }
}

/// The part of its identity that a resource no longer has.
fn lost_identity(resource: &Resource) -> Option<&'static str> {
    let has = |path: &[&str]| {
        let node = resource.root.dig(path).filter(|node| !node.is_null());
        node.and_then(Node::text).is_some_and(|text| !text.is_empty())
    };
    // A list without items needs no name.
    let is_list = resource.kind().ends_with("List");
    [("kind", has(&["kind"])), ("metadata.name", is_list || has(&["metadata", "name"]))]
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

/// A name or namespace that is no single value cannot take the one by which a patch says which resource it is for.
fn identity_conflict(patch: &Node, resource: &Resource) -> Option<Finding> {
    let differ = |key: &&str| {
        let said = patch.dig(&["metadata", *key])?;
        let known = resource.root.dig(&["metadata", *key])?;
        (said.is_scalar() && !said.is_null() && !known.is_scalar()).then_some((said, known))
    };
    let (said, known) = ["name", "namespace"].iter().find_map(|key| differ(&key))?;
    let id = resource.id();
    Some(
        Finding::error("patch/conflict", format!("the name or namespace of `{id}` is not a single value"))
            .at(said.location(), "a single value here")
            .related(known.location(), "this is none")
            .help("let the resource have a text there")
            .resource(id),
    )
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
