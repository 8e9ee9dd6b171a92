//! What becomes of annotations at the end of a build.

use crate::compile::Step;
use crate::resource::{Compat, Resource, ResourceSet};
use crate::source::{Mapping, Node, ScalarKind, Style};

/// In an annotation of the user's, asks for a hash suffix. Kustomize keeps its own book in such annotations, and so
/// honours those that it finds.
pub const NEEDS_HASH: &str = "internal.config.kubernetes.io/needsHashSuffix";

/// Marks what comes out of a Helm chart, for a kustomize that keeps such resources as they are.
pub const HELM_GENERATED: &str = "internal.config.kubernetes.io/helm-generated";

/// What kustomize keeps its book in, and so takes off at the end whoever wrote it.
const INTERNAL: &[&str] = &[
    "internal.config.kubernetes.io/previousKinds",
    "internal.config.kubernetes.io/previousNames",
    "internal.config.kubernetes.io/prefixes",
    "internal.config.kubernetes.io/suffixes",
    "internal.config.kubernetes.io/previousNamespaces",
    "internal.config.kubernetes.io/allowNameChange",
    "internal.config.kubernetes.io/allowKindChange",
    "internal.config.kubernetes.io/refBy",
    "internal.config.kubernetes.io/generatorBehavior",
    NEEDS_HASH,
    "internal.config.kubernetes.io/path",
    "internal.config.kubernetes.io/index",
    "internal.config.kubernetes.io/seqindent",
    "internal.config.kubernetes.io/id",
    "internal.config.kubernetes.io/annotations-migration-resource-id",
];

/// Takes off kustomize's own annotations and makes strings of the others, whatever was written: even `null` is text
/// (`RemoveBuildAnnotations`).
pub fn finish(set: &mut ResourceSet, compat: Compat) {
    set.iter_mut().for_each(|resource| finish_one(resource, compat));
}

fn is_internal(name: &str, compat: Compat) -> bool {
    let marks_charts = || compat.tells_charts_the_namespace() && name == HELM_GENERATED;
    name.starts_with("internal.") && (INTERNAL.contains(&name) || marks_charts())
}

fn is_plain_text(node: &Node) -> bool {
    node.kind() == ScalarKind::String && node.is_scalar() && node.style() != Style::Folded
}

fn finish_one(resource: &mut Resource, compat: Compat) {
    let Some(found) = resource.root.dig(&["metadata", "annotations"]) else { return };
    let is_fine = |mapping: &Mapping| {
        let mut entries = mapping.iter();
        !mapping.is_empty() && entries.all(|entry| is_plain_text(&entry.value) && !is_internal(&entry.key.name, compat))
    };
    if found.as_mapping().is_some_and(is_fine) {
        return;
    }
    let step = Step::link("empty annotations");
    let Some(metadata) = resource.root.get_mut("metadata").and_then(Node::as_mapping_mut) else { return };
    if let Some(annotations) = metadata.get_mut("annotations").and_then(Node::as_mapping_mut) {
        make_texts(annotations, compat, step);
    }
    // An empty or null field goes as well.
    let is_empty = |node: &Node| node.is_null() || node.as_mapping().is_some_and(Mapping::is_empty);
    if metadata.get("annotations").is_some_and(is_empty) {
        let sign = step.sign(resource.declared);
        metadata.remove("annotations", &sign);
    }
}

fn make_texts(annotations: &mut Mapping, compat: Compat, step: Step) {
    for name in INTERNAL.iter().chain([&HELM_GENERATED]).filter(|name| is_internal(name, compat)) {
        if let Some(place) = annotations.get(name).map(Node::location) {
            annotations.remove(name, &step.sign(place));
        }
    }
    for (_, value) in annotations.iter_mut().filter(|(_, value)| !is_plain_text(value)) {
        let text = value.text().unwrap_or_default().to_owned();
        let place = value.location();
        value.set_string(text, &step.sign(place));
    }
}
