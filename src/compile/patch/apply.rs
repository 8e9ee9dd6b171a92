//! Laying a patch over resources of a layer, and what becomes of deleted ones.

use std::collections::BTreeSet;

use super::identity::{
    identity_conflict, keep_identity, lost_identity, name_list, tag_version, take_tags_off_names, take_version,
    without_identity,
};
use super::json6902::{Failures, JsonPatch};
use super::merge_schema::BuiltIn;
use super::notes::{
    Notes, drop_empty_annotations, forget_notes, internal_annotations, lose_fleeting_annotations, nameless_annotation,
    put_back, takes_notes_away,
};
use super::strategic::directive;
use super::strategic::{Lists, Merged, NewItems, Unknown, merge};
use crate::compile::made_labels::Unpatched;
use crate::compile::transform::replacements::{Writing, check_fit};
use crate::compile::{Step, Work, doubles, foot, key_comments, shared_label};
use crate::finding::{Finding, Findings};
use crate::resource::{Gvk, Labelled, Lineage, Resource};
use crate::source::yaml::odd_key;
use crate::source::{Location, Node, SourceMap};

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
    lose_fleeting_annotations(resource, patch.location());
    let before = resource.root.get("metadata").cloned();
    let version = resource.root.get("apiVersion").cloned();
    let unpatched = patch.dig(&["metadata", "labels"]).map(|_| Unpatched::of(resource));
    if let Some(finding) = identity_conflict(patch, resource) {
        work.findings.push(finding);
        return;
    }
    let said = without_identity(patch, allowed);
    shared_label::quote_on_the_way(&mut resource.root, &said);
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
        Merged::Kept { cramped } => {
            resource.cramped |= cramped;
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
            resource.kind_set |= !allowed.kind;
            if let Some(before) = before.filter(|_| !allowed.name) {
                take_tags_off_names(resource, &before, patch);
            }
            if let Some(unpatched) = unpatched {
                unpatched.follow(resource, allowed.takes_version);
            }
            if allowed.takes_version {
                take_version(resource, version.as_ref(), &id.gvk.api_version(), patch.location(), work.findings);
            } else {
                tag_version(resource, patch);
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
            doubles::annotations::take_notes(resource);
        }
        let notes = Notes::of(resource, patch.reads_annotations());
        if !write_for_json(resource, patch, work.loader.store.map(), work.findings) {
            continue;
        }
        let before = resource.root.clone();
        lose_fleeting_annotations(resource, patch.location());
        let internal = internal_annotations(&resource.root);
        patch.apply(&mut resource.root, &id, &notes, &mut failures, work.findings);
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
        if !remember && let Some(annotations) = nameless_annotation(&resource.root) {
            work.findings.push(
                Finding::error("patch/json", format!("this patch leaves `{id}` with an annotation that has no name"))
                    .at(patch.location(), "kustomize cannot write it back")
                    .related(annotations.location(), "in here")
                    .help("give the annotation a name"),
            );
        }
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
        } else if resource.id() != id {
            work.set.unsettle();
            work.set.rename_mut();
        }
    }
    patch.report(failures, work.findings);
}

/// What becomes of a resource that kustomize writes, to read it as JSON. `false` if that cannot be; what is wrong is
/// reported.
fn write_for_json(resource: &mut Resource, patch: &JsonPatch, map: &SourceMap, findings: &mut Findings) -> bool {
    check_fit(resource, Writing::InBetween, findings);
    doubles::check(resource, findings);
    if let Some(odd) = odd_key(&resource.root) {
        let finding = Finding::error("build/unprintable", odd.message).at(odd.location, "no JSON patch takes this");
        findings.push(finding.related(patch.location(), "the patch").help(odd.help).resource(resource.id()));
        return false;
    }
    key_comments::check(resource, map, findings);
    // No comment comes through JSON.
    resource.cramped = false;
    resource.root.forget_comments();
    foot::grow_last_text(resource);
    true
}

/// Leaves on the root who deleted it.
fn mark_deleted(resource: &mut Resource, at: Location) {
    let sign = Step::patch().sign(at);
    let tombstone = resource.root.copied(&sign);
    resource.root.set(tombstone, &sign);
}
