//! What kustomize keeps in the annotations of a resource while it builds, and how patches treat it.

use super::strategic::directive;
use crate::compile::Step;
use crate::resource::{Lineage, Resource};
use crate::source::{Entry, Location, Node, View};

/// The annotations by which kustomize keeps its notes, should the user have written some.
pub fn internal_annotations(root: &Node) -> Vec<Entry> {
    let annotations = root.dig(&["metadata", "annotations"]).and_then(Node::as_mapping);
    let all = annotations.into_iter().flat_map(|mapping| mapping.iter());
    all.filter(|entry| entry.key.name.starts_with("internal.config.kubernetes.io/")).cloned().collect()
}

/// Annotations that are null to kustomize and yet hold something end with a patch.
pub fn lose_fleeting_annotations(resource: &mut Resource, at: Location) {
    if std::mem::take(&mut resource.fleeting_annotations)
        && let Some(metadata) = resource.root.get_mut("metadata").and_then(Node::as_mapping_mut)
    {
        metadata.remove("annotations", &Step::patch().sign(at));
    }
}

/// Kustomize puts its notes back after a JSON patch.
pub fn put_back(internal: Vec<Entry>, resource: &mut Resource, at: Location) {
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

/// The annotations if one of them has no name.
pub fn nameless_annotation(root: &Node) -> Option<&Node> {
    root.dig(&["metadata", "annotations"]).filter(|annotations| annotations.get("").is_some())
}

/// Kustomize writes all annotations anew after a JSON patch, so that none are left if there are none; nor if one has no
/// name, at which it gives up.
pub fn drop_empty_annotations(resource: &mut Resource, at: Location) {
    let is_empty = |node: &Node| match node.view() {
        View::Scalar(..) => true,
        View::Sequence(items) => items.is_empty(),
        View::Mapping(mapping) => mapping.is_empty() || mapping.get("").is_some(),
    };
    if resource.root.dig(&["metadata", "annotations"]).is_some_and(is_empty)
        && let Some(metadata) = resource.root.get_mut("metadata").and_then(Node::as_mapping_mut)
    {
        metadata.remove("annotations", &Step::patch().sign(at));
    }
}

/// Whether a patch replaces all annotations, and with them what kustomize has noted there.
pub fn takes_notes_away(patch: &Node) -> bool {
    let replaces = |node: &Node| {
        let directive = node.get(directive::KEY).and_then(Node::text);
        node.is_null() || matches!(directive, Some("delete" | "replace"))
    };
    // A replace at the root does nothing.
    let idle = patch.get(directive::KEY).and_then(Node::text) == Some("replace");
    let Some(metadata) = patch.get("metadata").filter(|_| !idle) else { return false };
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
