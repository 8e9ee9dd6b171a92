//! What becomes of annotations at the end of a build.

use crate::compile::Step;
use crate::compile::patch::notes;
use crate::finding::{Finding, Findings};
use crate::resource::{Compat, Resource};
use crate::source::yaml::is_unreadable_block;
use crate::source::yaml::scalar::resolve_key;
use crate::source::{Entry, Key, Mapping, Node, ScalarKind, Style, View, Word};

/// In an annotation of the user's, asks for a hash suffix. Kustomize keeps its own book in such annotations, and so
/// honours those that it finds.
pub const NEEDS_HASH: &str = "internal.config.kubernetes.io/needsHashSuffix";

/// Marks what comes out of a Helm chart, for a kustomize that keeps such resources as they are.
pub const HELM_GENERATED: &str = "internal.config.kubernetes.io/helm-generated";

/// What kustomize keeps its book in, and so takes off at the end whoever wrote it.
const INTERNAL: &[&str] = &[
    notes::PREVIOUS_KINDS,
    notes::PREVIOUS_NAMES,
    notes::PREFIXES,
    notes::SUFFIXES,
    notes::PREVIOUS_NAMESPACES,
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
pub fn finish(resource: &mut Resource, compat: Compat, findings: &mut Findings) {
    let annotations = resource.root.dig(&[Word::Metadata, Word::Annotations]);
    let names = annotations.and_then(Node::as_mapping).into_iter().flat_map(Mapping::iter).map(|entry| entry.key);
    names.filter_map(|key| unreadable_key(key, resource)).for_each(|finding| findings.push(finding));
    finish_one(resource, compat);
}

/// A name that kustomize writes as a block and cannot read again.
fn unreadable_key(key: Key, resource: &Resource) -> Option<Finding> {
    if !key.name.contains('\n') || !is_unreadable_block(&key.name) {
        return None;
    }
    let message = "the name of this annotation begins with a tab and has several lines";
    let finding = Finding::error("build/unprintable", message).at(key.location, "kustomize refuses this");
    Some(finding.help("give it a name in one line").resource(resource.id()))
}

fn is_internal(name: &str, compat: Compat) -> bool {
    let marks_charts = || compat.tells_charts_the_namespace() && name == HELM_GENERATED;
    name.starts_with("internal.") && (INTERNAL.contains(&name) || marks_charts())
}

fn is_plain_text(node: &Node) -> bool {
    let stays_block = node.style() == Style::Literal && node.text().is_some_and(|text| text.starts_with('\t'));
    node.kind() == ScalarKind::String
        && node.is_scalar()
        && node.style() != Style::Folded
        && !stays_block
        && !becomes_block(node)
}

/// Whether kustomize writes the annotation as a block that it then cannot read.
fn becomes_block(node: &Node) -> bool {
    node.text().is_some_and(|text| text.starts_with('\t') && text.contains('\n'))
}

fn finish_one(resource: &mut Resource, compat: Compat) {
    let Some(found) = resource.root.dig(&[Word::Metadata, Word::Annotations]) else { return };
    let is_fine = |mapping: &Mapping| {
        let mut entries = mapping.iter();
        let is_word = |key: Key| [key.kind, resolve_key(&key.name)].iter().all(|&kind| kind == ScalarKind::String);
        let is_fine = |entry: &Entry| {
            let name = entry.key.name.as_str();
            is_plain_text(&entry.value) && !is_internal(name, compat) && is_word(entry.key)
        };
        !mapping.is_empty() && entries.all(is_fine)
    };
    if found.as_mapping().is_some_and(is_fine) {
        return;
    }
    let bracketed = resource.root.get("metadata").is_some_and(Node::is_bracketed);
    let Some(metadata) = resource.root.get_mut("metadata").and_then(Node::as_mapping_mut) else { return };
    if let Some(annotations) = metadata.get_mut("annotations").and_then(Node::as_mapping_mut) {
        let step = Step::link("annotations are texts");
        remove_internal(annotations, compat, step);
        make_texts(annotations, bracketed, step);
    }
    // An empty or null field goes as well, and a text that stands in its place.
    let is_empty = |node: &Node| match node.view() {
        View::Scalar(..) => true,
        View::Sequence(items) => items.is_empty(),
        View::Mapping(mapping) => mapping.is_empty(),
    };
    if !resource.doubled && metadata.get("annotations").is_some_and(is_empty) {
        let sign = Step::link("empty annotations").sign(resource.declared);
        metadata.remove("annotations", &sign);
    }
}

fn remove_internal(annotations: &mut Mapping, compat: Compat, step: Step) {
    for name in INTERNAL.iter().chain([&HELM_GENERATED]).filter(|name| is_internal(name, compat)) {
        if let Some(place) = annotations.get(name).map(Node::location) {
            annotations.remove(name, &step.sign(place));
        }
    }
}

/// Makes a string of every annotation, whatever was written. Where the metadata stands in brackets, no text is a block.
pub fn make_texts(annotations: &mut Mapping, bracketed: bool, step: Step) {
    for (_, value) in annotations.iter_mut().filter(|(_, value)| !is_plain_text(value)) {
        let text = value.text().unwrap_or_default().to_owned();
        let place = value.location();
        value.set_string(text, &step.sign(place));
        if becomes_block(value) {
            *value = value.restyled(if bracketed { Style::DoubleQuoted } else { Style::Literal });
        }
    }
    if !annotations.has_plain_keys() {
        annotations.unquote_keys();
    }
}
